"""Says that the server serves, once it has answered."""

from __future__ import annotations

import os
import threading
from typing import Final

from upheld.net.guard import Guard, Request
from upheld.net.policy import Policy
from upheld.net.resolving import SystemResolver
from upheld.server.channels import ticks
from upheld.server.hosts import VARIABLE, own_address

HEALTHY: Final = 200
POLL_S: Final = 0.2


def announce() -> None:
    """Say it from a thread of this process: the parent of a server that forks must have none."""
    address = os.environ.get(VARIABLE, "")
    if address:
        threading.Thread(target=_announce, args=(address,), name="announce", daemon=True).start()


def _announce(address: str) -> None:
    guard, policy = Guard(SystemResolver(), ticks), Policy(ports=None, allow_private=True)
    pause = threading.Event()
    while guard.fetch(Request(f"{own_address(address)}/healthz"), policy).status != HEALTHY:
        pause.wait(POLL_S)
    print(f"upheld: serving at {address}", flush=True)
