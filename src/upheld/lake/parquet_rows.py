"""Observations in Parquet: a batch at a time, whole columns at once, each brought to its one type.

A value that a column's type allows but an observation does not costs its row; a wrong type costs the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from upheld.core.timeline.instant import parse_duration, parse_instant
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass
from upheld.lake.arrow import column_of, constant, filled, integers, strings
from upheld.lake.rows import CHUNK_ROWS, ROWS, Chunk, Told
from upheld.lake.text_rows import are_good_columns

_EMPTY: Final = constant("", pa.string())
_NO_TEXT: Final = constant(None, pa.string())
_BROKEN: Final = (pa.ArrowException, OSError, EOFError)


def read_parquet(path: Path, told: Told) -> Iterator[Chunk]:
    """The rows of a Parquet file, in chunks. OSError if it cannot be opened; a broken one is a finding."""
    path.open("rb").close()
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except _BROKEN as fault:
        told.say("bad-parquet", f"this is no whole Parquet file: {_plain(fault)}", way_out="copy it again")
        return
    with file:
        names = tuple(file.schema_arrow.names)
        place = _place(told.file, names, 0)
        if not are_good_columns(names, told, lambda i: place(0, names[i] if names else "")):
            return
        readers = _readers(file.schema_arrow, told, place)
        if len(readers) == len(names):
            yield from _chunks(file, told, readers)


def _plain(fault: BaseException) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0][:200]


def _place(file: str, names: tuple[str, ...], first: int) -> Callable[[int, str], Place]:
    """Line and column are the numbers of the row and of the column."""
    number = {name: i for i, name in enumerate(names, start=1)}
    number["latency"] = number.get("latency_us") or number.get("latency_ms") or 1
    return lambda row, column: Place(file, first + row + 1, number.get(column, 1))


# -- columns -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a column gets its type: `whole` all at once, or else `one` of its `values` after another."""

    into: str
    type: pa.DataType
    code: str
    whole: Callable[[Any], Any]
    one: Callable[[Any], Any]
    values: Callable[[Any], list[Any]] = lambda column: column.to_pylist()

    def read(self, column: Any, sound: Any, say: Callable[[int, str], None]) -> Any:
        """The column; a value that cannot be read makes its row unsound."""
        try:
            return self.whole(column)
        except (pa.ArrowException, ValueError):
            found: list[object] = []
            for row, value in enumerate(self.values(column)):
                try:
                    found.append(None if value is None else self.one(value))
                except ValueError as fault:
                    sound[row] = False
                    found.append(None)
                    say(row, str(fault))
            return column_of(found, self.type)


def _readers(schema: pa.Schema, told: Told, place: Callable[[int, str], Place]) -> dict[str, _Reader]:
    """How each column is read; a column of a type that it cannot have is a finding and has none."""
    readers: dict[str, _Reader] = {}
    for field in schema:
        found = _MAKERS[field.name](field.name, field.type)
        if isinstance(found, _Reader):
            readers[field.name] = found
        else:
            message = f"column `{field.name}` has type {field.type}, {found}"
            told.say("wrong-type", message, place(0, field.name), way_out=_WAYS_OUT[_MAKERS[field.name]])
    return readers


def _instant_reader(name: str, type_: pa.DataType) -> _Reader | str:
    if pa.types.is_timestamp(type_):
        if type_.tz is None:
            return "which has no offset from UTC, so it names no instant"
        return _counted(name, type_, pa.timestamp("us", "UTC"))
    if _is_text(type_):
        return _Reader(name, pa.int64(), "bad-time", lambda c: _by_text(c, _instant_in), _instant_in)
    return _integer_reader(name, type_, "bad-time")


def _counted(name: str, type_: Any, us: pa.DataType) -> _Reader:
    """What is counted in a unit; value by value it is read by its number: datetimes have no nanoseconds."""
    in_us = Fraction(1_000_000, {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[type_.unit])

    def one(value: int) -> int:
        exact = value * in_us
        if exact.denominator != 1:
            raise ValueError(f"{value} {type_.unit} is finer than a microsecond")
        if abs(exact) >= 1 << 63:
            raise ValueError(f"{value} {type_.unit} is beyond the years")
        return int(exact)

    def whole(column: Any) -> Any:
        return column.cast(us).cast(pa.int64())

    return _Reader(
        name, pa.int64(), "bad-time", whole, one, lambda column: column.cast(pa.int64()).to_pylist()
    )


def _instant_in(text: str) -> int:
    return parse_instant(text)


def _length_reader(name: str, type_: pa.DataType) -> _Reader | str:
    if pa.types.is_duration(type_):
        return _counted(name, type_, pa.duration("us"))
    if _is_text(type_):
        return _Reader(name, pa.int64(), "bad-time", lambda c: _by_text(c, parse_duration), parse_duration)
    return "which is no length of time"


def _integer_reader(name: str, type_: pa.DataType, code: str = "bad-number") -> _Reader | str:
    into = "latency" if name == "latency_us" else name
    if pa.types.is_integer(type_) or pa.types.is_null(type_):
        return _Reader(into, pa.int64(), code, lambda c: c.cast(pa.int64()), _whole)
    if pa.types.is_floating(type_):  # what pandas makes of whole numbers where some are missing
        return _Reader(into, pa.int64(), code, lambda c: _numbers(c).cast(pa.int64()), _whole)
    return "which is not one of whole numbers"


def _whole(value: float) -> int | None:
    if value != value:
        return None
    if value in (float("inf"), float("-inf")) or int(value) != value or abs(value) >= 1 << 63:
        raise ValueError(f"{value} is not a whole number that can be kept")
    return int(value)


def _numbers(column: Any) -> Any:
    return pc.if_else(pc.is_nan(column), constant(None, column.type), column)


def _milliseconds_reader(name: str, type_: pa.DataType) -> _Reader | str:
    if not (pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)):
        return "which is not a number"
    return _Reader("latency", pa.int64(), "bad-number", _microseconds, _microsecond)


def _microseconds(column: Any) -> Any:
    if pa.types.is_integer(column.type):
        return pc.multiply_checked(column.cast(pa.int64()), constant(1000, pa.int64()))
    if pa.types.is_decimal(column.type):
        raise ValueError("decimals are read one by one")
    scaled = pc.multiply(_numbers(column.cast(pa.float64())), constant(1000.0, pa.float64()))
    rounded = pc.round(scaled)
    apart = pc.abs(pc.subtract(scaled, rounded))
    if pc.any(pc.greater(apart, constant(1e-3, pa.float64()))).as_py():
        raise ValueError("some are finer than a microsecond")
    return rounded.cast(pa.int64())


def _microsecond(value: Any) -> int | None:
    if value != value:
        return None
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{value} is no latency")
    exact = Fraction(value) * 1000
    found = round(exact)
    # A double is never exactly 12.345; what is meant is the microsecond beside it.
    if abs(exact - found) > (Fraction(1, 1000) if isinstance(value, float) else 0) or abs(found) >= 1 << 63:
        raise ValueError(f"{value} is finer than a microsecond; round it before, so that it is known how")
    return found


def _truth_reader(name: str, type_: pa.DataType) -> _Reader | str:
    if not (pa.types.is_boolean(type_) or pa.types.is_null(type_)):
        return "which is not true or false"
    return _Reader(name, pa.bool_(), "bad-truth", lambda c: c.cast(pa.bool_()), bool)


def _text_reader(name: str, type_: pa.DataType) -> _Reader | str:
    if not (_is_text(type_) or pa.types.is_null(type_)):
        return "which is not text"
    return _Reader(name, pa.string(), "bad-text", _texts, str)


def _texts(column: Any) -> Any:
    found = strings(column)
    found.validate(full=True)  # text that is not UTF-8
    return pc.if_else(pc.equal(found, _EMPTY), _NO_TEXT, found)


def _is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return type_ in (pa.string(), pa.large_string(), pa.string_view())


def _by_text(column: Any, read: Callable[[str], int]) -> Any:
    """Each different text read once."""
    coded = strings(column).dictionary_encode()
    values = column_of([read(text) for text in coded.dictionary.to_pylist()], pa.int64())
    return values.take(coded.indices)


_MAKERS: Final[dict[str, Callable[[str, pa.DataType], _Reader | str]]] = {
    "at": _instant_reader,
    "until": _instant_reader,
    "for": _length_reader,
    "ok": _truth_reader,
    "latency_ms": _milliseconds_reader,
    **dict.fromkeys(("latency_us", "status", "good", "total"), _integer_reader),
    **dict.fromkeys(("component", "signal", "provider", "code", "state"), _text_reader),
}
_WAYS_OUT: Final[dict[Callable[[str, pa.DataType], _Reader | str], str]] = {
    _instant_reader: "store timestamps with their zone, RFC 3339 texts, or microseconds since the epoch",
    _length_reader: "store durations, or texts such as 1m",
    _truth_reader: "store booleans",
    _milliseconds_reader: "store numbers",
    _integer_reader: "store whole numbers",
    _text_reader: "store strings",
}


# -- rows --------------------------------------------------------------------------------------------------


def _chunks(file: pq.ParquetFile, told: Told, readers: dict[str, _Reader]) -> Iterator[Chunk]:
    order = _Order(_sorted_by(file), told)
    batches = file.iter_batches(batch_size=CHUNK_ROWS, use_threads=False)
    first = 0
    while True:
        try:
            batch = next(batches, None)
        except _BROKEN as fault:
            message = f"the rows from number {first + 1:,} on cannot be read: {_plain(fault)}"
            told.say("bad-parquet", message, Place(told.file, first + 1), way_out="copy it again")
            return
        if batch is None:
            return
        place = _place(told.file, tuple(readers), first)
        sound = np.ones(len(batch), bool)
        columns = _columns(batch, readers, sound, told, place)
        order.look_at(columns, sound, place)
        rows = pa.Table.from_arrays([columns[name] for name in ROWS.names], schema=ROWS)
        lines = integers(np.arange(first + 1, first + 1 + len(batch)))
        first += len(batch)
        if sound.all():
            yield Chunk(rows, lines, place)
        else:
            kept = np.flatnonzero(sound)
            at = kept.tolist()
            yield Chunk(
                rows.take(integers(kept)),
                lines.take(integers(kept)),
                lambda row, column, at=at, place=place: place(at[row], column),  # type: ignore[misc]
            )


def _columns(
    batch: Any, readers: dict[str, _Reader], sound: Any, told: Told, place: Callable[[int, str], Place]
) -> dict[str, Any]:
    columns = {field.name: pa.nulls(len(batch), field.type) for field in ROWS}
    lasts = None
    for name, reader in readers.items():

        def say(row: int, message: str, name: str = name, code: str = reader.code) -> None:
            told.say(code, f"`{name}`: {message}", place(row, name), column=name)

        found = reader.read(batch.column(name), sound, say)
        if name == "for":
            lasts = found
        elif name.startswith("latency"):
            columns["latency"] = pc.coalesce(columns["latency"], found)
        else:
            columns[reader.into] = found
    if lasts is not None:
        columns["until"] = pc.coalesce(columns["until"], pc.add(columns["at"], lasts))
    return columns


def _sorted_by(file: pq.ParquetFile) -> tuple[str, ...]:
    """By which columns up to `at` the file says that it is sorted, if it says so."""
    claims = {
        tuple((c.column_index, c.descending) for c in file.metadata.row_group(i).sorting_columns)
        for i in range(file.num_row_groups)
    }
    if len(claims) != 1:
        return ()
    names: list[str] = []
    for index, descending in claims.pop():
        names.append(file.schema.column(index).path)
        if descending:
            return ()
        if names[-1] == "at":
            return tuple(names)
    return ()


class _Order:
    """Whether the clock ever runs backwards in a file that says it is sorted."""

    def __init__(self, names: tuple[str, ...], told: Told) -> None:
        self.names = names
        self.told = told
        self.last: tuple[object, ...] = ()

    def look_at(self, columns: dict[str, Any], sound: Any, place: Callable[[int, str], Place]) -> None:
        """Makes every row unsound that is earlier than the one that stands before it."""
        at = columns["at"]
        if not self.names or not len(at):
            return
        around = [columns[name] for name in self.names if name != "at" and name in columns]
        times = np.concatenate(([_last_at(self.last, at)], filled(at, 0)))
        backwards = times[1:] < times[:-1]
        for column in around:
            codes = filled(column.dictionary_encode().indices, -1)
            backwards[1:] &= codes[1:] == codes[:-1]
        now = tuple(column[0].as_py() for column in around)
        if self.last and now != self.last[1:]:
            backwards[0] = False
        self.last = (int(times[-1]), *(column[-1].as_py() for column in around))
        wrong = np.flatnonzero(backwards)
        for row in wrong.tolist():
            sound[row] = False
            message = "this row is earlier than the one before it, and the file says that it is sorted"
            self.told.say(
                "clock-backwards", message, place(row, "at"), way_out="write the file anew in order"
            )


def _last_at(last: tuple[object, ...], at: Any) -> int:
    return int(str(last[0])) if last else (at[0].as_py() or 0)
