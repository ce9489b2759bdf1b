from app.auth.admin import ensure_admin
from app.auth.passwords import PasswordHasher
from app.auth.router import router as auth_router
from app.auth.tokens import TokenCodec
from app.users.router import router as users_router
