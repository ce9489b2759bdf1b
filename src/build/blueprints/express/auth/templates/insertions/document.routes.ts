  ...authRoutes,
  ...usersRoutes,
