"""What every question is asked of: contracts with their terms, the facts, and the observations."""

from __future__ import annotations

from typing import Protocol

from upheld.core.agreement import Terms
from upheld.core.facts import FactLog
from upheld.core.observation import Observations


class Book(Protocol):
    """Agreements resolved for their contracts, and a log of facts; a folder or a database gives them."""

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The resolved terms, one for each contract, by contract id."""
        ...

    @property
    def log(self) -> FactLog:
        """The facts, with their positions."""
        ...

    @property
    def observations(self) -> Observations:
        """The observations of every stream."""
        ...
