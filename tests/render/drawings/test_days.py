"""The bars of the last days: each its partition, in words and as a table, and each leads to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.render.drawings.figure_results import figure
from tests.render.drawings.pictures import HOSTILE, SVG, assert_sound
from tests.render.figure_worlds import JUNE, measured, terms
from tests.seeds import seeds
from upheld.core.measuring.days import days_of
from upheld.core.timeline.instant import DAY
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Part
from upheld.render.drawings.days import day_bars, day_id, day_partition, outcome_of, shown_days
from upheld.render.drawings.drawing import Drawing
from upheld.render.naming import zone_of

pytestmark = pytest.mark.slow

OF = terms()
ZONE = zone_of(OF)
DAYS = days_of([measured(360, unknown=180, excluded=120)], ZONE, JUNE.end_at, 90)


def test_a_day_tells_its_parts() -> None:
    """The gravest first, by which exclusion, and they add up to the day."""
    by_day = {day.on.day: day_partition(OF, day) for day in DAYS if day.on.month == 6}
    assert by_day[8] == ["360 min down"]
    assert by_day[14] == ["120 min excluded by window (clause 4)"]


def test_the_description_names_the_days_with_trouble() -> None:
    """And how many there were."""
    told = day_bars(OF, "uptime", "service", DAYS).description
    assert "with an outage of" in told
    assert "Mon 8 June 2026: 360 min down" in told


def test_days_lead_to_their_partition() -> None:
    """Each bar is a link with a name, to the id that the page gives its day."""
    drawing = day_bars(OF, "uptime", "service", DAYS, leads_to="days")
    text = drawing.svg(1000, "third")
    assert f'<a href="#{day_id("days", DAYS[-1].on)}"' in text
    root = assert_sound(drawing, 1000)
    links = list(root.iter(f"{SVG}a"))
    assert len(links) == len(shown_days(DAYS)) == 30
    assert all(link.findtext(f"{SVG}title") for link in links)
    assert "<a " not in day_bars(OF, "uptime", "service", DAYS).svg(1000)


def test_a_telephone_has_rows_of_thirty() -> None:
    """Ninety days in three rows, and no bar narrower than a finger can tell from the next."""
    period = Period(JUNE.end_at - 90 * DAY, JUNE.end_at, "90 days")
    up = Part("up", period.length_us, "", Spans.of([(period.start_at, period.end_at)]))
    days = days_of([replace(measured(0), period=period, parts=(up,))], ZONE, JUNE.end_at, 90)
    assert len(days) == 90
    root = assert_sound(day_bars(OF, "uptime", "service", days), 360)
    assert (
        len(
            {
                rect.get("y")
                for rect in root.iter(f"{SVG}rect")
                if rect.get("class") == "up" and not rect.get("rx")
            }
        )
        == 3
    )


def test_only_the_days_that_are_drawn_are_told() -> None:
    """Of ninety days of a contract that began thirty days ago: thirty, and a legend of what they show."""
    up = Part("up", JUNE.length_us, "", Spans.of([(JUNE.start_at, JUNE.end_at)]))
    days = days_of([replace(measured(0), parts=(up,))], ZONE, JUNE.end_at, 90)
    assert len(days) == 90
    drawing = day_bars(OF, "uptime", "service", days)
    assert "30 days to Tue 30 June 2026" in drawing.description
    assert len(drawing.table.rows) == 30
    written = [label.text for label in drawing.labels(960)]
    assert "30 days to Tue 30 June 2026" in written
    assert "up" in written
    assert not {"down", "unknown", "excluded", "not measured"} & set(written)


def test_only_days_that_were_measured_are_counted() -> None:
    """Ninety days, the first sixty without observations, one wholly excluded, and one that has not begun."""
    start_at = JUNE.end_at - 90 * DAY
    cuts = {"unknown": (0, 60), "up": (60, 86), "down": (86, 88), "excluded": (88, 89), "not yet": (89, 90)}
    parts = tuple(
        Part(name, (n - m) * DAY, "", Spans.of([(start_at + m * DAY, start_at + n * DAY)]))
        for name, (m, n) in cuts.items()
    )
    found = replace(measured(0), period=Period(start_at, JUNE.end_at, "90 days"), parts=parts)
    days = days_of([found], ZONE, JUNE.end_at, 90)
    assert outcome_of(days) == "2 days with an outage of 28 measured, 2,880 min down in all"
    assert outcome_of(days[:86]) == "no outage in 26 measured days"
    assert outcome_of(days[:60]) == "nothing was measured"


def test_without_days_there_is_nothing_to_draw() -> None:
    """A component that was never measured."""
    with pytest.raises(ValueError, match="no days"):
        day_bars(OF, "uptime", "service", [])


def bars(seed: int) -> Drawing:
    """Of a random figure, its first component."""
    of, verdict, _ = figure(seed)
    assert verdict.measurement is not None
    found = verdict.measurement.ends[0]
    name = HOSTILE[seed % 7] if seed % 5 == 0 else found.component
    days = days_of([found], zone_of(of), found.at or found.period.end_at, 1 + seed % 120)
    return day_bars(of, "uptime", name, days, leads_to="days" * (seed % 2))


def test_random_days_can_be_read() -> None:
    """No label lies on another one or leaves the picture, on a telephone or a wide screen."""
    for seed in range(15):
        for width in (360, 1440):
            assert_sound(bars(seed), width)


@pytest.mark.slow
def test_many_random_days_can_be_read() -> None:
    """As above, on many results."""
    for seed in seeds(15, 200):
        drawing = bars(seed)
        for width in (360, 1440):
            assert_sound(drawing, width)
