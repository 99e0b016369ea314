"""The partition of civil days: cut at midnights, whole, and the same as that of the period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.drawings.figure_results import figure
from tests.render.figure_worlds import JUNE, measured
from upheld.core.measuring.days import days_of
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, parse_instant
from upheld.core.verdicts.measurement import PARTS, Measurement
from upheld.language.zones import zone_named

UTC = zone_named("UTC", 2024, 2029)
AMSTERDAM = zone_named("Europe/Amsterdam", 2024, 2029)


def test_an_outage_over_midnight_is_cut_there() -> None:
    """14 hours from 20:00 on: four on the first day, ten on the next."""
    found = measured(14 * 60)
    days = days_of([found], UTC, JUNE.end_at, 30)
    assert len(days) == 30
    down = {day.on.day: day.amount("down") // MINUTE for day in days if day.amount("down")}
    assert down == {8: 840}
    days = days_of([found], zone_named("Asia/Tokyo", 2024, 2029), JUNE.end_at, 31)
    assert {day.on.day: day.amount("down") // MINUTE for day in days if day.amount("down")} == {
        8: 300,
        9: 540,
    }


def test_what_no_period_holds_is_before_the_start() -> None:
    """Two days of May before a contract that began in June."""
    days = days_of([measured(0)], UTC, JUNE.end_at, 32)
    assert [(day.on.isoformat(), day.parts[0].name) for day in days[:2]] == [
        ("2026-05-30", "before start"),
        ("2026-05-31", "before start"),
    ]


def test_a_day_of_25_hours_is_longer() -> None:
    """The day on which clocks go back."""
    days = days_of([], AMSTERDAM, parse_instant("2026-10-25T23:00:00Z"), 2)
    assert [day.length_us for day in days] == [DAY, 25 * HOUR]


def test_items_have_no_days() -> None:
    """What was made of others, or counts items, has no stretches to cut."""
    one = measured(0)
    counted = Measurement(
        "u", "c", JUNE, JUNE.end_at, "count", (), 0, 0, one.final, one.final, one.worst_final, True
    )
    with pytest.raises(ValueError, match="not made of stretches"):
        days_of([counted], UTC, JUNE.end_at, 1)


@given(seed=st.integers(0, 10_000), zone=st.sampled_from([UTC, AMSTERDAM]))
def test_days_add_up_to_the_period(seed: int, zone: object) -> None:
    """Each day to its true length, and all of them, part by part, to the partition of the period."""
    _, verdict, _ = figure(seed)
    assert verdict.measurement is not None
    for found in verdict.measurement.ends:
        count = found.period.length_us // DAY + 3
        days = days_of([found], zone, found.period.end_at + DAY, count)  # type: ignore[arg-type]
        for day in days:
            assert sum(part.amount for part in day.parts) == day.length_us
        for name in PARTS:
            if name != "before start":
                assert sum(day.amount(name) for day in days) == found.amount(name), name
