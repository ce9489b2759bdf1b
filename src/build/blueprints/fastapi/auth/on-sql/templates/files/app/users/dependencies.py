"""How routes and the start of the service reach users."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import SessionDep
from app.users.store import UserStore


def get_users(session: SessionDep) -> UserStore:
    """The users, in this request's session."""
    return UserStore(session)


UserStoreDep = Annotated[UserStore, Depends(get_users)]


@contextmanager
def open_user_store(app: FastAPI) -> Iterator[UserStore]:
    """The users, in a session of their own, outside a request."""
    with Session(app.state.engine, expire_on_commit=False) as session:
        yield UserStore(session)
