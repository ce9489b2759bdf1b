    ensure_admin(app)
