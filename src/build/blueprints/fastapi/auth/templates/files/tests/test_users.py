from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from tests.accounts import get_me, log_in, log_in_as_admin, post_login, refresh, register, sign_up


def test_an_administrator_lists_users_by_name_and_page(client: TestClient) -> None:
    for username in ("eve", "ada"):
        register(client, username)
    headers = log_in_as_admin(client).headers

    users = client.get("/users", headers=headers).json()
    page = client.get("/users", params={"limit": 1, "offset": 1}, headers=headers).json()

    assert [user["username"] for user in users] == ["ada", "eve", "root"]
    assert page == users[1:2]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}])
def test_a_page_out_of_bounds(client: TestClient, query: dict[str, int]) -> None:
    response = client.get("/users", params=query, headers=log_in_as_admin(client).headers)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_ordinary_user_may_not(client: TestClient) -> None:
    headers = sign_up(client).headers

    listing = client.get("/users", headers=headers)
    change = client.patch("/users/ada", json={"role": "admin"}, headers=headers)

    assert listing.status_code == change.status_code == HTTPStatus.FORBIDDEN
    assert listing.json()["detail"] == "Your role doesn't allow this"


def test_a_stranger_may_not(client: TestClient) -> None:
    assert client.get("/users").status_code == HTTPStatus.UNAUTHORIZED
    assert client.patch("/users/ada", json={}).status_code == HTTPStatus.UNAUTHORIZED


def test_a_new_role_holds_at_once(client: TestClient) -> None:
    ada = sign_up(client)
    admin = log_in_as_admin(client)

    response = client.patch("/users/ada", json={"role": "admin"}, headers=admin.headers)

    assert response.status_code == HTTPStatus.OK
    assert response.json()["role"] == "admin"
    assert client.get("/users", headers=ada.headers).status_code == HTTPStatus.OK


def test_sessions_from_before_stay_ended_when_a_user_is_enabled_again(client: TestClient) -> None:
    tokens = sign_up(client)
    headers = log_in_as_admin(client).headers

    client.patch("/users/ada", json={"is_active": False}, headers=headers)
    assert post_login(client).status_code == HTTPStatus.FORBIDDEN
    client.patch("/users/ada", json={"is_active": True}, headers=headers)

    assert get_me(client, tokens.access).status_code == HTTPStatus.UNAUTHORIZED
    assert refresh(client, tokens.refresh).status_code == HTTPStatus.UNAUTHORIZED
    assert get_me(client, log_in(client).access).status_code == HTTPStatus.OK


def test_administrators_can_not_lock_themselves_out(client: TestClient) -> None:
    headers = log_in_as_admin(client).headers

    response = client.patch("/users/root", json={"is_active": False}, headers=headers)

    assert response.status_code == HTTPStatus.CONFLICT
    assert client.get("/users", headers=headers).status_code == HTTPStatus.OK


def test_an_unknown_user_can_not_be_changed(client: TestClient) -> None:
    headers = log_in_as_admin(client).headers

    response = client.patch("/users/nobody", json={}, headers=headers)

    assert response.status_code == HTTPStatus.NOT_FOUND
