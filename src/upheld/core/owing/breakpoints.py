"""Where an amount can bend or jump while the value runs over an interval: its extremes are found there.

Between two neighbouring breakpoints a band does not change, a condition does not change, and each `min` and
`max` of a formula takes one side. Steps and multiples only fall as the value gets better; so their extremes
are at the ends. A formula without conditions is smooth in between: straight, or a parabola whose vertex is
found. Where it bends more (the value multiplied by itself more than once, or divided by), the extremes of
the breakpoints and the middles between them are taken, which is the rule, though not a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from upheld.core.owing.amounts import Names
from upheld.core.terms.remedy import Formula, RemedyRule
from upheld.core.values.expression import Compare, Expr, Extreme, ListOf, Member, Value, evaluate, parts
from upheld.core.values.value import Money

NamesAt = Callable[[Fraction], Names]


def breakpoints(
    remedy: RemedyRule, edges: Sequence[Fraction], low: Fraction, high: Fraction, at: NamesAt
) -> list[Fraction]:
    """The ends and every breakpoint between them, sorted.

    `edges` are those known beforehand (the level, the ends of bands); `at` gives the names that conditions
    and formulas know, for a value.
    """
    points = sorted({low, high, *(edge for edge in edges if low < edge < high)})
    formula = remedy.amount.expr if isinstance(remedy.amount, Formula) else None
    for expr in (remedy.when, formula):
        for one, other in () if expr is None else _pairs(expr):
            points = _split(points, lambda a, b, one=one, other=other: _crossing(one, other, a, b, at))  # type: ignore[misc]
    if formula is not None:
        points = _split(points, lambda a, b: _vertex(formula, a, b, at))
    return points


def _split(
    points: list[Fraction], between: Callable[[Fraction, Fraction], Fraction | None]
) -> list[Fraction]:
    found = [between(a, b) for a, b in pairwise(points)]
    return sorted({*points, *(point for point in found if point is not None)})


def _pairs(expr: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The pairs that are compared, the innermost first: what holds them is straight once they are split."""
    for part in parts(expr):
        yield from _pairs(part)
    match expr:
        case Compare(_, left, right) | Member(left, right) if not isinstance(right, ListOf):
            yield left, right
        case Member(item, ListOf(items)):
            yield from ((item, each) for each in items)
        case Extreme(_, operands):
            yield from combinations(operands, 2)


def _crossing(one: Expr, other: Expr, a: Fraction, b: Fraction, at: NamesAt) -> Fraction | None:
    """Where two expressions that are straight between a and b cross; None if they do not, or bend."""

    def difference(value: Fraction) -> Fraction | None:
        names = at(value)
        left, right = _number(evaluate(one, names)), _number(evaluate(other, names))
        return None if left is None or right is None else left - right

    start, middle, end = difference(a), difference((a + b) / 2), difference(b)
    if start is None or middle is None or end is None:
        return None
    if start * end >= 0 or start + end != 2 * middle:
        return None
    return a + (b - a) * start / (start - end)


def _vertex(expr: Expr, a: Fraction, b: Fraction, at: NamesAt) -> Fraction | None:
    """The vertex between a and b of a formula that is a parabola there; None if there is none."""
    half = (b - a) / 2

    def height(t: Fraction) -> Fraction | None:
        return _number(evaluate(expr, at(a + half * (t + 1))))

    start, middle, end = height(Fraction(-1)), height(Fraction(0)), height(Fraction(1))
    if start is None or middle is None or end is None:
        return None
    slope, bend = (end - start) / 2, (start + end) / 2 - middle
    if not bend or abs(slope) >= 2 * abs(bend):
        return None
    if height(Fraction(1, 2)) != middle + slope / 2 + bend / 4:
        return None
    return a + half * (1 - slope / (2 * bend))


def _number(value: Value) -> Fraction | None:
    if isinstance(value, Money):
        return value.amount
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
