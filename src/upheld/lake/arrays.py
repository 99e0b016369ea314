"""The engine on NumPy: the files of rows are sorted, so that slices are found by where a key changes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upheld.core.expression import names_in
from upheld.core.indicator import Signal
from upheld.core.instant import Duration, Instant
from upheld.core.latency import bucket_of
from upheld.lake.arrow import codes
from upheld.lake.engine import UNKNOWN, Counted, States, takes_all
from upheld.lake.naming import EVERY
from upheld.lake.parts import RowFile
from upheld.lake.predicate import TYPES, good_of
from upheld.lake.runs import NO_RUNS, Rows, Runs, of_slices, summed
from upheld.lake.truths import TRUE, Truths

WORKERS: Final = 2
_GROUPS: Final = 8
"""Row groups that one worker takes at a time."""


class Arrays:
    """`upheld.lake.engine.Engine` without a database."""

    def counts(self, file: RowFile, signal: Signal, slice_us: Duration) -> Counted:
        """Row groups side by side: what one of them begins, the next may go on with."""
        names = {name: i for i, name in enumerate(sorted({component for component, _ in file.rows}))}
        truths = Truths(good_of(signal))

        def count(groups: range) -> list[Runs]:
            return [_slices(rows, signal, slice_us, truths, names) for rows in _read(file, signal, groups)]

        with pq.ParquetFile(file.path) as parquet:
            edges = [*range(0, parquet.num_row_groups, _GROUPS), parquet.num_row_groups]
        ranges = [range(start, end) for start, end in pairwise(edges)]
        with ThreadPoolExecutor(WORKERS) as pool:
            return Counted(tuple(names), summed([runs for some in pool.map(count, ranges) for runs in some]))

    def rows(self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """The row groups that have the component."""
        found = _of_component(file, component, signal, start_at, end_at)
        at = _integers(found["at"])
        if signal.kind == "counts":
            columns = [_integers(found[name]) for name in ("until", "total", "good")]
            return Rows(at, columns[0], columns[1], columns[2], np.full(len(at), UNKNOWN))
        good = (Truths(good_of(signal)).of(found) == TRUE).astype(np.int64)
        latency = found["latency"].fill_null(UNKNOWN).to_numpy().astype(np.int64)
        return Rows(at, at, np.ones(len(at), np.int64), good, latency)

    def states(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> States:
        """Each state judged as good and as degraded."""
        found = _of_component(file, component, signal, start_at, end_at)
        degraded = np.zeros(len(found), np.int8)
        if signal.degraded is not None:
            degraded = (Truths(signal.degraded).of(found) == TRUE).astype(np.int8)
        good = np.array([0, UNKNOWN, 1], np.int8)[Truths(good_of(signal)).of(found)]
        return States(_integers(found["at"]), good, degraded)

    def latencies(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        """Each different latency put into its bucket once."""
        found: dict[str, dict[int, int]] = {}
        with pq.ParquetFile(file.path) as parquet:
            groups = range(parquet.num_row_groups)
        for table in _read(file, signal, groups, ("latency",)):
            at = table["at"].to_numpy()
            inside = (at >= start_at) & (at < end_at) & table["latency"].is_valid().to_numpy()
            code, names = codes(table["component"])
            pairs = np.stack((code[inside], table["latency"].fill_null(0).to_numpy()[inside]))
            unique, counts = np.unique(pairs, axis=1, return_counts=True)
            for (which, latency), checks in zip(unique.T.tolist(), counts.tolist(), strict=True):
                buckets = found.setdefault(str(names[which]), {})
                bucket = bucket_of(latency)
                buckets[bucket] = buckets.get(bucket, 0) + checks
        return found


def _read(
    file: RowFile, signal: Signal, groups: range, more: tuple[str, ...] = (), component: str | None = None
) -> Iterator[pa.Table]:
    """The rows of some row groups that are observations for the signal, with the columns that it needs."""
    wanted = {"component", "at", *more}
    if signal.kind == "counts":
        wanted |= {"until", "good", "total"}
    else:
        wanted |= names_in(good_of(signal)) & TYPES.keys()
    if signal.kind == "states" and signal.degraded is not None:
        wanted |= names_in(signal.degraded) & TYPES.keys()
    everything = takes_all(file, signal)
    if not everything:
        wanted |= {"signal", "total", "state"}
    with pq.ParquetFile(file.path, read_dictionary=["component"]) as parquet:
        for i in groups:
            if component is not None and not _may_have(parquet.metadata.row_group(i), component):
                continue
            table = parquet.read_row_group(i, columns=sorted(wanted), use_threads=False).combine_chunks()
            yield table if everything else table.filter(pa.array(_is_for(table, signal)))


def _may_have(group: pq.RowGroupMetaData, component: str) -> bool:
    column = group.column(0)
    assert column.path_in_schema == "component", "it is the first column of every file of rows"
    found = column.statistics
    return found is None or not found.has_min_max or found.min <= component <= found.max


def _is_for(table: pa.Table, signal: Signal) -> Any:
    code, names = codes(table["signal"])
    named = np.array([name in (signal.name, EVERY) for name in names], bool)[code]
    counts, states = (table[name].is_valid().to_numpy() for name in ("total", "state"))
    return named & {"checks": ~(counts | states), "counts": counts, "states": states}[signal.kind]


def _of_component(
    file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
) -> pa.Table:
    """The rows of one component in order of time."""
    more = ("latency",) if signal.kind == "checks" else ()
    found = []
    with pq.ParquetFile(file.path) as parquet:
        groups = range(parquet.num_row_groups)
    for table in _read(file, signal, groups, more, component):
        at = table["at"].to_numpy()
        code, names = codes(table["component"])
        mine = code == names.index(component) if component in names else np.zeros(len(at), bool)
        found.append(table.filter(pa.array(mine & (at >= start_at) & (at < end_at))))
    table = pa.concat_tables(found).combine_chunks()
    return table.take(pa.array(np.argsort(table["at"].to_numpy(), kind="stable"))).combine_chunks()


def _slices(
    table: pa.Table, signal: Signal, slice_us: Duration, truths: Truths, names: dict[str, int]
) -> Runs:
    """The slices of some rows, by component and time. What is cut off at their ends, the next rows have."""
    if not len(table):
        return NO_RUNS
    coded = table["component"].chunk(0)
    stream = np.array([names[name] for name in coded.dictionary.to_pylist()], np.int64)
    code = coded.indices.to_numpy()
    number = table["at"].to_numpy() // slice_us
    starts = np.flatnonzero((number[1:] != number[:-1]) | (code[1:] != code[:-1])) + 1
    starts = np.concatenate(([0], starts))
    if signal.kind == "counts":
        total, good = (np.add.reduceat(_integers(table[name]), starts) for name in ("total", "good"))
    else:
        total = np.diff(starts, append=len(code))
        good = np.add.reduceat(truths.of(table) == TRUE, starts, dtype=np.int64)
    return of_slices(stream[code[starts]], number[starts], total, good)


def _integers(column: Any) -> Any:
    return column.to_numpy().astype(np.int64, copy=False)
