"""How routes and the start of the service reach users."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from app.users.store import UserStore


def get_users(request: Request) -> UserStore:
    """The users of this application."""
    users: UserStore = request.app.state.users
    return users


UserStoreDep = Annotated[UserStore, Depends(get_users)]


@contextmanager
def open_user_store(app: FastAPI) -> Iterator[UserStore]:
    """The users, outside a request."""
    yield app.state.users
