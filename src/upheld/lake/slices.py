"""Checks to slices: the one heavy step, written once as an Ibis expression.

Run time needs no Ibis: the SQL of DuckDB that the expression compiles to is committed beside this module, and
a test compiles it anew. Other engines compile the same expression for themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table

SQL_FILE = Path(__file__).with_name("slices.sql")


def checks() -> Table:
    """The relation that the expression is over: a row is a check, `good` may be unknown.

    `at` counts microseconds since the epoch, `slice_us` is the same in every row.
    """
    import ibis

    columns = {"component": "string", "at": "int64", "good": "boolean", "slice_us": "int64"}
    return ibis.table(columns, name="checks")


def slices(relation: Table) -> Table:
    """The slices that have checks: component, start of the slice, number of checks, how many are good.

    A check of which it is not known whether it is good tells nothing, so it is not one of them. Whole numbers
    only, so that all engines agree. No instant lies before 1970, so `%` is the same in all.
    """
    relation = relation.filter(relation["good"].notnull())
    start = relation["at"] - relation["at"] % relation["slice_us"]
    by_slice = relation.group_by("component", slice_at=start)
    return by_slice.agg(total=relation.count(), good=relation.count(where=relation["good"]))


def compiled() -> str:
    """The SQL of DuckDB for the expression."""
    import ibis

    return str(ibis.to_sql(slices(checks()), dialect="duckdb")) + "\n"


def sql() -> str:
    """The committed SQL: a SELECT over `checks`."""
    return SQL_FILE.read_text(encoding="utf-8")


if __name__ == "__main__":
    SQL_FILE.write_text(compiled(), encoding="utf-8")
