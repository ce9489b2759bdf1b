from app.db import Base, UtcDateTime, make_engine
from app.db_settings import DatabaseSettings
