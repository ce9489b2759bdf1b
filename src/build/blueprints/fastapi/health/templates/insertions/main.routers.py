    app.include_router(health_router)
