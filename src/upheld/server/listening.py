"""Where a server listens: nobody else may, or each of the two would get some of what is asked."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address
from typing import Final

from upheld.server.environment import EnvironmentFaultError
from upheld.server.patience import tries

MOST_PORT: Final = 65_535
WITHIN_S: Final = 5.0
"""So long is waited for a server that was killed to let go of its port."""


def address_of(host: str, port: int) -> str:
    """The URL of who listens there."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def check_free(host: str, port: int) -> None:
    """That this process can listen there, alone. EnvironmentFaultError if it cannot, with the reason.

    The web server itself shares a port with whoever shares it, too, which another one of ours does.
    """
    try:
        version = ip_address(host).version
    except ValueError:
        raise EnvironmentFaultError(f"--host {host}: write an address, as 127.0.0.1 or 0.0.0.0") from None
    if not 0 < port <= MOST_PORT:
        raise EnvironmentFaultError(f"--port {port}: write a number from 1 to {MOST_PORT}")
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    for _ in tries(WITHIN_S):
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
                return
            except OSError as fault:
                if fault.errno != errno.EADDRINUSE:
                    raise EnvironmentFaultError(
                        f"nobody can listen at {host}, port {port}: {fault.strerror}"
                    ) from None
    raise EnvironmentFaultError(
        f"somebody else listens at {host}, port {port}: stop them, or give another --port"
    )
