"""Cadences and the hours of those who keep them."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.facts.fact_types import OPENING
from upheld.core.terms.agreement import ClockRule
from upheld.core.timeline.instant import format_duration
from upheld.core.timeline.words import plural
from upheld.core.values.finding import Finding, Severity
from upheld.language.lint.conditions import can_hold, domains_of
from upheld.language.lint.fields import concept_of, field_of, finding, named, nearest
from upheld.language.lint.hours import day_lengths, is_always_open, longest_closure
from upheld.language.targets import Counted, Decided, counted, still_open
from upheld.language.whole import PlanText, Whole


def cadence_longer_than_day(whole: Whole) -> Iterator[Finding]:
    """Rounds longer than a day of the calendar in whose hours they are due."""
    for plan in whole.plans:
        for clock in _cadences(plan):
            each, on = (field_of(plan, "every", clock.name, name) for name in ("each", "on"))
            for amount, name in dict.fromkeys((one.amount, one.calendar) for one in counted(clock)):
                hours = clock.hours if is_always_open(plan, name) else name
                if hours is None or amount.kind != "time" or is_always_open(plan, hours):
                    continue
                longest = day_lengths(plan, hours)[-1]
                if amount.count <= longest:
                    continue
                what = (
                    "every round ends outside its hours or after a night, and waits for an opening"
                    if hours != name
                    else f"a round takes {_days(int(amount.count), longest)} of its days"
                )
                message = (
                    f"`{clock.name}` is due every {amount}, longer than a day of `{hours}` "
                    f"({format_duration(longest)}): {what}"
                )
                severity: Severity = "note" if each.readings or on.readings else "warning"
                places = [each.place, on.place if on.node else None]
                way_out = f"promise an update at least every {format_duration(longest)}, or in business days"
                yield finding(severity, "cadence-longer-than-day", message, places, way_out)


def _days(length_us: int, day_us: int) -> str:
    tenths = (length_us * 10 + day_us - 1) // day_us
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def cadence_unwatched(whole: Whole) -> Iterator[Finding]:
    """Rounds that run around the clock, where everything else waits for office hours."""
    for plan in whole.plans:
        for clock in _cadences(plan):
            if clock.hours is not None:
                continue
            for one in counted(clock):
                if one.is_limit and one.amount.kind == "time" and is_always_open(plan, one.calendar):
                    yield from _unwatched(plan, clock, one)


def _unwatched(plan: PlanText, clock: ClockRule, one: Counted) -> Iterator[Finding]:
    beside = list(_beside(plan, clock, one))
    if not beside or any(is_always_open(plan, calendar) for _, calendar in beside):
        return
    closures = {calendar: longest_closure(plan, calendar) for _, calendar in beside}
    shortest = min(closures, key=lambda name: closures[name])
    if closures[shortest] <= one.amount.count:
        return
    others = {other.name: other for other, _ in beside}
    message = (
        f"`{clock.name}` is due every {one.amount} around the clock, and {named(others)} "
        f"{plural(len(others), 'waits', 'wait')} for {named(closures)}, closed for up to "
        f"{format_duration(closures[shortest])}"
    )
    places = [nearest(plan, "every", clock.name, "each", *_path(one)).place]
    places += [field_of(plan, concept_of(other), name, "on").place for name, other in others.items()]
    way_out = f"say `on: {shortest}`, or `hours: {shortest}`, or staff the night"
    yield finding("warning", "cadence-unwatched", message, places, way_out)


def _path(one: Counted) -> list[str]:
    """The values under which a target stands in its row."""
    return [value for value in one.reached.decided.values() if isinstance(value, str)]


def update_before_response(whole: Whole) -> Iterator[Finding]:
    """Cadences whose first round ends before the first answer is due."""
    for plan in whole.plans:
        for clock in _cadences(plan):
            if any(match.types != {OPENING[clock.of]} for match in clock.starts):
                continue
            for one in counted(clock):
                for other, late in _responses(plan, clock, one):
                    message = (
                        f"the first round of `{clock.name}` ends after {one.amount}, and `{other.name}` is "
                        f"due after {late.amount}: the update would have to come before the answer"
                    )
                    places = [
                        nearest(plan, "every", clock.name, "each", *_path(one)).place,
                        nearest(plan, concept_of(other), other.name, "within", *_path(one)).place,
                    ]
                    way_out = "begin the rounds with the first answer: `from: answered`"
                    yield finding("warning", "update-before-response", message, places, way_out)


def _responses(plan: PlanText, clock: ClockRule, one: Counted) -> Iterator[tuple[ClockRule, Counted]]:
    """The answers that are due later than the first round, counted on the same calendar."""
    for other in plan.terms.clocks:
        is_response = other.of == clock.of and not other.is_cadence and set(other.stops) & set(clock.again)
        if not is_response or set(other.starts) != set(clock.starts):
            continue
        for late in counted(other):
            is_later = late.amount.kind == one.amount.kind and late.amount.count > one.amount.count
            is_like = late.is_limit and one.is_limit and late.calendar == one.calendar
            if is_later and is_like and _meet(plan, clock, other, one, late):
                yield other, late


def _beside(plan: PlanText, clock: ClockRule, one: Counted) -> Iterator[tuple[ClockRule, str]]:
    """The other clocks of the same subjects, with the calendars on which they count."""
    for other in plan.terms.clocks:
        for late in counted(other) if other.of == clock.of and not other.is_cadence else ():
            is_its = late.reached.target.calendar or late.calendar in still_open(other.on, _both(one, late))
            if late.is_limit and is_its and _meet(plan, clock, other, one, late):
                yield other, late.calendar


def _both(one: Counted, late: Counted) -> Decided:
    """What is decided for a subject that has both; a value says more than what it is not."""
    values = {name: by for name, by in late.reached.decided.items() if isinstance(by, str)}
    return {**late.reached.decided, **one.reached.decided, **values}


def _meet(plan: PlanText, clock: ClockRule, other: ClockRule, one: Counted, late: Counted) -> bool:
    """Whether one subject can have both: their conditions, and the values that led to their targets."""
    domains = domains_of(plan.terms, clock.of)
    for name, by in (*one.reached.decided.items(), *late.reached.decided.items()):
        among = domains.get(name, ())
        domains[name] = tuple(v for v in among if (v == by if isinstance(by, str) else v not in by))
        if not domains[name]:
            return False
    return can_hold([clock.where, other.where, one.reached.where, late.reached.where], domains, {})


def _cadences(plan: PlanText) -> Iterator[ClockRule]:
    return (clock for clock in plan.terms.clocks if clock.is_cadence)
