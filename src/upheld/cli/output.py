"""What every command prints alike: findings, exit codes, instants given as words."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from errno import EISDIR
from pathlib import Path

from upheld.core.timeline.instant import Instant, instant_of, parse_instant
from upheld.core.values.finding import Finding, has_errors
from upheld.render.words import count, visible

_TO_THE_MINUTE = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$", re.ASCII)
"""What people type for an instant; files are read strictly."""

DONE, DOES_NOT_HOLD, WRONG_USE, OUR_FAULT = range(4)


SHOWN = 3
"""Findings of one cause that are told one by one; the rest are counted."""
NARROWEST = 40
"""No terminal is taken for narrower than this."""


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
        return parse_instant(_TO_THE_MINUTE.sub(r"\1:00\2", text))
    except ValueError as fault:
        raise Stop(f"upheld: {name} {text}: {fault}") from None


def tell(findings: Iterable[Finding], every: bool = False) -> None:
    """Findings on standard error: of those of one cause the first few, and how many more there are."""
    for line in _lines_of(list(findings), sys.maxsize if every else SHOWN):
        print(visible(line), file=sys.stderr)


def _lines_of(findings: Sequence[Finding], most: int) -> Iterator[str]:
    totals = Counter(finding.cause for finding in findings)
    last = {finding.cause: finding.place for finding in findings}
    told: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        cause = finding.cause
        told[cause] += 1
        if told[cause] <= most:
            yield from finding.lines
        if told[cause] == most < totals[cause]:
            where = f" in `{finding.field}`" if finding.field else ""
            more = f"{totals[cause] - most:,} more like these{where}"
            yield f"    and {more}, the last at {last[cause]}"


def refuse(findings: Sequence[Finding], done: str = "evaluated") -> None:
    """Stops if there is an error among the findings, after all of them were told: nothing was `done`."""
    if has_errors(findings):
        tell(findings)
        errors = sum(finding.severity == "error" for finding in findings)
        raise Stop(f"upheld: {count(errors, 'error')}; nothing was {done}")


def paths(words: Iterable[str]) -> list[Path]:
    """Files and folders that are there."""
    found = [Path(word) for word in words]
    missing = [str(path) for path in found if not path.exists()]
    if missing:
        raise Stop("\n".join(f"upheld: there is no file or folder {name}" for name in missing))
    return found


def file_at(word: str, of: str) -> Path:
    """A file that is there; a folder is refused with what to give instead: the file of an agreement, say."""
    (path,) = paths([word])
    if path.is_dir():
        raise Stop(f"upheld: {path} is a folder: give the file of one {of}, as in {path / 'NAME.yaml'}")
    return path


def text_of(path: Path, limit: int | None = None) -> bytes:
    """The bytes of a file, at most one more than `limit`."""
    with path.open("rb") as file:
        return file.read() if limit is None else file.read(limit + 1)


def named_target(name: str) -> str:
    """The name of a file or folder to be written: the `type` of every option that takes one.

    ArgumentTypeError, so exit code 2, if it is empty: as a path that is the current folder.
    """
    if not name.strip():
        raise argparse.ArgumentTypeError("the name is empty: name a file, or leave the option out")
    return name


class OnlyOnce(argparse.Action):
    """Keeps the word of an option; exit code 2 if the option is given twice, of which one would be lost."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        """Sets it, as argparse does."""
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "give it once: each run writes one of them")
        setattr(namespace, self.dest, values)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all: what stood there stays until the new content is complete.

    What is no file, such as /dev/null or a pipe, is written into: nothing takes its place. OSError, of this
    path, if it cannot be written.
    """
    if path.is_dir():  # `.` and `/` have no name that another one could be made of
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    target = path.resolve()  # what a link leads to is written, and the link stays
    new = target.with_name(f".{target.name}.new")
    data = content.encode() if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        new.write_bytes(data)
        new.replace(target)
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(path)) from None


def show(lines: Iterable[str], dressed: Callable[[str], str] | None = None) -> None:
    """Lines on standard output, with control characters made visible; then `dressed`, in colours."""
    told = map(visible, lines)
    sys.stdout.write("".join(f"{line}\n" for line in (map(dressed, told) if dressed else told)))


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format text|json`, which every command has."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default) or json")


def width() -> int | None:
    """How many columns a line may have: those of COLUMNS or of the terminal; None where nobody says.

    As `shutil.get_terminal_size` finds out, which would also import compression libraries.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except (OSError, ValueError):  # no terminal, or no file at all
        return None
