"""The engine on NumPy: the files of rows are sorted, so that slices are found by where a key changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upheld.core.measuring.good import TYPES, good_of
from upheld.core.measuring.latency import bucket_of
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.expression import names_in
from upheld.lake.arrow import chosen, codes, filled, integers, numbers
from upheld.lake.engine import UNKNOWN, Counted, States, takes_all
from upheld.lake.naming import EVERY
from upheld.lake.parts import RowFile
from upheld.lake.runs import Rows, Runs, of_slices, summed
from upheld.lake.truths import TRUE, UNSURE, Truths

WORKERS: Final = 2
_GROUPS: Final = 8
"""Row groups that one worker takes at a time."""


class Arrays:
    """`upheld.lake.engine.Engine` without a database."""

    def counts(self, file: RowFile, signal: Signal, slice_us: Duration) -> Counted:
        """Row groups side by side: what one of them begins, the next may go on with."""
        with pq.ParquetFile(file.path) as parquet:
            metadata = parquet.metadata
        streams = _Streams(file, metadata.num_rows if takes_all(file, signal) else -1)
        offsets = np.cumsum([0, *(metadata.row_group(i).num_rows for i in range(metadata.num_row_groups))])
        truths = Truths(good_of(signal))

        def count(groups: range) -> list[Runs]:
            tables = _read(file, signal, groups, streams.column, metadata=metadata)
            return [
                slices_of(table, signal, slice_us, truths, streams.within(table, int(offsets[i])))
                for i, table in zip(groups, tables, strict=True)
                if len(table)
            ]

        edges = [*range(0, metadata.num_row_groups, _GROUPS), metadata.num_row_groups]
        ranges = [range(start, end) for start, end in pairwise(edges)]
        with ThreadPoolExecutor(WORKERS) as pool:
            runs = [one for some in pool.map(count, ranges) for one in some]
        return Counted(streams.names, summed(runs))

    def rows(self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """The row groups that have the component."""
        return judged(_of_component(file, component, signal, start_at, end_at), signal)

    def states(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> States:
        """Each state judged as good and as degraded."""
        return judged_states(_of_component(file, component, signal, start_at, end_at), signal)

    def latencies(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        """Each different latency put into its bucket once."""
        found: dict[str, dict[int, int]] = {}
        with pq.ParquetFile(file.path) as parquet:
            groups = range(parquet.num_row_groups)
        for table in _read(file, signal, groups, ("component", "latency")):
            code, names = codes(table["component"])
            at, latency = numbers(table["at"]), filled(table["latency"], UNKNOWN)
            add_latencies(found, names, code, latency, (at >= start_at) & (at < end_at))
        return found


def judged(table: pa.Table, signal: Signal) -> Rows:
    """The checks or counts of one component, in order of time, as the signal judges them."""
    at = _integers(table["at"])
    if signal.kind == "counts":
        columns = [_integers(table[name]) for name in ("until", "total", "good")]
        return Rows(at, columns[0], columns[1], columns[2], np.full(len(at), UNKNOWN))
    truth = Truths(good_of(signal)).of(table)
    total, good = (which.astype(np.int64) for which in (truth != UNSURE, truth == TRUE))
    return Rows(at, at, total, good, filled(table["latency"], UNKNOWN))


def judged_states(table: pa.Table, signal: Signal) -> States:
    """The states of one component, in order of time, as the signal judges them."""
    degraded = np.zeros(len(table), np.int8)
    if signal.degraded is not None:
        degraded = (Truths(signal.degraded).of(table) == TRUE).astype(np.int8)
    good = np.array([0, UNKNOWN, 1], np.int8)[Truths(good_of(signal)).of(table)]
    return States(_integers(table["at"]), good, degraded)


def add_latencies(
    found: dict[str, dict[int, int]], names: Sequence[str | None], component: Any, latency: Any, inside: Any
) -> None:
    """Adds latencies to those found, by component and bucket; of the rows that are `inside` and have one."""
    inside = inside & (latency >= 0)
    pairs = np.stack((component[inside], latency[inside]))
    unique, counts = np.unique(pairs, axis=1, return_counts=True)
    for (which, one), checks in zip(unique.T.tolist(), counts.tolist(), strict=True):
        buckets = found.setdefault(str(names[which]), {})
        bucket = bucket_of(one)
        buckets[bucket] = buckets.get(bucket, 0) + checks


class _Streams:
    """Where the rows of each component begin.

    A file of which every row counts need not be read for that: it is known how many rows each component has,
    and in which order. `rows` is how many the file has, to be sure of it.
    """

    def __init__(self, file: RowFile, rows: int) -> None:
        self.names = tuple(sorted({component for component, _ in file.rows}))
        self.numbers = {name: i for i, name in enumerate(self.names)}
        found = np.zeros(len(self.names), np.int64)
        for (component, _), count in file.rows.items():
            found[self.numbers[component]] += count
        self.ends = np.cumsum(found)
        self.column = ("component",) if rows != found.sum() else ()

    def within(self, table: pa.Table, first: int) -> tuple[Any, Any]:
        """In rows that begin at number `first`: where components change, and which there are, in order."""
        if self.column:
            coded = table["component"].chunk(0)
            code = numbers(coded.indices)
            changes = np.flatnonzero(code[1:] != code[:-1]) + 1
            of_code = np.array([self.numbers[name] for name in coded.dictionary.to_pylist()], np.int64)
            return changes, of_code[code[np.concatenate(([0], changes))]]
        low, high = np.searchsorted(self.ends, [first, first + len(table) - 1], side="right").tolist()
        return self.ends[low:high] - first, np.arange(low, high + 1)


def _read(
    file: RowFile,
    signal: Signal,
    groups: range,
    more: tuple[str, ...] = ("component",),
    component: str | None = None,
    metadata: pq.FileMetaData | None = None,
) -> Iterator[pa.Table]:
    """The rows of some row groups that are observations for the signal, with the columns that it needs."""
    wanted = {"at", *more}
    if signal.kind == "counts":
        wanted |= {"until", "good", "total"}
    else:
        wanted |= names_in(good_of(signal)) & TYPES.keys()
    if signal.kind == "states" and signal.degraded is not None:
        wanted |= names_in(signal.degraded) & TYPES.keys()
    everything = takes_all(file, signal)
    if not everything:
        wanted |= {"signal", "total", "state"}
    with pq.ParquetFile(file.path, metadata=metadata, read_dictionary=["component"]) as parquet:
        for i in groups:
            if component is not None and not _may_have(parquet.metadata.row_group(i), component):
                continue
            table = parquet.read_row_group(i, columns=sorted(wanted), use_threads=False).combine_chunks()
            yield table if everything else table.take(chosen(_is_for(table, signal))).combine_chunks()


def _may_have(group: pq.RowGroupMetaData, component: str) -> bool:
    column = group.column(0)
    assert column.path_in_schema == "component", "it is the first column of every file of rows"
    found = column.statistics
    return found is None or not found.has_min_max or found.min <= component <= found.max


def _is_for(table: pa.Table, signal: Signal) -> Any:
    code, names = codes(table["signal"])
    named = np.array([name in (signal.name, EVERY) for name in names], bool)[code]
    counts, states = (numbers(table[name].is_valid()) for name in ("total", "state"))
    return named & {"checks": ~(counts | states), "counts": counts, "states": states}[signal.kind]


def _of_component(
    file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
) -> pa.Table:
    """The rows of one component in order of time."""
    more = ("component", "latency") if signal.kind == "checks" else ("component",)
    found = []
    with pq.ParquetFile(file.path) as parquet:
        groups = range(parquet.num_row_groups)
    for table in _read(file, signal, groups, more, component):
        at = numbers(table["at"])
        code, names = codes(table["component"])
        mine = code == names.index(component) if component in names else np.zeros(len(at), bool)
        found.append(table.take(chosen(mine & (at >= start_at) & (at < end_at))))
    table = pa.concat_tables(found).combine_chunks()
    return table.take(integers(np.argsort(numbers(table["at"]), kind="stable"))).combine_chunks()


def slices_of(
    table: pa.Table, signal: Signal, slice_us: Duration, truths: Truths, streams: tuple[Any, Any]
) -> Runs:
    """The slices of some rows, by component and time. What is cut off at their ends, the next rows have."""
    changes, stream = streams
    number = numbers(table["at"]) // slice_us
    new = number[1:] != number[:-1]
    new[changes - 1] = True
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    if signal.kind == "counts":
        total, good = (np.add.reduceat(_integers(table[name]), starts) for name in ("total", "good"))
    else:
        truth = truths.of(table)
        total = np.diff(starts, append=len(number)) - _per_slice(truth == UNSURE, starts)
        good = total - _per_slice((truth != TRUE) & (truth != UNSURE), starts)
        tells = total > 0
        starts, total, good = starts[tells], total[tells], good[tells]
    return of_slices(stream[np.searchsorted(changes, starts, side="right")], number[starts], total, good)


def _per_slice(marked: Any, starts: Any) -> Any:
    """How many rows are marked in each slice: looked up if they are few, else added up."""
    rows = np.flatnonzero(marked)
    if len(rows) < len(marked) // 8:
        return np.bincount(np.searchsorted(starts, rows, side="right") - 1, minlength=len(starts))
    return np.add.reduceat(marked, starts, dtype=np.int64)


def _integers(column: Any) -> Any:
    return numbers(column).astype(np.int64, copy=False)
