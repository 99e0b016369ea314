"""What happens next if nobody does anything: read from the wakes alone."""

from __future__ import annotations

from dataclasses import dataclass

from upheld.book.evaluate import Report
from upheld.core.agreement import Terms
from upheld.core.instant import Duration, Instant
from upheld.core.key import CellKey
from upheld.core.verdict import Wake


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that comes due, and how long from the instant asked about."""

    wake: Wake
    key: CellKey
    terms: Terms
    remaining_us: Duration


def due(report: Report, until_at: Instant | None = None) -> tuple[Due, ...]:
    """Every deadline, goal and period end that lies ahead, the next one first."""
    terms = {one.contract.id: one for one in report.terms if one.contract is not None}
    return tuple(
        Due(wake, key, terms[key.contract], wake.due_at - report.at)
        for wake, key in report.evaluation.wakes
        if until_at is None or wake.due_at <= until_at
    )
