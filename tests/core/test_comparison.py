"""The orders and their rule; conditions that follow from each other; budgets compared at every start."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import bound
from upheld.core.comparing.cases import MOST, Cases, Names, TooManyCasesError, extent
from upheld.core.comparing.comparison import Order, both, by_rank, flipped, order_of
from upheld.core.comparing.time import Budget, compare_budgets, compare_instants
from upheld.core.values.amount import parse_amount
from upheld.core.values.expression import Expr, evaluate
from upheld.core.values.finding import Place
from upheld.core.values.value import INSTANT, NUMBER, TEXT, TRUTH, Type, Value
from upheld.language.expression import parse_typed

ORDERS: tuple[Order, ...] = get_args(Order)
HOUR_US = 3_600_000_000


# -- the algebra -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other", "third"), list(product(ORDERS, repeat=3)))
def test_the_rule_for_a_whole_is_a_meet(one: Order, other: Order, third: Order) -> None:
    """`both` is associative, commutative and idempotent; `equal` is its unit, `incomparable` takes all."""
    assert both([one, both([other, third])]) == both([both([one, other]), third]) == both([third, one, other])
    assert both([one, one]) == both([one, "equal"]) == one
    assert both([one, "incomparable"]) == "incomparable"


@pytest.mark.parametrize(("one", "other"), list(product(ORDERS, repeat=2)))
def test_the_other_side_sees_it_the_other_way_round(one: Order, other: Order) -> None:
    """`flipped` undoes itself and goes through the rule."""
    assert flipped(flipped(one)) == one
    assert flipped(both([one, other])) == both([flipped(one), flipped(other)])


def test_better_in_one_and_worse_in_another_is_incomparable() -> None:
    """One part that gets worse takes no other's gain away, and no gain hides it."""
    assert both(["better", "worse"]) == "incomparable"
    assert both(["better", "equal", "better"]) == "better"
    assert order_of(False, False) == "equal"


def test_a_rank_knows_only_the_values_it_names() -> None:
    """Of a value without a rank nothing can be told, but that it is itself."""
    assert by_rank("low", "high", "low", "high") == "better"
    assert by_rank("low", "other", "low", "high") == "incomparable"
    assert by_rank("other", "other", "low", "high") == "equal"


# -- conditions --------------------------------------------------------------------------------------------

NAMES: dict[str, Type] = {
    "a": TEXT,
    "b": TEXT,
    "n": NUMBER,
    "t": TRUTH,
    "x": NUMBER,
    "y": NUMBER,
    "at": INSTANT,
}


def expr(text: str) -> Expr:
    """A condition over a few names."""
    found, _, findings = parse_typed(text, Place("test"), NAMES, among=(TRUTH,))
    assert found is not None, findings
    return found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a = 'p' or b = 'q'", "b = 'q' or a = 'p'", "equal"),
        ("a = 'p'", "a in ['p', 'q']", "wider"),
        ("a = 'p' and b = 'q'", "a = 'p'", "wider"),
        ("a = 'p'", "a = 'p' and t", "narrower"),
        ("a = 'p'", "a = 'q'", "incomparable"),
        ("not (a = 'p' or t)", "a != 'p' and not t", "equal"),
        ("n >= 2", "n > 2", "narrower"),
        ("n >= 2 and n <= 4", "n > 1 and n < 5", "wider"),
        ("n > 2 and n < 2", "t and not t", "incomparable"),
        ("n > 3 or n < 3", "n != 3", "equal"),
        ("x >= y", "x > y", "narrower"),
        ("x < y", "y > x", "equal"),
        ("x / y >= 0.99", "x / y >= 0.98", "wider"),
        ("x + y > 3", "x > 3", "incomparable"),
        ("a is known", "a is missing", "incomparable"),
    ],
)
def test_one_condition_follows_from_another(before: str, after: str, found: str) -> None:
    """Every case that the two can tell apart is looked at."""
    assert extent(expr(before), expr(after)) == found
    backwards = {"wider": "narrower", "narrower": "wider"}.get(found, found)
    assert extent(expr(after), expr(before)) == backwards


def test_no_condition_is_wider_than_any() -> None:
    """A rule without `where` is for everybody."""
    assert extent(expr("a = 'p'"), None) == "wider"
    assert extent(None, None) == "equal"


def test_of_a_closed_set_all_values_are_known() -> None:
    """Not the first of two is the second; of an open text it may be a third."""
    closed = Names({"a": ("p", "q")})
    assert extent(expr("a != 'p'"), expr("a = 'q'"), closed) == "equal"
    assert extent(expr("a != 'p'"), expr("a = 'q'")) == "narrower"


def test_what_is_the_same_where_all_is_known_may_differ_where_it_is_not() -> None:
    """`t or not t` is unknown where `t` is; `true` never is."""
    assert extent(expr("a = 'p' or a != 'p'"), None) == "incomparable"


def test_too_many_cases_are_not_looked_at() -> None:
    """Conditions over many names are incomparable, unless they are one text."""
    many = " and ".join(f"n != {n}" for n in range(50))
    cases = Cases()
    cases.add(expr(f"{many} and " + " and ".join(f"x != {n}" for n in range(50))), 0)
    cases.add(expr(" and ".join(f"y != {n}" for n in range(50))), 1)
    with pytest.raises(TooManyCasesError, match=str(MOST)):
        next(cases.all())


_ATOMS = (
    "a = 'p'",
    "a = 'q'",
    "a in ['p', 'r']",
    "t",
    "n > 1",
    "n >= 1",
    "n < 3",
    "x > y",
    "x = y",
    "a is known",
)


@st.composite
def _conditions(draw: st.DrawFn) -> str:
    text = st.recursive(
        st.sampled_from(_ATOMS),
        lambda inner: st.one_of(
            inner.map(lambda one: f"not ({one})"),
            st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
                lambda p: f"({p[0]}) {p[1]} ({p[2]})"
            ),
        ),
        max_leaves=4,
    )
    return draw(text)


class _Scope(dict[str, Value]):
    def value(self, name: str) -> Value:
        return self.get(name)

    def shift(self, at: int, amount: object, calendar: str | None, sign: int) -> int | None:
        raise AssertionError("nothing is moved")


@given(before=_conditions(), after=_conditions(), seed=st.integers(0, 1000))
def test_what_is_said_of_two_conditions_holds_in_every_world(before: str, after: str, seed: int) -> None:
    """A wider condition holds wherever the narrower one does, and equal ones hold together or not at all."""
    one, other = expr(before), expr(after)
    found = extent(one, other)
    random = Random(seed)
    for _ in range(40):
        world = _Scope(
            a=random.choice(("p", "q", "r", "s")),
            t=random.choice((True, False)),
            n=Fraction(random.choice((0, 1, 2, 3, 4))),
            x=Fraction(random.choice((0, 1))),
            y=Fraction(random.choice((0, 1))),
        )
        first, second = evaluate(one, world), evaluate(other, world)
        if found in ("equal", "wider"):
            assert not first or second, world
        if found in ("equal", "narrower"):
            assert not second or first, world


# -- budgets -----------------------------------------------------------------------------------------------

CALENDARS = """
calendar:
  nine to five: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}
  eight to four: {zone: UTC, open: Mon-Fri 08:00-16:00, business day: 8h}
  eight to five: {zone: UTC, open: Mon-Fri 08:00-17:00, business day: 8h}
  a day off: {zone: UTC, open: Mon-Fri 09:00-17:00, dates: {2026-11-18: closed}, business day: 8h}
  four days: {zone: UTC, open: Mon-Thu 09:00-17:00, business day: 8h}
  madrid: {zone: Europe/Madrid, open: Mon-Fri 09:00-18:00, business day: end of day}
  same: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: same time}
  days: {zone: UTC, open: Mon-Fri 00:00-24:00, business day: end of day}
  shown later: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h, closing: next opening}
"""


def budget(text: str, *, is_shown: bool = False) -> Budget:
    """`4h of nine to five`."""
    amount, _, calendar = text.partition(" of ")
    return Budget(parse_amount(amount), bound(CALENDARS).calendars[calendar or "always"], None, is_shown)


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        ("4h of nine to five", "4h of nine to five", "equal"),
        ("4h of nine to five", "3h of nine to five", "better"),
        ("4h of nine to five", "4h of eight to five", "better"),
        ("4h of nine to five", "4h of four days", "worse"),
        ("4h of nine to five", "4h of eight to four", "incomparable"),
        ("1 business day of nine to five", "8h of nine to five", "equal"),
        ("1 business day of nine to five", "24h", "better"),
        ("1 business day of nine to five", "25h", "incomparable"),
        ("5 business days of nine to five", "24h", "better"),
        ("2 days", "1 week", "worse"),
        ("1 year", "12 months", "equal"),
        ("30 days", "1 month", "incomparable"),
        ("1 month", "31 days", "worse"),
        ("1 month", "28 days", "better"),
        ("15 business days of days", "15 days of days", "better"),
        ("1 business day of days", "2 business days of days", "worse"),
        ("1 business day of same", "2 business days of same", "worse"),
        ("48h of madrid", "48h of always", "better"),
        ("1h of shown later", "1h of nine to five", "equal"),
    ],
)
def test_a_budget_that_is_never_used_up_later_is_better(before: str, after: str, order: Order) -> None:
    """The function of due instants over all starts decides, whatever the amounts are counted on."""
    assert compare_budgets(budget(before), budget(after)).order == order
    assert compare_budgets(budget(after), budget(before)).order == flipped(order)


def test_a_difference_is_shown_by_a_start() -> None:
    """Where it is sometimes later and sometimes earlier, there is a case of each."""
    found = compare_budgets(budget("4h of nine to five"), budget("4h of eight to four"))
    assert found.later is not None
    assert found.earlier is not None
    assert found.later.before_at < found.later.after_at
    assert found.earlier.before_at > found.earlier.after_at


@pytest.mark.parametrize("of", ["a day off", "eight to five"])
def test_a_difference_of_hours_is_shown_where_it_is(of: str) -> None:
    """Also of hours that differ on one day of all years there is a case."""
    found = compare_budgets(budget("4h of nine to five"), budget(f"4h of {of}"))
    shown = {"worse": found.later, "better": found.earlier}[found.order]
    assert shown is not None
    assert shown.before_at != shown.after_at


def test_where_the_clock_can_stand_hours_must_lie_inside_hours() -> None:
    """Half the hours in half the time are due at the same instants, unless a pause lies in those hours."""
    before, after = budget("8h of nine to five"), budget("24h")
    assert compare_budgets(before, after, can_stand=True).order == "incomparable"
    assert compare_budgets(before, budget("8h"), can_stand=True).order == "better"


def test_what_is_shown_follows_the_closing() -> None:
    """A deadline at closing time is shown at the next opening, though it is late at the same instant."""
    before, after = budget("8h of nine to five", is_shown=True), budget("8h of shown later", is_shown=True)
    assert compare_budgets(before, after).order == "worse"


@given(
    names=st.tuples(
        *[st.sampled_from(("nine to five", "eight to four", "four days", "madrid", "always"))] * 2
    ),
    hours=st.tuples(*[st.integers(1, 60)] * 2),
    starts=st.lists(st.integers(0, 365 * 24 * 4), min_size=20, max_size=40),
)
def test_what_is_said_of_two_budgets_holds_at_any_start(
    names: tuple[str, str], hours: tuple[int, int], starts: list[int]
) -> None:
    """Quarters of hours drawn at random never show a budget earlier that is said to be none."""
    one, other = (budget(f"{h}h of {name}") for h, name in zip(hours, names, strict=True))
    order = compare_budgets(one, other).order
    begin_at = one.calendar.start_at + 365 * 24 * HOUR_US
    for start in starts:
        at = begin_at + start * HOUR_US // 4
        before, after = one.last_at(at), other.last_at(at)
        assert before is not None
        assert after is not None
        assert order in ("incomparable", "better") or after >= before
        assert order in ("incomparable", "worse") or after <= before


# -- instants ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        ("at - 48h", "at - 48h", "equal"),
        ("at - 48h", "at - 72h", "better"),
        ("at - 48h", "at - 2 days", "incomparable"),
        ("at - 48h", "at", "worse"),
        ("at + 30 days", "at + 20 days", "better"),
        ("at + 15 business days of days", "at + 15 days of days", "better"),
        ("at + 1h of 'nine to five'", "at + 1h of 'eight to five'", "better"),
        ("at + 8h of 'shown later'", "at + 8h of 'nine to five'", "better"),
        ("at + 1h - 3h", "at + 2h - 3h", "worse"),
        ("at + 1h - 3h", "at + 2h - 1h", "worse"),
        ("at + 1h - 3h", "at + 2h - 4h", "incomparable"),
        ("at - 1 month", "at - 1 year", "better"),
    ],
)
def test_instants_compare_step_by_step(before: str, after: str, order: Order) -> None:
    """A later anchor, or a longer step, is a later instant; what is not built alike does not compare."""
    calendars = bound(CALENDARS).calendars
    names = {"at": INSTANT}

    def read(text: str) -> Expr:
        found, _, findings = parse_typed(
            text, Place("test"), names, among=(INSTANT,), calendars=tuple(calendars)
        )
        assert found is not None, findings
        return found

    both_calendars = (calendars.__getitem__, calendars.__getitem__)
    assert compare_instants(read(before), read(after), both_calendars) == order
    assert compare_instants(read(after), read(before), both_calendars) == flipped(order)
