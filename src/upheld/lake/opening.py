"""Files of observations and sealed lakes, opened as the observations of a book."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final
from weakref import finalize

import pyarrow as pa
import pyarrow.parquet as pq

from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, format_instant
from upheld.core.values.finding import Finding, Place, in_order
from upheld.lake.ahead import ahead
from upheld.lake.answers import Answers
from upheld.lake.arrays import Arrays
from upheld.lake.engine import Engine
from upheld.lake.manifest import read_lake
from upheld.lake.naming import Names
from upheld.lake.parts import Part, write_rows
from upheld.lake.settling import connect, settled, settled_in_order
from upheld.lake.spooling import Spool, in_order_of, spooled

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PART_ROWS: Final = 4_000_000
"""Days are taken together up to so many rows. A day is never divided."""


def open_observations(
    paths: Sequence[Path],
    terms: Sequence[Terms],
    engine: Callable[[], Engine] = Arrays,
    meanwhile: list[Finding] | None = None,
    providers: Collection[str] | None = None,
) -> tuple[Observations, tuple[Finding, ...]]:
    """The observations in these files and lakes, and what is wrong with them. OSError if one cannot be read.

    Of some `providers` only, where they are named: a file that says to be of others is not looked into.
    What has an error is left out, row by row. Files are brought into order in a temporary folder, which goes
    with the observations. What shows to be wrong with a file only when a question needs it goes to
    `meanwhile`.
    """
    lakes = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir() and not _is_of_others(path, providers)]
    parts: list[Part] = []
    findings: list[Finding] = []
    for path in lakes:
        lake, found = read_lake(path)
        findings += found
        if lake is not None:
            mine = [part for part in lake.parts if providers is None or part.provider in providers]
            parts += _apart(mine, parts, path, findings)
    home = Path(mkdtemp(prefix="upheld-"))
    if files:
        names = Names(terms)
        spool = spooled(files, names, home, providers)
        parts += settle(spool, home, parts)
        findings += spool.findings
    answers = Answers(parts, engine, meanwhile)
    finalize(answers, rmtree, home, ignore_errors=True)
    return answers if parts else NO_OBSERVATIONS, in_order(findings)


def _is_of_others(path: Path, providers: Collection[str] | None) -> bool:
    """Whether a file says in its own statistics that every row is of a provider that is not asked for."""
    if providers is None or path.suffix != ".parquet":
        return False
    try:
        told = pq.read_metadata(path)
    except (pa.ArrowException, OSError, EOFError):
        return False  # what is wrong with it is told when it is read
    for i in range(told.num_row_groups):
        columns = (told.row_group(i).column(j) for j in range(told.num_columns))
        named = next((one.statistics for one in columns if one.path_in_schema == "provider"), None)
        if named is None or not named.has_min_max or not named.has_null_count or named.null_count:
            return False
        if named.min != named.max or str(named.min) in providers:
            return False
    return bool(told.num_row_groups)


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
    connection: DuckDBPyConnection | None = None
    for number, (provider, days) in enumerate(sorted(spool.days.items())):
        stretches = list(_stretches(days, part_rows))
        for first, end in stretches:
            within = (first * DAY, end * DAY)
            there = [
                file.path
                for part in sealed
                if part.provider == provider and part.start_at < within[1] and part.end_at > within[0]
                for file in part.files
            ]
            if provider in spool.ordered and len(stretches) == 1 and not there:
                rows = settled_in_order(in_order_of(spool, provider), spool.told)
            else:
                connection = connection or connect(home)
                rows = settled(connection, spool.path, provider, within, there, spool.told)
            file = write_rows(home / f"{number}-{first}.parquet", ahead(rows))
            if file is not None:
                parts.append(Part(provider, *within, (file,)))
    if connection is not None:
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
