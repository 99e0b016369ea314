"""Heat maps, months, credits and versions: what they tell, and that they can be read whatever they hold."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from tests.render.drawings.pictures import HOSTILE, SVG, WIDTHS, assert_sound
from tests.seeds import seeds
from upheld.core.comparing.comparison import Change, Order, Part
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, parse_instant
from upheld.core.timeline.spans import Spans
from upheld.language.zones import zone_named
from upheld.render.drawings.credits import MonthCredit, credits_by_month
from upheld.render.drawings.drawing import Drawing
from upheld.render.drawings.heat import heat_map
from upheld.render.drawings.month import Month, MonthWindow, month_calendar
from upheld.render.drawings.versions import versions_compared

pytestmark = pytest.mark.slow

AMSTERDAM = zone_named("Europe/Amsterdam", 2020, 2035)
ORDERS: tuple[Order, ...] = ("equal", "better", "worse", "incomparable")


def texts(drawing: Drawing, width: int) -> set[str]:
    """What is written in it."""
    return {label.text for label in drawing.labels(width)}


def test_a_heat_map_counts_by_the_clock_on_the_wall() -> None:
    """Two on Friday after four, and one on Monday in the hour that was there twice."""
    instants = ["2026-06-05T14:30:00Z", "2026-06-05T14:59:59Z", "2026-10-26T00:10:00Z"]
    drawing = heat_map("Breaches", ("breach", "breaches"), map(parse_instant, instants), AMSTERDAM)
    assert drawing.table.rows == (
        ("Monday", "01:00 to 02:00", "1"),
        ("Friday", "16:00 to 17:00", "2"),
    )
    assert drawing.description == (
        "3 breaches by weekday and hour (Europe/Amsterdam). By day: Monday 1, Friday 2. "
        "Most in one hour: 2, on Friday from 16:00 to 17:00."
    )
    assert "3 breaches, Europe/Amsterdam" in texts(drawing, 360)


def test_a_heat_map_of_nothing_says_so() -> None:
    """No squares, and no largest count."""
    drawing = heat_map("Breaches", ("breach", "breaches"), [], AMSTERDAM)
    assert drawing.description == "No breach at any hour (Europe/Amsterdam)."
    assert_sound(drawing, 360)


def heats(counts: list[int]) -> Drawing:
    """A heat map with so many breaches in the first hours of a Monday."""
    monday_at = parse_instant("2026-06-01T00:00:00Z")
    instants = [monday_at + n * HOUR for n, count in enumerate(counts) for _ in range(count)]
    return heat_map("Breaches", ("breach", "breaches"), instants, zone_named("UTC", 2020, 2035))


def sides(drawing: Drawing, width: int) -> dict[int, tuple[float, str]]:
    """The side and the class of a square by its count."""
    root = assert_sound(drawing, width)
    found = {}
    for rect in root.iter(f"{SVG}rect"):
        if (told := "".join(rect.itertext())) and str(rect.get("class")).startswith("heat-"):
            count = int(told.split(": ")[1].split()[0].replace(",", ""))
            found[count] = float(rect.get("width") or 0), str(rect.get("class"))
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_heat_map_tells_counts_apart_beside_a_very_large_one(width: int) -> None:
    """Steps of a size and a colour each, larger for more, though one hour has a hundred times as many."""
    found = sides(heats([1000, 3, 6, 9, 12, 4, 7, 10, 13]), width)
    assert [len(set(part)) for part in zip(*found.values(), strict=True)] == [5, 5]
    ordered = [found[count] for count in sorted(found)]
    assert ordered == sorted(ordered)
    assert ordered[1][0] < ordered[2][0] - 1
    assert ordered[-1][1] == "heat-e"


def test_the_legend_of_a_heat_map_tells_its_steps() -> None:
    """With the largest count; of counts that are all alike there is one step."""
    legend = {"3 to 4", "6 to 7", "9 to 10", "12 to 13", "1,000 breaches in one hour, the most"}
    assert texts(heats([1000, 3, 6, 9, 12, 4, 7, 10, 13]), 360) >= legend
    assert "1 breach in one hour" in texts(heats([1, 1, 1]), 360)
    assert {"1", "2 breaches in one hour, the most"} <= texts(heats([1, 2, 1]), 360)


def a_month(first_on: date, **changes: object) -> Month:
    """A month of a desk that is open from nine to five on every day but Sunday."""
    days = [first_on + timedelta(days=n) for n in range(31)]
    openings = [AMSTERDAM.day_start(on) for on in days if on.month == first_on.month and on.weekday() < 6]
    spans = Spans.of([(at + 9 * HOUR, at + 17 * HOUR) for at in openings])
    given = {"calendar": "desk", "is_open": spans, "holidays": {}, "windows": (), **changes}
    return Month(zone=AMSTERDAM, first_on=first_on, **given)  # type: ignore[arg-type]  # by its own fields


def test_a_month_tells_hours_holidays_and_windows() -> None:
    """A holiday on which nobody works, a window over midnight that is not counted."""
    start_at = parse_instant("2026-06-10T21:00:00Z")
    window = MonthWindow(start_at, start_at + 2 * HOUR, "M-7", True)
    first_on = date(2026, 6, 1)
    month = a_month(first_on, holidays={date(2026, 6, 24): "Midsummer"}, windows=(window,))
    drawing = month_calendar(month)
    rows = {row[0]: row[1:] for row in drawing.table.rows}
    assert len(rows) == 30
    assert rows["Wed 10 June 2026"] == ("09:00-17:00", "", "M-7 (not counted)")
    assert rows["Thu 11 June 2026"] == ("09:00-17:00", "", "M-7 (not counted)")
    assert rows["Sun 14 June 2026"] == ("closed", "", "")
    assert rows["Wed 24 June 2026"][1] == "Midsummer"
    assert "Midsummer" in texts(drawing, 1440)
    narrow = texts(month_calendar(a_month(first_on, holidays={date(2026, 6, 24): "Midsummer's Eve"})), 600)
    assert not any(text.endswith("…") for text in narrow)
    assert "window M-7 from Wed 2026-06-10 23:00 to Thu 2026-06-11 01:00, not counted" in drawing.description


def test_credits_tell_what_is_sure_and_what_is_not() -> None:
    """The bar of an amount between bounds, and one of which nobody can tell the greatest."""
    months = [
        MonthCredit("2026-05", "€300.00", Fraction(300), Fraction(100), Fraction(400), cut=Fraction(50)),
        MonthCredit("2026-06", "€40.00", Fraction(40), Fraction(40), None, state="open"),
    ]
    drawing = credits_by_month("Credits", "EUR", months)
    assert drawing.table.rows == (
        ("2026-05", "€300.00", "owed", "100", "400", "50", "0"),
        ("2026-06", "€40.00", "open", "40", "not known", "0", "0"),
    )
    assert texts(drawing, 1440) >= {"2026-05", "€300.00", "€40.00, open", "over the limit", "not certain"}


def test_versions_begin_with_the_worst() -> None:
    """Each commitment once, its parts with both texts and for whom that is better."""
    changes = [
        Change("response", "deadline", "changed", "better", (Part("target", "better", "4h", "2h"),)),
        Change("uptime", "commit", "changed", "worse", (Part("level", "worse", ">= 99.9 %", ">= 99 %"),)),
        Change("report", "every", "added", "better"),
    ]
    drawing = versions_compared("Northwind", "2026-01", "2026-06", changes)
    assert drawing.table.rows == (
        ("uptime", "level", ">= 99.9 %", ">= 99 %", "worse"),
        ("report", "every", "", "added", "better"),
        ("response", "target", "4h", "2h", "better"),
    )
    assert versions_compared("N", "a", "b", []).description == "b promises the same as a."


def random_drawings(seed: int) -> list[Drawing]:
    """One of each, of anything."""
    random = Random(f"drawn {seed}")
    names = [*HOSTILE, "support", "a name of some length that goes on", "P1"]
    start_at = parse_instant("2026-01-01T00:00:00Z")
    instants = [start_at + random.randrange(3 * 365 * DAY) for _ in range(random.choice((0, 1, 40, 400)))]
    first_on = date(random.randint(2024, 2028), random.randint(1, 12), 1)
    month_at = AMSTERDAM.day_start(first_on)
    windows = [
        MonthWindow(at, at + random.randrange(MINUTE, 3 * DAY), random.choice(names), random.random() < 0.5)
        for at in (month_at + random.randrange(28 * DAY) for _ in range(random.randint(0, 6)))
    ]
    holidays = {first_on + timedelta(days=random.randrange(28)): random.choice(names) for _ in range(2)}
    months = []
    for n in range(random.randint(0, 14)):
        low = Fraction(random.choice((0, 1, 10**9, 333)), random.choice((1, 3, 100)))
        high = random.choice((None, low, low + random.randrange(1, 10**6)))
        cut, paid = Fraction(random.choice((0, 7))), Fraction(random.choice((0, 1)))
        told, state = random.choice(names), random.choice(("owed", "open", "not owed"))
        months.append(MonthCredit(f"{random.choice(names)} {n}", told, low, low, high, cut, paid, state))
    changes = [
        Change(random.choice(names), "commit", "changed", random.choice(ORDERS), tuple(
            Part(random.choice(names), random.choice(ORDERS), random.choice(names), random.choice(names))
            for _ in range(random.randint(0, 3))
        ))
        for _ in range(random.randint(0, 9))
    ]  # fmt: skip
    return [
        heat_map(random.choice(names).strip() or "x", ("breach", "breaches"), instants, AMSTERDAM),
        month_calendar(a_month(first_on, calendar=random.choice(names), holidays=holidays, windows=windows)),
        credits_by_month(random.choice(names).strip() or "x", random.choice(("EUR", "days")), months),
        versions_compared(random.choice(names).strip() or "x", "2026-01", random.choice(names), changes),
    ]


@pytest.mark.parametrize("seed", seeds(0, 200))
def test_whatever_they_hold_they_can_be_read(seed: int) -> None:
    """Labels apart and inside the picture, text escaped, titles there; the same bytes again."""
    for drawing, again in zip(random_drawings(seed), random_drawings(seed), strict=True):
        for width in WIDTHS:
            assert_sound(drawing, width, again)


def test_amounts_are_written_whole_on_a_telephone() -> None:
    """Beside the name where there is room, else below it; and how sure they are."""
    said = "12,345,678,901.00 to 98,765,432,109.90 EUR"
    months = [
        MonthCredit("2026-06", said, Fraction(0), Fraction(0), Fraction(9), state="undetermined"),
        MonthCredit("2026-07", "not known", Fraction(0), Fraction(0), None, state="running"),
        MonthCredit("2026-08", "9.98 EUR", Fraction(9), Fraction(9), Fraction(9), state="running"),
    ]
    drawing = credits_by_month("Credits", "EUR", months)
    assert_sound(drawing, 320)
    written = [label.text for label in drawing.labels(320)]
    assert not any("…" in text for text in written)
    assert {"not known yet", "9.98 EUR so far"} <= set(written)
    assert f"{said}, undetermined" in " ".join(written)
    assert not any("…" in text for width in range(320, 1441, 40) for text in texts(drawing, width))


def test_the_legend_of_credits_has_only_what_is_drawn() -> None:
    """Where nothing is owed for sure, nothing says how that would look."""
    doubtful = MonthCredit("2026-06", "0.00 to 9.00 EUR", Fraction(0), Fraction(0), Fraction(9), state="open")
    written = texts(credits_by_month("Credits", "EUR", [doubtful]), 960)
    assert "not certain" in written
    assert "owed" not in written
