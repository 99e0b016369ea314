"""The condition that says what is good, asked of many rows at once: as SQL, or of each different row.

Three-valued as `upheld.core.expression`: what it cannot tell is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from upheld.core.amount import Amount
from upheld.core.expression import (
    Attribute,
    Compare,
    Expr,
    Known,
    ListOf,
    Literal,
    Logic,
    Member,
    Not,
    evaluate,
    names_in,
)
from upheld.core.indicator import Signal
from upheld.core.value import Kind, Value

TYPES: Final[Mapping[str, Kind]] = {
    "ok": "truth",
    "status": "number",
    "latency": "duration",
    "code": "text",
    "state": "text",
}
"""The fields of an observation that a condition may name. The latency counts microseconds."""
UP: Final = "up"
_FARTHEST: Final = 1 << 62  # beyond every number that a row can hold


def good_of(signal: Signal) -> Expr:
    """What is good: as the signal says, or the field `ok` of a check, or the state `up`."""
    if signal.good is not None:
        return signal.good
    if signal.kind == "states":
        return Compare("=", Attribute("state"), Literal(UP, "text"))
    return Attribute("ok")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one observation, for `evaluate`."""

    values: Mapping[str, Value]

    def value(self, name: str) -> Value:
        """None where the observation does not say it."""
        return self.values.get(name)

    def shift(self, at: int, amount: Amount, calendar: str | None, sign: int) -> int | None:
        """No field is an instant."""
        return None


def truth_of(expr: Expr, values: Mapping[str, Value]) -> bool | None:
    """Whether a condition holds of one observation, or None."""
    found = evaluate(expr, Fields(values))
    return found if isinstance(found, bool) else None


class _Untranslated(Exception):  # noqa: N818 - it names the case: rows are asked one by one
    pass


def sql_of(expr: Expr) -> str | None:
    """The condition as SQL over columns of these names; None if it calculates, which SQL does otherwise."""
    try:
        return _truth(expr)
    except _Untranslated:
        return None


def _truth(expr: Expr) -> str:
    if not names_in(expr):
        return _constant(evaluate(expr, Fields({})))
    match expr:
        case Attribute(name) if TYPES.get(name) == "truth":
            return f'"{name}"'
        case Not(operand):
            return f"(NOT {_truth(operand)})"
        case Logic(op, operands):
            return "(" + f" {op.upper()} ".join(_truth(operand) for operand in operands) + ")"
        case Compare(op, left, right):
            return _comparison(op, left, right)
        case Member(item, ListOf(items), negated):
            found = "(" + " OR ".join(_comparison("=", item, other) for other in items) + ")"
            return f"(NOT {found})" if negated else found
        case Known(Attribute(name), missing) if name in TYPES:
            return f'("{name}" IS {"" if missing else "NOT "}NULL)'
    raise _Untranslated


def _constant(value: Value) -> str:
    if value is None:
        return "NULL::BOOLEAN"
    if isinstance(value, bool):
        return str(value).upper()
    raise _Untranslated


_TURNED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _comparison(op: str, left: Expr, right: Expr) -> str:
    if not isinstance(left, Attribute):
        left, right, op = right, left, _TURNED[op]
    if not isinstance(left, Attribute) or left.name not in TYPES:
        raise _Untranslated
    name, kind = f'"{left.name}"', TYPES[left.name]
    if isinstance(right, Attribute):
        if TYPES.get(right.name) != kind:
            raise _Untranslated
        return f'({name} {op.replace("!=", "<>")} "{right.name}")'
    if names_in(right):
        raise _Untranslated
    value = evaluate(right, Fields({}))
    if value is None:
        return "NULL::BOOLEAN"
    if kind == "text" and isinstance(value, str) and "\0" not in value:
        quoted = value.replace("'", "''")
        return f"({name} {op.replace('!=', '<>')} '{quoted}')"
    if kind == "truth" and isinstance(value, bool) and op in ("=", "!="):
        return name if value == (op == "=") else f"(NOT {name})"
    if kind in ("number", "duration") and isinstance(value, int | Fraction) and not isinstance(value, bool):
        return _against(name, op, value)
    raise _Untranslated


def _against(name: str, op: str, value: int | Fraction) -> str:
    """A whole number beside any number, as a comparison of whole ones."""
    whole = Fraction(value).denominator == 1
    if op in ("=", "!=") and not whole:
        return f"({name} {'<>' if op == '=' else '='} {name})"
    # As n < 3 for n < 2.5, and n <= 2 for n <= 2.5.
    number = ceil(value) if op in ("<", ">=") else floor(value)
    number = max(-_FARTHEST, min(_FARTHEST, number))
    return f"({name} {op.replace('!=', '<>')} {number})"
