"""What goes in and out of the authentication routes."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr, StringConstraints

from app.users.schemas import Password, Username


class Registration(BaseModel):
    """A new account."""

    username: Username
    password: Password


class LoginForm(BaseModel):
    """The fields of an OAuth2 password grant (RFC 6749, section 4.3) that this service reads."""

    grant_type: Literal["password"] | None = None
    username: Username
    password: Annotated[SecretStr, Field(max_length=128)]


class RefreshRequest(BaseModel):
    """A refresh token, to be changed for a new pair."""

    refresh_token: Annotated[str, StringConstraints(max_length=4096)]


class TokenPair(BaseModel):
    """An access token for requests, and a refresh token for the next pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = Field(default="bearer")
    expires_in: int
    """Seconds that the access token has left."""
