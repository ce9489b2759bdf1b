  ...healthRoutes,
