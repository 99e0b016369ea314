"""From a table to facts, by a mapping: a row is an event, or the state of a subject after an update.

The rows of a subject are put in order and each is held against the one before it. A fact's id is its subject,
the rank of its row, its row's own id if it has one, and the number of its rule, so importing a table twice
gives the same facts, and facts of one minute sort as their rows and rules do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_check import NO_TYPES, faults_of
from upheld.core.facts.fact_types import FACT_TYPES, FactType
from upheld.core.timeline.instant import format_instant
from upheld.core.values.finding import Finding, has_errors, in_order
from upheld.core.values.frozen import dataclass, replace
from upheld.files.csv_rows import Row, Table, read_table
from upheld.files.mapping import Comparison, Rule, TableMapping
from upheld.files.row_conditions import Before, is_met
from upheld.files.row_reading import Dated, RowReading, missing_columns


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
    if missing := list(missing_columns(table, mapping)):
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


class _Telling(RowReading):
    """One import: the facts and counts so far."""

    def __init__(self, mapping: TableMapping, declared: Mapping[str, FactType], table: Table) -> None:
        super().__init__(mapping, table)
        self.declared = declared
        self.facts: list[Fact] = []
        conditions = [
            condition
            for when in (
                *(rule.when for rule in mapping.rules),
                *(oddity.when for oddity in mapping.oddities),
            )
            for condition in when.conditions
        ]
        self.watched = frozenset(condition.column.name for condition in conditions)

    # -- facts ---------------------------------------------------------------------------------------------

    def tell(self, subject: str, rows: list[Dated]) -> None:
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
                    self.say("odd-row", f"{oddity.name}: {oddity.says}", dated.row, None, severity="warning")
            before.update(now)
        for comparison in self.mapping.comparisons:
            self.compare(comparison, told.get(comparison.rule, []), rows[-1].row)
        for facts in told.values():
            self.facts.extend(facts)

    def row_key(self, subject: str, rank: int, row: Row) -> str:
        """The rank stands before an id of the row's own, so that facts of one instant sort as the rows do."""
        own = self.cell(row, self.mapping.row_id) if self.mapping.row_id else None
        return f"{subject}/{rank:05d}/{own}" if own else f"{subject}/{rank:05d}"

    def fact(self, subject: str, fact_id: str, dated: Dated, rule: Rule) -> Fact | None:
        row = dated.row
        fact_type = self.value(row, rule.type)
        found = len(self.findings)
        at = self.instant(row, rule.at) if rule.at else dated.at
        if not isinstance(fact_type, str):
            if rule.type.column and self.cell(row, rule.type.column) is None:
                message = "the row does not say what happened"
                self.say("missing-type", message, row, rule.type.column, rule.place)
            return None
        if at is None:
            if rule.at and len(self.findings) == found:
                self.say("missing-time", f"`{rule.at.name}` is missing", row, rule.at, rule.place)
            return None
        recorded_at = self.instant(row, self.mapping.recorded) if self.mapping.recorded else None
        found = len(self.findings)
        data, private = self.values(row, rule.data), self.values(row, rule.private)
        is_whole = not has_errors(self.findings[found:])  # what cannot be read is not what is missing
        fact = Fact(
            id=fact_id,
            source=self.mapping.source,
            type=fact_type,
            at=at,
            recorded_at=at if recorded_at is None else recorded_at,
            subject=subject,
            data=data,
            private=private,
            place=row.place,
        )
        if fact_type not in FACT_TYPES and fact_type not in self.declared:
            return fact if is_whole else None  # the mapping has been told that an agreement must declare it
        return fact if self.is_good(fact, rule, row) and is_whole else None

    def is_good(self, fact: Fact, rule: Rule, row: Row) -> bool:
        sources = dict(rule.data)
        good = True
        for fault in faults_of(fact, self.declared):
            good = good and fault.severity != "error"
            source = sources.get(fault.path[-1])
            column, also = (source.column, source.place) if source else (None, rule.place)
            self.say(
                fault.code, fault.message, row, column, also, way_out=fault.way_out, severity=fault.severity
            )
        return good

    # -- what disagrees ------------------------------------------------------------------------------------

    def compare(self, comparison: Comparison, facts: list[Fact], last_row: Row) -> None:
        """Hold the fact against the column, as it stands in the last row of the subject."""
        name, column = comparison.name, comparison.column
        at = self.instant(last_row, column)
        if not facts:
            if at is not None:
                self.remarks[f"{name}: no row says so"] += 1
                message = f"{name}: `{column.name}` is {last_row.cells[column.name]}, but no row says so"
                self.say("no-such-row", message, last_row, column, severity="warning")
            return
        index = -1 if comparison.last else 0
        fact = facts[index]
        if at is None:
            self.remarks[f"{name}: missing"] += 1
            message = f"{name}: `{column.name}` is missing, the rows say {format_instant(fact.at)}"
            self.say("missing-value", message, last_row, column, fact.where, severity="note")
        elif at != fact.at:
            self.remarks[name] += 1
            column_at, rows_at = format_instant(at), format_instant(fact.at)
            decides = "column decides" if comparison.column_decides else "rows decide"
            message = f"{name}: `{column.name}` says {column_at}, the rows say {rows_at}; the {decides}"
            self.say("values-disagree", message, last_row, column, fact.where, severity="warning")
            if comparison.column_decides:
                recorded_at = at if fact.recorded_at == fact.at else fact.recorded_at
                facts[index] = replace(fact, at=at, recorded_at=recorded_at)
