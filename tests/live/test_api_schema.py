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
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.live.api_desk import BASE, Party, World, event, standing, told
from tests.live.api_urls import SETUP
from tests.live.databases import Postgres, Sqlite
from tests.seeds import TIMES
from upheld.api.build import OPERATIONS, document
from upheld.api.operations import Operation
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    allow_header_conformance,
    negative_data_rejection,
]


class Busy(World):
    """The world with a ticket of each customer, and somebody of every role at the door."""

    def __init__(self) -> None:
        super().__init__()
        self.of_role: dict[str, Party] = {"server": Party(SETUP), "nobody": self.anonymous}
        for role in PROVIDER_ROLES:
            self.of_role[role] = Party(self.token(self.provider, role))
        for role in CUSTOMER_ROLES:
            self.of_role[role] = Party(self.token(self.provider, role, "Acme"))
        for contract in ("c1", "c2"):
            told(self.owner.tell("/facts", event(f"f-{contract}", f"T-{contract}", contract=contract)), 201)
        told(self.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": [MAIL]}))
        told(self.owner.tell("/rotas", {"name": "a", "layers": []}))
        told(self.owner.tell("/pages", {"role": "lead"}), 201)
        told(self.owner.tell("/endpoints", {"url": "https://hooks.northwind.example/"}), 201)

    def asking(self, operation: Operation) -> st.SearchStrategy[Party]:
        """Who asks: mostly somebody who may, and everybody else."""
        may = [self.of_role[role] for role in sorted(operation.policy.roles)]
        return st.one_of(st.sampled_from(may), st.sampled_from([*self.of_role.values()]))


MAIL = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}


@pytest.fixture
def busy(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[Busy]:
    """The busy world."""
    with standing(databases, tmp_path, Busy) as found:
        yield found


@cache
def schema() -> Any:
    """The document, as it is served; read once, for it takes longer than some examples."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application())


def called(world: Busy, operation: Operation, examples: int, good: bool) -> int:
    """Calls one operation with so many examples, those that the document allows or does not; how many."""
    mode = schemathesis.GenerationMode.POSITIVE if good else schemathesis.GenerationMode.NEGATIVE
    cases = schema().find_operation_by_id(operation.name).as_strategy(generation_mode=mode)
    count = 0

    @given(case=cases, party=world.asking(operation))
    @settings(
        max_examples=examples * TIMES,
        deadline=None,
        database=None,
        derandomize=TIMES == 1,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any, party: Party) -> None:
        nonlocal count
        count += 1
        shown = {} if party.token is None else {"Authorization": f"Bearer {party.token}"}
        case.headers = {**(case.headers or {}), **shown}
        case.cookies = {}  # a session is of somebody who signed in: see the tests of that
        case.call_and_validate(checks=CHECKS, headers={"Host": "localhost"})

    call()
    return count


each = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)


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


@each
def test_what_the_document_allows_is_answered_as_it_says(busy: Busy, operation: Operation) -> None:
    """Whoever asks: a documented status, kind, form and header, never 500; the same on both databases."""
    assert called(busy, operation, 12, good=True) >= 1


NOTHING_TO_BREAK = ("readMe", "readAgreements", "readContracts")


@each
def test_what_the_document_does_not_allow_is_answered_by_a_problem(busy: Busy, operation: Operation) -> None:
    """Whoever asks by examples that break the document: another status of it, and never success or 500."""
    if operation.name not in NOTHING_TO_BREAK:
        assert called(busy, operation, 20, good=False) >= 5
