"""The clock and the dice of the server: the only place where it reads them."""

from __future__ import annotations

import os
import random
import secrets
import time
from pathlib import Path
from typing import Final, Protocol

from upheld.core.timeline.instant import Instant, parse_instant

VARIABLE: Final = "UPHELD_CLOCK"
_NS: Final = 1_000


class Clock(Protocol):
    """What instant it is now."""

    def now(self) -> Instant:
        """Microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> Instant:
        """As the system has it."""
        return time.time_ns() // _NS


class FileClock:
    """A clock that stands at the instant that a file says, until it says another: for scripted time.

    The file is replaced, never written into, so that no half of an instant is read. OSError without it;
    ValueError for a text that is no instant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> Instant:
        """As the file says."""
        return parse_instant(self._path.read_text(encoding="utf-8").strip())


def clock() -> Clock:
    """The clock of this process: a file's, where the environment names one, or the machine's."""
    path = os.environ.get(VARIABLE, "")
    return FileClock(Path(path)) if path else SystemClock()


def random_bytes(count: int) -> bytes:
    """So many random bytes, which nobody can guess."""
    return secrets.token_bytes(count)


def salt() -> bytes:
    """32 random bytes for what personal text is hashed with."""
    return secrets.token_bytes(32)


def draw() -> int:
    """A number from 0 to a million, without the end: spreads what would come back together."""
    return random.randrange(1_000_000)  # noqa: S311  it spreads load and hides nothing
