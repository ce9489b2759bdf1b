"""Password hashes."""

import secrets

import argon2

from app.auth.settings import AuthSettings


class PasswordHasher:
    """Hashes with argon2id; every hash bears its own salt and cost."""

    def __init__(self, settings: AuthSettings) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=settings.argon2_time_cost,
            memory_cost=settings.argon2_memory_kib,
            parallelism=1,
        )
        self._decoy = self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """The hash to store."""
        return self._argon2.hash(password)

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is right.

        Without a hash (there is no such user) it is checked against a decoy, so that the answer
        takes as long and tells nothing about who exists.
        """
        try:
            self._argon2.verify(password_hash or self._decoy, password)
        except argon2.exceptions.VerifyMismatchError:
            return False
        return password_hash is not None
