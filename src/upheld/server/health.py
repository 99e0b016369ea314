"""Whether the server is alive, and whether it does its work: never green because nobody looked."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from upheld.app.outbox import unheard_lately
from upheld.app.vitals import SILENT_US, lag_us, working
from upheld.core.timeline.instant import SECOND, Instant
from upheld.server.channels import ticks
from upheld.server.clock import clock
from upheld.server.room import ROOM
from upheld.server.running import running

LAG_US = 10 * SECOND
"""So much may lie due before this server is not ready."""


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: this process answers. It asks nobody else, so it says nothing of the database."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers, there is room, somebody works, nothing has been due for long. Else 503.

    `unheard_at` is for the watchdog: when it was known last that a message reached nobody. A server of which
    some do not is ready. How many is told by `/metrics`, to who may know.
    """
    faults: list[str] = []
    unheard_at: Instant | None = None
    now, lag, worker = clock().now(), 0, running()
    try:
        lag, unheard_at = lag_us(now), unheard_lately(now)
        if worker is None and not working(now):
            faults.append(f"no worker has given a sign of life for {SILENT_US // SECOND} s")
    except Error as fault:
        faults.append(f"the database does not answer: {type(fault).__name__}")
    faults += ROOM.lacking(connection.settings_dict, ticks())
    if lag > LAG_US:
        faults.append(f"something has been due for {lag // SECOND} s")
    if worker is not None:
        faults += [f"the loop `{name}` stands still" for name in worker.standing_still()]
    settled = worker is not None and not faults and worker.is_settled()
    answer = {
        "ready": not faults,
        "faults": faults,
        "lag_us": lag,
        "settled": settled,
        "unheard_at": unheard_at,
    }
    return JsonResponse(answer, status=503 if faults else 200)
