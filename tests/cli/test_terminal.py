"""What is drawn and what is not: on a terminal, into a pipe, with and without colour, by the real command."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from upheld.cli import evaluate_command
from upheld.cli.demo_command import AT
from upheld.cli.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FIRST = ("examples/first", "--at", "2026-05-29T10:00:00Z")
COMMANDS = {
    "due": ("due", *FIRST, "--horizon", "8h"),
    "evaluate": ("evaluate", *FIRST),
    "explain": ("explain", "examples/first", "T-1", *FIRST[1:]),
    "readings": ("explain", "examples/first", "T-1", *FIRST[1:], "--readings"),
}
ESCAPE = "\x1b["
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def on_terminal(words: tuple[str, ...], columns: int = 80, **environment: str) -> str:
    """What the command prints on a pseudo-terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        _command(words),
        cwd=ROOT,
        env=_environment(environment),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 65536):
            told += part
    except OSError:  # that is how Linux says that nobody writes any more
        pass
    os.close(ours)
    assert process.wait() == 0, told
    return told.decode("utf-8").replace("\r\n", "\n")


def piped(words: tuple[str, ...], **environment: str) -> str:
    """What it prints into a pipe."""
    ran = subprocess.run(
        _command(words),
        cwd=ROOT,
        env=_environment(environment),
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.decode("utf-8")


def _command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-c", "import sys; from upheld.cli import main; sys.exit(main())", *words]


def _environment(given: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return {**kept, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **given}


def widest(told: str) -> int:
    """How wide the widest line is, without colours."""
    return max(len(line) for line in COLOUR.sub("", told).split("\n"))


def test_a_terminal_gets_a_drawing_as_wide_as_it_is() -> None:
    """In colour; COLUMNS says more than the terminal does."""
    told = on_terminal(COMMANDS["due"], 72)
    assert ESCAPE in told
    assert "█" in told
    assert widest(told) <= 72
    narrow = on_terminal(COMMANDS["due"], 72, COLUMNS="40")
    assert widest(narrow) <= 40
    assert widest(on_terminal(COMMANDS["due"], 10)) <= 40


@pytest.mark.parametrize(
    ("options", "environment"),
    [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--color", "never"), {})],
)
def test_without_colour_it_is_the_same_drawing(options: tuple[str, ...], environment: dict[str, str]) -> None:
    """By NO_COLOR, on a dumb terminal, or because it is asked for: no escape sequence, every word."""
    told = on_terminal((*COMMANDS["explain"], *options), **environment)
    assert "\x1b" not in told
    assert told == COLOUR.sub("", on_terminal(COMMANDS["explain"]))


def test_colour_that_is_asked_for_is_given() -> None:
    """Before NO_COLOR and a dumb terminal; an empty NO_COLOR says nothing."""
    asked = on_terminal((*COMMANDS["due"], "--color", "always"), NO_COLOR="1", TERM="dumb")
    assert asked == on_terminal(COMMANDS["due"]) == on_terminal(COMMANDS["due"], NO_COLOR="")


@pytest.mark.parametrize("name", COMMANDS)
def test_into_a_pipe_goes_plain_text(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row a line, as the documentation shows it; with `never` and `auto` alike."""
    monkeypatch.chdir(ROOT)
    told = piped(COMMANDS[name])
    assert "\x1b" not in told
    assert "█" not in told
    assert told == piped((*COMMANDS[name], "--color", "never"), NO_COLOR="1")
    assert main([*COMMANDS[name]]) == 0
    assert told == capsys.readouterr().out


def test_colour_into_a_pipe_is_drawn() -> None:
    """For `less -R`: as wide as COLUMNS, or as is usual where there is no terminal at all."""
    always = (*COMMANDS["evaluate"], "--color", "always")
    told = piped(always)
    assert ESCAPE in told
    assert 60 < widest(told) <= 80
    assert widest(piped(always, COLUMNS="50")) <= 50


def test_json_is_never_drawn() -> None:
    """On a terminal and in colour it is what it is in a file."""
    words = (*COMMANDS["explain"], "--format", "json")
    assert on_terminal((*words, "--color", "always")) == piped(words)


def test_the_demo_is_asked_as_evaluate_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option has the value that `evaluate` would give it: what is drawn and told is the same."""
    asked = []
    monkeypatch.setattr(evaluate_command, "run", lambda options: asked.append(vars(options)) or 0)
    assert main(["demo", "--summary", "--color", "always"]) == 0
    book = [str(ROOT / "agreements"), str(ROOT / "demo")]
    assert main(["evaluate", *book, "--at", AT, "--summary", "--color", "always"]) == 0
    demo, evaluated = asked
    assert demo == {**evaluated, "command": "demo"}


def test_readings_are_drawn_beside_each_other() -> None:
    """The explanation as a tree, then what it would be, in the columns that there are."""
    told = on_terminal(COMMANDS["readings"], 60, NO_COLOR="1")
    assert "└── =>" in told
    assert widest(told) <= 60


def test_a_terminal_without_utf_8_gets_ascii() -> None:
    """No character that its encoding has not, and nothing fails."""
    told = on_terminal(COMMANDS["explain"], PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert told.isascii()
    assert "`-- =>" in told


def test_what_a_stranger_wrote_commands_no_terminal(tmp_path: Path) -> None:
    """A ticket id with markup, an escape sequence and a line end is printed as text."""
    for name in ("agreement.yaml", "contract.yaml"):
        text = (ROOT / "examples" / "first" / name).read_text("utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    facts = (ROOT / "examples" / "first" / "facts.jsonl").read_text("utf-8")
    hostile = r"[bold red]T\u001b[2J\n#9 met[/]"
    (tmp_path / "facts.jsonl").write_text(facts.replace('"T-1"', f'"{hostile}"'), encoding="utf-8")
    at = FIRST[1:]
    for words in (("evaluate", str(tmp_path), *at), ("explain", str(tmp_path), "#2", *at)):
        told = on_terminal(words, 100)
        assert r"[bold red]T\x1b[2J\n#9 met[/]" in COLOUR.sub("", told)
        assert "\x1b[2J" not in told


@pytest.mark.parametrize("words", [("check", "examples/first"), COMMANDS["due"], COMMANDS["evaluate"]])
def test_what_is_not_drawn_loads_no_library_for_drawing(words: tuple[str, ...]) -> None:
    """`check` never, the others only on a terminal."""
    code = (
        "import sys; from upheld.cli.main import main; main(sys.argv[1:]);"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('rich', 'babel')]"
    )
    ran = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True)
    assert ran.returncode == 0, ran.stderr
