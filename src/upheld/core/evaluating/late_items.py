"""When that happened which a claim is for, where it names the item alone: from when that was late."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.claiming.claimable import clocks_counted, happened_at
from upheld.core.claiming.folding import ISSUE_AT
from upheld.core.clocks.subject import Moment, Subject
from upheld.core.evaluating.cells import Reader
from upheld.core.evaluating.contracts import Contracts, contract_of
from upheld.core.evaluating.strata import OUTCOME
from upheld.core.terms.agreement import ClockRule
from upheld.core.verdicts.verdict import Outcome, Verdict


def told_by_item(contracts: Contracts, binding: str, claim: Subject, reader: Reader) -> tuple[Moment, ...]:
    """What a claim leaves untold of when that happened, as the list of what can be claimed has it.

    Nothing where it tells, or is about no item that is counted by what can be claimed.
    """
    told = claim.moments[-1].attributes
    about = told.get("about")
    if told.get(ISSUE_AT) is not None or not isinstance(about, str):
        return ()
    found: list[Verdict] = []
    for one, clock in _counted(contracts, binding):
        if about in reader.names(("subjects", contract_of(one), clock.of)):
            outcome = reader.cell((OUTCOME, "outcome", (one, clock.name, about)))
            assert isinstance(outcome, Outcome)
            found += outcome.verdicts
    issue_at = happened_at(found)
    return () if issue_at is None else (Moment(claim.moments[0].at, {ISSUE_AT: issue_at}),)


def _counted(contracts: Contracts, binding: str) -> Iterator[tuple[str, ClockRule]]:
    """The deadlines whose items are counted by what can be claimed, under each plan of a contract."""
    for one in contracts.siblings(binding):
        yield from ((one, clock) for clock in clocks_counted(contracts.terms[one]))
