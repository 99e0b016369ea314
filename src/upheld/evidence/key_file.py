"""A private key in a file that nobody else can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from upheld.evidence.keys import KeyTextError, SigningKey

_LONGEST: Final = 1_000


class KeyFileError(Exception):
    """A file of a key cannot be relied on; the message says why and what to do."""


def write_key(path: Path, key: SigningKey) -> None:
    """A new file with the key, for its owner only. FileExistsError rather than lose a key; OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{key.secret_text}\n")
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> SigningKey:
    """The key of a file. KeyFileError if others may read or write it, or it holds no key; OSError."""
    # What is checked is what was opened: a name may mean another file a moment later.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise KeyFileError(f"{path} is not a file")
        if found.st_mode & 0o077:
            raise KeyFileError(f"{path} can be read by others: chmod 600, or better a new key")
        if found.st_uid != os.geteuid():
            raise KeyFileError(f"{path} belongs to another user, who can change it")
        data = file.read(_LONGEST + 1)
    try:
        return SigningKey.of(data.decode("utf-8").removesuffix("\n"))
    except (KeyTextError, UnicodeDecodeError) as fault:
        raise KeyFileError(
            f"{path} holds no key: {fault if isinstance(fault, KeyTextError) else 'it is no text'}"
        ) from None
