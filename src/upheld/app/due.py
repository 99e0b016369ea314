"""When anything happens next by itself, if nobody tells anything."""

from __future__ import annotations

from upheld.app.paging import next_ask
from upheld.app.send import next_send
from upheld.app.wake import next_wake
from upheld.app.watch_rotas import next_watch
from upheld.core.timeline.instant import Instant


def next_due() -> Instant | None:
    """The first instant at which something is decided, somebody is woken, or a message goes out."""
    found = (next_wake(), next_ask(), next_watch(), next_send())
    return min((one for one in found if one is not None), default=None)
