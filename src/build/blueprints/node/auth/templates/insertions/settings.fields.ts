  ...authSettings,
