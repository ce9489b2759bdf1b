    app.state.passwords = PasswordHasher(settings)
    app.state.tokens = TokenCodec(settings)
