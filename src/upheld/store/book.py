"""A provider's ledger as a book: every question of the library is answered from it.

It is what a folder of the exported files would be: one fact at each position, in the order of recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from upheld.core.book import Origin
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.terms.plans_named import plans_named
from upheld.core.values.finding import Finding
from upheld.core.values.frozen import dataclass
from upheld.store.mapping import fact_of
from upheld.store.models import RecordedFact
from upheld.store.observations import ObservedByProvider
from upheld.store.texts import Bound, bind, texts_in_force
from upheld.store.walls import of_one_provider

if TYPE_CHECKING:
    from upheld.core.readings.exploration import Selection


@dataclass(frozen=True, slots=True)
class Ledger:
    """A book of a provider as of a position. See `upheld.core.book.Book`."""

    bound: Bound
    log: FactLog
    observations: Observations = NO_OBSERVATIONS

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The resolved terms, one for each contract, by contract id."""
        return self.bound.terms

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the texts."""
        return self.bound.findings

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        """Some of the terms under other readings. See `Book`."""
        return self.bound.terms_under(selection, terms)

    def origin(self, contract: str) -> Origin:
        """What the terms of a contract were made of."""
        return self.bound.origins.get(contract, Origin())


@of_one_provider
def read_ledger(
    provider_id: int, known: int | None = None, observations: Observations | None = None
) -> Ledger:
    """The book of a provider; with `known`, as if nothing behind that position had been recorded.

    Its observations are those that are known now, or these.
    """
    bound = bind(texts_in_force(provider_id))
    log = FactLog(recorded_facts(provider_id, known), bound.declared)
    observed = ObservedByProvider(provider_id) if observations is None else observations
    return Ledger(bound.under(plans_named(log)), log, observed)


@of_one_provider
def recorded_facts(provider_id: int, known: int | None = None) -> list[Fact]:
    """Every fact as it was told, by position."""
    rows = RecordedFact.objects.filter(provider_id=provider_id).order_by("position")
    rows = rows if known is None else rows.filter(position__lte=known)
    return [fact_of(entry, personal) for entry, personal in rows.values_list("entry", "personal")]
