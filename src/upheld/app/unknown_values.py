"""Values in facts that no agreement declares: whoever told one learns it while there is time to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upheld.app.terms import Holding
from upheld.book.unknown_values import CLASSIFIES
from upheld.core.clocks.subject import OF_A_CONTRACT
from upheld.core.facts.fact import Fact
from upheld.core.values.finding import Finding
from upheld.store.shelf import Shelf


def unknown_values(told: Sequence[Fact], hold: Holding, shelf: Shelf) -> Iterator[Finding]:
    """A warning for each value of some facts that cannot be under the contract of their subject."""
    for fact in told:
        if fact.type in CLASSIFIES:
            yield from hold.values.unknown(fact, _contract_of(fact, hold, shelf))


def _contract_of(fact: Fact, hold: Holding, shelf: Shelf) -> str | None:
    """The contract that a fact names, or under which its subject was begun; None if it has none."""
    named, kind = fact.data.get("contract"), CLASSIFIES[fact.type]
    if isinstance(named, str) or kind not in OF_A_CONTRACT:
        return None if named is None else str(named)
    of_subject = shelf.of_all_time(("subject", kind, fact.subject))
    return next((str(one.data.get("contract")) for one in of_subject if hold.narrow.begun_by(one)), None)
