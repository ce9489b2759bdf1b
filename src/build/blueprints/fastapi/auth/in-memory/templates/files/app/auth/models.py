"""What a login session is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass
class LoginSession:
    """One login: it lives as long as its refresh tokens are renewed, and ends by being deleted."""

    id: UUID
    user_id: UUID
    token_id: UUID
    """The only refresh token of this session that counts."""
    expires_at: datetime
