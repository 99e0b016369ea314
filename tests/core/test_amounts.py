"""What is owed: the four forms, limits, conditions, groups, one rounding."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from babel.core import get_global

from upheld.core.owing.amounts import band_text
from upheld.core.owing.bill import fee_base
from upheld.core.owing.credits import combined, credit_of
from upheld.core.owing.limits import Given, cut_by_limits
from upheld.core.terms.indicator import CommitRule, Level
from upheld.core.terms.remedy import (
    Bands,
    Base,
    Days,
    Formula,
    Limit,
    LimitPer,
    Multiple,
    RemedyRule,
    Rounding,
    Share,
    Steps,
)
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.currency import CURRENCIES, MINOR_DIGITS
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Extreme, Literal, Logic
from upheld.core.values.key import CellKey
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Credit

from .remedies import (
    HOUR,
    JUNE,
    KEY,
    MINUTE,
    bands,
    bill,
    euros,
    invoices,
    level,
    measured,
    outages,
    percent,
    verdict,
)

PRO = bands(("99.0", "99.9", "10"), ("98.0", "99.0", "20"), (None, "98.0", "30"))
ENTERPRISE = bands(("99.0", "99.95", "20"), ("98.0", "99.0", "40"), (None, "98.0", "60"))
ENTERPRISE_GAP = bands(("99.0", "99.9", "20"), ("98.0", "99.0", "40"), (None, "98.0", "60"))
UTC = Zone("UTC", (), (0,), ("UTC",), 2020, 2030)
VALUE, LEVEL = Attribute("value"), Attribute("level")
SHORT = outages((10, 10.5), (40, 42), (47, 49))  # half an hour, two hours, and two over a midnight


def rule(amount: Bands | Steps | Formula | Multiple | None, **more: object) -> RemedyRule:
    """A remedy of the uptime, of the monthly fee."""
    return RemedyRule("credit", "uptime", amount, **{"base": Base("fee", ("month",)), **more})  # type: ignore[arg-type]


def number(text: str) -> Literal:
    """A number in an expression."""
    return Literal(Fraction(text), "number")


def share(text: str) -> Literal:
    """A ratio in an expression, in per cent."""
    return Literal(percent(text), "ratio")


def at(
    value: str, remedy: RemedyRule, promised: str = "99.9", base: str | None = "1000", **more: object
) -> Credit:
    """The credit where so many per cent were measured, exactly."""
    found = verdict(measured(percent(value)), level(promised))
    return credit_of(remedy, KEY, found, bill(base), **more)  # type: ignore[arg-type]


def with_outages(down: Spans, remedy: RemedyRule, base: str = "3000") -> Credit:
    """The credit where that was down in June, promised 99.9 %."""
    value = 1 - Fraction(down.length, JUNE.length_us)
    found = verdict(measured(value, down=down), level("99.9"))
    return credit_of(remedy, KEY, found, bill(base), zone=UTC)


# -- bands: terms SIVO ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "pro", "enterprise"),
    [("98.0", "0.2", "0.4"), ("99.0", "0.1", "0.2"), ("97.999", "0.3", "0.6"), ("99.95", "0", "0")],
)
def test_sivo_bands_include_their_lower_edge(value: str, pro: str, enterprise: str) -> None:
    """SIVO/S2: exactly 98.0 gives 20 % to Pro and 40 % to Enterprise, exactly 99.0 gives 10 and 20."""
    assert at(value, rule(PRO)).exact == Fraction(pro) * 1000
    assert at(value, rule(ENTERPRISE), "99.95").exact == Fraction(enterprise) * 1000


def test_sivo_slices_of_june() -> None:
    """SIVO-5.1: 5 bad slices of June give Pro nothing and Enterprise 20 %, 9 slices 10 and 20."""
    for slices, pro, enterprise in ((5, 0, 200), (9, 100, 200)):
        down = outages((1, 1 + slices / 12))
        value = 1 - Fraction(slices * 5, 43_200)
        for form, promised, owed in ((PRO, "99.9", pro), (ENTERPRISE, "99.95", enterprise)):
            credit = credit_of(rule(form), KEY, verdict(measured(value, down=down), level(promised)), bill())
            assert (credit.exact, credit.state) == (owed, "owed" if owed else "not owed")


def test_sivo_gap_of_enterprise_gives_nothing_in_the_other_reading() -> None:
    """SIVO/S1, no credit: a breach between the plan's level and the first band gives nothing, and says so."""
    credit = at("99.94213", rule(ENTERPRISE_GAP), "99.95")
    assert (credit.state, credit.amount, credit.reasons) == ("not owed", Decimal("0.00"), ("in no band",))


def test_sivo_fee() -> None:
    """SIVO-5.1: 20 % of a fee of 499.00 are 99.80, and the lines lead there."""
    credit = at("99.94", rule(ENTERPRISE), "99.95", base="499.00")
    assert (credit.amount, credit.currency, credit.rule_id) == (Decimal("99.80"), "EUR", "credit.bands/1")
    assert [(line.what, line.low, line.unit) for line in credit.lines] == [
        ("value", percent("99.94"), "ratio"),
        ("level", percent("99.95"), "ratio"),
        ("band [99 %, 99.95 %)", Fraction(1, 5), "ratio"),
        ("base", Fraction(499), "EUR"),
        ("amount", Fraction("99.8"), "EUR"),
    ]
    assert [line.fact for line in credit.lines if line.what == "base"] == list(credit.facts)


@pytest.mark.parametrize("value", ["99.94", "98.5", "50", "0"])
def test_sivo_cap_never_bites(value: str) -> None:
    """SIVO/S16: 100 % of the fee is out of reach of 60 %."""
    capped = at(value, rule(ENTERPRISE, limits=(Limit("month", Share(Fraction(1))),)), "99.95")
    assert capped == at(value, rule(ENTERPRISE), "99.95")


def test_bands_of_durations() -> None:
    """A latency is looked up among microseconds."""
    slow = Bands((replace(bands(("0", None, "5")).bands[0], low=Fraction(MINUTE)),))
    found = measured(Fraction(2 * MINUTE))
    promised = Level("<=", Fraction(MINUTE), "duration")
    credit = credit_of(rule(slow), KEY, verdict(found, promised, "breached"), bill())
    assert credit.exact == 50
    assert credit.lines[2].what == "band >= 1 min"


@pytest.mark.parametrize(
    ("low", "high", "has_low", "has_high", "text"),
    [
        ("98", "99.5", True, False, "[98 %, 99.5 %)"),
        ("98", "99.5", False, True, "(98 %, 99.5 %]"),
        (None, "98", False, True, "<= 98 %"),
        ("99", None, False, False, "> 99 %"),
        (None, None, False, False, "of any value"),
    ],
)
def test_a_band_is_told_as_it_is_written(
    low: str | None, high: str | None, has_low: bool, has_high: bool, text: str
) -> None:
    """The line of a band has the brackets of the agreement."""
    band = replace(bands((low, high, "10")).bands[0], has_low=has_low, has_high=has_high)
    assert band_text(band) == text


# -- steps ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "owed"),
    [
        (Steps(Fraction(HOUR), euros("7"), begun=True), 35),  # 4.5 h in all
        (Steps(Fraction(HOUR), euros("7")), 28),
        (Steps(Fraction(HOUR), euros("7"), free=Fraction(HOUR)), 21),
        (Steps(Fraction(HOUR), euros("7"), "each outage", begun=True), 35),  # 1 + 2 + 2
        (Steps(Fraction(HOUR), euros("7"), "each outage", free=Fraction(HOUR)), 14),
        (Steps(Fraction(2 * HOUR), euros("7"), "each outage"), 14),
        (Steps(Fraction(2 * HOUR), euros("7"), "each day"), 7),  # half an hour, 2 + 1, and 1
        (Steps(Fraction(2 * HOUR), euros("7"), "each day", begun=True), 28),
        (
            Steps(percent("0.1"), Share(percent("2")), "shortfall"),
            600,
        ),  # 0.525 below the level: 5 steps + free
    ],
)
def test_steps(form: Steps, owed: int) -> None:
    """So much for each step, complete or begun, beyond what is free, of what the rule looks at."""
    if form.of == "shortfall":
        owed = 5 * 60  # 99.9 - 99.375
    assert with_outages(SHORT, rule(form)).exact == owed


def test_steps_of_late_items() -> None:
    """Ten euros for each of the late items beyond the hundred that are free."""
    form = Steps(Fraction(1), euros("10"), "late items", free=Fraction(100))
    found = verdict(measured(percent("89.7"), counted=1000), level("90"))
    assert credit_of(rule(form), KEY, found, bill()).exact == 30


def test_a_step_has_a_line_for_what_it_counts() -> None:
    """The lines tell the downtime, the steps, and what each gives."""
    credit = with_outages(SHORT, rule(Steps(Fraction(HOUR), Share(percent("5")), begun=True)))
    assert [(line.what, line.low, line.unit) for line in credit.lines[2:]] == [
        ("downtime", 4.5 * HOUR, "duration"),
        ("steps begun", 5, ""),
        ("for each step", percent("5"), "ratio"),
        ("base", 3000, "EUR"),
        ("amount", 750, "EUR"),
    ]


# -- formulas and multiples ----------------------------------------------------------------------------------


def test_a_formula_of_the_shortfall() -> None:
    """Ten times the shortfall, never more than the whole fee."""
    times = Arithmetic("*", number("10"), Attribute("shortfall"))
    remedy = rule(Formula(Extreme("min", (times, share("100"))), "ratio"))
    assert at("98.9", remedy).exact == 100
    assert at("50", remedy).exact == 1000


def test_a_formula_of_money_knows_the_fees() -> None:
    """A named fee, monthly, enters a formula as money."""
    form = Formula(Arithmetic("*", Attribute("fee.support"), number("2")), "money")
    found = verdict(measured(percent("90")), level("99.9"))
    assert credit_of(rule(form), KEY, found, bill("100", support="30.5")).exact == 61


def test_a_formula_of_late_items_and_complaints() -> None:
    """Late items, counted items and complaints are numbers."""
    late = Arithmetic("*", Arithmetic("/", Attribute("late"), Attribute("counted")), Attribute("complaints"))
    found = verdict(measured(percent("80"), counted=1000), level("90"))
    credit = credit_of(rule(Formula(late, "ratio")), KEY, found, bill(), complaints=2)
    assert credit.exact == 400


def test_a_formula_without_a_value_is_undetermined() -> None:
    """Division by nothing gives no amount, and says where."""
    form = Formula(Arithmetic("/", VALUE, Arithmetic("-", LEVEL, LEVEL)), "ratio")
    credit = at("90", rule(form))
    assert (credit.state, credit.amount) == ("undetermined", None)
    assert credit.reasons == ("the formula value / (level - level) has no value here",)


def test_a_formula_below_nothing_gives_nothing() -> None:
    """No remedy takes money from the customer."""
    assert at("90", rule(Formula(Arithmetic("-", VALUE, number("1")), "ratio"))).exact == 0


def test_a_multiple_of_the_downtime() -> None:
    """Ten times the part of the fee that the downtime is of the month."""
    assert with_outages(outages((0, 7.2)), rule(Multiple(Fraction(10)))).exact == 300


def test_days_of_service() -> None:
    """Where days are given, a share is a share of the month's days, and there is no currency."""
    credit = at("98.5", rule(PRO, unit="days of service"))
    assert (credit.amount, credit.currency) == (Decimal("6.00"), "")
    assert at("90", rule(Formula(number("2.5"), "days"), unit="days of service")).amount == Decimal("2.50")


def test_a_day_in_money_is_a_day_of_the_fee() -> None:
    """One day of June is a thirtieth of its fee."""
    form = Steps(Fraction(HOUR), Days(Fraction(1)), "each outage", begun=True)
    assert with_outages(outages((3, 4)), rule(form)).exact == 100


def test_the_right_to_terminate() -> None:
    """Termination has no amount; it is owed or not."""
    remedy = rule(None, unit="termination", breaches=2, of_last=3)
    assert at("90", remedy).state == "not owed"
    credit = at("90", remedy, kept_before=("met", "breached"))
    assert (credit.state, credit.amount, credit.exact, credit.rule_id) == (
        "owed", None, None, "credit.termination/1",
    )  # fmt: skip


# -- conditions ----------------------------------------------------------------------------------------------


def test_just_needs_a_complaint() -> None:
    """JUST/J5: below the level and without a complaint nothing is owed; with one, 60 % of the invoice."""
    below = Compare("<", VALUE, LEVEL)
    when = Logic("and", (below, Compare(">=", Attribute("complaints"), number("1"))))
    remedy = rule(Formula(share("60"), "ratio"), when=when)
    found = verdict(measured(percent("89.9"), counted=1000), level("90"))
    assert credit_of(remedy, KEY, found, bill()).state == "not owed"
    assert credit_of(remedy, KEY, found, bill(), complaints=1).exact == 600


def test_a_claim_that_may_have_been_late_is_taken_both_ways() -> None:
    """Beside none that was in time it decides; beside one it does not; where the value is open it says so."""
    when = Logic("and", (Compare("<", VALUE, LEVEL), Compare(">=", Attribute("complaints"), number("1"))))
    remedy = rule(Formula(share("60"), "ratio"), when=when)
    found = verdict(measured(percent("80"), counted=1000), level("90"))
    credit = credit_of(remedy, KEY, found, bill(), untold_complaints=2)
    assert (credit.state, credit.amount, credit.low, credit.high) == ("undetermined", None, 0, 600)
    assert credit.reasons[0] == "it cannot be told whether it was claimed in time"
    assert credit_of(remedy, KEY, found, bill(), complaints=1, untold_complaints=2).exact == 600
    kept = verdict(measured(percent("95"), counted=1000), level("90"))
    assert credit_of(remedy, KEY, kept, bill(), untold_complaints=2).state == "not owed"
    count = rule(Formula(Arithmetic("*", share("10"), Attribute("complaints")), "ratio"))
    credit = credit_of(count, KEY, found, bill(), complaints=1, untold_complaints=2)
    assert (credit.exact, credit.low, credit.high) == (100, 100, 300)


def test_a_kept_promise_owes_nothing() -> None:
    """Met: the credit is not owed, its amount is nothing, the reason is told."""
    credit = at("99.9", rule(PRO))
    assert (credit.state, credit.low, credit.high, credit.amount) == ("not owed", 0, 0, Decimal("0.00"))
    assert credit.reasons == ("uptime was kept",)


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ((), "not owed"),
        (("breached",), "owed"),
        (("met", "missed"), "owed"),
        (("met", "met", "breached"), "not owed"),
        (("undetermined",), "undetermined"),
        (("undetermined", "breached"), "owed"),
        (("not applicable", "met"), "not owed"),
    ],
)
def test_two_of_the_last_three(before: tuple[str, ...], state: str) -> None:
    """`after: 2 of 3` counts this period and the two before it; what is undetermined may decide."""
    assert at("90", rule(PRO, breaches=2, of_last=3), kept_before=before).state == state


def test_breaches_in_a_row() -> None:
    """`breaches` counts back until a period that was kept, and is unknown behind an undetermined one."""
    remedy = rule(Formula(Arithmetic("*", Attribute("breaches"), share("10")), "ratio"))
    assert at("90", remedy, kept_before=("breached", "missed", "met", "breached")).exact == 300
    assert at("90", remedy, kept_before=("breached", "undetermined")).state == "undetermined"


def test_the_base_may_not_be_known_yet() -> None:
    """Owed, but the invoice is not there: open, with the reason; money by itself needs no base."""
    credit = at("90", rule(PRO), base=None)
    assert (credit.state, credit.amount, credit.reasons) == (
        "open", None, ("the invoice of 2026-06 is not known",),
    )  # fmt: skip
    flat = Steps(Fraction(HOUR), euros("1"), begun=True)
    assert at("90", rule(flat, base=Base("none")), base=None).amount == Decimal("72.00")


def test_another_currency_than_the_bill() -> None:
    """Euros are not owed on a bill in dollars: that cannot be told, and is said."""
    found = verdict(measured(percent("90")), level("99.9"))
    credit = credit_of(rule(Steps(Fraction(HOUR), euros("1"))), KEY, found, bill("10", "USD"))
    assert (credit.state, credit.reasons) == (
        "undetermined", ("the remedy gives EUR, the bill is in USD",),
    )  # fmt: skip


def test_nothing_counted() -> None:
    """JUST/J13: a month without items that is met owes nothing; left undetermined, it stays so."""
    for state, owed in (("met", "not owed"), ("undetermined", "undetermined")):
        found = verdict(measured(None), level("90"), state)  # type: ignore[arg-type]
        assert credit_of(rule(PRO), KEY, found, bill()).state == owed


def test_a_number_rounded_before_it_is_compared() -> None:
    """G1, the other reading: 98.96 counts as 99.0 in the bands too."""
    commit = CommitRule(
        "uptime", "uptime", PeriodRule("calendar month", UTC), level("99.9"), compare="half up"
    )
    assert at("98.96", rule(PRO), commit=commit).exact == 100
    assert at("98.94", rule(PRO), commit=commit).exact == 200


# -- limits --------------------------------------------------------------------------------------------------

HOURLY = Steps(Fraction(HOUR), euros("100"), "each outage", begun=True)


@pytest.mark.parametrize(
    ("limits", "owed"),
    [
        ((Limit("incident", euros("150")),), 400),  # 100 + 200 + 200
        ((Limit("day", euros("150")),), 350),  # 100, then 200 + 100 on one day, 100 on the next
        ((Limit("day", Days(Fraction(1))),), 300),  # a thirtieth of 3,000 for each day
        ((Limit("week", euros("450")),), 450),
        ((Limit("month", percent_limit := Share(percent("10"))),), 300),
        ((Limit("month", percent_limit), Limit("incident", euros("50"))), 150),
    ],
)
def test_limits(limits: tuple[Limit, ...], owed: int) -> None:
    """Each limit holds for its part: an outage, a day of the zone, a week, the period."""
    credit = with_outages(SHORT, rule(HOURLY, limits=limits))
    assert credit.exact == owed
    assert f"limit per {limits[-1].per}" in [line.what for line in credit.lines]
    assert cut_by_limits(credit.lines) == 500 - owed


def test_a_limit_per_day_divides_other_amounts_by_downtime() -> None:
    """A share for the month is taken apart by the length of the outages, then limited day by day."""
    flat = rule(bands((None, "99.9", "30")), limits=(Limit("day", euros("100")),))
    credit = with_outages(outages((1, 2), (30, 33)), flat, "1000")
    assert credit.exact == 75 + 100  # 300 as 75 and 225


def test_a_limit_per_week_begins_on_monday() -> None:
    """1 June 2026 is a Monday: hours 167 and 169 are in two weeks."""
    form = rule(HOURLY, limits=(Limit("week", euros("150")),))
    assert with_outages(outages((165, 167)), form).exact == 150
    assert with_outages(outages((165, 167), (169, 171)), form).exact == 300


@pytest.mark.parametrize(
    ("per", "given", "owed"),
    [
        ("quarter", "900", 100),
        ("year", "900", 100),
        ("contract year", "900", 100),
        ("term", "2000", 0),
        ("month", "950", 50),
    ],
)
def test_what_was_given_before_counts(per: LimitPer, given: str, owed: int) -> None:
    """A limit per year or term leaves what was not given before."""
    remedy = rule(PRO, limits=(Limit(per, Share(Fraction(1))),))
    assert at("90", remedy, given_before={per: Given.sure(Fraction(given))}).exact == owed


def test_a_quarter_is_limited_month_by_month() -> None:
    """In a period longer than a month, a monthly limit holds for the outages of each month."""
    quarter = replace(JUNE, start_at=JUNE.start_at - 61 * 24 * HOUR)
    down = outages((-30, -20), (5, 15))
    found = replace(measured(percent("90"), down=down), period=quarter)
    form = rule(HOURLY, limits=(Limit("month", euros("300")),))
    assert credit_of(form, KEY, verdict(found, level("99.9")), bill()).exact == 600


def test_a_year_is_limited_quarter_by_quarter() -> None:
    """From 1 January to 30 June: ten outages of an hour in March and twenty in April are in two quarters."""
    half = replace(JUNE, start_at=JUNE.start_at - 151 * 24 * HOUR)
    days = range(-80, -70), range(-60, -40)
    down = outages(*((24 * day, 24 * day + 1) for some in days for day in some))
    found = replace(measured(percent("90"), down=down), period=half)
    form = rule(HOURLY, limits=(Limit("quarter", euros("1200")),))
    assert credit_of(form, KEY, verdict(found, level("99.9")), bill()).exact == 1000 + 1200


def test_least() -> None:
    """An amount smaller than the least is not paid; one as large is."""
    small = at("98.5", rule(PRO, least=euros("200.01")))
    assert (small.state, small.amount, small.reasons) == (
        "not owed", Decimal("0.00"), ("less than the least amount",),
    )  # fmt: skip
    assert at("98.5", rule(PRO, least=euros("200"))).exact == 200


# -- rounding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "amounts"),
    [
        ("half up", ("0.13", "0.14", "0.13")),
        ("half even", ("0.12", "0.14", "0.13")),
        ("down", ("0.12", "0.13", "0.12")),
        ("up", ("0.13", "0.14", "0.13")),
    ],
)
def test_rounding(rounding: Rounding, amounts: tuple[str, ...]) -> None:
    """Each named rule, on two halves and on something above a half."""
    exact = (Fraction("0.125"), Fraction("0.135"), Fraction("0.1251"))
    assert tuple(str(rounded(amount, 2, rounding)) for amount in exact) == amounts


def test_rounding_of_negative_numbers() -> None:
    """Up is away from zero, and no zero is negative."""
    assert [str(rounded(Fraction("-1.5"), 0, each)) for each in get_args(Rounding)] == [
        "-2",
        "-2",
        "-1",
        "-2",
    ]
    assert str(rounded(Fraction("-0.001"), 2, "down")) == "0.00"


@pytest.mark.parametrize(
    ("currency", "text"), [("EUR", "33.33"), ("JPY", "33"), ("KWD", "33.333"), ("CLF", "33.3333")]
)
def test_minor_units(currency: str, text: str) -> None:
    """Money has the decimals of its currency (ISO 4217)."""
    assert str(rounded(Fraction(100, 3), minor_digits(currency), "half up")) == text


def test_rounding_never_passes_a_limit() -> None:
    """A limit of no whole cent is rounded down to, whatever the rule."""
    remedy = rule(PRO, limits=(Limit("month", Share(Fraction(1, 8))),), rounding="up")
    credit = at("90", remedy, base="0.99")
    assert (credit.exact, credit.amount) == (Fraction(99, 800), Decimal("0.12"))
    assert credit.lines[-1].what == "rounded down, within the limit"


# -- groups --------------------------------------------------------------------------------------------------


def grouped(combine: str, *credits_: tuple[str, str | None]) -> list[tuple[str, Fraction | None]]:
    """The credits of one group after it was combined: (state, exact amount) each."""
    remedies = [
        replace(rule(PRO), name=f"r{n}", group="g", combine=combine)  # type: ignore[arg-type]
        for n in range(len(credits_))
    ]
    found = []
    for n, (state, amount) in enumerate(credits_):
        exact = None if amount is None else Fraction(amount)
        key = CellKey("acme", f"r{n}", "2026-06")
        credit = replace(at("90", rule(PRO)), key=key, state=state, exact=exact, high=exact or Fraction(0))
        found.append(credit)
    return [(credit.state, credit.exact) for credit in combined(remedies, found)]


def test_a_group_adds_up() -> None:
    """The sum leaves each credit as it is."""
    assert grouped("sum", ("owed", "5"), ("owed", "7")) == [("owed", 5), ("owed", 7)]


def test_the_greatest_of_a_group() -> None:
    """Only the greatest stays; of two equal ones the first; what is undetermined takes nothing away."""
    assert grouped("max", ("owed", "5"), ("owed", "7")) == [("not owed", 0), ("owed", 7)]
    assert grouped("max", ("owed", "7"), ("owed", "7")) == [("owed", 7), ("not owed", 0)]
    assert grouped("max", ("owed", "5"), ("undetermined", None)) == [("owed", 5), ("undetermined", None)]


def test_the_first_of_a_group() -> None:
    """The first that gives anything stays; behind one that is still open, the next waits."""
    assert grouped("first", ("not owed", "0"), ("owed", "5"), ("owed", "7")) == [
        ("not owed", 0), ("owed", 5), ("not owed", 0),
    ]  # fmt: skip
    assert grouped("first", ("open", None), ("owed", "7")) == [("open", None), ("open", None)]


def test_giving_way_is_told() -> None:
    """The one that gives way names the other."""
    remedies = [replace(rule(PRO), name=name, group="g", combine="max") for name in ("small", "large")]
    found = [
        replace(at("90", rule(form)), key=CellKey("acme", name, "2026-06"))
        for form, name in ((PRO, "small"), (ENTERPRISE, "large"))
    ]
    small, large = combined(remedies, found)
    assert (small.reasons, small.amount, large.amount) == (
        ("large gives more",), Decimal("0.00"), Decimal("600.00"),
    )  # fmt: skip


# -- the base ------------------------------------------------------------------------------------------------


def money(text: str, currency: str = "EUR") -> Money:
    """A fee of a contract."""
    return Money(Fraction(text), currency)


def test_fees_are_monthly() -> None:
    """SIVO/S24: a yearly fee counts with an exact twelfth; several fees add up."""
    base = Base("fee", ("month", "addon", "year"), yearly=("addon",))
    found = fee_base(
        rule(PRO, base=base), {"month": money("499"), "addon": money("100"), "year": money("12")}
    )
    assert found.base is not None
    assert found.base.amount == 499 + Fraction(100, 12) + 1


def test_of_a_period_in_part_the_base_can_be_what_was_invoiced() -> None:
    """SIVO/S31: the fee for a whole month, and for a part of one what the invoice says."""
    remedy = rule(PRO, base=Base("fee", ("month",), invoiced_in_part=True))
    issued = invoices(("2026-06", "2026-07-01", "249.50"))
    fees = {"month": money("499")}
    whole, part = (fee_base(remedy, fees, issued, ["2026-06"], in_part=part) for part in (False, True))
    assert (whole.base, whole.facts) == (euros("499"), ())
    assert (part.base, part.facts) == (euros("249.50"), (issued[0].ref,))
    assert fee_base(remedy, fees, [], ["2026-06"], in_part=True).base is None


def test_a_missing_fee_leaves_the_base_unknown() -> None:
    """A fee that the contract does not name, or in another currency, is no error: the base is not known."""
    remedy = rule(PRO, base=Base("fee", ("month", "addon")))
    assert fee_base(remedy, {"month": money("1")}).reason == "the contract names no fee addon"
    mixed = fee_base(remedy, {"month": money("1"), "addon": money("1", "USD")})
    assert (mixed.base, mixed.reason) == (None, "the base is in EUR and USD")


def test_the_invoice_of_the_month() -> None:
    """JUST/J16: the base is the month's invoice before credits; parts of it add up; until then it is open."""
    remedy = rule(PRO, base=Base("invoice"))
    issued = invoices(
        ("2026-06", "2026-07-01", "900"), ("2026-06", "2026-07-02", "100"), ("2026-07", "2026-08-01", "5")
    )
    found = fee_base(remedy, {}, issued, ["2026-06"])
    assert found.base == euros("1000")
    assert len(found.facts) == 2
    assert fee_base(remedy, {}, issued, ["2026-09"]).reason == "the invoice of 2026-09 is not known"


def test_names_that_are_no_quantity_shift_nothing() -> None:
    """No instant can be moved in a formula: it has no value."""
    credit = at(
        "90", rule(PRO, when=Compare("=", Attribute("nothing"), Literal(Amount("days", 1), "amount")))
    )
    assert credit.state == "undetermined"


def test_the_table_of_currencies_is_that_of_the_standard() -> None:
    """As another list has it: what is legal tender somewhere since 2015 is a currency, and little else is."""
    tender = {
        code
        for rows in get_global("territory_currencies").values()
        for code, _, until, is_tender in rows
        if is_tender and (until is None or until[0] >= 2015)
    }
    assert tender - CURRENCIES == set()
    assert len(CURRENCIES - tender) < 20
    assert MINOR_DIGITS.keys() <= CURRENCIES
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
