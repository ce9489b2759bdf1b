from app.db import Base, make_engine
from app.db_settings import DatabaseSettings
