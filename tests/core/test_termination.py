"""Rights to terminate: when they arise, until when they hold, and when the contract ends for them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.worlds import at, bound, fact, shown
from upheld.core.owing.termination import Right, right_of
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.render.credit_explanation import right_lines

LEAVING = """
calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: end of day}}
component: {api: {}}
signal: {http: {of: api, checks: a request, every: 1m}}
indicator: {uptime: {count: checks of api, per: {slice: 5m}}}
commit: {uptime: {level: ">= 99 %", per: calendar month}}
remedy: {leave: {of: uptime, unit: termination, EXERCISE}}
"""
JUNE_IS_OVER = "Wed 07-01 00:00"


def right(
    exercise: str, asked: str, *given: tuple[str, dict[str, object]], state: str = "owed"
) -> Right | None:
    """The right that June gave, as of an instant, with what was told of the contract by then."""
    terms = bound(LEAVING.replace("EXERCISE", f"exercise: {{{exercise}}}" if exercise else "doc: whenever"))
    key, zero = CellKey("c1", "leave", "2026-06"), Fraction(0)
    credit = Credit(key, "uptime", "owed", "termination", "credit.termination/1", zero, zero, zero, None)
    told = [
        fact("contract.termination_given", when, "c1", f"t{n}", **data)
        for n, (when, data) in enumerate(given)
        if at(when) <= at(asked)
    ]
    credit = replace(credit, state=state)  # type: ignore[arg-type]  # a state of a credit
    return right_of(terms.remedies[0], credit, at(JUNE_IS_OVER), told, terms.calendars, at(asked))


def found(one: Right | None) -> tuple[str, str | None, str | None]:
    """State, until when it may be used, and when the contract ends."""
    assert one is not None
    until_at: Instant | None = one.until_at
    return one.state, shown(until_at), shown(one.ends_at)


def test_a_right_without_more_holds_for_ever_and_ends_the_contract_that_day() -> None:
    """Notice on the 8th: the 8th is the last day."""
    assert found(right("", "Wed 07-08 12:00")) == ("open", None, "Thu 07-09 00:00")
    assert found(right("", "Wed 07-22 12:00", ("Wed 07-08 12:00", {}))) == ("used", None, "Thu 07-09 00:00")


@pytest.mark.parametrize(
    ("given", "state", "ends"),
    [
        ("Tue 06-30 23:59:59", "open", "Thu 08-13 00:00"),  # before the month was over: no right yet
        ("Wed 07-01 00:00", "used", "Fri 07-31 00:00"),
        ("Fri 07-31 00:00", "used", "Sun 08-30 00:00"),
        ("Fri 07-31 00:00:00.000001", "lapsed", None),
    ],
)
def test_it_is_used_within_its_time_and_with_its_notice(given: str, state: str, ends: str | None) -> None:
    """30 days from the end of June, at the last instant too; a notice of 30 days from when it is given."""
    asked = "Mon 07-13 12:00" if state == "open" else "Thu 08-20 12:00"
    one = right("within: 30d, notice: 30d", asked, (given, {}))
    assert found(one) == (state, "Fri 07-31 00:00", ends)


def test_it_lapses_when_its_time_is_over() -> None:
    """At the last instant it is still open, after it no more."""
    assert found(right("within: 30d", "Fri 07-31 00:00"))[0] == "open"
    assert found(right("within: 30d", "Fri 07-31 00:00:01"))[0] == "lapsed"


def test_it_ends_with_the_month_in_which_the_notice_has_passed() -> None:
    """Two weeks from 20 July are in August; what passes at the first instant of a month ends before it."""
    assert found(right("notice: 14d, ends: month", "Mon 07-20 12:00"))[2] == "Tue 09-01 00:00"
    assert found(right("notice: 14d, ends: month", "Sat 07-18 00:00"))[2] == "Sat 08-01 00:00"


def test_business_days_count_on_their_calendar() -> None:
    """The fifth business day after Wed 1 July is Wed 8; the first after Thu 2 is Fri 3."""
    one = right("within: 5 business days of desk, notice: 1 business day of desk", "Thu 07-02 12:00")
    assert found(one) == ("open", "Wed 07-08 17:00", "Sat 07-04 00:00")


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({}, "used"),
        ({"remedy": "leave"}, "used"),
        ({"remedy": "another"}, "open"),
        ({"by": "provider"}, "open"),
        ({"verified": False}, "open"),
    ],
)
def test_only_a_notice_of_the_customer_that_names_it_or_none_uses_it(
    data: dict[str, object], state: str
) -> None:
    """Somebody else's, or one of another remedy, leaves it open."""
    assert found(right("", "Wed 07-22 12:00", ("Wed 07-08 12:00", data)))[0] == state


def test_a_notice_before_the_right_is_told_and_uses_nothing() -> None:
    """A second before the month was over; where one comes later, nothing is said of the first."""
    early: tuple[str, dict[str, object]] = ("Tue 06-30 23:59:59", {})
    one = right("", "Wed 07-22 12:00", early)
    assert one is not None
    assert (one.state, one.given_at, one.early_at) == ("open", None, at("Tue 06-30 23:59:59"))
    told = "notice given on Tue 2026-06-30 23:59:59 does not count: the right was not there yet"
    assert told in right_lines(bound(LEAVING.replace("EXERCISE", "doc: whenever")), one)
    one = right("", "Wed 07-22 12:00", early, ("Wed 07-08 12:00", {}))
    assert one is not None
    assert (one.state, one.early_at) == ("used", None)


@pytest.mark.parametrize(
    ("state", "told"), [("running", "running"), ("undetermined", "undetermined"), ("open", "undetermined")]
)
def test_what_is_not_decided_is_no_right_yet(state: str, told: str) -> None:
    """A notice given meanwhile uses nothing."""
    one = right("", "Wed 07-22 12:00", ("Wed 07-08 12:00", {}), state=state)
    assert one is not None
    assert (one.state, one.given_at, one.ends_at) == (told, None, None)


def test_a_month_that_was_kept_gives_none() -> None:
    """Nothing is shown of it."""
    assert right("", "Wed 07-22 12:00", state="not owed") is None
