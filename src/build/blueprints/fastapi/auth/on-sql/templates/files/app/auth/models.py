"""The table of login sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UtcDateTime


class LoginSession(Base):
    """One login: it lives as long as its refresh tokens are renewed, and ends by being deleted."""

    __tablename__ = "login_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_id: Mapped[UUID]
    """The only refresh token of this session that counts."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
