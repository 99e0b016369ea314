"""Covenants: what is never to happen, judged by the reports that it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import instant_in
from upheld.core.terms.duty import CovenantRule, Entry
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.verdict import Outcome, State, Verdict, Wake, late_state

REPORTED = "covenant.compromise_reported"
UNDATED: Final = "when it happened is not known, so it counts when it was learned of"


class Reported(NamedTuple):
    """One report as it stands: told again under its id, the last one holds.

    `happened_at` is when it happened or, as long as that is not known, when it was learned of or reported;
    `is_dated` is whether it is known.
    """

    id: str
    told_at: Instant
    happened_at: Instant
    learned_at: Instant | None
    by: str
    party: str
    credential: str
    is_dated: bool
    missing: tuple[Entry, ...]
    refs: tuple[FactRef, ...]

    @property
    def is_of_provider(self) -> bool:
        """Whether it counts as the provider's doing: unless it is said to be another's (JUST/J16)."""
        return self.party in ("", "provider")


def reports_of(rule: CovenantRule, facts: Sequence[Fact], only: bool = True) -> tuple[Reported, ...]:
    """The reports about a covenant among facts of a contract, in the order in which they were first told.

    `only`: the contract has no other covenant, so that a report which names none is about it.
    """
    by_id: dict[str, list[Fact]] = {}
    for fact in facts:
        about = fact.data.get("covenant")
        if fact.data.get("verified") is not False and (about == rule.name or (about is None and only)):
            by_id.setdefault(fact.subject, []).append(fact)
    return tuple(_reported(rule, told) for told in by_id.values())


def _reported(rule: CovenantRule, told: Sequence[Fact]) -> Reported:
    first, last = told[0], told[-1]
    happened_at, learned_at = instant_in(last, "happened_at"), instant_in(last, "learned_at")
    known_at = learned_at if learned_at is not None else first.at
    return Reported(
        id=first.subject,
        told_at=first.at,
        happened_at=happened_at if happened_at is not None else known_at,
        learned_at=learned_at,
        by=str(last.data.get("by") or ""),
        party=str(last.data.get("party") or ""),
        credential=str(last.data.get("credential") or ""),
        is_dated=happened_at is not None,
        missing=tuple(name for name in rule.register if not last.data.get(name)),
        refs=tuple(FactRef(fact.source, fact.id) for fact in told),
    )


def judge_report(
    rule: CovenantRule, contract: str, report: Reported, from_at: Instant, until_at: Instant | None
) -> Outcome:
    """The verdict on one report; the covenant holds over [from_at, until_at).

    It began when that happened which must not, and has ended: what is reported cannot be made good.
    """
    state, reasons = _state(rule, report, from_at, until_at)
    verdict = Verdict(
        key=CellKey(contract, rule.name, report.id),
        kind="covenant",
        cycle=1,
        state=state,
        modality=rule.modality,
        started_at=report.happened_at,
        stopped_at=report.told_at,
        reasons=reasons,
        facts=report.refs,
    )
    return Outcome((verdict,))


def _state(
    rule: CovenantRule, report: Reported, from_at: Instant, until_at: Instant | None
) -> tuple[State, tuple[str, ...]]:
    if not report.is_of_provider:
        return "not applicable", (f"it was the doing of the {report.party}",)
    if report.happened_at < from_at or (until_at is not None and report.happened_at >= until_at):
        return "not applicable", ("the covenant did not hold then",)
    return late_state(rule.modality), tuple(_gaps(report))


def _gaps(report: Reported) -> Iterator[str]:
    if not report.is_dated:
        yield UNDATED


def judge_period(
    rule: CovenantRule,
    contract: str,
    period: Period,
    reports: Sequence[Reported],
    at: Instant,
    from_at: Instant,
    until_at: Instant | None,
) -> Outcome:
    """One period of a covenant that is judged by the period: met if it ends and nothing happened in it.

    The covenant holds over [from_at, until_at). A report that comes later changes the period in which it
    happened.
    """
    ends_at = period.end_at if until_at is None else min(period.end_at, until_at)
    inside = [
        report
        for report in reports
        if period.start_at <= report.happened_at < period.end_at
        and _state(rule, report, from_at, until_at)[0] != "not applicable"
    ]
    state: State = "met" if at >= ends_at else "running"
    reasons: tuple[str, ...] = ()
    if inside:
        state = late_state(rule.modality)
        reasons = tuple(dict.fromkeys(reason for report in inside for reason in _gaps(report)))
    elif from_at >= ends_at:
        state, reasons = "not applicable", ("the covenant did not hold then",)
    verdict = Verdict(
        key=CellKey(contract, rule.name, period.label),
        kind="covenant",
        cycle=1,
        state=state,
        modality=rule.modality,
        started_at=period.start_at,
        due_at=period.end_at,
        stopped_at=min((report.told_at for report in inside), default=None),
        count=len(inside),
        allowed=0,
        reasons=reasons,
        facts=tuple(dict.fromkeys(ref for report in inside for ref in report.refs)),
    )
    wakes = (Wake(ends_at, ends_at, "period end"),) if state == "running" else ()
    return Outcome((verdict,), wakes)
