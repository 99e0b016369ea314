"""CENG: availability quarter by quarter, its formula and its five exclusions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from upheld.core.timeline.instant import MINUTE
from upheld.core.verdicts.measurement import Measurement

from .observed import DEGRADED
from .small import Small, Under

ZONE = "Europe/Amsterdam"
APRIL = "Thu 2026-04-02 09:00"
Q1, Q4 = 129_540, 132_540
OUTAGE = "Tue 2026-02-10 14:00"


@pytest.fixture
def ceng(under: Under) -> Small:
    """A contract under CENG, watched all through the first quarter of 2026."""
    return watched(under("ceng", ZONE))


def watched(small: Small) -> Small:
    """Checks of every minute on every product and trunk."""
    return small.watch("Wed 2025-12-31 00:00", APRIL)


def reading(under: Under, name: str, option: str, override: str = "") -> Small:
    """The same under another reading."""
    text = f"assume: {{{name}: {{take: {option}}}}}"
    return watched(under("ceng", ZONE, override=f"{{{text}{override}}}"))


def measured(small: Small, commitment: str, subject: str = "2026-Q1", at: str = APRIL) -> Measurement:
    """What was measured."""
    found = small.verdict(commitment, subject, at=at).measurement
    assert found is not None
    return found


def down(small: Small, commitment: str, subject: str = "2026-Q1") -> int:
    """The minutes down."""
    return measured(small, commitment, subject).amount("down") // MINUTE


def voice_fails(small: Small, minutes: int, start: str = OUTAGE) -> Small:
    """Both trunks fail at once."""
    return small.fails("trunk-1", start, minutes).fails("trunk-2", start, minutes)


@pytest.mark.parametrize(
    ("unavailable", "printed", "state"),
    [(12, "99.99074", "met"), (13, "99.98996", "missed")],
)
def test_ceng_2_3_2_voice_of_the_first_quarter(
    ceng: Small, unavailable: int, printed: str, state: str
) -> None:
    """12 minutes are within the 12.954 that 129,540 leave, 13 are not; and it is tried, so missed."""
    voice_fails(ceng, unavailable)
    value = measured(ceng, "voice").to_date.value
    assert value == 1 - Fraction(unavailable, Q1)
    assert f"{float(value) * 100:.5f}" == printed
    assert ceng.state("voice", "2026-Q1", at=APRIL) == state


def test_ceng_3_2_excluded_minutes_leave_the_total(ceng: Small) -> None:
    """300 excluded and 20 unavailable are 99.98452 %, missed."""
    ceng.announce("scheduled", "Mon 2026-01-05 09:00", "Sat 2026-01-24 22:00", minutes=300)
    voice_fails(ceng, 20)
    value = measured(ceng, "voice").to_date.value
    assert value == 1 - Fraction(20, Q1 - 300)
    assert f"{float(value) * 100:.5f}" == "99.98452"
    assert ceng.state("voice", "2026-Q1", at=APRIL) == "missed"


def test_ceng_2_g1_rounded_to_two_decimals_the_miss_is_none(under: Under) -> None:
    """99.98996 is 99.99 on the page."""
    small = voice_fails(reading(under, "rounding", "half up to the printed decimals"), 13)
    assert small.state("voice", "2026-Q1", at=APRIL) == "met"


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("unavailable time that is not excluded", Fraction(1)),
        ("both in full", 1 - Fraction(20, Q1 - 300)),
    ],
)
def test_ceng_3_2_c6_no_minute_is_taken_twice(under: Under, option: str, expected: Fraction) -> None:
    """An outage inside announced work is excluded; taken in full it would count although it is."""
    small = reading(under, "excluded-and-down", option)
    small.announce("scheduled", "Mon 2026-01-05 09:00", "Sat 2026-01-24 22:00", minutes=300)
    voice_fails(small, 20, "Sat 2026-01-24 23:00")
    assert measured(small, "voice").to_date.value == expected


def test_ceng_3_4_c10_voice_is_available_while_one_trunk_is(ceng: Small) -> None:
    """A day without the backup costs nothing."""
    ceng.fails("trunk-2", OUTAGE, 1440)
    assert down(ceng, "voice") == 0


def test_ceng_3_4_c10_with_one_trunk_that_one_decides(under: Under) -> None:
    """A backup is only expected of the client."""
    one = "{any: [trunk-1]}, every trunk: {all: [trunk-1]}"
    small = watched(
        under(
            "ceng", ZONE, override=f"{{component: {{Voice: {{by trunks: {{any measured trunk: {one}}}}}}}}}"
        )
    )
    assert down(small.fails("trunk-1", OUTAGE, 13), "voice") == 13


def test_ceng_3_4_c10_read_strictly_every_trunk_has_to_be_there(under: Under) -> None:
    """Then a day without the backup is a day of outage."""
    small = reading(under, "trunks", "every trunk").fails("trunk-2", OUTAGE, 1440)
    assert down(small, "voice") == 1440


@pytest.mark.parametrize(("option", "minutes"), [("only down", 0), ("degraded too", 30)])
def test_ceng_2_c8_degraded_is_not_unavailable(under: Under, option: str, minutes: int) -> None:
    """A check that worked in part is a matter for an incident."""
    small = reading(under, "unavailable-means", option)
    small.fails("sms", OUTAGE, 30, DEGRADED)
    assert down(small, "messaging", "2026-Q1/sms") == minutes


@pytest.mark.parametrize(
    ("announced", "option", "minutes"),
    [
        ("Sat 2026-01-24 21:00", "announced before the start", 0),
        ("Sat 2026-01-24 22:01", "announced before the start", 30),
        ("Sat 2026-01-24 22:01", "always", 0),
    ],
)
def test_ceng_2_c9_scheduled_work_is_excluded_if_announced_before_it_starts(
    under: Under, announced: str, option: str, minutes: int
) -> None:
    """An hour's notice is a missed objective and keeps the exclusion."""
    small = reading(under, "maintenance-excluded", option)
    small.announce("scheduled", announced, "Sat 2026-01-24 22:00")
    small.fails("sms", "Sat 2026-01-24 22:20", 30)
    assert down(small, "messaging", "2026-Q1/sms") == minutes
    assert small.state("scheduled notice", "M-1", at=APRIL) == "missed"


@pytest.mark.parametrize(("more", "minutes"), [({"urgency": "a hole in the login"}, 0), ({}, 30)])
def test_ceng_2_c9_emergency_work_is_excluded_with_its_recorded_reason(
    ceng: Small, more: dict[str, str], minutes: int
) -> None:
    """Even if it is announced after it began."""
    ceng.announce("emergency", "Sat 2026-01-24 22:10", "Sat 2026-01-24 22:00", **more)
    ceng.fails("sms", "Sat 2026-01-24 22:20", 30)
    assert down(ceng, "messaging", "2026-Q1/sms") == minutes


@pytest.mark.parametrize(
    ("cause", "party"),
    [("third-party", "third party"), ("client", "customer"), ("force-majeure", "none")],
)
def test_ceng_2_outages_of_others_are_excluded(ceng: Small, cause: str, party: str) -> None:
    """Third parties, what the client makes itself, force majeure: out of downtime and total."""
    ceng.fails("sms", OUTAGE, 60)
    ceng.attribute(APRIL, OUTAGE, 60, cause, party)
    found = measured(ceng, "messaging", "2026-Q1/sms")
    assert (found.amount("down"), found.amount("excluded")) == (0, 60 * MINUTE)
    assert (found.to_date.value, found.total) == (1, (Q1 - 60) * MINUTE)


def test_ceng_2_the_providers_own_outage_counts(ceng: Small) -> None:
    """Being explained does not excuse it."""
    ceng.fails("sms", OUTAGE, 60).attribute(APRIL, OUTAGE, 60, "provider", "provider")
    assert down(ceng, "messaging", "2026-Q1/sms") == 60


BETA = "stage: {Conversational AI Cloud: {beta: {from: 2026-01-01, until: 2026-02-15}}}"


def test_ceng_1_5_c19_a_product_in_beta_is_excluded_while_that_lasts(under: Under) -> None:
    """Six hours of outage in the Beta do not count, one after it does."""
    small = watched(under("ceng", ZONE, more=BETA))
    small.fails("Conversational AI Cloud", OUTAGE, 360)
    small.fails("Conversational AI Cloud", "Mon 2026-02-16 12:00", 60)
    found = measured(small, "conversational")
    assert (found.amount("down"), found.amount("excluded")) == (60 * MINUTE, 45 * 24 * 60 * MINUTE)
    assert found.total == (Q1 - 45 * 24 * 60) * MINUTE
    assert down(small.fails("sms", OUTAGE, 30), "messaging", "2026-Q1/sms") == 30


def test_ceng_1_5_c19_a_beta_that_is_only_announced_is_recorded_as_the_cause(under: Under) -> None:
    """The other reading takes its dates from what was said of the product."""
    small = reading(under, "beta", "announcement on the page")
    small.fails("sms", OUTAGE, 60)
    small.attribute(APRIL, "Sun 2026-02-01 00:00", 20 * 1440, "beta", "provider", components=["sms"])
    found = measured(small, "messaging", "2026-Q1/sms")
    assert (found.amount("down"), found.amount("excluded")) == (0, 20 * 1440 * MINUTE)


def test_ceng_2_c15_each_product_has_the_level_of_its_category(ceng: Small) -> None:
    """A bad quarter of one product is none of the other."""
    ceng.fails("whatsapp", OUTAGE, 60)
    assert ceng.state("messaging", "2026-Q1/whatsapp", at=APRIL) == "missed"
    assert ceng.state("messaging", "2026-Q1/sms", at=APRIL) == "met"


def test_ceng_2_c15_a_category_is_down_while_any_of_its_products_is(under: Under) -> None:
    """So the other reading has one figure for both."""
    small = reading(under, "category-or-product", "the category").fails("whatsapp", OUTAGE, 60)
    assert down(small, "messaging") == 60


@pytest.mark.parametrize(
    ("commitment", "component", "percent"),
    [
        ("messaging", "sms", "99.99"),
        ("voice", "", "99.99"),
        ("service", "inbox", "99.90"),
        ("marketing", "campaigns", "99.90"),
        ("conversational", "", "99.90"),
    ],
)
def test_ceng_2_3_1_each_category_has_its_level_by_quarter(
    ceng: Small, commitment: str, component: str, percent: str
) -> None:
    """As the table of the page says; tried and not guaranteed (G2)."""
    verdict = ceng.verdict(commitment, f"2026-Q1/{component}".rstrip("/"), at=APRIL)
    assert verdict.level is not None
    assert verdict.level.value == Fraction(percent) / 100
    assert verdict.measurement is not None
    assert verdict.measurement.period.length_us == Q1 * MINUTE
    assert (verdict.modality, verdict.state) == ("objective", "met")


def test_ceng_2_g2_read_as_guarantees_a_miss_is_a_breach(under: Under) -> None:
    """Commercially reasonable efforts are tried; the other reading binds."""
    small = voice_fails(reading(under, "effort-words", "guarantee"), 13)
    assert small.state("voice", "2026-Q1", at=APRIL) == "breached"


def test_ceng_3_1_c7_the_quarter_in_utc_begins_an_hour_later(under: Under) -> None:
    """An outage in the first minutes of the year in Amsterdam is one of the year before in UTC."""
    local, utc = under("ceng", ZONE), reading(under, "quarter", "calendar quarter in UTC")
    for small in (watched(local), utc):
        small.fails("sms", "Thu 2026-01-01 00:10", 20)
    assert (down(local, "messaging", "2026-Q1/sms"), down(utc, "messaging", "2026-Q1/sms")) == (20, 0)
    assert measured(utc, "messaging", "2026-Q1/sms").period.length_us == 90 * 1440 * MINUTE


def test_ceng_3_1_c7_the_last_quarter_gains_an_hour(under: Under) -> None:
    """Of 132,540 minutes, 99.99 % leave 13.25: 13 are met and 14 are missed."""
    january = "Mon 2027-01-04 09:00"
    for minutes, state in ((13, "met"), (14, "missed")):
        small = under("ceng", ZONE).watch("Wed 2026-09-30 00:00", january)
        voice_fails(small, minutes, "Tue 2026-11-10 14:00")
        assert measured(small, "voice", "2026-Q4", january).period.length_us == Q4 * MINUTE
        assert small.state("voice", "2026-Q4", at=january) == state


def test_ceng_2_c20_by_incidents_no_probe_is_asked(under: Under) -> None:
    """The other reading counts from the declaration to the resolution."""
    small = reading(under, "probe", "incident minutes").fails("sms", OUTAGE, 60)
    small.tell("incident.declared", "I-1", OUTAGE, severity="P2", components=["sms"])
    small.tell("incident.resolved", "I-1", "Tue 2026-02-10 14:25")
    assert down(small, "messaging", "2026-Q1/sms") == 25


@pytest.mark.parametrize(
    ("option", "expected"),
    [("bounds", "undetermined"), ("counted as up", "met"), ("counted as down", "missed")],
)
def test_ceng_2_g3_a_gap_in_the_checks_decides_by_its_bounds(
    under: Under, option: str, expected: str
) -> None:
    """10 minutes down and 5 unknown lie on both sides of the 12.95 that the quarter leaves."""
    small = reading(under, "unknown-time", option)
    small.fails("sms", OUTAGE, 10).unwatched("sms", "Wed 2026-02-11 12:00", 5)
    assert small.state("messaging", "2026-Q1/sms", at=APRIL) == expected


def test_ceng_2_c18_a_miss_owes_nothing(ceng: Small) -> None:
    """The page names no credit."""
    assert ceng.terms.remedies == ()
    assert [row.value for row in ceng.terms.entitlements if row.name == "credits"] == [
        "none is promised; what is missed is reported"
    ]
