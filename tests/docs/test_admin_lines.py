"""What a page tells the operator to type is understood: its words, and the times in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.docs.pages import ROOT, blocks_of
from upheld.core.timeline.instant import parse_instant
from upheld.server.admin_command import parser

PAGES = ("docs/how-to/operate.md", "docs/how-to/api.md")
TIMES = re.compile(r"^\d{4}-\d\d-\d\dT")


def _typed(name: str) -> Iterator[list[str]]:
    """The words behind `upheld admin` of each line in a block for a shell."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    for block in blocks_of(lines):
        if block.language == "sh":
            text = "\n".join(lines[block.start : block.end]).replace("\\\n", " ")
            words = (shlex.split(line, comments=True) for line in text.splitlines())
            yield from (line[2:] for line in words if line[:2] == ["upheld", "admin"])


@pytest.mark.parametrize("name", PAGES)
def test_what_is_to_be_typed_is_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No form, option or time that the command does not take."""
    monkeypatch.setenv("COLUMNS", "100")
    found = list(_typed(name))
    assert len(found) > 3
    for words in found:
        parser().parse_args(words)
        for time in filter(TIMES.match, words):
            parse_instant(time)


def test_an_example_of_a_time_is_one_that_is_taken() -> None:
    """In the help of every form."""
    forms = parser()._subparsers
    assert forms is not None
    (choices,) = [one.choices for one in forms._group_actions if one.choices is not None]
    helps = [str(option.help) for form in choices.values() for option in form._actions]  # type: ignore[attr-defined]
    times = [word.rstrip(",.)") for text in helps for word in text.split() if TIMES.match(word)]
    assert times
    for time in times:
        parse_instant(time)
