"""Says that the server serves, once it has answered."""

from __future__ import annotations

import os
import threading
from typing import Final
from urllib.parse import urlsplit

from upheld.net.guard import Guard, Request
from upheld.net.policy import Policy
from upheld.net.resolving import SystemResolver
from upheld.server.channels import ticks

VARIABLE: Final = "UPHELD_ADDRESS"
"""Where `upheld serve` has this process listen; without it nothing is said."""
HEALTHY: Final = 200
POLL_S: Final = 0.2
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  it listens here, too


def announce() -> None:
    """Say it from a thread of this process: the parent of a server that forks must have none."""
    address = os.environ.get(VARIABLE, "")
    if address:
        threading.Thread(target=_announce, args=(address,), name="announce", daemon=True).start()


def _announce(address: str) -> None:
    parts = urlsplit(address)
    host = _EVERYWHERE.get(parts.hostname or "", parts.hostname)
    guard, policy = Guard(SystemResolver(), ticks), Policy(ports=None, allow_private=True)
    pause = threading.Event()
    while guard.fetch(Request(f"http://{host}:{parts.port}/healthz"), policy).status != HEALTHY:
        pause.wait(POLL_S)
    print(f"upheld: serving at {address}", flush=True)
