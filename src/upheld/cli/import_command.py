"""`upheld import`: a table turned into facts, or into observations."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from upheld.cli.output import (
    DONE,
    SHOWN,
    WRONG_USE,
    Stop,
    add_format,
    named_target,
    paths,
    refuse,
    tell,
    text_of,
    write_whole,
)
from upheld.core.timeline.words import count
from upheld.core.values.finding import Finding, has_errors
from upheld.files.facts_file import write_facts
from upheld.files.mapping import TableMapping, read_mapping
from upheld.files.observed_table import import_observations, write_observations
from upheld.files.table import TableSummary, import_table
from upheld.language.reader import MAX_BYTES
from upheld.render.records import Record, dumps, findings_record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    table = forms.add_parser("csv", help="a CSV file, read as a mapping file says")
    table.add_argument("file", metavar="FILE", help="the table")
    table.add_argument(
        "--mapping", required=True, metavar="MAPPING", help="the YAML file that says what its columns mean"
    )
    table.add_argument(
        "--out",
        type=named_target,
        metavar="FILE",
        help="where to write the facts (JSON lines) or observations (CSV); default: standard output",
    )
    table.add_argument(
        "--all-findings", action="store_true", help=f"list every finding, not {SHOWN} of each cause"
    )
    add_format(table)


def run(options: argparse.Namespace) -> int:
    """Writes what the table tells, and tells what is odd in it."""
    source, mapping_path = paths([options.file, options.mapping])
    mapping, findings = read_mapping(text_of(mapping_path, MAX_BYTES), str(mapping_path))
    if mapping is None:
        refuse(findings, "imported")
    assert mapping is not None
    if options.format == "json" and not options.out:
        raise Stop("upheld: with --format json the result needs a file of its own: add --out FILE")
    text, summary, found = _imported(source, mapping)
    told = (*findings, *found)
    if options.format == "json":
        write_whole(Path(options.out), text)
        print(dumps(_record(summary, told)), end="")
        return WRONG_USE if has_errors(told) else DONE
    tell(told, every=options.all_findings)
    _count(told)
    if options.out:
        write_whole(Path(options.out), text)
    else:
        sys.stdout.write(text)
    for line in _summary(summary):
        print(line, file=sys.stderr)
    return WRONG_USE if has_errors(told) else DONE


def _imported(source: Path, mapping: TableMapping) -> tuple[str, TableSummary, tuple[Finding, ...]]:
    """The text to write, the counts, and everything to tell."""
    if mapping.observed:
        observed = import_observations(source, mapping)
        return write_observations(observed.observations, mapping), observed.summary, observed.findings
    result = import_table(source, mapping)
    return write_facts(result.facts), result.summary, result.findings


def _record(summary: TableSummary, findings: Sequence[Finding]) -> Record:
    return {
        "rows": summary.rows,
        "rows_left_out": summary.rows_left_out,
        "subjects": summary.subjects,
        "facts": dict(summary.facts),
        "remarks": dict(summary.remarks),
        "findings": findings_record(findings),
    }


def _count(findings: Sequence[Finding]) -> None:
    for code, n in sorted(Counter(finding.code for finding in findings).items()):
        print(f"{code}: {n}", file=sys.stderr)


def _summary(summary: TableSummary) -> list[str]:
    left_out = f", {summary.rows_left_out:,} left out" if summary.rows_left_out else ""
    lines = [f"{count(summary.rows, 'row')}{left_out}, {count(summary.subjects, 'subject')}"]
    return [*lines, *(f"  {n:>7,} {name}" for name, n in summary.facts)]
