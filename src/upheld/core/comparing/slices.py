"""How two ways of cutting time into slices, and of judging them, compare: more bad time is better."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from upheld.core.comparing.cases import extent, order_by_extent
from upheld.core.comparing.comparison import Order, Part, by_rank, by_size, changed, different
from upheld.core.terms.indicator import Lone, SliceRule
from upheld.core.timeline.instant import format_duration
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Expr, Literal, Logic, Not

_RATIO = Arithmetic("/", Attribute("good"), Attribute("total"))
_BOUNDS = {str(_RATIO): (0, 1)}


def compare_slices(
    before: SliceRule | None, after: SliceRule | None, *, is_share: bool, lone: tuple[Lone, Lone]
) -> Iterator[Part]:
    """The parts in which two rules differ. `is_share`: what is measured is a share of time.

    Only then does more of what is bad surely mean a lower value. `lone` is what becomes of a bad slice that
    is in no run: where it is unknown, longer runs make more unknown.
    """
    if before is None or after is None:
        if before is not after:
            yield Part("slices", "incomparable", _length(before), _length(after))
        return
    yield from different("slices", before.slice_us, after.slice_us, format_duration)
    parts: list[tuple[str, Order, object, object]] = [
        ("good when", _good_when(before.good_when, after.good_when), _said(before), _said(after)),
        ("run", _run(before.run, after.run, lone), before.run, after.run),
        (
            "run in",
            by_rank(before.same_part, after.same_part, True, False),
            "the same part" if before.same_part else "any part",
            "the same part" if after.same_part else "any part",
        ),
        (
            "runs at the end of a period",
            by_rank(before.cut_at_period, after.cut_at_period, True, False),
            "cut" if before.cut_at_period else "go on",
            "cut" if after.cut_at_period else "go on",
        ),
    ]
    for what, order, one, other in parts:
        certain = order if is_share or order == "equal" else "incomparable"
        yield from changed(what, certain, one, other)
    yield from different("observations needed", before.minimum, after.minimum)
    yield from different("partly excluded", before.partly, after.partly)


def _length(rule: SliceRule | None) -> str:
    return "none" if rule is None else format_duration(rule.slice_us)


def _said(rule: SliceRule) -> str:
    return "all are good" if rule.good_when is None else str(rule.good_when)


def _run(before: int, after: int, lone: tuple[Lone, Lone]) -> Order:
    if before != after and "unknown" in lone:
        return "incomparable"
    return by_size(before, after, lambda a, b: a > b)


def _good_when(before: Expr | None, after: Expr | None) -> Order:
    """A slice that is good less often is better for the customer."""
    one, other = (_as_ratio(Compare("=", Attribute("good"), Attribute("total")) if e is None else e)
                  for e in (before, after))  # fmt: skip
    return order_by_extent(extent(one, other, bounds=_BOUNDS), "worse")


def _as_ratio(expr: Expr) -> Expr:
    """The condition, with what it says of good ones and of all said of their ratio (a slice has some)."""
    match expr:
        case Logic(op, operands):
            return Logic(op, tuple(map(_as_ratio, operands)))
        case Not(operand):
            return Not(_as_ratio(operand))
        case Compare("=" | ">=" as op, Attribute("good"), Attribute("total")):
            return Compare(op, _RATIO, Literal(Fraction(1), "ratio"))
        case Compare("=" | "<=" as op, Attribute("total"), Attribute("good")):
            return Compare(">=", _RATIO, Literal(Fraction(1), "ratio"))
        case Compare("=" | ">" | "!=" as op, Attribute("good"), Literal(Fraction() as count)) if not count:
            return Compare(op, _RATIO, Literal(Fraction(0), "ratio"))
    return expr
