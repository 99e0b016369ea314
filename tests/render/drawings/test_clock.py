"""The timeline of a clock: what it shows, in words and as a table too, and that it can be read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.core.worlds import DESK, at, bound, fact
from tests.render.drawings.clock_worlds import drawing_of, explanations
from tests.render.drawings.pictures import assert_sound
from upheld.book.evaluate import evaluate
from upheld.book.explain import Explanation, explain
from upheld.core.facts import FactLog
from upheld.files.folder import Folder

FIX = (
    DESK
    + """
deadline:
  fix: {from: opened, until: resolved, on: desk, within: {P1: 4h, P2: 16h}, pause: waiting}
"""
)


def told(*, until: str = "Mon 06-08 11:00") -> Explanation:
    """A P1 opened on Friday at 15:00, an hour of waiting, solved on Monday: half an hour late."""
    facts = [
        fact("ticket.opened", "Fri 06-05 15:00", id_="f1", priority="P1"),
        fact("ticket.waiting_started", "Fri 06-05 16:00", id_="f2", **{"for": "data"}),
        fact("ticket.waiting_ended", "Mon 06-08 09:30", id_="f3"),
        fact("ticket.resolved", "Mon 06-08 13:00", id_="f4"),
    ]
    found = Folder(terms=(bound(FIX),), log=FactLog(facts))
    one = explain(found, evaluate(found, at(until)), "T-1")[0]
    assert isinstance(one, Explanation)
    return one


def test_the_description_tells_what_the_picture_shows() -> None:
    """The promise, the outcome, and every step that is not only the calendar."""
    drawing = drawing_of(told(until="Mon 06-08 14:00"))
    assert drawing.title == "#1 fix of T-1: breached"
    for expected in (
        "Northwind for Acme", "resolved within 4h of desk", "4 h 30 min of 4 h counted", "30 min late",
        "Fri 2026-06-05 15:00 opened: contract c1, priority P1.", "the clock stands still", "Times are UTC",
    ):  # fmt: skip
        assert expected in drawing.description


def test_the_table_has_every_step() -> None:
    """Also those for which the picture has no room."""
    one = told()
    grid = drawing_of(one).table
    assert [row[3] for row in grid.rows] == [step.what for step in one.steps]
    assert grid.rows[0] == ("Fri 2026-06-05 15:00", "", "0 s", "opened: contract c1, priority P1", "desk f1")


def test_parts_of_the_lane_have_the_widths_of_their_time() -> None:
    """An hour before the wait, three hours after it, half an hour late: in these proportions."""
    root = assert_sound(drawing_of(told(until="Mon 06-08 14:00")), 1000)
    parts = {
        (kind, tip): float(rect.get("width") or 0)
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if (kind := rect.get("class")) in ("counted", "late") and (tip := "".join(rect.itertext()))
    }
    hour = parts["counted", "counted: Fri 2026-06-05 15:00 to Fri 2026-06-05 16:00, 1 h 00 min"]
    assert parts[
        "counted", "counted: Mon 2026-06-08 09:30 to Mon 2026-06-08 12:30, 3 h 00 min"
    ] == pytest.approx(3 * hour, abs=0.02)
    assert parts["late", "late: Mon 2026-06-08 12:30 to Mon 2026-06-08 13:00, 30 min"] == pytest.approx(
        hour / 2, abs=0.02
    )


def test_the_waiting_is_hatched_and_named() -> None:
    """Not told by colour alone: a pattern, and a word in the legend."""
    drawing = drawing_of(told())
    text = drawing.svg(360)
    assert 'class="waiting" fill="url(#clock-timeline-waiting)"' in text
    assert "the clock stands still" in [label.text for label in drawing.labels(360)]


def test_a_running_clock_shows_the_instant_asked_about() -> None:
    """And neither an end nor lateness."""
    drawing = drawing_of(told(until="Mon 06-08 10:00"))
    texts = [label.text for label in drawing.labels(1000)]
    assert "as of Mon 2026-06-08 10:00" in texts
    assert "late" not in texts


def _sound(seeds: range) -> int:
    count = 0
    for seed in seeds:
        for one in explanations(seed):
            drawing = drawing_of(one)
            for width in (360, 1440):
                assert_sound(drawing, width)
            count += 1
    return count


def test_random_clocks_can_be_read() -> None:
    """No label lies on another one or leaves the picture, on a telephone or a wide screen."""
    assert _sound(range(10)) > 30


@pytest.mark.slow
def test_five_hundred_random_clocks_can_be_read() -> None:
    """As above, on 500 results and more."""
    assert _sound(range(10, 150)) > 500


def test_the_bytes_are_the_same_in_every_process() -> None:
    """Whatever the hashes of sets and maps are."""
    code = (
        "import hashlib, sys; from tests.render.drawings.clock_worlds import *;"
        "t = ''.join(drawing_of(e).svg(w) for s in range(4) for e in explanations(s) for w in (360, 1440));"
        "print(hashlib.sha256(t.encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
