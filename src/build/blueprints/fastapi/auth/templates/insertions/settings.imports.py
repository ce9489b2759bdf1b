from app.auth.settings import AuthSettings
