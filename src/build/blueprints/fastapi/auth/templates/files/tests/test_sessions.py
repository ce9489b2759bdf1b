from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from uuid import UUID

import jwt
import pytest
from fastapi.testclient import TestClient

from app.auth.tokens import TokenCodec
from app.settings import Settings
from tests.accounts import bearer, disable, get_me, log_in, refresh, sign_up


def test_refresh_gives_a_new_pair(client: TestClient) -> None:
    tokens = sign_up(client)

    response = refresh(client, tokens.refresh)

    assert response.status_code == HTTPStatus.OK
    body = response.json()
    assert body["refresh_token"] != tokens.refresh
    assert get_me(client, body["access_token"]).status_code == HTTPStatus.OK


def test_refresh_goes_on_and_on(client: TestClient) -> None:
    token = sign_up(client).refresh

    for _ in range(3):
        response = refresh(client, token)
        assert response.status_code == HTTPStatus.OK
        token = response.json()["refresh_token"]


def test_a_refresh_token_used_twice_ends_its_session(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    stolen = sign_up(client).refresh
    successor = refresh(client, stolen).json()

    assert refresh(client, stolen).status_code == HTTPStatus.UNAUTHORIZED
    assert refresh(client, successor["refresh_token"]).status_code == HTTPStatus.UNAUTHORIZED
    assert get_me(client, successor["access_token"]).status_code == HTTPStatus.UNAUTHORIZED
    assert "Refresh token used twice" in caplog.text
    assert stolen not in caplog.text


def test_other_sessions_of_the_user_outlive_a_theft(client: TestClient) -> None:
    stolen = sign_up(client).refresh
    other = log_in(client)
    refresh(client, stolen)
    refresh(client, stolen)

    assert refresh(client, other.refresh).status_code == HTTPStatus.OK


def test_an_access_token_is_no_refresh_token(client: TestClient) -> None:
    tokens = sign_up(client)

    assert refresh(client, tokens.access).status_code == HTTPStatus.UNAUTHORIZED
    assert refresh(client, tokens.refresh).status_code == HTTPStatus.OK


def test_an_expired_refresh_token(client: TestClient, settings: Settings) -> None:
    claims = jwt.decode(sign_up(client).refresh, options={"verify_signature": False})
    claims["exp"] = datetime.now(timezone.utc) - timedelta(seconds=1)
    expired = jwt.encode(claims, settings.jwt_secret.get_secret_value(), "HS256")

    assert refresh(client, expired).status_code == HTTPStatus.UNAUTHORIZED


def test_a_disabled_user_gets_no_new_tokens(client: TestClient) -> None:
    tokens = sign_up(client)
    disable(client)

    assert refresh(client, tokens.refresh).status_code == HTTPStatus.FORBIDDEN


def test_an_overlong_refresh_token(client: TestClient) -> None:
    assert refresh(client, "x" * 4097).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_refresh_token_that_is_no_unicode(client: TestClient) -> None:
    response = client.post(
        "/auth/refresh",
        content=rb'{"refresh_token": "\ud800"}',
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_logout_voids_the_sessions_tokens(client: TestClient) -> None:
    tokens = sign_up(client)

    response = client.post("/auth/logout", headers=tokens.headers)

    assert (response.status_code, response.content) == (HTTPStatus.NO_CONTENT, b"")
    assert get_me(client, tokens.access).status_code == HTTPStatus.UNAUTHORIZED
    assert refresh(client, tokens.refresh).status_code == HTTPStatus.UNAUTHORIZED


def test_logout_leaves_other_sessions_alone(client: TestClient) -> None:
    tokens = sign_up(client)
    other = log_in(client)
    client.post("/auth/logout", headers=tokens.headers)

    assert get_me(client, other.access).status_code == HTTPStatus.OK


def test_logout_needs_a_token(client: TestClient) -> None:
    assert client.post("/auth/logout").status_code == HTTPStatus.UNAUTHORIZED
    assert client.post("/auth/logout", headers=bearer("x")).status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_lives_as_long_as_the_settings_say(settings: Settings) -> None:
    now = datetime.now(timezone.utc)

    _, claims = TokenCodec(settings).issue("refresh", user_id=UUID(int=1), session_id=UUID(int=2))

    assert timedelta(days=14) <= claims.exp - now < timedelta(days=14, minutes=1)
