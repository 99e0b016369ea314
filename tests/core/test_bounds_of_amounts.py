"""What is owed, measured with observations hidden and with them: the truth is within the bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.level import decided
from upheld.core.measuring.measure import measure_items
from upheld.core.measuring.taken import Item
from upheld.core.owing.credits import credit_of
from upheld.core.terms.indicator import CommitRule, Indicator, Level, SliceRule
from upheld.core.terms.remedy import (
    AmountRule,
    Band,
    Bands,
    Base,
    Formula,
    Limit,
    Multiple,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.timeline.instant import HOUR
from upheld.core.timeline.period import PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import Arithmetic, Attribute
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.measurement import Measurement
from upheld.core.verdicts.verdict import State, Verdict

from .observed import UTC, Row, Rows
from .remedies import KEY, bill
from .test_measure_counts import DAY_OF, END, START, SUMS, hours
from .test_measure_counts import measured as measured_day
from .test_measure_properties import FIRST, LAST, LEAVES, SLICE, World, worlds

LEVEL = Level(">=", Fraction(99, 100))
TENTH = Share(Fraction(1, 10))
LATE_OF_COUNTED = Arithmetic("/", Attribute("late"), Attribute("counted"))
FORMS: st.SearchStrategy[AmountRule] = (
    st.builds(
        Steps,
        every=st.integers(1, 5 * SLICE).map(Fraction),
        give=st.just(TENTH),
        of=st.sampled_from(("downtime", "each outage", "each outage", "each day")),
        begun=st.booleans(),
        free=st.integers(0, 2 * SLICE).map(Fraction),
    )
    | st.builds(Multiple, st.integers(1, 3).map(Fraction))
    | st.just(Bands((Band(None, Fraction(9, 10), False, False, TENTH),)))
)


def credit(found: Measurement, form: AmountRule, *limits: Limit) -> Credit:
    """What the form gives for a measurement that was promised at 99 %."""
    commit = CommitRule("uptime", "uptime", PeriodRule("calendar month", UTC), LEVEL)
    state, reasons = decided(commit, found)
    verdict = Verdict(
        KEY, "measurement", 1, state, "guarantee", measurement=found, level=LEVEL, reasons=reasons
    )
    remedy = RemedyRule("credit", "uptime", form, base=Base("fee", ("month",)), limits=limits)
    return credit_of(remedy, KEY, verdict, bill(), commit=commit, zone=UTC)


@given(worlds(("checks",)), FORMS, st.data())
def test_bounds_of_an_amount_hold_what_was_hidden(
    world: World, form: AmountRule, data: st.DataObject
) -> None:
    """Whatever the checks of some slices say, what is owed with them is within the bounds without."""
    world.taken, world.told, world.at = [], {}, LAST + SLICE
    world.in_force = Spans.of([(FIRST, LAST)])
    world.indicator = replace(world.indicator, across="each", unattributed="counts")
    world.rows = Rows({leaf: _told_everywhere(rows) for leaf, rows in world.rows.rows.items()})
    rows = world.rows
    for leaf in LEAVES:
        numbers = data.draw(st.sets(st.integers(0, 21), max_size=8))
        rows = rows.hide(leaf, Spans.of((FIRST + i * SLICE, FIRST + (i + 1) * SLICE) for i in numbers))
    for full, part in zip(world.measured(), world.measured(rows), strict=True):
        if full.to_date.low != full.to_date.high:
            continue  # a slice that stands alone can be unknown for ever
        truth, bounded = credit(full, form), credit(part, form)
        assert truth.low == truth.high
        assert bounded.low <= truth.low <= bounded.high


def _told_everywhere(rows: list[Row]) -> list[Row]:
    """The rows, and a good one in every slice that has none."""
    told = {row.at // SLICE for row in rows}
    return rows + [Row(i * SLICE) for i in range(FIRST // SLICE, LAST // SLICE) if i not in told]


def test_a_day_that_nobody_observed_may_owe_everything() -> None:
    """Nothing was told of it: the verdict is undetermined, and what may be owed is told."""
    found = credit(measured_day(hours(), SUMS), Bands((Band(None, Fraction(99, 100), False, False, TENTH),)))
    assert (found.state, found.exact, found.low, found.high) == ("undetermined", None, 0, 100)
    assert found.reasons[0] == "what is unknown decides"


def test_checks_that_may_be_missing_count_among_all_of_them() -> None:
    """25 checks of 50 were bad, 50 are missing: 25 or 75 of 100 are, not 25 or 50 of 50."""
    checks = replace(SUMS, basis="checks")
    found = measured_day(hours((25, 50), None, *((0, 0),) * 22), checks, every=HOUR // 50)
    assert found.lost_at(found.to_date.low)[1:] == (75, 100)
    assert found.lost_at(found.to_date.high)[1:] == (25, 100)
    assert found.lost_at(Fraction(1, 2))[1:] == (25, 50)
    amount = credit(found, Formula(LATE_OF_COUNTED, "ratio"))
    assert (amount.low, amount.exact, amount.high) == (250, 500, 750)


def test_items_left_out_of_the_total_may_all_be_late() -> None:
    """81 in time, 9 late, 10 of which nobody knows, and which do not count: between 9 and 19 are late."""
    states: list[State] = ["met"] * 81 + ["breached"] * 9 + ["undetermined"] * 10  # type: ignore[assignment]
    items = [Item(f"T-{n}", 1, START, START + 1, state) for n, state in enumerate(states)]
    indicator = Indicator("share", "outcomes", "response", gaps="out of total")
    found = measure_items(indicator, DAY_OF, END, items, ())
    amount = credit(found, Steps(Fraction(1), Share(Fraction(1, 100)), "late items"))
    assert (amount.low, amount.exact, amount.high) == (90, 90, 190)


def test_an_hour_begun_is_owed_for_each_outage_that_a_gap_may_hide() -> None:
    """Six slices of five minutes without checks hide three outages, each of which begins an hour."""
    five = HOUR // 12
    rows = Rows().check("api", START, END, five).fail("api", START + 36 * five, START + 40 * five)
    gap = Spans.of([(START + 100 * five, START + 106 * five)])
    indicator = Indicator("uptime", "checks", "api", per=SliceRule(five))
    found = measured_day(rows.hide("api", gap), indicator)
    begun = Steps(Fraction(HOUR), Share(Fraction(1, 100)), "each outage", begun=True)
    amount = credit(found, begun)
    assert (amount.low, amount.exact, amount.high) == (10, 10, 40)
    capped = credit(found, begun, Limit("incident", Share(Fraction(1, 200))))
    assert (capped.low, capped.exact, capped.high) == (5, 5, 20)
