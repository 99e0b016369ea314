"""What every question is asked of: contracts with their terms, the facts, and the observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import Observations
from upheld.core.readings.exploration import Selection
from upheld.core.terms.agreement import Terms


class Book(Protocol):
    """Agreements resolved for their contracts, and a log of facts; a folder or a database gives them."""

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The resolved terms, one for each contract, by contract id."""
        ...

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        """Some of the terms, all of one agreement, where readings are taken otherwise.

        None if the agreement says nothing then that could be executed.
        """
        ...

    @property
    def log(self) -> FactLog:
        """The facts, with their positions."""
        ...

    @property
    def observations(self) -> Observations:
        """The observations of every stream."""
        ...
