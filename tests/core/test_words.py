"""Counts, and the words that go with them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from upheld.core.timeline.words import count, plural

SRC = Path(__file__).parents[2] / "src" / "upheld"


def test_one_is_singular_and_all_else_is_plural() -> None:
    """Also nothing, and what is no whole number; thousands are told apart."""
    assert [count(n, "fact") for n in (0, 1, 2, 1234567)] == [
        "0 facts",
        "1 fact",
        "2 facts",
        "1,234,567 facts",
    ]
    assert count(Fraction(1, 2), "day") == "1/2 days"
    assert (count(1, "row was", "rows were"), plural(2, "is", "are")) == ("1 row was", "are")


def test_no_message_chooses_its_plural_by_itself() -> None:
    """There is one rule for all counts; a text that has its own would go wrong at one."""
    own = re.compile(r"""['"]e?s['"] if |else ['"]e?s['"]|'' if \w+ == 1""")
    lines = [
        f"{path.name}: {line.strip()}"
        for path in SRC.rglob("*.py")
        for line in path.read_text().splitlines()
        if own.search(line)
    ]
    assert lines == []
