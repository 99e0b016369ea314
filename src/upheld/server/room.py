"""Whether there is room for what is to be written: by what was refused in this process, and by the disk.

A night in which nobody writes shows nothing of a full disk, and what is told then is lost: so it is asked.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from upheld.core.timeline.instant import MINUTE, Duration, Instant
from upheld.server.channels import ticks
from upheld.server.databases import EMBEDDED

FULL: Final = "the disk is full: nothing can be written"
NO_SIGN: Final = "no sign of life could be written"
REFUSED: Final = 507
_WRITE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LATELY_US: Final[Duration] = MINUTE
LEAST: Final = 1 << 20
"""With fewer bytes than these a file of SQLite cannot grow for long."""


class Room:
    """What was refused last, and when, until something was written. Instants only go forward."""

    def __init__(self) -> None:
        self._refused: tuple[str, Instant] | None = None

    def refused(self, why: str, at: Instant) -> None:
        """Something could not be written."""
        self._refused = why, at

    def wrote(self) -> None:
        """Something could."""
        self._refused = None

    def lacking(self, database: Mapping[str, Any], at: Instant) -> list[str]:
        """What is wrong, with the settings of a database of Django: nothing, or one sentence."""
        refused = self._refused
        if refused is not None and at < refused[1] + LATELY_US:
            return [refused[0]]
        if database["ENGINE"] == EMBEDDED:
            with suppress(OSError):
                if shutil.disk_usage(Path(database["NAME"]).parent).free < LEAST:
                    return [FULL]
        return []


ROOM: Final = Room()
"""That of this process."""


class Noticing:
    """Notices of every answer whether something was written, or could not be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer as it is."""
        response = self._get_response(request)
        if response.status_code == REFUSED:
            ROOM.refused(FULL, ticks())
        elif request.method in _WRITE and response.status_code < 300:
            ROOM.wrote()
        return response
