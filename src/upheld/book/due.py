"""What happens next if nobody does anything: from the wakes, and from where running periods are going."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from upheld.book.evaluate import Report
from upheld.book.forecast import Forecasts
from upheld.core.clocks.counting import Counter
from upheld.core.forecasting.forecast import Forecast, bare_forecast
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Verdict, Wake

RISK: Final = Fraction(1, 20)
"""A level that may be lost within a horizon is told from this chance on."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that comes due, and how long from the instant asked about."""

    wake: Wake
    key: CellKey
    terms: Terms
    remaining_us: Duration
    chance: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """A level that may be lost by `until_at`, and around when it is if it is (`at`)."""

    at: Instant
    key: CellKey
    terms: Terms
    remaining_us: Duration
    chance: Fraction
    until_at: Instant


def due(report: Report, until_at: Instant | None = None) -> tuple[Due, ...]:
    """Every deadline, goal and period end that lies ahead, the next one first."""
    terms = {one.contract.id: one for one in report.terms if one.contract is not None}
    return tuple(
        Due(wake, key, _under(report, terms[key.contract], key), wake.due_at - report.at)
        for wake, key in report.evaluation.wakes
        if until_at is None or wake.due_at <= until_at
    )


def _under(report: Report, terms: Terms, key: CellKey) -> Terms:
    """The terms of the plan that the newest verdict of a cell is under."""
    verdicts = report.evaluation.outcomes[key].verdicts
    return terms.under(verdicts[-1].plan) if verdicts else terms


def ahead(report: Report, found: Forecasts, until_at: Instant) -> tuple[Due | Risk, ...]:
    """What is due up to an instant and what may be lost by then, in one order, the next one first.

    Deadlines come with the chance that they are missed, ends of measured periods with that of the level.
    A level that can no longer be reached is no risk any more.
    """
    late = {one.key: one.chance for _, _, one in found.deadlines}
    running = [(terms, one) for _, terms, one in found.measured if one.resamples]
    lost: dict[CellKey, Fraction] = {}
    for _, one in running:
        if one.chance is not None:
            # A period has one wake for all its components: the likeliest of them tells it.
            lost[_cell(one.key)] = max(lost.get(_cell(one.key), Fraction(0)), one.chance)
    coming: list[Due | Risk] = [
        Due(
            one.wake,
            one.key,
            one.terms,
            one.remaining_us,
            {"limit": late, "period end": lost}.get(one.wake.what, {}).get(one.key),
        )
        for one in due(report, until_at)
    ]
    coming += _risks(report.at, running, until_at)
    return tuple(sorted(coming, key=_order))


def merged(found: Sequence[Due | Risk], more: Sequence[Due]) -> tuple[Due | Risk, ...]:
    """Two lists of what lies ahead in one order, the next one first."""
    return tuple(sorted([*found, *more], key=_order))


def _risks(at: Instant, running: list[tuple[Terms, Forecast]], until_at: Instant) -> Iterator[Risk]:
    for terms, one in running:
        by_at = min(until_at, one.period.end_at)
        chance = one.chance_by(by_at)
        lost_at = one.lost_around(by_at)
        if chance is not None and lost_at is not None and (chance >= RISK or one.state == "at risk"):
            yield Risk(lost_at, one.key, terms, lost_at - at, chance, by_at)


def _cell(key: CellKey) -> CellKey:
    """The cell of a figure: of those of each component, that of the whole period."""
    return key._replace(subject=key.subject.partition("/")[0])


def _order(one: Due | Risk) -> tuple[Instant, bool, CellKey, str]:
    if isinstance(one, Risk):
        return one.at, True, one.key, ""
    return one.wake.due_at, False, one.key, one.wake.what


# -- how much is used --------------------------------------------------------------------------------------


def shares_used(report: Report, found: Sequence[Due | Risk]) -> tuple[Fraction | None, ...]:
    """Of each thing, how much is used of its time until then, of its allowance, or of its error budget.

    Above 1 where too much has failed already; None where nothing says how much there is, or it is nothing.
    """
    running: dict[CellKey, list[Verdict]] = {}
    for _, _, verdict in report.numbered():
        if verdict.is_open:
            running.setdefault(_cell(verdict.key), []).append(verdict)
    return tuple(_used(one, running.get(_cell(one.key), ()), report.at) for one in found)


def _used(one: Due | Risk, running: Sequence[Verdict], at: Instant) -> Fraction | None:
    of_it = [verdict for verdict in running if one.key in (verdict.key, _cell(verdict.key))]
    shares = (_share(one, verdict, at) for verdict in of_it)
    return max((share for share in shares if share is not None), default=None)


def _share(one: Due | Risk, verdict: Verdict, at: Instant) -> Fraction | None:
    if verdict.measurement is not None:
        commit = one.terms.rule(verdict.key.commitment)
        assert isinstance(commit, CommitRule)
        budget = bare_forecast(verdict, commit, at).budget
        return None if budget is None else budget.share
    if verdict.kind == "quota":
        return Fraction(verdict.count or 0, verdict.allowed) if verdict.allowed else None
    due_at = one.wake.due_at if isinstance(one, Due) else one.at
    if due_at not in (verdict.due_at, verdict.goal_at):
        return None
    if verdict.anchor_at is not None and not verdict.hours:
        counter = Counter(one.terms.calendars[verdict.calendar], verdict.anchor_at, verdict.pauses)
        used_us, whole_us = counter.elapsed(at), counter.elapsed(due_at)
    elif (start_at := verdict.anchor_at or verdict.started_at) is not None:
        used_us, whole_us = at - start_at, due_at - start_at
    else:
        return None
    return Fraction(used_us, whole_us) if whole_us > 0 else None
