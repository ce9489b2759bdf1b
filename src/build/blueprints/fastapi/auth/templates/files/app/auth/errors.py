"""Why a caller is turned away."""

from http import HTTPStatus
from typing import ClassVar

from app.problems import ProblemError


class InvalidCredentialsError(ProblemError):
    """The same for an unknown user and a wrong password."""

    status = HTTPStatus.UNAUTHORIZED
    detail = "Wrong username or password"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class InvalidTokenError(ProblemError):
    """Expired, forged, of the wrong kind, or of a session that has ended."""

    status = HTTPStatus.UNAUTHORIZED
    detail = "The token is not valid"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class AccountDisabledError(ProblemError):
    """The caller is known, and shut out."""

    status = HTTPStatus.FORBIDDEN
    detail = "This account is disabled"


class MissingRoleError(ProblemError):
    """The caller is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN
    detail = "Your role doesn't allow this"
