"""What a mapping says of the rows of a table: their subjects, times and values, with everything odd told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from upheld.core.facts.fact import Value
from upheld.core.facts.fact_check import suggestion
from upheld.core.timeline.instant import ONE_MICROSECOND, Instant, format_instant, instant_of, parse_instant
from upheld.core.timeline.zone import BeyondHorizon, Zone
from upheld.core.values.finding import Finding, Place, Severity
from upheld.files.csv_rows import Row, Table
from upheld.files.mapping import RFC_3339, Column, Source, TableMapping
from upheld.files.row_conditions import number_in


def missing_columns(table: Table, mapping: TableMapping) -> Iterator[Finding]:
    """Columns that the mapping names and the table does not have."""
    if table.header is None:
        return
    named: dict[str, Column] = {}
    for column in mapping.columns:
        named.setdefault(column.name, column)
    for column in named.values():
        if column.name not in table.columns:
            way_out = suggestion(column.name, table.columns) or f"the columns are {', '.join(table.columns)}"
            message = f"the table has no column `{column.name[:80]}`"
            yield Finding("unknown-column", message, (column.place, table.header), way_out)


class Dated(NamedTuple):
    """A row of the table with its time and what sorts it among the rows of its subject."""

    row: Row
    at: Instant
    sort_key: tuple[Instant | Decimal | str | int, ...]


class _CellError(ValueError):
    def __init__(self, code: str, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.way_out = code, message, way_out


class RowReading:
    """One reading of a table: the findings and counts so far."""

    def __init__(self, mapping: TableMapping, table: Table) -> None:
        self.mapping = mapping
        self.table = table
        self.findings: list[Finding] = []
        self.remarks: Counter[str] = Counter()
        self.left_out = 0
        self.subjects = 0
        self.labels: dict[str, tuple[Instant, str]] = {}

    def say(
        self,
        code: str,
        message: str,
        row: Row,
        column: Column | None,
        *also: Place,
        way_out: str = "",
        severity: Severity = "error",
    ) -> None:
        """Another finding: of a column of a row, or of the row as a whole."""
        place = row.cell_place(column.name) if column else row.place
        field = column.name if column else ""
        self.findings.append(Finding(code, message, (place, *also), way_out, severity, field=field))

    # -- cells ---------------------------------------------------------------------------------------------

    def cell(self, row: Row, column: Column | str) -> str | None:
        """The cell without the space around it, or None where it is missing."""
        text = row.cells[column if isinstance(column, str) else column.name].strip()
        return None if text in self.mapping.missing else text

    def instant(self, row: Row, column: Column) -> Instant | None:
        """The instant in a cell; a missing one is None, a bad one a finding as well."""
        text = self.cell(row, column)
        if text is None:
            return None
        try:
            return self.time_in(row, column, text)
        except _CellError as fault:
            self.say(fault.code, fault.message, row, column, way_out=fault.way_out)
            return None

    def time_in(self, row: Row, column: Column | None, text: str) -> Instant:
        """The instant of a text; a label that clocks never showed, or showed twice, is a finding."""
        at, oddity = self.labels.get(text) or self.labels.setdefault(text, self.read_time(text))
        if oddity:
            message = f"clocks in {self.mapping.zone.name} {_ODD_LABELS[oddity].format(text)}"
            self.say(oddity, message, row, column, severity="warning")
        return at

    def read_time(self, text: str) -> tuple[Instant, str]:
        """The instant of a text, and the code of what is odd about it as a label of local clocks."""
        for time_format in self.mapping.times:
            try:
                if time_format == RFC_3339:
                    return parse_instant(text), ""
                read = datetime.strptime(text, time_format)  # noqa: DTZ007  a label of the mapping's zone
                return (instant_of(read), "") if read.tzinfo else _of_label(read, self.mapping.zone)
            except BeyondHorizon as fault:
                raise _CellError("bad-time", f"`{text[:80]}`: {fault}") from None
            except ValueError:
                continue
        formats = " or ".join(self.mapping.times)
        raise _CellError("bad-time", f"`{text[:80]}` is not a time", f"the mapping says {formats}")

    # -- rows ----------------------------------------------------------------------------------------------

    def by_subject(self) -> dict[str, list[Dated]]:
        """The rows of each subject in their order; those that cannot be placed are left out."""
        subjects: dict[str, list[Dated]] = {}
        for row in self.table.rows:
            subject = self.cell(row, self.mapping.subject)
            if subject is None:
                column = self.mapping.subject
                self.say("missing-subject", f"`{column.name}` is missing", row, column)
            dated = self.dated(row)
            if subject is None or dated is None:
                self.left_out += 1
                continue
            subjects.setdefault(subject, []).append(dated)
        for rows in subjects.values():
            rows.sort(key=lambda dated: dated.sort_key)
        self.subjects = len(subjects)
        return subjects

    def dated(self, row: Row) -> Dated | None:
        """The row with its time, or None and a finding."""
        found = len(self.findings)
        at = self.instant(row, self.mapping.at)
        if at is None:
            if len(self.findings) == found:
                self.say("missing-time", f"`{self.mapping.at.name}` is missing", row, self.mapping.at)
            return None
        limit = self.instant(row, self.mapping.not_before) if self.mapping.not_before else None
        if limit is not None and at < limit and self.mapping.not_before:
            name, then = self.mapping.not_before.name, self.mapping.too_early
            self.remarks[f"before {name}"] += 1
            message = f"this row is of {self.cell(row, self.mapping.at)}, before `{name}`: {row.cells[name]}"
            way_out = _TOO_EARLY[then]
            self.say("row-too-early", message, row, self.mapping.at, way_out=way_out, severity="warning")
            if then == "leave out":
                return None
            at = limit if then == "move" else at
        parts = [self.sort_part(row, column, kind, at) for column, kind in self.mapping.order]
        sorts = [part for part in parts if part is not None]
        return Dated(row, at, (*sorts, row.line)) if len(sorts) == len(parts) else None

    def sort_part(self, row: Row, column: Column, kind: str, at: Instant) -> Instant | Decimal | str | None:
        if kind == "time":
            return at if column.name == self.mapping.at.name else self.instant(row, column)
        text = self.cell(row, column)
        if kind == "text":
            return text or ""
        number = number_in(text or "")
        if number is None:
            message = f"`{column.name}` must be a number to sort by"
            self.say("bad-number", message, row, column)
        return number

    # -- values --------------------------------------------------------------------------------------------

    def values(self, row: Row, sources: tuple[tuple[str, Source], ...]) -> dict[str, Value]:
        found = ((name, self.value(row, source)) for name, source in sources)
        return {name: value for name, value in found if value is not None}

    def value(self, row: Row, source: Source) -> Value:
        """The value of a source in a row; None where it is missing, or cannot be had, which is a finding."""
        text = self.cell(row, source.column) if source.column else source.constant
        if not isinstance(text, str):
            return None
        try:
            if source.map is not None:
                text = _looked_up(text, source)
            if source.kind == "instant":
                return format_instant(self.time_in(row, source.column, text))
            return _converted(text, source.kind)
        except _CellError as fault:
            self.say(fault.code, fault.message, row, source.column, source.place, way_out=fault.way_out)
            return None


_ODD_LABELS: Final = {
    "skipped-time": "never showed {}; it is read by the offset before",
    "repeated-time": "showed {} twice; the first is taken to be meant",
}
_TOO_EARLY: Final = {
    "leave out": "it is left out, as the mapping says",
    "move": "it is read as of that time, as the mapping says",
    "keep": "it is kept, as the mapping says",
}
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EPOCH_LABEL: Final = datetime(1970, 1, 1)  # noqa: DTZ001  the label zero, not an instant


def _of_label(read: datetime, zone: Zone) -> tuple[Instant, str]:
    label = (read - _EPOCH_LABEL) // ONE_MICROSECOND
    at = zone.at_label(label)
    if zone.label_at(at) != label:
        return at, "skipped-time"
    return at, "repeated-time" if zone.last_at_label(label) != at else ""


def _looked_up(text: str, source: Source) -> str:
    values = dict(source.map or ())
    if text in values:
        return values[text]
    if source.otherwise is not None:
        return source.otherwise
    way_out = suggestion(text, values) or "add it to the map, or say `otherwise`"
    raise _CellError("unmapped-value", f"the map has no `{text[:80]}`", way_out)


def _converted(text: str, kind: str) -> Value:
    if kind == "text":
        return text
    if kind == "list of text":
        return tuple(part.strip() for part in text.replace(";", ",").split(",") if part.strip())
    if kind == "truth":
        if (truth := _TRUTHS.get(text.lower())) is None:
            raise _CellError(
                "bad-value", f"`{text[:80]}` is neither true nor false", "map it to true or false"
            )
        return truth
    number = number_in(text)
    if number is None or (kind == "integer" and number != number.to_integral_value()):
        raise _CellError(
            "bad-value", f"`{text[:80]}` is not {'a whole' if kind == 'integer' else 'a'} number"
        )
    return int(number) if number == number.to_integral_value() else number
