from app.resources.store import Memory
