    app.state.users = UserStore()
    app.state.login_sessions = LoginSessionStore()
