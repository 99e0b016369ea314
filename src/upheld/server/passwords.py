"""What is repeated in a password counts once: `passwordpassword` is long, and guessed as soon as its half."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError


class NoRepetition:
    """A password does not repeat what is shorter than a password has to be."""

    def __init__(self, min_length: int) -> None:
        self._least = min_length

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """ValidationError for one that does, whole or up to somewhere in the last turn."""
        text = password.casefold()
        for length in range(1, min(self._least, len(text) // 2 + 1)):
            if text[length:] == text[:-length]:
                raise ValidationError(self.get_help_text(), code="password_repeats")

    def get_help_text(self) -> str:
        """The rule."""
        return f"Your password can't repeat less than {self._least} characters over and over."
