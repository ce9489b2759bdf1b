"""What generated projects import: checked once, so that a build's own type check finds these packages in the cache."""

import alembic.command
import alembic.config
import argon2
import fastapi
import fastapi.security
import fastapi.testclient
import jwt
import pydantic_settings
import pytest
import sqlalchemy.exc
import sqlalchemy.orm
