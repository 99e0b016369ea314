"""The prober: makes the looks that are due, each in a thread of its own, and tells what was seen.

A look that hangs holds up no other: it has a deadline, and there are threads for many of them.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

import structlog
from django.db import connection

from upheld.app.probing import ToLook, seen, take_looks, tell_late
from upheld.net.guard import Guard
from upheld.net.policy import FOR_PROBES
from upheld.server.clock import Clock

AT_ONCE: Final = 32
"""Looks that are made at the same time."""

log = structlog.get_logger("upheld.prober")


class Prober:
    """The looks of one process."""

    def __init__(self, clock: Clock, guard: Guard) -> None:
        self._clock = clock
        self._guard = guard
        self._pool = ThreadPoolExecutor(AT_ONCE, "look")
        self._looking: set[Future[None]] = set()

    def round(self) -> bool:
        """Begins the looks that are due and tells which heartbeats are late; whether that was anything."""
        now = self._clock.now()
        self._looking = {one for one in self._looking if not one.done()}
        taken = take_looks(now, AT_ONCE - len(self._looking))
        self._looking |= {self._pool.submit(self._look, one) for one in taken}
        return tell_late(now) + len(taken) > 0

    def settle(self, within_s: float) -> bool:
        """Waits until the looks that were begun have come to their end; whether they have."""
        return not wait(self._looking, within_s).not_done

    def stop(self) -> None:
        """No look is begun any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _look(self, one: ToLook) -> None:
        try:
            policy = FOR_PROBES.marked() if one.is_marked else None
            looked = one.look(self._guard, one.stream, self._clock.now(), policy)
            seen(one, looked, self._clock.now())
        except Exception:
            log.exception("a look was not told, so its time is unknown", kind=one.kind)
        finally:
            connection.close()  # a thread that waits for the next look needs none
