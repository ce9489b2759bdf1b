import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.cors import CorsSettings
from app.main import create_app
from app.settings import Settings

ORIGIN = "https://example.com"


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.test", None)])
def test_only_a_named_origin_may_call(settings: Settings, origin: str, allowed: str | None) -> None:
    listed = settings.model_copy(update={"cors_origins": f"https://other.test, {ORIGIN}"})
    question = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}

    with TestClient(create_app(listed)) as client:
        asked = client.options("/health/live", headers=question)
        answered = client.get("/health/live", headers={"Origin": origin})

    assert asked.headers.get("access-control-allow-origin") == allowed
    assert answered.headers.get("access-control-allow-origin") == allowed


def test_nobody_may_call_unless_named(client: TestClient) -> None:
    answered = client.get("/health/live", headers={"Origin": ORIGIN})

    assert "access-control-allow-origin" not in answered.headers


def test_everybody_is_no_origin() -> None:
    with pytest.raises(ValidationError, match="name each origin"):
        CorsSettings(_env_file=None, cors_origins="*")
