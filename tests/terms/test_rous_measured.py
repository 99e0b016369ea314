"""ROUS: availability month by month, and what is taken out of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from upheld.core.timeline.instant import MINUTE

from .observed import Checked
from .small import Small, Under

ZONE = "Africa/Johannesburg"
JULY = "Thu 2026-07-02 09:00"
JUNE = 43_200


@pytest.fixture
def rous(under: Under) -> Small:
    """A contract under ROUS whose two components were watched all through June."""
    return watched(under("rous", ZONE))


def watched(small: Small) -> Small:
    """Checks of every minute, from the end of May to the beginning of July."""
    return small.watch("Sun 2026-05-31 00:00", JULY)


def reading(under: Under, name: str, option: str) -> Small:
    """The same under another reading."""
    return watched(under("rous", ZONE, override=f"{{assume: {{{name}: {{take: {option}}}}}}}"))


def work(small: Small) -> Small:
    """Two windows of two hours, announced in time."""
    small.announce("scheduled", "Mon 2026-06-01 09:00", "Sat 2026-06-06 22:00", "M-1", 120)
    return small.announce("scheduled", "Mon 2026-06-01 09:00", "Sat 2026-06-13 22:00", "M-2", 120)


def value(small: Small, subject: str = "2026-06/chatbot", commitment: str = "availability") -> Fraction:
    """What was measured."""
    measurement = small.verdict(commitment, subject, at=JULY).measurement
    assert measurement is not None
    assert measurement.to_date.value is not None
    return measurement.to_date.value


def state(small: Small, subject: str = "2026-06/chatbot") -> str:
    """How the month ended."""
    return small.state("availability", subject, at=JULY)


def test_rous_2_2_r3_announced_work_leaves_downtime_and_total(rous: Small) -> None:
    """240 minutes of work and 216 of downtime make 99.4972 % of June, a breach."""
    work(rous).fails("chatbot", "Wed 2026-06-10 12:00", 216)
    assert value(rous) == 1 - Fraction(216, JUNE - 240)
    assert round(float(value(rous)) * 100, 4) == 99.4972
    assert state(rous) == "breached"


def test_rous_2_2_r3_taken_from_downtime_only_the_same_month_is_met(under: Under) -> None:
    """216 of all 43,200 minutes are exactly 99.5 %."""
    small = work(reading(under, "maintenance-effect", "downtime only"))
    small.fails("chatbot", "Wed 2026-06-10 12:00", 216)
    assert value(small) == Fraction(995, 1000)
    assert state(small) == "met"


def test_rous_2_1_g1_rounded_to_one_decimal_the_miss_is_none(under: Under) -> None:
    """99.4972 is 99.5 on the page: the miss is sensitive to rounding."""
    small = work(reading(under, "rounding", "half up to the printed decimals"))
    small.fails("chatbot", "Wed 2026-06-10 12:00", 216)
    assert state(small) == "met"


def test_rous_2_2_downtime_inside_announced_work_does_not_count(rous: Small) -> None:
    """The two hours of the window are excluded, by name."""
    work(rous).fails("chatbot", "Sat 2026-06-06 22:00", 120)
    assert value(rous) == 1
    measurement = rous.verdict("availability", "2026-06/chatbot", at=JULY).measurement
    assert measurement is not None
    excluded = [(part.by, part.amount) for part in measurement.parts if part.name == "excluded"]
    assert excluded == [("announced maintenance", 240 * MINUTE)]


@pytest.mark.parametrize(("option", "down"), [("counts", 30), ("excluded", 0)])
def test_rous_5_1_r6_work_announced_too_late_counts(under: Under, option: str, down: int) -> None:
    """47 hours are not 48: only under the other reading is it excluded all the same."""
    small = reading(under, "short-notice", option)
    small.announce("scheduled", "Thu 2026-06-04 23:00", "Sat 2026-06-06 22:00")
    small.fails("chatbot", "Sat 2026-06-06 22:10", 30)
    assert down_minutes(small) == down


@pytest.mark.parametrize(("option", "down"), [("counts", 30), ("excluded", 0)])
def test_rous_5_2_r5_emergency_work_counts(under: Under, option: str, down: int) -> None:
    """Only scheduled work is excluded; the other reading takes emergencies as well."""
    small = reading(under, "emergency-work", option)
    small.announce("emergency", "Sat 2026-06-06 21:50", "Sat 2026-06-06 22:00")
    small.fails("chatbot", "Sat 2026-06-06 22:10", 30)
    assert down_minutes(small) == down


def test_rous_5_2_r5_the_figure_tells_that_it_rests_on_this_reading(rous: Small) -> None:
    """Although nothing of an emergency is excluded under it."""
    for commit in rous.terms.commits:
        assert "emergency-work" in commit.cited.readings


def down_minutes(small: Small, subject: str = "2026-06/chatbot", commitment: str = "availability") -> int:
    """The downtime of the month."""
    measurement = small.verdict(commitment, subject, at=JULY).measurement
    assert measurement is not None
    return measurement.amount("down") // MINUTE


CAUSES = [
    ("6.1", "third-party", "third party"),
    ("6.2", "client-side", "customer"),
    ("6.3", "force-majeure", "none"),
]


@pytest.mark.parametrize(("clause", "cause", "party"), CAUSES)
def test_rous_1_2_6_r7_an_outage_of_others_is_not_counted_with_evidence(
    rous: Small, clause: str, cause: str, party: str
) -> None:
    """The figure leaves it out, and the raw one beside it keeps it."""
    rous.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    rous.attribute(JULY, "Wed 2026-06-10 12:00", 300, cause, party, evidence="https://status.example/1")
    assert (down_minutes(rous), state(rous)) == (0, "met")
    assert down_minutes(rous, commitment="raw availability") == 300
    (excluded,) = (row for row in rous.terms.exclusions if clause in row.cited.clauses)
    assert rous.state("raw availability", "2026-06/chatbot", at=JULY) == "not applicable"
    assert excluded.indicators == ("availability",)


@pytest.mark.parametrize(("clause", "cause", "party"), CAUSES)
def test_rous_1_2_6_r7_without_evidence_it_counts(rous: Small, clause: str, cause: str, party: str) -> None:
    """A cause that nobody can check takes nothing out."""
    rous.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    rous.attribute(JULY, "Wed 2026-06-10 12:00", 300, cause, party)
    assert (down_minutes(rous), state(rous)) == (300, "breached")
    assert clause in {number for row in rous.terms.exclusions for number in row.cited.clauses}


def test_rous_6_1_r7_read_as_liability_alone_it_counts_with_evidence_too(under: Under) -> None:
    """Nobody is liable, and the minutes are down."""
    small = reading(under, "outside-causes", "counted without liability")
    small.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    small.attribute(JULY, "Wed 2026-06-10 12:00", 300, "third-party", "third party", evidence="log 7")
    assert down_minutes(small) == 300


def test_rous_2_2_r4_if_section_6_were_meant_its_causes_would_need_no_evidence(under: Under) -> None:
    """The reference would exclude every disclaimer of that section."""
    small = reading(under, "section-reference", "section 6 is meant")
    small.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    small.attribute(JULY, "Wed 2026-06-10 12:00", 300, "third-party", "third party")
    assert down_minutes(small) == 0


def test_rous_2_1_r2_each_component_has_its_own_level(rous: Small) -> None:
    """An outage of the one is no outage of the other."""
    rous.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    assert (state(rous), state(rous, "2026-06/automation")) == ("breached", "met")


@pytest.mark.parametrize(
    ("option", "expected"),
    [("all together", 1 - Fraction(300, JUNE)), ("average", 1 - Fraction(150, JUNE))],
)
def test_rous_2_1_r2_all_together_or_on_average(under: Under, option: str, expected: Fraction) -> None:
    """Together the service is down while any part is; an average halves the outage of one of two."""
    small = reading(under, "component-level", option)
    small.fails("chatbot", "Wed 2026-06-10 12:00", 300)
    assert value(small, "2026-06") == expected


def test_rous_2_1_r1_by_requests_it_is_the_share_that_was_served(under: Under) -> None:
    """Nine hundred of a thousand requests, whenever they came."""
    small = reading(under, "available-means", "request ratio")
    at = small.instant("Wed 2026-06-10 12:00")
    for name in ("chatbot", "automation"):
        small.observed.counts[name] = [(at, 400, 400), (at + 5 * MINUTE, 600, 500)]
    assert value(small) == Fraction(900, 1000)


def test_rous_2_1_r1_by_incidents_it_is_the_time_from_declared_to_resolved(under: Under) -> None:
    """No probe is asked."""
    small = reading(under, "available-means", "incident minutes")
    small.tell("incident.declared", "I-1", "Wed 2026-06-10 12:00", severity="P1", components=["chatbot"])
    small.tell("incident.resolved", "I-1", "Wed 2026-06-10 13:00")
    assert value(small) == 1 - Fraction(60, JUNE)
    assert value(small, "2026-06/automation") == 1


def test_rous_2_1_r1_a_minute_is_down_when_its_check_fails(rous: Small) -> None:
    """One-minute slices of a declared probe: one failed check is one minute."""
    rous.fails("chatbot", "Wed 2026-06-10 12:00", 1)
    assert value(rous) == 1 - Fraction(1, JUNE)


@pytest.mark.parametrize(
    ("option", "expected"),
    [("bounds", "undetermined"), ("counted as up", "met"), ("counted as down", "breached")],
)
def test_rous_2_1_g3_a_gap_in_the_checks_decides_by_its_bounds(
    under: Under, option: str, expected: str
) -> None:
    """200 minutes down and 50 unknown lie on both sides of the 216 that 99.5 % leaves."""
    small = reading(under, "unknown-time", option)
    small.fails("chatbot", "Wed 2026-06-10 12:00", 200)
    small.unwatched("chatbot", "Thu 2026-06-11 12:00", 50)
    assert state(small) == expected


def test_rous_2_1_r20_the_month_is_that_of_johannesburg(under: Under) -> None:
    """Its June begins at 22:00 UTC on 31 May; under the other reading that outage is of May."""
    local, utc = (reading(under, "month-zone", zone) for zone in (ZONE, "UTC"))
    for small in (local, utc):
        small.fails("chatbot", "Mon 2026-06-01 00:10", 60)
    assert (down_minutes(local), down_minutes(utc)) == (60, 0)


def test_rous_2_1_a_component_without_checks_is_unknown_and_not_down(under: Under) -> None:
    """Nothing was seen, so nothing is decided."""
    small = under("rous", ZONE)
    start_at, end_at = small.instant("Sun 2026-05-31 00:00"), small.instant(JULY)
    small.observed.checks["automation"] = Checked(start_at, end_at)
    assert (state(small), state(small, "2026-06/automation")) == ("undetermined", "met")


def test_rous_6_4_r18_no_credit_is_promised_and_liability_is_capped(rous: Small, under: Under) -> None:
    """A breach owes nothing by the page; the cap is kept as a note."""
    assert rous.terms.remedies == ()
    notes = {row.name: row.value for row in rous.terms.entitlements if "6.4" in row.cited.clauses}
    assert notes["liability cap"] == "in total no more than the fees of the last three months"
    agreed = under("rous", ZONE, override="{assume: {remedy: {take: credit by agreement}}}")
    (value_agreed,) = (row.value for row in agreed.terms.entitlements if row.name == "credits")
    assert value_agreed != notes["credits"]
