"""How much each provider may ask of this process: who asks more waits, and holds up nobody else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Final

from upheld.core.timeline.instant import SECOND, Instant
from upheld.server.channels import SettingError, ticks

VARIABLE: Final = "UPHELD_RATE"
USUAL: Final = 100
MOST: Final = 100_000
BURST: Final = 10
"""So many seconds of its share may a provider ask at once."""


class Rate:
    """A share of so many requests a second for each key, and bursts of `BURST` times that."""

    def __init__(self, per_s: int, now: Callable[[], Instant] = ticks) -> None:
        self._each = SECOND // per_s
        self._now = now
        self._full = BURST * SECOND
        self._used_until: dict[int, Instant] = {}
        self._lock = threading.Lock()

    def __call__(self, key: int) -> int:
        """Counts a request; for how many seconds it has to wait, and is not counted then. 0: it may be."""
        with self._lock:
            now = self._now()
            until = max(self._used_until.get(key, now), now) + self._each
            late = until - now - self._full
            if late > 0:
                return -(-late // SECOND)
            self._used_until[key] = until
            return 0


def rate(environment: Mapping[str, str] = os.environ) -> Rate:
    """As the environment sets it. SettingError."""
    told = environment.get(VARIABLE, "") or str(USUAL)
    if not (told.isascii() and told.isdigit() and 0 < int(told) <= MOST):
        rule = f"how many requests a second a provider may send, from 1 to {MOST:,}"
        raise SettingError(f"{VARIABLE}: write {rule}")
    return Rate(int(told))
