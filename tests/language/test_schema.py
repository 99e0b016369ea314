"""The JSON Schema takes what the compiler takes, and marks the typos that it can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.language.test_compile import LAYERED
from tests.language.texts import CONTRACT, HEAD, tree
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.schema import agreement_schema, clauses_schema, contract_schema

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = (
    HEAD.replace(
        "duty: ", "calendar: {support: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}}\nduty: "
    )
    + """\
attribute: {kind: {of: ticket, type: text, values: [incident, question], default: incident}}
event: {visit.arrived: {of: ticket, fields: {engineer: text}}}
deadline:
  response:
    where: kind = incident
    from: opened
    until: [answered, workaround where priority = P1]
    on: {by hours: {support: support, all day: always}}
    within: {P1: {goal: 1h, limit: 2h}, P2: 1 business day, other: none}
    pause: [waiting, {from: vendor_case, until: replied}]
    change: {by customer: restart}
    clause: ["1", "2"]
  notice: {of: maintenance, until: announced, due: starts_at - 48h}
every: {updates: {of: incident, from: declared, again: informed, until: resolved, each: 30m}}
quota: {urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: ordinary}}
entitlement: {users: {named contacts: 3}, review: yearly}
obligation: {review: {times: 1, per: calendar year}}
component: {api: {}, both: {at least: 1, of: [api, page]}, page: {from: 2026-01-01}}
signal: {http: {of: [api, page], checks: requests, good: "status in 200..299", every: 1m}}
indicator:
  uptime: {count: checks of both, per: {slice: 5m, run: 2}, gaps: {by hours: {support: up, all day: down}}}
  slow: {count: latency of api, combine: percentile 99.9}
exclude: {window: {of: maintenance, announced by: starts_at - 48h, effect: [not bad, breaks run]}}
commit: {uptime: ">= 99.9 % per calendar month", slow: {level: <= 0.5s, per: calendar month}}
remedy:
  credit: {of: uptime, bands: {"[99 %, top)": 10 %, "< 99 %": 20 %}, top: level, base: {fee: month}}
  late: {of: uptime, steps: {each: 30m, give: 5 %, begun: true}, base: {invoice: month}, after: 2 of 3,
         limits: {month: 100 % of base}, pay: {instalments: 3}}
amend: {notice: 60d}
"""
)


def plain(node: Node) -> Any:
    """A tree as an editor sees it: texts, lists and maps."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: plain(child) for key, child in node.entries}
    return [plain(item) for item in node.items]


def faults(schema: dict[str, Any], text: str) -> list[str]:
    """Where a text does not fit a schema."""
    errors = Draft202012Validator(schema).iter_errors(plain(tree(text)))
    return ["/".join(map(str, error.absolute_path)) for error in errors]


@pytest.mark.parametrize("text", [HEAD, SAMPLE, HEAD + LAYERED], ids=["head", "sample", "plans"])
def test_a_sound_agreement_fits(text: str) -> None:
    """What compiles fits, also rows that only a plan completes."""
    assert faults(agreement_schema(), text) == []


def test_a_sound_contract_and_clause_list_fit() -> None:
    """Contract files with overrides and clause lists fit their schemas."""
    contract = CONTRACT.replace("from:", "fees: {month: 499.00 EUR}, contacts: {ada: {role: owner}}, from:")
    override = (
        "override: {deadline: {response: {within: {P1: 1h}}, notice: none}, duty: {data: other data}}\n"
    )
    assert faults(contract_schema(), contract + override) == []
    assert (
        faults(clauses_schema(), "clauses: {'2.3': {says: a, paragraph: abc, later: claims, part: b}}") == []
    )


@pytest.mark.parametrize(
    ("wrong", "right", "where"),
    [
        ("dedline:", "deadline:", ""),
        ("untill: announced", "until: announced", "deadline/notice"),
        ("starts: opened\n", "from: opened\n", "deadline/response"),
        ("notice: {of: maintenence", "notice: {of: maintenance", "deadline/notice"),
        ("overflow: maybe", "overflow: ordinary", "quota/urgent"),
        ("per: calendar month}", "per: calendar month, overflow: ordinary}", "quota/urgent"),
        ("allow: two", "allow: 2", "quota/urgent"),
        ("{by customer: reset}", "{by customer: restart}", "deadline/response"),
        ("fields: {engineer: string}", "fields: {engineer: text}", "event/visit.arrived"),
        ("{P1: [1h], P2:", "{P1: {goal: 1h, limit: 2h}, P2:", "deadline/response"),
        ("on: [support]", "on: {by hours: {support: support, all day: always}}", "deadline/response"),
        ("zone: UTC, opened: ", "zone: UTC, open: ", "calendar/support"),
        ("at leas: 1", "at least: 1", "component/both"),
        ("chequed: requests", "checks: requests", "signal/http"),
        ("count: check of both", "count: checks of both", "indicator/uptime"),
        ("{slices: 5m, run: 2}", "{slice: 5m, run: 2}", "indicator/uptime"),
        ("combine: p99", "combine: percentile 99.9", "indicator/slow"),
        ("[not bad, break run]", "[not bad, breaks run]", "exclude/window"),
        ("{level: 0.5s, per", "{level: <= 0.5s, per", "commit/slow"),
        ("begun: maybe", "begun: true", "remedy/late"),
        ("limits: {moth: ", "limits: {month: ", "remedy/late"),
        ("of: uptime, step: {", "of: uptime, steps: {", "remedy/late"),
    ],
)  # fmt: skip
def test_a_typo_is_marked(wrong: str, right: str, where: str) -> None:
    """A misspelt concept, field or word does not fit, at the row that holds it."""
    assert right in SAMPLE
    marked = faults(agreement_schema(), SAMPLE.replace(right, wrong))
    assert marked
    assert all(path.startswith(where) for path in marked)


def _descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for value in schema.values():
            yield from _descriptions(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _descriptions(item)


@pytest.mark.parametrize(
    "schema", [agreement_schema(), contract_schema(), clauses_schema()], ids=lambda s: s["$id"]
)
def test_a_schema_is_sound(schema: dict[str, Any]) -> None:
    """Each schema is valid draft 2020-12, and no two of its descriptions are the same."""
    Draft202012Validator.check_schema(schema)
    told = list(_descriptions(schema))
    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", ["rous", "intg", "ceng", "sivo", "just"])
def test_the_shipped_agreements_fit(name: str) -> None:
    """The five agreements and their clause lists fit the committed schemas."""
    for file, schema in ((f"{name}.yaml", "agreement"), (f"clauses/{name}.yaml", "clauses")):
        text = (ROOT / "agreements" / file).read_text(encoding="utf-8")
        committed = json.loads((ROOT / f"docs/reference/{schema}.schema.json").read_text(encoding="utf-8"))
        assert faults(committed, text) == []


def _field_schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """The schemas of all fields and sections: those that have a title."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            yield schema
        for value in schema.values():
            yield from _field_schemas(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _field_schemas(item)


@pytest.mark.parametrize(
    "schema", [agreement_schema(), contract_schema(), clauses_schema()], ids=lambda s: s["$id"]
)
def test_an_editor_can_say_what_everything_is(schema: dict[str, Any]) -> None:
    """Every field has a name and a sentence to hover over, and every word that it allows has its meaning."""
    fields = list(_field_schemas(schema))
    assert len(fields) > 10
    assert all("description" in field for field in fields if field is not schema)

    def enums(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if len(part.get("enum", ())) > 1 and all(isinstance(word, str) for word in part["enum"]):
                yield part
            for value in part.values():
                yield from enums(value)
        elif isinstance(part, list):
            for item in part:
                yield from enums(item)

    told = [part for part in enums(schema) if "enumDescriptions" in part]
    assert told
    assert all(len(part["enum"]) == len(part["enumDescriptions"]) for part in told)
    assert all(all(part["enumDescriptions"]) for part in told)


def test_an_example_fits_its_own_field() -> None:
    """What an editor puts in as an example is valid where it puts it."""
    schema = agreement_schema()
    for name, part in schema["properties"].items():
        for example in part.get("examples", ()):
            text = {"document": schema["properties"]["document"]["examples"][0], name: example}
            errors = list(Draft202012Validator(schema).iter_errors(text))
            assert errors == [], (name, errors[0].message if errors else "")
    for name, part in schema["$defs"].items():
        for field, of_field in part.get("properties", {}).items():
            for example in of_field.get("examples", ()):
                whole = {**of_field, "$defs": schema["$defs"]}
                assert list(Draft202012Validator(whole).iter_errors(example)) == [], (name, field)
