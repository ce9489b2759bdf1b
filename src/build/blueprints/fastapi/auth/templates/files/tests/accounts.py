"""Callers for the tests."""

from dataclasses import dataclass

from fastapi.testclient import TestClient
from httpx2 import Response

PASSWORD = "correct horse battery"
ADMIN_PASSWORD = "the first administrator"


@dataclass
class Tokens:
    access: str
    refresh: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.access)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def register(client: TestClient, username: str = "ada", password: str = PASSWORD) -> Response:
    return client.post("/auth/register", json={"username": username, "password": password})


def post_login(client: TestClient, username: str = "ada", password: str = PASSWORD) -> Response:
    return client.post("/auth/login", data={"username": username, "password": password})


def log_in(client: TestClient, username: str = "ada", password: str = PASSWORD) -> Tokens:
    body = post_login(client, username, password).json()
    return Tokens(access=body["access_token"], refresh=body["refresh_token"])


def sign_up(client: TestClient, username: str = "ada") -> Tokens:
    """Registers and logs in."""
    register(client, username)
    return log_in(client, username)


def log_in_as_admin(client: TestClient) -> Tokens:
    return log_in(client, "root", ADMIN_PASSWORD)


def refresh(client: TestClient, token: str) -> Response:
    return client.post("/auth/refresh", json={"refresh_token": token})


def get_me(client: TestClient, token: str) -> Response:
    return client.get("/auth/me", headers=bearer(token))


def disable(client: TestClient, username: str = "ada") -> None:
    headers = log_in_as_admin(client).headers
    client.patch(f"/users/{username}", json={"is_active": False}, headers=headers)
