"""Whether the server is alive, and whether it does its work: never green because nobody looked."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from upheld.app.send import next_send
from upheld.app.wake import next_wake
from upheld.core.timeline.instant import SECOND
from upheld.server.clock import clock
from upheld.server.running import running

LAG_US = 10 * SECOND
"""So much may lie due before this server is not ready."""


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: this process answers. It asks nobody else, so it says nothing of the database."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers, and nothing has been due for long. 503 with what is wrong otherwise."""
    faults: list[str] = []
    now, lag_us = clock().now(), 0
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        due = [one for one in (next_wake(), next_send()) if one is not None]
        lag_us = max(0, now - min(due, default=now))
    except DatabaseError as fault:
        faults.append(f"the database does not answer: {type(fault).__name__}")
    if lag_us > LAG_US:
        faults.append(f"something has been due for {lag_us // SECOND} s")
    worker = running()
    if worker is not None:
        stale = [name for name, at in worker.beats.items() if now - at > LAG_US and name != "keep"]
        faults += [f"the loop `{name}` stands still" for name in stale]
    settled = worker is not None and not faults and worker.is_settled()
    answer = {"ready": not faults, "faults": faults, "lag_us": lag_us, "settled": settled}
    return JsonResponse(answer, status=503 if faults else 200)
