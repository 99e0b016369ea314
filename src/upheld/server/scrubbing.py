"""The whole ledger is read against what was signed of it once a day, slowly, by the process that signs.

So what went bad on a disk, or was changed behind the server, is known within a day. What was found last is
in a file of the folder. Source: safety.md, row bit-rot.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from django.db import close_old_connections, connection

from upheld.app.audit import audit
from upheld.app.vitals import count_up
from upheld.core.timeline.instant import DAY, Duration, Instant, format_instant, parse_instant
from upheld.core.values.frozen import dataclass
from upheld.evidence.keys import VerifierKey
from upheld.server.clock import Clock

FILE: Final = "ledger-checked"
EVERY_US: Final[Duration] = DAY
POLL_S: Final = 60.0
REST_S: Final = 0.2
"""Between two pages, each of which takes some hundredths of a second."""
CHECKED: Final = "ledger checked"
FAULTS: Final = "faults in the ledger"

log = structlog.get_logger("upheld.ledger")


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """When the ledger was checked last, and what was found."""

    at: Instant
    entries: int
    faults: tuple[str, ...]


class StoppedError(Exception):
    """The server is told to stop while a ledger is checked."""


class Scrubber:
    """Checks the ledger once a day in a thread of its own."""

    def __init__(
        self, clock: Clock, folder: Path, keys: Sequence[VerifierKey], rest_s: float = REST_S
    ) -> None:
        self._clock, self._folder, self._keys, self._rest_s = clock, folder, keys, rest_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scrub", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more: a check that has begun is begun anew by the next start."""
        self._stop.set()
        self._thread.join(10)

    def round(self) -> bool:
        """Checks the ledger if its time has come; whether it had. StoppedError where it is to stop."""
        last = last_scrub(self._folder)
        now = self._clock.now()
        # A clock that was set back is no reason to wait for years.
        if last is not None and 0 <= now - last.at < EVERY_US:
            return False
        found = audit(self._keys, self._rest)
        keep_scrub(self._folder, Scrubbed(now, found.entries, found.faults))
        for fault in found.faults:
            log.error("the ledger is not what was signed", fault=fault)
        log.info(CHECKED, logs=found.logs, entries=found.entries, faults=len(found.faults))
        count_up({CHECKED: 1, FAULTS: len(found.faults)})
        return True

    def _rest(self) -> None:
        if self._stop.wait(self._rest_s):
            raise StoppedError

    def _run(self) -> None:
        while not self._stop.wait(POLL_S):
            close_old_connections()
            try:
                self.round()
            except StoppedError:
                return
            except Exception:
                log.exception("the ledger could not be checked, and is later")
            finally:
                connection.close()


def keep_scrub(folder: Path, found: Scrubbed) -> None:
    """Writes down what was found, whole or not at all."""
    told = {"at": format_instant(found.at), "entries": found.entries, "faults": list(found.faults)}
    path = folder / f"{FILE}.new"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
    path.replace(folder / FILE)


def last_scrub(folder: Path) -> Scrubbed | None:
    """What was found last; None if nothing was checked yet, or what is there cannot be read."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Scrubbed(parse_instant(told["at"]), told["entries"], tuple(told["faults"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
