"""The rules of sign-up, login and sessions; knows nothing of HTTP."""

import logging
from datetime import datetime, timezone
from uuid import UUID, uuid4

from app.auth.errors import AccountDisabledError, InvalidCredentialsError, InvalidTokenError
from app.auth.models import LoginSession
from app.auth.passwords import PasswordHasher
from app.auth.schemas import TokenPair
from app.auth.store import LoginSessionStore
from app.auth.tokens import Claims, TokenCodec
from app.users.models import User
from app.users.store import UserStore

logger = logging.getLogger(__name__)


class AuthService:
    """One login is one session; the session holds the id of the only refresh token that counts."""

    def __init__(
        self,
        users: UserStore,
        sessions: LoginSessionStore,
        passwords: PasswordHasher,
        tokens: TokenCodec,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._tokens = tokens

    def register(self, username: str, password: str) -> User:
        """Adds an ordinary user; raises `UsernameTakenError`."""
        user = User(username=username, password_hash=self._passwords.hash(password), role="user")
        return self._users.add(user)

    def log_in(self, username: str, password: str) -> TokenPair:
        """Opens a session."""
        user = self._users.find_by_username(username)
        is_right = self._passwords.matches(password, user.password_hash if user else None)
        if user is None or not is_right:
            raise InvalidCredentialsError
        # Told only to somebody who knows the password.
        if not user.is_active:
            raise AccountDisabledError
        pair, refresh = self._issue_pair(user.id, session_id=uuid4())
        session = LoginSession(
            id=refresh.sid, user_id=user.id, token_id=refresh.jti, expires_at=refresh.exp
        )
        self._sessions.open(session)
        return pair

    def refresh(self, refresh_token: str) -> TokenPair:
        """Changes a refresh token for a new pair; each works once.

        A token that comes a second time was stolen, or its successor was: the session ends for
        both sides, and the owner logs in again.
        """
        old = self._tokens.verify(refresh_token, "refresh")
        self._active_user(old.sub)
        pair, new = self._issue_pair(old.sub, session_id=old.sid)
        if not self._sessions.rotate(old.sid, old=old.jti, new=new.jti, expires_at=new.exp):
            logger.warning("Refresh token used twice: session %s ends", old.sid)
            self._sessions.end(old.sid)
            raise InvalidTokenError
        return pair

    def log_out(self, access_token: str) -> None:
        """Ends the session of this token: its access and refresh tokens are void at once."""
        self._sessions.end(self._tokens.verify(access_token, "access").sid)

    def authenticate(self, access_token: str) -> User:
        """Who this token stands for, as the store knows them now."""
        claims = self._tokens.verify(access_token, "access")
        user = self._active_user(claims.sub)
        if not self._sessions.is_open(claims.sid, user.id):
            raise InvalidTokenError
        return user

    def _active_user(self, user_id: UUID) -> User:
        user = self._users.get(user_id)
        if user is None:
            raise InvalidTokenError
        if not user.is_active:
            raise AccountDisabledError
        return user

    def _issue_pair(self, user_id: UUID, session_id: UUID) -> tuple[TokenPair, Claims]:
        access_token, access = self._tokens.issue("access", user_id, session_id)
        refresh_token, refresh = self._tokens.issue("refresh", user_id, session_id)
        seconds_left = (access.exp - datetime.now(timezone.utc)).total_seconds()
        pair = TokenPair(
            access_token=access_token, refresh_token=refresh_token, expires_in=round(seconds_left)
        )
        return pair, refresh
