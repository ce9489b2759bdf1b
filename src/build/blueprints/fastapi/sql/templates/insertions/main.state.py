    app.state.engine = make_engine(settings.database_url)
