"""Whom the operator of a server lets into private networks, and to any port."""

from __future__ import annotations

from typing import Final

from upheld.core.values.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """`keys` are those of providers. `server`: what the server itself asks, as its operator set it.

    `everybody`: that, and every provider with its customers.
    """

    keys: frozenset[str] = frozenset()
    server: bool = False
    everybody: bool = False

    @property
    def of_server(self) -> bool:
        """Whether the server itself is marked."""
        return self.server or self.everybody


NOBODY: Final = Marks()
EVERYBODY: Final = Marks(everybody=True)
