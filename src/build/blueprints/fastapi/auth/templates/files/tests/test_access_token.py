import base64
import json
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient

from app.settings import Settings
from tests.accounts import bearer, disable, get_me, sign_up

OTHER_KEY = "another key of more than thirty-two bytes"


def read(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def sign(claims: dict[str, Any], settings: Settings, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, settings.jwt_secret.get_secret_value(), algorithm)


def encode_part(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def assert_refused(client: TestClient, token: str) -> None:
    response = get_me(client, token)

    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["detail"] == "The token is not valid"


def test_a_valid_token_shows_the_caller(client: TestClient) -> None:
    response = get_me(client, sign_up(client).access)

    assert response.status_code == HTTPStatus.OK
    assert response.json()["username"] == "ada"


def test_no_token(client: TestClient) -> None:
    response = client.get("/auth/me")

    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("token", [b"", b"x", b"a.b.c", b"\xff", b"[" * 20_000])
def test_nonsense(client: TestClient, token: bytes) -> None:
    response = client.get("/auth/me", headers={b"Authorization": b"Bearer " + token})

    assert response.status_code == HTTPStatus.UNAUTHORIZED


def test_a_header_of_nested_brackets(client: TestClient) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 20_000).rstrip(b"=").decode()

    assert_refused(client, f"{header}.e30.e30")


def test_expired(client: TestClient, settings: Settings) -> None:
    past = datetime.now(timezone.utc) - timedelta(seconds=1)

    assert_refused(client, sign(read(sign_up(client).access) | {"exp": past}, settings))


def test_signed_with_another_key(client: TestClient) -> None:
    claims = read(sign_up(client).access)

    assert_refused(client, jwt.encode(claims, OTHER_KEY, "HS256"))


def test_changed_after_signing(client: TestClient) -> None:
    header, _, signature = (token := sign_up(client).access).split(".")
    claims = read(token) | {"sub": str(uuid4())}

    assert_refused(client, f"{header}.{encode_part(claims)}.{signature}")


@pytest.mark.parametrize("name", ["none", "None", "NONE"])
def test_algorithm_none(client: TestClient, name: str) -> None:
    claims = read(sign_up(client).access)

    assert_refused(client, f"{encode_part({'alg': name})}.{encode_part(claims)}.")


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_another_algorithm_with_the_right_key(client: TestClient, settings: Settings) -> None:
    assert_refused(client, sign(read(sign_up(client).access), settings, "HS512"))


@pytest.mark.parametrize("claim", ["iss", "sub", "sid", "jti", "use", "iat", "exp"])
def test_a_claim_is_missing(client: TestClient, settings: Settings, claim: str) -> None:
    claims = read(sign_up(client).access)
    del claims[claim]

    assert_refused(client, sign(claims, settings))


@pytest.mark.parametrize(
    "change",
    [{"iss": "somebody else"}, {"sub": "no-uuid"}, {"sub": str(uuid4())}, {"sid": str(uuid4())}],
)
def test_a_claim_is_wrong(client: TestClient, settings: Settings, change: dict[str, str]) -> None:
    assert_refused(client, sign(read(sign_up(client).access) | change, settings))


def test_one_users_session_does_not_serve_another(client: TestClient, settings: Settings) -> None:
    ada, eve = read(sign_up(client, "ada").access), read(sign_up(client, "eve").access)

    assert_refused(client, sign(eve | {"sub": ada["sub"]}, settings))


def test_a_refresh_token_is_no_access_token(client: TestClient) -> None:
    assert_refused(client, sign_up(client).refresh)


def test_disabling_holds_at_once(client: TestClient) -> None:
    tokens = sign_up(client)
    disable(client)

    response = client.get("/auth/me", headers=bearer(tokens.access))

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert response.json()["detail"] == "This account is disabled"
