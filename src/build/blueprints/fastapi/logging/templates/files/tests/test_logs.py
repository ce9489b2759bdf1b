import io
import json
import logging
import re
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.logs import JsonFormatter, LogSettings, configure_logging


@pytest.fixture
def lines(app: FastAPI) -> io.StringIO:
    """What the application logs from here on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("app").handlers = [handler]
    return stream


def test_a_request_is_logged_with_the_id_of_its_answer(
    client: TestClient, lines: io.StringIO
) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": "abc-1"})

    [line] = [json.loads(each) for each in lines.getvalue().splitlines()]
    assert response.headers["x-request-id"] == line["request_id"] == "abc-1"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", 404)
    assert line["level"] == "INFO"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65])
def test_an_id_that_could_forge_lines_is_replaced(client: TestClient, given: str) -> None:
    response = client.get("/health/live", headers={"X-Request-ID": given})

    assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["x-request-id"])


def test_a_failure_is_logged_as_one(app: FastAPI, lines: io.StringIO) -> None:
    @app.get("/broken")
    def break_down() -> None:
        raise RuntimeError("internal detail")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/broken")

    last = json.loads(lines.getvalue().splitlines()[-1])
    assert response.status_code == last["status"] == HTTPStatus.INTERNAL_SERVER_ERROR


def test_an_exception_is_part_of_its_line(lines: io.StringIO) -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        logging.getLogger("app.anything").exception("It failed")

    line = json.loads(lines.getvalue())
    assert (line["message"], line["request_id"]) == ("It failed", None)
    assert "ValueError: wrong" in line["exception"]


def test_the_level_is_a_setting() -> None:
    configure_logging(LogSettings(_env_file=None, log_level="ERROR"))

    assert not logging.getLogger("app.anything").isEnabledFor(logging.WARNING)
