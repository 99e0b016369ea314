"""Who has read only the words of an agreement can answer what a customer asks.

Each question names a computation of its answer, and where in the text it stands. The answer is computed, said
in the language of the text, and must be found there.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from upheld.book.diff import Version
from upheld.book.words import words
from upheld.core.terms.agreement import Terms
from upheld.files.folder import read_agreement_file
from upheld.language.compile import compile_terms
from upheld.render.prose.document import Example, Grid, Prose, Section, Sentence
from upheld.render.prose.tongue import Tongue

from .answers import COMPUTATIONS, Asked, bound

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "questions"
AGREEMENTS = Path(__file__).parents[2] / "agreements"
NAMES = ("sivo", "rous", "ceng", "intg", "just")
ENOUGH = 30


class Question(NamedTuple):
    """One question: the plan it is about, the computation, and the phrase with its answer by language."""

    ask: str
    plan: str
    computation: str
    args: dict[str, Any]
    zone: str
    section: str
    phrases: dict[str, str]


def questions(name: str) -> list[Question]:
    """The questions of an agreement."""
    rows = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [_question(row) for row in rows]


def _question(row: dict[str, Any]) -> Question:
    ((computation, args),) = row["answer"].items()
    phrases = {language: row.get(language, row.get("phrase", "")) for language in ("en", "nl")}
    return Question(
        row["ask"], row.get("plan", ""), computation, args or {}, row.get("zone", ""), row["section"],
        {language: phrase for language, phrase in phrases.items() if phrase},
    )  # fmt: skip


@cache
def terms_of(name: str, plan: str) -> Terms:
    """The terms of a plan, bound so that they can be evaluated."""
    file, _ = read_agreement_file(AGREEMENTS / f"{name}.yaml")
    assert file is not None
    terms, findings = compile_terms(file.node, plan=plan, lock=file.lock)
    assert terms is not None, findings
    return bound(terms)


@cache
def text_of(name: str, plan: str, language: str) -> Prose:
    """The words of a plan, as the command writes them."""
    file, _ = read_agreement_file(AGREEMENTS / f"{name}.yaml")
    assert file is not None
    texts, _ = words(Version(file.node, file.lock), Tongue(language), plan=plan, clauses=file.clauses)
    (text,) = texts
    return text


def read(section: Section) -> str:
    """Everything that stands in a section, with the cells of a table row one after the other."""
    told: list[str] = [section.title]
    for block in section.all_blocks():
        if isinstance(block, Sentence | Example):
            told.append(block.text)
        elif isinstance(block, Grid):
            told += [block.caption, *(" | ".join(row) for row in block.rows)]
    return " ".join(" ".join(told).split())


def found(sections: tuple[Section, ...], name: str) -> Section | None:
    """The section of a name, however deep it stands."""
    for section in sections:
        inner = section if section.name == name else found(section.sections, name)
        if inner is not None:
            return inner
    return None


CASES = [
    pytest.param(name, question, language, id=f"{name}-{number}-{language}")
    for name in NAMES
    for number, question in enumerate(questions(name), 1)
    for language in question.phrases
]


@pytest.mark.parametrize(("name", "question", "language"), CASES)
def test_the_answer_stands_in_the_words(name: str, question: Question, language: str) -> None:
    """Where the question says, in English and in Dutch."""
    tongue = Tongue(language)
    answer = COMPUTATIONS[question.computation](
        Asked(terms_of(name, question.plan), tongue, question.zone), question.args
    )
    section = found(text_of(name, question.plan, language).sections, question.section)
    assert section is not None, f"there is no section {question.section}"
    phrase = " ".join(question.phrases[language].replace("{answer}", answer).split())
    assert phrase in read(section), f"{question.ask}: {phrase!r} is not in {read(section)!r}"


@pytest.mark.parametrize("name", NAMES)
def test_there_are_thirty_questions_each_of_its_own(name: str) -> None:
    """And every phrase has a place for its answer, so that nothing typed can pass for it."""
    asked = questions(name)
    assert len(asked) >= ENOUGH
    assert not [ask for ask, count in Counter(one.ask for one in asked).items() if count > 1]
    for question in asked:
        assert all("{answer}" in phrase for phrase in question.phrases.values()), question.ask
        assert "en" in question.phrases, question.ask


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_answered_in_dutch_too(name: str) -> None:
    """Whatever has a number in its answer is asked of the Dutch text as well."""
    for question in questions(name):
        if "nl" in question.phrases:
            continue
        asked = Asked(terms_of(name, question.plan), Tongue("en"), question.zone)
        answer = COMPUTATIONS[question.computation](asked, question.args)
        assert not any(character.isdigit() for character in answer), question.ask
