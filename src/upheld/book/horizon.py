"""Which contracts cannot be judged, because their calendars do not know the years that are asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upheld.core.evaluating.evaluation import Evaluator
from upheld.core.facts.fact import Fact
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.finding import Finding, Place

CODE = "beyond-horizon"


def beyond_horizon(
    all_terms: Sequence[Terms], facts: Sequence[Fact], at: Instant, observations: Observations
) -> Iterator[Finding]:
    """An error for each contract that cannot be judged at an instant, by itself, for lack of years."""
    for terms in all_terms:
        try:
            known_at(terms, at)
            Evaluator((terms,)).evaluate(facts, at, observations)
        except BeyondHorizon as fault:
            yield _lacking(terms, fault)


def begun_beyond(all_terms: Sequence[Terms], at: Instant) -> Iterator[Finding]:
    """The same error for each contract that cannot be judged whatever is told, as of an instant."""
    for terms in all_terms:
        try:
            Evaluator((terms,)).evaluate((), at)
        except BeyondHorizon as fault:
            yield _lacking(terms, fault)


def _lacking(terms: Terms, fault: BeyondHorizon) -> Finding:
    contract = terms.contract
    assert contract is not None, "terms are those of a contract"
    calendar = terms.calendars[ALWAYS]
    message = f"contract `{contract.id}` cannot be judged: {fault}"
    place = contract.place or Place(contract.id)
    return Finding(CODE, message, (place,), years_way_out(calendar.start_year, calendar.end_year))


def known_at(terms: Terms, at: Instant) -> None:
    """BeyondHorizon if the calendars of a contract are not known at an instant."""
    terms.calendars[ALWAYS].is_open(at)


def years_way_out(start_year: int, end_year: int) -> str:
    """How to have more years than these in the lock of an agreement."""
    return (
        f"have more years than {start_year} to {end_year} in the lock: upheld lock AGREEMENT --years A-B; or "
        "correct the date"
    )
