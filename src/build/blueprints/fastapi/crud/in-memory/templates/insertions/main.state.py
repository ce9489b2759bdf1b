    app.state.memory = Memory()
