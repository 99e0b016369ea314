"""Labels in rows: the important ones first, never one on another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.render.drawings.labels import GAP, LEADER_GAP, Placed, Wish, place
from upheld.render.drawings.metrics import width_of
from upheld.render.drawings.style import FACES

pytestmark = pytest.mark.slow


def ends(placed: Placed) -> tuple[float, float]:
    """From where to where a label reaches."""
    return placed.left, placed.left + width_of(placed.text, FACES[placed.wish.role])


def test_the_more_important_label_stays() -> None:
    """Where there is room for one only, it is the weightier, whatever the order."""
    wishes = [Wish(50, ("answered in time",), 1), Wish(52, ("deadline",), 2)]
    assert [one.text for one in place(wishes, 1, 0, 100)] == ["deadline"]
    assert [one.text for one in place(wishes, 2, 0, 200)] == ["answered in time", "deadline"]


def test_a_shorter_form_is_taken_where_the_full_one_has_no_room() -> None:
    """Rather than leaving it out."""
    assert [one.text for one in place([Wish(50, ("Mon 8 June 2026 10:30", "10:30"), 1)], 1, 0, 60)] == [
        "10:30"
    ]


wishes_drawn = st.lists(
    st.builds(
        Wish,
        st.floats(0, 400),
        st.sampled_from([("x",), ("due 10:30",), ("a long label of many words", "short")]),
        st.integers(0, 3),
    ),
    max_size=25,
)


@given(wishes=wishes_drawn, rows=st.integers(1, 4))
def test_labels_stand_apart_inside_the_edges(wishes: list[Wish], rows: int) -> None:
    """In a row they keep a gap, and no leader of a higher row crosses one of a lower row."""
    found = place(wishes, rows, 0, 400)
    for i, one in enumerate(found):
        left, right = ends(one)
        assert left >= 0
        assert right <= 400 + 1e-9
        for other in found[i + 1 :]:
            other_left, other_right = ends(other)
            if one.row == other.row:
                assert right + GAP <= other_left + 1e-9 or other_right + GAP <= left + 1e-9
            high, low = (one, other) if one.row > other.row else (other, one)
            if high.row > low.row:
                low_left, low_right = ends(low)
                assert (
                    high.wish.x <= low_left - LEADER_GAP + 1e-9
                    or high.wish.x >= low_right + LEADER_GAP - 1e-9
                )


@given(wishes=wishes_drawn)
def test_the_weightiest_is_always_placed(wishes: list[Wish]) -> None:
    """Whatever else there is."""
    found = place(wishes, 1, 0, 400)
    if wishes:
        heaviest = max(one.weight for one in wishes)
        first = next(one for one in wishes if one.weight == heaviest)
        assert any(one.wish is first for one in found)
