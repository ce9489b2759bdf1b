    app.add_middleware(RateLimit, settings=settings)
