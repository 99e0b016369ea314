"""Calendars in plain words: when they are open, their holidays, and what a business day of them is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from upheld.core.terms.agreement import ALWAYS, Rows, Terms, leaves
from upheld.core.timeline.calendar import Always, Calendar, Combined, WeeklyRule, Window
from upheld.core.timeline.instant import DAY
from upheld.core.timeline.opening import Rule, Week, Windows, holidays_of
from upheld.core.values.amount import Amount
from upheld.core.values.rule import Citation
from upheld.core.worked import WorkedExamples
from upheld.render.prose.conditions import quoted
from upheld.render.prose.document import Block, Grid, Section, Sentence
from upheld.render.prose.holidays import holiday
from upheld.render.prose.tongue import N_, Tongue

_DAY_S: Final = 86_400
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LEAP_YEAR: Final = 2000
"""A year that has every day."""
_TOGETHER: Final[Mapping[str, str]] = {
    "union": N_("{what} is open whenever one of these is: {parts}."),
    "intersection": N_("{what} is open while all of these are: {parts}."),
    "difference": N_("{what} is open while the first of these is and the others are not: {parts}."),
}


def hours_section(terms: Terms, tongue: Tongue, worked: WorkedExamples) -> Section:
    """When time counts; what holds of all calendars first."""
    del worked  # a calendar is shown by the clocks that run on it
    blocks = (
        Sentence(
            tongue.say(
                "Around the clock means every hour of every day. Days, months and years begin and end at "
                "midnight in {zone}, unless something else is said.",
                zone=terms.zone,
            ),
            Citation((), (), terms.beneath.get("document", ())),
        ),
        Sentence(
            tongue.say("Late is only what comes after the deadline: at that very moment it is still in time.")
        ),
    )
    named = [name for name in terms.calendars if name != ALWAYS or name in terms.calendars_cited]
    return Section(
        "hours",
        tongue.say("When time counts"),
        blocks,
        tuple(_calendar(terms.calendars[name], terms, tongue) for name in named),
    )


def _calendar(calendar: Calendar, terms: Terms, tongue: Tongue) -> Section:
    cited = terms.calendars_cited.get(calendar.name, Citation())
    said = [_opening(calendar, terms, tongue), *_holidays(calendar, tongue), *_business_day(calendar, tongue)]
    said += _at_closing(calendar, terms, tongue)
    blocks: list[Block] = [Sentence(text, cited) for text in said]
    if isinstance(calendar.rule, WeeklyRule):
        if calendar.rule.holidays:
            blocks.append(_holiday_grid(calendar, shown_years(terms, calendar), cited, tongue))
        if calendar.rule.dates:
            blocks.append(_dates_grid(calendar.rule, cited, tongue))
    return Section(f"hours-{calendar.name}", quoted(calendar.name), tuple(blocks))


# -- opening hours -----------------------------------------------------------------------------------------


def _opening(calendar: Calendar, terms: Terms, tongue: Tongue) -> str:
    rule, what = calendar.rule, quoted(calendar.name)
    if isinstance(rule, Combined):
        return _combined(rule, calendar.name, terms, tongue)
    if isinstance(rule, Always):
        return tongue.say(
            "{what} is always open. Its days are those of {zone}.", what=what, zone=rule.zone.name
        )
    if not any(rule.week):
        return tongue.say(
            "{what} is closed, but for the days that are named. Its days are those of {zone}.",
            what=what,
            zone=rule.zone.name,
        )
    text = tongue.say(
        "{what} is open {hours}, by the clock of {zone}.",
        what=what,
        hours=hours_of(rule.week, tongue),
        zone=rule.zone.name,
    )
    if any(rule.breaks):
        text += " " + tongue.say("There is a break {hours}.", hours=hours_of(rule.breaks, tongue))
    return text


def _combined(rule: Combined, name: str, terms: Terms, tongue: Tongue) -> str:
    parts = [_part(part, name, terms, tongue) for part in rule.parts]
    text = tongue.say(_TOGETHER[rule.op], what=quoted(name), parts="; ".join(parts))
    return f"{text} {tongue.say('Its days are those of {zone}.', zone=rule.zone.name)}"


def _part(rule: Rule, whole: str, terms: Terms, tongue: Tongue) -> str:
    """A calendar by its name, if it has one of its own; else its hours."""
    for name, calendar in terms.calendars.items():
        if name not in (whole, ALWAYS) and calendar.rule == rule:
            return quoted(name)
    if isinstance(rule, WeeklyRule):
        return tongue.say("{hours} ({zone})", hours=hours_of(rule.week, tongue), zone=rule.zone.name)
    return tongue.say("around the clock")


def hours_of(week: Week, tongue: Tongue) -> str:
    """Hours of the week: Monday to Thursday from 08:30 to 17:00 and Friday from 08:30 to 16:00."""
    days = tongue.days_of_week()
    told = []
    for windows, same in groupby(range(7), key=lambda n: week[n]):
        numbers = list(same)
        if not windows:
            continue
        first, last = days[numbers[0]], days[numbers[-1]]
        hours = windows_of(windows, tongue)
        if len(numbers) == 7:
            told.append(tongue.say("every day {hours}", hours=hours))
        elif len(numbers) == 1:
            told.append(tongue.say("on {day} {hours}", day=first, hours=hours))
        elif len(numbers) == 2:
            told.append(tongue.say("on {first} and {last} {hours}", first=first, last=last, hours=hours))
        else:
            told.append(tongue.say("from {first} to {last} {hours}", first=first, last=last, hours=hours))
    return tongue.listed(told)


def windows_of(windows: Windows, tongue: Tongue) -> str:
    """The windows of one day: from 09:00 to 12:00 and from 13:00 to 17:00; closed if there is none."""
    return tongue.listed([_window(one, tongue) for one in windows]) if windows else tongue.say("closed")


def _window(window: Window, tongue: Tongue) -> str:
    if (window.start_s, window.end_s) == (0, _DAY_S):
        return tongue.say("all day")
    opens, closes = tongue.clock(window.start_s), tongue.clock(window.end_s)
    if window.end_s > _DAY_S:
        return tongue.say("from {opens} to {closes} the next day", opens=opens, closes=closes)
    return tongue.say("from {opens} to {closes}", opens=opens, closes=closes)


# -- days --------------------------------------------------------------------------------------------------


def _holidays(calendar: Calendar, tongue: Tongue) -> Iterator[str]:
    rule = calendar.rule
    if not isinstance(rule, WeeklyRule):
        return
    if not rule.holidays:
        yield tongue.say("Public holidays are days like any other.")
        return
    if rule.holiday_windows:
        hours = windows_of(rule.holiday_windows, tongue)
        yield tongue.say("On the holidays below its hours are {hours} instead.", hours=hours)
    else:
        yield tongue.say("It is closed on the holidays below.")
    yield tongue.say(
        "Holidays are laid down for {first} to {last}.",
        first=str(calendar.start_year),
        last=str(calendar.end_year),
    )


def _business_day(calendar: Calendar, tongue: Tongue) -> Iterator[str]:
    day = calendar.business_day
    if day is None or (calendar.name == ALWAYS and day.hours_us == DAY):
        return
    if day.hours_us is not None:
        yield tongue.say("A business day is {length} of this time.", length=tongue.length(day.hours_us))
    elif day.sense == "end of day":
        yield tongue.say(
            "Business days are counted from the day after; the last one ends when its opening hours end."
        )
    else:
        yield tongue.say("Business days are counted to the same time of day on a later business day.")


def _at_closing(calendar: Calendar, terms: Terms, tongue: Tongue) -> Iterator[str]:
    """What becomes of a time that is used up at a closing; nothing where none is counted in open hours.

    A number of business days that names a day ends with it, whichever way the calendar shows its deadlines.
    """
    on_axis = {calendar.axis_us(one) is not None for one in _counted_on(calendar, terms)}
    if True not in on_axis or len(calendar.spans) < 2:
        return
    if calendar.closing == "next opening" and False in on_axis:
        message = N_(
            "A deadline in hours or minutes that falls at the end of the opening hours moves to the next "
            "opening; one in business days does not."
        )
    elif calendar.closing == "next opening":
        message = N_("A deadline that falls at the end of the opening hours moves to the next opening.")
    elif False in on_axis:
        message = N_(
            "A time in hours or minutes that is used up at the end of the opening hours lasts until the next "
            "opening; one in business days does not."
        )
    else:
        message = N_("A time that is used up at the end of the opening hours lasts until the next opening.")
    yield tongue.say(message)


def _counted_on(calendar: Calendar, terms: Terms) -> Iterator[Amount]:
    """The amounts that the clocks count on a calendar."""
    for clock in terms.clocks:
        names = set(leaves(clock.on))
        trees = (
            [row.target for row in clock.within.rows] if isinstance(clock.within, Rows) else [clock.within]
        )
        for target in (one for tree in trees for one in leaves(tree)):
            counted = (target.limit, target.calendar), (target.goal, target.goal_calendar or target.calendar)
            for amount, named in counted:
                if amount is None or calendar.name not in ({named} if named else names):
                    continue
                # Where `on` has rows as well, not every amount meets every calendar.
                if amount.kind != "business days" or calendar.business_day is not None:
                    yield amount


def shown_years(terms: Terms, calendar: Calendar) -> Sequence[int]:
    """The years of which the holidays are shown: all from the contract's, or the version's, on."""
    told = _YEAR.search(terms.version)
    if terms.contract is not None:
        first = terms.contract.from_on.year
    else:
        first = int(told.group()) if told else calendar.start_year
    first = min(max(first, calendar.start_year), calendar.end_year)
    return range(first, calendar.end_year + 1)


def _holiday_grid(calendar: Calendar, years: Sequence[int], cited: Citation, tongue: Tongue) -> Grid:
    names = holidays_of(calendar.rule)
    rows: dict[str, list[date]] = {}
    for on in sorted((on for on in names if on.year in years), key=lambda on: (on.month, on.day)):
        rows.setdefault(names[on], []).append(on)
    return Grid(
        tongue.say(
            "Holidays of {what}, from {first} to {last}",
            what=quoted(calendar.name),
            first=str(years[0]),
            last=str(years[-1]),
        ),
        (tongue.say("Holiday"), tongue.say("When")),
        tuple((holiday(name, tongue), _days(sorted(days), years, tongue)) for name, days in rows.items()),
        cited,
    )


def _days(days: Sequence[date], years: Sequence[int], tongue: Tongue) -> str:
    """The days of a holiday: one that most years have, and those of the others; or every day by itself."""
    each_year = {on.year: on for on in days}
    (month, day), count = Counter((on.month, on.day) for on in days).most_common(1)[0]
    if len(days) != len(years) or len(each_year) != len(years) or 2 * count <= len(years):
        return tongue.listed(map(tongue.day, days))
    usual = tongue.day_of_year(date(_LEAP_YEAR, month, day))
    others = [on for on in days if (on.month, on.day) != (month, day)]
    if not others:
        return usual
    return tongue.say("{day}, but {others}", day=usual, others=tongue.listed(map(tongue.day, others)))


def _dates_grid(rule: WeeklyRule, cited: Citation, tongue: Tongue) -> Grid:
    return Grid(
        tongue.say("Days with hours of their own"),
        (tongue.say("Day"), tongue.say("Hours")),
        tuple((tongue.on(on), windows_of(windows, tongue)) for on, windows in sorted(rule.dates.items())),
        cited,
    )
