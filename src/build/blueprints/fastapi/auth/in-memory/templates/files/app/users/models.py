"""What a user is."""

from dataclasses import dataclass, field
from datetime import datetime, timezone
from uuid import UUID, uuid4

from app.users.schemas import Role


@dataclass
class User:
    """Somebody who may log in."""

    username: str
    password_hash: str
    role: Role
    is_active: bool = True
    id: UUID = field(default_factory=uuid4)
    created_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
