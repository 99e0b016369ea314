"""What a process that was killed lets go of by itself a moment later is tried again for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Final

LOOK_S: Final = 0.25


def tries(within_s: float) -> Iterator[None]:
    """Comes once at least, and then every `LOOK_S` for so long."""
    pause = threading.Event()
    yield
    for _ in range(round(within_s / LOOK_S) - 1):
        pause.wait(LOOK_S)
        yield
