"""A process that serves goes when the one that started it is gone, however that ended.

Left alone it would hold the port and go on writing, beside the next server that is started.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Final

LOOK_S: Final = 1.0


def follow_parent() -> None:
    """A thread of this process looks after its parent; without one this process is told to stop."""
    threading.Thread(target=_follow, args=(os.getppid(),), name="parent", daemon=True).start()


def _follow(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
