"""Whoever waits in this process is woken when it is told to stop.

The web server has handlers of its own for these signals, and waits for what it is answering: an answer that
goes on for as long as somebody listens has to be told.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Final

STOPPING: Final = threading.Event()
"""Set when this process was told to stop."""
_SIGNALS: Final = frozenset((signal.SIGINT, signal.SIGTERM))


def follow_signals() -> None:
    """From now on; from the main thread. Handlers of signals are left as they are."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_follow, args=(reading,), name="stopping", daemon=True).start()


def _follow(reading: int) -> None:
    while _SIGNALS.isdisjoint(os.read(reading, 64)):
        pass
    STOPPING.set()
