"""The lock, and the holidays and zones that it freezes."""

from dataclasses import replace
from datetime import date

import pytest

from upheld.core.timeline.instant import parse_instant
from upheld.language.holidays_of import HolidaysError, resolve_holidays
from upheld.language.lock import HolidaySpec, Lock, LockError, diff_locks, dump, load, make_lock
from upheld.language.zones import zone_named


def days(
    country: str, years: range, subdivision: str | None = None, categories: tuple[str, ...] = ("public",)
) -> dict[date, str]:
    return resolve_holidays(country, subdivision, categories, years)


def test_dutch_holidays_in_both_readings() -> None:
    """Public alone has 5 May in lustrum years, with optional it is in every year; both have Good Friday."""
    years = range(2020, 2031)
    public, both = days("NL", years), days("NL", years, categories=("public", "optional"))
    assert [on.year for on in public if (on.month, on.day) == (5, 5)] == [2020, 2025, 2030]
    assert [on.year for on in both if (on.month, on.day) == (5, 5)] == list(years)
    for found in (public, both):
        assert found[date(2026, 4, 3)] == "Good Friday"
        assert found[date(2026, 4, 27)] == "King's Day"


def test_south_african_holidays() -> None:
    """A Sunday's holiday is observed on Monday, and one-off election days are holidays."""
    found = days("ZA", range(2024, 2027))
    assert date(2026, 8, 10) in found
    assert date(2026, 8, 9) in found
    assert date(2024, 5, 29) in found


def test_spanish_holidays_by_region() -> None:
    """Madrid has Maundy Thursday and 2 May, Catalonia has neither but its own day."""
    madrid, catalonia = days("ES", range(2026, 2027), "MD"), days("ES", range(2026, 2027), "CT")
    assert {date(2026, 4, 2), date(2026, 5, 2)} <= set(madrid)
    assert not {date(2026, 4, 2), date(2026, 5, 2)} & set(catalonia)
    assert date(2026, 9, 11) in catalonia
    assert days("ES", range(2026, 2027), "ES-MD") == madrid


def test_norwegian_holidays() -> None:
    """Norway's own day is there, named in English, and days come in order within the years asked."""
    found = days("no", range(2026, 2028))
    assert found[date(2026, 5, 17)] == "Constitution Day"
    assert list(found) == sorted(found)
    assert {on.year for on in found} == {2026, 2027}


@pytest.mark.parametrize(
    ("country", "subdivision", "category", "why"),
    [
        ("XX", None, "public", "country 'XX'"),
        ("Netherlands", None, "public", r"did you mean NL\?"),
        ("South Afrika", None, "public", r"did you mean ZA\?"),
        ("ES", "MDD", "public", r"no subdivision 'MDD'; did you mean MD\?"),
        ("ES", "q", "public", "known are AN, AR"),
        ("ZA", "q", "public", "none is known"),
        ("NL", None, "optoinal", r"no category 'optoinal'; did you mean optional\?"),
    ],
)
def test_unknown_holidays(country: str, subdivision: str | None, category: str, why: str) -> None:
    """An unknown country, region or category is refused with a suggestion."""
    with pytest.raises(HolidaysError, match=why):
        days(country, range(2026, 2027), subdivision, (category,))


@pytest.fixture(scope="module")
def lock() -> Lock:
    return make_lock(
        "ceng",
        ["Europe/Amsterdam", "UTC", "Africa/Monrovia"],
        {"support": HolidaySpec("NL"), "madrid": HolidaySpec("ES", "MD")},
        (1970, 2035),
    )


def test_round_trip(lock: Lock) -> None:
    """A lock reads back from its text as the same value, whose zones are the resolved ones."""
    text = dump(lock)
    again = load(text)
    assert again == lock
    assert dump(again) == text
    assert again.zones["Europe/Amsterdam"] == zone_named("Europe/Amsterdam", 1970, 2035)
    assert again.holidays["support"][date(2026, 4, 27)] == "King's Day"
    assert diff_locks(lock, again) == ()


def test_the_text_is_made_for_review(lock: Lock) -> None:
    """A day and a transition have a line each, and odd offsets keep their seconds."""
    lines = [line.strip().rstrip(",") for line in dump(lock).splitlines()]
    assert '"2026-04-27": "King\'s Day"' in lines
    assert '"2026-03-29T01:00:00Z +02:00 CEST"' in lines
    assert '"at first -00:44:30 MMT"' in lines
    assert '"years": "1970..2035"' in lines


def test_the_default_years() -> None:
    """Without years a lock is for 2015 to 2035; without calendars no holidays library is named."""
    found = make_lock("just", ["UTC"], {})
    assert (found.start_year, found.end_year, found.holidays_library) == (2015, 2035, "")
    with pytest.raises(LockError, match="not a range"):
        make_lock("just", [], {}, (2035, 2015))


def test_differences(lock: Lock) -> None:
    """A changed day, a new one, one gone and a moved transition are each one change, in words."""
    zone = lock.zones["Europe/Amsterdam"]
    moved = parse_instant("2026-03-29T01:00:00Z")
    transitions = tuple(at + 3_600_000_000 * (at == moved) for at in zone.transitions)
    holidays = {on: name for on, name in lock.holidays["support"].items() if on != date(2026, 5, 14)}
    holidays |= {date(2026, 4, 27): "King's day", date(2026, 5, 5): "Liberation Day"}
    other = replace(
        lock,
        tzdata="2099z",
        zones={**lock.zones, zone.name: replace(zone, transitions=transitions)},
        holidays={"support": holidays, "madrid": lock.holidays["madrid"]},
    )
    assert [str(change) for change in diff_locks(lock, other)] == [
        f"lock tzdata: {lock.tzdata} became 2099z",
        "zone Europe/Amsterdam 2026-03-29T01:00:00Z: removed +02:00 CEST",
        "zone Europe/Amsterdam 2026-03-29T02:00:00Z: added +02:00 CEST",
        "holidays support 2026-04-27: King's Day became King's day",
        "holidays support 2026-05-05: added Liberation Day",
        "holidays support 2026-05-14: removed Ascension Day",
    ]


def test_wider_years_are_one_change(lock: Lock) -> None:
    """Years that only one lock has are not listed day by day."""
    short = make_lock("ceng", lock.zones, {"support": HolidaySpec("NL")}, (2020, 2035))
    longer = make_lock("ceng", lock.zones, {"support": HolidaySpec("NL")}, (2020, 2040))
    assert [str(change) for change in diff_locks(short, longer)] == [
        "lock years: 2020..2035 became 2020..2040"
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("{", "", "not JSON"),
        ('"lock": 1', '"lock": 2', "format 2; this version reads 1"),
        ('"agreement": "ceng"', '"agreement": 5', "agreement: expected a text"),
        ('"agreement": "ceng"', '"agrement": "ceng"', "missing or unknown entries: agreement, agrement"),
        ('"agreement": "ceng"', '"lock": 1', "twice"),
        ('"years": "1970..2035"', '"years": "1970-2035"', "not a range such as"),
        ('"years": "1970..2035"', '"years": "2035..1970"', "not a range"),
        ('"2026-04-27": ', '"27-04-2026": ', "not a date"),
        ('"2026-04-27": ', '"20260427": ', "not written as"),
        ('"2026-04-27": ', '"2126-04-27": ', "outside the years"),
        ('"King\'s Day"', "NaN", "NaN"),
        ('"King\'s Day"', "7", "expected a text"),
        (
            "2026-03-29T01:00:00Z +02:00 CEST",
            "2026-03-29 +02:00 CEST",
            "zone Europe/Amsterdam: .*not an instant",
        ),
        ("2026-03-29T01:00:00Z +02:00 CEST", "2016-03-29T01:00:00Z +02:00 CEST", "not in order"),
        ("2026-03-29T01:00:00Z +02:00 CEST", "2026-03-29T01:00:00Z 2 CEST", "not an offset"),
        ("2026-03-29T01:00:00Z +02:00 CEST", "CEST", "zone Europe/Amsterdam"),
        ("at first -00:44:30 MMT", "1969-01-01T00:00:00Z -00:44:30 MMT", "at first"),
        ('"zones": {', '"zones": [], "x": {', "missing or unknown entries: x"),
        ('"UTC": [', '"UTC": {}, "U": [', "zone UTC: expected a list"),
    ],
)
def test_refused_locks(lock: Lock, old: str, new: str, why: str) -> None:
    """A text that is not a lock is refused with the place and the reason."""
    text = dump(lock)
    assert old in text
    with pytest.raises(LockError, match=why):
        load(text.replace(old, new))


def test_hostile_locks() -> None:
    """Deep nesting and other kinds of JSON are refused, not crashed on."""
    for text in ("[" * 100_000, '{"a":' * 100_000, "[]", "null", '"lock"', "1e999", "\x00"):
        with pytest.raises(LockError):
            load(text)
