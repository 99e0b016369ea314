"""A process that serves goes when the one that started it is gone, however that ended.

Left alone it would hold the port and go on writing, beside the next server that is started. And it goes when
that one says so, not the terminal: Ctrl-C reaches every process of a group, and the web server does not stop
if it is told so twice.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Final

LOOK_S: Final = 1.0


def follow_parent() -> None:
    """A thread of this process looks after its parent; without one this process is told to stop.

    It has a group of its own from now on.
    """
    if os.getsid(0) != os.getpid():
        os.setpgid(0, 0)
    threading.Thread(target=_follow, args=(os.getppid(),), name="parent", daemon=True).start()


def _follow(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
