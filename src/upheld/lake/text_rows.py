"""Observations as text, one a line: comma-separated values with a header, or JSON objects.

A line is a row or it is left out; a broken one never stops the others. A quoted cell ends on its line.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import IO, Final, TypeAlias

import pyarrow as pa

from upheld.core.facts.fact_check import suggestion
from upheld.core.timeline.instant import parse_duration, parse_instant
from upheld.core.timeline.words import count
from upheld.core.values.finding import Finding, Place
from upheld.lake.arrow import column_of
from upheld.lake.rows import CHUNK_ROWS, COLUMNS, ROWS, Chunk, Told
from upheld.language.lines import lines_of

_NUMBER = re.compile(r"-?\d{1,16}(?:\.\d{1,9})?", re.ASCII)
_WRITTEN_NUMBER = re.compile(r"(-?\d+)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
"""What is a number as JSON writes it, whether it is taken or not."""
_INTEGER = re.compile(r"-?\d{1,16}", re.ASCII)
_DIGITS = 16

Cell: TypeAlias = "str | bool | None"
Read: TypeAlias = "int | bool | str"


def read_csv(path: Path, told: Told) -> Iterator[Chunk]:
    """The rows of a CSV file with a header, in chunks. OSError if it cannot be opened."""
    with path.open("rb") as file:
        lines = _lines(file, told)
        header = next(((place, text) for place, text in lines if text.strip()), None)
        if header is None:
            told.say(
                "empty-table", "there is no header line", way_out=f"the columns are {', '.join(COLUMNS)}"
            )
            return
        names = _header(*header, told)
        if names is not None:
            yield from _chunks(lines, told, lambda place, text: _csv_cells(place, text, names, told))


def read_jsonl(path: Path, told: Told) -> Iterator[Chunk]:
    """The rows of a file of JSON lines, in chunks. OSError if it cannot be opened."""
    with path.open("rb") as file:
        yield from read_lines(file, told)


def read_lines(file: IO[bytes], told: Told) -> Iterator[Chunk]:
    """The rows of JSON lines, in chunks."""
    yield from _chunks(_lines(file, told), told, lambda place, text: json_cells(place, text, told))


def _chunks(
    lines: Iterator[tuple[Place, str]],
    told: Told,
    cells_of: Callable[[Place, str], Mapping[str, Cell] | None],
) -> Iterator[Chunk]:
    builder = Builder(told)
    for place, text in lines:
        if not text or text.isspace():
            continue
        cells = cells_of(place, text)
        if cells is not None:
            builder.add(place, text, cells)
        if len(builder.places) >= CHUNK_ROWS:
            yield builder.chunk()
            builder = Builder(told)
    if builder.places:
        yield builder.chunk()


class Builder:
    """The rows of one chunk so far. `add` leaves out a row of which a cell cannot be read, and tells why."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.columns: dict[str, list[Read | None]] = {name: [] for name in ROWS.names}
        self.places: list[Place] = []
        self.texts: list[str] = []

    def add(self, place: Place, text: str, cells: Mapping[str, Cell]) -> None:
        """A row, if every cell of it can be read."""
        row: dict[str, Read] = {}
        sound = True
        for name, cell in cells.items():
            if cell is None or cell == "":
                continue
            try:
                for_name, value = _READERS[name](cell)
            except ValueError as fault:
                sound = False
                code, at = _CODES.get(name, "bad-number"), _place(place, text, name, cells)
                way_out = fault.way_out if isinstance(fault, _NumberError) else ""
                self.told.say(code, f"`{name}`: {fault}", at, way_out=way_out, column=name)
                continue
            if for_name in row:
                message = "the latency is there twice, as latency_ms and as latency_us"
                self.told.say("bad-number", message, place, way_out="keep one of the two")
                sound = False
            row[for_name] = value
        if "for" in row:
            lasts_us, begins_at = row.pop("for"), row.get("at")
            if "until" in row:
                message = "the end is there twice, as `until` and as `for`"
                self.told.say("bad-time", message, place, way_out="keep one of the two")
                sound = False
            elif isinstance(begins_at, int) and isinstance(lasts_us, int):
                row["until"] = begins_at + lasts_us
        if sound:
            for name, column in self.columns.items():
                column.append(row.get(name))
            self.places.append(place)
            self.texts.append(text)

    def chunk(self) -> Chunk:
        """The rows as a table."""
        arrays = [column_of(self.columns[field.name], field.type) for field in ROWS]
        places, texts = self.places, self.texts

        def place(row: int, column: str) -> Place:
            at = places[row]
            return at.moved(max(texts[row].find(f'"{column}"'), 0)) if texts[row][:1] == "{" else at

        lines = column_of([one.line for one in places], pa.int64())
        return Chunk(pa.Table.from_arrays(arrays, schema=ROWS), lines, place)


# -- lines -------------------------------------------------------------------------------------------------


def _lines(file: IO[bytes], told: Told) -> Iterator[tuple[Place, str]]:
    for line in lines_of(file, told.file, "one observation stands on one line"):
        if isinstance(line, Finding):
            told.add(line)
            continue
        place, text = line
        if "\0" in text:
            message = "there is a NUL character in this line"
            told.say("bad-text", message, place.moved(text.index("\0")), way_out="was the file cut off?")
            continue
        yield line


def _header(place: Place, text: str, told: Told) -> tuple[str, ...] | None:
    cells = _split(place, text, told)
    if cells is None:
        return None
    names = tuple(cell.strip() for cell in cells)
    return names if are_good_columns(names, told, lambda i: _cell_place(place, text, i)) else None


def are_good_columns(names: tuple[str, ...], told: Told, place: Callable[[int], Place]) -> bool:
    """Whether a file with these columns can be read; a column nobody knows could mean anything."""
    good = True
    for i, name in enumerate(names):
        if name in names[:i]:
            told.say("duplicate-column", f"there are two columns `{name[:80]}`", place(i))
            good = False
        elif name not in COLUMNS:
            way_out = suggestion(name, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
            told.say("unknown-column", f"there is no column `{name[:80]}`", place(i), way_out=way_out)
            good = False
    for name in ("at", "component"):
        if name not in names:
            told.say("missing-column", f"there is no column `{name}`", place(0), way_out="every row has one")
            good = False
    return good


def _split(place: Place, text: str, told: Told) -> list[str] | None:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as fault:
        message = f"the quotes of this row do not fit: {fault}"
        told.say("bad-csv", message, place, way_out='write a quote as ""')
        return None


def _csv_cells(place: Place, text: str, names: tuple[str, ...], told: Told) -> Mapping[str, Cell] | None:
    cells = _split(place, text, told)
    if cells is None:
        return None
    if len(cells) != len(names):
        message = f"the row has {count(len(cells), 'cell')}, the header {len(names)}"
        told.say("wrong-cell-count", message, place, way_out="quote a cell that holds a comma")
        return None
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True)}


class RepeatedError(ValueError):
    """A name stands twice in an object."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedError("a name stands twice in it")
    return found


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str, strict=True
)


def json_cells(place: Place, text: str, told: Told) -> Mapping[str, Cell] | None:
    """The cells of one observation in JSON; None, and it is told why, if it is none."""
    try:
        found = DECODER.decode(text)
    except json.JSONDecodeError as fault:
        message = f"this is not JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        told.say("bad-json", message, place.moved(fault.pos), way_out="one JSON object stands on one line")
        return None
    except (RepeatedError, RecursionError) as fault:
        message = str(fault) if isinstance(fault, RepeatedError) else "this is nested too deeply"
        told.say("bad-json", message, place, way_out="write each name once, with a plain value")
        return None
    if not isinstance(found, dict):
        told.say("not-an-object", "an observation is a JSON object", place, way_out='write {"at": ...}')
        return None
    cells: dict[str, Cell] = {}
    for name, value in found.items():
        at = place.moved(max(text.find(f'"{name}"'), 0))
        if name not in COLUMNS:
            way_out = suggestion(name, COLUMNS) or f"the names are {', '.join(COLUMNS)}"
            told.say("unknown-column", f"there is no `{name[:80]}` in an observation", at, way_out=way_out)
            return None
        if not isinstance(value, str | bool | None):
            told.say(
                "bad-value",
                f"`{name}` is a list or an object",
                at,
                way_out="write a plain value",
                column=name,
            )
            return None
        if isinstance(value, str) and ("\0" in value or ("\\ud" in text.lower() and not is_text(value))):
            told.say("bad-text", f"`{name}` holds what is no character", at, column=name)
            return None
        cells[name] = value
    return cells


def is_text(value: str) -> bool:
    """Whether it has no half of a surrogate pair."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _place(place: Place, text: str, name: str, cells: Mapping[str, Cell]) -> Place:
    """Where the cell of a column begins. Only asked for findings."""
    if text[:1] == "{":
        return place.moved(max(text.find(f'"{name}"'), 0))
    return _cell_place(place, text, list(cells).index(name))


def _cell_place(place: Place, text: str, index: int) -> Place:
    quoted = False
    for column, character in enumerate(text):
        if index == 0:
            return place.moved(column)
        quoted = quoted != (character == '"')
        index -= character == "," and not quoted
    return place.moved(len(text))


# -- cells -------------------------------------------------------------------------------------------------


def _instant(cell: Cell) -> int:
    if not isinstance(cell, str):
        raise ValueError("this is no instant; write it as 2026-06-05T14:30:00Z")
    return int(cell) if _INTEGER.fullmatch(cell) else parse_instant(cell)


def _whole(cell: Cell) -> int:
    if not isinstance(cell, str) or not _INTEGER.fullmatch(cell):
        raise _no_number(cell, "a whole number")
    return int(cell)


def _truth(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = {"true": True, "false": False}.get(str(cell).lower())
    if found is None:
        raise ValueError(f"{_shown(cell)} is neither true nor false")
    return found


def _milliseconds(cell: Cell) -> int:
    if not isinstance(cell, str) or not _NUMBER.fullmatch(cell):
        raise _no_number(cell, "a number")
    found = Fraction(cell) * 1000
    if found.denominator != 1:
        raise _too_fine(cell)
    return int(found)


class _NumberError(ValueError):
    """A number that is not taken; the message says why."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.way_out = way_out


def _no_number(cell: Cell, wanted: str) -> ValueError:
    """Why a cell is not read as a number, though JSON may well call it one."""
    written = _WRITTEN_NUMBER.fullmatch(cell) if isinstance(cell, str) else None
    if written is not None and written[3]:
        return _NumberError(f"{_shown(cell)} has an exponent", "write it in digits alone, as 0.001")
    if written is not None and len(written[1].lstrip("-")) > _DIGITS:
        way_out = f"write at most {_DIGITS} digits before the point"
        return _NumberError(f"{_shown(cell)} is too large", way_out)
    if written is not None and wanted == "a number":
        return _too_fine(cell)
    return ValueError(f"{_shown(cell)} is not {wanted}")


def _too_fine(cell: Cell) -> ValueError:
    message = f"{_shown(cell)} is in milliseconds, and finer than a microsecond"
    return _NumberError(message, "round it to 0.001 before, so that it is known how")


def _text(cell: Cell) -> str:
    if not isinstance(cell, str):
        raise ValueError(f"{_shown(cell)} is not a text")
    return cell


def _shown(cell: Cell) -> str:
    return f"`{str(cell)[:80]}`" if isinstance(cell, str) else str(cell).lower()


def _length(cell: Cell) -> int:
    return parse_duration(_text(cell))


def _reader(name: str, read: Callable[[Cell], Read]) -> Callable[[Cell], tuple[str, Read]]:
    return lambda cell: (name, read(cell))


_READERS: Final[Mapping[str, Callable[[Cell], tuple[str, Read]]]] = {
    "at": _reader("at", _instant),
    "until": _reader("until", _instant),
    "for": _reader("for", _length),
    "ok": _reader("ok", _truth),
    "latency_ms": _reader("latency", _milliseconds),
    "latency_us": _reader("latency", _whole),
    **{name: _reader(name, _whole) for name in ("status", "good", "total")},
    **{name: _reader(name, _text) for name in ("component", "signal", "provider", "code", "state")},
}
_CODES: Final = {
    "at": "bad-time", "until": "bad-time", "for": "bad-time", "ok": "bad-truth", "component": "bad-text",
    "signal": "bad-text", "provider": "bad-text", "code": "bad-text", "state": "bad-text",
}  # fmt: skip
