"""The page of the settings names every variable that the program reads, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented() -> None:
    """A row for each variable, in order, with what it means."""
    sources = [path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")]
    read = {name for text in sources for name in re.findall(r'"(UPHELD_[A-Z_]+|DATABASE_URL)"', text)}
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", page, re.MULTILINE)
    assert [name for name, _ in rows] == sorted(read)
    assert all(meaning.strip() for _, meaning in rows)
