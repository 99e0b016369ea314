"""Parameters of queries, as texts that are read here, so that a fault is told like any other."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from ninja import Query

from upheld.api.problems import invalid, wrong_parameter
from upheld.book.due_answer import horizon_end
from upheld.core.timeline.instant import DAY, Instant, parse_instant
from upheld.core.values.finding import Finding

MOST_AHEAD: Final = 400 * DAY
LARGEST: Final = 2**53

At: TypeAlias = Annotated[
    str | None,
    Query(description="The instant asked about (default: now).", format="date-time"),
]
KnownAt: TypeAlias = Annotated[
    int | None,
    Query(ge=0, le=LARGEST, description="Only facts up to this position (default: all)."),
]
Contract: TypeAlias = Annotated[str | None, Query(min_length=1, description="Only this contract.")]
Horizon: TypeAlias = Annotated[
    str | None,
    Query(description="What is due or may be lost within this time, such as 8h or 7d."),
]
After: TypeAlias = Annotated[int, Query(ge=0, le=LARGEST, description="The position to go on behind.")]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=1000, description="So many at most.")]
Fine: TypeAlias = Annotated[bool, Query(description="Whether the job did what it should.")]
Named: TypeAlias = Annotated[str, Query(min_length=1, max_length=200, description="By what name.")]
Whose: TypeAlias = Annotated[
    str | None, Query(min_length=1, max_length=200, description="Of which customer (default: of none).")
]
DryRun: TypeAlias = Annotated[bool, Query(description="Only tell what would change.")]


def instant_asked(text: str | None, now: Instant) -> Instant:
    """The instant of `at`, or now. Ends the request for a text that is none."""
    if text is None:
        return now
    try:
        return parse_instant(text)
    except ValueError as fault:
        raise invalid([_wrong("at", "bad-instant", str(fault))]) from None


def until_asked(text: str | None, at: Instant) -> Instant | None:
    """The end of `horizon`, or None. Ends the request for a text that is no amount, or too long a time."""
    if text is None:
        return None
    try:
        until_at = horizon_end(text, at)
    except ValueError as fault:
        raise invalid([_wrong("horizon", "bad-amount", str(fault))]) from None
    if until_at > at + MOST_AHEAD:
        raise invalid([_wrong("horizon", "bad-amount", f"this is more than {MOST_AHEAD // DAY} days")])
    return until_at


def _wrong(name: str, code: str, message: str) -> Finding:
    return wrong_parameter(code, name, message)
