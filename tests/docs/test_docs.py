"""The documentation holds: commands print what the pages show, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page, blocks_of, page_paths

pytestmark = pytest.mark.slow

PAGES = [str(path.relative_to(ROOT)) for path in page_paths()]


@pytest.mark.accepts
@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_its_commands_print(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accept: bool
) -> None:
    """Every command of a page prints what the page shows, every file in it is as shown."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = Page(ROOT / name, tmp_path)
    found = page.run()
    if accept and found != page.text:
        page.path.write_text(found, encoding="utf-8")
    else:
        assert page.text == found


def _anchors(text: str) -> set[str]:
    """The anchors of the headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _prose(text: str) -> str:
    lines = text.splitlines()
    for block in blocks_of(lines):
        lines[block.start : block.end] = [""] * (block.end - block.start)
    return "\n".join(lines)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    """Links to files and headings of the repository have a target."""
    path = ROOT / name
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(text)):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        if anchor:
            assert anchor in _anchors(found.read_text("utf-8")), target


def _linked(index: Path) -> set[Path]:
    return {(index.parent / t).resolve() for t in re.findall(r"\]\(([^)#\s]+)", index.read_text("utf-8"))}


def test_the_index_names_every_page() -> None:
    """docs/README.md links to every page below docs, but those that the index of findings links to."""
    index, findings = ROOT / "docs" / "README.md", ROOT / "docs" / "findings" / "README.md"
    pages = {path.resolve() for path in (ROOT / "docs").rglob("*.md")}
    of_findings = {path for path in pages if path.parent == findings.parent}
    assert pages - of_findings - _linked(index) == {index}
    assert findings in _linked(index)
    assert of_findings - _linked(findings) == {findings}
