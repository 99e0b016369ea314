"""Files of slice counts: a run of equal slices is a row, and so is a stretch without any observation.

An ordinary day of a component is one row. All others are the exceptions, and reading them is reading all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upheld.lake.arrow import codes, column_of, integers, numbers
from upheld.lake.engine import Counted
from upheld.lake.runs import Runs

SLICES: Final = pa.schema(
    [
        ("component", pa.string()),
        ("first", pa.int64()),
        ("slices", pa.int64()),
        ("total", pa.int64()),
        ("good", pa.int64()),
        ("observed", pa.bool_()),
    ]
)


def write_slices(path: Path, counted: Counted, within: tuple[int, int] | None = None) -> dict[str, str]:
    """Writes slice counts; gives the hash of each component's.

    `within` are the first slice and the end of what the file is to cover: slices of it that are not there are
    written with nothing observed, of every name.
    """
    runs = counted.runs
    observed = np.ones(runs.size, bool)
    if within is not None:
        runs, observed = _with_gaps(counted, *within)
    columns = dict(zip(("stream", "first", "slices", "total", "good"), runs, strict=True))
    names = column_of(counted.names, pa.string()).take(integers(columns.pop("stream")))
    counts = {name: integers(column) for name, column in columns.items()}
    told = {"component": names, **counts, "observed": integers(observed).cast(pa.bool_())}
    table = pa.Table.from_arrays(
        [told[name].cast(SLICES.field(name).type) for name in SLICES.names], schema=SLICES
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", row_group_size=1 << 20)
    return hashes(counted)


def _with_gaps(counted: Counted, first: int, end: int) -> tuple[Runs, Any]:
    """The runs and what lies between them."""
    runs = counted.runs
    ends = runs.first + runs.slices
    opens = np.ones(runs.size, bool)
    opens[1:] = runs.stream[1:] != runs.stream[:-1]
    closes = np.append(opens[1:], True)[: runs.size]
    before = np.where(opens, first, np.concatenate(([first], ends))[: runs.size])
    absent = np.setdiff1d(np.arange(len(counted.names)), runs.stream)
    stream = np.concatenate((runs.stream, runs.stream[closes], absent))
    start = np.concatenate((before, ends[closes], np.full(len(absent), first)))
    stop = np.concatenate((runs.first, np.full(int(closes.sum()) + len(absent), end)))
    gap = stop > start
    zeros = np.zeros(int(gap.sum()), np.int64)
    gaps = Runs(stream[gap], start[gap], (stop - start)[gap], zeros, zeros)
    both = Runs(*(np.concatenate(columns) for columns in zip(runs, gaps, strict=True)))
    order = np.lexsort((both.first, both.stream))
    observed = np.arange(len(order)) < runs.size
    return Runs(*(column[order] for column in both)), observed[order]


class NotAsSealed(ValueError):  # noqa: N818 - it names the case
    """A file of slices can be read, and says something else than was sealed."""


def read_sealed(path: Path, sealed: Mapping[str, str]) -> Counted:
    """As `read_slices`. NotAsSealed if the slices of a component have another hash than they had.

    ArrowException or OSError if the file cannot be read at all.
    """
    try:
        counted = read_slices(path)
    except pa.ArrowException:
        raise
    except (KeyError, ValueError, AssertionError):
        raise NotAsSealed("these are no slice counts as they were sealed") from None
    found = hashes(counted)
    for component in sorted(found.keys() | sealed.keys()):
        if found.get(component) != sealed.get(component):
            raise NotAsSealed(f"the slice counts of `{component}` are not what was sealed")
    return counted


def read_slices(path: Path) -> Counted:
    """The slices that were observed, and the names of all components that the file is about."""
    with pq.ParquetFile(path, read_dictionary=["component"]) as file:
        table = file.read(use_threads=False).combine_chunks()
    code, texts = codes(table["component"])
    names = tuple(str(text) for text in texts)
    assert names == tuple(sorted(names)), "a file of slices is in order"
    observed = numbers(table["observed"])
    columns = [code.astype(np.int64)]
    columns += [numbers(table[name]) for name in ("first", "slices", "total", "good")]
    return Counted(names, Runs(*(column[observed] for column in columns)))


def hashes(counted: Counted) -> dict[str, str]:
    """The SHA-256 of each component's slices: their columns, numbers as 64-bit little-endian."""
    found: dict[str, str] = {}
    for stream, runs in counted.runs.pieces():
        whole = hashlib.sha256()
        for column in runs[1:]:
            whole.update(column.astype("<i8").tobytes())
        found[counted.names[stream]] = whole.hexdigest()
    return found
