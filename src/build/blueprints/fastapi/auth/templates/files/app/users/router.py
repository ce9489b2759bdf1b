"""User administration, for administrators only."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from app.auth.dependencies import AdminUser, LoginSessionStoreDep
from app.problems import document_problems
from app.users.dependencies import UserStoreDep
from app.users.errors import OwnAccountError, UnknownUserError
from app.users.models import User
from app.users.schemas import UserChange, Username, UserOut

router = APIRouter(
    prefix="/users",
    tags=["users"],
    responses=document_problems(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)


@router.get("", response_model=list[UserOut])
def list_users(
    _: AdminUser,
    users: UserStoreDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[User]:
    """All users by name, a page at a time."""
    return users.list_page(limit=limit, offset=offset)


@router.patch(
    "/{username}",
    response_model=UserOut,
    responses=document_problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def change_user(
    username: Username,
    change: UserChange,
    admin: AdminUser,
    users: UserStoreDep,
    sessions: LoginSessionStoreDep,
) -> User:
    """Changes a user's role, or disables the account and ends its sessions."""
    user = users.find_by_username(username)
    if user is None:
        raise UnknownUserError
    if user.id == admin.id:
        raise OwnAccountError
    user = users.change(user, role=change.role, is_active=change.is_active)
    if not user.is_active:
        sessions.end_all(user.id)
    return user
