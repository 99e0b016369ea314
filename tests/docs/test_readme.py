"""The first screen: one sentence, a short agreement, one command with what it prints, one true picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.docs.pages import ROOT, blocks_of
from upheld.book.evaluate import evaluate
from upheld.core.timeline.instant import MINUTE, parse_instant
from upheld.files.folder import read_book

README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = ROOT / "examples" / "first"
AT = parse_instant("2026-05-29T10:00:00Z")
SVG = "{http://www.w3.org/2000/svg}"
UNITS_A_MINUTE = 2
FRIDAY = (40, parse_instant("2026-05-22T16:00:00+02:00"))
TUESDAY = (420, parse_instant("2026-05-26T08:30:00+02:00"))


def test_the_first_screen_has_an_agreement_a_command_and_a_picture() -> None:
    """Above the first section stand one agreement of at most 25 lines, one command and one picture."""
    screen = README.partition("\n## ")[0]
    agreement, command = blocks_of(screen.splitlines())
    assert agreement.file == "examples/first/agreement.yaml"
    assert agreement.end - agreement.start <= 25
    body = screen.splitlines()[command.start : command.end]
    assert [line for line in body if line.startswith("$ ")] == [body[0]]
    assert screen.count("](docs/picture.svg)") == 1


def test_the_readme_shows_every_file_of_its_example() -> None:
    """Agreement, contract and facts stand in the README as they are in the folder."""
    lines = README.splitlines()
    shown = {
        block.file: "\n".join(lines[block.start : block.end]) for block in blocks_of(lines) if block.file
    }
    written = {path for path in EXAMPLE.iterdir() if path.suffix in (".yaml", ".jsonl")}
    assert {ROOT / name for name in shown} == written
    for name, text in shown.items():
        assert text + "\n" == (ROOT / name).read_text("utf-8")


def _boxes() -> dict[str, tuple[float, float]]:
    tree = ElementTree.parse(ROOT / "docs" / "picture.svg")
    return {
        str(box.get("id")): (float(str(box.get("x"))), float(str(box.get("width"))))
        for box in tree.iter(f"{SVG}rect")
        if box.get("id")
    }


def _drawn(panel: tuple[int, int], start_at: int, end_at: int) -> tuple[float, float]:
    x, from_at = panel
    return x + (start_at - from_at) / MINUTE * UNITS_A_MINUTE, (end_at - start_at) / MINUTE * UNITS_A_MINUTE


def test_the_picture_is_drawn_from_the_verdict() -> None:
    """Every bar of the picture lies, to scale, where calendar and verdict of the example have it."""
    report = evaluate(read_book([EXAMPLE]), AT)
    _, terms, verdict = next(report.numbered())
    started_at, due_at, stopped_at = verdict.started_at, verdict.due_at, verdict.stopped_at
    assert started_at is not None
    assert due_at is not None
    assert stopped_at is not None
    support = terms.calendars["support"].spans
    fri_open, tue_open = (
        next(iter(support.clip(at, at + minutes * MINUTE)))
        for (_, at), minutes in ((FRIDAY, 120), (TUESDAY, 150))
    )
    assert _boxes() == {
        "open-fri": _drawn(FRIDAY, *fri_open),
        "open-tue": _drawn(TUESDAY, *tue_open),
        "counted-fri": _drawn(FRIDAY, started_at, fri_open[1]),
        "counted-tue": _drawn(TUESDAY, tue_open[0], due_at),
        "late": _drawn(TUESDAY, due_at, stopped_at),
    }


def test_the_picture_tells_the_same_in_words() -> None:
    """The picture carries its text equivalent, and the README gives one beside it."""
    description = ElementTree.parse(ROOT / "docs" / "picture.svg").find(f"{SVG}desc")
    assert description is not None
    for text in ("16:30", "17:00", "09:00", "10:30", "10:41", "11 minutes late"):
        assert text in str(description.text)
        assert text in README.partition("![")[2].partition("]")[0]


def test_what_the_readme_names_is_there() -> None:
    """The make targets of the README exist."""
    makefile = Path(ROOT / "Makefile").read_text("utf-8")
    for target in ("run", "test"):
        assert f"\nmake {target} " in README
        assert f"\n{target}: " in makefile
