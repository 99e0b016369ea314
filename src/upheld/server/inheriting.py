"""Another process signs once the one that did is gone: the ledger is signed as long as anybody works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import structlog
from django.db import connection

from upheld.evidence.signer import Signer
from upheld.server.signing import signer_in

EVERY_S: Final = 5.0

log = structlog.get_logger("upheld.signer")


class Heir:
    """Looks in a thread of its own whether the memory of the signer is free, and gives the signer to `take`.

    What is held then is released by `held`.
    """

    def __init__(
        self, folder: Path, held: ExitStack, take: Callable[[Signer], None], every_s: float = EVERY_S
    ) -> None:
        self._folder, self._held, self._take, self._every_s = folder, held, take, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inherit", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more; what is held stays so."""
        self._stop.set()
        self._thread.join(10)

    def turn(self) -> bool:
        """Takes the memory if it is free; whether this process signs from now on."""
        with ExitStack() as tried:
            signer = tried.enter_context(signer_in(self._folder, is_told=False))
            if signer is None:
                return False
            self._held.push(tried.pop_all())
        log.info("this process signs from now on")
        self._take(signer)
        return True

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                if self.turn():
                    break
            except Exception:
                log.exception("the memory of the signer was not taken up, and is asked for again")
        connection.close()
