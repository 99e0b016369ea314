"""When anything happens next by itself, if nobody tells anything."""

from __future__ import annotations

from upheld.app.owe import next_fall
from upheld.app.paging import next_ask
from upheld.app.pass_on import next_pass
from upheld.app.send import next_send, next_told
from upheld.app.wake import next_wake
from upheld.app.watch_rotas import next_watch
from upheld.core.timeline.instant import Instant
from upheld.store.walls import over_every_provider


def next_due() -> Instant | None:
    """The first instant at which something is decided, somebody is woken, or a message goes out."""
    with over_every_provider():
        return _first(next_of_ours(), next_send())


def next_of_ours() -> Instant | None:
    """The same without events for endpoints: how fast those are taken is not ours."""
    with over_every_provider():
        return _first(next_wake(), next_ask(), next_watch(), next_told())


def next_decision() -> Instant | None:
    """The first instant at which something is decided, somebody woken, or a message goes the next way."""
    with over_every_provider():
        return _first(next_wake(), next_ask(), next_watch(), next_fall())


def next_sending() -> Instant | None:
    """The first instant at which a message goes out, or a change is passed on to an endpoint."""
    with over_every_provider():
        return _first(next_send(), next_pass())


def _first(*instants: Instant | None) -> Instant | None:
    return min((one for one in instants if one is not None), default=None)
