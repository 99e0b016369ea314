"""Every case that two conditions can tell apart, so that one can be shown to follow from the other.

A condition knows the world by the values of its names. Of a name that is compared with constants, only these
constants, what lies between them and something else can matter; of anything that cannot be taken apart, only
whether it holds. So the cases are finite: where the truth table of one lies inside that of the other, it
follows in every world. Some cases may be impossible in truth; they can hide that a condition follows, and
never pretend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Literal, NamedTuple, TypeAlias

from upheld.core.clocks.subject import CLASSIFYING
from upheld.core.comparing.comparison import Order
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.core.terms.agreement import Terms
from upheld.core.values.amount import Amount
from upheld.core.values.expression import (
    Attribute,
    Compare,
    Expr,
    Known,
    ListOf,
    Logic,
    Member,
    Not,
    Value,
    calendars_in,
    evaluate,
)
from upheld.core.values.expression import Literal as Written

Case: TypeAlias = Mapping[str, Value]
"""A value for every name."""
Side: TypeAlias = Literal[0, 1]
Extent: TypeAlias = Literal["equal", "wider", "narrower", "incomparable"]

MOST = 20_000
"""So many cases are looked at; what has more is not told."""

OTHER = "something else"
_QUOTA_ANSWERS = ("within", "beyond", "charged", "refused", "none")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class Names(NamedTuple):
    """What is known of names: of some all their values, and which are never unknown."""

    closed: Mapping[str, tuple[Value, ...]] = {}
    sure: frozenset[str] = frozenset()


ANY_NAMES = Names()
"""Names of which nothing is known."""


class TooManyCasesError(ValueError):
    """There are more cases than are looked at."""


class _Given(NamedTuple):
    """What an expression is evaluated in."""

    values: Case

    def value(self, name: str) -> Value:
        return self.values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        raise AssertionError("what moves an instant is one name here")


def truth(expr: Expr | None, case: Case) -> bool | None:
    """Whether a condition (out of `Cases.add`) holds; None if that is not known."""
    if expr is None:
        return True
    found = evaluate(expr, _Given(case))
    return found if isinstance(found, bool) else None


class Cases:
    """The cases that some conditions can tell apart.

    `apart` are the calendars that are not the same in
    both versions: what counts on one of them is something else on either side.
    """

    def __init__(
        self,
        names: Names = ANY_NAMES,
        apart: frozenset[str] = frozenset(),
        bounds: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self._closed, self._sure = names
        self._apart = apart
        self._bounds = bounds or {}
        self._constants: dict[str, dict[Value, None]] = {}
        self._asked: set[str] = set()  # names of which it is asked whether they are known

    def add(self, expr: Expr | None, side: Side) -> Expr | None:
        """A condition of one side, so that `truth` can tell it in each case."""
        return None if expr is None else self._condition(expr, side)

    def branch(self, attribute: str, values: Iterable[str]) -> None:
        """A decision by the values of an attribute."""
        self._constants.setdefault(attribute, {}).update(dict.fromkeys(values))

    def all(self, *, unknown: bool = False) -> Iterator[Case]:
        """Every case; with `unknown` also those in which something is not known. TooManyCasesError."""
        names = sorted(self._constants)
        domains = [
            self._domain(name) + ((None,) if self._can_be_unknown(name, unknown) else ()) for name in names
        ]
        if prod(len(domain) for domain in domains) > MOST:
            raise TooManyCasesError(f"more than {MOST} cases")
        for values in product(*domains):
            yield dict(zip(names, values, strict=True))

    def _can_be_unknown(self, name: str, unknown: bool) -> bool:
        return name not in self._sure and (unknown or name in self._asked)

    # -- conditions over names alone -----------------------------------------------------------------------

    def _condition(self, expr: Expr, side: Side) -> Expr:
        match expr:
            case Written():
                return expr
            case Logic(op, operands):
                return Logic(op, tuple(self._condition(operand, side) for operand in operands))
            case Not(operand):
                return Not(self._condition(operand, side))
            case Known(operand, missing):
                name = self._name(operand, side, None)
                self._asked.add(name.name)
                return Known(name, missing)
            case Compare(op, Written() as left, right) if not isinstance(right, Written):
                return self._condition(Compare(_FLIPPED[op], right, left), side)  # type: ignore[arg-type]  # all six
            case Compare(op, left, Written() as right) if _is_plain(right):
                return Compare(op, self._name(left, side, _plain(right)), right)
            case Compare(op, left, right) if not (isinstance(left, Written) or isinstance(right, Written)):
                return self._between(op, left, right, side)
            case Member(item, ListOf(items), negated) if all(_is_plain(each) for each in items):
                for each in items:
                    name = self._name(item, side, _plain(each))
                return Member(name, ListOf(items), negated) if items else expr
        return self._name(expr, side, True)

    def _between(self, op: str, left: Expr, right: Expr, side: Side) -> Expr:
        """Two values compared: all that matters is which is the greater."""
        one, other = str(left), str(right)
        if other < one:
            op, left, right = _FLIPPED[op], right, left
        key = f"{self._key(left, side)} beside {self._key(right, side)}"
        self._constants.setdefault(key, {})[Fraction(0)] = None
        return Compare(op, Attribute(key), Written(Fraction(0), "number"))  # type: ignore[arg-type]  # one of six

    def _name(self, expr: Expr, side: Side, constant: Value) -> Attribute:
        key = self._key(expr, side)
        known = self._constants.setdefault(key, {})
        if constant is not None:
            known[constant] = None
        return Attribute(key)

    def _key(self, expr: Expr, side: Side) -> str:
        text = expr.name if isinstance(expr, Attribute) else str(expr)
        return f"{text} of version {side + 1}" if calendars_in(expr) & self._apart else text

    def _domain(self, name: str) -> tuple[Value, ...]:
        constants = list(self._constants[name])
        if all(isinstance(value, bool) for value in constants):
            return (True, False)
        if all(isinstance(value, Fraction | int) for value in constants):
            return self._numbers(name, sorted({Fraction(value) for value in constants}))  # type: ignore[arg-type]  # all numbers
        if name in self._closed:
            return tuple(dict.fromkeys([*self._closed[name], *constants]))
        return (*constants, OTHER)

    def _numbers(self, name: str, points: list[Fraction]) -> tuple[Value, ...]:
        between = [(a + b) / 2 for a, b in pairwise(points)]
        low, high = self._bounds.get(name, (None, None))
        ends = [
            points[0] - 1 if low is None else Fraction(low),
            points[-1] + 1 if high is None else Fraction(high),
        ]
        inner = [(end + point) / 2 for end, point in zip(ends, (points[0], points[-1]), strict=True)]
        found = {*points, *between, *ends, *inner}
        return tuple(sorted(v for v in found if (low is None or v >= low) and (high is None or v <= high)))


def _is_plain(literal: Expr) -> bool:
    """Whether a literal is a text, a truth, a number or a length of time: what a name can be."""
    if not isinstance(literal, Written):
        return False
    value = literal.value
    return isinstance(value, bool | str | Fraction) or (isinstance(value, Amount) and value.kind == "time")


def _plain(literal: Expr) -> Value:
    assert isinstance(literal, Written), "it is plain"
    value = literal.value
    return Fraction(value.count) if isinstance(value, Amount) else value


# -- two conditions ----------------------------------------------------------------------------------------


def extent(
    before: Expr | None,
    after: Expr | None,
    names: Names = ANY_NAMES,
    apart: frozenset[str] = frozenset(),
    bounds: Mapping[str, tuple[int, int]] | None = None,
) -> Extent:
    """What the second condition holds for, beside the first. None holds always."""
    if before == after and not (apart & _calendars(before, after)):
        return "equal"
    cases = Cases(names, apart, bounds)
    one, other = cases.add(before, 0), cases.add(after, 1)
    try:
        told = {(truth(one, case), truth(other, case)) for case in cases.all()}
        if all(first == second for first, second in told):
            told = {(truth(one, case), truth(other, case)) for case in cases.all(unknown=True)}
            same = all(first == second for first, second in told)
            return "equal" if same else "incomparable"
    except TooManyCasesError:
        return "incomparable"
    wider, narrower = (False, True) in told, (True, False) in told
    if wider and narrower:
        return "incomparable"
    return "wider" if wider else "narrower"


def _calendars(*exprs: Expr | None) -> frozenset[str]:
    return frozenset(name for expr in exprs if expr is not None for name in calendars_in(expr))


def order_by_extent(found: Extent, wider: Order) -> Order:
    """The order of a condition of which a wider one is better, or worse."""
    narrower: Order = "worse" if wider == "better" else "better"
    orders: dict[Extent, Order] = {
        "equal": "equal", "wider": wider, "narrower": narrower, "incomparable": "incomparable",
    }  # fmt: skip
    return orders[found]


# -- what is known of names --------------------------------------------------------------------------------


def names_of(kind: str, *versions: Terms) -> Names:
    """What these versions know of the names of one kind of subject, taken together."""
    found: dict[str, dict[Value, None]] = {}
    for name in CLASSIFYING.get(kind, ()):  # type: ignore[call-overload]  # other words classify nothing
        for field in FACT_TYPES[name].fields:
            if field.kind == "choice":
                found.setdefault(field.name, {}).update(dict.fromkeys(field.choices))
            elif field.kind == "truth":
                found.setdefault(field.name, {}).update({True: None, False: None})
    for terms in versions:
        for name, values in _declared(kind, terms):
            found.setdefault(name, {}).update(dict.fromkeys(values))
        for quota in terms.quotas if kind == "ticket" else ():
            found.setdefault(f"quota.{quota.name}", {}).update(dict.fromkeys(_QUOTA_ANSWERS))
    sure = frozenset.intersection(*(_sure(kind, terms) for terms in versions)) if versions else frozenset()
    return Names({name: tuple(values) for name, values in found.items()}, sure)


def _sure(kind: str, terms: Terms) -> frozenset[str]:
    """The names that have a value from the first fact on. Source: `core/clocks/subject`, the defaults."""
    named = [a.name for a in terms.attributes if a.of == kind and a.default is not None]
    if kind == "ticket":
        named += ["kind", *(f"quota.{quota.name}" for quota in terms.quotas)]
    return frozenset(named)


def _declared(kind: str, terms: Terms) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for attribute in terms.attributes:
        if attribute.of == kind and (attribute.type == "truth" or attribute.values):
            yield attribute.name, (True, False) if attribute.type == "truth" else attribute.values
    for scale in terms.scales:
        if scale.of == kind:
            yield scale.name, tuple(scale.values)
