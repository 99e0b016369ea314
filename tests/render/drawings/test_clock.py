"""The timeline of a clock: what it shows, in words and as a table too, and that it can be read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.core.worlds import DESK, at, bound, fact
from tests.render.drawings.clock_worlds import drawing_of, explanations
from tests.render.drawings.pictures import assert_sound
from tests.seeds import seeds
from upheld.book.evaluate import evaluate
from upheld.book.explain import Explanation, explain
from upheld.core.facts.facts import FactLog
from upheld.files.folder import Folder

pytestmark = pytest.mark.slow

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


def texts(one: Explanation, width: int = 1000) -> list[str]:
    """What is written in its picture."""
    return [label.text for label in drawing_of(one).labels(width)]


def test_a_time_has_its_date_where_there_are_several_days() -> None:
    """From Friday to Monday: each label with its day; within one day the time is enough."""
    written = texts(told(until="Mon 06-08 14:00"))
    assert "5 Jun 15:00 opened: contract c1, priority P1" in written
    assert any(text.startswith("8 Jun 13:00 resolved") for text in written)
    assert "due Mon 2026-06-08 12:30" in written
    assert not any(text[:2].isdigit() and text[2:3] == ":" and len(text) > 5 for text in written)
    facts = [fact("ticket.opened", "Fri 06-05 10:00", priority="P1")]
    book = Folder(terms=(bound(FIX),), log=FactLog(facts))
    within = explain(book, evaluate(book, at("Fri 06-05 11:00")), "T-1")[0]
    assert isinstance(within, Explanation)
    assert "10:00 opened: contract c1, priority P1" in texts(within)


PERIODS = (
    DESK
    + """
quota:
  urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary}
obligation:
  review: {times: 1, per: calendar month}
"""
)


@pytest.mark.parametrize("name", ["urgent", "review"])
@pytest.mark.parametrize("opened", [False, True], ids=["idle", "used"])
def test_a_period_is_drawn_from_its_start_to_its_end(name: str, opened: bool) -> None:
    """As of the 20th, with or without a ticket on the 12th: the month is there from its first day on."""
    facts = [fact("ticket.opened", "Fri 06-12 10:00", priority="P1")] if opened else []
    book = Folder(terms=(bound(PERIODS),), log=FactLog(facts))
    found = explain(book, evaluate(book, at("Sat 06-20 00:00")), "2026-06", name)[0]
    assert isinstance(found, Explanation)
    root = assert_sound(drawing_of(found), 1000)
    (left, *_) = (
        float(one.get("x1") or 0)
        for one in root.iter("{http://www.w3.org/2000/svg}line")
        if one.get("class") == "now"
    )
    # A margin of 24 px at each side; 19 of 30 days lie before the 20th.
    assert left == pytest.approx(24 + 952 * 19 / 30, abs=6)


def _sound(found: range) -> int:
    count = 0
    for seed in found:
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
def test_many_random_clocks_can_be_read() -> None:
    """As above, on many results."""
    assert _sound(seeds(10, 56)) > 200


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
