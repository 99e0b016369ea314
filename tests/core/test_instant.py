"""Instants and durations as texts and integers."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.timeline.instant import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    DurationError,
    datetime_of,
    format_duration,
    format_instant,
    instant_of,
    parse_duration,
    parse_instant,
)

# Bounds of hypothesis are naive by its rule.
years = {"min_value": datetime(1900, 1, 1), "max_value": datetime(2199, 12, 31)}  # noqa: DTZ001


@given(st.datetimes(**years, timezones=st.just(UTC)))
def test_round_trips(at: datetime) -> None:
    """A datetime, its instant and the text of it say the same to the microsecond."""
    assert datetime_of(instant_of(at)) == at
    assert parse_instant(format_instant(instant_of(at))) == instant_of(at)
    assert parse_instant(at.isoformat()) == instant_of(at)


@given(st.datetimes(**years), st.integers(-23 * 60, 23 * 60))
def test_offsets(at: datetime, minutes: int) -> None:
    """An offset is subtracted exactly, in datetimes and in texts."""
    aware = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = instant_of(at.replace(tzinfo=UTC)) - minutes * MINUTE
    assert instant_of(aware) == expected
    assert parse_instant(aware.isoformat()) == expected


def test_folds_of_datetimes() -> None:
    """The fold of a datetime says which of two equal labels is meant."""
    zone = ZoneInfo("Europe/Amsterdam")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone)
    assert instant_of(first.replace(fold=1)) - instant_of(first) == HOUR
    with pytest.raises(ValueError, match="no time zone"):
        instant_of(datetime(2026, 10, 25))  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2017-01-01T00:59:60.25+01:00", "2017-01-01T00:00:00.25Z"),
        ("2026-06-05t14:30:00z", "2026-06-05T14:30:00Z"),
        ("2026-06-05T14:30:00-00:00", "2026-06-05T14:30:00Z"),
        ("2026-06-05T14:30:00.120000Z", "2026-06-05T14:30:00.12Z"),
    ],
)
def test_equal_texts(text: str, same: str) -> None:
    """A leap second is the second after it; the shortest text is the canonical one."""
    assert parse_instant(text) == parse_instant(same)
    assert format_instant(parse_instant(text)) == same


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-06-05T14:30:00", "no offset from UTC"),
        ("2026-06-05 14:30", "no offset from UTC"),
        ("2026-06-05", "a date without a time"),
        ("2026-02-29T00:00:00Z", "no such day"),
        ("2026-13-01T00:00:00Z", "no such day"),
        ("2026-06-05T24:00:00Z", "no such time"),
        ("2026-06-05T14:30:61Z", "no such time"),
        ("2026-06-05T14:30:60Z", "leap second"),
        ("2026-06-05T23:59:60Z", "leap second"),
        ("2026-06-05T14:30:00+24:00", "no such offset"),
        ("2026-06-05T14:30:00.1234567Z", "at most six digits"),
        ("1899-06-05T14:30:00Z", "year is outside"),
        ("2200-06-05T14:30:00Z", "year is outside"),
        ("2026-06-05T14:30Z", "RFC 3339"),
        (" 2026-06-05T14:30:00Z", "RFC 3339"),
        ("٢٠٢٦-06-05T14:30:00Z", "RFC 3339"),
        ("", "RFC 3339"),
    ],
)
def test_refused_instants(text: str, why: str) -> None:
    """What is not an instant is refused with the reason."""
    with pytest.raises(ValueError, match=why):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "length", "canonical"),
    [
        ("90m", 90 * MINUTE, "1 h 30 min"),
        ("2h30m", 150 * MINUTE, "2 h 30 min"),
        ("1h 30m", 90 * MINUTE, "1 h 30 min"),
        ("1 h 30 min", 90 * MINUTE, "1 h 30 min"),
        (" 45s ", 45 * SECOND, "45 s"),
        ("0.25s", SECOND // 4, "0.25 s"),
        ("1.5h", 90 * MINUTE, "1 h 30 min"),
        ("0m", 0, "0 s"),
        ("26h", DAY + 2 * HOUR, "26 h"),
    ],
)
def test_durations(text: str, length: int, canonical: str) -> None:
    """A duration is exact, and its text for people reads back."""
    assert parse_duration(text) == length
    assert format_duration(length) == canonical
    assert parse_duration(canonical) == length


@given(st.integers(0, 10**15))
def test_duration_texts_are_exact(length: int) -> None:
    """No microsecond is lost in the text of a duration; a negative one has a sign."""
    assert parse_duration(format_duration(length)) == length
    assert format_duration(-length) == ("-" if length else "") + format_duration(length)


@pytest.mark.parametrize(
    ("text", "offset", "why"),
    [
        ("", 0, "missing"),
        ("3d", 1, "unknown unit 'd'"),
        ("30", 2, "no unit"),
        ("1h 30m 2h", 7, "large to small"),
        ("1m 1min", 3, "each unit once"),
        ("1h, 30m", 2, "expected a number"),
        ("-5m", 0, "expected a number"),
        ("0.0000001s", 0, "finer than a microsecond"),
    ],
)
def test_refused_durations(text: str, offset: int, why: str) -> None:
    """What is not a duration is refused at the character where that shows."""
    with pytest.raises(DurationError, match=why) as caught:
        parse_duration(text)
    assert caught.value.offset == offset
