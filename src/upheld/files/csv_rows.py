"""A table of comma-separated values, row by row: every row knows its line, every cell its column.

Rows are delimited here and only then given to the csv module, so that a quote which nobody closes costs one
row and not the rest of the file. Source: RFC 4180; another delimiter may be chosen.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import dataclass, field
from upheld.language.lines import lines_of

LINES_OF_A_ROW: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, by column name, and the text they were read from, which begins at `place`."""

    place: Place
    text: str
    cells: dict[str, str]
    delimiter: str = ","

    @property
    def line(self) -> int:
        """The line on which the row begins."""
        return self.place.line

    def cell_place(self, column: str) -> Place:
        """Where the cell of a column begins; the row itself if there is no such column."""
        names = list(self.cells)
        return _cell_place(self, names.index(column)) if column in self.cells else self.place


@dataclass(slots=True)
class Table:
    """The rows that could be read, what is wrong with the others, and how many those are."""

    columns: tuple[str, ...] = ()
    header: Place | None = None
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    broken: int = 0


def read_table(path: Path | str, delimiter: str = ",") -> Table:
    """The whole table. A row that cannot be read is a finding and the others go on; without a header there
    are no rows. OSError if the file cannot be opened.
    """
    table = Table()
    with Path(path).open("rb") as file:
        for place, text in _row_texts(file, str(path), table):
            cells = _cells(text, place, delimiter, table)
            if cells is None:
                continue
            if table.header is None:
                if not _is_good_header(cells, Row(place, text, {}, delimiter), table):
                    return table
                table.header, table.columns = place, tuple(cells)
                continue
            row = Row(place, text, dict(zip(table.columns, cells, strict=False)), delimiter)
            if len(cells) == len(table.columns):
                table.rows.append(row)
            else:
                _wrong_count(row, len(cells), table)
    if table.header is None:
        table.findings.append(Finding("empty-table", "there is no header line", (Place(str(path)),)))
    return table


def _broken(table: Table, code: str, message: str, place: Place, way_out: str) -> None:
    table.findings.append(Finding(code, message, (place,), way_out))
    table.broken += 1


def _row_texts(file: IO[bytes], name: str, table: Table) -> Iterator[tuple[Place, str]]:
    """The text of each row that is not blank: a line, or several where a quoted cell goes over the end."""
    pending: list[tuple[Place, str]] = []
    lines = _lines(file, name, table)
    while True:
        if pending:
            place, text = pending.pop(0)
        elif (read := next(lines, None)) is not None:
            place, text = read
        else:
            return
        taken: list[tuple[Place, str]] = []
        quotes = text.count('"')
        while quotes % 2 and len(taken) < LINES_OF_A_ROW:
            following = pending.pop(0) if pending else next(lines, None)
            if following is None:
                break
            taken.append(following)
            quotes += following[1].count('"')
        if quotes % 2:
            column = text.rindex('"')
            _broken(
                table,
                "open-quote",
                "this quote is never closed",
                place.moved(column),
                "close it or double it",
            )
            pending = taken + pending
        elif taken or text.strip():
            yield place, "\n".join([text, *(line for _, line in taken)])


def _lines(file: IO[bytes], name: str, table: Table) -> Iterator[tuple[Place, str]]:
    for line in lines_of(file, name, "is this a table?", "table"):
        if isinstance(line, Finding):
            table.findings.append(line)
            table.broken += 1
        else:
            yield line


def _cells(text: str, place: Place, delimiter: str, table: Table) -> list[str] | None:
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        _broken(table, "bad-csv", f"the quotes of this row do not fit: {fault}", place, 'write a quote as ""')
        return None


def _is_good_header(names: list[str], header: Row, table: Table) -> bool:
    for index, name in enumerate(names):
        at = _cell_place(header, index)
        if not name.strip():
            table.findings.append(Finding("empty-column-name", "a column has no name", (at,)))
        elif name in names[:index]:
            message = f"there are two columns `{name[:80]}`"
            table.findings.append(Finding("duplicate-column", message, (at,), "rename one of them"))
    return not table.findings


def _wrong_count(row: Row, found: int, table: Table) -> None:
    wanted = len(table.columns)
    place = _cell_place(row, wanted if found > wanted else found - 1)
    message = f"the row has {found} cells, the header {wanted}"
    _broken(table, "wrong-cell-count", message, place, "quote a cell that holds the delimiter")


def _cell_place(row: Row, index: int) -> Place:
    """Where the cell with an index begins. Only asked for findings, so the text is walked."""
    line, column, quoted = row.place.line, row.place.column, False
    for character in row.text:
        if index == 0:
            break
        column += 1
        if character == '"':
            quoted = not quoted
        elif character == row.delimiter and not quoted:
            index -= 1
        elif character == "\n":
            line, column = line + 1, 1
    return Place(row.place.file, line, column)
