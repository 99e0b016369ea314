"""Quotas: which subjects of a period fall within the allowance, decided when counted and never revised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
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
_LET_IN = ("within", "charged")


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

    @property
    def is_let_in(self) -> bool:
        """Whether it uses the allowance, until it is refunded."""
        return self.decision in _LET_IN

    def uses_at(self, at: Instant) -> bool:
        """Whether it uses the allowance of whatever is counted at an instant, after it."""
        refunded_at = self.entry.refunded_at
        return self.is_let_in and (refunded_at is None or refunded_at > at)


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


def admit(
    rule: QuotaRule, entries: Iterable[Entry], used_until: Iterable[Instant | None] = ()
) -> tuple[Admission, ...]:
    """The decisions of one period, in the order in which its entries were counted.

    What was let in uses the allowance until it is refunded; what was not uses nothing. `used_until` is when
    each is refunded (None: it is not) that was let in before all of these.
    """
    decided: list[Admission] = []
    before = [*used_until]
    used = len(before)
    refunds = [one for one in before if one is not None]  # a heap: when what was let in is given back
    heapify(refunds)
    for entry in sorted(entries, key=lambda entry: entry.order):
        while refunds and refunds[0] <= entry.counted_at:
            heappop(refunds)
            used -= 1
        decision = "within" if used < rule.allow else _OVERFLOW[rule.overflow]
        if decision in _LET_IN:
            used += 1
            if entry.refunded_at is not None:
                heappush(refunds, entry.refunded_at)
        decided.append(Admission(entry, decision))
    return tuple(decided)


def admit_again(
    rule: QuotaRule,
    from_at: Instant,
    now: Mapping[str, Sequence[Entry]],
    decided: Mapping[str, Sequence[Admission]],
    used_until: Iterable[Instant | None],
) -> dict[str, tuple[Admission, ...]]:
    """The decisions of one period on each subject, where entries before `from_at` are as they were.

    `now` are the entries of subjects that may have others than before, `decided` what was decided on them,
    and on whoever else has entries from then on. `used_until` as for `admit`: of all others that use the
    allowance then.
    """
    before = {
        subject: [one for one in admissions if one.entry.counted_at < from_at]
        for subject, admissions in decided.items()
    }
    entries = {subject: [one.entry for one in admissions] for subject, admissions in decided.items()}
    waiting = [one for own in (entries | {**now}).values() for one in own if one.counted_at >= from_at]
    uses = [one.entry.refunded_at for own in before.values() for one in own if one.uses_at(from_at)]
    found: dict[str, list[Admission]] = {subject: [] for subject in now} | before
    for one in admit(rule, waiting, [*used_until, *uses]):
        found[one.entry.subject].append(one)
    return {subject: tuple(own) for subject, own in found.items()}


def most_that_use(rule: QuotaRule) -> int | None:
    """Of so many that use an allowance nothing is left for others, whatever is refunded; None: of no number.

    Where more than the allowance is let in, it takes as many refunds before there is room again.
    """
    return None if rule.overflow == "charged" and rule.refund != "never" else rule.allow


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
    let_in = (one.entry for one in admissions if one.is_let_in)
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
