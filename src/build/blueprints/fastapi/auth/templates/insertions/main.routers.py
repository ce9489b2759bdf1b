    app.include_router(auth_router)
    app.include_router(users_router)
