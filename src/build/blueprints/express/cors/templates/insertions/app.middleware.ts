  app.use(cors({ origin: settings.CORS_ORIGINS }));
