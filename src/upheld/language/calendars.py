"""Calendars of an agreement: read at once, with every fault told; compiled only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from upheld.core.terms.agreement import ALWAYS
from upheld.core.timeline.calendar import (
    Always,
    BusinessDay,
    Calendar,
    Closing,
    Combined,
    WeeklyRule,
)
from upheld.core.timeline.instant import DAY, HOUR, DurationError, parse_duration
from upheld.core.timeline.opening import CLOSED_WEEK, Rule, Week, Window, Windows
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation
from upheld.language.concepts import Field, part
from upheld.language.hours import LONGEST, HoursError, parse_day_windows, parse_hours
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import Report, inside
from upheld.language.rows import Row, date_of, entries, is_none, read_row, scalar, texts
from upheld.language.world import HolidaySet, World

_DAY_S = 86_400
_WEEK_S = 7 * _DAY_S
COMBINATIONS = ("union", "intersection", "difference")


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which days are holidays, and the hours on them."""

    generated: HolidaySet | None = None
    added: Mapping[date, str] = field(default_factory=dict)
    removed: frozenset[date] = frozenset()
    windows: Windows = ()


@dataclass(frozen=True, slots=True)
class CalendarText:
    """A calendar as the agreement says it. Either `week` or `op` with `parts`; neither: around the clock.

    Without a zone it is local to the contract's, else the document's; a combined one, to its first part's.
    """

    name: str
    place: Place
    zone: str = ""
    week: Week | None = None
    breaks: Week = CLOSED_WEEK
    holidays: Holidays = Holidays()
    dates: Mapping[date, Windows] = field(default_factory=dict)
    op: str = ""
    parts: tuple[str, ...] = ()
    business_day: BusinessDay | None = None
    closing: Closing = "stay"
    cited: Citation = field(default_factory=Citation)


AROUND_THE_CLOCK = CalendarText(ALWAYS, Place("the language"), business_day=BusinessDay("hours", DAY))


class Calendars(Mapping[str, Calendar]):
    """The calendars of resolved terms by name; each is compiled on first use and kept."""

    def __init__(self, texts: Mapping[str, CalendarText], zone: str, world: World) -> None:
        self._texts = texts
        self._zone = zone
        self._world = world
        self._compiled: dict[str, Calendar] = {}

    def __getitem__(self, name: str) -> Calendar:
        found = self._compiled.get(name)
        if found is None:
            text = self._texts[name]
            found = self._world.calendar(name, self.rule(name), text.business_day, text.closing)
            self._compiled[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, name: str) -> CalendarText:
        """The calendar as the agreement says it."""
        return self._texts[name]

    def rule(self, name: str, bare: bool = False) -> Rule:
        """The rule of a calendar; a bare one has no holidays and no dates of its own."""
        text = self._texts[name]
        if text.op:
            parts = tuple(self.rule(part, bare) for part in text.parts)
            zone = self._world.zone(text.zone) if text.zone else parts[0].zone
            return Combined(text.op, parts, zone)  # type: ignore[arg-type]  # one of COMBINATIONS
        zone = self._world.zone(text.zone or self._zone)
        if text.week is None:
            return Always(zone)
        if bare:
            return WeeklyRule(zone, text.week, text.breaks)
        days = text.holidays
        found = dict(self._world.holidays(days.generated)) if days.generated else {}
        found |= days.added
        kept = {on: name for on, name in sorted(found.items()) if on not in days.removed}
        return WeeklyRule(zone, text.week, text.breaks, kept, days.windows, text.dates)


# -- reading -----------------------------------------------------------------------------------------------


def calendar_of(row: Row, values: dict[str, Any], cited: Citation, report: Report) -> CalendarText:
    """The calendar that a row says."""
    op = next((op for op in COMBINATIONS if op in values), "")
    if op:
        _tell_strangers(row, op, report)
    text = CalendarText(
        name=row.name,
        place=row.place,
        zone=values.get("zone") or "",
        week=values.get("open"),
        breaks=values.get("breaks") or CLOSED_WEEK,
        holidays=values.get("holidays") or Holidays(),
        dates=values.get("dates") or {},
        op=op,
        parts=values.get(op) or () if op else (),
        business_day=values.get("business day")
        or (AROUND_THE_CLOCK.business_day if row.name == ALWAYS else None),
        closing=values.get("closing") or "stay",
        cited=cited,
    )
    if text.week is not None and not row.broken and not _ever_open(text):
        way_out = "check `open` against `breaks`"
        report.warn("never-open", f"the calendar `{row.name}` is never open", row.place, way_out)
    return text


def _tell_strangers(row: Row, op: str, report: Report) -> None:
    for name in ("breaks", "holidays", "dates"):
        if name in row.nodes:
            message = f"a {op} of calendars has no `{name}` of its own"
            way_out = "put it into one of the calendars that are combined"
            report.error("too-many-forms", message, row.place_of(name), way_out, row.place_of(op))


def _ever_open(text: CalendarText) -> bool:
    assert text.week is not None
    return (
        any(_left(opened, broken) for opened, broken in zip(text.week, text.breaks, strict=True))
        or any(text.dates.values())
        or bool(text.holidays.windows)
    )


def _left(opened: Windows, broken: Windows) -> bool:
    """Whether anything of a day's windows is left beside its breaks."""
    for window in opened:
        at = window.start_s
        for pause in sorted(broken):
            if pause.start_s > at:
                break
            at = max(at, pause.end_s)
        if at < window.end_s:
            return True
    return False


def hours(known: Field, node: Node, report: Report) -> Week | None:
    """Hours of the week: one text, or a list of texts that do not overlap."""
    items = node.items if isinstance(node, Sequence) else (node,)
    length = sum(len(item.text) for item in items if isinstance(item, Scalar))
    if len(items) > 1 and length > LONGEST:
        message = f"the hours of a week need no more than {LONGEST:,} characters"
        report.error("bad-hours", message, node.place, "say hours that are the same on several days once")
        return None
    parsed: list[tuple[Scalar, Week]] = []
    for item in items:
        text = scalar(known, item, report)
        if text is None:
            continue
        try:
            parsed.append((text, parse_hours(text.text)))
        except HoursError as fault:
            report.error("bad-hours", fault.message, inside(text, fault.offset), "as in Mon-Fri 09:00-17:00")
    for text in _overlapping(parsed):
        message = f"`{text.text}` overlaps the hours above it"
        report.error("bad-hours", message, inside(text, 0), "give every hour of the week once")
    mon, tue, wed, thu, fri, sat, sun = (
        tuple(sorted(window for _, week in parsed for window in week[day])) for day in range(7)
    )
    return mon, tue, wed, thu, fri, sat, sun


def _overlapping(parsed: list[tuple[Scalar, Week]]) -> list[Scalar]:
    """The texts that say hours of the week which another one above them says, too."""
    if len(parsed) < 2:
        return []  # one text alone is looked through where it is read
    placed = sorted(
        (day * _DAY_S + window.start_s, day * _DAY_S + window.end_s, n)
        for n, (_, week) in enumerate(parsed)
        for day, windows in enumerate(week)
        for window in windows
    )
    placed += [(start + _WEEK_S, end + _WEEK_S, n) for start, end, n in placed[:1]]
    found: set[int] = set()
    until, by = 0, 0
    for start, end, n in placed:
        if start < until and n != by:
            found.add(max(n, by))
        if end > until:
            until, by = end, n
    return [parsed[n][0] for n in sorted(found)]


def windows(known: Field, node: Node, report: Report) -> tuple[Window, ...]:
    """The windows of a day: `09:00-13:00`, several of them, or `closed`."""
    text = scalar(known, node, report)
    if text is None:
        return ()
    try:
        return parse_day_windows(text.text)
    except HoursError as fault:
        report.error("bad-hours", fault.message, inside(text, fault.offset), "as in 09:00-13:00, or `closed`")
        return ()


def dates(known: Field, node: Node, report: Report) -> dict[date, Windows]:
    """Days with hours of their own."""
    found: dict[date, Windows] = {}
    for key, value in entries(known, node, report):
        on = date_of(key, report)
        opened = windows(known, value, report)
        if on is not None:
            found[on] = opened
    return found


def holidays(known: Field, node: Node, report: Report, world: World) -> Holidays:
    """`none`, or the holidays of a country with days added and removed."""
    if is_none(node):
        return Holidays()
    row = read_row(part("holidays"), Scalar(known.name, node.place), node, report)
    fields = {field.name: field for field in row.concept.fields}
    country, added, removed, opened = (row.node(name) for name in ("country", "add", "remove", "open"))
    generated = _generated(row, fields, report, world) if country is not None else None
    if country is None and added is None and not row.broken:
        way_out = "name a `country`, or the days under `add`; `holidays: none` if there are none"
        report.error("missing-field", "these holidays name no day", row.place, way_out)
    return Holidays(
        generated,
        _named_days(fields["add"], added, report) if added is not None else {},
        frozenset(_days(fields["remove"], removed, report)) if removed is not None else frozenset(),
        windows(fields["open"], opened, report) if opened is not None else (),
    )


def _generated(row: Row, fields: dict[str, Field], report: Report, world: World) -> HolidaySet | None:
    country, subdivision, categories = (row.node(name) for name in ("country", "subdivision", "categories"))
    found = scalar(fields["country"], country, report) if country is not None else None
    part_of = scalar(fields["subdivision"], subdivision, report) if subdivision is not None else None
    wanted = texts(fields["categories"], categories, report) if categories is not None else ("public",)
    if found is None:
        return None
    whole = HolidaySet(found.text, part_of.text if part_of else "", wanted)
    return whole if world.has_holidays(whole, found, report) else None


def _named_days(known: Field, node: Node, report: Report) -> dict[date, str]:
    if isinstance(node, MapNode):
        found = {date_of(key, report): value for key, value in entries(known, node, report)}
        return {
            on: name.text
            for on, value in found.items()
            if on is not None and (name := scalar(known, value, report)) is not None
        }
    return dict.fromkeys(_days(known, node, report), "holiday")


def _days(known: Field, node: Node, report: Report) -> list[date]:
    if not isinstance(node, Sequence):
        report.error(
            "wrong-shape", f"`{known.name}` must be a list of days", node.place, "as in [2026-05-05]"
        )
        return []
    items = [scalar(known, item, report) for item in node.items]
    return [on for item in items if item is not None and (on := date_of(item, report)) is not None]


def business_day(known: Field, node: Node, report: Report) -> BusinessDay | None:
    """`8h`, `end of day` or `same time`."""
    text = scalar(known, node, report)
    if text is None:
        return None
    if text.text == "end of day":
        return BusinessDay("end of day")
    if text.text == "same time":
        return BusinessDay("same time")
    try:
        length_us = parse_duration(text.text)
    except DurationError as fault:
        way_out = "write a number of hours such as 8h, `end of day` or `same time`"
        report.error("bad-amount", fault.message, inside(text, fault.offset), way_out)
        return None
    if not 0 < length_us <= 24 * HOUR:
        message = f"a business day of {text.text} is not between nothing and 24 hours"
        report.error("bad-amount", message, inside(text, 0), "write its true length, such as 8h")
        return None
    return BusinessDay("hours", length_us)
