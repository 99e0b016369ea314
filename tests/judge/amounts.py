"""Amounts of time on a calendar that was looked at: hours to be counted, or an instant that they name."""

from __future__ import annotations

from datetime import datetime, timedelta

from .hours import Hours, instant


def seconds_of(amount: str) -> int:
    """The seconds of `2h` or `30m`."""
    return int(amount[:-1]) * {"h": 3600, "m": 60}[amount[-1]]


def axis_seconds(amount: str, hours: Hours) -> int | None:
    """An amount as seconds that count on the calendar; None if it names an instant instead."""
    if "business day" in amount:
        if hours.business_day in ("end of day", "same time"):
            return None
        return int(amount.split(" ")[0]) * seconds_of(hours.business_day)
    return None if amount.endswith("d") else seconds_of(amount)


def named_step(amount: str, hours: Hours, anchor: int) -> int | None:
    """The step that an amount names: so many days later by the wall clock, or the n-th business day."""
    if amount.endswith("d"):
        shown = hours.shown(anchor) + timedelta(days=int(amount[:-1]))
        return hours.axis.step(instant(shown, hours.zone))
    n = int(amount.split(" ")[0])
    if hours.business_day == "end of day":
        on = hours.nth_date(anchor, n)
        return None if on is None else hours.last[on]
    # The same time: a start outside the hours is moved to the opening, an end to the closing before it.
    start = hours.next_open(anchor)
    on = None if start is None else hours.nth_date(start, n)
    if start is None or on is None:
        return None
    step = hours.axis.step(instant(datetime.combine(on, hours.shown(start).time()), hours.zone))
    while not hours.open[step] and not (hours.open[step - 1] or step <= hours.first[on]):
        step -= 1
    return max(step, hours.first[on]) if not hours.open[step] else step


def counted_step(budget: int, hours: Hours, anchor: int) -> int | None:
    """The first step by whose beginning so many open steps have gone by; None if it is beyond the axis."""
    used = 0
    for step in range(anchor, hours.axis.steps):
        if used >= budget:
            return step
        used += hours.open[step]
    return None
