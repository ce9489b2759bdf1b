from app.main import create_app
from app.settings import Settings
