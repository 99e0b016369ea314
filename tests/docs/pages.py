"""Pages of documentation as programs: their files are written, their commands run, their output compared.

In a page, a fenced block under a line that is only a file name in code and a colon is that file. A block of
`console` holds commands after `$ ` and what they print, one of `terminal` what they draw on a terminal of 80
columns without colour. A block of `python` holds an interactive session. A
file of the repository is shown as it is, whole or as `an excerpt`.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from upheld.cli import main
from upheld.cli.output import OUR_FAULT
from upheld.core.values.finding import has_errors
from upheld.language.reader import read_yaml

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("agreements", "examples")
"""The folders of the repository that a page finds beside it."""

_TITLE = re.compile(r"`([^`\s]+)`(?:, (further lines|an excerpt))?:")
_PIPE = re.compile(r"(.*?) \| (head|tail) -n (\d+)")
_REDIRECT = re.compile(r"(.*?) ([<>]) (\S+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the language it names, its lines [start, end) in the page, and the file that it is."""

    language: str
    start: int
    end: int
    file: str = ""
    way: str = ""


def page_paths() -> list[Path]:
    """Every page that is written by hand."""
    generated = {ROOT / "docs" / "reference" / name for name in ("language.md", "figures.md")}
    generated |= set((ROOT / "docs" / "findings").glob("*.md"))
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    return [path for path in [*found, *sorted((ROOT / "docs").rglob("*.md"))] if path not in generated]


def blocks_of(lines: list[str]) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    start = language = None
    title: re.Match[str] | None = None
    for number, line in enumerate(lines):
        if language is None:
            if line.startswith("```"):
                start, language = number + 1, line[3:].strip()
            elif line.strip():
                title = _TITLE.fullmatch(line.strip())
        elif line == "```":
            assert start is not None
            file, way = (title.group(1), title.group(2) or "") if title else ("", "")
            yield Block(language, start, number, file, way)
            start = language = title = None
    assert language is None, "a fenced block is not closed"


class Page:
    """One page, run in a folder of its own that holds the shipped agreements and examples."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8")
        self.folder = folder
        self.code = 0
        self.names: dict[str, object] = {}
        for name in (one for one in SHIPPED if one in self.text):
            shutil.copytree(ROOT / name, folder / name)

    def run(self) -> str:
        """The page as it should be: outputs as the commands print them, shown files as they stand."""
        lines = self.text.splitlines()
        told: list[str] = []
        done = 0
        for block in blocks_of(lines):
            body = lines[block.start : block.end]
            told += [*lines[done : block.start], *self._block(block, body)]
            done = block.end
        return "\n".join([*told, *lines[done:]]) + "\n"

    def _block(self, block: Block, body: list[str]) -> list[str]:
        if block.language == "console":
            return list(self._console(body))
        if block.language == "terminal":
            with _terminal():
                return list(self._console(body))
        if block.language == "python":
            self._session("\n".join(body) + "\n", block.start)
        if block.file:
            return self._file(block, body)
        if block.language == "yaml":
            _, findings = read_yaml("\n".join(body) + "\n", f"{self.path.name} from line {block.start}")
            assert not has_errors(findings), findings
        return body

    def _file(self, block: Block, body: list[str]) -> list[str]:
        path = self.folder / block.file
        if block.file.split("/")[0] in SHIPPED and path.is_file():
            text = path.read_text("utf-8")
            if block.way == "an excerpt":
                assert "\n".join(body) + "\n" in text, f"{block.file} does not hold what is shown of it"
                return body
            return text.splitlines()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if block.way == "further lines" else "w", encoding="utf-8") as file:
            file.write("\n".join(body) + "\n")
        return body

    # -- commands ------------------------------------------------------------------------------------------

    def _console(self, body: list[str]) -> Iterator[str]:
        more = False
        command = ""
        for line in body:
            if line.startswith("$ ") or more:
                command = command.removesuffix("\\") + line.removeprefix("$ ").lstrip() if more else line[2:]
                more = command.endswith("\\")
                yield line
                if not more:
                    yield from self._output(command).splitlines()

    def _output(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        if piped := _PIPE.fullmatch(command):
            lines = self._output(piped.group(1)).splitlines()
            count = int(piped.group(3))
            return "\n".join(lines[:count] if piped.group(2) == "head" else lines[-count:])
        redirect = _REDIRECT.fullmatch(command)
        words = shlex.split(redirect.group(1) if redirect else command)
        stdin = Path(redirect.group(3)).read_bytes() if redirect and redirect.group(2) == "<" else b""
        if words[0] == "cat":
            return "".join(Path(word).read_text("utf-8") for word in words[1:])
        assert words[0] == "upheld", f"a page may run upheld and cat, not {command!r}"
        self.code, output = run_upheld(words[1:], stdin)
        assert self.code != OUR_FAULT, output
        if redirect and redirect.group(2) == ">":
            Path(redirect.group(3)).write_text(output, encoding="utf-8")
            return ""
        return output

    def _session(self, source: str, line: int) -> None:
        """An interactive session; its names are those of the sessions before it in the page."""
        test = doctest.DocTestParser().get_doctest(source, self.names, self.path.name, str(self.path), line)
        runner = doctest.DocTestRunner(verbose=False)
        told = io.StringIO()
        runner.run(test, out=told.write, clear_globs=False)
        self.names.update(test.globs)
        assert runner.summarize(verbose=False).failed == 0, told.getvalue()


class _Output(io.StringIO):
    """What is printed, on a terminal or not."""

    is_terminal = False

    def isatty(self) -> bool:
        return self.is_terminal


@contextlib.contextmanager
def _terminal() -> Iterator[None]:
    """A terminal of 80 columns without colour."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Output, "is_terminal", True)
        patch.setenv("COLUMNS", "80")
        patch.setenv("NO_COLOR", "1")
        yield


def run_upheld(words: list[str], stdin: bytes = b"") -> tuple[int, str]:
    """The exit code of `upheld` in this process, and all that it prints, in order."""
    output = _Output()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = main(words)
    finally:
        sys.stdin = before
    return code, output.getvalue()
