"""Secrets at rest: encrypted with the key of the operator, read only where they are used."""

from __future__ import annotations

import base64
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealError(Exception):
    """A secret was sealed with another key than the one that is set."""


def seal(text: str) -> bytes:
    """The secret, encrypted."""
    return _fernet().encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """The secret. SealError if it was sealed with another key."""
    try:
        return _fernet().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise SealError("this secret was sealed with another UPHELD_SECRET_KEY") from None


def key_print() -> str:
    """What tells the key that is set from others, and gives nothing of it away."""
    return sha256(b"upheld print 1\x00" + settings.SECRET_KEY.encode()).hexdigest()


def _fernet() -> Fernet:
    """By a key of its own, which that of sessions does not give away."""
    digest = sha256(b"upheld seal 1\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
