"""The worked numbers that depend on a reading: the reading is named, with what would be under the others."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from upheld.core.readings.dependence import Dependence, figures
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict

from .small import Small, Under
from .test_ceng_measured import APRIL, voice_fails
from .test_ceng_measured import watched as ceng_watched
from .test_just_measured import ALL, JULY, outage, tasks
from .test_rous_measured import watched as rous_watched
from .test_rous_measured import work
from .test_sivo_measured import PATTERN, bad_slices
from .test_sivo_measured import watched as sivo_watched

pytestmark = pytest.mark.slow


def told(found: Dependence[Verdict]) -> dict[str, tuple[str, Fraction | None]]:
    """What a verdict would be, by the one reading (or readings) taken otherwise."""
    return {
        " + ".join(f"{t.reading.ref}: {t.option}" for t in one.takings): (
            "not promised" if one.result is None else one.result.state,
            figures(one.result).value,
        )
        for one in found.alternatives
    }


def owed(found: Dependence[Credit]) -> dict[str, Decimal | None]:
    """What a credit would be, by reading."""
    return {
        " + ".join(f"{t.reading.ref}: {t.option}" for t in one.takings): one.result and one.result.amount
        for one in found.alternatives
    }


def test_sivo_s1_enterprise_with_25_bad_minutes_is_paid_by_a_reading(under: Under) -> None:
    """20 % of 499.00 as it is read, nothing under the other reading; and the reading is named."""
    small = bad_slices(sivo_watched(under("sivo", "UTC", "enterprise")), PATTERN)
    found = small.credit_depends("credit", "2026-06", at=JULY)
    assert found.result is not None
    assert found.result.amount == Decimal("99.80")
    assert owed(found)["SIVO/S1: no credit"] in (Decimal("0.00"), Decimal(0))
    assert found.is_decided_by_readings
    assert (found.low, found.high) == (0, Fraction(998, 10))


def test_rous_r3_240_minutes_of_work_and_216_down_name_their_readings(under: Under) -> None:
    """99.4972 % is a breach; 99.5 % if work leaves the downtime alone, and rounded, it is none."""
    small = work(rous_watched(under("rous", "Africa/Johannesburg")))
    small.fails("chatbot", "Wed 2026-06-10 12:00", 216)
    found = small.depends("availability", "2026-06/chatbot", at=JULY)
    assert found.states[0] == "breached"
    assert told(found)["ROUS/R3: downtime only"] == ("met", Fraction(995, 1000))
    assert told(found)["ROUS/G1: half up to the printed decimals"][0] == "met"


def test_just_j4_gives_its_three_shares(under: Under) -> None:
    """90.2174, 90.4255 and 91.0: the state is the same under each, the figure is not."""
    small = tasks(under("just", "UTC"), 1000, range(20, 170))
    outage(small, "internet", 40)
    found = small.depends(ALL, "2026-06", at=JULY)
    assert found.result is not None
    assert figures(found.result).value == Fraction(830, 920)
    assert told(found)["JUST/J4: drop its late tasks"] == ("met", Fraction(850, 940))
    assert told(found)["JUST/J4: count its late tasks as on time"] == ("met", Fraction(910, 1000))


def ceng_voice(under: Under) -> tuple[Small, str, str, str]:
    """13 minutes of voice in the first quarter."""
    return voice_fails(ceng_watched(under("ceng", "Europe/Amsterdam")), 13), "voice", "2026-Q1", APRIL


def sivo_pro(under: Under) -> tuple[Small, str, str, str]:
    """Nine bad slices under Pro."""
    small = sivo_watched(under("sivo", "UTC", "pro")).fails("voice", "Wed 2026-06-10 00:00", 45)
    return small, "uptime", "2026-06", JULY


def rous_month(under: Under) -> tuple[Small, str, str, str]:
    """240 minutes of work and 216 down."""
    small = work(rous_watched(under("rous", "Africa/Johannesburg")))
    return small.fails("chatbot", "Wed 2026-06-10 12:00", 216), "availability", "2026-06/chatbot", JULY


@pytest.mark.parametrize(
    ("world", "ref", "printed"),
    [
        (ceng_voice, "CENG/G1", "99.98996"),
        (sivo_pro, "SIVO/G1", "99.89583"),
        (rous_month, "ROUS/G1", "99.4972"),
    ],
)
def test_g1_the_three_misses_that_rounding_would_flip_are_named(
    under: Under, world: object, ref: str, printed: str
) -> None:
    """Each is a miss, and none if it is rounded to the page's decimals first."""
    assert callable(world)
    small, commitment, subject, at = world(under)
    found = small.depends(commitment, subject, at=at)
    value = figures(found.result).value
    assert value is not None
    decimals = len(printed.partition(".")[2])
    assert f"{float(value) * 100:.{decimals}f}" == printed
    assert found.is_decided_by_readings
    assert ref in {reading.ref for reading in found.readings}
    assert told(found)[f"{ref}: half up to the printed decimals"][0] == "met"


def test_a_month_without_anything_depends_on_no_reading(under: Under) -> None:
    """June, all good, on Pro: no reading changes the state or the figure."""
    small = sivo_watched(under("sivo", "UTC", "pro"))
    found = small.depends("uptime", "2026-06", at="Wed 2026-07-01 02:00")
    assert found.states == ("met",)
    assert not found.is_decided_by_readings
