"""Requests that the tests of several resources make."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

NOBODY = UUID(int=0)
"""An id that nothing has."""


def post(api: TestClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Creates something; the test fails where that is refused."""
    response = api.post(path, json=body)
    assert response.status_code == HTTPStatus.CREATED, response.text
    created: dict[str, Any] = response.json()
    return created


def get_page(api: TestClient, path: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401
    """A page of a list; the test fails where that is refused."""
    response = api.get(path, params=params)
    assert response.status_code == HTTPStatus.OK, response.text
    page: dict[str, Any] = response.json()
    return page


def ids_of(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["items"]]
