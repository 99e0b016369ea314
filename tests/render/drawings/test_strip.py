"""The strip of a period: its parts at their places, told in words and as a table too."""

from __future__ import annotations

import pytest

from tests.render.drawings.figure_results import strip
from tests.render.drawings.pictures import SVG, assert_sound
from tests.render.figure_worlds import JUNE, measured, span, terms, verdict
from tests.seeds import seeds
from upheld.core.measuring.trace import Trace, TracedStretch
from upheld.core.verdicts.measurement import Part
from upheld.core.verdicts.verdict import State, Verdict
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.strip import availability_strip

pytestmark = pytest.mark.slow


def drawn(one: Verdict, *stretches: TracedStretch) -> Drawing:
    """The strip of a verdict of the hand-made month."""
    return availability_strip(3, terms(), terms().commits[0], one, Trace(stretches))


def june(state: State = "breached", **amounts: int) -> Drawing:
    """A month with six hours down on the 8th, two excluded on the 14th, three hours without observations."""
    found = measured(360, unknown=180, excluded=120, **amounts)
    down = TracedStretch("service", *next(iter(span("Mon 06-08 10:00", 360))), "down")
    window = TracedStretch("service", *next(iter(span("Sun 06-14 02:00", 120))), "excluded", "window")
    return drawn(verdict(state, found), down, window)


def test_the_description_tells_value_partition_and_stretches() -> None:
    """What the picture shows, for whoever does not see it."""
    told = june().description
    for expected in (
        "99.16434 %", "down: 360 min", "excluded by window (clause 4): 120 min",
        "Mon 2026-06-08 10:00 to Mon 2026-06-08 16:00, 360 min down of service", "Times are UTC.",
    ):  # fmt: skip
        assert expected in told


def test_parts_stand_where_they_were() -> None:
    """In a month of 30 days, the 8th at ten is so far from the left, and six hours are so wide."""
    root = assert_sound(june(), 1000)
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "down"]
    left, width = (float(rects[0].get(name) or 0) for name in ("x", "width"))
    share = 952 / (JUNE.length_us / 60_000_000)
    assert left == pytest.approx(24 + (7 * 1440 + 600) * share, abs=0.01)
    assert width == pytest.approx(360 * share, abs=0.01)
    assert "down: Mon 2026-06-08 10:00 to Mon 2026-06-08 16:00" in "".join(rects[0].itertext())


def test_a_short_outage_is_seen_on_a_telephone() -> None:
    """It is two pixels wide, however short it was."""
    root = assert_sound(drawn(verdict("met", measured(1))), 320)
    (rect,) = (
        rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "down" and rect.get("rx") is None
    )
    assert rect.get("width") == "2"


def test_the_gravest_label_is_kept() -> None:
    """Where there is room for few, the outage is named before the exclusion."""
    texts = [label.text for label in june().labels(360)]
    assert any("360 min down" in text for text in texts)


def test_what_was_allowed_stands_below() -> None:
    """So much bad, so much more than is allowed."""
    texts = [label.text for label in june().labels(1000)]
    assert {"360 min bad", "allowed 21 min 32.4 s", "338 min 27.6 s too much"} <= set(texts)


def test_items_are_one_bar() -> None:
    """What counts items has no instants: its parts are as long as they are many."""
    found = measured(0)
    parts = (Part("up", 45), Part("down", 5))
    counted = type(found)(
        "uptime", "service", JUNE, JUNE.end_at, "count", parts, 50, 5, found.final, found.final,
        found.worst_final, True,
    )  # fmt: skip
    root = assert_sound(drawn(verdict("breached", counted)), 1000)
    widths = {
        rect.get("class"): rect.get("width") for rect in root.iter(f"{SVG}rect") if rect.get("height") == "34"
    }
    assert widths == {"up": "856.8", "down": "95.2"}


def test_random_figures_can_be_read() -> None:
    """No label lies on another one or leaves the picture, on a telephone or a wide screen."""
    for seed in range(25):
        for width in (360, 1440):
            assert_sound(strip(seed), width)


@pytest.mark.slow
def test_many_random_figures_can_be_read() -> None:
    """As above, on many results."""
    for seed in seeds(25, 200):
        drawing = strip(seed)
        for width in (360, 1440):
            assert_sound(drawing, width)


def test_a_year_of_trouble_is_still_small() -> None:
    """Stretches that the eye could not tell apart are one shape: the picture stays within 120 kB."""
    assert max(len(strip(seed).svg(1440)) for seed in range(25)) < 120_000
