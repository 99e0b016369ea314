"""Whether conditions can hold: every value is tried, and what is not closed can be anything."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.texts import HEAD, terms_of
from upheld.core.values.expression import Attribute, Compare, Expr, Literal, Logic, Not
from upheld.language.lint.conditions import can_hold, domains_of

DOMAINS = {"a": ("x", "y"), "b": ("x", "y", "z"), "c": (True, False)}


def compare(name: str, value: str) -> Expr:
    return Compare("=", Attribute(name), Literal(value, "text"))


LEAVES = st.one_of(
    st.builds(compare, st.sampled_from(["a", "b"]), st.sampled_from(["x", "y", "z"])), st.just(Attribute("c"))
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Logic, st.sampled_from(["and", "or"]), st.tuples(inner, inner)),
    ),
    max_leaves=6,
)


def true(expr: Expr, values: dict[str, object]) -> bool:
    """The obvious value of a condition over known names."""
    match expr:
        case Compare(_, Attribute(name), Literal(value)):
            return values[name] == value
        case Attribute(name):
            return bool(values[name])
        case Not(operand):
            return not true(operand, values)
        case Logic(op, operands):
            return (all if op == "and" else any)(true(one, values) for one in operands)
    raise AssertionError(expr)


@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_conditions_hold_if_some_values_make_all_of_them_true(conditions: list[Expr]) -> None:
    """It is what trying every combination of values says."""
    worlds = [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]
    expected = any(all(true(one, world) for one in conditions) for world in worlds)
    assert can_hold(conditions, DOMAINS, {}) is expected


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("component = api and component = web", True),
        ("component is known and priority = P1", True),
        ("component is missing and component is known", True),
        ("priority is known", True),
        ("priority is missing", True),
        ("priority = P1 and priority = P2", False),
        ("priority = P1 and not (priority in [P1, P3])", False),
    ],
)
def test_what_is_not_closed_can_be_anything(where: str, holds: bool) -> None:
    """Free texts, and whether something is told, are never impossible; a value of a scale is one of it."""
    terms = terms_of(
        f'deadline: {{r: {{where: "{where}", from: opened, until: answered, within: 1h}}}}\n', head=HEAD
    )
    assert can_hold([terms.clocks[0].where], domains_of(terms, "ticket"), {}) is holds


def test_nothing_said_always_holds_and_fixed_names_have_one_value() -> None:
    """Without a condition everything can be; what is fixed is not tried."""
    assert can_hold([None, None], DOMAINS, {})
    assert can_hold([compare("a", "x")], DOMAINS, {"b": "x"})
    assert not can_hold([compare("a", "x")], DOMAINS, {"a": "y"})


def test_too_many_combinations_are_taken_to_be_possible() -> None:
    """What would take too long to try is never called impossible."""
    many = {f"n{i}": ("x", "y", "z", "w") for i in range(8)}
    never = Logic("and", tuple(one for name in many for one in (compare(name, "x"), compare(name, "y"))))
    assert can_hold([never], many, {})
    few = dict(list(many.items())[:2])
    never = Logic("and", tuple(one for name in few for one in (compare(name, "x"), compare(name, "y"))))
    assert not can_hold([never], few, {})
