from app.auth.store import LoginSessionStore
from app.users.store import UserStore
