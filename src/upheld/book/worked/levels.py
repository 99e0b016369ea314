"""Examples of measured levels: what may fail in each period of a year, the most that keeps one, one more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from upheld.book.worked.failing import Failing
from upheld.book.worked.observed import MadeUp
from upheld.book.worked.stage import Stage
from upheld.core.measuring.level import kept
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import DAY
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.worked import WorkedBudget, WorkedLevel
from upheld.render.measures import budget


def level_examples(stage: Stage, commit: CommitRule) -> Iterator[WorkedLevel]:
    """What one level comes to; nothing where none is promised."""
    if commit.level is None:
        return
    failing = Failing(stage, commit)
    lost = failing.first(lambda verdict: verdict.is_late, _ratio(commit))
    if lost is None or (verdict := failing.verdict(lost)) is None:
        return
    before = failing.verdict(lost - 1) if lost else None
    well = None
    if before is not None and before.state == "met":
        well = failing.failure(lost - 1, before), before
    yield WorkedLevel(
        commit.name,
        failing.component,
        "count" if failing.counts_items else "time",
        failing.period,
        tuple(_budgets(stage, commit, failing)),
        well,
        (failing.failure(lost, verdict), verdict),
    )


def _ratio(commit: CommitRule) -> Fraction | None:
    level = commit.level
    return kept(level, commit.compare).value if level is not None and level.unit == "ratio" else None


def _budgets(stage: Stage, commit: CommitRule, failing: Failing) -> Iterator[WorkedBudget]:
    """What may fail in each period of the year, if all of it is observed and nothing is excluded."""
    if failing.counts_items:
        return
    zone = commit.period.zone
    year = zone.date_at(failing.period.start_at).year
    start_at, end_at = zone.day_start(date(year, 1, 1)), zone.day_start(date(year + 1, 1, 1))
    periods = commit.period.periods_between(start_at, end_at)
    whole = [one for one in periods if one.start_at >= start_at and one.end_at <= end_at]
    alone = failing.on_stage.in_force_from(date(year - 1, 12, 31))
    alone = alone.on(replace(alone.terms, remedies=(), clocks=()))
    found = alone.evaluate((), end_at + DAY, MadeUp())
    for period in whole:
        outcome = found.outcomes.get(CellKey(stage.contract.id, commit.name, period.label))
        for verdict in outcome.verdicts[:1] if outcome else ():
            measured = verdict.measurement
            if measured is None or measured.unit != "time":  # a mean of shares allows no length of time
                continue
            allowed = budget(measured, commit.level, commit.compare)
            if allowed is not None:
                edge = allowed.is_below_edge
                yield WorkedBudget(period, allowed.allowed + edge, not edge)
