"""Files of observations and sealed lakes, opened as the observations of a book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, format_instant
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import dataclass
from upheld.lake.answers import Answers
from upheld.lake.arrays import Arrays
from upheld.lake.arrow import integers, numbers
from upheld.lake.checking import checked
from upheld.lake.engine import Engine
from upheld.lake.manifest import read_lake
from upheld.lake.naming import Names
from upheld.lake.parquet_rows import read_parquet
from upheld.lake.parts import Part, write_rows
from upheld.lake.rows import Chunk, Told
from upheld.lake.settling import WRITTEN, connect, settled
from upheld.lake.text_rows import read_csv, read_jsonl

READERS: Final[Mapping[str, Callable[[Path, Told], Iterator[Chunk]]]] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
}
PART_ROWS: Final = 4_000_000
"""Days are taken together up to so many rows. A day is never divided."""


@dataclass(frozen=True, slots=True)
class Spool:
    """The sound rows of all files in one file, not in order, and what was told of each file."""

    path: Path
    told: tuple[Told, ...]
    days: Mapping[str, Mapping[int, int]]
    """How many rows each provider has on each day, counted from the epoch."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files."""
        return in_order(finding for told in self.told for finding in told.all)


def spooled(paths: Iterable[Path], names: Names, home: Path) -> Spool:
    """Reads every file once, a chunk at a time. OSError if one cannot be opened."""
    told: list[Told] = []
    days: dict[str, dict[int, int]] = {}
    path = home / "spool.parquet"
    with pq.ParquetWriter(path, WRITTEN, compression="snappy") as writer:
        for number, source in enumerate(paths):
            told.append(Told(str(source)))
            for rows, lines in checked(READERS[source.suffix](source, told[-1]), names, told[-1]):
                file = integers(np.full(len(rows), number)).cast(pa.int32())
                writer.write_table(rows.append_column("file", file).append_column("line", lines))
                _count_days(rows, days)
    return Spool(path, tuple(told), days)


def _count_days(rows: pa.Table, days: dict[str, dict[int, int]]) -> None:
    counted = (
        pa.Table.from_arrays(
            [rows["provider"], integers(numbers(rows["at"]) // DAY)], names=["provider", "day"]
        )
        .group_by(["provider", "day"])
        .aggregate([([], "count_all")])
    )
    for row in counted.to_pylist():
        of_provider = days.setdefault(row["provider"], {})
        of_provider[row["day"]] = of_provider.get(row["day"], 0) + row["count_all"]


def open_observations(
    paths: Sequence[Path],
    terms: Sequence[Terms],
    engine: Callable[[], Engine] = Arrays,
    meanwhile: list[Finding] | None = None,
) -> tuple[Observations, tuple[Finding, ...]]:
    """The observations in these files and lakes, and what is wrong with them. OSError if one cannot be read.

    What has an error is left out, row by row. Files are brought into order in a temporary folder, which goes
    with the observations. What shows to be wrong with a file only when a question needs it goes to
    `meanwhile`.
    """
    lakes = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    parts: list[Part] = []
    findings: list[Finding] = []
    for path in lakes:
        lake, found = read_lake(path)
        findings += found
        if lake is not None:
            parts += _apart(lake.parts, parts, path, findings)
    home = Path(mkdtemp(prefix="upheld-"))
    if files:
        names = Names(terms)
        spool = spooled(files, names, home)
        parts += settle(spool, home, parts)
        findings += spool.findings
    answers = Answers(parts, engine, meanwhile)
    finalize(answers, rmtree, home, ignore_errors=True)
    return answers if parts else NO_OBSERVATIONS, in_order(findings)


def _apart(parts: Sequence[Part], others: Sequence[Part], lake: Path, findings: list[Finding]) -> list[Part]:
    """The days of a lake that no other one has: their rows could be the same."""
    held = {(part.provider, part.start_at) for part in others}
    twice = [part for part in parts if (part.provider, part.start_at) in held]
    if twice:
        day = format_instant(twice[0].start_at)[:10]
        message = f"another lake has days of {twice[0].provider} too, from {day} on; these do not count"
        findings.append(Finding("overlapping-lakes", message, (Place(str(lake)),), "give one of the two"))
    return [part for part in parts if part not in twice]


def settle(spool: Spool, home: Path, sealed: Sequence[Part], part_rows: int = PART_ROWS) -> list[Part]:
    """The rows of a spool as parts in `home`; those that `sealed` parts hold already are not among them."""
    parts: list[Part] = []
    if not spool.days:
        return parts
    connection = connect(home)
    for number, (provider, days) in enumerate(sorted(spool.days.items())):
        for first, end in _stretches(days, part_rows):
            within = (first * DAY, end * DAY)
            there = [
                file.path
                for part in sealed
                if part.provider == provider and part.start_at < within[1] and part.end_at > within[0]
                for file in part.files
            ]
            rows = settled(connection, spool.path, provider, within, there, spool.told)
            file = write_rows(home / f"{number}-{first}.parquet", rows)
            if file is not None:
                parts.append(Part(provider, *within, (file,)))
    connection.close()
    spool.path.unlink()
    return parts


def _stretches(days: Mapping[int, int], most: int) -> Iterator[tuple[int, int]]:
    """Days taken together: first and end, with at most so many rows, or one day."""
    first = end = rows = 0
    for day in sorted(days):
        if rows and rows + days[day] > most:
            yield first, end
            rows = 0
        first = day if not rows else first
        end, rows = day + 1, rows + days[day]
    if rows:
        yield first, end
