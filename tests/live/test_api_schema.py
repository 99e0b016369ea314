"""The whole OpenAPI document, called with what it allows and what not: no 500, nothing undocumented."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.live.api_desk import BASE, World, event, standing, told
from tests.live.databases import Postgres, Sqlite
from tests.seeds import TIMES
from upheld.api.build import OPERATIONS, document

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


def _busy() -> World:
    world = World()
    for contract in ("c1", "c2"):
        told(world.owner.tell("/facts", event(f"f-{contract}", f"T-{contract}", contract=contract)), 201)
    return world


@pytest.fixture
def busy(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[World]:
    """The world with a ticket of each customer."""
    with standing(databases, tmp_path, _busy) as found:
        yield found


@cache
def schema() -> Any:
    """The document, as it is served; read once, for it takes longer than some examples."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application())


def called(world: World, operation_id: str, examples: int, good: bool) -> int:
    """Calls one operation with so many examples, those that the document allows or does not; how many."""
    operation: Any = schema().find_operation_by_id(operation_id)
    mode = schemathesis.GenerationMode.POSITIVE if good else schemathesis.GenerationMode.NEGATIVE
    count = 0

    @given(case=operation.as_strategy(generation_mode=mode), party=st.sampled_from([world.owner, world.acme]))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any, party: Any) -> None:
        nonlocal count
        count += 1
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {party.token}"}
        case.call_and_validate(checks=CHECKS, headers={"Host": "localhost"})

    call()
    return count


NAMES = [one.name for one in OPERATIONS]


def test_a_problem_is_documented_as_it_is_sent() -> None:
    """Whatever is no success is a problem of the one media type; a conflict of an operation, too."""
    told_of = [
        (status, set(answer["content"]))
        for methods in document()["paths"].values()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
    ]
    wrong = {"application/problem+json"}
    assert {status for status, _ in told_of} >= {200, 201, 409, 503}
    assert all((kinds == wrong) == (int(status) >= 400) for status, kinds in told_of)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_what_the_document_allows_is_answered_as_it_says(busy: World, name: str) -> None:
    """A few examples of each operation: a documented status, the documented form, never 500."""
    assert called(busy, name, 5, good=True) >= 1


@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_many_examples_are_answered_as_the_document_says(busy: World, name: str) -> None:
    """As above, with many, on the database that takes less."""
    assert called(busy, name, 25 * TIMES, good=True) >= 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("readMe", "readAgreements", "readContracts")]
)
def test_what_the_document_does_not_allow_is_answered_by_a_problem(busy: World, name: str) -> None:
    """Examples that break the document: another status of it, and never 500."""
    assert called(busy, name, 25 * TIMES, good=False) >= 10
