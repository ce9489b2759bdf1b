    app.state.engine.dispose()
