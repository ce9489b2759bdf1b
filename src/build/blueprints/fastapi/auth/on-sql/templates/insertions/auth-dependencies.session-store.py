def get_login_sessions(session: SessionDep) -> LoginSessionStore:
    """The login sessions, in this request's database session."""
    return LoginSessionStore(session)
