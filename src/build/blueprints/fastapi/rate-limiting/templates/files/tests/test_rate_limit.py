from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import rate_limit
from app.rate_limit import RateLimit, RateLimitSettings


class Clock:
    """Goes only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(clock: Clock) -> RateLimit:
    """An application that takes two requests a minute."""
    settings = RateLimitSettings(_env_file=None, rate_limit_per_minute=2)
    app = FastAPI()

    @app.get("/{path:path}")
    def answer(path: str) -> str:
        return path

    return RateLimit(app, settings, clock)


def statuses(app: RateLimit, *, count: int, caller: str = "one", path: str = "/") -> list[int]:
    client = TestClient(app, client=(caller, 1))
    return [client.get(path).status_code for _ in range(count)]


def test_what_is_too_often_waits_for_the_next_minute(limited: RateLimit, clock: Clock) -> None:
    assert statuses(limited, count=3) == [200, 200, 429]
    clock.now += 60
    assert statuses(limited, count=1) == [200]


def test_the_refusal_says_when_to_come_again(limited: RateLimit, clock: Clock) -> None:
    statuses(limited, count=2)
    clock.now += 14.5

    refusal = TestClient(limited, client=("one", 1)).get("/")

    assert refusal.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert refusal.headers["retry-after"] == "46"
    assert refusal.headers["content-type"] == "application/problem+json"


def test_each_caller_has_a_limit_of_its_own(limited: RateLimit) -> None:
    assert statuses(limited, count=3) == [200, 200, 429]
    assert statuses(limited, count=1, caller="two") == [200]


def test_probes_are_not_counted(limited: RateLimit) -> None:
    assert statuses(limited, count=5, path="/health/live") == [200] * 5


def test_many_callers_take_no_more_memory(
    limited: RateLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MAX_CALLERS", 2)

    assert [statuses(limited, count=1, caller=str(number)) for number in range(4)] == [[200]] * 4


def test_the_service_has_the_limit(client: TestClient) -> None:
    assert client.get("/nowhere").status_code == HTTPStatus.NOT_FOUND
