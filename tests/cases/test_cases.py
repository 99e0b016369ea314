"""Small worlds with what comes of them, side by side as text: one folder each.

`case.txt` says at which instant it is asked, and of which book if that is not the folder itself.
`expected.txt` has a line for each verdict: commitment | subject | cycle | state | due | done | late, in the
zone of the contract. `make accept` rewrites it; the difference is justified in the commit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from upheld.book.evaluate import evaluate
from upheld.core.clocks.counting import measured
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.verdicts.verdict import Verdict
from upheld.files.folder import read_book
from upheld.render.words import length, local, until

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted(path.parent.name for path in HERE.glob("*/case.txt"))


@pytest.mark.accepts
@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_out_as_it_is_written(name: str, accept: bool) -> None:
    """Every verdict and finding of the case, in the order in which they are shown."""
    expected = HERE / name / "expected.txt"
    found = said(HERE / name)
    if accept:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    """An empty folder would pass for a good one."""
    assert len(CASES) >= 8


def said(folder: Path) -> str:
    """The text of a case."""
    asked = dict(line.split(": ", 1) for line in (folder / "case.txt").read_text().splitlines())
    at = parse_instant(asked["at"])
    book = read_book([ROOT / asked["book"] if "book" in asked else folder])
    report = evaluate(book, at)
    lines = [
        f"finding | {finding.code} | {Path(place.file).name}:{place.line}"
        for finding in (*book.findings, *report.findings)
        for place in finding.places
    ]
    lines += [" | ".join(cells(terms, verdict, at)) for _, terms, verdict in report.numbered()]
    return "".join(f"{line}\n" for line in lines)


def cells(terms: Terms, verdict: Verdict, at: Instant) -> list[str]:
    """One verdict in the words of a table."""
    zone = terms.calendars["always"].rule.zone
    late_us = measured(verdict, terms.calendars, at)[1]
    done = "-" if verdict.stopped_at is None else local(verdict.stopped_at, zone)
    return [
        verdict.key.commitment,
        verdict.key.subject,
        str(verdict.cycle),
        verdict.state,
        "-" if verdict.due_at is None else until(verdict.due_at, zone),
        done if verdict.count is None else f"{verdict.count} of {verdict.allowed}",
        "-" if late_us is None else length(late_us),
    ]
