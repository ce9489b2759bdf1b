"""Login sessions in memory: everybody is logged out when the process ends."""

from datetime import datetime, timezone
from threading import Lock
from uuid import UUID

from app.auth.models import LoginSession


class LoginSessionStore:
    """Opens, renews and ends sessions; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_id: dict[UUID, LoginSession] = {}

    def open(self, login: LoginSession) -> None:
        """Stores a new session, and drops all expired ones."""
        now = datetime.now(timezone.utc)
        with self._lock:
            self._by_id = {key: each for key, each in self._by_id.items() if each.expires_at > now}
            self._by_id[login.id] = login

    def is_open(self, session_id: UUID, user_id: UUID) -> bool:
        """Whether this user's session has not ended."""
        login = self._by_id.get(session_id)
        return login is not None and login.user_id == user_id

    def rotate(self, session_id: UUID, *, old: UUID, new: UUID, expires_at: datetime) -> bool:
        """Puts `new` in the place of `old`; false where `old` isn't the one that counts."""
        with self._lock:
            login = self._by_id.get(session_id)
            if login is None or login.token_id != old:
                return False
            login.token_id = new
            login.expires_at = expires_at
        return True

    def end(self, session_id: UUID) -> None:
        """Ends one session."""
        with self._lock:
            self._by_id.pop(session_id, None)

    def end_all(self, user_id: UUID) -> None:
        """Ends every session of a user."""
        with self._lock:
            self._by_id = {
                key: each for key, each in self._by_id.items() if each.user_id != user_id
            }
