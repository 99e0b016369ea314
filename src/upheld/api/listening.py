"""How many follow events at the same time: each takes a thread, and nobody takes those of everybody."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final, TypeAlias

from upheld.api.ports import STREAMS
from upheld.api.problems import refuse
from upheld.app.policies import Who

OF_PROVIDER: Final = STREAMS // 4
"""So many of them has a provider, with its customers."""
OF_PARTY: Final = OF_PROVIDER // 2
"""So many of these has a customer, and so many has whoever shows one token, or is one member."""
AGAIN_S: Final = 20
"""After so long somebody's stream may have ended."""
_Key: TypeAlias = tuple[str, int]
_ALL: Final[_Key] = ("all", 0)


class Seats:
    """Who listens to this process."""

    def __init__(self) -> None:
        self._taken: Counter[_Key] = Counter()
        self._lock = threading.Lock()

    def take(self, who: Who) -> None:
        """One more listens. Ends the request if as many listen as can, or as may of whom it is of."""
        with self._lock:
            for key, most in _shares(who).items():
                if self._taken[key] < most:
                    continue
                if key == _ALL:
                    raise refuse("busy", "as many listen as can", headers={"Retry-After": str(AGAIN_S)})
                detail = f"{most} listen for this {key[0]} already: end one of them, or read by pages"
                raise refuse("too-many-requests", detail, headers={"Retry-After": str(AGAIN_S)})
            self._taken.update(_shares(who).keys())

    def leave(self, who: Who) -> None:
        """Somebody who listened does no more."""
        with self._lock:
            self._taken.subtract(_shares(who).keys())
            self._taken += Counter()  # only those that somebody has

    @property
    def taken(self) -> int:
        """How many listen."""
        return self._taken[_ALL]


def _shares(who: Who) -> dict[_Key, int]:
    """Of what a listener is one, and how many of each there may be."""
    caller = ("person", who.member_id) if who.member_id else ("token", who.token_id)
    shares = {caller: OF_PARTY, ("provider", who.provider_id): OF_PROVIDER, _ALL: STREAMS}
    return shares if who.customer_id is None else {("customer", who.customer_id): OF_PARTY, **shares}
