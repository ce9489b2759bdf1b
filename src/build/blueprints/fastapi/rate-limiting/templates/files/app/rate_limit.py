"""How often one caller may ask."""

import time
from collections.abc import Callable
from http import HTTPStatus
from math import ceil

from pydantic import Field
from starlette.types import ASGIApp, Receive, Scope, Send

from app.environment import EnvironmentSettings
from app.problems import answer_problem

WINDOW_SECONDS = 60
MAX_CALLERS = 10_000
FREE_PATHS = "/health/"
"""Probes that are turned away would restart a healthy service."""


class RateLimitSettings(EnvironmentSettings):
    """The limit of each process of the service."""

    rate_limit_per_minute: int = Field(default=120, ge=1)


class RateLimit:
    """Counts requests by address in windows of a minute, and answers 429 beyond the limit."""

    def __init__(
        self,
        app: ASGIApp,
        settings: RateLimitSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._limit = settings.rate_limit_per_minute
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._window_ends = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(FREE_PATHS):
            await self._app(scope, receive, send)
            return
        wait = self._count(scope["client"][0] if scope["client"] else "unknown")
        if wait is None:
            await self._app(scope, receive, send)
            return
        headers = {"Retry-After": str(wait)}
        refusal = answer_problem(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests", headers=headers)
        await refusal(scope, receive, send)

    def _count(self, caller: str) -> int | None:
        """Seconds to wait for the next window; nothing where the limit isn't reached."""
        now = self._clock()
        if now >= self._window_ends or len(self._counts) >= MAX_CALLERS:
            self._counts.clear()
            self._window_ends = now + WINDOW_SECONDS
        count = self._counts.get(caller, 0) + 1
        self._counts[caller] = count
        return ceil(self._window_ends - now) if count > self._limit else None
