from app.environment import EnvironmentSettings
