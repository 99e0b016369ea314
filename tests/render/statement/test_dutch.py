"""What is told in Dutch is Dutch: but for what the agreement and people wrote, no word of English is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from upheld.core.facts.fact_types import COMMON_FIELDS, FACT_TYPES
from upheld.core.stating.canonical import Json, Record
from upheld.core.stating.statement import Statement, read_statement
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.page import document
from upheld.render.statement.said import NAMES, WORDS
from upheld.render.statement.text import text

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[2] / "golden" / "statements"
KEPT = sorted(path.stem for path in GOLDEN.glob("*.json"))
OURS = frozenset(
    {
        "acts", "admissibility", "counts", "data", "depends", "explored", "how", "kind", "label", "method",
        "modality", "name", "outcome", "party", "reasons", "relation", "rounding", "settlement", "state",
        "states", "status", "type", "unit", "what", "why",
    }
)  # fmt: skip
"""What of a record is said in words of ours: these are to be translated, whatever the agreement says."""
SAME = frozenset(
    {
        "account", "apr", "april", "aug", "claim", "claims", "component", "contract", "dec", "december", "do",
        "facts", "format", "had", "half", "hash", "in", "incident", "is", "jul", "jun", "min", "mortem", "ms",
        "nov", "november", "number", "of", "open", "over", "plan", "position", "post", "sep", "september",
        "statement", "status", "ticket", "tickets", "upheld", "us", "verify", "want", "was", "we",
    }
)  # fmt: skip
"""Words that are the same in both languages, or names."""


def words(told: str) -> set[str]:
    """The words of a text, in small letters; a hash is none."""
    return {one.lower() for one in re.findall(r"[A-Za-z]{2,}", re.sub(r"[0-9a-f]{64}", "", told))}


def written(value: Json, key: str = "") -> Iterator[str]:
    """Every text of a record that the agreement or somebody wrote."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in OURS:
                yield from written(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from written(one, key)
    elif isinstance(value, str):
        yield value


def names_of(record: Record) -> Iterator[str]:
    """What stands under names that are ours elsewhere: what facts say, signals, exclusions, reminders."""
    yield from (record["agreement"]["name"], record["contract"]["zone"]["name"])
    yield from (one["what"] for one in (*record["reminders"], *record["covenants"]))
    for subject in record["subjects"]:
        for event in subject["events"]:
            yield from (
                one["value"] for one in event["data"] if one["name"] not in WORDS or one["name"] == "kind"
            )
    for verdict in record["verdicts"]:
        for measured in [verdict["measurement"] or {"method": [], "of": []}]:
            for end in (measured, *measured["of"]):
                yield from (
                    one["value"] for one in end["method"] if one["name"] in ("signal", "out of total")
                )
    # The condition of a remedy stands in quotes, as the agreement writes it.
    for credit in record["money"]["credits"]:
        yield from (one.partition("not so: ")[2] for one in credit["reasons"])
    for cause in (record["restates"] or {"why": []})["why"]:
        yield str(cause["id"])


@pytest.mark.parametrize("name", KEPT)
def test_no_english_of_ours_is_left(name: str) -> None:
    """Whatever word stands in both languages is of the agreement, of people, or is the same in both."""
    found: Statement = read_statement((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    english, dutch = (words(text(document(found, Tongue(language)))) for language in ("en", "nl"))
    names = set().union(*map(words, (*written(found.record), *names_of(found.record))))
    assert english & dutch - names - SAME == set()


def test_every_name_and_word_of_a_fact_has_a_word_of_its_own() -> None:
    """What a step of what happened can tell: the names of texts, numbers and instants, and all choices."""
    told = ("text", "choice", "number", "integer", "instant", "date", "month", "currency")
    fields = [one for type_ in FACT_TYPES.values() for one in (*type_.fields, *COMMON_FIELDS)]
    names = {one.name for one in fields if one.kind in told} - {"contract", "corrects"}
    assert names <= set(NAMES)
    assert {(one.name, word) for one in fields for word in one.choices} <= {
        (name, word) for name, found in WORDS.items() for word in found
    }
