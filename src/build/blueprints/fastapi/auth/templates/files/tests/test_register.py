from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from tests.accounts import PASSWORD, get_me, log_in, register


def test_creates_an_active_ordinary_user(client: TestClient) -> None:
    response = register(client, "Ada")

    assert response.status_code == HTTPStatus.CREATED
    body = response.json()
    assert set(body) == {"id", "username", "role", "is_active", "created_at"}
    assert (body["username"], body["role"], body["is_active"]) == ("ada", "user", True)


def test_nobody_chooses_their_own_role(client: TestClient) -> None:
    body = {"username": "mallory", "password": PASSWORD, "role": "admin"}

    assert client.post("/auth/register", json=body).json()["role"] == "user"


def test_a_name_is_taken_whatever_its_case(client: TestClient) -> None:
    register(client, "ada")

    response = register(client, "ADA")

    assert response.status_code == HTTPStatus.CONFLICT
    assert response.json()["detail"] == "This username is taken"


@pytest.mark.parametrize("length", [8, 128])
def test_password_at_its_bounds(client: TestClient, length: int) -> None:
    password = "p" * length

    assert register(client, password=password).status_code == HTTPStatus.CREATED
    assert get_me(client, log_in(client, password=password).access).status_code == HTTPStatus.OK


@pytest.mark.parametrize("length", [7, 129, 1_000_000])
def test_password_out_of_bounds(client: TestClient, length: int) -> None:
    response = register(client, password="p" * length)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.json()["errors"]) == ["body.password"]


@pytest.mark.parametrize("username", ["ab", "a" * 65, "-ada", "ada lovelace", "ada\x00", "ада"])
def test_bad_username(client: TestClient, username: str) -> None:
    response = register(client, username)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.json()["errors"]) == ["body.username"]


def test_a_refused_password_is_not_echoed(client: TestClient) -> None:
    response = register(client, username="!", password="my-secret-password")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "my-secret-password" not in response.text


def test_text_that_is_no_unicode_is_refused(client: TestClient) -> None:
    response = client.post(
        "/auth/register",
        content=rb'{"username": "ada", "password": "\ud800 correct horse"}',
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
