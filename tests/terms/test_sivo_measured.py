"""SIVO: uptime of a month, its exclusions, and what a breach pays."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from upheld.core.measuring.observation import Latency
from upheld.core.terms.remedy import Bands, Share
from upheld.core.timeline.instant import MINUTE, SECOND
from upheld.core.verdicts.measurement import Measurement

from .small import Small, Under

pytestmark = pytest.mark.slow

UTC = "UTC"
JUNE = 43_200
JULY = "Thu 2026-07-02 09:00"
OUTAGE = "Wed 2026-06-10 10:00"
PATTERN = (1, 0, 1, 1, 0, 1, 1, 1)


def watched(small: Small) -> Small:
    """Checks of every minute on the planes and on calls, from the end of May to the beginning of July."""
    return small.watch("Sat 2026-05-30 00:00", JULY)


@pytest.fixture
def pro(under: Under) -> Small:
    """A watched contract on the Pro plan."""
    return watched(under("sivo", UTC, "pro"))


@pytest.fixture
def enterprise(under: Under) -> Small:
    """A watched contract on the Enterprise plan."""
    return watched(under("sivo", UTC, "enterprise"))


def reading(under: Under, name: str, option: str, plan: str = "enterprise") -> Small:
    """A watched contract under another reading."""
    return watched(under("sivo", UTC, plan, override=f"{{assume: {{{name}: {{take: {option}}}}}}}"))


def clock(minutes: int) -> str:
    """So many minutes after the outage began."""
    return f"Wed 2026-06-10 {10 + minutes // 60}:{minutes % 60:02}"


def bad_slices(small: Small, pattern: tuple[int, ...], component: str = "api") -> Small:
    """Slices of five minutes one after the other, bad where the pattern has a 1."""
    for number, bad in enumerate(pattern):
        if bad:
            small.fails(component, clock(5 * number), 5)
    return small


def measured(
    small: Small, commitment: str = "uptime", subject: str = "2026-06", at: str = JULY
) -> Measurement:
    """What was measured."""
    found = small.verdict(commitment, subject, at=at).measurement
    assert found is not None
    return found


def down(small: Small) -> int:
    """The minutes of June that are unavailable."""
    return measured(small).amount("down") // MINUTE


def state(small: Small) -> str:
    """How June ended."""
    return small.state("uptime", "2026-06", at=JULY)


def owed(small: Small) -> Decimal | None:
    """What the credit of June is."""
    return small.credit("credit", "2026-06", at=JULY).amount


def test_sivo_1_3_of_eight_slices_five_are_in_runs(pro: Small, enterprise: Small) -> None:
    """Bad, good, bad, bad, good, bad, bad, bad: 25 minutes, 99.94213 %: Pro keeps it, Enterprise does not."""
    for small in (pro, enterprise):
        bad_slices(small, PATTERN)
        value = measured(small).to_date.value
        assert value == 1 - Fraction(25, JUNE)
        assert f"{float(value) * 100:.5f}" == "99.94213"
        assert measured(small).amount("degraded") == 5 * MINUTE
    assert (state(pro), state(enterprise)) == ("met", "breached")


@pytest.mark.parametrize(
    ("slices", "printed", "of_pro", "of_enterprise", "pays_pro", "pays_enterprise"),
    [
        (4, "99.95370", "met", "met", 0, 0),
        (5, "99.94213", "met", "breached", 0, 20),
        (8, "99.90741", "met", "breached", 0, 20),
        (9, "99.89583", "breached", "breached", 10, 20),
        (86, "99.00463", "breached", "breached", 10, 20),
        (87, "98.99306", "breached", "breached", 20, 40),
        (172, "98.00926", "breached", "breached", 20, 40),
        (173, "97.99769", "breached", "breached", 30, 60),
    ],
)
def test_sivo_5_1_s1_s2_the_bands_of_june(
    pro: Small,
    enterprise: Small,
    slices: int,
    printed: str,
    of_pro: str,
    of_enterprise: str,
    pays_pro: int,
    pays_enterprise: int,
) -> None:
    """Of 499.00 a month: Enterprise is paid from its own level down, Pro from 99.9 %."""
    for small, expected, percent in (
        (pro, of_pro, pays_pro),
        (enterprise, of_enterprise, pays_enterprise),
    ):
        small.fails("voice", "Wed 2026-06-10 00:00", 5 * slices)
        value = measured(small).to_date.value
        assert value == 1 - Fraction(5 * slices, JUNE)
        assert f"{float(value) * 100:.5f}" == printed
        assert state(small) == expected
        assert (owed(small) or 0) == Decimal("4.99") * percent


def test_sivo_5_1_twenty_percent_of_499_are_99_80(enterprise: Small) -> None:
    """Enterprise with five bad slices."""
    bad_slices(enterprise, PATTERN)
    credit = enterprise.credit("credit", "2026-06", at=JULY)
    assert (credit.state, credit.amount, credit.currency) == ("owed", Decimal("99.80"), "EUR")
    assert (credit.low, credit.high, credit.base) == (Fraction(998, 10), Fraction(998, 10), 499)


def test_sivo_5_1_s1_without_the_reading_enterprise_is_not_paid_in_the_gap(under: Under) -> None:
    """From 99.9 to 99.95 % the table has no row."""
    small = bad_slices(reading(under, "enterprise-gap", "no credit"), PATTERN)
    assert state(small) == "breached"
    assert (owed(small) or 0) == 0


@pytest.mark.parametrize(
    ("option", "value", "pro_pays", "enterprise_pays"),
    [
        ("lower edge included", "99.0", 10, 20),
        ("lower edge included", "98.0", 20, 40),
        ("upper edge included", "99.0", 20, 40),
        ("upper edge included", "98.0", 30, 60),
    ],
)
def test_sivo_5_1_s2_exactly_on_an_edge(
    under: Under, option: str, value: str, pro_pays: int, enterprise_pays: int
) -> None:
    """No number of slices of a month hits one, so the rule itself is asked."""
    for plan, percent in (("pro", pro_pays), ("enterprise", enterprise_pays)):
        amount = reading(under, "band-edges", option, plan).terms.remedy("credit").amount
        assert isinstance(amount, Bands)
        (give,) = (band.give for band in amount.bands if band.holds(Fraction(value) / 100))
        assert give == Share(Fraction(percent, 100))


def test_sivo_1_1_starter_is_measured_without_a_level(under: Under) -> None:
    """Best effort: there is a figure, and nothing to miss or to pay."""
    starter = bad_slices(watched(under("sivo", UTC, "starter")), PATTERN)
    verdict = starter.verdict("uptime", "2026-06", at=JULY)
    assert (verdict.state, verdict.level) == ("not applicable", None)
    assert measured(starter).to_date.value == 1 - Fraction(25, JUNE)
    assert starter.terms.remedies == ()


@pytest.mark.parametrize("plane", ["api", "voice", "dashboard"])
def test_sivo_1_2_each_of_the_three_planes_can_fail(pro: Small, plane: str) -> None:
    """Any of them makes the service unavailable."""
    assert down(bad_slices(pro, (1, 1), plane)) == 10


@pytest.mark.parametrize(
    ("option", "is_down", "degraded", "unknown"), [("up", 0, 5, 0), ("down", 5, 0, 0), ("unknown", 0, 0, 5)]
)
def test_sivo_1_3_s3_one_bad_slice_alone(
    under: Under, option: str, is_down: int, degraded: int, unknown: int
) -> None:
    """It is neither available nor unavailable: up, and shown as degraded."""
    found = measured(bad_slices(reading(under, "lone-bad-period", option), (1,)))
    parts = (found.amount("down"), found.amount("degraded"), found.amount("unknown"))
    assert parts == (is_down * MINUTE, degraded * MINUTE, unknown * MINUTE)


def test_sivo_1_3_s4_a_run_counts_whole(pro: Small) -> None:
    """So the shortest downtime is ten minutes; counting from the second slice can only be named."""
    assert down(bad_slices(pro, (1, 1))) == 10
    assert pro.terms.assumptions["run-counts"].options == ("whole", "from the second")


@pytest.mark.parametrize(("option", "minutes"), [("any plane", 10), ("the same plane", 0)])
def test_sivo_1_3_s5_a_run_over_two_planes(under: Under, option: str, minutes: int) -> None:
    """First the interface, then voice: any of the three in each period."""
    small = bad_slices(reading(under, "planes-in-a-run", option), (1,), "api")
    assert down(bad_slices(small, (0, 1), "voice")) == minutes


@pytest.mark.parametrize(
    ("option", "failed", "minutes"),
    [
        ("99 % of checks", 2, 0),
        ("99 % of checks", 4, 10),
        ("any failed check", 2, 10),
        ("every check failed", 4, 0),
        ("every check failed", 300, 10),
    ],
)
def test_sivo_1_2_s6_when_voice_fails_in_a_period(
    under: Under, option: str, failed: int, minutes: int
) -> None:
    """With a check a second, 2 of 300 are within 1 % and 4 are not."""
    small = reading(under, "plane-rule", option)
    small.observed.checks["voice"].every_us = SECOND
    for first in ("10:00", "10:05"):
        small.fails_for("voice", f"Wed 2026-06-10 {first}", failed * SECOND)
    assert down(small) == minutes


@pytest.mark.parametrize("option", ["99 % of checks", "any failed check", "every check failed"])
def test_sivo_1_2_s6_the_interface_keeps_its_99_percent(under: Under, option: str) -> None:
    """The page says so of it; the readings are about the other two."""
    small = reading(under, "plane-rule", option)
    small.observed.checks["api"].every_us = SECOND
    for first in ("10:00", "10:05"):
        small.fails_for("api", f"Wed 2026-06-10 {first}", 2 * SECOND)
        small.fails_for("api", f"Wed 2026-06-10 {first.replace('10:', '12:')}", 4 * SECOND)
    assert down(small) == 10


def test_sivo_1_3_s7_periods_lie_on_a_fixed_grid(pro: Small) -> None:
    """Six minutes from 10:02 to 10:08 touch two periods of the grid; five from 10:00 only one."""
    assert down(pro.fails("api", clock(2), 6)) == 10
    assert measured(pro).outages.starts[0] % (5 * MINUTE) == 0


@pytest.mark.parametrize(("option", "minutes"), [("breaks", 0), ("joins", 10)])
def test_sivo_1_3_s8_an_excluded_period_breaks_a_run(under: Under, option: str, minutes: int) -> None:
    """Each period has to be attributable, so two around an excluded one stand alone."""
    small = bad_slices(reading(under, "broken-run", option), (1, 1, 1))
    small.attribute(JULY, clock(5), 5, "war", "none")
    assert down(small) == minutes
    assert measured(small).amount("excluded") == 5 * MINUTE


@pytest.mark.parametrize(("option", "minutes"), [("continuous and then cut", 5), ("each month alone", 0)])
def test_sivo_1_3_s9_a_run_over_the_end_of_the_month(under: Under, option: str, minutes: int) -> None:
    """The last period of May and the first of June are one outage, cut between the months."""
    small = reading(under, "month-end-run", option).fails("api", "Sun 2026-05-31 23:55", 10)
    assert down(small) == minutes


def window(small: Small, announced: str = "Mon 2026-06-01 09:00", minutes: int = 180) -> Small:
    """Work in the Sunday slot of 7 June."""
    return small.announce("scheduled", announced, "Sun 2026-06-07 02:00", minutes=minutes)


@pytest.mark.parametrize(
    ("option", "total"), [("stays in the total", JUNE), ("leaves the total", JUNE - 180)]
)
def test_sivo_2_1_s10_excluded_time_and_the_total(under: Under, option: str, total: int) -> None:
    """It is only not counted as unavailability."""
    small = window(reading(under, "total-time", option))
    bad_slices(small.fails("api", "Sun 2026-06-07 03:00", 60), (1, 1))
    assert measured(small).total == total * MINUTE
    assert measured(small).to_date.value == 1 - Fraction(10, total)


def test_sivo_1_1_s11_the_month_is_that_of_utc(under: Under) -> None:
    """In Madrid June begins two hours earlier."""
    for option, minutes in (("UTC", 0), ("Europe/Madrid", 10)):
        small = reading(under, "month-zone", option).fails("api", "Sun 2026-05-31 22:30", 10)
        assert down(small) == minutes


@pytest.mark.parametrize(
    ("option", "minutes", "unknown"), [("unknown", 15, 10), ("up", 15, 0), ("down", 25, 0)]
)
def test_sivo_1_3_s12_time_without_checks(under: Under, option: str, minutes: int, unknown: int) -> None:
    """15 minutes down and 10 unseen: the reading sets value and partition, and G3 still the verdict.

    Either side of the 21.6 minutes that 99.95 % leaves can be true, so nothing is decided under any of them.
    """
    small = bad_slices(reading(under, "missing-probes", option), (1, 1, 1))
    small.unwatched("voice", "Wed 2026-06-17 10:00", 10)
    assert measured(small).to_date.value == 1 - Fraction(minutes, JUNE)
    assert measured(small).amount("unknown") == unknown * MINUTE
    assert state(small) == "undetermined"


@pytest.mark.parametrize(
    ("option", "unknown", "excluded"), [("unknown", 30, 0), ("up", 0, 0), ("down", 0, 30)]
)
def test_sivo_1_3_s12_a_gap_with_a_recorded_cause_decides_nothing(
    under: Under, option: str, unknown: int, excluded: int
) -> None:
    """Half an hour unseen while a carrier of the customer failed: good, or bad and not Cloudtree's."""
    small = reading(under, "missing-probes", option).unwatched("voice", OUTAGE, 30)
    assert state(small) == "undetermined"
    small.attribute(JULY, OUTAGE, 30, "carrier", "third party", contracted_by="customer")
    found = measured(small)
    assert (found.amount("unknown"), found.amount("excluded")) == (unknown * MINUTE, excluded * MINUTE)
    assert (found.to_date.low, found.to_date.value, state(small)) == (1, 1, "met")


@pytest.mark.parametrize(
    ("option", "expected"),
    [("bounds", "undetermined"), ("counted as up", "met"), ("counted as down", "breached")],
)
def test_sivo_1_1_g3_the_bounds_decide(under: Under, option: str, expected: str) -> None:
    """The value leaves the gap out; whether the level is reached depends on it."""
    small = bad_slices(reading(under, "unknown-time", option), (1, 1, 1))
    small.unwatched("voice", "Wed 2026-06-17 10:00", 10)
    assert measured(small).to_date.value == 1 - Fraction(15, JUNE)
    assert state(small) == expected


def test_sivo_5_1_g3_an_undetermined_month_owes_between_nothing_and_the_band(enterprise: Small) -> None:
    """No credit of itself: the claim stays open to the customer's own evidence."""
    bad_slices(enterprise, (1, 1, 1)).unwatched("voice", "Wed 2026-06-17 10:00", 10)
    credit = enterprise.credit("credit", "2026-06", at=JULY)
    assert credit.state == "undetermined"
    assert (credit.low, credit.high) == (0, Fraction(998, 10))


def test_sivo_1_1_g1_rounded_to_the_page_the_miss_of_pro_is_none(under: Under) -> None:
    """99.89583 is 99.9 on the page."""
    small = reading(under, "rounding", "half up to the printed decimals", "pro").fails("api", clock(0), 45)
    assert state(small) == "met"


def test_sivo_2_1_4_1_a_window_with_notice_does_not_count(pro: Small) -> None:
    """An outage in the Sunday slot, announced 48 hours before."""
    window(pro, "Fri 2026-06-05 02:00").fails("api", "Sun 2026-06-07 03:00", 60)
    assert down(pro) == 0
    assert measured(pro).amount("excluded") == 180 * MINUTE


@pytest.mark.parametrize(("option", "minutes"), [("the uncovered part counts", 60), ("excluded", 0)])
def test_sivo_4_1_s14_a_window_without_notice_counts(under: Under, option: str, minutes: int) -> None:
    """A minute less than 48 hours."""
    small = window(reading(under, "window-conditions", option), "Fri 2026-06-05 02:01")
    assert down(small.fails("api", "Sun 2026-06-07 03:00", 60)) == minutes


@pytest.mark.parametrize(("option", "minutes"), [("the uncovered part counts", 30), ("excluded", 0)])
def test_sivo_4_1_s14_what_overruns_0500_counts(under: Under, option: str, minutes: int) -> None:
    """Work of 02:00 to 05:30 with an outage from 04:30 on: the last half hour is outside the slot."""
    small = window(reading(under, "window-conditions", option), minutes=210)
    assert down(small.fails("api", "Sun 2026-06-07 04:30", 60)) == minutes


@pytest.mark.parametrize(("option", "minutes"), [("count", 30), ("excluded", 0)])
def test_sivo_4_2_s13_an_emergency_window_counts(under: Under, option: str, minutes: int) -> None:
    """Only what is scheduled is excluded; the other reading takes all of section 4."""
    small = reading(under, "emergency-windows", option)
    small.announce("emergency", "Wed 2026-06-10 09:50", OUTAGE)
    assert down(small.fails("api", clock(10), 30)) == minutes


def test_sivo_4_2_s13_the_figure_tells_that_it_rests_on_this_reading(under: Under, pro: Small) -> None:
    """Under both options, although under the one taken there is no such exclusion."""
    for small in (pro, reading(under, "emergency-windows", "excluded", "pro")):
        (uptime,) = (row for row in small.terms.commits if row.name == "uptime")
        assert "emergency-windows" in uptime.cited.readings
        assert "emergency-windows" in small.terms.remedy("credit").cited.readings


@pytest.mark.parametrize(
    ("clause", "cause", "party", "more"),
    [
        ("2.2", "carrier", "third party", {"contracted_by": "customer"}),
        ("2.3", "ai-provider", "third party", {"contracted_by": "customer"}),
        ("2.4", "user-connection", "customer", {}),
        ("2.5", "external-system", "third party", {}),
        ("2.6", "customer-misuse", "customer", {}),
        ("2.7", "war", "none", {}),
        ("2.7", "disaster", "none", {}),
    ],
)
def test_sivo_2_each_cause_of_section_2_is_excluded(
    pro: Small, clause: str, cause: str, party: str, more: dict[str, str]
) -> None:
    """An hour of outage with that cause recorded is not counted; the total stays as it is."""
    pro.fails("voice", OUTAGE, 60).attribute(JULY, OUTAGE, 60, cause, party, **more)
    found = measured(pro)
    assert (found.amount("down"), found.amount("excluded"), found.total) == (0, 60 * MINUTE, JUNE * MINUTE)
    (part,) = (part for part in found.parts if part.name == "excluded" and part.amount)
    (rule,) = (row for row in pro.terms.exclusions if row.name == part.by)
    assert rule.cited.clauses == (clause,)


@pytest.mark.parametrize(
    ("option", "contracted_by", "minutes"),
    [
        ("contracted by the customer", "provider", 60),
        ("contracted by the customer", "", 60),
        ("all", "provider", 0),
    ],
)
@pytest.mark.parametrize("cause", ["carrier", "ai-provider"])
def test_sivo_2_2_2_3_s22_a_carrier_of_the_provider_counts(
    under: Under, cause: str, option: str, contracted_by: str, minutes: int
) -> None:
    """The record has to say who contracted it."""
    more = {"contracted_by": contracted_by} if contracted_by else {}
    small = reading(under, "whose-carrier", option).fails("voice", OUTAGE, 60)
    assert down(small.attribute(JULY, OUTAGE, 60, cause, "third party", **more)) == minutes


@pytest.mark.parametrize(
    ("option", "shared", "several", "minutes"),
    [
        ("on shared infrastructure and several providers at once", True, True, 0),
        ("on shared infrastructure and several providers at once", True, False, 60),
        ("on shared infrastructure and several providers at once", False, True, 60),
        ("any", False, False, 0),
    ],
)
def test_sivo_2_7_s23_a_ddos_has_two_conditions(
    under: Under, option: str, shared: bool, several: bool, minutes: int
) -> None:
    """A mass attack on shared infrastructure that hits several providers at the same time."""
    small = reading(under, "shared-ddos", option).fails("api", OUTAGE, 60)
    more = {"shared_infrastructure": shared, "several_providers": several}
    assert down(small.attribute(JULY, OUTAGE, 60, "ddos", "third party", **more)) == minutes


def test_sivo_2_8_a_suspension_does_not_count(pro: Small) -> None:
    """From the suspension to its end the service rests."""
    pro.tell("contract.suspended", "small", OUTAGE, reason="invoice of April unpaid")
    pro.tell("contract.resumed", "small", "Wed 2026-06-10 16:00")
    assert down(pro.fails("api", OUTAGE, 6 * 60)) == 0


@pytest.mark.parametrize(
    ("option", "seconds"), [("judged on the rest", 480), ("excluded whole", 0), ("not excluded", 600)]
)
def test_sivo_1_3_s30_a_period_that_is_partly_excluded(under: Under, option: str, seconds: int) -> None:
    """Two bad periods, a window over 2 of the 5 minutes of the second: 300 + 180 seconds."""
    small = reading(under, "partly-excluded", option).fails("api", "Sun 2026-06-07 04:50", 10)
    small.announce("scheduled", "Mon 2026-06-01 09:00", "Sun 2026-06-07 04:58", minutes=2)
    assert measured(small).amount("down") == seconds * SECOND


def test_sivo_1_3_s30_a_cause_of_two_minutes_takes_two_minutes(pro: Small) -> None:
    """A cause takes bad time to the second, and the rest of its period is judged without it."""
    bad_slices(pro, (1, 1)).attribute(JULY, clock(8), 2, "war", "none")
    assert measured(pro).amount("down") == 480 * SECOND


@pytest.mark.parametrize(("option", "total"), [("whole month", 30), ("part of the month", 15)])
def test_sivo_5_s31_a_contract_from_the_middle_of_the_month(under: Under, option: str, total: int) -> None:
    """The month is that of the service; the other reading takes its half."""
    override = f"{{assume: {{mid-month: {{take: {option}}}}}}}"
    small = watched(under("sivo", UTC, "pro", override=override, start="2026-06-16"))
    small.fails("api", "Wed 2026-06-17 10:00", 20)
    assert measured(small).total == total * 1440 * MINUTE
    assert measured(small).to_date.value == 1 - Fraction(20, total * 1440)


@pytest.mark.parametrize(
    "term",
    [{"start": "2026-06-16"}, {"start": "2026-01-01", "more": "until: 2026-06-16"}],
    ids=["begins", "ends"],
)
@pytest.mark.parametrize("option", ["whole month", "part of the month"])
def test_sivo_5_1_s31_the_base_of_a_month_in_part_is_what_was_invoiced(
    under: Under, option: str, term: dict[str, str]
) -> None:
    """Half of June was invoiced, so ten per cent are 24.95; before that invoice nobody knows."""
    override = f"{{assume: {{mid-month: {{take: {option}}}}}}}"
    small = watched(under("sivo", UTC, "pro", override=override, **term))
    for day in ("Mon 2026-06-15", "Tue 2026-06-16"):
        small.fails("api", f"{day} 10:00", 50)
    credit = small.credit("credit", "2026-06", at=JULY)
    assert (credit.state, credit.amount, credit.currency) == ("open", None, "EUR")
    invoiced(small, "R-6", "Wed 2026-07-01 09:00", "2026-06", Decimal("249.50"))
    credit = small.credit("credit", "2026-06", at=JULY)
    assert (credit.base, credit.amount) == (Fraction(499, 2), Decimal("24.95"))


def test_sivo_5_1_s31_of_a_whole_month_it_is_the_fee(under: Under) -> None:
    """A contract of June alone has the fee of the plan as its base, whatever else was invoiced."""
    small = watched(under("sivo", UTC, "pro", start="2026-06-01", more="until: 2026-07-01"))
    invoiced(small.fails("api", OUTAGE, 50), "R-6", "Wed 2026-07-01 09:00", "2026-06", 600)
    assert small.credit("credit", "2026-06", at=JULY).base == 499


@pytest.mark.parametrize(
    ("option", "expected"), [("the provider's", "breached"), ("undetermined", "undetermined")]
)
def test_sivo_1_3_s33_bad_periods_that_nobody_has_attributed(
    under: Under, option: str, expected: str
) -> None:
    """They count, and stand in the list of what to attribute."""
    small = bad_slices(reading(under, "unattributed", option), PATTERN)
    assert state(small) == expected


def test_sivo_1_3_s33_attributed_to_the_provider_they_count_under_both(under: Under) -> None:
    """Then there is nothing left to attribute."""
    small = bad_slices(reading(under, "unattributed", "undetermined"), (1,) * 6)
    assert state(small.attribute(JULY, OUTAGE, 30, "provider", "provider")) == "breached"


@pytest.mark.parametrize(
    ("cause", "party", "more"),
    [("carrier", "third party", {}), ("ddos", "third party", {"shared_infrastructure": True})],
)
def test_sivo_1_3_s33_attributed_to_what_is_not_excluded_they_count(
    under: Under, cause: str, party: str, more: dict[str, bool]
) -> None:
    """Somebody has attributed them, and no exclusion takes them: there is nothing left that is unknown."""
    small = bad_slices(reading(under, "unattributed", "undetermined"), (1,) * 6)
    small.attribute(JULY, OUTAGE, 30, cause, party, **more)
    assert (down(small), measured(small).amount("unknown"), state(small)) == (30, 0, "breached")


def test_sivo_3_the_planes_are_published_one_by_one(pro: Small) -> None:
    """Measured without a level, in slices of their own."""
    bad_slices(pro, PATTERN, "voice")
    assert measured(pro, "voice uptime").to_date.value == 1 - Fraction(30, JUNE)
    assert measured(pro, "api uptime").to_date.value == 1
    assert measured(pro, "dashboard uptime").to_date.value == 1
    assert pro.state("voice uptime", "2026-06", at=JULY) == "not applicable"


def test_sivo_3_latencies_are_published_as_percentiles(pro: Small) -> None:
    """P50, P95 and P99 of the interface and P95 of the set-up of calls, each within its bucket."""
    pro.observed.buckets["api"] = [Latency(100, 50), Latency(200, 45), Latency(300, 4), Latency(400, 1)]
    pro.observed.buckets["calls"] = [Latency(100, 94), Latency(200, 6)]
    found = [measured(pro, f"api latency P{q}").to_date for q in (50, 95, 99)]
    found.append(measured(pro, "call set-up P95").to_date)
    values = [bounds.value for bounds in found]
    assert values[0] < values[1] < values[2]  # type: ignore[operator]  # all of them are counted
    assert values[3] == values[1]
    assert all(bounds.low <= bounds.high == bounds.value for bounds in found)


def test_sivo_5_2_s16_no_credit_exceeds_the_fee_of_the_month(pro: Small) -> None:
    """A month without any uptime pays 30 %; the cap of 100 % is kept as written."""
    pro.fails("api", "Mon 2026-06-01 00:00", JUNE)
    assert owed(pro) == Decimal("149.70")
    (limit,) = pro.terms.remedy("credit").limits
    assert (limit.per, limit.most) == ("month", Share(Fraction(1)))


@pytest.mark.parametrize(("option", "combine"), [("kept as written", "max"), ("credits add up", "sum")])
def test_sivo_5_2_s16_whether_credits_add_up(under: Under, option: str, combine: str) -> None:
    """With one remedy there is nothing to add; a contract may have a second."""
    assert reading(under, "credit-cap", option).terms.remedy("credit").combine == combine


@pytest.mark.parametrize(
    ("option", "amount"), [("recurring plan fee net of tax", "99.80"), ("whole invoice", "120.00")]
)
def test_sivo_5_1_s24_the_base_is_the_fee_of_the_plan(under: Under, option: str, amount: str) -> None:
    """The invoice of June had more on it."""
    small = bad_slices(reading(under, "fee-base", option), PATTERN)
    invoiced(small, "R-6", "Wed 2026-07-01 09:00", "2026-06", 600)
    assert owed(small) == Decimal(amount)


def test_sivo_5_1_s24_a_yearly_fee_counts_by_twelve(under: Under) -> None:
    """5,988.00 a year are 499.00 a month."""
    override = "{remedy: {credit: {base: {fee: year}}}}"
    small = watched(under("sivo", UTC, "enterprise", override=override, fees="{year: 5988.00 EUR}"))
    assert owed(bad_slices(small, PATTERN)) == Decimal("99.80")


def invoiced(small: Small, invoice: str, at: str, month: str, amount: int | Decimal = 499) -> Small:
    """An invoice is sent."""
    data = {
        "invoice": invoice,
        "amount": amount if isinstance(amount, int) else float(amount),
        "currency": "EUR",
        "month": month,
    }
    return small.tell("contract.invoice_issued", "small", at, **data)


def claimed(small: Small) -> Small:
    """June is claimed on 30 July and granted on 20 August."""
    small.tell("claim.filed", "C-1", "Thu 2026-07-30 12:00", about="2026-06")
    return small.tell("claim.determined", "C-1", "Thu 2026-08-20 12:00", outcome="accepted")


def test_sivo_6_4_s15_the_credit_is_on_the_next_invoice_after_the_decision(enterprise: Small) -> None:
    """A claim of 30 July is answered on 20 August: the following month's invoice is long out."""
    bad_slices(enterprise, PATTERN)
    for number in (6, 7, 8):
        invoiced(enterprise, f"R-{number}", *INVOICES[number])
    (part,) = claimed(enterprise).credit("credit", "2026-06", at="Fri 2026-09-04 09:00").instalments
    assert (part.amount, part.invoice) == (Decimal("99.80"), "R-8")


@pytest.mark.parametrize(
    ("option", "invoice"),
    [("next invoice after the decision", "R-6"), ("the following month's invoice", "R-7")],
)
def test_sivo_5_1_s15_decided_at_once_the_readings_differ(under: Under, option: str, invoice: str) -> None:
    """Claimed and granted on 1 July before the invoice of June: that one, or the one of the month after."""
    small = bad_slices(reading(under, "credit-timing", option), PATTERN)
    for number in (6, 7, 8):
        invoiced(small, f"R-{number}", *INVOICES[number])
    small.tell("claim.filed", "C-1", "Wed 2026-07-01 07:00", about="2026-06")
    small.tell("claim.determined", "C-1", "Wed 2026-07-01 08:00", outcome="accepted")
    (part,) = small.credit("credit", "2026-06", at="Fri 2026-09-04 09:00").instalments
    assert (part.amount, part.invoice) == (Decimal("99.80"), invoice)


INVOICES = {
    6: ("Wed 2026-07-01 09:00", "2026-06"),
    7: ("Sat 2026-08-01 09:00", "2026-07"),
    8: ("Tue 2026-09-01 09:00", "2026-08"),
}


@pytest.mark.parametrize(("option", "expected"), [("paid out", "outstanding"), ("lost", "lost")])
def test_sivo_6_4_s29_a_credit_after_the_last_invoice(under: Under, option: str, expected: str) -> None:
    """The contract ends in August, before the invoice that would have carried it."""
    override = f"{{assume: {{credit-after-end: {{take: {option}}}}}}}"
    small = watched(under("sivo", UTC, "enterprise", override=override, more="until: 2026-08-25"))
    claimed(bad_slices(small, PATTERN))
    (part,) = small.credit("credit", "2026-06", at="Mon 2026-10-05 09:00").instalments
    assert (part.amount, part.state) == (Decimal("99.80"), expected)


def test_sivo_1_1_s26_the_figure_is_that_of_the_whole_service(pro: Small, enterprise: Small) -> None:
    """Two customers have one figure; a figure of each customer's own can only be named."""
    assert measured(bad_slices(pro, PATTERN)).parts == measured(bad_slices(enterprise, PATTERN)).parts
