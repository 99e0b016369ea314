"""The shipped agreements and the examples in plain words: every term is stated, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from upheld.core.terms.agreement import Clause, Terms
from upheld.core.values.rule import Citation
from upheld.files.folder import read_agreement_file
from upheld.language.compile import compile_terms
from upheld.language.coverage import read_clauses
from upheld.language.layers import resolved
from upheld.language.library import AgreementFile
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.report import Report
from upheld.language.world import World
from upheld.render.prose.agreement import prose_of
from upheld.render.prose.document import Prose, Section
from upheld.render.prose.markdown import markdown
from upheld.render.prose.tongue import LANGUAGES, Tongue
from upheld.render.words import held

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "agreements").glob("*.yaml"))
EXAMPLES = sorted((ROOT / "examples").glob("*/agreement.yaml"))
ROWS = (
    *("assume", "attribute", "event", "scale", "duty", "calendar"),
    *("component", "signal", "indicator", "exclude", "commit", "remedy"),
    *("deadline", "every", "quota", "entitlement", "obligation", "covenant", "remind", "escalate", "notify"),
)
"""The concepts that have rows."""


@cache
def _file(path: Path) -> AgreementFile:
    found, _ = read_agreement_file(path)
    assert found is not None
    return found


@cache
def _world(path: Path) -> World:
    return World(_file(path).lock)


def _plans(*paths: Path) -> list[tuple[Path, str]]:
    return [(path, plan) for path in paths for plan in _file(path).plans or ("",)]


def _named(one: tuple[Path, str]) -> str:
    path, plan = one
    return f"{path.parent.name}/{path.stem} {plan}".strip()


def _clauses(path: Path) -> dict[str, Clause]:
    node = _file(path).clauses
    return read_clauses(node, Report()) if node is not None else {}


def _terms(path: Path, node: Node, plan: str = "") -> Terms | None:
    terms, _ = compile_terms(node, plan=plan, world=_world(path))
    return terms


def _text(prose: Prose) -> str:
    return markdown([prose])


def _stated(prose: Prose) -> set[str]:
    """The clauses that the text cites."""
    return {number for block in prose.all_blocks() for number in block.cited.clauses}


def _citations(terms: Terms) -> Iterator[Citation]:
    rows = (
        *terms.scales,
        *terms.duties.values(),
        *terms.components.values(),
        *terms.signals,
        *terms.indicators.values(),
        *terms.rules,
        *terms.exclusions,
        *terms.remedies,
        *terms.entitlements,
        *terms.reminders,
        *terms.escalations,
        *terms.notifications,
        *((terms.claim,) if terms.claim else ()),
        *((terms.amend,) if terms.amend else ()),
    )
    yield from (row.cited for row in rows)
    yield from terms.calendars_cited.values()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", _plans(*SHIPPED, *EXAMPLES), ids=_named)
def test_every_clause_and_every_reading_is_there(one: tuple[Path, str], language: str) -> None:
    """Clauses that are encoded are cited by what states them, the others are listed; readings are told."""
    path, plan = one
    terms, clauses = _terms(path, _file(path).node, plan), _clauses(path)
    assert terms is not None
    prose = prose_of(terms, Tongue(language), clauses)
    encoded = {number for cited in _citations(terms) for number in cited.clauses}
    assert encoded <= _stated(prose)
    listed = [section for section in prose.sections if section.name == "else"]
    rows = {
        row[0] for section in listed for block in section.all_blocks() for row in getattr(block, "rows", ())
    }
    assert set(clauses) - encoded <= rows
    text = _text(prose)
    for clause in clauses.values():
        assert clause.number in text
    for reading in terms.assumptions.values():
        assert reading.ref in text
        assert all(held(f"“{option}”") in text for option in reading.options)
    used = {reading for cited in _citations(terms) for reading in cited.own}
    shown = {reading for block in prose.all_blocks() for reading in block.cited.own}
    assert used <= shown


# -- removed rows ------------------------------------------------------------------------------------------


def _without(node: Mapping, name: str, row: str) -> Mapping:
    """A tree without one row of a concept."""
    return Mapping(
        tuple((key, _less(child, row) if key.text == name else child) for key, child in node.entries),
        node.place,
    )


def _less(child: Node, row: str) -> Node:
    assert isinstance(child, Mapping)
    return Mapping(tuple(entry for entry in child.entries if entry[0].text != row), child.place)


def _rows(node: Mapping) -> Iterator[tuple[str, str]]:
    for name in ROWS:
        section = node.get(name)
        for key, _ in section.entries if isinstance(section, Mapping) else ():
            assert isinstance(key, Scalar)
            yield name, key.text


def _removed(path: Path, plan: str) -> Iterator[tuple[str, str, Terms, Terms]]:
    """Terms, and the same without a row that nothing else in them needs."""
    node = resolved(_file(path).node, plan)
    whole = _terms(path, node)
    assert whole is not None
    yield from (
        (name, row, whole, rest)
        for name, row in _rows(node)
        if (rest := _terms(path, _without(node, name, row))) is not None
    )


def _check_removed(path: Path, plan: str) -> int:
    clauses = _clauses(path)
    removed = list(_removed(path, plan))
    for language in LANGUAGES:
        tongue = Tongue(language)
        before = prose_of(removed[0][2], tongue, clauses)
        for name, row, whole, rest in removed:
            if whole == rest:  # a row that is not there under the readings taken, beside another such one
                continue
            after = prose_of(rest, tongue, clauses)
            assert _text(before) != _text(after), f"{name} {row} in {language}"
            gone = {n for cited in _citations(whole) for n in cited.clauses}
            gone -= {n for cited in _citations(rest) for n in cited.clauses}
            assert not gone & _stated(after), f"{name} {row} in {language}"
            titles = {section.title.lower() for section in _sections(after.sections)}
            if name in ("deadline", "every", "quota", "obligation"):
                assert row not in titles, f"{name} {row} in {language}"
    return len(removed)


def _sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


@pytest.mark.slow
def test_a_row_removed_from_the_file_leaves_the_text() -> None:
    """Of every row of an agreement, in every language; its clauses are stated no more."""
    assert _check_removed(ROOT / "agreements" / "just.yaml", "") > 15


@pytest.mark.slow
@pytest.mark.parametrize("one", _plans(*SHIPPED, *EXAMPLES), ids=_named)
def test_no_row_of_any_shipped_agreement_is_silent(one: tuple[Path, str]) -> None:
    """The same for every plan of all of them."""
    assert _check_removed(*one) >= 1  # a small example has a single row that can go
