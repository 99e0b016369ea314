"""What is answered is in the OpenAPI document: every field, by its name, and no object without its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from tests.live.documented import DOCUMENT, undocumented
from tests.live.test_answers import PROVIDERS, ROOT
from upheld.book.answers import claims_answer, report_answer
from upheld.book.claims import claimable, claims
from upheld.book.due_answer import due_answer, lying_ahead
from upheld.book.evaluate import evaluate
from upheld.book.explain import explain
from upheld.book.explained import explained_record
from upheld.cli.book_arguments import with_observations
from upheld.core.timeline.instant import DAY, parse_instant
from upheld.files.folder import read_book
from upheld.render.records import dumps

SCHEMAS = DOCUMENT["components"]["schemas"]
MONTH_IN = parse_instant("2026-06-20T12:00:00Z")
MONTH_OVER = parse_instant("2026-07-10T12:00:00Z")
EXPLAINED = 6
"""So many of each kind and state are explained."""


def objects(told: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of an object, with where it stands."""
    if isinstance(told, dict):
        if told.get("type") in ("object", ["object", "null"]):
            yield where, told
        for name, inner in told.items():
            yield from objects(inner, f"{where}/{name}")
    elif isinstance(told, list):
        for number, inner in enumerate(told):
            yield from objects(inner, f"{where}/{number}")


def test_no_object_is_told_of_without_what_it_holds() -> None:
    """It has fields, or it is said that any name can be in it: nobody is told of an object and no more."""
    found = dict(objects(DOCUMENT))
    assert len(found) > 150
    assert [
        where
        for where, one in found.items()
        if not one.get("properties") and one.get("additionalProperties") in (None, False)
    ] == []


def test_what_is_open_is_what_is_open_by_intention() -> None:
    """What a fact of its type or a probe of its kind holds, and what a statement tells of duties."""
    found = {where for where, one in objects(DOCUMENT) if one.get("additionalProperties") is True}
    told = {where.removeprefix("/components/schemas/") for where in found}
    duties = {one for one in told if one.startswith("Statement")}
    assert told - duties == {
        "Fact/properties/data",
        "Target/properties/settings",
    }
    assert all(one in SCHEMAS for one in duties)


def test_every_name_is_used_and_every_use_has_one() -> None:
    """Who makes a client of the document gets each record once, under its name, and none for nothing."""
    text = json.dumps(DOCUMENT)
    assert [name for name in SCHEMAS if f'"#/components/schemas/{name}"' not in text] == []
    used = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert used == {*SCHEMAS}
    assert {"Verdict", "Claim", "Fact", "Finding", "Credit", "Statement", "VerdictState"} <= used


@pytest.mark.slow
@pytest.mark.parametrize("name", PROVIDERS)
def test_whatever_a_shipped_month_has_to_tell_is_in_the_document(name: str) -> None:
    """Verdicts, what is due, claims and explanations of each kind, while the month runs and after it."""
    book = with_observations(read_book([ROOT / "agreements" / f"{name}.yaml", ROOT / "demo" / name]))
    for at in (MONTH_IN, MONTH_OVER):
        report = evaluate(book, at)
        answers: list[tuple[str, object]] = [
            ("readVerdicts", report_answer(book, report, (*book.findings, *report.findings))),
            ("readDue", due_answer(lying_ahead(book, report, at + 14 * DAY))),
            ("readClaims", claims_answer(report, claims(book, report), claimable(book, report))),
        ]
        kinds = [(one.kind, one.state, number) for number, _, one in report.numbered()]
        kinds += [("credit", one.state, number) for number, _, one in report.numbered_credits()]
        for _, alike in groupby(sorted(kinds), lambda one: one[:2]):
            for _, _, number in list(alike)[:EXPLAINED]:
                told = [explained_record(one) for one in explain(book, report, f"#{number}")]
                answers.append(("readExplanation", told))
        for operation, answer in answers:
            assert undocumented(operation, dumps(answer).encode()) == [], operation
