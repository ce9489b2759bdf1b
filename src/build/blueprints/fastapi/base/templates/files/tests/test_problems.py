from http import HTTPStatus
from typing import ClassVar

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.problems import ProblemError, document_problems


def test_unknown_path_is_a_problem(client: TestClient) -> None:
    response = client.get("/nowhere")

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Not Found",
    }


def test_wrong_method_names_the_right_one(client: TestClient) -> None:
    response = client.post("/health/live")

    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert response.headers["allow"] == "GET"
    assert response.json()["title"] == "Method Not Allowed"


def test_invalid_input_names_the_field(app: FastAPI) -> None:
    @app.get("/items/{number}")
    def read_item(number: int) -> int:
        return number

    with TestClient(app) as client:
        response = client.get("/items/seven")

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.json()["errors"]) == ["path.number"]


def test_an_own_problem_is_answered_and_documented(app: FastAPI) -> None:
    class TeapotError(ProblemError):
        status = HTTPStatus.IM_A_TEAPOT
        detail = "Short and stout"
        headers: ClassVar[dict[str, str]] = {"X-Spout": "yes"}

    @app.get("/coffee", responses=document_problems(HTTPStatus.IM_A_TEAPOT))
    def brew() -> None:
        raise TeapotError

    with TestClient(app) as client:
        response = client.get("/coffee")
        documented = client.get("/openapi.json").json()["paths"]["/coffee"]["get"]["responses"]

    assert response.status_code == HTTPStatus.IM_A_TEAPOT
    assert (response.json()["detail"], response.headers["x-spout"]) == ("Short and stout", "yes")
    assert list(documented["418"]["content"]) == ["application/problem+json"]


def test_unexpected_error_tells_the_caller_nothing(app: FastAPI) -> None:
    @app.get("/broken")
    def break_down() -> None:
        raise RuntimeError("internal detail")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/broken")

    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert response.json()["detail"] == "Unexpected error"
    assert "internal detail" not in response.text


def test_openapi_document_describes_every_route(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert {"/health/live", "/health/ready"} <= set(document["paths"])


def test_api_explorer_is_served(client: TestClient) -> None:
    assert client.get("/docs").status_code == HTTPStatus.OK
