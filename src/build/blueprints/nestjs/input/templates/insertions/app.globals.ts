  app.useGlobalPipes(new SchemaPipe());
