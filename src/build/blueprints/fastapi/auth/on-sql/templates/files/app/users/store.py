"""Users in the database. Each method is one transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.users.errors import UsernameTakenError
from app.users.models import User
from app.users.schemas import Role


class UserStore:
    """Finds and changes users."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, user: User) -> User:
        """Stores a new user; raises `UsernameTakenError`."""
        self._session.add(user)
        try:
            self._session.commit()
        except IntegrityError as error:
            self._session.rollback()
            raise UsernameTakenError from error
        return user

    def get(self, user_id: UUID) -> User | None:
        """The user of this id."""
        return self._session.get(User, user_id)

    def find_by_username(self, username: str) -> User | None:
        """The user of this name."""
        return self._session.scalar(select(User).where(User.username == username))

    def list_page(self, *, limit: int, offset: int) -> list[User]:
        """Users by name."""
        query = select(User).order_by(User.username).limit(limit).offset(offset)
        return list(self._session.scalars(query))

    def change(self, user: User, *, role: Role | None, is_active: bool | None) -> User:
        """Changes what is given."""
        user.role = role or user.role
        user.is_active = user.is_active if is_active is None else is_active
        self._session.commit()
        return user
