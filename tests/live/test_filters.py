"""PostgreSQL gives nothing of others whichever filter of the program is left out: each, and all of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import pytest
from django.db import transaction
from django.db.models import Count

from tests.live.api_desk import Party, World
from tests.live.crowd import NORTHWIND, Crowd, Id
from tests.live.databases import Postgres
from tests.live.filters import Filter, without
from tests.live.foreign import BEYOND, Request, asks, request, rows, said, sites, undone
from tests.live.test_api_walls import LATER
from tests.live.test_api_walls import told_world as told_world
from tests.live.test_denied import JOBS, OF_PROVIDERS
from tests.live.test_denied import at_work as at_work
from tests.live.test_foreign import crowd as crowd
from upheld.api.build import OPERATIONS
from upheld.app import asking
from upheld.book import explain, stated_contract

pytestmark = pytest.mark.slow
EVERY: Final = bool(os.environ.get("UPHELD_FILTERS"))
"""Whether each filter is left out of all that asks by it, as `make sim` does: else of one such question."""
MOST: Final = 1
OF_OTHERS: Final = ("Otherwind", "Globex", "T-c9", '"c9"', "Lea-s", "desk-s", "chief-s", "api-s", "job-s")
"""What stands in no answer to anybody of Northwind who has not said it themselves."""


@pytest.fixture
def databases(postgres: Postgres) -> Postgres:
    """PostgreSQL alone: SQLite has no such walls."""
    return postgres


Question: TypeAlias = tuple[Party, str, Request, tuple[Id, ...]]


def _questions(crowd: Crowd) -> Iterator[Question]:
    """Who asks, for which party, and what: with each id of somebody else, and with one's own."""
    places = list(sites())
    for ask in asks(crowd):
        if ask.role in ask.foreign.operation.policy.roles:
            yield ask.party, ask.name, ask.foreign, tuple(id_ for id_, _ in ask.ids)
    for operation in OPERATIONS:
        own = [one for one in places if one.operation is operation]
        for party, name, role in crowd.roles if operation.name not in BEYOND else ():
            if role in operation.policy.roles:
                yield party, name, request(crowd, name, operation, own), ()


def _few(questions: Iterable[Question]) -> Iterator[Question]:
    """One for each operation and party, with an id of somebody else and with one's own."""
    found: dict[object, Question] = {}
    for one in questions:
        found.setdefault((one[2].operation.name, one[1], bool(one[3])), one)
    return iter(found.values())


def test_nothing_leaks_whichever_filter_is_left_out(crowd: Crowd) -> None:
    """Who asks is answered the same, and no row of another provider changes; who reads, also without all.

    Only a provider, who sees its customers, may be told of these without the filters by customer.
    """
    of_others = rows(crowd.provider.pk)
    tried: Counter[Filter] = Counter()

    def answered(party: Party, asked: Request, ids: tuple[Id, ...]) -> tuple[int, str, dict[str, str]]:
        answer, left = undone(crowd, party, asked, lambda _: rows(crowd.provider.pk))
        assert left == of_others, asked
        return said(answer, ids)

    for party, name, asked, ids in _questions(crowd) if EVERY else _few(_questions(crowd)):
        with without() as reached:
            before = answered(party, asked, ids)
        left_out: list[Filter | None] = [one for one in sorted(reached) if EVERY or tried[one] < MOST]
        tried.update(one for one in left_out if one is not None)
        all_of_them = [None] if reached and asked.operation.method == "GET" else []
        for one in [*left_out, *all_of_them]:
            with without(one, everything=one is None):
                after = answered(party, asked, ids)
            where = f"{asked.operation.name} for {name}, {ids}, without {one or 'any filter'}"
            assert not any(mark in after[1] for mark in OF_OTHERS), where
            by_customer = one is None or any("customer" in word for word in one.names)
            if asked.operation.method == "GET" and not (by_customer and name == NORTHWIND):
                assert after == before, where
    assert len(tried) > 60


@pytest.mark.parametrize("left_out", ["picked", "held to"])
def test_nothing_that_is_computed_of_the_whole_leaks_whichever_pick_is_left_out(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    """Verdicts, what is due, claims, contracts and statements: a customer's wall is open while they are made.

    The program picks theirs, and what it picked is held to what the database gives them.
    """
    asked = [
        (party, ask)
        for party, name, _ in crowd.roles
        if name == "Acme"
        for ask in (
            "/verdicts",
            "/verdicts?contract=c2",
            "/due",
            "/claims",
            "/contracts",
            "/statements/c2/2026-06",
        )
    ]
    before = [said(party.get(ask), ()) for party, ask in asked]
    if left_out == "picked":
        monkeypatch.setattr(asking, "contracts_of", lambda who: {"c1", "c2"})
    else:
        monkeypatch.setattr(asking, "_held_to", lambda who, terms: terms)
    answers = [said(party.get(ask), ()) for party, ask in asked]
    differ = [after for after, was in zip(answers, before, strict=True) if after != was]
    assert {status for status, *_ in before} == {200, 404}
    assert {status for status, *_ in differ} == ({500} if left_out == "picked" else set())
    assert not any(mark in text for _, text, _ in differ for mark in ("c2", "Contoso"))


def test_nothing_is_told_of_another_contract_though_the_book_tells_it(
    told_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two customers have a ticket of one id: where all that was said of it is told, nothing is given out."""
    asked = ("/verdicts/1/explanation", "/statements/c1/2026-06")
    assert [told_world.acme.get(one, at=LATER).status_code for one in asked] == [200, 200]
    for module in (explain, stated_contract):
        monkeypatch.setattr(module, "told_of", lambda kind, facts, terms: list(facts))
    for one in asked:
        answer = told_world.acme.get(one, at=LATER)
        assert answer.status_code == 500
        assert "secret of" not in answer.content.decode()
        assert told_world.owner.get(one, at=LATER).status_code == 200


def test_a_job_does_the_same_whichever_filter_is_left_out(at_work: World) -> None:
    """What the loops of a worker find to do, and who has how many rows afterwards."""

    def done(job: str) -> tuple[object, object]:
        with transaction.atomic():
            found = JOBS[job]()
            left = [
                list(
                    model._default_manager.values_list("provider").annotate(Count("pk")).order_by("provider")
                )
                for model in OF_PROVIDERS
                if any(one.name == "provider" for one in model._meta.fields)
            ]
            transaction.set_rollback(True)
        return found, left

    tried = set()
    for job in JOBS:
        with without() as reached:
            before = done(job)
        for one in sorted(reached):
            with without(one):
                assert done(job) == before, f"{job}, without {one}"
        tried |= reached
    assert len(tried) > 10, len(tried)
