"""Tables of fresh observations without a model: rows, rows a day, and slice counters. Written by thousands.

`store_observation` has the rows, by stream and instant; `store_observedday` how many rows of a stream a day
has (days since the epoch); `store_slicecount` what is counted of them. They have no keys to other tables:
each would be looked up a hundred thousand times a second, and only this module writes them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from upheld.core.timeline.instant import DAY, Instant
from upheld.lake.arrow import column_of
from upheld.lake.rows import CONTENT, ROWS
from upheld.store.under_way import arrived, send, under_way
from upheld.store.walls import of_one_provider

FRESH: Final = pa.schema([("stream_id", pa.int64()), ("at", pa.int64()), *(ROWS.field(n) for n in CONTENT)])
"""A fresh row: its stream by the id of its row, and what it says."""
_AT_ONCE: Final = 500


class DayRows(NamedTuple):
    """So many fresh rows of a stream are of a day (since the epoch)."""

    stream_id: int
    day: int
    rows: int


class SliceCount(NamedTuple):
    """What is counted of the fresh rows of a slice."""

    counted_id: int
    number: int
    total: int
    good: int


@contextmanager
def putting(rows: pa.Table) -> Iterator[None]:
    """Writes rows as `FRESH` has them, on PostgreSQL while this block is run; it asks the database nothing.

    IntegrityError, at its end at the latest, if a row of that stream and instant is there.
    """
    if not len(rows):
        yield
        return
    names = [name for name in FRESH.names if rows[name].null_count < len(rows)]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.BytesIO()
            csv.write_csv(rows.select(names), text, csv.WriteOptions(include_header=False))
            statement = f"COPY store_observation ({columns}) FROM STDIN (FORMAT csv)"
            arrived()
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                copy.write(text.getbuffer())
                # Else it would be sent at the end of the block, and nothing be done meanwhile.
                connection.connection.pgconn.flush()
                yield
            return
        marks = ", ".join(repeat("%s", len(names)))
        values = zip(*(rows[name].to_pylist() for name in names), strict=True)
        cursor.executemany(f"INSERT INTO store_observation ({columns}) VALUES ({marks})", list(values))  # noqa: S608  names of columns
    yield


def add_days(days: Sequence[DayRows]) -> None:
    """So many rows more of each stream and day."""
    _upsert("store_observedday", DayRows._fields, days, "rows = store_observedday.rows + excluded.rows")


def add_counts(counts: Sequence[SliceCount]) -> None:
    """So many more in each slice."""
    sums = (f"{name} = store_slicecount.{name} + excluded.{name}" for name in ("total", "good"))
    _upsert("store_slicecount", SliceCount._fields, counts, ", ".join(sums))


def _upsert(table: str, names: Sequence[str], rows: Sequence[tuple[int, ...]], change: str) -> None:
    if not rows:
        return
    columns, keys = ", ".join(names), ", ".join(names[:2])
    then = f"ON CONFLICT ({keys}) DO UPDATE SET {change}"
    if connection.vendor == "postgresql":
        arrays = ", ".join(repeat("%b::bigint[]", len(names)))
        values = [list(column) for column in zip(*rows, strict=True)]
        with under_way():
            send(f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays}) {then}", values)  # noqa: S608  names of columns
        return
    with connection.cursor() as cursor:
        marks = ", ".join(repeat("%s", len(names)))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks}) {then}", rows)  # noqa: S608  names of columns


# -- reading -----------------------------------------------------------------------------------------------


class Before(NamedTuple):
    """What a batch comes to.

    `digest` is that of the batch told under its key, `last_stream` the id of the last stream that was made,
    or 0, `sealed_at` the beginning of the last day that anything is sealed of, or -1.
    """

    digest: bytes | None
    last_stream: int
    sealed_at: Instant


def before_batch(provider_id: int, key: str) -> Before:
    """What is known of a provider before a batch, in one question: it is asked with every batch."""
    last = "FROM store_observedstream WHERE provider_id = %s"
    sealed = "FROM store_sealedfile WHERE provider_id = %s"
    told = "FROM store_observedbatch WHERE provider_id = %s AND key = %s"
    question = f"SELECT (SELECT digest {told}), (SELECT max(id) {last}), (SELECT max(start_at) {sealed})"
    ((digest, stream, sealed_at),) = _ask(question, [provider_id, key, provider_id, provider_id])
    return Before(
        None if digest is None else bytes(digest), stream or 0, -1 if sealed_at is None else sealed_at
    )


def rows_of(streams: Sequence[int], start_at: Instant, end_at: Instant) -> pa.Table:
    """The rows of some streams with `at` in [start_at, end_at), in order of their instants."""
    found: list[tuple[Any, ...]] = []
    for ids in _some(streams):
        found += _ask(
            f"SELECT {', '.join(FRESH.names)} FROM store_observation WHERE stream_id IN ({_marks(ids)}) "  # noqa: S608  names of columns
            "AND at >= %s AND at < %s ORDER BY at",
            [*ids, start_at, end_at],
        )
    if len(streams) > _AT_ONCE:
        found.sort(key=lambda row: row[1])
    columns = list(zip(*found, strict=True)) or [()] * len(FRESH)
    return pa.Table.from_arrays(
        [column_of(values, field.type) for values, field in zip(columns, FRESH, strict=True)], schema=FRESH
    )


def last_before(stream_id: int, end_at: Instant) -> tuple[Instant, Instant] | None:
    """When the last count of a stream that begins before an instant begins, and ends."""
    found = _ask(
        "SELECT at, until FROM store_observation WHERE stream_id = %s AND at < %s ORDER BY at DESC LIMIT 1",
        [stream_id, end_at],
    )
    return (int(found[0][0]), int(found[0][1])) if found else None


@of_one_provider
def days_of(provider_id: int) -> list[DayRows]:
    """How many fresh rows a provider has, by stream and day."""
    return [
        DayRows(*row)
        for row in _ask(
            "SELECT stream_id, day, rows FROM store_observedday WHERE stream_id IN "
            "(SELECT id FROM store_observedstream WHERE provider_id = %s)",
            [provider_id],
        )
    ]


def counts_of(counted: Sequence[int], first: int, end: int) -> list[SliceCount]:
    """The slice counters from slice `first` on and before `end`, by counted stream and slice."""
    found: list[SliceCount] = []
    for ids in _some(sorted(counted)):
        found += [
            SliceCount(*row)
            for row in _ask(
                "SELECT counted_id, number, total, good FROM store_slicecount "  # noqa: S608  marks only
                f"WHERE counted_id IN ({_marks(ids)}) AND number >= %s AND number < %s "
                "ORDER BY counted_id, number",
                [*ids, first, end],
            )
        ]
    return found


# -- taking away -------------------------------------------------------------------------------------------


def drop_day(streams: Sequence[int], day: int) -> None:
    """Takes away the rows of a day, which are sealed."""
    for ids in _some(streams):
        marks = _marks(ids)
        within = [*ids, day * DAY, (day + 1) * DAY]
        _do(f"DELETE FROM store_observation WHERE stream_id IN ({marks}) AND at >= %s AND at < %s", within)  # noqa: S608  marks only
        _do(f"DELETE FROM store_observedday WHERE stream_id IN ({marks}) AND day = %s", [*ids, day])  # noqa: S608  marks only


def drop_counts(counted: Sequence[int], first: int | None = None, end: int | None = None) -> None:
    """Takes away counters: all, or those from slice `first` on and before `end`."""
    for ids in _some(counted):
        where, values = f"counted_id IN ({_marks(ids)})", [*ids]
        if first is not None and end is not None:
            where, values = f"{where} AND number >= %s AND number < %s", [*values, first, end]
        _do(f"DELETE FROM store_slicecount WHERE {where}", values)  # noqa: S608  marks only


def _marks(values: Sequence[object]) -> str:
    return ", ".join(repeat("%s", len(values)))


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time: databases have a limit."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _ask(query: str, values: Sequence[int | str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()  # type: ignore[no-any-return]  # what a driver gives has no type


def _do(statement: str, values: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
