"""Calendars that are combined of others: none of itself, of a bounded number, and open at some time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from upheld.core.timeline.instant import DAY, day_instant
from upheld.core.timeline.opening import Rule, combined, open_spans
from upheld.core.timeline.spans import Spans
from upheld.language.calendars import Calendars, CalendarText
from upheld.language.parts import MOST_NAMED, bottom_up, chain
from upheld.language.report import Report

MOST_COMBINED: Final = 100
"""Calendars of which one is made, those of its parts counted, too: all are laid out for its hours."""


def order_of(texts: Mapping[str, CalendarText], report: Report) -> tuple[str, ...]:
    """The names of calendars, each behind its parts; none if some rest on each other or on too many.

    Either is told.
    """
    order, cycles = bottom_up({name: text.parts for name, text in texts.items()})
    for cycle in cycles:
        place, *also = [texts[name].place for name in cycle[:MOST_NAMED]]
        message = f"calendars are combined of each other: {chain(cycle)}"
        report.error("calendar-cycle", message, place, "give one of them hours of its own", *also)
    if cycles:
        return ()
    sizes: dict[str, int] = {}
    for name in order:
        text = texts[name]
        sizes[name] = size = sum(1 + sizes.get(part, 0) for part in text.parts)
        if size > MOST_COMBINED:
            message = (
                f"`{name}` is combined of more than {MOST_COMBINED} calendars, those of its parts counted"
            )
            way_out = "give one of its parts the hours that it comes to"
            report.error("too-many-nodes", message, text.place, way_out)
            return ()
    return order


def tell_impossible(calendars: Calendars, order: tuple[str, ...], report: Report) -> None:
    """Combinations that are never open in an ordinary fortnight of their hours, holidays apart."""
    opened: dict[str, Spans] = {}
    for name in order:
        text = calendars.text(name)
        if text.op:
            for part in text.parts:
                if part not in opened:  # no combination: those among the parts were opened before
                    opened[part] = _fortnight(calendars.rule(part, bare=True))
            opened[name] = combined(text.op, [opened[part] for part in text.parts])
            if not opened[name]:
                way_out = f"the hours of {', '.join(text.parts)} leave nothing"
                report.warn("never-open", f"the calendar `{name}` is never open", text.place, way_out)


def _fortnight(rule: Rule) -> Spans:
    """When hours are open in the same fortnight for all zones, which holds a week of each."""
    start_at = day_instant(date(rule.zone.start_year, 6, 1))
    return open_spans(rule, start_at, start_at + 14 * DAY)
