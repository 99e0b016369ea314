"""Under which names this server is asked, and where it asks itself."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

VARIABLE: Final = "UPHELD_ADDRESS"
"""Where `upheld serve` has this process listen; without it nothing is said."""
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  it listens here, too


def own_address(address: str) -> str:
    """Where a process of this machine reaches who listens at an address."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return f"http://{_EVERYWHERE.get(host, f'[{host}]' if ':' in host else host)}:{parts.port}"


def hosts(told: str, address: str) -> list[str]:
    """The names that are answered: those that the operator tells, and the one by which it asks itself."""
    own = [own_address(address).partition("//")[2].rpartition(":")[0]] if address else []
    return [*(one.strip() for one in told.split(",")), *own]
