"""The axis of time: round instants of the zone that can be read at any width."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.drawings.pictures import assert_sound
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, parse_instant
from upheld.language.zones import zone_named
from upheld.render.drawings.axis import TimeAxis
from upheld.render.drawings.canvas import Canvas
from upheld.render.drawings.drawing import Drawing, Grid

pytestmark = pytest.mark.slow

AMSTERDAM = zone_named("Europe/Amsterdam", 2020, 2035)


def axis(start: str, end: str, width: int, zone_name: str = "Europe/Amsterdam") -> TimeAxis:
    """An axis that fills a picture but for its margins."""
    zone = zone_named(zone_name, 2020, 2035)
    return TimeAxis(zone, parse_instant(start), parse_instant(end), 24, width - 24)


def told(one: TimeAxis) -> tuple[list[str], list[str]]:
    """The labels of the ticks, and what they lie in."""
    ticks, contexts = one.ticks()
    return [tick.text for tick in ticks], [context.forms[0] for context in contexts]


@pytest.mark.parametrize(
    ("start", "end", "width", "ticks", "contexts"),
    [
        (
            "2026-06-08T07:00:00Z", "2026-06-08T16:00:00Z", 360,
            ["10:00", "12:00", "14:00", "16:00", "18:00"], ["Mon 8 June 2026"],
        ),
        (
            "2026-06-05T14:30:00Z", "2026-06-08T08:30:00Z", 360,
            ["00:00", "12:00", "00:00", "12:00", "00:00"],
            ["Fri 5 June 2026", "Sat 6 June 2026", "Sun 7 June 2026", "Mon 8 June 2026"],
        ),
        (
            "2026-05-31T22:00:00Z", "2026-06-30T22:00:00Z", 360,
            ["1 Jun", "8 Jun", "15 Jun", "22 Jun", "29 Jun"], ["2026"],
        ),
        (
            "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z", 1440,
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan"],
            ["2026"],
        ),
        (
            "2026-06-08T10:00:00Z", "2026-06-08T10:00:20Z", 500,
            ["12:00:00", "12:00:05", "12:00:10", "12:00:15", "12:00:20"], ["Mon 8 June 2026"],
        ),
    ],
)  # fmt: skip
def test_ticks_are_round(start: str, end: str, width: int, ticks: list[str], contexts: list[str]) -> None:
    """As many as can be read: hours of a day, days of a month, months of a year."""
    assert told(axis(start, end, width)) == (ticks, contexts)


def test_the_hour_that_the_clocks_skip_has_no_tick() -> None:
    """And after it the ticks are again at round hours of the clock on the wall."""
    ticks, _ = told(axis("2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z", 500))
    assert ticks == ["00:00", "01:00", "03:00", "04:00", "05:00", "06:00"]


def test_days_of_25_hours_are_longer() -> None:
    """Midnight is where it is."""
    one = axis("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", 1000)
    midnights = [tick.at for tick in one.ticks()[0] if tick.text == "00:00"]
    assert [b - a for a, b in pairwise(midnights)] == [
        24 * HOUR,
        25 * HOUR,
        24 * HOUR,
    ]


@given(
    start_at=st.integers(parse_instant("2021-01-01T00:00:00Z"), parse_instant("2026-01-01T00:00:00Z")),
    length=st.one_of(
        st.integers(SECOND, MINUTE), st.integers(MINUTE, DAY), st.integers(DAY, 40 * DAY),
        st.integers(40 * DAY, 3000 * DAY),
    ),
    width=st.integers(320, 1440),
    name=st.sampled_from(["Europe/Amsterdam", "America/St_Johns", "Africa/Cairo", "Pacific/Apia"]),
)  # fmt: skip
def test_an_axis_can_be_read(start_at: int, length: int, width: int, name: str) -> None:
    """From seconds to years: in order, inside, no label on another, and there is at least one tick."""
    one = TimeAxis(zone_named(name, 2020, 2036), start_at, start_at + length, 24, width - 24)

    def paint(canvas: Canvas) -> None:
        canvas.height = round(one.paint(canvas, 10, 50))

    ticks, _ = one.ticks()
    instants = [tick.at for tick in ticks]
    assert instants == sorted(set(instants))
    assert all(start_at <= at <= start_at + length for at in instants)
    assert ticks or length < 4 * DAY * 365
    assert_sound(Drawing("axis", "An axis", "of time", Grid((), ()), paint), width)
