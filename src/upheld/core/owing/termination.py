"""Rights to terminate: from when until when one may be used, whether it was, and when the contract ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.remedy import Exercise, RemedyRule
from upheld.core.timeline.calendar import Calendar
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit

GIVEN = "contract.termination_given"

RightState = Literal["open", "used", "lapsed", "running", "undetermined"]
"""`running`: it is not decided whether the right arises. `used`: notice was given in time."""


@dataclass(frozen=True, slots=True)
class Right:
    """The right to terminate that one period gave.

    It may be used from `from_at` to `until_at` (None: whenever), both included. `given_at` is when notice was
    given, in time or not; `ends_at` when the contract ends for it or, while it is open, when it would end if
    notice were given at the instant asked about. `early_at` is the last notice before `from_at`, where none
    came later: it uses no right that was not there yet.
    """

    key: CellKey
    commitment: str
    state: RightState
    from_at: Instant
    until_at: Instant | None
    given_at: Instant | None = None
    ends_at: Instant | None = None
    facts: tuple[FactRef, ...] = ()
    early_at: Instant | None = None


def right_of(
    remedy: RemedyRule,
    credit: Credit,
    from_at: Instant,
    facts: Sequence[Fact],
    calendars: Mapping[str, Calendar],
    at: Instant,
) -> Right | None:
    """The right that a credit of unit termination gives, as of `at`; None where it gives none.

    `from_at` is the end of the period; `facts` are those of the contract, in order, none later than `at`.
    The first notice at or after `from_at` counts, if it names the remedy or none. BeyondHorizon outside the
    years of a calendar.
    """
    if credit.state == "not owed":
        return None
    exercise = remedy.exercise
    until_at = None
    if exercise.within is not None:
        until_at = calendars[exercise.within_on].deadline(from_at, exercise.within)
    told = [fact for fact in facts if _gives(fact, remedy.name)]
    given = next((fact for fact in told if fact.at >= from_at), None)
    early = [fact.at for fact in told if fact.at < from_at]
    state: RightState = "open"
    if credit.state != "owed":
        state, given = "running" if credit.state == "running" else "undetermined", None
    elif given is not None and (until_at is None or given.at <= until_at):
        state = "used"
    elif until_at is not None and at > until_at:
        state = "lapsed"
    ends_at = None
    if state in ("open", "used"):
        told_at = given.at if given is not None else max(at, from_at)
        ends_at = _ends_at(exercise, calendars, told_at)
    return Right(
        key=credit.key,
        commitment=credit.commitment,
        state=state,
        from_at=from_at,
        until_at=until_at,
        given_at=None if given is None else given.at,
        ends_at=ends_at,
        facts=credit.facts if given is None else (*credit.facts, FactRef(given.source, given.id)),
        early_at=early[-1] if early and given is None else None,
    )


def _gives(fact: Fact, remedy: str) -> bool:
    return (
        fact.type == GIVEN
        and fact.data.get("verified") is not False
        and fact.data.get("by", "customer") == "customer"
        and fact.data.get("remedy") in (None, remedy)
    )


def _ends_at(exercise: Exercise, calendars: Mapping[str, Calendar], told_at: Instant) -> Instant:
    """The first instant after the contract: a day that has begun when the notice has passed is its last."""
    zone, over_at = calendars[ALWAYS].rule.zone, told_at
    if exercise.notice is not None:
        over_at = calendars[exercise.notice_on].deadline(told_at, exercise.notice)
    if exercise.ends == "month":
        month = PeriodRule("calendar month", zone).period_at(over_at)
        return over_at if month.start_at == over_at else month.end_at
    on = zone.date_at(over_at)
    start_at = zone.day_start(on)
    return over_at if start_at == over_at else zone.day_start(on.fromordinal(on.toordinal() + 1))
