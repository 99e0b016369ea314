"""What every command prints alike: findings, exit codes, instants given as words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from upheld.core.finding import Finding, has_errors
from upheld.core.instant import Instant, instant_of, parse_instant

DONE, DOES_NOT_HOLD, WRONG_USE, OUR_FAULT = range(4)


class Stop(Exception):  # noqa: N818 - it ends a command, it is not a fault of the program
    """Ends the command with a message on standard error and an exit code."""

    def __init__(self, message: str, code: int = WRONG_USE) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def now() -> Instant:
    """The instant at which the command runs: the one place where the command line reads the clock."""
    return instant_of(datetime.now(UTC))  # noqa: TID251 - the composition may read the clock


def instant(text: str | None, name: str = "--at") -> Instant:
    """An instant given as a word, now if none is."""
    if text is None or text == "now":
        return now()
    try:
        return parse_instant(text)
    except ValueError as fault:
        raise Stop(f"upheld: {name} {text}: {fault}") from None


def tell(findings: Iterable[Finding]) -> None:
    """Findings on standard error."""
    for finding in findings:
        print(_visible(str(finding)), file=sys.stderr)


def refuse(findings: Sequence[Finding]) -> None:
    """Stops if there is an error among the findings, after all of them were told."""
    if has_errors(findings):
        tell(findings)
        errors = sum(finding.severity == "error" for finding in findings)
        raise Stop(f"upheld: {errors} {'error' if errors == 1 else 'errors'}; nothing was evaluated")


def paths(words: Iterable[str]) -> list[Path]:
    """Files and folders that are there."""
    found = [Path(word) for word in words]
    missing = [str(path) for path in found if not path.exists()]
    if missing:
        raise Stop("\n".join(f"upheld: there is no file or folder {name}" for name in missing))
    return found


def text_of(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a file, at most one more than `limit`."""
    try:
        with path.open("rb") as file:
            return file.read() if limit is None else file.read(limit + 1)
    except OSError as fault:
        raise Stop(f"upheld: {path}: {fault.strerror or fault}") from None


def show(lines: Iterable[str]) -> None:
    """Lines on standard output, with control characters made visible."""
    sys.stdout.write("".join(f"{_visible(line)}\n" for line in lines))


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format text|json`, which every command has."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default) or json")


def _visible(text: str) -> str:
    """Texts come from strangers: an escape sequence must not reach the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
