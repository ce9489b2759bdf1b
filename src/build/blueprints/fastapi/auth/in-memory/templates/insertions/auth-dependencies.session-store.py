def get_login_sessions(request: Request) -> LoginSessionStore:
    """The login sessions of this application."""
    sessions: LoginSessionStore = request.app.state.login_sessions
    return sessions
