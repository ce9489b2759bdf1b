from app.problems import install_problem_handlers
from app.settings import Settings, load_settings
