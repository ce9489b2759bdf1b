"""Signed tokens (JWT)."""

from datetime import datetime, timedelta, timezone
from typing import Literal
from uuid import UUID, uuid4

import jwt
from pydantic import BaseModel, ValidationError

from app.auth.errors import InvalidTokenError
from app.auth.settings import AuthSettings

ALGORITHM = "HS256"

TokenUse = Literal["access", "refresh"]


class Claims(BaseModel):
    """What a token says once its signature holds."""

    sub: UUID
    """The user."""
    sid: UUID
    """The login session."""
    jti: UUID
    """The token itself."""
    use: TokenUse
    exp: datetime


class TokenCodec:
    """Issues and verifies tokens under one key, one issuer and one algorithm."""

    def __init__(self, settings: AuthSettings) -> None:
        self._key = settings.jwt_secret.get_secret_value()
        self._issuer = settings.jwt_issuer
        self._lifetimes: dict[TokenUse, timedelta] = {
            "access": timedelta(minutes=settings.access_token_minutes),
            "refresh": timedelta(days=settings.refresh_token_days),
        }

    def issue(self, use: TokenUse, user_id: UUID, session_id: UUID) -> tuple[str, Claims]:
        """Makes a token with an id of its own."""
        now = datetime.now(timezone.utc)
        claims = Claims(
            sub=user_id, sid=session_id, jti=uuid4(), use=use, exp=now + self._lifetimes[use]
        )
        payload = {
            "iss": self._issuer,
            "sub": str(claims.sub),
            "sid": str(claims.sid),
            "jti": str(claims.jti),
            "use": claims.use,
            "iat": now,
            "exp": claims.exp,
        }
        return jwt.encode(payload, self._key, ALGORITHM), claims

    def verify(self, token: str, use: TokenUse) -> Claims:
        """Checks all that can be checked without a store; raises `InvalidTokenError`."""
        try:
            payload = jwt.decode(
                token,
                self._key,
                # Pinned: the token's own header must not choose how it is verified.
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                options={"require": ["iss", "sub", "sid", "jti", "use", "iat", "exp"]},
            )
            claims = Claims.model_validate(payload)
        except (jwt.InvalidTokenError, ValidationError, RecursionError) as error:
            # RecursionError: a header of nested brackets reaches the JSON parser unverified.
            raise InvalidTokenError from error
        if claims.use != use:
            raise InvalidTokenError
        return claims
