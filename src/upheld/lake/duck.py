"""The engine on DuckDB: SQL over the files of rows, bounded in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from upheld.core.measuring.good import TYPES, good_of, truth_of
from upheld.core.measuring.latency import EXACT_US, LONGEST_US, PER_DOUBLING
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.expression import Expr, names_in
from upheld.lake import slices
from upheld.lake.arrow import codes, column_of, numbers
from upheld.lake.engine import Counted, States, takes_all
from upheld.lake.naming import EVERY
from upheld.lake.parts import RowFile
from upheld.lake.predicate import sql_of
from upheld.lake.runs import Rows, Runs, of_slices, summed
from upheld.lake.settling import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_QUERY_ROWS = 4_000_000
_OF_KIND = {
    "checks": '"total" IS NULL AND "state" IS NULL',
    "counts": '"total" IS NOT NULL',
    "states": '"state" IS NOT NULL',
}


def bucket_sql(latency: str) -> str:
    """`upheld.core.measuring.latency.bucket_of` as SQL over whole numbers."""
    bits = PER_DOUBLING.bit_length()
    capped = f"least({latency}, {LONGEST_US})"
    # The number of binary digits, from their text: a logarithm would not be whole.
    doublings = f"(length(bin({capped})) - {bits})"
    return (
        f"CASE WHEN {latency} < {EXACT_US} THEN {latency} "
        f"ELSE {PER_DOUBLING} * {doublings} + ({capped} >> {doublings}) END"
    )


class Duck:
    """`upheld.lake.engine.Engine` in one process; `home` takes what does not fit into memory."""

    def __init__(self, home: Path | None = None) -> None:
        self.connection: DuckDBPyConnection = connect(home or Path(gettempdir()))

    def counts(self, file: RowFile, signal: Signal, slice_us: Duration) -> Counted:
        """By the committed SQL, or of counts as their sums; some components at a time, to bound memory."""
        names = {name: i for i, name in enumerate(sorted({component for component, _ in file.rows}))}
        runs = [self._counts(file, signal, slice_us, names, some) for some in _stretches(file)]
        return Counted(tuple(names), summed(runs))

    def _counts(
        self, file: RowFile, signal: Signal, slice_us: Duration, names: dict[str, int], some: tuple[str, str]
    ) -> Runs:
        values = {"path": str(file.path), "slice_us": slice_us, "low": some[0], "high": some[1]}
        within = "component BETWEEN $low AND $high"
        if signal.kind == "counts":
            query = (
                'SELECT component, "at" - "at" % $slice_us::BIGINT AS slice_at, '
                "sum(total)::BIGINT AS total, sum(good)::BIGINT AS good "
                f"FROM ({self._source(file, signal, values, within)}) GROUP BY ALL"
            )
        else:
            relation = self._judged(file, signal, values, within)
            query = (
                f'WITH checks AS (SELECT component, "at", good, $slice_us::BIGINT AS slice_us '
                f"FROM ({relation})) {slices.sql()}"
            )
        found = self.connection.execute(query, values).to_arrow_table()
        code, texts = codes(found["component"])
        stream = np.array([names[str(text)] for text in texts], np.int64)[code] if texts else code
        start_at, total, good = (numbers(found[name]) for name in ("slice_at", "total", "good"))
        order = np.lexsort((start_at, stream))
        return of_slices(stream[order], start_at[order] // slice_us, total[order], good[order])

    def rows(self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """Read by component, and counted by the caller."""
        values = {"path": str(file.path), "component": component, "start": start_at, "end": end_at}
        within = 'component = $component AND "at" >= $start AND "at" < $end'
        if signal.kind == "counts":
            what = '"until", total, good, -1 AS latency'
            source = self._source(file, signal, values, within)
        else:
            what = (
                '"at" AS "until", (good IS NOT NULL)::BIGINT AS total, '
                "coalesce(good, FALSE)::BIGINT AS good, "
                "coalesce(latency, -1) AS latency"
            )
            source = self._judged(file, signal, values, within)
        query = f'SELECT "at", {what} FROM ({source}) ORDER BY "at"'
        found = self.connection.execute(query, values).to_arrow_table()
        return Rows(*(_integers(found[name]) for name in ("at", "until", "total", "good", "latency")))

    def states(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> States:
        """Each state judged as good and as degraded."""
        values = {"path": str(file.path), "component": component, "start": start_at, "end": end_at}
        within = 'component = $component AND "at" >= $start AND "at" < $end'
        source = self._judged(file, signal, values, within)
        query = (
            'SELECT "at", coalesce(good::TINYINT, -1::TINYINT) AS good, '
            f'coalesce(degraded, FALSE)::TINYINT AS degraded FROM ({source}) ORDER BY "at"'
        )
        found = self.connection.execute(query, values).to_arrow_table()
        return States(
            _integers(found["at"]), *(numbers(found[name]).astype(np.int8) for name in ("good", "degraded"))
        )

    def latencies(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        """Counted by bucket in the query."""
        values = {"path": str(file.path), "start": start_at, "end": end_at}
        within = 'latency IS NOT NULL AND "at" >= $start AND "at" < $end'
        query = (
            f"SELECT component, {bucket_sql('latency')} AS bucket, count(*) AS checks "
            f"FROM ({self._source(file, signal, values, within)}) GROUP BY ALL"
        )
        found: dict[str, dict[int, int]] = {}
        for component, bucket, checks in self.connection.execute(query, values).fetchall():
            found.setdefault(component, {})[bucket] = checks
        return found

    # -- the queries ---------------------------------------------------------------------------------------

    def _source(self, file: RowFile, signal: Signal, values: dict[str, Any], within: str = "TRUE") -> str:
        """The rows that are observations for the signal."""
        if not takes_all(file, signal):
            values |= {"signal": signal.name, "every": EVERY}
            within = f"{within} AND signal IN ($signal, $every) AND {_OF_KIND[signal.kind]}"
        return f"SELECT * FROM read_parquet($path) WHERE {within}"

    def _judged(self, file: RowFile, signal: Signal, values: dict[str, Any], within: str = "TRUE") -> str:
        """The same rows with columns `good` and `degraded` that say what they are."""
        source = self._source(file, signal, values, within)
        source = f'SELECT * EXCLUDE (good, total, "until") FROM ({source})'
        for name, expr in (("good", good_of(signal)), ("degraded", signal.degraded)):
            if expr is None:
                source = f"SELECT *, FALSE AS {name} FROM ({source})"
            elif (condition := sql_of(expr)) is not None:
                source = f"SELECT *, {condition} AS {name} FROM ({source})"
            else:
                source = self._looked_up(source, name, expr, values)
        return source

    def _looked_up(self, source: str, name: str, expr: Expr, values: dict[str, Any]) -> str:
        """The rows with a condition that calculates: asked of each different row, and joined to it."""
        fields = sorted(names_in(expr) & TYPES.keys())
        listed = ", ".join(f'"{field}"' for field in fields)
        used = {key: value for key, value in values.items() if f"${key}" in source}
        rows = self.connection.execute(f"SELECT DISTINCT {listed} FROM ({source})", used).to_arrow_table()
        truths = [truth_of(expr, row) for row in rows.to_pylist()]
        table = rows.append_column(name, column_of(truths, pa.bool_()))
        view = f"truth_{name}"
        self.connection.register(view, table)
        same = " AND ".join(f'r."{field}" IS NOT DISTINCT FROM t."{field}"' for field in fields)
        return f"SELECT r.*, t.{name} FROM ({source}) r JOIN {view} t ON {same}"


def _stretches(file: RowFile) -> Iterator[tuple[str, str]]:
    """First and last of components that stand together, with some millions of rows."""
    rows = 0
    first = last = ""
    for component, count in sorted(_rows_of(file).items()):
        if rows and rows + count > _QUERY_ROWS:
            yield first, last
            rows = 0
        first = component if not rows else first
        last, rows = component, rows + count
    if rows:
        yield first, last


def _rows_of(file: RowFile) -> Counter[str]:
    found: Counter[str] = Counter()
    for (component, _), rows in file.rows.items():
        found[component] += rows
    return found


def _integers(column: Any) -> Any:
    return numbers(column).astype(np.int64, copy=False)
