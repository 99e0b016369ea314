"""Quotas: which subjects of a period fall within the allowance, decided when counted and never revised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from upheld.core.clocks.scope import holds
from upheld.core.clocks.subject import Moment, Subject
from upheld.core.terms.agreement import QuotaRule, Terms
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.verdict import Outcome, Verdict, Wake

Decision = str
"""`within`, or by the overflow rule `beyond`, `charged` or `refused`."""

_OVERFLOW = {"ordinary": "beyond", "charged": "charged", "refused": "refused"}


class Entry(NamedTuple):
    """One counting of a subject: when its attributes met the condition, by which fact, and any refund."""

    counted_at: Instant
    told_by: FactRef
    subject: str
    refunded_at: Instant | None = None

    @property
    def order(self) -> tuple[Instant, FactRef]:
        """Entries count in the order of the facts behind them."""
        return self.counted_at, self.told_by


class Admission(NamedTuple):
    """The decision on one entry."""

    entry: Entry
    decision: Decision


def entries_of(rule: QuotaRule, terms: Terms, subject: Subject) -> tuple[Entry, ...]:
    """The countings of a subject: once, and once more after each refund. Source: terms INTG/I8."""
    found: list[Entry] = []
    matched: bool | None = None
    for moment in subject.moments:
        counted = bool(found) and found[-1].refunded_at is None
        before, matched = matched, holds(rule.where, terms, moment.attributes)
        if matched and not counted and moment.told_by:
            found.append(Entry(moment.at, moment.told_by, subject.id))
        elif counted and before and matched is False and rule.refund != "never" and moment.by == "provider":
            found[-1] = found[-1]._replace(refunded_at=moment.at)
    return tuple(found)


def admit(rule: QuotaRule, entries: Iterable[Entry]) -> tuple[Admission, ...]:
    """The decisions of one period, in the order in which its entries were counted.

    What was let in uses the allowance until it is refunded; what was not uses nothing.
    """
    decided: list[Admission] = []
    used = 0
    refunds: list[Instant] = []  # a heap: when what was let in is given back
    for entry in sorted(entries, key=lambda entry: entry.order):
        while refunds and refunds[0] <= entry.counted_at:
            heappop(refunds)
            used -= 1
        decision = "within" if used < rule.allow else _OVERFLOW[rule.overflow]
        if decision in ("within", "charged"):
            used += 1
            if entry.refunded_at is not None:
                heappush(refunds, entry.refunded_at)
        decided.append(Admission(entry, decision))
    return tuple(decided)


def admission_moments(rule: QuotaRule, admissions: Iterable[Admission], subject: str) -> tuple[Moment, ...]:
    """What the decisions mean for one subject: the attribute `quota.NAME` from instant to instant."""
    name = f"quota.{rule.name}"
    moments: list[Moment] = []
    for entry, decision in sorted(admissions, key=lambda admission: admission.entry.order):
        if entry.subject != subject:
            continue
        moments.append(Moment(entry.counted_at, {name: decision}))
        if entry.refunded_at is not None:
            moments.append(Moment(entry.refunded_at, {name: "none"}))
    return tuple(moments)


def quota_outcome(
    rule: QuotaRule, contract: str, period: Period, admissions: Sequence[Admission], at: Instant
) -> Outcome:
    """How much of an allowance is used. It is given, not broken: beyond it the overflow rule holds."""
    let_in = (entry for entry, decision in admissions if decision in ("within", "charged"))
    notes = [f"{entry.subject} {decision}" for entry, decision in admissions if decision != "within"]
    notes += [f"{entry.subject} refunded" for entry, _ in admissions if entry.refunded_at is not None]
    ended = at >= period.end_at
    verdict = Verdict(
        key=CellKey(contract, rule.name, period.label),
        kind="quota",
        cycle=1,
        state="met" if ended else "running",
        modality=rule.modality,
        started_at=period.start_at,
        due_at=period.end_at,
        count=sum(entry.refunded_at is None for entry in let_in),
        allowed=rule.allow,
        reasons=tuple(notes),
        facts=tuple(entry.told_by for entry, _ in admissions if entry.told_by),
    )
    wakes = () if ended else (Wake(period.end_at, period.end_at, "period end"),)
    return Outcome((verdict,), wakes)
