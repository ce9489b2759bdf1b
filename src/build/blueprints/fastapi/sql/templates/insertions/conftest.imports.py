from app.db import Base, make_engine
