"""The condition that says what is good, asked of many rows at once: as SQL, or of each different row.

Three-valued as `upheld.core.measuring.good`, which asks it of one: what it cannot tell is NULL.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

from upheld.core.measuring.good import TYPES, Fields
from upheld.core.values.expression import (
    Attribute,
    Compare,
    Expr,
    Known,
    ListOf,
    Logic,
    Member,
    Not,
    evaluate,
    names_in,
)

_FARTHEST: Final = 1 << 62  # beyond every number that a row can hold


class Untranslated(Exception):  # noqa: N818 - it names the case: rows are asked one by one
    """The condition calculates with fields, or compares what is not of one kind."""


class Comparison(NamedTuple):
    """A field beside a constant of its kind (a whole number, a text or a truth), or beside another field.

    `to` None: nothing is known of the constant, so nothing is of the comparison.
    """

    field: str
    op: str
    to: int | str | bool | None = None
    other: str = ""


_TURNED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def comparison(op: str, left: Expr, right: Expr) -> Comparison:
    """A comparison in the one form that engines translate. Untranslated if it has none."""
    if not isinstance(left, Attribute):
        left, right, op = right, left, _TURNED[op]
    if not isinstance(left, Attribute) or left.name not in TYPES:
        raise Untranslated
    name, kind = left.name, TYPES[left.name]
    if isinstance(right, Attribute) and TYPES.get(right.name) == kind:
        return Comparison(name, op, other=right.name)
    if names_in(right):
        raise Untranslated
    value = evaluate(right, Fields({}))
    if value is None:
        return Comparison(name, op)
    if kind == "text" and isinstance(value, str) and "\0" not in value:
        return Comparison(name, op, value)
    if kind == "truth" and isinstance(value, bool) and op in ("=", "!="):
        return Comparison(name, op, value)
    if kind in ("number", "duration") and isinstance(value, int | Fraction) and not isinstance(value, bool):
        return _whole(name, op, value)
    raise Untranslated


def _whole(name: str, op: str, value: int | Fraction) -> Comparison:
    """A whole number beside any number, as a comparison of whole ones."""
    if op in ("=", "!="):
        number = value.numerator if Fraction(value).denominator == 1 else _FARTHEST
    else:  # as n < 3 for n < 2.5, and n <= 2 for n <= 2.5
        number = ceil(value) if op in ("<", ">=") else floor(value)
    return Comparison(name, op, max(-_FARTHEST, min(_FARTHEST, number)))


def sql_of(expr: Expr) -> str | None:
    """The condition as SQL over columns of these names; None if it has to be asked of rows one by one."""
    try:
        return _truth(expr)
    except Untranslated:
        return None


def _truth(expr: Expr) -> str:
    if not names_in(expr):
        value = evaluate(expr, Fields({}))
        return str(value).upper() if isinstance(value, bool) else _NOTHING
    match expr:
        case Attribute(name) if TYPES.get(name) == "truth":
            return f'"{name}"'
        case Not(operand):
            return f"(NOT {_truth(operand)})"
        case Logic(op, operands):
            return "(" + f" {op.upper()} ".join(_truth(operand) for operand in operands) + ")"
        case Compare(op, left, right):
            return _sql(comparison(op, left, right))
        case Member(item, ListOf(items), negated):
            found = "(" + " OR ".join(_sql(comparison("=", item, other)) for other in items) + ")"
            return f"(NOT {found})" if negated else found
        case Known(Attribute(name), missing) if name in TYPES:
            return f'("{name}" IS {"" if missing else "NOT "}NULL)'
    raise Untranslated


_NOTHING: Final = "NULL::BOOLEAN"


def _sql(one: Comparison) -> str:
    op = one.op.replace("!=", "<>")
    if one.other:
        return f'("{one.field}" {op} "{one.other}")'
    match one.to:
        case None:
            return _NOTHING
        case str(text):
            quoted = text.replace("'", "''")
            return f"(\"{one.field}\" {op} '{quoted}')"
        case value:
            return f'("{one.field}" {op} {str(value).upper()})'
