"""What every question is asked of: contracts with their terms, the facts, and the observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import Observations
from upheld.core.readings.exploration import Selection
from upheld.core.terms.agreement import Terms


class Origin(NamedTuple):
    """What terms were made of: the SHA-256 of the agreement's text, its lock, and the contract's text.

    A text is known by what it says, not by its comments and blanks. Empty where there is none.
    """

    agreement: str = ""
    lock: str = ""
    contract: str = ""


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

    def origin(self, contract: str) -> Origin:
        """What the terms of a contract were made of."""
        ...
