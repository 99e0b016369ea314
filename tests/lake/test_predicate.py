"""Conditions asked of many rows at once say what `core.evaluate` says of each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lake.worlds import condition
from tests.seeds import tried
from upheld.core.measuring.good import truth_of
from upheld.core.measuring.latency import LONGEST_US, bucket_of
from upheld.core.timeline.instant import SECOND
from upheld.core.values.amount import time_amount
from upheld.core.values.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Expr,
    Known,
    ListOf,
    Literal,
    Logic,
    Member,
    Not,
)
from upheld.core.values.value import Kind
from upheld.lake.duck import bucket_sql
from upheld.lake.predicate import sql_of
from upheld.lake.truths import FALSE, TRUE, UNSURE, Truths

ROW = pa.schema(
    [
        ("ok", pa.bool_()),
        ("status", pa.int64()),
        ("latency", pa.int64()),
        ("code", pa.string()),
        ("state", pa.string()),
    ]
)
_TEXTS = ["up", "down", "it's", ""]
_NUMBERS = [0, 1, 199, 200, 204, 299, 300, 10**12]
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "ok": st.none() | st.booleans(),
            "status": st.none() | st.sampled_from(_NUMBERS),
            "latency": st.none() | st.sampled_from(_NUMBERS),
            "code": st.none() | st.sampled_from(_TEXTS),
            "state": st.none() | st.sampled_from(_TEXTS),
        }
    ),
    min_size=1,
    max_size=12,
)


def _number(kind: Kind) -> st.SearchStrategy[Expr]:
    fractions = st.sampled_from(_NUMBERS).map(Fraction) | st.fractions(-3, 400, max_denominator=7)
    if kind == "duration":
        return st.sampled_from(_NUMBERS).map(lambda n: Literal(time_amount(n), "duration"))
    return (fractions | st.just(Fraction(10**30))).map(lambda value: Literal(value, "number"))


def _operand(name: str, kind: Kind) -> st.SearchStrategy[Expr]:
    plain = st.just(Attribute(name)) | _number(kind)
    factors = st.fractions(-2, 3, max_denominator=3).map(lambda value: Literal(value, "number"))
    return plain | plain | st.builds(lambda left, right: Arithmetic("*", left, right), plain, factors)


_OPS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_ATOMS: st.SearchStrategy[Expr] = st.one_of(
    st.just(Attribute("ok")),
    st.booleans().map(lambda value: Literal(value, "truth")),
    st.builds(Compare, _OPS, _operand("status", "number"), _operand("status", "number")),
    st.builds(Compare, _OPS, _operand("latency", "duration"), _operand("latency", "duration")),
    st.builds(
        Compare,
        st.sampled_from(["=", "!="]),
        st.sampled_from([Attribute("code"), Attribute("state")]),
        st.sampled_from([Attribute("code"), *(Literal(text, "text") for text in _TEXTS)]),
    ),
    st.builds(
        Member,
        st.sampled_from([Attribute("code"), Attribute("state")]),
        st.lists(st.sampled_from([Literal(text, "text") for text in _TEXTS]), min_size=1).map(
            lambda items: ListOf(tuple(items))
        ),
        st.booleans(),
    ),
    st.builds(Known, st.sampled_from([Attribute(name) for name in ROW.names]), st.booleans()),
)
CONDITIONS: st.SearchStrategy[Expr] = st.recursive(
    _ATOMS,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(Logic, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@settings(max_examples=tried(60), deadline=None)
@given(expr=CONDITIONS, rows=_ROWS)
def test_columns_say_what_rows_say(expr: Expr, rows: list[dict[str, Any]]) -> None:
    """By NumPy, three-valued."""
    levels = {FALSE: False, UNSURE: None, TRUE: True}
    table = pa.Table.from_pylist(rows, schema=ROW)
    assert [levels[level] for level in Truths(expr).of(table).tolist()] == [
        truth_of(expr, row) for row in rows
    ]


def check_sql(expr: Expr, rows: list[dict[str, Any]]) -> bool:
    """By DuckDB, three-valued; whether there was SQL for it."""
    sql = sql_of(expr)
    if sql is None:
        return False
    with duckdb.connect() as connection:
        connection.register("rows", pa.Table.from_pylist(rows, schema=ROW))
        found = connection.execute(f"SELECT {sql} FROM rows").fetchall()
    assert [truth for (truth,) in found] == [truth_of(expr, row) for row in rows]
    return True


@settings(max_examples=tried(40), deadline=None)
@given(expr=CONDITIONS, rows=_ROWS)
def test_sql_says_what_rows_say(expr: Expr, rows: list[dict[str, Any]]) -> None:
    """Conditions that calculate have no SQL; all others do, and it says the same."""
    translated = check_sql(expr, rows)
    assert translated or "*" in str(expr)


@pytest.mark.slow
@settings(max_examples=tried(250), deadline=None)
@given(expr=CONDITIONS, rows=_ROWS)
def test_sql_says_what_rows_say_of_many(expr: Expr, rows: list[dict[str, Any]]) -> None:
    """As above, of many more."""
    assert check_sql(expr, rows) or "*" in str(expr)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("status >= 200 and status <= 299", '(("status" >= 200) AND ("status" <= 299))'),
        ("latency <= 0.2s", '("latency" <= 200000)'),
        ("0.2s >= latency", '("latency" <= 200000)'),
        ("ok and not ok", '("ok" AND (NOT "ok"))'),
        ('state in [up, "it\'s"]', "((\"state\" = 'up') OR (\"state\" = 'it''s'))"),
        ("code is missing", '("code" IS NULL)'),
        ("status < 200.5", '("status" < 201)'),
    ],
)
def test_the_sql_of_conditions(text: str, sql: str) -> None:
    """Plain comparisons of columns with constants, so that files can be read in part."""
    assert sql_of(condition(text)) == sql


def test_buckets_in_sql() -> None:
    """Are those of `core.latency`, around every power of two."""
    latencies = sorted(
        {n for power in range(45) for n in (2**power - 1, 2**power, 2**power + 1)} | {SECOND, LONGEST_US + 9}
    )
    with duckdb.connect() as connection:
        connection.register("rows", pa.table({"latency": latencies}))
        found = connection.execute(f"SELECT {bucket_sql('latency')} FROM rows").fetchall()
    assert [bucket for (bucket,) in found] == [bucket_of(latency) for latency in latencies]
