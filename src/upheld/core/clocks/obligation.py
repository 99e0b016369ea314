"""Obligations: recurring duties that no ticket asks for, counted per period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ObligationRule
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.verdict import Outcome, State, Verdict, Wake, late_state


class Unowed(NamedTuple):
    """From when on nothing more is owed of a period, and why."""

    from_at: Instant
    why: str


def judge_obligation(
    rule: ObligationRule,
    contract: str,
    period: Period,
    facts: Sequence[Fact],
    at: Instant,
    unowed: Unowed | None = None,
) -> Outcome:
    """One period of an obligation: met as soon as it was done often enough, late if the period ends without.

    `facts` are the `obligation.done` facts of the contract, in order. Late is from the period's end on;
    what is `unowed` then, or before it, is not owed although it was not done.
    """
    ends_at = period.end_at if unowed is None else min(period.end_at, unowed.from_at)
    done = [
        fact
        for fact in facts
        if fact.data.get("obligation") == rule.name
        and fact.data.get("verified") is not False
        and period.start_at <= fact.at < ends_at
    ]
    enough = len(done) >= rule.times
    ended = at >= ends_at
    state: State = "met" if enough else "running"
    reasons: tuple[str, ...] = ()
    if ended and not enough:
        state = late_state(rule.modality) if unowed is None else "not applicable"
        reasons = () if unowed is None else (unowed.why,)
    verdict = Verdict(
        key=CellKey(contract, rule.name, period.label),
        kind="obligation",
        cycle=1,
        state=state,
        modality=rule.modality,
        started_at=period.start_at,
        due_at=period.end_at,
        stopped_at=done[rule.times - 1].at if enough else None,
        count=len(done),
        allowed=rule.times,
        reasons=reasons,
        facts=tuple(FactRef(fact.source, fact.id) for fact in done),
    )
    wakes = () if enough or ended else (Wake(ends_at, ends_at, "period end"),)
    return Outcome((verdict,), wakes)
