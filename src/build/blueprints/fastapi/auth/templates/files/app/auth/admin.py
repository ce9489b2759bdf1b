"""The first administrator."""

from contextlib import suppress

from fastapi import FastAPI

from app.auth.passwords import PasswordHasher
from app.auth.settings import AuthSettings
from app.users.dependencies import open_user_store
from app.users.errors import UsernameTakenError
from app.users.models import User


def ensure_admin(app: FastAPI) -> None:
    """Adds the administrator of the settings where there is none of that name yet."""
    settings: AuthSettings = app.state.settings
    passwords: PasswordHasher = app.state.passwords
    if settings.admin_username is None or settings.admin_password is None:
        return
    with open_user_store(app) as users:
        if users.find_by_username(settings.admin_username) is not None:
            return
        password_hash = passwords.hash(settings.admin_password.get_secret_value())
        # Another process of this service may be starting at the same moment.
        with suppress(UsernameTakenError):
            users.add(
                User(username=settings.admin_username, password_hash=password_hash, role="admin")
            )
