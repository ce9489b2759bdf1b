from http import HTTPStatus
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings, load_settings


def test_a_bad_value_stops_the_start_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("API_DOCS", "perhaps")

    with pytest.raises(SystemExit) as refused:
        load_settings()

    assert "\n  API_DOCS: Input should be a valid boolean" in str(refused.value)
    assert "perhaps" not in str(refused.value)


def test_api_docs_can_be_switched_off(settings: Settings) -> None:
    with TestClient(create_app(settings.model_copy(update={"api_docs": False}))) as client:
        statuses = [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")]

    assert statuses == [HTTPStatus.NOT_FOUND] * 3
