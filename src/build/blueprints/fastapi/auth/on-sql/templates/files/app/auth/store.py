"""Login sessions in the database. Each method is one transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.auth.models import LoginSession
from app.db import utc_now


class LoginSessionStore:
    """Opens, renews and ends sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, login: LoginSession) -> None:
        """Stores a new session, and drops the same user's expired ones."""
        self._session.execute(
            delete(LoginSession).where(
                LoginSession.user_id == login.user_id, LoginSession.expires_at <= utc_now()
            )
        )
        self._session.add(login)
        self._session.commit()

    def is_open(self, session_id: UUID, user_id: UUID) -> bool:
        """Whether this user's session has not ended."""
        query = select(LoginSession.id).where(
            LoginSession.id == session_id, LoginSession.user_id == user_id
        )
        return self._session.scalar(query) is not None

    def rotate(self, session_id: UUID, *, old: UUID, new: UUID, expires_at: datetime) -> bool:
        """Puts `new` in the place of `old`; false where `old` isn't the one that counts.

        One conditional statement, so that of two requests at the same moment only one wins.
        """
        rotated = self._session.scalar(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.token_id == old)
            .values(token_id=new, expires_at=expires_at)
            .returning(LoginSession.id)
        )
        self._session.commit()
        return rotated is not None

    def end(self, session_id: UUID) -> None:
        """Ends one session."""
        self._session.execute(delete(LoginSession).where(LoginSession.id == session_id))
        self._session.commit()

    def end_all(self, user_id: UUID) -> None:
        """Ends every session of a user."""
        self._session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))
        self._session.commit()
