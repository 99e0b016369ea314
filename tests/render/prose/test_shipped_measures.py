"""What the shipped agreements and examples measure, exclude and owe: all of it is said, with its clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.render.prose.reading import read
from upheld.core.terms.agreement import Terms
from upheld.core.worked import NO_EXAMPLES
from upheld.files.folder import read_agreement_file
from upheld.language.compile import compile_terms
from upheld.language.world import World
from upheld.render.prose.agreement import Writer
from upheld.render.prose.exclusions import exclusions_section
from upheld.render.prose.measures import measures_section
from upheld.render.prose.remedies import remedies_section
from upheld.render.prose.tongue import Tongue

ROOT = Path(__file__).parents[3]
PAGES = [*sorted((ROOT / "agreements").glob("*.yaml")), *sorted((ROOT / "examples").glob("*/agreement.yaml"))]
WRITERS: tuple[Writer, ...] = (measures_section, exclusions_section, remedies_section)


def _plans(path: Path) -> Iterator[tuple[str, Terms]]:
    page, _ = read_agreement_file(path)
    assert page is not None
    world = World(page.lock)
    for plan in page.plans or ("",):
        terms, _ = compile_terms(page.node, plan=plan, world=world)
        assert terms is not None
        yield f"{path.parent.name}/{path.name} {plan}", terms


SHIPPED = dict(pair for path in PAGES for pair in _plans(path) if pair[1].commits)


def _rules(terms: Terms) -> Iterator[Any]:
    yield from terms.components.values()
    yield from terms.signals
    yield from terms.indicators.values()
    yield from terms.exclusions
    yield from terms.commits
    yield from terms.remedies


@pytest.mark.parametrize("name", SHIPPED)
def test_every_clause_and_reading_is_cited(name: str) -> None:
    """Of whatever is measured, excluded or owed, in every plan."""
    terms = SHIPPED[name]
    sections = [writer(terms, Tongue("en"), NO_EXAMPLES) for writer in WRITERS]
    cited = [block.cited for one in sections if one is not None for block in one.all_blocks()]
    for rule in _rules(terms):
        assert {*rule.cited.clauses} <= {clause for one in cited for clause in one.clauses}, rule.name
        assert {*rule.cited.readings} <= {reading for one in cited for reading in one.readings}, rule.name


def _without(terms: Terms) -> Iterator[tuple[str, Terms]]:
    """The terms without one rule that nothing else needs."""
    for field in ("signals", "exclusions", "remedies"):
        rules = getattr(terms, field)
        for rule in rules:
            rest = tuple(one for one in rules if one is not rule)
            yield f"{field} {rule.name}", replace(terms, **{field: rest})
    owed = {remedy.of for remedy in terms.remedies}
    for commit in terms.commits:
        if commit.name not in owed:
            rest = tuple(one for one in terms.commits if one is not commit)
            yield f"commits {commit.name}", replace(terms, commits=rest)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_rule_that_is_removed_leaves_the_text(name: str, language: str) -> None:
    """What is said of it is said of nothing else."""
    terms = SHIPPED[name]
    whole = [text for writer in WRITERS for text in read(writer, terms, language)]
    for what, rest in _without(terms):
        left = [text for writer in WRITERS for text in read(writer, rest, language)]
        name_of_rule = what.partition(" ")[2]
        assert any(name_of_rule in text for text in set(whole) - set(left)), what


def test_sivo_enterprise_closes_its_gap_and_says_so() -> None:
    """Its first band reaches the commitment under the reading taken: no missed month is without a credit."""
    [name] = [name for name in SHIPPED if name.startswith("agreements/sivo.yaml enterprise")]
    said = read(remedies_section, SHIPPED[name])
    assert "from 99.00 % up to but not including 99.95 % | 20 % of your monthly fee" in said
    assert not any("nothing is given" in text for text in said)
