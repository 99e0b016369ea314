"""Real recordings, evaluated: `python -m tests.recordings FOLDER`. Fails where the recordings are missing.

The help desk: 890 incidents become facts by the mapping in examples/helpdesk, are evaluated under the
agreement there, and every breach is explained by its number and added up again from its explanation. The
status page: see `site_recording`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import explain
from upheld.core.clocks.counting import measured
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.finding import Finding
from upheld.files.facts_file import write_facts
from upheld.files.folder import Folder, read_book
from upheld.files.mapping import read_mapping
from upheld.files.table import TableImport, import_table

from .site_recording import status_page

EXAMPLE = Path(__file__).parents[1] / "examples" / "helpdesk"
INCIDENTS = 890
AT = parse_instant("2016-12-31T00:00:00Z")
DISAGREEMENTS = ("values-disagree", "missing-value", "row-too-early", "odd-row")


def imported(path: Path) -> TableImport:
    """The facts of the recording."""
    mapping_path = EXAMPLE / "mapping.yaml"
    mapping, findings = read_mapping(mapping_path.read_bytes(), str(mapping_path))
    assert mapping is not None, findings
    result = import_table(path, mapping)
    assert not [finding for finding in result.findings if finding.severity == "error"], result.findings
    assert result.summary.subjects == INCIDENTS, result.summary
    return result


def book_of(result: TableImport) -> Folder:
    """The recording under the example's agreement, its facts read back from a file."""
    with TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.jsonl"
        facts.write_text(write_facts(result.facts), encoding="utf-8")
        book = read_book([EXAMPLE, facts])
    assert not book.findings, book.findings
    assert book.log == FactLog(result.facts), "facts written and read again are the same facts"
    return book


def totals(report: Report) -> list[str]:
    """How many incidents each commitment was kept for, each with its n."""
    counts: dict[str, Counter[str]] = {}
    for _, _, verdict in report.numbered():
        counts.setdefault(verdict.key.commitment, Counter())[verdict.state] += 1
    lines = []
    for commitment, states in counts.items():
        told = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
        lines.append(f"{commitment}: n = {states.total()}: {told}")
    return lines


def explained(book: Folder, report: Report) -> int:
    """Every breach and miss explained by its number, and the counted time added up step by step."""
    numbers = [(n, verdict) for n, _, verdict in report.numbered() if verdict.is_late]
    for number, verdict in numbers:
        (one,) = explain(book, report, f"#{number}", verdict.key.commitment)
        elapsed_us, late_us = measured(verdict, one.terms.calendars, report.at)
        assert elapsed_us is not None, verdict
        assert late_us is not None, verdict
        assert late_us > 0, verdict
        assert verdict.budget_us is not None, verdict
        assert elapsed_us - verdict.budget_us == late_us, verdict
        if verdict.stopped_at is not None:  # the steps of one that is still open end where it became late
            assert sum(step.counted_us or 0 for step in one.steps) == elapsed_us, verdict
    return len(numbers)


def own_verdict(report: Report, result: TableImport) -> str:
    """How often the desk's own flag agrees with our resolution (our targets are not the desk's)."""
    own = {f.subject: f.data.get("desk_made_sla") for f in result.facts if "desk_made_sla" in f.data}
    ours = {
        verdict.key.subject: not verdict.is_late
        for _, _, verdict in report.numbered()
        if verdict.key.commitment == "resolution"
    }
    both = [subject for subject in ours if subject in own]
    same = sum(ours[subject] is own[subject] for subject in both)
    return f"the desk's own verdict (it does not name its targets): n = {len(both)}, {same} the same as ours"


def disagreements(findings: tuple[Finding, ...]) -> list[str]:
    """Where the recording contradicts itself, each by line."""
    found = [finding for finding in findings if finding.code in DISAGREEMENTS]
    counts = Counter(finding.code for finding in found)
    told = ", ".join(f"{n} {code}" for code, n in sorted(counts.items()))
    return [f"the recording disagrees with itself: n = {len(found)}: {told}", *map(str, found)]


def help_desk(folder: Path) -> None:
    """The help-desk recording from table to explained breaches."""
    path = folder / "helpdesk_events.csv"
    if not path.is_file():
        raise SystemExit(
            f"there is no {path}; say where the recordings are: make recordings RECORDINGS=FOLDER"
        )
    result = imported(path)
    book = book_of(result)
    report = evaluate(book, AT)
    print(f"help desk: {result.summary.rows:,} rows, {INCIDENTS} incidents, {len(result.facts):,} facts")
    print("\n".join(totals(report)))
    print(own_verdict(report, result))
    print(f"explained by number and added up again: n = {explained(book, report)}")
    print("\n".join(disagreements(result.findings)))


if __name__ == "__main__":
    help_desk(Path(sys.argv[1]))
    status_page(Path(sys.argv[1]))
    print("1 passed, 0 failed")
