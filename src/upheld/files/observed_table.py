"""From a table to observations, by a mapping: every row is one observation of the component it names.

The result is written as a file of observations, so that a mapping is the only thing a new source needs.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from upheld.core.facts.fact import Value
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.finding import Finding, in_order
from upheld.files.csv_rows import read_table
from upheld.files.mapping import TableMapping
from upheld.files.row_reading import RowReading, missing_columns
from upheld.files.table import TableSummary


class Observed(NamedTuple):
    """One observation: of which component, when, and its other columns."""

    at: Instant
    component: str
    values: tuple[tuple[str, Value], ...]


class ObservationImport(NamedTuple):
    """The observations by component and time, everything to tell, and the counts (by component)."""

    observations: tuple[Observed, ...]
    findings: tuple[Finding, ...]
    summary: TableSummary


def import_observations(path: Path | str, mapping: TableMapping) -> ObservationImport:
    """The observations of a CSV file as the mapping tells them. OSError if the file cannot be opened.

    A row that cannot be read is a finding and left out; so is one that lacks a value that its kind needs.
    """
    table = read_table(path, mapping.delimiter)
    missing = list(missing_columns(table, mapping))
    if missing:
        rows = len(table.rows) + table.broken
        return ObservationImport((), in_order([*table.findings, *missing]), TableSummary(rows, rows))
    reading = RowReading(mapping, table)
    found: list[Observed] = []
    for component, dated_rows in sorted(reading.by_subject().items()):
        for dated in dated_rows:
            told = len(reading.findings)
            values = reading.values(dated.row, mapping.values)
            if len(reading.findings) > told:
                reading.left_out += 1
                continue
            found.append(Observed(dated.at, component, tuple(values.items())))
    summary = TableSummary(
        rows=len(table.rows) + table.broken,
        rows_left_out=reading.left_out + table.broken,
        subjects=reading.subjects,
        facts=tuple(sorted(Counter(one.component for one in found).items())),
    )
    return ObservationImport(tuple(found), in_order([*table.findings, *reading.findings]), summary)


def write_observations(observations: Sequence[Observed], mapping: TableMapping) -> str:
    """The text of a `.observations.csv` file. `until` and `at` are RFC 3339 in UTC."""
    names = [name for name, _ in mapping.values]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["at", "component", *names])
    for one in observations:
        values = dict(one.values)
        writer.writerow([format_instant(one.at), one.component, *(_cell(values.get(name)) for name in names)])
    return text.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
