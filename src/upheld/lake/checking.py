"""What every row must be, wherever it comes from: rows that are not are told and left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from upheld.core.timeline.instant import format_duration
from upheld.core.timeline.words import count
from upheld.core.values.finding import EnoughError, Place
from upheld.lake.arrow import chosen, codes, column_of, constant, filled, in_one_piece, integers, numbers
from upheld.lake.naming import KINDS, Named, Names, Unnamed
from upheld.lake.rows import FIELDS, FIRST_AT, GREATEST, LAST_AT, ROWS, TEXT_LENGTH, TEXTS, Chunk, Told
from upheld.lake.telling import Telling

_KIND_BITS: Final[dict[str, int]] = {kind: 1 << i for i, kind in enumerate(KINDS)}


def checked(chunks: Iterator[Chunk], names: Names, told: Told) -> Iterator[tuple[pa.Table, pa.Array]]:
    """The sound rows of a file, with provider and signal, and which rows of the file they are."""
    naming, telling = _Naming(names, told), Telling(names, told)
    for chunk in chunks:
        sound = np.ones(len(chunk.rows), bool)
        kinds = _Checks(chunk, sound, told).run()
        named = naming.name(chunk, kinds, sound)
        telling.look(named, chunk, sound)
        if sound.all():
            yield named, chunk.lines
        elif sound.any():
            kept = chosen(sound)
            yield named.take(kept), chunk.lines.take(kept)
    naming.tell()
    telling.tell()


class _Checks:
    """The checks of one chunk. A row is told of by the first that it does not pass."""

    def __init__(self, chunk: Chunk, sound: Any, told: Told) -> None:
        self.chunk, self.sound, self.told = chunk, sound, told

    def column(self, name: str) -> Any:
        return in_one_piece(self.chunk.rows.column(name))

    def refuse(self, wrong: Any, code: str, column: str, message: str, way_out: str = "") -> None:
        """Tells every sound row that is wrong."""
        if isinstance(wrong, pa.ChunkedArray | pa.Array):
            if not pc.any(wrong).as_py():
                return
            wrong = numbers(pc.fill_null(wrong, constant(False, pa.bool_())))
        for row in np.flatnonzero(wrong & self.sound).tolist():
            self.sound[row] = False
            place = self.chunk.place(row, column)
            self.told.say(code, message, place, way_out=way_out, column=column)

    def run(self) -> Any:
        """Which kind each row is of, as a number in `KINDS`."""
        for name in TEXTS:
            self._text(name)
        self.refuse(pc.is_null(self.column("at")), "missing-time", "at", "`at` is missing")
        self.refuse(
            pc.is_null(self.column("component")), "missing-component", "component", "`component` is missing"
        )
        for name in ("at", "until"):
            self._time(name)
        for name in ("status", "latency", "good", "total"):
            self._number(name)
        bits = np.zeros(len(self.sound), np.int8)
        for kind, names in FIELDS.items():
            there = np.zeros(len(self.sound), bool)
            for name in names:
                column = self.column(name)
                if column.null_count < len(column):
                    there |= numbers(pc.is_valid(column)) if column.null_count else True
            bits[there] |= _KIND_BITS[kind]
        self.refuse(
            bits == 0,
            "nothing-observed",
            "at",
            "the row says nothing of what was observed",
            "give ok, status, latency or code; or until, good and total; or state",
        )
        self.refuse(
            (bits & (bits - 1)) != 0,
            "mixed-kinds",
            "at",
            "the row mixes the columns of checks, counts and states",
            "write them as rows of their own",
        )
        self._counts(bits == _KIND_BITS["counts"])
        return np.where(bits == 2, 1, np.where(bits == 4, 2, 0))

    def _text(self, name: str) -> None:
        column = self.column(name)
        if column.null_count == len(column):
            return
        self.refuse(
            pc.greater(pc.utf8_length(column), constant(TEXT_LENGTH, pa.int32())),
            "text-too-long",
            name,
            f"`{name}` is longer than {TEXT_LENGTH} characters",
        )
        self.refuse(
            pc.match_substring(column, "\0"), "bad-text", name, f"there is a NUL character in `{name}`"
        )

    def _time(self, name: str) -> None:
        column = self.column(name)
        if column.null_count < len(column):
            wrong = pc.or_(
                pc.less(column, constant(FIRST_AT, pa.int64())),
                pc.greater_equal(column, constant(LAST_AT, pa.int64())),
            )
            self.refuse(
                wrong,
                "bad-time",
                name,
                f"`{name}` is outside the years 1973 to 2199",
                "a number is in microseconds since 1970-01-01T00:00:00Z: not in seconds or milliseconds",
            )

    def _number(self, name: str) -> None:
        column = self.column(name)
        if column.null_count < len(column):
            self.refuse(
                pc.less(column, constant(0, pa.int64())), "negative-number", name, f"`{name}` is negative"
            )
            self.refuse(
                pc.greater(column, constant(GREATEST, pa.int64())),
                "bad-number",
                name,
                f"`{name}` is beyond {GREATEST:,}",
            )

    def _counts(self, counts: Any) -> None:
        if not counts.any():
            return
        for name in ("until", "good", "total"):
            missing = numbers(pc.is_null(self.column(name)))
            self.refuse(missing & counts, f"missing-{name}", name, f"a count has no `{name}`")
        at, until, good, total = (self.column(name) for name in ("at", "until", "good", "total"))
        self.refuse(
            pc.less_equal(until, at),
            "clock-backwards",
            "until",
            "the counted time ends before it begins",
            "`until` is after `at`",
        )
        self.refuse(
            pc.greater(good, total),
            "good-above-total",
            "good",
            "more are good than there are in all",
        )


class _Naming:
    """Whose the rows of a file are. What nobody knows is told once, with how many rows it costs."""

    def __init__(self, names: Names, told: Told) -> None:
        self.names, self.told = names, told
        self.met: dict[tuple[str, str], tuple[Unnamed, Place, int]] = {}

    def name(self, chunk: Chunk, kinds: Any, sound: Any) -> pa.Table:
        """The rows with their provider and signal; each different saying is looked up once."""
        said = [codes(chunk.rows.column(name)) for name in ("provider", "component", "signal")]
        (p, providers), (c, components), (s, signals) = said
        key = ((p.astype(np.int64) * len(components) + c) * len(signals) + s) * len(KINDS) + kinds
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        found: list[Named | None] = []
        unnamed: dict[int, Unnamed] = {}
        errors = 0
        for i, row in enumerate(first.tolist()):
            component = components[c[row]]
            named = None
            if component is not None:
                kind = KINDS[kinds[row]]
                named = self.names.name(providers[p[row]], component, signals[s[row]], kind)
                if isinstance(named, Unnamed):
                    unnamed[i] = named
                    errors += named.severity == "error"
                    if self.told.most is not None and errors > self.told.most:
                        self._meet(unnamed, chunk, inverse, sound)
                        self.tell()
                        raise EnoughError
                elif kind == "counts":
                    self._fit(named, component, chunk, (inverse == i) & sound, sound)
            found.append(named if isinstance(named, Named) else None)
        if unnamed:
            self._meet(unnamed, chunk, inverse, sound)
        columns = {name: chunk.rows.column(name) for name in ROWS.names}
        for name in Named._fields:
            texts = column_of([getattr(one, name) if one else None for one in found], pa.string())
            columns[name] = texts.take(integers(inverse))
        return pa.Table.from_arrays([columns[name] for name in ROWS.names], schema=ROWS)

    def _meet(self, unnamed: Mapping[int, Unnamed], chunk: Chunk, said: Any, sound: Any) -> None:
        """Rows that nobody knows are sound no more; `said` numbers what each row says."""
        rows = np.flatnonzero(sound)
        counts = np.bincount(said[rows], minlength=int(said.max()) + 1)
        first = np.zeros(len(counts), np.int64)
        first[said[rows[::-1]]] = rows[::-1]
        for i, one in unnamed.items():
            if counts[i]:
                place = chunk.place(int(first[i]), one.column)
                _, place, before = self.met.get((one.code, one.message), (one, place, 0))
                self.met[one.code, one.message] = one, place, before + int(counts[i])
        gone = np.zeros(len(counts), bool)
        gone[list(unnamed)] = True
        sound &= ~gone[said]

    def _fit(self, named: Named, component: str, chunk: Chunk, mine: Any, sound: Any) -> None:
        """Refuses counts that reach over the end of a slice: nobody can say how much of them is of which."""
        for slice_us in sorted(self.names.grids.get((named.provider, component, named.signal), ())):
            at, until = (filled(chunk.rows[name], 0) for name in ("at", "until"))
            over = mine & sound & (until > (at // slice_us + 1) * slice_us)
            for row in np.flatnonzero(over).tolist():
                sound[row] = False
                self.told.say(
                    "count-over-slices",
                    f"the counted time reaches over the end of a slice of {format_duration(slice_us)}",
                    chunk.place(row, "until"),
                    way_out="count within slices: their ends are whole multiples since 1970-01-01T00:00:00Z",
                )

    def tell(self) -> None:
        """What nobody knows."""
        for unnamed, place, rows in self.met.values():
            message = f"{unnamed.message} ({count(rows, 'row')})"
            self.told.say(unnamed.code, message, place, way_out=unnamed.way_out, severity=unnamed.severity)
