  app.use('/auth', authRouter(auth));
  app.use('/users', usersRouter(new UserService(users, sessions), auth));
