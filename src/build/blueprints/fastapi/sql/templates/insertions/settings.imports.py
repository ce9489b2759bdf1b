from app.db_settings import DatabaseSettings
