"""From a table to facts, by a mapping: a row is an event, or the state of a subject after an update.

The rows of a subject are put in order and each is held against the one before it. A fact's id is its subject,
the rank of its row, its row's own id if it has one, and the number of its rule, so importing a table twice
gives the same facts, and facts of one minute sort as their rows and rules do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from upheld.core.fact import Fact, Value
from upheld.core.fact_check import NO_TYPES, faults_of, suggestion
from upheld.core.fact_types import FACT_TYPES, FactType
from upheld.core.finding import Finding, Place, Severity, in_order
from upheld.core.instant import ONE_MICROSECOND, Instant, format_instant, instant_of, parse_instant
from upheld.core.zone import BeyondHorizon, Zone
from upheld.files.csv_rows import Row, Table, read_table
from upheld.files.mapping import RFC_3339, Column, Comparison, Rule, Source, TableMapping
from upheld.files.row_conditions import Before, is_met, number_in


@dataclass(frozen=True, slots=True)
class TableSummary:
    """How many rows there were and what became of them; `remarks` counts by the names the mapping gave."""

    rows: int = 0
    rows_left_out: int = 0
    subjects: int = 0
    facts: tuple[tuple[str, int], ...] = ()
    remarks: tuple[tuple[str, int], ...] = ()


class TableImport(NamedTuple):
    """The facts by (time, source, id), everything to tell, and the counts."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    summary: TableSummary


def import_table(
    path: Path | str, mapping: TableMapping, declared: Mapping[str, FactType] = NO_TYPES
) -> TableImport:
    """The facts of a CSV file as the mapping tells them. OSError if the file cannot be opened.

    A row that cannot be read, and a fact that would not be a good one, is a finding and left out.
    """
    table = read_table(path, mapping.delimiter)
    if missing := list(_missing_columns(table, mapping)):
        findings = in_order([*table.findings, *missing])
        return TableImport(
            (), findings, TableSummary(len(table.rows) + table.broken, len(table.rows) + table.broken)
        )
    telling = _Telling(mapping, declared, table)
    for subject, rows in sorted(telling.by_subject().items()):
        telling.tell(subject, rows)
    facts = tuple(sorted(telling.facts, key=lambda fact: fact.order))
    summary = TableSummary(
        rows=len(table.rows) + table.broken,
        rows_left_out=telling.left_out + table.broken,
        subjects=telling.subjects,
        facts=tuple(sorted(Counter(fact.type for fact in facts).items())),
        remarks=tuple(sorted(telling.remarks.items())),
    )
    return TableImport(facts, in_order([*table.findings, *telling.findings]), summary)


def _missing_columns(table: Table, mapping: TableMapping) -> Iterator[Finding]:
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


class _Dated(NamedTuple):
    """A row of the table with its time and what sorts it among the rows of its subject."""

    row: Row
    at: Instant
    sort_key: tuple[Instant | Decimal | str | int, ...]


class _CellError(ValueError):
    def __init__(self, code: str, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.way_out = code, message, way_out


class _Telling:
    """One import: the facts, findings and counts so far."""

    def __init__(self, mapping: TableMapping, declared: Mapping[str, FactType], table: Table) -> None:
        self.mapping = mapping
        self.declared = declared
        self.table = table
        self.facts: list[Fact] = []
        self.findings: list[Finding] = []
        self.remarks: Counter[str] = Counter()
        self.left_out = 0
        self.subjects = 0
        self.labels: dict[str, tuple[Instant, str]] = {}
        conditions = [
            condition
            for when in (
                *(rule.when for rule in mapping.rules),
                *(oddity.when for oddity in mapping.oddities),
            )
            for condition in when.conditions
        ]
        self.watched = frozenset(condition.column.name for condition in conditions)

    def say(
        self, code: str, message: str, *places: Place, way_out: str = "", severity: Severity = "error"
    ) -> None:
        self.findings.append(Finding(code, message, places, way_out, severity))

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
            self.say(fault.code, fault.message, row.cell_place(column.name), way_out=fault.way_out)
            return None

    def time_in(self, row: Row, column: Column | None, text: str) -> Instant:
        """The instant of a text; a label that clocks never showed, or showed twice, is a finding."""
        at, oddity = self.labels.get(text) or self.labels.setdefault(text, self.read_time(text))
        if oddity:
            message = f"clocks in {self.mapping.zone.name} {_ODD_LABELS[oddity].format(text)}"
            place = row.cell_place(column.name) if column else row.place
            self.say(oddity, message, place, severity="warning")
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

    def by_subject(self) -> dict[str, list[_Dated]]:
        """The rows of each subject in their order; those that cannot be placed are left out."""
        subjects: dict[str, list[_Dated]] = {}
        for row in self.table.rows:
            subject = self.cell(row, self.mapping.subject)
            if subject is None:
                place = row.cell_place(self.mapping.subject.name)
                self.say("missing-subject", f"`{self.mapping.subject.name}` is missing", place)
            dated = self.dated(row)
            if subject is None or dated is None:
                self.left_out += 1
                continue
            subjects.setdefault(subject, []).append(dated)
        for rows in subjects.values():
            rows.sort(key=lambda dated: dated.sort_key)
        self.subjects = len(subjects)
        return subjects

    def dated(self, row: Row) -> _Dated | None:
        """The row with its time, or None and a finding."""
        found = len(self.findings)
        at = self.instant(row, self.mapping.at)
        if at is None:
            if len(self.findings) == found:
                place = row.cell_place(self.mapping.at.name)
                self.say("missing-time", f"`{self.mapping.at.name}` is missing", place)
            return None
        limit = self.instant(row, self.mapping.not_before) if self.mapping.not_before else None
        if limit is not None and at < limit and self.mapping.not_before:
            name, then = self.mapping.not_before.name, self.mapping.too_early
            self.remarks[f"before {name}"] += 1
            message = f"this row is of {self.cell(row, self.mapping.at)}, before `{name}`: {row.cells[name]}"
            way_out = _TOO_EARLY[then]
            place = row.cell_place(self.mapping.at.name)
            self.say("row-too-early", message, place, way_out=way_out, severity="warning")
            if then == "leave out":
                return None
            at = limit if then == "move" else at
        parts = [self.sort_part(row, column, kind, at) for column, kind in self.mapping.order]
        sorts = [part for part in parts if part is not None]
        return _Dated(row, at, (*sorts, row.line)) if len(sorts) == len(parts) else None

    def sort_part(self, row: Row, column: Column, kind: str, at: Instant) -> Instant | Decimal | str | None:
        if kind == "time":
            return at if column.name == self.mapping.at.name else self.instant(row, column)
        text = self.cell(row, column)
        if kind == "text":
            return text or ""
        number = number_in(text or "")
        if number is None:
            message = f"`{column.name}` must be a number to sort by"
            self.say("bad-number", message, row.cell_place(column.name))
        return number

    # -- facts ---------------------------------------------------------------------------------------------

    def tell(self, subject: str, rows: list[_Dated]) -> None:
        """The facts of one subject, and what is to be remarked on its rows."""
        before: Before = {}
        told: dict[str, list[Fact]] = {}
        done: set[str] = set()
        for rank, dated in enumerate(rows, start=1):
            now = {name: value for name in self.watched if (value := self.cell(dated.row, name)) is not None}
            for number, rule in enumerate(self.mapping.rules, start=1):
                if rule.name in done or not is_met(rule.when, before, now, rank == 1):
                    continue
                if rule.once:
                    done.add(rule.name)
                fact_id = f"{self.row_key(subject, rank, dated.row)}/{number:02d}"
                fact = self.fact(subject, fact_id, dated, rule)
                if fact is not None:
                    told.setdefault(rule.name, []).append(fact)
            for oddity in self.mapping.oddities:
                if is_met(oddity.when, before, now, rank == 1):
                    self.remarks[oddity.name] += 1
                    self.say("odd-row", f"{oddity.name}: {oddity.says}", dated.row.place, severity="warning")
            before.update(now)
        for comparison in self.mapping.comparisons:
            self.compare(comparison, told.get(comparison.rule, []), rows[-1].row)
        for facts in told.values():
            self.facts.extend(facts)

    def row_key(self, subject: str, rank: int, row: Row) -> str:
        """The rank stands before an id of the row's own, so that facts of one instant sort as the rows do."""
        own = self.cell(row, self.mapping.row_id) if self.mapping.row_id else None
        return f"{subject}/{rank:05d}/{own}" if own else f"{subject}/{rank:05d}"

    def fact(self, subject: str, fact_id: str, dated: _Dated, rule: Rule) -> Fact | None:
        row = dated.row
        fact_type = self.value(row, rule.type)
        found = len(self.findings)
        at = self.instant(row, rule.at) if rule.at else dated.at
        if not isinstance(fact_type, str):
            if rule.type.column and self.cell(row, rule.type.column) is None:
                place = row.cell_place(rule.type.column.name)
                self.say("missing-type", "the row does not say what happened", place, rule.place)
            return None
        if at is None:
            if rule.at and len(self.findings) == found:
                self.say(
                    "missing-time", f"`{rule.at.name}` is missing", row.cell_place(rule.at.name), rule.place
                )
            return None
        recorded_at = self.instant(row, self.mapping.recorded) if self.mapping.recorded else None
        fact = Fact(
            id=fact_id,
            source=self.mapping.source,
            type=fact_type,
            at=at,
            recorded_at=at if recorded_at is None else recorded_at,
            subject=subject,
            data=self.values(row, rule.data),
            private=self.values(row, rule.private),
            place=row.place,
        )
        if fact_type not in FACT_TYPES and fact_type not in self.declared:
            return fact  # the mapping has been told that some agreement must declare it
        return fact if self.is_good(fact, rule, row) else None

    def is_good(self, fact: Fact, rule: Rule, row: Row) -> bool:
        sources = dict(rule.data)
        good = True
        for fault in faults_of(fact, self.declared):
            good = good and fault.severity != "error"
            source = sources.get(fault.path[-1])
            place = row.cell_place(source.column.name) if source and source.column else row.place
            also = source.place if source else rule.place
            self.say(fault.code, fault.message, place, also, way_out=fault.way_out, severity=fault.severity)
        return good

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
            place = row.cell_place(source.column.name) if source.column else row.place
            self.say(fault.code, fault.message, place, source.place, way_out=fault.way_out)
            return None

    # -- what disagrees ------------------------------------------------------------------------------------

    def compare(self, comparison: Comparison, facts: list[Fact], last_row: Row) -> None:
        """Hold the fact against the column, as it stands in the last row of the subject."""
        name, column = comparison.name, comparison.column
        place = last_row.cell_place(column.name)
        at = self.instant(last_row, column)
        if not facts:
            if at is not None:
                self.remarks[f"{name}: no row says so"] += 1
                message = f"{name}: `{column.name}` is {last_row.cells[column.name]}, but no row says so"
                self.say("no-such-row", message, place, severity="warning")
            return
        index = -1 if comparison.last else 0
        fact = facts[index]
        if at is None:
            self.remarks[f"{name}: missing"] += 1
            message = f"{name}: `{column.name}` is missing, the rows say {format_instant(fact.at)}"
            self.say("missing-value", message, place, fact.where, severity="note")
        elif at != fact.at:
            self.remarks[name] += 1
            column_at, rows_at = format_instant(at), format_instant(fact.at)
            decides = "column decides" if comparison.column_decides else "rows decide"
            message = f"{name}: `{column.name}` says {column_at}, the rows say {rows_at}; the {decides}"
            self.say("values-disagree", message, place, fact.where, severity="warning")
            if comparison.column_decides:
                recorded_at = at if fact.recorded_at == fact.at else fact.recorded_at
                facts[index] = replace(fact, at=at, recorded_at=recorded_at)


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
