"""Where settled rows lie: one provider and some whole days a part, in typed files sorted by component.

A part has a file of rows and, once late ones were sealed, further ones whose rows are new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from upheld.core.terms.indicator import Signal, SignalKind
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.frozen import dataclass, field
from upheld.lake.arrow import codes, in_one_piece, numbers
from upheld.lake.naming import EVERY
from upheld.lake.rows import CONTENT, FIELDS, ROWS

ROW_GROUP: Final = 1 << 17
STORED: Final = pa.schema([field for field in ROWS if field.name != "provider"])
"""What a file of rows holds: its provider is said beside it."""


class Counting(NamedTuple):
    """How observations become slices: of which signal, what is good, and how long a slice is."""

    signal: str
    kind: SignalKind
    good: str
    slice_us: Duration

    @classmethod
    def of(cls, signal: Signal, slice_us: Duration) -> Counting:
        """How a signal is counted."""
        return cls(signal.name, signal.kind, "" if signal.good is None else str(signal.good), slice_us)


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file of rows: how many of each component and signal, the hash of each component's rows, its slices.

    `kinds` are the kinds of signals its rows can be observations for. Of slices that were sealed,
    `slice_hashes` say by component what they were.
    """

    path: Path
    rows: Mapping[tuple[str, str], int]
    content: Mapping[str, str]
    kinds: frozenset[str]
    slices: Mapping[Counting, Path] = field(default_factory=dict)
    slice_hashes: Mapping[Counting, Mapping[str, str]] = field(default_factory=dict)

    def has(self, component: str, signal: str) -> bool:
        """Whether it has rows for a signal of a component."""
        return (component, signal) in self.rows or (component, EVERY) in self.rows

    @property
    def signals(self) -> frozenset[str]:
        """The signals that its rows name."""
        return frozenset(signal for _, signal in self.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a provider in [start_at, end_at)."""

    provider: str
    start_at: Instant
    end_at: Instant
    files: tuple[RowFile, ...]


def write_rows(path: Path, tables: Iterable[pa.Table]) -> RowFile | None:
    """Writes settled rows in their order; nothing if there are none.

    They are made in the thread of who asks: a database gives them to that one alone, between its walls.
    """
    writer: pq.ParquetWriter | None = None
    content = Content()
    waiting: list[pa.Table] = []
    try:
        for table in _in_groups(tables, waiting):
            if writer is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = pq.ParquetWriter(
                    path,
                    STORED,
                    compression="zstd",
                    use_dictionary=[name for name in STORED.names if name != "at"],
                    column_encoding={"at": "DELTA_BINARY_PACKED"},
                    sorting_columns=[pq.SortingColumn(i) for i in range(2)],
                )
            content.add(table)
            writer.write_table(table, row_group_size=ROW_GROUP)
    finally:
        if writer is not None:
            writer.close()
    return RowFile(path, content.rows, content.hashes(), content.kinds()) if writer is not None else None


def _in_groups(tables: Iterable[pa.Table], waiting: list[pa.Table]) -> Iterator[pa.Table]:
    for table in tables:
        waiting.append(table.select(STORED.names))
        if sum(map(len, waiting)) >= ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting.clear()
    if waiting:
        yield pa.concat_tables(waiting)


def read_rows(path: Path) -> Iterator[pa.Table]:
    """The rows of a file in their order, a row group at a time."""
    with pq.ParquetFile(path) as file:
        for i in range(file.num_row_groups):
            yield file.read_row_group(i, columns=STORED.names, use_threads=False)


class Content:
    """The hash of each component's rows, over what they say and not over how a file holds it.

    For each column, one SHA-256 runs over which values are there (a byte each), one over the values (numbers
    as 64-bit little-endian, texts as UTF-8), one over the lengths of texts; that of the component runs over
    its name, and the names and these hashes of its columns.
    """

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], int] = {}
        self._of_kind = dict.fromkeys(FIELDS, 0)
        self._hashes: dict[str, str] = {}
        self._component: str | None = None
        self._columns: dict[str, _ColumnHash] = {}

    def add(self, table: pa.Table) -> None:
        """Rows in their order. ValueError if a component comes back after another one."""
        component, names = codes(table["component"])
        signal, signals = codes(table["signal"])
        edges = np.flatnonzero(np.diff(component)) + 1
        columns = {name: in_one_piece(table[name]) for name in ("signal", "at", *CONTENT)}
        counts, states = (len(table) - table[name].null_count for name in ("total", "state"))
        for kind, rows in (("counts", counts), ("states", states), ("checks", len(table) - counts - states)):
            self._of_kind[kind] += rows
        for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(table)], strict=True):
            name = str(names[component[start]])
            self._open(name)
            for code, count in zip(*np.unique(signal[start:end], return_counts=True), strict=True):
                key = (name, str(signals[code]))
                self.rows[key] = self.rows.get(key, 0) + int(count)
            for column, values in columns.items():
                if column not in self._columns:
                    self._columns[column] = _ColumnHash()
                self._columns[column].add(values.slice(start, end - start))

    def kinds(self) -> frozenset[str]:
        """The kinds of the rows."""
        return frozenset(kind for kind, rows in self._of_kind.items() if rows)

    def hashes(self) -> dict[str, str]:
        """The hash of each component, in hexadecimal digits."""
        self._close()
        return dict(self._hashes)

    def _open(self, component: str) -> None:
        if component == self._component:
            return
        self._close()
        if component in self._hashes:
            raise ValueError(f"the rows of {component} do not stand together")
        self._component, self._columns = component, {}

    def _close(self) -> None:
        if self._component is None:
            return
        whole = hashlib.sha256(self._component.encode())
        for name, column in self._columns.items():
            whole.update(name.encode() + b"\0" + column.digest())
        self._hashes[self._component] = whole.hexdigest()
        self._component = None


class _ColumnHash:
    """The hash of one column, the same however its values are cut into pieces."""

    def __init__(self) -> None:
        self.there, self.values, self.lengths = (hashlib.sha256() for _ in range(3))

    def add(self, values: Any) -> None:
        """The next values."""
        if values.null_count == len(values):
            self.there.update(bytes(len(values)))
            return
        self.there.update(numbers(pc.is_valid(values)).tobytes())
        found = values.drop_null()
        if values.type == pa.string():
            lengths = pc.binary_length(pc.cast(found, pa.binary()))
            self.lengths.update(numbers(lengths).astype("<i8").tobytes())
            self.values.update("".join(found.to_pylist()).encode())
        else:
            self.values.update(numbers(pc.cast(found, pa.int64())).astype("<i8").tobytes())

    def digest(self) -> bytes:
        """Of which values are there, what they are, and where one text ends."""
        return self.there.digest() + self.values.digest() + self.lengths.digest()
