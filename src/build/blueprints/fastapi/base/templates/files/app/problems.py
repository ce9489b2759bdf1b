"""Errors as problem details (RFC 9457), the same shape for every failure."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """The body of every error answer."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: dict[str, str] | None = None
    """For invalid input: the path of each field and what is wrong with it."""


class ProblemError(Exception):
    """A failure that the caller is told about. Subclasses give the status and the text."""

    status: ClassVar[HTTPStatus]
    detail: ClassVar[str]
    headers: ClassVar[dict[str, str]] = {}


def document_problems(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Describes the error answers of a route in the OpenAPI document."""
    schema = Problem.model_json_schema()
    return {
        status.value: {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def answer_problem(
    status: HTTPStatus,
    detail: str,
    *,
    errors: dict[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that tells of a problem."""
    problem = Problem(title=status.phrase, status=status, detail=detail, errors=errors)
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Makes the application answer every error with a problem."""

    @app.exception_handler(ProblemError)
    def on_problem(_: Request, error: ProblemError) -> JSONResponse:
        return answer_problem(error.status, error.detail, headers=error.headers)

    @app.exception_handler(HTTPException)
    def on_http_error(_: Request, error: HTTPException) -> JSONResponse:
        return answer_problem(
            HTTPStatus(error.status_code), str(error.detail), headers=error.headers
        )

    @app.exception_handler(RequestValidationError)
    def on_invalid_input(_: Request, error: RequestValidationError) -> JSONResponse:
        # Only place and message: the input itself may be a password.
        errors = {".".join(map(str, each["loc"])): str(each["msg"]) for each in error.errors()}
        return answer_problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The input is not valid", errors=errors
        )

    @app.exception_handler(Exception)
    def on_unexpected(_: Request, __: Exception) -> JSONResponse:
        # The server logs the exception with its traceback; the caller learns nothing of it.
        return answer_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Unexpected error")
