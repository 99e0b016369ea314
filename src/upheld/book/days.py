"""The days of a measured commitment: each with its partition, over the last periods."""

from __future__ import annotations

from upheld.book.evaluate import Report
from upheld.core.measuring.days import Day, days_of
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.verdicts.measurement import Measurement
from upheld.render.naming import zone_of

DAYS = 90


def days_of_commitment(
    report: Report, terms: Terms, commitment: str, until_at: Instant | None = None, count: int = DAYS
) -> dict[str, tuple[Day, ...]]:
    """The last days of each component of a commitment, up to an instant (by default that of the report).

    Nothing for what counts items: those have no stretches of time.
    """
    assert terms.contract is not None
    by_component: dict[str, list[Measurement]] = {}
    for verdict in report.evaluation.of(terms.contract.id):
        if verdict.key.commitment != commitment or verdict.measurement is None:
            continue
        for end in verdict.measurement.ends:
            if end.unit == "time":
                by_component.setdefault(end.component, []).append(end)
    zone = zone_of(terms)
    end_at = report.at if until_at is None else min(until_at, report.at)
    return {
        component: days_of(found, zone, end_at, count) for component, found in sorted(by_component.items())
    }
