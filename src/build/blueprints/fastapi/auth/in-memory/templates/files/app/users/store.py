"""Users in memory: they are gone when the process ends."""

from threading import Lock
from uuid import UUID

from app.users.errors import UsernameTakenError
from app.users.models import User
from app.users.schemas import Role


class UserStore:
    """Finds and changes users; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_id: dict[UUID, User] = {}
        self._by_username: dict[str, User] = {}

    def add(self, user: User) -> User:
        """Stores a new user; raises `UsernameTakenError`."""
        with self._lock:
            if user.username in self._by_username:
                raise UsernameTakenError
            self._by_id[user.id] = user
            self._by_username[user.username] = user
        return user

    def get(self, user_id: UUID) -> User | None:
        """The user of this id."""
        return self._by_id.get(user_id)

    def find_by_username(self, username: str) -> User | None:
        """The user of this name."""
        return self._by_username.get(username)

    def list_page(self, *, limit: int, offset: int) -> list[User]:
        """Users by name."""
        with self._lock:
            names = sorted(self._by_username)[offset : offset + limit]
            return [self._by_username[name] for name in names]

    def change(self, user: User, *, role: Role | None, is_active: bool | None) -> User:
        """Changes what is given."""
        with self._lock:
            user.role = role or user.role
            user.is_active = user.is_active if is_active is None else is_active
        return user
