  app.enableCors({ origin: settings.CORS_ORIGINS });
