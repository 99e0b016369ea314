"""Rows of many files brought into one order, each once: what is told twice counts once, or not at all.

DuckDB sorts, beyond memory if it has to; what stands side by side then is compared here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.words import count, plural
from upheld.core.values.finding import Place, Severity
from upheld.lake.arrow import chosen, codes, filled, numbers
from upheld.lake.naming import EVERY
from upheld.lake.rows import CONTENT, ROWS, Told, kinds_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY: Final = "160MB"
SEALED: Final = -1
"""The number of the file of rows that are sealed already."""
WRITTEN: Final = pa.schema([*ROWS, ("file", pa.int32()), ("line", pa.int64())])
_BATCH_ROWS: Final = 1 << 17


def connect(home: Path) -> DuckDBPyConnection:
    """DuckDB, bounded in memory, with a folder for what does not fit, and nothing fetched from elsewhere."""
    import duckdb

    connection = duckdb.connect(config={"temp_directory": str(home / "overflow")})
    connection.execute(
        f"SET memory_limit = '{MEMORY}'; SET threads = 2; SET preserve_insertion_order = false; "
        "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false"
    )
    return connection


def settled(
    connection: DuckDBPyConnection,
    spool: Path,
    provider: str,
    within: tuple[Instant, Instant],
    sealed: Sequence[Path],
    told: Sequence[Told],
) -> Iterator[pa.Table]:
    """The rows of a provider within [start, end), by component, signal, kind and instant, each once.

    Of rows that are equal, differ or overlap as `settled_in_order`; against `sealed` rows only the new ones
    lose.
    """
    names = ", ".join(f'"{name}"' for name in WRITTEN.names)
    query = f"SELECT {names} FROM read_parquet($spool) WHERE provider = $provider AND {_WITHIN}"
    values: dict[str, object] = {
        "spool": str(spool),
        "provider": provider,
        "start": within[0],
        "end": within[1],
    }
    if sealed:
        values |= _reach(connection, values)
        query += (
            f' UNION ALL SELECT {names} FROM (SELECT *, $provider AS provider, {SEALED}::INTEGER AS "file", '
            f'0::BIGINT AS "line" '
            'FROM read_parquet($sealed) WHERE "at" <= $last AND coalesce("until", "at") >= $first '
            f"AND component IN "
            f"(SELECT component FROM read_parquet($spool) WHERE provider = $provider AND {_WITHIN}))"
        )
        values["sealed"] = [str(path) for path in sealed]
    if _is_mixed(connection, query, values):
        query = _of_one_signal(connection, query, values, told)
    query = f'SELECT * FROM ({query}) ORDER BY component, signal, {_KIND}, "at", "file", "line"'
    reader = connection.execute(_written(query, values)).to_arrow_reader(_BATCH_ROWS)
    yield from settled_in_order((pa.Table.from_batches([batch]).cast(WRITTEN) for batch in reader), told)


def settled_in_order(
    tables: Iterable[pa.Table], told: Sequence[Told], stands: str = "sealed"
) -> Iterator[pa.Table]:
    """Rows that come by component, signal, kind and instant, each once.

    Equal rows count once; rows of one component, signal, kind and instant that say different things do not
    count, nor do counts over times that overlap. Of those and rows whose file is `SEALED` (which come first,
    and are not given), only the new ones lose; `stands` says what those are.
    """
    settling = _Settling(told, stands)
    for table in tables:
        if len(table):
            yield from settling.take(table)
    yield from settling.rest()
    settling.tell_repeated()


def _is_mixed(connection: DuckDBPyConnection, query: str, values: dict[str, object]) -> bool:
    """Whether some rows name a signal and others do not."""
    found = connection.execute(_written(f"SELECT min(signal), max(signal) FROM ({query})", values)).fetchone()
    return found is not None and found[0] == EVERY != found[1]


def _of_one_signal(
    connection: DuckDBPyConnection, query: str, values: dict[str, object], told: Sequence[Told]
) -> str:
    """The query without rows that would count twice: for every signal, and for one that another row names.

    The row for every signal does not count; of a row that is sealed the other one does not.
    """
    kind = _KIND.replace('"total"', '{0}."total"').replace('"state"', '{0}."state"')
    twice = (
        f"SELECT 1 FROM ({query}) AS other WHERE other.component = one.component "
        f'AND other."at" = one."at" AND ({kind.format("other")}) = ({kind.format("one")}) '
        f"AND (other.signal = '{EVERY}') <> (one.signal = '{EVERY}') "
        f"AND (one.signal = '{EVERY}' OR other.\"file\" = {SEALED})"
    )
    is_lost = f'one."file" <> {SEALED} AND EXISTS ({twice})'
    counted = (
        f'SELECT "file", min("line"), count(*) FROM ({query}) AS one WHERE {is_lost} GROUP BY 1 ORDER BY 1'
    )
    lost = connection.execute(_written(counted, values)).fetchall()
    for file, line, rows in lost:
        message = (
            f"{count(rows, 'row')} of one instant and component with another, of which only one names its "
            f"signal: {plural(rows, 'it does', 'they do')} not count"
        )
        way_out = "name the signal in both, or in neither: a row without one is for every signal of its kind"
        place = Place(told[file].file, line)
        told[file].say("conflicting-rows", message, place, way_out=way_out)
    return f"SELECT * FROM ({query}) AS one WHERE NOT ({is_lost})" if lost else query


def _reach(connection: DuckDBPyConnection, values: dict[str, object]) -> dict[str, object]:
    """From when to when the new rows reach; sealed rows elsewhere are neither told again nor overlapped."""
    query = (
        'SELECT min("at"), max(coalesce("until", "at")) FROM read_parquet($spool) '
        f"WHERE provider = $provider AND {_WITHIN}"
    )
    found = connection.execute(_written(query, values)).fetchone()
    assert found is not None
    return {"first": found[0], "last": found[1]}


def _written(query: str, values: Mapping[str, object]) -> str:
    """A query with its values written into it: a value given beside it loads pandas where it is installed."""
    return _NAMED.sub(lambda found: _literal(values[found[1]]), query)


def _literal(value: object) -> str:
    """A number, text or list as SQL writes it; in a text of SQL only the quote means anything."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


_NAMED: Final = re.compile(r"\$(\w+)")
_KIND: Final = 'CASE WHEN "total" IS NOT NULL THEN 1 WHEN "state" IS NOT NULL THEN 2 ELSE 0 END'
"""As `kinds_of`: a check, a count and a state of one instant say nothing against each other."""
_WITHIN: Final = '"at" >= $start AND "at" < $end'


class _Settling:
    """Rows in order, looked at in pieces. The last key is held back: what follows may belong to it."""

    def __init__(self, told: Sequence[Told], stands: str) -> None:
        self.told = told
        self.stands = stands
        self.held: pa.Table | None = None
        self.stream: tuple[object, ...] | None = None
        self.until = -1
        self.repeated: Counter[tuple[int, bool]] = Counter()
        self.first_repeated: dict[tuple[int, bool], int] = {}

    def take(self, table: pa.Table) -> Iterator[pa.Table]:
        """What is settled now that these rows are known."""
        if self.held is not None:
            table = pa.concat_tables([self.held, table])
        edges = self._edges(table)
        cut = int(edges[-1])
        self.held = table.slice(cut).combine_chunks()
        if cut:
            yield from self._settle(table.slice(0, cut).combine_chunks(), edges[:-1], table.slice(cut, 1))

    def rest(self) -> Iterator[pa.Table]:
        """The last rows."""
        if self.held is not None and len(self.held):
            yield from self._settle(self.held, self._edges(self.held), self.held.slice(0, 0))

    def tell_repeated(self) -> None:
        """Says of each file how many of its rows had been there before: sealed, or in one of the files."""
        for (file, is_sealed), rows in sorted(self.repeated.items()):
            told, place = self.told[file], Place(self.told[file].file, self.first_repeated[file, is_sealed])
            where = self.stands if is_sealed else "there"
            message = f"{count(rows, 'row was', 'rows were')} {where} before, and each counts once"
            severity: Severity = "note" if is_sealed else "warning"
            way_out = "nothing is lost; give every row once, if a file was written or named twice"
            told.say("duplicate-row", message, place, way_out=way_out, severity=severity)

    def _edges(self, table: pa.Table) -> Any:
        """Where each key begins."""
        at = numbers(table["at"])
        new = np.ones(len(at), bool)
        new[1:] = at[1:] != at[:-1]
        for code in _streams(table):
            new[1:] |= code[1:] != code[:-1]
        return np.flatnonzero(new)

    def _settle(self, table: pa.Table, edges: Any, following: pa.Table) -> Iterator[pa.Table]:
        keep = np.zeros(len(table), bool)
        keep[edges] = True
        file, line = numbers(table["file"]), numbers(table["line"])
        sizes = np.diff(edges, append=len(table))
        for start, size in zip(edges[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
            self._repeated(table, start, size, keep, file, line)
        self._overlaps(table, keep, file, line, following)
        keep &= file != SEALED
        if keep.all():
            yield table.select(ROWS.names)
        elif keep.any():
            yield table.select(ROWS.names).take(chosen(keep))

    def _repeated(self, table: pa.Table, start: int, size: int, keep: Any, file: Any, line: Any) -> None:
        rows = table.slice(start, size).select(CONTENT).to_pylist()
        if all(row == rows[0] for row in rows):
            for i in range(start + 1, start + size):
                of = int(file[i]), bool(file[start] == SEALED)
                self.repeated[of] += 1
                self.first_repeated.setdefault(of, int(line[i]))
            return
        is_sealed = file[start] == SEALED
        keep[start] = is_sealed
        key = table.slice(start, 1).select(["component", "signal", "at"]).to_pylist()[0]
        signal = f" ({key['signal']})" if key["signal"] else ""
        what = f"`{key['component']}`{signal} at {format_instant(key['at'])}"
        other = f"what is {self.stands} says otherwise" if is_sealed else "two rows say different things"
        wrong = [i for i in range(start, start + size) if rows[i - start] != rows[0]] if is_sealed else []
        places = [self._place(file[i], line[i]) for i in (wrong or range(start, start + size))]
        self.told[int(file[(wrong or [start])[0]])].say(
            "conflicting-rows",
            f"{other} of {what}",
            *places[:2],
            way_out=(
                f"what is {self.stands} stays, so leave this row out; bad time that is not to count "
                "needs an exclusion, as by `attribution`"
                if is_sealed
                else "keep the one that is right; neither counts"
            ),
        )

    def _place(self, file: int, line: int) -> Place:
        return Place(self.told[int(file)].file, int(line))

    def _overlaps(self, table: pa.Table, keep: Any, file: Any, line: Any, following: pa.Table) -> None:
        """Leaves out counts over times that overlap."""
        until = filled(table["until"], -1)
        if not keep.any() or (self.until < 0 and (until < 0).all()):
            return
        chosen = np.flatnonzero(keep)
        stream = np.zeros(len(table), np.int64)
        for code in _streams(table):
            stream[1:] += np.cumsum(code[1:] != code[:-1])
        at = numbers(table["at"])
        reach = self.until if self._key(table, 0) == self.stream else -1
        self.stream = self._key(table, len(table) - 1)
        next_at = -1
        if len(following) and self._key(following, 0) == self.stream and following["until"][0].is_valid:
            next_at = following["at"][0].as_py()
        one, other = chosen[:-1], chosen[1:]
        clash = (stream[one] == stream[other]) & (at[other] < until[one]) & (until[other] >= 0)
        if not clash.any() and at[chosen[0]] >= reach and (next_at < 0 or next_at >= until[chosen[-1]]):
            self.until = int(until[chosen[-1]])  # as it nearly always is
            return
        overlapping, self.until = _overlapping(chosen, stream, at, until, reach, next_at)
        for i in overlapping:
            if file[i] != SEALED:
                keep[i] = False
                self.told[int(file[i])].say(
                    "overlapping-counts",
                    "this count is over a time that another count of the same signal covers too",
                    self._place(file[i], line[i]),
                    way_out="count every moment once; none of those that overlap counts",
                )

    def _key(self, table: pa.Table, row: int) -> tuple[object, ...]:
        kind = int(kinds_of(table.slice(row, 1))[0])
        return table["component"][row].as_py(), table["signal"][row].as_py(), kind


def _streams(table: pa.Table) -> list[Any]:
    """By what rows are told apart before their instant: component, signal and kind, each as numbers."""
    return [codes(table["component"])[0], codes(table["signal"])[0], kinds_of(table)]


def _overlapping(
    chosen: Any, stream: Any, at: Any, until: Any, reach: int, next_at: int
) -> tuple[list[int], int]:
    """The rows that overlap another, and how far the last stream reaches."""
    found: set[int] = set()
    furthest, last = -1, stream[0]
    for i in chosen.tolist():
        if stream[i] != last:
            reach, furthest, last = -1, -1, stream[i]
        if at[i] < reach and until[i] >= 0:
            found |= {i, furthest} - {-1}
        if until[i] > reach:
            reach, furthest = int(until[i]), i
    if 0 <= next_at < reach and furthest >= 0:
        found.add(furthest)
    return sorted(found), reach
