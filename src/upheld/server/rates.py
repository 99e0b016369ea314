"""How much each provider and customer may ask of this process: who asks more waits, and nobody else does."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.server.channels import SettingError, ticks

VARIABLE: Final = "UPHELD_RATE"
USUAL: Final = 100
MOST: Final = 100_000
BURST: Final = 10
"""So many seconds of its share may anybody ask at once."""
OF_CUSTOMER: Final = 2
"""One of so many parts of its provider's share is that of a customer, with all of its tokens and people."""
_Key: TypeAlias = tuple[int, int | None]
"""A provider, and one of its customers or None for all of it."""


class Rate:
    """A share of so many requests a second for each provider, and bursts of `BURST` times that.

    A customer has a part of its provider's share, and by itself keeps out neither that one nor another.
    """

    def __init__(self, per_s: int, now: Callable[[], Instant] = ticks) -> None:
        self._each = SECOND // per_s
        self._now = now
        self._full = BURST * SECOND
        self._used_until: dict[_Key, Instant] = {}
        self._lock = threading.Lock()

    def __call__(self, provider_id: int, customer_id: int | None = None) -> int:
        """Counts a request; for how many seconds it has to wait, and is not counted then. 0: it may be."""
        shares: dict[_Key, Duration] = {(provider_id, None): self._each}
        if customer_id is not None:
            shares[provider_id, customer_id] = self._each * OF_CUSTOMER
        with self._lock:
            now = self._now()
            until = {key: max(self._used_until.get(key, now), now) + each for key, each in shares.items()}
            late = max(until.values()) - now - self._full
            if late > 0:
                return -(-late // SECOND)
            self._used_until |= until
            return 0


def rate(environment: Mapping[str, str] = os.environ) -> Rate:
    """As the environment sets it. SettingError."""
    told = environment.get(VARIABLE, "") or str(USUAL)
    if not (told.isascii() and told.isdigit() and 0 < int(told) <= MOST):
        rule = f"how many requests a second a provider may send, from 1 to {MOST:,}"
        raise SettingError(f"{VARIABLE}: write {rule}")
    return Rate(int(told))
