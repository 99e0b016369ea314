"""The shipped month as it is drawn: the pages as they were looked at, and what holds of all of them."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from rich.text import Text

from upheld.book.evaluate import Report, evaluate
from upheld.cli import due_command, evaluate_command, explain_command
from upheld.cli.book_arguments import book_of
from upheld.cli.main import main
from upheld.core.clocks.counting import measured
from upheld.core.timeline.instant import parse_instant
from upheld.files.folder import Folder
from upheld.render.terminal.clock import stretches_of

pytestmark = pytest.mark.slow  # opens a month of probes

ROOT = Path(__file__).parents[3]
EXPECTED = Path(__file__).parent / "expected"
END, MIDDLE = "2026-07-01T00:00:00Z", "2026-06-15T10:00:00Z"
BOOK = (str(ROOT / "agreements"), str(ROOT / "demo"))
PAGES = {
    "summary": ("evaluate", *BOOK, "--at", END, "--summary"),
    "due": ("due", *BOOK, "--at", MIDDLE, "--horizon", "3d"),
    "late": ("explain", *BOOK, "RS-4109", "--commitment", "response", "--at", END),
    "waited": ("explain", *BOOK, "RS-4111", "--commitment", "resolution", "--at", END),
    "uptime": ("explain", *BOOK, "431", "--at", END),
    "credit": ("explain", *BOOK, "591", "--at", END),
}
WIDTHS = (40, 80, 120, 200)
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@cache
def book() -> Folder:
    """The shipped agreements on the shipped facts."""
    return book_of([ROOT / "agreements", ROOT / "demo"])


@cache
def report(at: str) -> Report:
    """What they come to at an instant."""
    return evaluate(book(), parse_instant(at))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Drawn:
    """Draws pages on a terminal; the month is opened once."""
    for command in (due_command, evaluate_command, explain_command):
        monkeypatch.setattr(command, "report_of", lambda options, words: (book(), report(options.at)))
    return Drawn(monkeypatch, capsys)


class Drawn:
    """What commands print on a terminal of so many columns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def page(
        self, words: tuple[str, ...], columns: int, colour: str = "never", encoding: str = "utf-8"
    ) -> str:
        """What a command prints."""
        self.monkeypatch.setenv("COLUMNS", str(columns))
        with self.monkeypatch.context() as patch:
            patch.setattr("sys.stdout.isatty", lambda: True)
            patch.setattr("upheld.cli.drawing.encoding", lambda: encoding)
            assert main([*words, "--color", colour]) == 0
        return self.capsys.readouterr().out

    def plain(self, words: tuple[str, ...]) -> str:
        """What it prints into a file."""
        assert main([*words]) == 0
        return self.capsys.readouterr().out


def _compared(name: str, found: str, accept: bool) -> None:
    path = EXPECTED / name
    if accept:
        path.write_text(found, encoding="utf-8")
    assert path.read_text("utf-8") == found


@pytest.mark.accepts
@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_as_expected(name: str, columns: int, drawn: Drawn, accept: bool) -> None:
    """Narrow, usual, wide and very wide, without colour; no line is wider."""
    found = drawn.page(PAGES[name], columns)
    assert all(Text(line).cell_len <= columns for line in found.split("\n"))
    _compared(f"{name}-{columns}.txt", found, accept)


@pytest.mark.accepts
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_coloured_as_expected(name: str, drawn: Drawn, accept: bool) -> None:
    """The same page, with escape sequences (ESC is told as ␛)."""
    found = drawn.page(PAGES[name], 80, "always")
    assert COLOUR.sub("", found) == drawn.page(PAGES[name], 80)
    _compared(f"{name}-80-colour.txt", found.replace("\x1b", "␛"), accept)


@pytest.mark.accepts
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_in_ascii(name: str, drawn: Drawn, accept: bool) -> None:
    """For terminals that have nothing else."""
    found = drawn.page(PAGES[name], 80, encoding="ascii")
    assert found.isascii()
    _compared(f"{name}-80-ascii.txt", found, accept)


@pytest.mark.parametrize("columns", [40, 97, 200])
def test_the_whole_report_fits_and_says_every_word(columns: int, drawn: Drawn) -> None:
    """Every contract in full: what the plain text says is drawn, and no line is wider than the terminal."""
    words = ("evaluate", *BOOK, "--at", END)
    told = drawn.page(words, columns)
    assert all(Text(line).cell_len <= columns for line in told.split("\n"))
    missing = set(drawn.plain(words).split()) - set(told.split())
    assert {word for word in missing if set(word) - set("=·")} == set()


@pytest.mark.parametrize("asked", ["RS-4109", "2026-06", "credit", "refund", "annual review"])
def test_an_explanation_says_every_word(asked: str, drawn: Drawn) -> None:
    """All but brackets around a promise and the colon of a heading, which stand on branches of their own."""
    words = ("explain", *BOOK, asked, "--at", END)
    told, plain = (
        {word.rstrip(":") for word in re.findall(r"[^\s(),;]+", page)}
        for page in (drawn.page(words, 200), drawn.plain(words))
    )
    assert {word for word in plain - told if set(word) - set("-")} == set()


def test_the_line_of_a_clock_adds_up_to_what_was_counted() -> None:
    """Of every cycle of the month: what was counted and what was late are the time of the verdict."""
    found = report(END)
    seen = 0
    for _, terms, verdict in found.numbered():
        stretches = stretches_of(terms, verdict, found.at)
        elapsed_us, _ = measured(verdict, terms.calendars, found.at)
        if not stretches or verdict.anchor_at is None:
            continue
        counted = [one.end_at - one.start_at for one in stretches if one.kind in ("counted", "late")]
        assert sum(counted) == elapsed_us, verdict.key
        assert all(a.end_at == b.start_at for a, b in pairwise(stretches))
        seen += 1
    assert seen > 300
