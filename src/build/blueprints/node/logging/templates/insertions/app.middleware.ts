  app.use(requestLog(logger));
