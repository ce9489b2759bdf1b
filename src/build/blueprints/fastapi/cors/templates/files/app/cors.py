"""Which web pages may call this service."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import field_validator

from app.environment import EnvironmentSettings


class CorsSettings(EnvironmentSettings):
    """Nobody, until somebody is named."""

    cors_origins: str = ""
    """Origins such as `https://example.com`, separated by commas."""

    @field_validator("cors_origins")
    @classmethod
    def refuse_everybody(cls, text: str) -> str:
        """A list that ends in `*` is no list."""
        if "*" in text:
            raise ValueError("name each origin: * would let every page call in its user's name")
        return text


def allow_origins(app: FastAPI, settings: CorsSettings) -> None:
    """Answers the browsers' questions for the origins of the settings."""
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=600,
    )
