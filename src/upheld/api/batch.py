"""A batch of observations as somebody tells it: JSON lines, a list of objects, or a list for each column.

All that is wrong is told at once. A line in a finding is that of the text, of columns the number of the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from json import JSONDecodeError
from typing import Final, Literal, TypeAlias

import pyarrow as pa

from upheld.core.facts.fact_check import suggestion
from upheld.core.values.finding import EnoughError, Place
from upheld.core.values.frozen import dataclass
from upheld.files.facts_file import place_in, places_in
from upheld.files.json_place import elements, offsets
from upheld.lake.arrow import empty
from upheld.lake.rows import COLUMNS, ROWS, Told
from upheld.lake.text_rows import DECODER, Builder, Cell, RepeatedError, is_text, json_cells, read_lines

Form: TypeAlias = Literal["lines", "list", "columns"]
DEPTH: Final = 2
"""Levels in an observation: it is flat."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as `ROWS` has them, and where each stands."""

    rows: pa.Table
    place: Callable[[int], Place]


def read_batch(form: Form, body: bytes, told: Told, most: int) -> Batch:
    """The rows of a batch of at most so many; those that cannot be read are left out, and it is told why."""
    try:
        return _read(form, body, told, most)
    except EnoughError:
        return _EMPTY


def _read(form: Form, body: bytes, told: Told, most: int) -> Batch:
    if form == "lines":
        if body.count(b"\n") > 2 * most:
            told.say(
                "too-large", f"these are more than {2 * most:,} lines, empty ones too", way_out="divide it"
            )
            return _EMPTY
        if sum(not line.isspace() for line in body.split(b"\n") if line) > most:
            told.say("too-large", f"these are more than {most:,} rows", way_out="divide it")
            return _EMPTY
        chunks = list(read_lines(BytesIO(body), told))
        rows = pa.concat_tables([empty(ROWS), *(one.rows for one in chunks)])
        numbers = [line for one in chunks for line in one.lines.to_pylist()]
        return Batch(rows, lambda row: Place(told.file, numbers[row]))
    text = _text(body, told)
    if text is None:
        return _EMPTY
    builder = Builder(told)
    told_rows = _of_list(text, told, most) if form == "list" else _of_columns(text, told, most)
    for place, row, cells in told_rows:
        builder.add(place, row, cells)
    return Batch(builder.chunk().rows, builder.places.__getitem__)


_EMPTY: Final = Batch(empty(ROWS), lambda _: Place(""))
Cells: TypeAlias = "Iterator[tuple[Place, str, Mapping[str, Cell]]]"
"""Rows: where each stands, its text, and its cells by column."""


def _text(body: bytes, told: Told) -> str | None:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = body[: fault.start].decode("utf-8")
        place = place_in(Place(told.file), before, len(before))
        told.say("not-utf-8", "this is not UTF-8", place, way_out="send the text as UTF-8")
        return None
    if "\0" in text:
        place = place_in(Place(told.file), text, text.index("\0"))
        told.say("bad-text", "there is a NUL character here", place, way_out="was the text cut off?")
        return None
    return text


def _of_list(text: str, told: Told, most: int) -> Cells:
    found = elements(text, most, DEPTH)
    whole = Place(told.file)
    if isinstance(found, int):
        message, place = "this is no list of observations", place_in(whole, text, found)
        told.say("bad-json", message, place, way_out="write [{…}, {…}]")
        return
    places = places_in(whole, text)
    if len(found) > most:
        told.say("too-large", f"these are more than {most:,} rows", places(found[-1][0]), way_out="divide it")
        return
    for begin, end in found:
        place, row = places(begin), text[begin:end]
        cells = json_cells(place, row, told)
        if cells is not None:
            yield place, row, cells


def _of_columns(text: str, told: Told, most: int) -> Cells:
    columns = _columns(text, told)
    if columns is None:
        return
    _tell_columns(columns, text, told, most)
    if told.findings:
        return
    count = next((len(one) for one in columns.values() if isinstance(one, list)), 0)
    for number in range(count):
        cells = {name: one[number] if isinstance(one, list) else one for name, one in columns.items()}
        yield Place(told.file, number + 1), "", cells


def _columns(text: str, told: Told) -> dict[str, list[Cell] | Cell] | None:
    """What is told for each name: a list, or one value for all rows, if all is well with it."""
    try:
        found = DECODER.decode(text)
    except JSONDecodeError as fault:
        message = f"this is not JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        told.say("bad-json", message, place_in(Place(told.file), text, fault.pos))
        return None
    except (RepeatedError, RecursionError) as fault:
        message = str(fault) if isinstance(fault, RepeatedError) else "this is nested too deeply"
        told.say("bad-json", message, way_out="write each name once, with a list of plain values")
        return None
    if not isinstance(found, dict):
        told.say("not-an-object", "columns are a JSON object", way_out='write {"at": [...], ...}')
        return None
    return found


def _tell_columns(columns: Mapping[str, list[Cell] | Cell], text: str, told: Told, most: int) -> None:
    """Everything that is wrong with columns; into more rows than there may be nobody looks."""
    places, offset = places_in(Place(told.file), text), offsets(text)

    def place(name: str) -> Place:
        return places(offset((name,)))

    lengths = {name: len(one) for name, one in columns.items() if isinstance(one, list)}
    count = next(iter(lengths.values()), 0)
    if too_large := max(lengths.values(), default=0) > most:
        told.say("too-large", f"these are more than {most:,} rows", way_out="divide it")
    is_escaped = "\\ud" in text.lower()
    for name, column in columns.items():
        if name not in COLUMNS:
            way_out = suggestion(name, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
            told.say("unknown-column", f"there is no column `{name[:80]}`", place(name), way_out=way_out)
            continue
        if (length := lengths.get(name, count)) != count:
            message = f"`{name}` has {length:,} cells, and others have {count:,}"
            way_out = "give each list as many cells"
            told.say("wrong-cell-count", message, place(name), way_out=way_out, column=name)
        cells = [column] if not isinstance(column, list) else [] if too_large else column
        if not set(map(type, cells)) <= {str, bool, type(None)}:
            told.say("bad-value", f"`{name}` holds a list or an object", place(name), column=name)
        elif is_escaped and not all(is_text(one) for one in cells if isinstance(one, str)):
            told.say("bad-text", f"`{name}` holds what is no character", place(name), column=name)
    for name in ("at", "component"):
        if name not in columns:
            told.say("missing-column", f"there is no column `{name}`", way_out="every row has one")
