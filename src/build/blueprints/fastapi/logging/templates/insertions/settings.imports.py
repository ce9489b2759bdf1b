from app.logs import LogSettings
