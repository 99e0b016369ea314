"""Connections to a relay that were used just now, kept for the next mail: a burst of them needs few."""

from __future__ import annotations

import threading
from typing import Final

from upheld.core.timeline.instant import SECOND, Duration
from upheld.net.wire import Ticks
from upheld.notify.smtp import Conversation

KEPT_US: Final[Duration] = 2 * SECOND
"""So long a connection is kept for the next mail: nothing on the way has forgotten it by then."""
MOST_MAILS: Final = 50
"""So many mails go by one connection; relays that count them allow that many."""
MOST_KEPT: Final = 8


class Kept:
    """What several threads leave for one another. Whoever takes one has it alone."""

    def __init__(self, ticks: Ticks) -> None:
        self._ticks = ticks
        self._free: list[tuple[Conversation, int]] = []
        self._lock = threading.Lock()

    def taken(self) -> Conversation | None:
        """The one that was used last; None if there is none that can be used."""
        with self._lock:
            if not self._free or self._ticks() - self._free[-1][1] > KEPT_US:
                return None
            return self._free.pop()[0]

    def leave(self, talk: Conversation) -> None:
        """For the next mail; one that is over, or has carried enough, is not kept."""
        if not talk.is_open:
            return
        with self._lock:
            if talk.mails < MOST_MAILS and len(self._free) < MOST_KEPT:
                self._free.append((talk, self._ticks()))
                return
        talk.part()

    def tidy(self, everything: bool = False) -> None:
        """Ends those that nobody has used for a while, or all of them."""
        since = self._ticks() - KEPT_US
        with self._lock:
            old = [talk for talk, used_at in self._free if everything or used_at < since]
            self._free = [one for one in self._free if one[0] not in old]
        for talk in old:
            talk.part()
