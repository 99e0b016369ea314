"""What has an id: somebody else's is answered as one that nobody has, whoever asks, and stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse
from django.test import override_settings

from tests.live.api_desk import NOW
from tests.live.api_urls import CLOCK
from tests.live.crowd import Crowd
from tests.live.databases import Postgres, Sqlite
from tests.live.foreign import (
    answers,
    asks,
    does_nothing,
    nobodys,
    own,
    request,
    rows,
    said,
    sites,
    undone,
)
from tests.live.test_api_walls import METHODS
from upheld.api.build import OPERATIONS

pytestmark = pytest.mark.slow


@pytest.fixture
def crowd(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[Crowd]:
    """Everything of everybody, and the API before it."""
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls")
    with urls, databases.with_rows(tmp_path, Crowd) as found:
        CLOCK.at = NOW
        yield found


def test_what_is_foreign_is_what_is_not_there(crowd: Crowd) -> None:
    """The same status, bytes and headers, by every role; no row of anybody is another one afterwards."""
    whole, of_others = rows(), rows(crowd.provider.pk)

    def is_left(answer: HttpResponse) -> bool:
        if answer.status_code in (401, 403):  # it came to no row
            return True
        return rows() == whole if does_nothing(answer) else rows(crowd.provider.pk) == of_others

    asked = 0
    for ask in asks(crowd):
        foreign, nobody = answers(crowd, ask, is_left)
        assert foreign == nobody, str(ask)
        asked += 1
    assert asked > 300


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_other_method_tells_what_is_there(crowd: Crowd) -> None:
    """A method that a path has not is refused alike for somebody else's id, one's own and nobody's."""
    served = {(one.path, method) for one in OPERATIONS for method in one.methods}
    for site in sites():
        path = site.operation.path
        for method in METHODS if site.where == "path" else ():
            if (path, method) in served:
                continue
            there = crowd.ids[site.kind]
            answers = set()
            for id_ in (*there.values(), nobodys(next(iter(there.values())))):
                words = {"period": "2026-06", "number": 1, "name": "x", "endpoint": 1, "delivery": "msg_1"}
                asked = path.format(**(words | {site.name: id_}))
                answer = crowd.owner.ask(method, asked)
                answers.add((answer.status_code, answer.content, tuple(answer.items())))
            assert {status for status, *_ in answers} == {405}, (method, path)
            assert len(answers) == 1, (method, path)


ANYTHING: Final = {
    ("tellFact", "subject"),
    ("tellFacts", "subject"),
    ("hearFacts", "subject"),
    ("keepPerson", "name"),
    ("keepProbe", "name"),
    ("keepRota", "name"),
    ("keepChain", "role"),
    ("removeChain", "role"),
}
"""Names by which something is made anew."""


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_own_is_answered_otherwise(crowd: Crowd) -> None:
    """At each place where the matrix has ids one's own is answered as one that nobody has never is."""
    for site in sites():
        others = set()
        for party, name, role in crowd.roles:
            if role not in site.operation.policy.roles:
                continue
            asked = request(
                crowd, name, site.operation, [one for one in sites() if one.operation is site.operation]
            )
            id_ = own(crowd, name, site.kind)
            told = []
            for one in (id_, nobodys(id_)):
                answer, _ = undone(crowd, party, asked.having(site, one), lambda _: None)
                told.append(said(answer, (one,)))
            others.add(told[0] != told[1])
        assert True in others or (site.operation.name, site.name) in ANYTHING, (
            site.operation.name,
            site.name,
            told[0],
        )
