from app.auth.models import LoginSession as LoginSession
from app.users.models import User as User
