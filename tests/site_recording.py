"""The status page: 48 sites become observations by the mapping in examples/sites, measured month by month.

Under three greatest ages of a state side by side; every partition is added up and held against a plain walk
over the rows, and every figure is explained.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import explain
from upheld.cli.book_arguments import book_of
from upheld.core.timeline.instant import HOUR, parse_instant
from upheld.files.folder import Folder
from upheld.files.mapping import read_mapping
from upheld.files.observed_table import import_observations, write_observations

EXAMPLE = Path(__file__).parents[1] / "examples" / "sites"
ROWS, SITES = 6_274, 48
AT = parse_instant("2026-07-01T00:00:00Z")
AGES = ("1h", "26h", "49h")
Row = tuple[int, bool]
Shares = dict[tuple[str, str], list[Fraction]]


def read(path: Path, folder: Path) -> Folder:
    """The recording as a book, by the mapping that ships."""
    mapping_path = EXAMPLE / "mapping.yaml"
    mapping, findings = read_mapping(mapping_path.read_bytes(), str(mapping_path))
    assert mapping is not None, findings
    result = import_observations(path, mapping)
    assert result.findings == (), result.findings
    assert (result.summary.rows, result.summary.subjects) == (ROWS, SITES), result.summary
    target = folder / "sites.observations.csv"
    target.write_text(write_observations(result.observations, mapping), encoding="utf-8")
    book = book_of([EXAMPLE, target])
    errors = [finding for finding in book.findings if finding.severity == "error"]
    assert errors == [], errors
    return book


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The recording read once more, plainly."""
    found: dict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["site"]].append((parse_instant(row["observed_at"]), row["state"] == "up"))
    return {site: sorted(rows) for site, rows in found.items()}


def walked(rows: list[Row], age_us: int, start_at: int, end_at: int) -> tuple[int, int]:
    """The time up and down of a month, by walking over the rows."""
    up = down = 0
    for number, (at, is_up) in enumerate(rows):
        until_at = min(rows[number + 1][0] if number + 1 < len(rows) else AT, at + age_us)
        lasted = max(0, min(until_at, end_at) - max(at, start_at))
        up, down = (up + lasted, down) if is_up else (up, down + lasted)
    return up, down


def checked(
    book: Folder, report: Report, rows: dict[str, list[Row]]
) -> dict[tuple[str, str], list[Fraction]]:
    """Every figure held against the walk and explained; the known shares and bounds by age and month."""
    found: Shares = defaultdict(list)
    for number, _, verdict in report.numbered():
        measured = verdict.measurement
        assert measured is not None, verdict
        month, site = verdict.key.subject.split("/")
        age = verdict.key.commitment.rpartition(" ")[2]
        amount = {part.name: part.amount for part in measured.parts}
        length_us = measured.period.length_us
        assert sum(amount.values()) == length_us, verdict.key
        if measured.period.end_at > AT:
            continue
        up, down = walked(rows[site], int(age[:-1]) * HOUR, measured.period.start_at, measured.period.end_at)
        assert (amount.get("up", 0), amount.get("down", 0)) == (up, down), verdict.key
        assert measured.final.low == Fraction(up, length_us), verdict.key
        assert measured.final.high == Fraction(length_us - down, length_us), verdict.key
        (one,) = explain(book, report, f"#{number}")
        assert one.number == number
        found[age, month] += [Fraction(up + down, length_us), measured.final.low, measured.final.high]
    return found


def status_page(folder: Path) -> None:
    """The record of the status page, from table to explained figures."""
    path = folder / "site_checks.csv"
    if not path.is_file():
        raise SystemExit(
            f"there is no {path}; say where the recordings are: make recordings RECORDINGS=FOLDER"
        )
    with TemporaryDirectory() as temporary:
        book = read(path, Path(temporary))
        report = evaluate(book, AT)
        found = checked(book, report, rows_of(path))
    figures = sum(len(shares) // 3 for shares in found.values())
    print(f"status page: {ROWS:,} rows, {SITES} sites, {figures:,} figures explained")
    print("mean over the sites: how much of the month is known; availability at least, at most")
    for month in sorted({month for _, month in found}):
        cells = []
        for age in AGES:
            known, low, high = (sum(found[age, month][n::3]) / SITES for n in range(3))
            cells.append(f"{age}: {float(known):7.2%} known, {float(low):7.2%} to {float(high):7.2%}")
        print(f"  {month}  {' | '.join(cells)}")
