from http import HTTPStatus

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from tests.accounts import PASSWORD, disable, get_me, post_login, register


def test_gives_a_pair_of_tokens(client: TestClient) -> None:
    register(client)

    response = post_login(client)

    assert response.status_code == HTTPStatus.OK
    body = response.json()
    assert set(body) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 15 * 60)
    assert get_me(client, body["access_token"]).json()["username"] == "ada"


def test_takes_the_form_of_the_api_explorer(client: TestClient) -> None:
    register(client)
    form = {"grant_type": "password", "username": "ada", "password": PASSWORD, "scope": ""}

    assert client.post("/auth/login", data=form).status_code == HTTPStatus.OK


def test_api_explorer_knows_where_to_log_in(client: TestClient) -> None:
    schemes = client.get("/openapi.json").json()["components"]["securitySchemes"]

    assert schemes["OAuth2PasswordBearer"]["flows"]["password"]["tokenUrl"] == "auth/login"


def test_unknown_user_and_wrong_password_get_the_same_answer(client: TestClient) -> None:
    register(client)

    wrong = post_login(client, "ada", "wrong password")
    unknown = post_login(client, "nobody", "wrong password")

    assert wrong.status_code == unknown.status_code == HTTPStatus.UNAUTHORIZED
    assert wrong.json() == unknown.json()
    assert set(wrong.headers) == set(unknown.headers)
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"]
    assert wrong.headers["www-authenticate"] == "Bearer"


def test_unknown_user_costs_a_hash_as_well(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(client)
    verify = PasswordHasher.verify
    hashes: list[str] = []

    def count(hasher: PasswordHasher, digest: str, password: str) -> bool:
        hashes.append(digest)
        return verify(hasher, digest, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    post_login(client, "ada", "wrong password")
    post_login(client, "nobody", "wrong password")

    real, decoy = hashes
    assert real.split("$")[:4] == decoy.split("$")[:4], "same algorithm, same cost"


def test_password_cap_holds_at_login(client: TestClient) -> None:
    response = post_login(client, password="p" * 129)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_disabled_user_is_told_so_only_with_the_right_password(client: TestClient) -> None:
    register(client)
    disable(client)

    assert post_login(client).status_code == HTTPStatus.FORBIDDEN
    assert post_login(client).json()["detail"] == "This account is disabled"
    assert post_login(client, "ada", "wrong password").status_code == HTTPStatus.UNAUTHORIZED
