    allow_origins(app, settings)
