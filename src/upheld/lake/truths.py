"""A condition asked of many rows at once, column by column: false, unknown or true."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from upheld.core.measuring.good import TYPES, truth_of
from upheld.core.values.expression import (
    Attribute,
    Compare,
    Expr,
    Known,
    ListOf,
    Logic,
    Member,
    Not,
    names_in,
)
from upheld.lake.arrow import constant, in_one_piece, integers, numbers
from upheld.lake.predicate import Comparison, Untranslated, comparison

FALSE, UNSURE, TRUE = range(3)
"""In this order `and` is the least, `or` the greatest, and `not` what is left of TRUE."""
_LEVELS: Final = {False: FALSE, None: UNSURE, True: TRUE}
_OPS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MANY: Final = 1 << 12

Levels = NDArray[np.int8]


class _Column(NamedTuple):
    """A column as numbers, and which of them are there (None: all); texts are numbers of `texts`."""

    values: Any
    there: Any
    texts: list[str]


class Truths:
    """A condition, and what was found of different rows where it can only be asked of each."""

    def __init__(self, expr: Expr) -> None:
        self.expr = expr
        self.fields = sorted(names_in(expr) & TYPES.keys())
        self.known: dict[tuple[Any, ...], int] = {}

    def of(self, table: pa.Table) -> Levels:
        """FALSE, UNSURE or TRUE for every row of a table with the columns that the condition names."""
        try:
            return _levels(self.expr, _Columns(table))
        except Untranslated:
            return self._one_by_one(table)

    def _one_by_one(self, table: pa.Table) -> Levels:
        """Each different row is asked once."""
        code = np.zeros(len(table), np.int64)
        values: list[tuple[Any, ...]] = [()]
        for field in self.fields:
            coded = in_one_piece(table[field]).dictionary_encode(null_encoding="encode")
            mine = coded.dictionary.to_pylist()
            code = code * len(mine) + numbers(coded.indices)
            values = [(*value, one) for value in values for one in mine]
            if len(values) > _MANY:
                present = integers(code).dictionary_encode()
                code = numbers(present.indices).astype(np.int64)
                values = [values[i] for i in present.dictionary.to_pylist()]
        found = np.full(len(values), UNSURE, np.int8)
        for i in np.unique(code).tolist():
            found[i] = self._truth(values[i])
        return found[code]

    def _truth(self, values: tuple[Any, ...]) -> int:
        if values not in self.known:
            truth = truth_of(self.expr, dict(zip(self.fields, values, strict=True)))
            self.known[values] = _LEVELS[truth]
        return self.known[values]


class _Columns:
    """The columns of a table, each made ready when it is first asked for."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.ready: dict[str, _Column] = {}

    def __getitem__(self, name: str) -> _Column:
        if name not in self.ready:
            column = in_one_piece(self.table[name])
            there = numbers(column.is_valid()) if column.null_count else None
            texts: list[str] = []
            if TYPES[name] == "text":
                coded = column.dictionary_encode()
                texts, column = coded.dictionary.to_pylist(), coded.indices
            if column.null_count:
                column = column.fill_null(constant(False if TYPES[name] == "truth" else 0, column.type))
            self.ready[name] = _Column(numbers(column), there, texts)
        return self.ready[name]


def _levels(expr: Expr, columns: _Columns) -> Levels:
    rows = len(columns.table)
    if not names_in(expr):
        return np.full(rows, _LEVELS[truth_of(expr, {})], np.int8)
    match expr:
        case Attribute(name) if TYPES.get(name) == "truth":
            return _answered(columns[name].values, columns[name].there)
        case Not(operand):
            return np.int8(TRUE) - _levels(operand, columns)
        case Logic(op, operands):
            combined = np.maximum if op == "or" else np.minimum
            return reduce(combined, (_levels(operand, columns) for operand in operands))
        case Compare(op, left, right):
            return _compared(comparison(op, left, right), columns)
        case Member(item, ListOf(items), negated):
            each = (_compared(comparison("=", item, other), columns) for other in items)
            found = reduce(np.maximum, each)
            return np.int8(TRUE) - found if negated else found
        case Known(Attribute(name), missing) if name in TYPES:
            there = columns[name].there
            return _answered(np.full(rows, not missing) if there is None else there != missing, None)
    raise Untranslated


def _answered(truth: Any, there: Any) -> Levels:
    found: Levels = truth.astype(np.int8)
    found *= TRUE
    if there is not None:
        found[~there] = UNSURE
    return found


def _both(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _compared(one: Comparison, columns: _Columns) -> Levels:
    column, op = columns[one.field], _OPS[one.op]
    if one.other:
        other = columns[one.other]
        if TYPES[one.field] == "text":
            raise Untranslated  # two columns number their texts each for itself
        return _answered(op(column.values, other.values), _both(column.there, other.there))
    if one.to is None:
        return np.full(len(column.values), UNSURE, np.int8)
    if isinstance(one.to, str):
        found = np.array([op(text, one.to) for text in column.texts] or [False])
        return _answered(found[column.values], column.there)
    return _answered(op(column.values, one.to), column.there)
