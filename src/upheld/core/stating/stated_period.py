"""The period of a statement: a calendar month, quarter or year, and which verdicts belong to it.

A verdict belongs to the period in which it was decided, so that each decision stands in one month, one
quarter and one year, and a year is the sum of its months. What is not decided yet stands, as open, in every
period that it shares time with.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period, PeriodKind, PeriodRule
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.verdict import OPEN, Verdict

_LABELS: Final[tuple[tuple[PeriodKind, re.Pattern[str]], ...]] = (
    ("calendar month", re.compile(r"(?!0000)(\d{4})-(0[1-9]|1[0-2])", re.ASCII)),
    ("calendar quarter", re.compile(r"(?!0000)(\d{4})-Q([1-4])", re.ASCII)),
    ("calendar year", re.compile(r"(?!0000)(\d{4})", re.ASCII)),
)
_WHOLE: Final = frozenset({"measurement", "quota", "obligation", "covenant"})
"""Kinds of verdicts that are about a period, and decided at its end."""


def kind_of(label: str) -> PeriodKind | None:
    """The kind of period that a label names (2026-06, 2026-Q2, 2026); None if it names none."""
    return next((kind for kind, pattern in _LABELS if pattern.fullmatch(label)), None)


def stated_period(label: str, zone: Zone) -> Period:
    """The period of a label in the civil time of a zone. ValueError if it names none; BeyondHorizon."""
    kind = kind_of(label)
    if kind is None:
        raise ValueError(f"`{label[:40]}` is no month (2026-06), quarter (2026-Q2) or year (2026)")
    year, month = int(label[:4]), 1
    if kind == "calendar month":
        month = int(label[5:])
    elif kind == "calendar quarter":
        month = 3 * int(label[6:]) - 2
    return PeriodRule(kind, zone).period_at(zone.day_start(date(year, month, 1)))


def months_of(period: Period, zone: Zone) -> list[Period]:
    """The calendar months of a period."""
    return PeriodRule("calendar month", zone).periods_between(period.start_at, period.end_at)


def decided_at(verdict: Verdict) -> Instant | None:
    """When a verdict was decided: a period's at its end, a late clock's when it became late, another's when
    it stopped or, if it never ran, when it would have begun. None: it is not decided."""
    if verdict.state in OPEN:
        return None
    if verdict.kind in _WHOLE and verdict.due_at is not None:
        return verdict.due_at - 1
    if verdict.is_late and verdict.late_after_at is not None:
        return verdict.late_after_at
    for at in (verdict.stopped_at, verdict.started_at, verdict.due_at):
        if at is not None:
            return at
    return None


def belongs(verdict: Verdict, period: Period, known_at: Instant) -> bool:
    """Whether a verdict stands in the statement of a period; `known_at` is when an undated one was told."""
    at = decided_at(verdict)
    if at is not None:
        return period.start_at <= at < period.end_at
    start_at = verdict.started_at if verdict.started_at is not None else known_at
    if verdict.state not in OPEN:
        return period.start_at <= start_at < period.end_at
    if verdict.kind in _WHOLE and verdict.due_at is not None:
        return start_at < period.end_at and period.start_at < verdict.due_at
    return start_at < period.end_at
