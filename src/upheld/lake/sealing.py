"""Observations sealed for good: typed files of rows by provider and day, their slice counts and their hashes.

What comes late makes a further file of its day. Rows count once, so slices of files add up, and what was
sealed before is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, format_instant
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import dataclass, replace
from upheld.lake.arrays import Arrays
from upheld.lake.engine import Counted, Engine
from upheld.lake.manifest import (
    MANIFEST,
    Lake,
    SealedFile,
    folder_of,
    read_lake,
    write_hashes,
    write_manifest,
)
from upheld.lake.naming import Names, counting_of
from upheld.lake.opening import settle
from upheld.lake.parts import Counting, Part, RowFile
from upheld.lake.runs import Runs
from upheld.lake.slice_file import write_slices
from upheld.lake.spooling import spooled


@dataclass(frozen=True, slots=True)
class Sealed:
    """The lake after sealing, and what is new in it."""

    lake: Lake
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class ToCount:
    """A signal to count in slices, for which components."""

    signal: Signal
    components: frozenset[str]
    slice_us: Duration


def seal(
    paths: Sequence[Path], terms: Sequence[Terms], out: Path
) -> tuple[Sealed | None, tuple[Finding, ...]]:
    """Seals the sound rows of files into the lake at `out`, which is made if it is not there.

    None if there is a lake that is not sound. A batch that was sealed before changes nothing. OSError if a
    file cannot be read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    lake: Lake | None = Lake(out)
    if (out / MANIFEST).exists():
        lake, found = read_lake(out)
        if lake is None or found:
            return None, found
    assert lake is not None
    with TemporaryDirectory(prefix=".sealing-", dir=out) as name:
        home = Path(name)
        spool = spooled(paths, Names(terms, keep_unknown=True), home)
        parts = settle(spool, home, lake.parts, part_rows=1)
        engine = Arrays()
        for part in parts:
            lake = add_part(lake, part, tuple(to_count(terms, part.provider)), engine)
    if parts or not (out / MANIFEST).exists():
        write_manifest(lake)
    rows = sum(sum(file.rows.values()) for part in parts for file in part.files)
    return Sealed(lake, len(parts), rows), in_order(spool.findings)


def to_count(terms: Iterable[Terms], provider: str) -> Iterator[ToCount]:
    """What the agreements of a provider count in slices, each once."""
    found: dict[Counting, ToCount] = {}
    for one in terms:
        if one.provider == provider:
            for signal, components, slice_us in counting_of(one):
                counting = Counting.of(signal, slice_us)
                before = found[counting].components if counting in found else frozenset[str]()
                found[counting] = ToCount(signal, components | before, slice_us)
    yield from (found[counting] for counting in sorted(found))


def add_part(lake: Lake, part: Part, counts: Sequence[ToCount], engine: Engine) -> Lake:
    """The lake with a day of rows more, moved into its folder; the manifest is not yet written."""
    (file,) = part.files
    there = next(
        (day for day in lake.days if (day.provider, day.start_at) == (part.provider, part.start_at)), None
    )
    late = len(there.files) if there else 0
    folder = lake.home / folder_of(part.provider)
    folder.mkdir(exist_ok=True)
    on = f"{format_instant(part.start_at)[:10]}{f'.late-{late}' if late else ''}"
    file = replace(file, path=file.path.replace(folder / f"{on}.parquet"))
    return lake.with_file(part.provider, part.start_at, _counted(file, part, on, counts, engine, bool(late)))


def _counted(
    file: RowFile, part: Part, on: str, counts: Sequence[ToCount], engine: Engine, is_late: bool
) -> SealedFile:
    """The file with its slices and its hashes written beside it."""
    paths: dict[Counting, Path] = {}
    hashes = {}
    for number, one in enumerate(counts, start=1):
        counting = Counting.of(one.signal, one.slice_us)
        path = file.path.with_name(f"{on}.slices-{number}.parquet")
        counted = engine.counts(file, one.signal, one.slice_us)
        if is_late:
            hashes[counting] = write_slices(path, counted)
        else:
            # Whole slices of the day are known to be empty; one that reaches over its ends is the next day's.
            within = (part.start_at // one.slice_us, -(-part.end_at // one.slice_us))
            hashes[counting] = write_slices(path, _about(counted, one.components), within)
        paths[counting] = path
    return write_hashes(file.path.with_name(f"{on}.json"), replace(file, slices=paths), hashes)


def _about(counted: Counted, components: frozenset[str]) -> Counted:
    """The same counts, about these components too."""
    names = tuple(sorted({*counted.names, *components}))
    number = {name: i for i, name in enumerate(names)}
    if not counted.runs.size:
        return Counted(names, counted.runs)
    stream = np.array([number[name] for name in counted.names], np.int64)[counted.runs.stream]
    return Counted(names, Runs(stream, *counted.runs[1:]))
