"""Opening hours as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.opening import CLOSED, Week, Window
from upheld.language.hours import (
    HoursError,
    format_day_windows,
    format_hours,
    parse_day_windows,
    parse_hours,
)


def shown(week: Week) -> str:
    """The week with hours as numbers, for reading in a table."""
    return " | ".join(
        " ".join(f"{w.start_s / 3600:g}-{w.end_s / 3600:g}" for w in windows) or "." for windows in week
    )


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mon-Fri 09:00-17:00", "9-17 | 9-17 | 9-17 | 9-17 | 9-17 | . | ."),
        ("Mon-Thu 08:30-17:00, Fri 08:30-16:00", "8.5-17 | 8.5-17 | 8.5-17 | 8.5-17 | 8.5-16 | . | ."),
        ("Sat,Sun 10:00-14:00", ". | . | . | . | . | 10-14 | 10-14"),
        ("Mon 08:00-12:00 13:00-17:00", "8-12 13-17 | . | . | . | . | . | ."),
        ("Mon 13:00-17:00, 08:00-12:00, Tue 09:00-10:00", "8-12 13-17 | 9-10 | . | . | . | . | ."),
        ("daily 06:00-22:00", "6-22 | 6-22 | 6-22 | 6-22 | 6-22 | 6-22 | 6-22"),
        ("Mon-Sun 00:00-24:00", "0-24 | 0-24 | 0-24 | 0-24 | 0-24 | 0-24 | 0-24"),
        ("Fri 22:00-02:00", ". | . | . | . | 22-26 | . | ."),
        ("Fri-Mon 10:00-11:00", "10-11 | . | . | . | 10-11 | 10-11 | 10-11"),
        ("monday – FRIDAY 09:00–17:00", "9-17 | 9-17 | 9-17 | 9-17 | 9-17 | . | ."),
        ("Mon-Wed,Fri 09:00-17:00", "9-17 | 9-17 | 9-17 | . | 9-17 | . | ."),
        ("Mon 18:00-20:00, Mon-Tue 09:00-10:00", "9-10 18-20 | 9-10 | . | . | . | . | ."),
        ("Sun 22:00-02:00, Mon 02:00-03:00", "2-3 | . | . | . | . | . | 22-26"),
        ("Mon 08:00-12:00 12:00-13:00", "8-12 12-13 | . | . | . | . | . | ."),
    ],
)
def test_hours(text: str, week: str) -> None:
    """Opening hours are read as a person means them."""
    assert shown(parse_hours(text)) == week


@pytest.mark.parametrize(
    ("text", "offset", "why"),
    [
        ("", 0, "expected a day"),
        ("09:00-17:00", 0, "say which days"),
        ("Mon-Fri", 7, "expected a time"),
        ("Mon-Fry 09:00-17:00", 4, r"unknown day 'Fry'; did you mean Fri\?"),
        ("dialy 09:00-17:00", 0, r"did you mean daily\?"),
        ("Xyz 09:00-17:00", 0, "days are Mon, Tue"),
        ("Mon 09.00-17:00", 4, "write times as 09:00, not '09.00': 09:00"),
        ("Mon 9:00-17:00", 4, "not '9:00': 09:00"),
        ("Mon 9am-5pm", 4, "not '9am': 09:00"),
        ("Mon 09:00-5pm", 10, "not '5pm': 17:00"),
        ("Mon 09:00-25:00", 10, "no time 25:00"),
        ("Mon 09:60-17:00", 4, "no time 09:60"),
        ("Mon 24:00-02:00", 4, "cannot start at 24:00"),
        ("Mon 09:00-09:00", 4, "no length"),
        ("Mon 09:00", 9, "expected -"),
        ("Mon 09:00-", 10, "expected a time"),
        ("Mon 09:00-12:00 11:00-13:00", 16, "Mon 09:00-12:00 and Mon 11:00-13:00 overlap"),
        ("Mon-Fri 09:00-12:00, Wed 11:00-13:00", 25, "Wed 09:00-12:00 and Wed 11:00-13:00 overlap"),
        ("Fri 22:00-02:00, Sat 01:00-05:00", 21, "overlap"),
        ("Sun 22:00-02:00, Mon 01:00-05:00", 21, "Sun 22:00-02:00 and Mon 01:00-05:00 overlap"),
        ("Mon,Mon 09:00-17:00", 4, "Mon is named twice"),
        ("Mon 09:00-17:00 Tue 09:00-17:00", 16, "expected a comma"),
        ("Mon 09:00-17:00,", 16, "expected a day"),
        ("Mon 09:00-17:00; Tue 09:00-17:00", 15, "unexpected ';'"),
        ("Mon- 09:00-17:00", 5, "say which days"),
    ],
)
def test_refused_hours(text: str, offset: int, why: str) -> None:
    """A fault in the hours is named at its character, with the way out."""
    with pytest.raises(HoursError, match=why) as caught:
        parse_hours(text)
    assert caught.value.offset == offset


def test_windows_of_a_date() -> None:
    """A date has windows without days, or is closed."""
    assert parse_day_windows("09:00-13:00") == (Window(32_400, 46_800),)
    assert parse_day_windows("13:00-17:00, 08:00-12:00") == parse_day_windows("08:00-12:00 13:00-17:00")
    assert parse_day_windows(" Closed ") == CLOSED
    for text, why in (
        ("Mon 09:00-13:00", "or is closed"),
        ("closed 09:00-13:00", "or is closed"),
        ("", "expected a time"),
        ("09:00-13:00 12:00-14:00", "overlap"),
        ("09:00-13:00 x", "expected a time"),
    ):
        with pytest.raises(HoursError, match=why):
            parse_day_windows(text)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Weeks whose windows do not overlap: edges in order, taken in pairs."""
    days = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
        days.append(tuple(Window(a * 60, b * 60) for a, b in zip(edges[::2], edges[1::2], strict=False)))
    return tuple(days)  # type: ignore[return-value]


@given(weeks())
def test_canonical_text(week: Week) -> None:
    """The text of any week reads back as that week."""
    text = format_hours(week)
    assert (parse_hours(text) if text else (CLOSED,) * 7) == week
    for windows in week:
        assert parse_day_windows(format_day_windows(windows)) == windows


def test_canonical_form() -> None:
    """Equal neighbours are one range, all seven are daily."""
    assert (
        format_hours(parse_hours("Mon,Tue,Wed 09:00-17:00, Sat 22:00-02:00"))
        == "Mon-Wed 09:00-17:00, Sat 22:00-02:00"
    )
    assert format_hours(parse_hours("Mon-Sun 00:00-24:00")) == "daily 00:00-24:00"
