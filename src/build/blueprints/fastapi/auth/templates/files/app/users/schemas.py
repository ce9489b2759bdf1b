"""What the outside sees of a user, and the rules for names and passwords."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

Role = Literal["admin", "user"]

Username = Annotated[
    str,
    StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$"),
]


def refuse_ill_formed(password: SecretStr) -> SecretStr:
    """Half a surrogate pair (in JSON: `"\\ud800"`) is no text and can't be hashed."""
    try:
        password.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return password


# The upper bound keeps a caller from buying hashing time with megabytes of password.
Password = Annotated[
    SecretStr, Field(min_length=8, max_length=128), AfterValidator(refuse_ill_formed)
]


class UserOut(BaseModel):
    """A user without secrets."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    username: str
    role: Role
    is_active: bool
    created_at: datetime


class UserChange(BaseModel):
    """What an administrator may change; what is left out stays."""

    # A misspelled field must not look like a change that was made.
    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    is_active: bool | None = None
