"""The one expression language of agreements: a tree without loops, its value and its text.

An expression always has a value or is *unknown* (`None`): a fact is missing, a divisor is zero, the facts
bring money of two currencies. Unknown spreads through arithmetic and comparison; `and`, `or`
and `not` are Kleene's strong three-valued ones (`unknown and no` is no, `unknown or yes` is yes), `in` is the
`or` of its comparisons, and `is known` and `is missing` always answer. Nothing here raises for a value of the
declared type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal as OneOf
from typing import Protocol, TypeAlias

from upheld.core.values.amount import Amount, time_amount
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Kind, Money
from upheld.core.values.value import Value as Value  # whoever evaluates gets one

KEYWORDS = frozenset({"and", "or", "not", "in", "is", "of", "true", "false"})
_WORD = re.compile(r"[^\W\d]\w*(?:[.-]\w+)*")


class Scope(Protocol):
    """What an expression is evaluated in: the facts of one moment and the calendars of one agreement."""

    def value(self, name: str) -> Value:
        """The value of an attribute, of its declared type; None while it is unknown."""
        ...

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        """The instant `amount` after (sign 1) or before (-1) `at`, on the named calendar or in civil time."""
        ...


class _Node:
    __slots__ = ()

    def __str__(self) -> str:
        """The canonical text; parsed with the same names it gives an equal tree."""
        return _text(self, _OR)  # type: ignore[arg-type]  # every node is one of Expr


@dataclass(frozen=True, slots=True)
class Literal(_Node):
    """A value written out: never negative. A duration is kept as its amount, a ratio as a share of one."""

    value: bool | str | Fraction | Amount | Money
    kind: Kind


@dataclass(frozen=True, slots=True)
class Attribute(_Node):
    """The value of a name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(_Node):
    """The items after `in`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(_Node):
    """Kleene negation."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Logic(_Node):
    """`and` or `or` of two or more."""

    op: OneOf["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(_Node):
    """Two values of one unit compared."""

    op: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Member(_Node):
    """Whether a value is (not) one of several."""

    item: Expr
    among: Expr
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Known(_Node):
    """Whether a value is known, or missing."""

    operand: Expr
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Negate(_Node):
    """The negative of a number, ratio, duration or money."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Arithmetic(_Node):
    """Exact arithmetic; divided by zero is unknown."""

    op: OneOf["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Extreme(_Node):
    """The smallest or greatest of two or more."""

    op: OneOf["min", "max"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Shift(_Node):
    """An instant moved by an amount: `sign` 1 is later, -1 earlier; on a calendar if one is named."""

    anchor: Expr
    amount: Expr
    calendar: str | None = None
    sign: int = 1


Expr: TypeAlias = (
    Literal
    | Attribute
    | ListOf
    | Not
    | Logic
    | Compare
    | Member
    | Known
    | Negate
    | Arithmetic
    | Extreme
    | Shift
)


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, from left to right."""
    match expr:
        case Literal() | Attribute():
            return ()
        case ListOf(items) | Logic(_, items) | Extreme(_, items):
            return items
        case Not(operand) | Known(operand) | Negate(operand):
            return (operand,)
        case Compare(_, left, right) | Arithmetic(_, left, right) | Member(left, right) | Shift(left, right):
            return (left, right)


def _walk(expr: Expr) -> Iterator[Expr]:
    yield expr
    for part in parts(expr):
        yield from _walk(part)


def names_in(expr: Expr) -> frozenset[str]:
    """The attributes on which the value depends."""
    return frozenset(part.name for part in _walk(expr) if isinstance(part, Attribute))


def shifts_in(expr: Expr) -> Iterator[Shift]:
    """Every instant moved by an amount in the expression."""
    return (part for part in _walk(expr) if isinstance(part, Shift))


def calendars_in(expr: Expr) -> frozenset[str]:
    """The calendars that the expression counts on by name."""
    return frozenset(shift.calendar for shift in shifts_in(expr) if shift.calendar is not None)


# -- the value ---------------------------------------------------------------------------------------------


def evaluate(expr: Expr, scope: Scope) -> Value:
    """The value of an expression in a scope, or None: unknown."""
    match expr:
        case Literal(value, _):
            return _plain(value)
        case Attribute(name):
            return _plain(scope.value(name))
        case ListOf(items):
            return tuple(evaluate(item, scope) for item in items)
        case Not(operand):
            truth = evaluate(operand, scope)
            return None if truth is None else not truth
        case Logic(op, operands):
            return _logic(op == "or", (evaluate(operand, scope) for operand in operands))
        case Compare(op, left, right):
            return _compared(op, evaluate(left, scope), evaluate(right, scope))
        case Member(item, among, negated):
            found = _member(evaluate(item, scope), evaluate(among, scope))
            return None if found is None else found != negated
        case Known(operand, missing):
            return (evaluate(operand, scope) is None) == missing
        case Negate(operand):
            return _calculated("*", Fraction(-1), evaluate(operand, scope))
        case Arithmetic(op, left, right):
            return _calculated(op, evaluate(left, scope), evaluate(right, scope))
        case Extreme(op, operands):
            return _extreme(op, [evaluate(operand, scope) for operand in operands])
        case Shift():
            return _shifted(expr, scope)


def _plain(value: Value) -> Value:
    return int(value.count) if isinstance(value, Amount) and value.kind == "time" else value


def _logic(decisive: bool, values: Iterator[Value]) -> bool | None:
    outcome: bool | None = not decisive
    for value in values:
        if value is decisive:
            return decisive
        if value is None:
            outcome = None
    return outcome


def _compared(op: str, left: Value, right: Value) -> bool | None:
    a, b = _commensurable(left, right)
    if a is None or b is None:
        return None
    if op == "=":
        return bool(a == b)
    if op == "!=":
        return bool(a != b)
    assert not isinstance(a, str | tuple), "the parser lets only quantities be ordered"
    assert not isinstance(b, str | tuple), "the parser lets only quantities be ordered"
    if op in ("<", ">="):
        return (a < b) == (op == "<")
    return (a > b) == (op == ">")


_Ordered: TypeAlias = "int | Fraction | str | tuple[Value, ...]"
_NO_PAIR: tuple[None, None] = (None, None)


def _commensurable(left: Value, right: Value) -> tuple[_Ordered | None, _Ordered | None]:
    """Both in one unit, so that they can be compared; nothing if one is unknown or there is no such unit."""
    if isinstance(left, Money) and isinstance(right, Money):
        return (left.amount, right.amount) if left.currency == right.currency else _NO_PAIR
    if isinstance(left, Amount) and isinstance(right, Amount):
        (kind, count), (other, other_count) = _smallest(left), _smallest(right)
        return (count, other_count) if kind == other else _NO_PAIR
    if isinstance(left, Money | Amount) or isinstance(right, Money | Amount):
        return _NO_PAIR
    return left, right


def _smallest(amount: Amount) -> tuple[str, int | Fraction]:
    """Weeks as days and years as months: what is equal in every calendar; nothing else is."""
    kind, factor = {"weeks": ("days", 7), "years": ("months", 12)}.get(amount.kind, (amount.kind, 1))
    return kind, amount.count * factor


def _member(item: Value, among: Value) -> bool | None:
    if not isinstance(among, tuple):
        return None
    return _logic(True, (_compared("=", item, other) for other in among))


def _extreme(op: str, values: list[Value]) -> Value:
    best = values[0]
    for value in values[1:]:
        better = _compared("<" if op == "min" else ">", value, best)
        if better is None:
            return None
        best = value if better else best
    return best


def _calculated(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Money) or isinstance(right, Money):
        return _money(op, left, right)
    if not isinstance(left, int | Fraction) or not isinstance(right, int | Fraction):
        return None
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    return Fraction(left) / right if right else None


def _money(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Money) and isinstance(right, Money):
        if left.currency != right.currency:
            return None
        value = _calculated(op, left.amount, right.amount)
        return Money(value, left.currency) if op in "+-" and isinstance(value, Fraction) else value
    if isinstance(left, Money):
        value, currency = _calculated(op, left.amount, right), left.currency
    else:
        assert isinstance(right, Money), "one of the two is money"
        value, currency = _calculated(op, left, right.amount), right.currency
    return Money(Fraction(value), currency) if isinstance(value, int | Fraction) else None


def _shifted(shift: Shift, scope: Scope) -> int | None:
    at, amount = evaluate(shift.anchor, scope), evaluate(shift.amount, scope)
    if not isinstance(at, int) or amount is None:
        return None
    if isinstance(amount, Amount):
        return scope.shift(at, amount, shift.calendar, shift.sign)
    assert isinstance(amount, int | Fraction), "the parser lets only amounts and durations move an instant"
    length_us = int(amount) * shift.sign  # whole microseconds, towards the anchor
    if shift.calendar is None:
        return at + length_us
    return scope.shift(at, time_amount(abs(length_us)), shift.calendar, -1 if length_us < 0 else 1)


# -- the text ----------------------------------------------------------------------------------------------

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _ATOM = range(8)


def _text(expr: Expr, least: int) -> str:
    level, text = _levelled(expr)
    return text if level >= least else f"({text})"


def _levelled(expr: Expr) -> tuple[int, str]:
    match expr:
        case Literal():
            return _ATOM, _literal_text(expr)
        case Attribute(name):
            return _ATOM, name
        case ListOf(items):
            return _ATOM, f"[{', '.join(map(str, items))}]"
        case Extreme(op, operands):
            return _ATOM, f"{op}({', '.join(map(str, operands))})"
        case Logic(op, operands):
            level = _OR if op == "or" else _AND
            return level, f" {op} ".join(_text(operand, level + 1) for operand in operands)
        case Not(operand):
            return _NOT, f"not {_text(operand, _NOT)}"
        case Negate(operand):
            return _UNARY, f"-{_text(operand, _UNARY)}"
        case Compare(op, left, right):
            return _COMPARE, f"{_text(left, _SUM)} {op} {_text(right, _SUM)}"
        case Member(item, among, negated):
            return _COMPARE, f"{_text(item, _SUM)} {'not ' if negated else ''}in {_text(among, _SUM)}"
        case Known(operand, missing):
            return _COMPARE, f"{_text(operand, _SUM)} is {'missing' if missing else 'known'}"
        case Arithmetic(op, left, right):
            level = _SUM if op in "+-" else _PRODUCT
            return level, f"{_text(left, level)} {op} {_text(right, level + 1)}"
        case Shift(anchor, amount, calendar, sign):
            on = "" if calendar is None else f" of {_word_or_quoted(calendar)}"
            return _SUM, f"{_text(anchor, _SUM)} {'+' if sign > 0 else '-'} {_text(amount, _PRODUCT)}{on}"


def _literal_text(literal: Literal) -> str:
    match literal.value:
        case bool(value):
            return "true" if value else "false"
        case str(value):
            return _quoted(value)
        case Money(amount, currency):
            return f"{_decimal(amount)} {currency}"
        case Fraction() as value:
            return f"{_decimal(value * 100)} %" if literal.kind == "ratio" else _decimal(value)
        case amount:
            return str(amount)


def _decimal(value: Fraction) -> str:
    """The exact decimal text of a fraction that came from one; a literal is never another."""
    places = value.denominator.bit_length()
    if (value * 10**places).denominator != 1:
        return str(value)
    while places and (value * 10 ** (places - 1)).denominator == 1:
        places -= 1
    digits = f"{(value * 10**places).numerator:0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _word_or_quoted(text: str) -> str:
    return text if _WORD.fullmatch(text) and text not in KEYWORDS else _quoted(text)
