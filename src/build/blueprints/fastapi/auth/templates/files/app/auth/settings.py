"""Settings of authentication."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator
from typing_extensions import Self

from app import SERVICE_NAME
from app.environment import EnvironmentSettings
from app.users.schemas import Password, Username

MIN_SECRET_BYTES = 32
MIN_DISTINCT_CHARACTERS = 8


def refuse_weak_secret(secret: SecretStr) -> SecretStr:
    """Whoever guesses the key signs tokens (for its length: RFC 7518, section 3.2)."""
    value = secret.get_secret_value()
    if len(value.encode()) < MIN_SECRET_BYTES:
        raise ValueError(f"must be at least {MIN_SECRET_BYTES} bytes long")
    if len(set(value)) < MIN_DISTINCT_CHARACTERS:
        raise ValueError("is too easy to guess: make a random one")
    return secret


class AuthSettings(EnvironmentSettings):
    """Keys, lifetimes and the cost of a password hash."""

    jwt_secret: Annotated[SecretStr, AfterValidator(refuse_weak_secret)]
    jwt_issuer: str = SERVICE_NAME
    access_token_minutes: int = Field(default=15, ge=1, le=24 * 60)
    refresh_token_days: int = Field(default=14, ge=1, le=365)

    # argon2id as the OWASP password storage cheat sheet recommends it.
    argon2_time_cost: int = Field(default=2, ge=1)
    argon2_memory_kib: int = Field(default=19_456, ge=8)

    admin_username: Username | None = None
    admin_password: Password | None = None

    @model_validator(mode="after")
    def admin_needs_both(self) -> Self:
        """Half an administrator is a mistake."""
        if (self.admin_username is None) != (self.admin_password is None):
            raise ValueError("ADMIN_USERNAME and ADMIN_PASSWORD go together")
        return self
