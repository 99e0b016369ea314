"""What core itself says of a world that is measured: values built directly, one evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

from upheld.core.facts.fact import Fact
from upheld.core.measuring.items import measure_items
from upheld.core.measuring.latency import bucket_of
from upheld.core.measuring.measure import measure
from upheld.core.measuring.observation import Latency, Run, State, Stream
from upheld.core.measuring.question import Matter
from upheld.core.measuring.taken import Item, Taken
from upheld.core.terms.agreement import Contract, Stage, Terms
from upheld.core.terms.indicator import (
    CommitRule,
    Component,
    Exclusion,
    Indicator,
    Level,
    Signal,
    SliceRule,
)
from upheld.core.timeline.calendar import Calendar, WeeklyRule, Window, compile_calendar
from upheld.core.timeline.instant import format_instant
from upheld.core.timeline.opening import Week
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone, parse_tzif
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Expr, Literal, Shift
from upheld.core.verdicts.measurement import Measurement

from .zones import zone_bytes

Row = dict[str, Any]
World = dict[str, Any]
SECOND_US = 1_000_000
FIRST_YEAR, LAST_YEAR = 2022, 2030
PROVIDER = "Northwind"
STEP_US = 60 * SECOND_US


class Recorded:
    """The observations of a world, kept as plain lists of instants."""

    def __init__(self, world: World) -> None:
        step_us = world["step_s"] * SECOND_US
        self.checks: dict[str, list[tuple[int, int, int, int]]] = {}
        for leaf, steps in world["checks"].items():
            # Each check lies somewhere inside its step.
            self.checks[leaf] = [
                (step * step_us + step_us // 2 + n, 1, int(good), 0)
                for step, found in sorted(steps.items())
                for n, good in enumerate(found)
            ]
        self.held: dict[str, list[State]] = {
            leaf: [State(step * step_us, good, degraded) for step, good, degraded in found]
            for leaf, found in world["states"].items()
        }

    def digest(self, stream: Stream) -> str:
        """One text for all there is."""
        return "all" if stream.component in self.checks or stream.component in self.held else ""

    def _inside(
        self, stream: Stream, start: int, end: int, without: Spans
    ) -> Iterator[tuple[int, int, int, int]]:
        for row in self.checks.get(stream.component, []):
            if start <= row[0] < end and row[0] not in without:
                yield row

    def slices(
        self, stream: Stream, signal: Signal, slice_us: int, start_at: int, end_at: int,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """Every slice as a run of its own."""
        found: dict[int, list[int]] = {}
        for at, total, good, _ in self._inside(stream, start_at, end_at, without):
            sums = found.setdefault(at // slice_us, [0, 0])
            sums[0] += total
            sums[1] += good
        return tuple(Run(k, 1, total, good) for k, (total, good) in sorted(found.items()))

    def states(self, stream: Stream, signal: Signal, start_at: int, end_at: int) -> tuple[State, ...]:
        """Those inside, and the last one before."""
        held = self.held.get(stream.component, [])
        before = [state for state in held if state.at < start_at][-1:]
        return tuple(before + [state for state in held if start_at <= state.at < end_at])

    def latencies(
        self, stream: Stream, signal: Signal, start_at: int, end_at: int, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """By bucket."""
        count: dict[int, int] = {}
        for _, _, _, latency in self._inside(stream, start_at, end_at, without):
            bucket = bucket_of(latency)
            count[bucket] = count.get(bucket, 0) + 1
        return tuple(Latency(bucket, checks) for bucket, checks in sorted(count.items()))


class Stretches(PeriodRule):
    """Periods of a given list: the shorter they are, the more of a world can be looked at."""

    periods: tuple[Period, ...] = ()

    def __init__(self, zone: Zone, periods: tuple[Period, ...]) -> None:
        super().__init__("calendar month", zone)
        object.__setattr__(self, "periods", periods)

    def period_at(self, at: int) -> Period:
        """The one that holds the instant."""
        return next(period for period in self.periods if period.start_at <= at < period.end_at)

    def periods_between(self, start_at: int, end_at: int) -> list[Period]:
        """Those that share time with the stretch."""
        return [one for one in self.periods if one.start_at < end_at and one.end_at > start_at]


@cache
def zone_named(name: str) -> Zone:
    """The zone for the years of these worlds."""
    return parse_tzif(name, zone_bytes(name), FIRST_YEAR, LAST_YEAR)


@cache
def calendar_of(zone: str, name: str, days: tuple[int, ...], hours: tuple[int, int]) -> Calendar:
    """A calendar of core, open on these weekdays between these hours."""
    window = (Window(hours[0] * 3600, hours[1] * 3600),)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        window if day in days else () for day in range(7)
    )
    week: Week = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
    return compile_calendar(name, WeeklyRule(zone_named(zone), week, ((),) * 7), FIRST_YEAR, LAST_YEAR)  # type: ignore[arg-type]


def terms_of(world: World) -> Terms:
    """The world's agreement as values of core."""
    zone = zone_named(world["zone"])
    calendars = {"always": calendar_of(world["zone"], "always", tuple(range(7)), (0, 24))}
    for name, row in world["calendars"].items():
        calendars[name] = calendar_of(world["zone"], name, tuple(row["days"]), tuple(row["hours"]))
    return Terms(
        agreement="world",
        version="1",
        provider=PROVIDER,
        zone=world["zone"],
        calendars=calendars,
        contract=Contract(
            "acme",
            "Acme",
            "world",
            world["from_on"],
            until_on=world["until_on"],
            stages=tuple(Stage(one["product"], one["stage"], *one["on"]) for one in world["stages"]),
        ),
        components={
            name: Component(name, row["tie"], tuple(row["parts"]), row.get("at_least", 0))
            for name, row in world["components"].items()
        },
        signals=_signals(world),
        indicators={name: _indicator(world, name, row) for name, row in world["indicators"].items()},
        exclusions=tuple(_exclusion(world, row) for row in world["exclusions"]),
        commits=tuple(_commit(world, zone, row) for row in world["commits"]),
    )


def _signals(world: World) -> tuple[Signal, ...]:
    if world["basis"] == "incidents":
        return ()
    max_age = None if world["max_age"] is None else world["max_age"] * world["step_s"] * SECOND_US
    kind = world["basis"]
    return (Signal("probe", kind, tuple(world["leaves"]), max_age_us=max_age if kind == "states" else None),)


def _indicator(world: World, name: str, row: Row) -> Indicator:
    per = None
    if world["basis"] == "checks":
        least, of = row["good_when"]
        left = Arithmetic("/", Attribute("good"), Attribute("total"))
        good_when = Compare(">=", left, Literal(Fraction(least, of), "ratio"))
        per = SliceRule(
            world["slice"] * world["step_s"] * SECOND_US,
            good_when,
            row["run"],
            row["same_part"],
            row["minimum"],
            row["partly"],
            row["cut"],
        )
    return Indicator(
        name,
        world["basis"],
        row["of"],
        per=per,
        across=row["across"],
        at_least=row.get("at_least", 0) if row["across"] == "at least" else 0,
        weights={part: Fraction(weight) for part, weight in row["weights"].items()},
        on=row["on"],
        whole=row["whole"],
        gaps=row["gaps"],
        lone=row["lone"],
        unattributed=row["unattributed"],
    )


def _exclusion(world: World, row: Row) -> Exclusion:
    where = (
        None
        if row["where"] is None
        else Compare("=", Attribute(row["where"][0]), Literal(row["where"][1], "text"))
    )
    announced_by: Expr | None = None
    if row["notice"] is not None:
        notice = Literal(Amount("time", row["notice"] * world["step_s"] * SECOND_US), "duration")
        announced_by = Shift(Attribute("starts_at"), notice, None, -1)
    return Exclusion(
        row["name"],
        row["of"],
        frozenset(row["effects"]),
        where=where,
        inside=row["inside"],
        announced_by=announced_by,
        lasts=row["lasts"],
        takes=row["takes"],
        before_combining=row["before"],
        indicators=tuple(row["indicators"]),
        components=tuple(row["components"]),
    )


def _commit(world: World, zone: Zone, row: Row) -> CommitRule:
    value = Fraction(row["level"])
    decimals = max(0, len(row["level"].partition(".")[2]) - 2)
    level = Level(row["relation"], value, "ratio", decimals)
    rule = PeriodRule("calendar month", zone)
    if world["is_short"]:
        step_us = world["step_s"] * SECOND_US
        periods = tuple(Period(a * step_us, b * step_us, label) for a, b, label in world["periods"])
        rule = Stretches(zone, periods)
    return CommitRule(
        row["name"], row["indicator"], rule, level, row["modality"], row["compare"], row["unknown"]
    )


def facts_of(world: World) -> list[Fact]:
    """The world's facts in their order."""
    step_us = world["step_s"] * SECOND_US
    facts = []
    for row in world["facts"]:
        data = {
            name: format_instant(value * step_us) if name in ("starts_at", "ends_at") else value
            for name, value in row["data"].items()
        }
        at = row["step"] * step_us
        facts.append(Fact(row["id"], "desk", row["type"], at, at, row["subject"], data))
    return sorted(facts, key=lambda fact: fact.order)


def ask_measures(world: World) -> list[Row]:
    """The rows that core gives for a world."""
    from upheld.core.evaluating.evaluation import Evaluator

    at = world["at"] * world["step_s"] * SECOND_US
    found = Evaluator([terms_of(world)]).evaluate(facts_of(world), at, Recorded(world))
    step_us = world["step_s"] * SECOND_US
    return [
        {
            "commitment": verdict.key.commitment,
            "subject": verdict.key.subject,
            "state": verdict.state,
            **measurement_row(verdict.measurement, step_us),
        }
        for verdict in found.of("acme")
        if verdict.measurement is not None
    ]


def _spans(steps: set[int], step_us: int) -> Spans:
    return Spans.of([(step * step_us, (step + 1) * step_us) for step in steps])


class Shared:
    """The observations of a world of shares: so many good of so many in each step, each with a latency."""

    def __init__(self, world: World) -> None:
        # Evenly over the step, so that `every` finds each where it is expected.
        self.rows = [
            (step * STEP_US + n * STEP_US // total, n < good, latency)
            for step, (good, total, latencies) in sorted(world["rows"].items())
            for n, latency in enumerate(latencies)
        ]

    def digest(self, stream: Stream) -> str:
        """One text for all there is."""
        return "all"

    def slices(
        self, stream: Stream, signal: Signal, slice_us: int, start_at: int, end_at: int,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """Every slice as a run of its own."""
        found: dict[int, list[int]] = {}
        for at, good, _ in self.rows:
            if start_at <= at < end_at and at not in without:
                sums = found.setdefault(at // slice_us, [0, 0])
                sums[0] += 1
                sums[1] += good
        return tuple(Run(k, 1, total, good) for k, (total, good) in sorted(found.items()))

    def states(self, stream: Stream, signal: Signal, start_at: int, end_at: int) -> tuple[State, ...]:
        """None."""
        return ()

    def latencies(
        self, stream: Stream, signal: Signal, start_at: int, end_at: int, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """By bucket."""
        count: dict[int, int] = {}
        for at, _, latency in self.rows:
            if start_at <= at < end_at and at not in without:
                count[bucket_of(latency)] = count.get(bucket_of(latency), 0) + 1
        return tuple(Latency(bucket, checks) for bucket, checks in sorted(count.items()))


def ask_share(world: World) -> Row:
    """The figures that core gives for a world of shares."""
    start, end, label = world["period"]
    period = Period(start * STEP_US, end * STEP_US, label)
    at = world["at"] * STEP_US
    taken = [
        Taken(
            Exclusion(one["name"], "attribution", frozenset(one["effects"]), takes=one["takes"]),
            {"": _spans(one["steps"], STEP_US)},
            frozenset(one["items"]),
        )
        for one in world["exclusions"]
    ]
    if world["combine"] == "items":
        indicator = Indicator("share", "outcomes", "start", unattributed=world["unattributed"])
        items = [
            Item(
                one["name"], 1, one["start"] * STEP_US,
                None if one["end"] is None else one["end"] * STEP_US, one["state"], one["attributed"],
            )
            for one in world["items"]
        ]  # fmt: skip
        measured = measure_items(indicator, period, at, items, taken)
    else:
        every = None if world["every"] is None else STEP_US // world["every"]
        latency = world["combine"] == "percentile"
        kind: Any = "checks" if latency or every else "counts"
        indicator = Indicator(
            "share", "latency" if latency else kind, "api", per=None if latency else SliceRule(STEP_US),
            combine=world["combine"], percentile=world["percentile"] if latency else None,
        )  # fmt: skip
        zone = zone_named("UTC")
        matter = Matter(
            PROVIDER, {"api": Component("api")}, (Signal("probe", kind, ("api",), every_us=every),),
            {"always": calendar_of("UTC", "always", tuple(range(7)), (0, 24))}, zone, Shared(world),
        )  # fmt: skip
        always = Spans.of([(period.start_at - STEP_US, period.end_at + STEP_US)])
        (measured,) = measure(indicator, matter, period, at, always, taken)
    row: Row = measured.to_date._asdict()
    row["total"], row["bad"] = measured.total, measured.bad
    row["parts"] = {(part.name, part.by): part.amount for part in measured.parts if part.amount}
    return row


def measurement_row(measured: Measurement, step_us: int) -> Row:
    """A measurement in steps."""
    parts: dict[tuple[str, str], Fraction] = {}
    for part in measured.parts:
        key = part.name, part.by
        parts[key] = parts.get(key, Fraction(0)) + Fraction(part.amount, step_us)
    return {
        "component": measured.component,
        "parts": {key: amount for key, amount in parts.items() if amount},
        "total": Fraction(measured.total, step_us),
        "bad": Fraction(measured.bad, step_us),
        "to_date": measured.to_date._asdict(),
        "final": measured.final._asdict(),
        "worst_final": measured.worst_final,
        "is_settled": measured.is_settled,
        "of": [measurement_row(one, step_us) for one in measured.of],
    }
