    app.add_middleware(RequestLog)
