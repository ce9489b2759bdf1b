"""What can go wrong with users."""

from http import HTTPStatus

from app.problems import ProblemError


class UsernameTakenError(ProblemError):
    """Two users can't share a name."""

    status = HTTPStatus.CONFLICT
    detail = "This username is taken"


class UnknownUserError(ProblemError):
    """An administrator named a user who doesn't exist."""

    status = HTTPStatus.NOT_FOUND
    detail = "There is no such user"


class OwnAccountError(ProblemError):
    """Administrators can't lock themselves out."""

    status = HTTPStatus.CONFLICT
    detail = "You can't change your own role or state"
