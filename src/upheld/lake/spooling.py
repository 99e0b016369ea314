"""The sound rows of files in one file, as they come: which providers, which days, and whether in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upheld.core.timeline.instant import DAY
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import dataclass
from upheld.lake.ahead import ahead
from upheld.lake.arrow import chosen, codes, integers, numbers
from upheld.lake.checking import checked
from upheld.lake.naming import EVERY, Names
from upheld.lake.parquet_rows import read_parquet
from upheld.lake.rows import Chunk, Told, kinds_of
from upheld.lake.settling import WRITTEN
from upheld.lake.text_rows import read_csv, read_jsonl

READERS: Final[Mapping[str, Callable[[Path, Told], Iterator[Chunk]]]] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
}

_WORDS: Final = [column.name for column in WRITTEN if column.type == pa.string()]


@dataclass(frozen=True, slots=True)
class Spool:
    """The sound rows of all files in one file, as they came, and what was told of each file."""

    path: Path
    told: tuple[Told, ...]
    days: Mapping[str, Mapping[int, int]]
    """How many rows each provider has on each day, counted from the epoch."""
    ordered: frozenset[str] = frozenset()
    """The providers whose rows came in the order in which they are settled, all naming a signal or none."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files."""
        return in_order(finding for told in self.told for finding in told.all)


def spooled(
    paths: Iterable[Path], names: Names, home: Path, providers: Collection[str] | None = None
) -> Spool:
    """Reads every file once, a chunk at a time; keeps the rows of some providers, or all.

    OSError if a file cannot be opened.
    """
    told: list[Told] = []
    days: dict[str, dict[int, int]] = {}
    orders: dict[str, _Order] = {}
    path = home / "spool.parquet"
    # Read once, and soon: dictionaries of numbers, and statistics nobody asks for, cost more than they save.
    with pq.ParquetWriter(
        path, WRITTEN, compression="snappy", use_dictionary=_WORDS, write_statistics=["provider"]
    ) as writer:
        for number, source in enumerate(paths):
            told.append(Told(str(source)))
            chunks = ahead(READERS[source.suffix](source, told[-1]))
            for rows, lines in ahead(checked(chunks, names, told[-1])):
                file = integers(np.full(len(rows), number)).cast(pa.int32())
                kept = rows.append_column("file", file).append_column("line", lines)
                kept = kept if providers is None else _of(providers, kept)
                writer.write_table(kept)
                code, of = codes(kept["provider"])
                for i in np.unique(code).tolist():
                    mine = kept if len(of) == 1 else kept.take(chosen(code == i))
                    _count_days(mine, days.setdefault(str(of[i]), {}))
                    orders.setdefault(str(of[i]), _Order()).look(mine)
    ordered = frozenset(name for name, order in orders.items() if order.holds)
    return Spool(path, tuple(told), days, ordered)


def _of(providers: Collection[str], rows: pa.Table) -> pa.Table:
    """The rows of some providers."""
    code, names = codes(rows["provider"])
    mine = np.isin(code, [i for i, name in enumerate(names) if name in providers])
    return rows if mine.all() else rows.take(chosen(mine))


def _count_days(rows: pa.Table, days: dict[int, int]) -> None:
    for day, counted in zip(*np.unique(numbers(rows["at"]) // DAY, return_counts=True), strict=True):
        days[int(day)] = days.get(int(day), 0) + int(counted)


class _Order:
    """Whether rows come by component, signal, kind and instant, as most recordings are written."""

    def __init__(self) -> None:
        self.is_ascending = True
        self.last: tuple[object, ...] = ()
        self.names_one = self.names_none = False

    @property
    def holds(self) -> bool:
        """Whether all came in order so far, and all name a signal or none does."""
        return self.is_ascending and not (self.names_one and self.names_none)

    def look(self, rows: pa.Table) -> None:
        """The next rows of the provider."""
        if not self.is_ascending:
            return
        component, signal = codes(rows["component"]), codes(rows["signal"])
        kind, at = kinds_of(rows), numbers(rows["at"])
        is_new = np.ones(len(at), bool)
        is_new[1:] = kind[1:] != kind[:-1]
        for code, _ in (component, signal):
            is_new[1:] |= code[1:] != code[:-1]
        streams = np.flatnonzero(is_new).tolist()
        if (~is_new[1:] & (at[1:] < at[:-1])).any():
            self.is_ascending = False
        for start, end in zip(streams, [*streams[1:], len(at)], strict=True):
            name = str(signal[1][signal[0][start]])
            stream = str(component[1][component[0][start]]), name, int(kind[start])
            if self.last > (*stream, int(at[start])):
                self.is_ascending = False
            if not self.is_ascending:
                return
            self.names_none, self.names_one = (
                self.names_none or name == EVERY,
                self.names_one or name != EVERY,
            )
            self.last = (*stream, int(at[end - 1]))


def in_order_of(spool: Spool, provider: str) -> Iterator[pa.Table]:
    """The rows of a provider as they came, a row group at a time."""
    with pq.ParquetFile(spool.path) as file:
        column = file.schema_arrow.names.index("provider")
        for i in range(file.num_row_groups):
            named = file.metadata.row_group(i).column(column).statistics
            if named is not None and named.has_min_max and not named.min <= provider <= named.max:
                continue
            rows = file.read_row_group(i, use_threads=False)
            yield _of((provider,), rows)
