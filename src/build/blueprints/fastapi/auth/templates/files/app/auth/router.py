"""Sign-up, login, refresh, logout and the caller's own account."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form

from app.auth.dependencies import AccessToken, AuthServiceDep, CurrentUser
from app.auth.schemas import LoginForm, RefreshRequest, Registration, TokenPair
from app.problems import document_problems
from app.users.models import User
from app.users.schemas import UserOut

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/register",
    status_code=HTTPStatus.CREATED,
    response_model=UserOut,
    responses=document_problems(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def register(registration: Registration, auth: AuthServiceDep) -> User:
    """Creates an account with the role `user`."""
    return auth.register(registration.username, registration.password.get_secret_value())


@router.post(
    "/login",
    responses=document_problems(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
def log_in(form: Annotated[LoginForm, Form()], auth: AuthServiceDep) -> TokenPair:
    """Changes a name and a password for a pair of tokens."""
    return auth.log_in(form.username, form.password.get_secret_value())


@router.post(
    "/refresh",
    responses=document_problems(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
def refresh(body: RefreshRequest, auth: AuthServiceDep) -> TokenPair:
    """Changes a refresh token for a new pair; using one twice ends its session."""
    return auth.refresh(body.refresh_token)


@router.post(
    "/logout",
    status_code=HTTPStatus.NO_CONTENT,
    responses=document_problems(HTTPStatus.UNAUTHORIZED),
)
def log_out(token: AccessToken, auth: AuthServiceDep) -> None:
    """Ends the session: its access and refresh tokens are void at once."""
    auth.log_out(token)


@router.get(
    "/me",
    response_model=UserOut,
    responses=document_problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
def read_me(user: CurrentUser) -> User:
    """The caller's own account."""
    return user
