from app.db import make_engine
