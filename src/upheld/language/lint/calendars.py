"""Calendars and the amounts counted on them: what is left unsaid, and what does not mean what it seems to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from upheld.core.terms.agreement import ALWAYS, ClockRule, SubjectKind
from upheld.core.timeline.instant import DAY, HOUR, Duration, format_duration
from upheld.core.timeline.words import count, plural
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr, Literal, Shift, calendars_in, parts
from upheld.core.values.finding import Finding, Place
from upheld.language.calendars import AROUND_THE_CLOCK
from upheld.language.lint.fields import amounts_field, concept_of, field_of, finding, named, says
from upheld.language.lint.hours import calendars_of, day_lengths, is_always_open
from upheld.language.targets import counted
from upheld.language.whole import PlanText, Whole


def undefined_calendar(whole: Whole) -> Iterator[Finding]:
    """Clocks that name no calendar, where others like them do, or where business days are counted."""
    for plan in whole.plans:
        named_by: dict[str, dict[str, Place]] = {}
        for clock in plan.terms.clocks:
            if clock.within is not None and not says(plan, concept_of(clock), clock.name, "on"):
                if clock.of not in named_by:
                    named_by[clock.of] = _calendars_named(plan, clock.of)
                yield from _without_calendar(plan, clock, named_by[clock.of])


def _calendars_named(plan: PlanText, of: SubjectKind) -> dict[str, Place]:
    """The calendars on which clocks of this kind of subject say that they count, and where."""
    return {
        name: field_of(plan, concept_of(clock), clock.name, "on").place
        for clock in plan.terms.clocks
        if clock.of == of and says(plan, concept_of(clock), clock.name, "on")
        for name in dict.fromkeys(one.calendar for one in counted(clock))
        if not is_always_open(plan, name)
    }


def _without_calendar(plan: PlanText, clock: ClockRule, others: Mapping[str, Place]) -> Iterator[Finding]:
    amounts = [one.amount for one in counted(clock) if one.calendar == ALWAYS]
    concept = concept_of(clock)
    place = field_of(plan, concept, clock.name, amounts_field(clock)).place
    declared = calendars_of(plan).text(ALWAYS).place != AROUND_THE_CLOCK.place
    days = next((one for one in amounts if one.kind == "business days"), None)
    way_out = f"say `on: {next(iter(others), 'CALENDAR')}`"
    if days is not None and not declared:
        message = f"`{clock.name}` counts {days} on no calendar, so each is 24 h, on every day of the week"
        yield finding("warning", "undefined-calendar", message, (place, *others.values()), way_out)
    elif others and (hours := next((one for one in amounts if one.kind == "time"), None)):
        message = (
            f"`{clock.name}` names no calendar, so its {hours} run around the clock, "
            f"and others count on {named(others)}"
        )
        way_out += ", or `on: always` if that is meant"
        yield finding("warning", "undefined-calendar", message, (place, *others.values()), way_out)


def holidays_unsaid(whole: Whole) -> Iterator[Finding]:
    """Calendars on which clocks count and that say nothing of holidays."""
    for plan in whole.plans:
        for name, clocks in _counting(plan).items():
            text = calendars_of(plan).text(name)
            said = text.dates or says(plan, "calendar", name, "holidays")
            if text.week is None or said or is_always_open(plan, name):
                continue
            message = f"`{name}` says nothing of holidays, so each is a day like any other to {named(clocks)}"
            way_out = "say `holidays: {country: …}`, or `holidays: none` if it stays open"
            yield finding("warning", "holiday-set-missing", message, [text.place], way_out)


def business_day_differs(whole: Whole) -> Iterator[Finding]:
    """Business days of another length than any day on which the calendar is open."""
    for plan in whole.plans:
        used = {name for name, amounts in _amounts(plan).items() if any(_is_days(one) for one in amounts)}
        for name in calendars_of(plan):
            day, lengths = calendars_of(plan).text(name).business_day, day_lengths(plan, name)
            if name not in used or day is None or day.hours_us is None or day.hours_us in lengths:
                continue
            field = field_of(plan, "calendar", name, "business day")
            opened = " or ".join(format_duration(length) for length in lengths)
            message = (
                f"a business day of `{name}` is {format_duration(day.hours_us)}, and it opens for {opened} a "
                f"day: {_drift(day.hours_us, lengths)}"
            )
            way_out = f"say `business day: {_short(lengths[-1])}`, `end of day` or `same time`"
            yield finding(field.severity, "business-day-not-support-day", message, [field.place], way_out)


def hours_for_days(whole: Whole) -> Iterator[Finding]:
    """Whole days given in hours, on a calendar whose days are shorter."""
    for plan in whole.plans:
        for clock in plan.terms.clocks:
            for amount, name in dict.fromkeys((one.amount, one.calendar) for one in counted(clock)):
                if amount.kind == "time" and amount.count and amount.count % DAY == 0:
                    longest = day_lengths(plan, name)[-1]
                    if longest < DAY:
                        yield _hours_for_days(plan, clock, amount, name, longest)


def _hours_for_days(plan: PlanText, clock: ClockRule, amount: Amount, name: str, day_us: Duration) -> Finding:
    field = field_of(plan, concept_of(clock), clock.name, amounts_field(clock))
    days, rest = divmod(int(amount.count), day_us)
    more = f" and {format_duration(rest)}" if rest else ""
    meant = int(amount.count) // DAY
    message = (
        f"{amount} of `{clock.name}` on `{name}` {plural(days, 'is', 'are')} {count(days, 'day')} of "
        f"{format_duration(day_us)}{more}, "
        f"not {meant}"
    )
    way_out = (
        f"write `{Amount('business days', meant)}` if that is meant; count on `always` if real hours are"
    )
    return finding(field.severity, "hours-for-days", message, [field.place], way_out)


# -- what is counted on ------------------------------------------------------------------------------------


def _counting(plan: PlanText) -> Mapping[str, list[str]]:
    """The calendars that clocks count on, or are combined of, with the names of those clocks."""
    found: dict[str, list[str]] = {}
    for clock in plan.terms.clocks:
        names = [one.calendar for one in counted(clock)]
        names += [] if clock.due is None else sorted(calendars_in(clock.due))
        names += [clock.hours] if clock.hours else []
        while names:
            name = names.pop(0)
            if clock.name not in found.setdefault(name, []):
                found[name].append(clock.name)
                names += calendars_of(plan).text(name).parts
    return found


def _amounts(plan: PlanText) -> Mapping[str, list[Amount]]:
    """Every amount that clocks count, by calendar."""
    found: dict[str, list[Amount]] = {}
    for clock in plan.terms.clocks:
        for one in counted(clock):
            found.setdefault(one.calendar, []).append(one.amount)
        for amount, name in _shifted(clock.due) if clock.due is not None else ():
            found.setdefault(name, []).append(amount)
    return found


def _shifted(expr: Expr) -> Iterator[tuple[Amount, str]]:
    match expr:
        case Shift(amount=Literal(Amount() as amount), calendar=str(name)):
            yield amount, name
    for part in parts(expr):
        yield from _shifted(part)


def _is_days(amount: Amount) -> bool:
    return amount.kind == "business days"


def _drift(hours_us: Duration, lengths: tuple[Duration, ...]) -> str:
    """What one business day does to the time of day."""
    if len(lengths) > 1:
        return "no day is one business day"
    by, way = abs(lengths[0] - hours_us), "earlier" if hours_us < lengths[0] else "later"
    return f"each ends {format_duration(by)} {way} in the day than it began"


def _short(length_us: Duration) -> str:
    hours, rest = divmod(length_us, HOUR)
    return f"{hours}h" if not rest else str(Amount("time", length_us))
