"""Shares of observations and of items, and percentiles of latencies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from upheld.core.measuring.latency import LONGEST_US, bucket_bounds, bucket_of
from upheld.core.measuring.measure import measure, measure_items
from upheld.core.measuring.taken import Item, Taken
from upheld.core.terms.indicator import Component, Exclusion, Indicator, SliceRule
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import State

from .observed import Row, Rows, matter_of

DAY_OF = Period(20_000 * 24 * HOUR, 20_001 * 24 * HOUR, "day")
FOREVER = Spans.of([(0, DAY_OF.end_at * 2)])
START, END = DAY_OF.start_at, DAY_OF.end_at
API = {"api": Component("api"), "web": Component("web"), "both": Component("both", "each", ("api", "web"))}
SUMS = Indicator("requests", "counts", "api", per=SliceRule(HOUR), combine="ratio of sums")
CHECKS = replace(SUMS, basis="checks")
MEAN = replace(SUMS, combine="mean of ratios")


def hours(*counts: tuple[int, int] | None, name: str = "api") -> Rows:
    """Counts (good, total) of the hours of the day; None: nothing was told."""
    rows = [Row(START + i * HOUR, *one) for i, one in enumerate(counts) if one is not None]
    return Rows({name: rows})


def measured(
    rows: Rows, indicator: Indicator, *taken: Taken, at: int = END, every: int | None = None
) -> Measurement:
    """The one measurement of the day."""
    signal = {"every_us": every} if every else {}
    (found,) = measure(indicator, matter_of(API, rows, indicator, **signal), DAY_OF, at, FOREVER, taken)
    return found


def excluded(first: int, until: int, **more: object) -> Taken:
    """An exclusion of some hours."""
    rule = Exclusion("work", "maintenance", frozenset({"not bad", "out of total"}), **more)  # type: ignore[arg-type]
    return Taken(rule, {"": Spans.of([(START + first * HOUR, START + until * HOUR)])})


FULL = ((10, 10),) * 22


def test_sums_weigh_by_requests_and_means_by_slices() -> None:
    """A busy hour counts as much as its requests, or as one hour."""
    rows = hours((50, 100), (0, 0), *FULL)
    assert measured(rows, SUMS).to_date.value == Fraction(270, 320)
    assert measured(rows, MEAN).to_date.value == Fraction(47, 48)
    found = measured(rows, SUMS)
    assert (found.total, found.bad, found.is_settled) == (320, 50, True)
    assert [(part.name, part.amount) for part in found.parts] == [("up", 270), ("down", 50)]


def test_missing_observations_are_in_the_bounds() -> None:
    """As many checks as were expected; where nobody says how many, anything is possible."""
    rows = hours((50, 100), None, *FULL)
    assert measured(rows, CHECKS, every=6 * MINUTE).to_date == (
        Fraction(270, 320), Fraction(270, 330), Fraction(280, 330)
    )  # fmt: skip
    assert measured(rows, CHECKS, every=6 * MINUTE).amount("unknown") == 10
    assert measured(rows, SUMS).to_date == (Fraction(270, 320), 0, 1)
    assert measured(rows, SUMS, every=HOUR).to_date == (Fraction(270, 320), 0, 1), "a count is of any size"
    assert measured(rows, MEAN).to_date == (Fraction(45, 46), Fraction(45, 48), Fraction(47, 48))
    for gaps, value in (("up", Fraction(47, 48)), ("down", Fraction(45, 48))):
        assert measured(rows, replace(MEAN, gaps=gaps)).to_date.value == value  # type: ignore[arg-type]


def test_excluded_observations_do_not_count_and_are_shown() -> None:
    """All of a window; of a cause only what was bad."""
    rows = hours((50, 100), (5, 10), *FULL)
    window = measured(rows, SUMS, excluded(0, 1))
    assert (window.to_date.value, window.amount("excluded")) == (Fraction(225, 230), 100)
    cause = measured(rows, SUMS, excluded(0, 1, takes="bad"))
    assert (cause.to_date.value, cause.amount("excluded")) == (Fraction(275, 280), 50)
    assert measured(rows, MEAN, excluded(0, 1, takes="bad")).to_date.value == 1 - Fraction(1, 48)
    assert window.to_date.low == window.to_date.value, "an excluded hour is no gap"


def test_what_is_to_come_can_repair_or_ruin_a_share() -> None:
    """Known to be expected it has a number, else it can outweigh everything."""
    at = START + 12 * HOUR
    rows = hours(*((5, 10),) * 12)
    found = measured(rows, CHECKS, at=at, every=6 * MINUTE)
    assert found.final.value == found.final.high == Fraction(180, 240)
    assert found.worst_final == Fraction(60, 240)
    assert not found.is_settled
    assert found.amount("not yet") == 120
    free = measured(rows, SUMS, at=at)
    assert (free.final.high, free.worst_final) == (1, 0)
    sums = measured(rows, SUMS, at=at, every=HOUR)
    assert (sums.final.high, sums.worst_final, sums.amount("not yet")) == (1, 0, 0)
    mean = measured(rows, MEAN, at=at)
    assert (mean.final.high, mean.worst_final) == (Fraction(18, 24), Fraction(6, 24))


def test_pooled_sums_are_those_of_all_requests() -> None:
    """A component with more requests weighs more, unless their mean is asked for."""
    rows = hours((0, 100), *((10, 10),) * 23)
    rows.tell("web", [Row(START + i * HOUR, 1, 1) for i in range(24)])
    for across, value in (("pooled", Fraction(254, 354)), ("mean", (Fraction(230, 330) + 1) / 2)):
        indicator = replace(SUMS, of="both", across=across)  # type: ignore[arg-type]
        assert measured(rows, indicator).to_date.value == value


# -- percentiles -------------------------------------------------------------------------------------------

P90 = Indicator("latency", "latency", "api", combine="percentile", percentile=Fraction(9, 10))


def timed(*latencies_us: int) -> Rows:
    """A check every hour, with these latencies over and over."""
    return Rows(
        {"api": [Row(START + i * HOUR, latency_us=latencies_us[i % len(latencies_us)]) for i in range(24)]}
    )


def test_a_percentile_is_that_of_its_bucket() -> None:
    """At most so much for 90 % of the checks; the bounds are the bucket's."""
    found = measured(timed(20), P90, every=HOUR)
    assert found.to_date == (20, 20, 20)
    low, beyond = bucket_bounds(bucket_of(300_000))
    found = measured(timed(*[10] * 5, 300_000), P90, every=HOUR)
    assert found.to_date == (beyond - 1, low, beyond - 1)
    assert found.is_settled


def test_the_percentile_of_several_components() -> None:
    """Pooled it is that of all checks together; else figures are compared, and the longest is the worst."""
    rows = timed(*[10] * 8, 20, 30)
    rows.tell("web", [Row(START + i * HOUR, latency_us=40) for i in range(4)])
    for across, value in (("pooled", 40), ("worst", 40), ("mean", 30)):
        indicator = replace(P90, of="both", across=across)  # type: ignore[arg-type]
        assert measured(rows, indicator, every=HOUR).to_date.value == value
    rows.tell("web", [Row(START + i * HOUR, latency_us=1) for i in range(4, 24)])
    pooled = measured(rows, replace(P90, of="both", across="pooled"), every=HOUR)
    assert pooled.to_date == pooled.final == (30, 30, 30), "40 µs in 4 of 48"
    assert (pooled.component, pooled.total) == ("both", 48)


def test_missing_checks_widen_a_percentile() -> None:
    """They may all have been slow, or fast; unexpected ones anything."""
    rows = timed(20).hide("api", Spans.of([(START, START + 4 * HOUR)]))
    assert measured(rows, P90, every=HOUR).to_date == (20, 20, LONGEST_US)
    few = timed(20).hide("api", Spans.of([(START, START + 2 * HOUR)]))
    assert measured(few, P90, every=HOUR).to_date == (20, 20, 20)
    assert measured(few, P90).to_date == (20, 0, LONGEST_US)
    assert measured(Rows(), P90, every=HOUR).to_date == (None, 0, LONGEST_US)


def test_a_running_percentile_can_still_become_anything_expected() -> None:
    """Fast checks to come lower it, slow ones raise it."""
    rows = timed(20).hide("api", Spans.of([(START + 12 * HOUR, END)]))
    found = measured(rows, P90, at=START + 12 * HOUR, every=HOUR)
    assert found.to_date == (20, 20, 20)
    assert (found.final.low, found.worst_final) == (20, LONGEST_US)
    assert not found.is_settled


# -- items -------------------------------------------------------------------------------------------------

IN_TIME = Indicator("starts", "outcomes", "start")


def items(count: int, state: State, first: int = 0, started_at: int = START, **more: bool) -> list[Item]:
    """So many items of one state."""
    return [Item(f"T{first + i}", 1, started_at, started_at + SECOND, state, **more) for i in range(count)]


@pytest.mark.parametrize(("late", "value"), [(100, Fraction(9, 10)), (101, Fraction(899, 1000))])
def test_the_share_of_items_in_time(late: int, value: Fraction) -> None:
    """JUST: of 1,000 tasks 100 or 101 are late."""
    found = measure_items(IN_TIME, DAY_OF, END, items(1000 - late, "met") + items(late, "breached", 1000), [])
    assert found.to_date == found.final == (value, value, value)
    assert (found.total, found.bad, found.unit, found.is_settled) == (1000, late, "count", True)
    assert len(found.parts[1].subjects) == late


@pytest.mark.parametrize(
    ("effects", "takes", "percent"),
    [
        (("not bad", "out of total"), "all", "90.2174"),
        (("not bad", "out of total"), "bad", "90.4255"),
        (("not bad",), "all", "91.0000"),
    ],
)
def test_items_of_an_excluded_situation(effects: tuple[str, ...], takes: str, percent: str) -> None:
    """JUST/J4: of 1,000 tasks 150 are late; an outage held 80, of which 60 late."""
    inside = START + HOUR
    found = [
        *items(850 - 20, "met"), *items(20, "met", 900, inside),
        *items(150 - 60, "breached", 1000), *items(60, "breached", 2000, inside),
    ]  # fmt: skip
    rule = Exclusion("outage", "attribution", frozenset(effects), takes=takes)  # type: ignore[arg-type]
    taken = Taken(rule, {"": Spans.of([(inside, inside + HOUR)])})
    measurement = measure_items(IN_TIME, DAY_OF, END, found, [taken])
    assert measurement.to_date.value is not None
    assert f"{float(measurement.to_date.value * 100):.4f}" == percent
    assert sum(part.amount for part in measurement.parts) == 1000
    named = Taken(rule, {}, frozenset(item.subject for item in found if item.started_at == inside))
    assert measure_items(IN_TIME, DAY_OF, END, found, [named]).parts == measurement.parts


def test_items_that_nobody_attributed_or_that_still_run() -> None:
    """Unknown and undecided items are in the bounds and in what can still come."""
    found = [*items(8, "met"), *items(1, "breached", 10, is_attributed=True), *items(1, "breached", 20)]
    counted = measure_items(IN_TIME, DAY_OF, END, found, [])
    assert counted.to_date.value == Fraction(8, 10)
    unknown = measure_items(replace(IN_TIME, unattributed="unknown"), DAY_OF, END, found, [])
    assert unknown.to_date == (Fraction(9, 10), Fraction(8, 10), Fraction(9, 10))
    running = measure_items(IN_TIME, DAY_OF, END - 1, [*found, *items(10, "running", 30)], [])
    assert running.to_date.value == Fraction(8, 10)
    assert (running.final.value, running.final.high, running.worst_final) == (Fraction(18, 20), 1, 0)
    assert not running.is_settled
    over = measure_items(IN_TIME, DAY_OF, END, [*found, *items(10, "running", 30)], [])
    assert (over.is_settled, over.worst_final) == (False, Fraction(8, 20))


def test_items_belong_to_the_period_of_their_start_or_end() -> None:
    """One that began before midnight and ended after it."""
    found = [Item("T", 1, START - 1, START + 1, "met")]
    assert measure_items(IN_TIME, DAY_OF, END, found, []).to_date == (None, 1, 1)
    by_end = replace(IN_TIME, counted_at="end", empty_met=False)
    assert measure_items(by_end, DAY_OF, END, found, []).total == 1
    assert measure_items(by_end, DAY_OF, END, items(1, "not applicable"), []).to_date == (None, 0, 1)
