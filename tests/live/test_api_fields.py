"""Whatever a table has, a body cannot write: it has the fields of its schema and no others.

Source: safety.md, threat 6 (API3:2023, mass assignment).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps

from tests.live.api_desk import Party, World, event, problem, told
from tests.live.api_urls import SETUP
from tests.live.test_api_walls import ask, own_case
from upheld.api.build import OPERATIONS
from upheld.api.operations import Operation
from upheld.api.schemas import FACT
from upheld.store.models import RecordedFact

WRITES = [one for one in OPERATIONS if one.body is not None and "application/json" in one.body.kinds]
STORED = sorted(
    {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
    | {"tenant", "is_admin", "occurred_at", "public", "__class__", "constructor", "__proto__"}
)
"""What any table has a column for, and what others would try."""


def _objects(schema: dict[str, Any], body: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every object in a body that has a list of its fields, with that list."""
    if isinstance(body, dict):
        if schema.get("additionalProperties") is False:
            yield schema["properties"], body
        for name, one in schema.get("properties", {}).items():
            yield from _objects(one, body.get(name))
    elif isinstance(body, list):
        for one in body:
            yield from _objects(schema.get("items", {}), one)


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one.name)
def test_no_column_is_written_by_a_body(world: World, operation: Operation) -> None:
    """Each field that the document does not name is refused, by its name, in every object of the body."""
    assert operation.body is not None
    schema, case = operation.body.kinds["application/json"], own_case(operation, "c1")
    if schema is FACT:
        return  # may have extensions: see below
    if operation.path.startswith("/webhooks"):
        return  # the same facts, signed
    party = Party(SETUP) if operation.path == "/providers" else world.owner
    number = len(list(_objects(schema, case.body)))
    assert number, "there is an object in it"
    for n in range(number):
        body = deepcopy(case.body)
        fields, there = list(_objects(schema, body))[n]
        strange = [name for name in STORED if name not in fields]
        # Of a row of observations the first is told; of others all are.
        together = 1 if operation.path == "/observations" else 20
        for some in (strange[start : start + together] for start in range(0, len(strange), together)):
            there.update(dict.fromkeys(some, 1))
            found = problem(ask(party, operation, case._replace(body=body)), 422, "invalid")["findings"]
            if operation.path == "/observations":
                (message,) = (one["message"] for one in found)
                assert message == f"there is no `{some[0]}` in an observation"
            else:
                assert {one["field"].rpartition(".")[2] for one in found} == set(some)
            for name in some:
                del there[name]


def test_an_extension_of_a_fact_writes_no_column(world: World) -> None:
    """A CloudEvent may have attributes of others: they change nothing of what is recorded of it."""
    told(world.owner.tell("/facts", event("plain", "T-1")), 201)
    names = sorted({name.replace("_", "").lower() for name in STORED} - set(FACT["properties"]) - {"source"})
    names = [name for name in names if name.isalnum()]
    told(world.owner.tell("/facts", event("full", "T-2") | dict.fromkeys(names, "1")), 201)
    shown: Callable[[RecordedFact], dict[str, Any]] = lambda row: {  # noqa: E731
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
    }
    plain, full = (shown(row) for row in RecordedFact.objects.order_by("position"))
    own = {"id", "fact_id", "subject", "position", "index", "recorded_at", "entry", "leaf", "input"}
    assert {name for name in plain if plain[name] != full[name]} <= own
    assert full["position"] == 2
    first, second = json.loads(world.owner.get("/facts").content)["facts"]
    assert set(second["fact"]) - set(first["fact"]) <= {*names, "recordedtime"}
    assert full["recorded_at"] == plain["recorded_at"] + 1
