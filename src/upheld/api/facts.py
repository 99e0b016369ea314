"""Facts in, one or many at once, and out by position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.http import HttpResponse

from upheld.api import schemas
from upheld.api.body import BATCH, NAME, SINGLE
from upheld.api.operations import Body, Operation, Request, answered, done_once
from upheld.api.parameters import After, Limit
from upheld.api.problems import invalid
from upheld.api.schema_forms import rows
from upheld.app.asking import declared_types, facts_of, unknown_contracts
from upheld.app.once import Answered
from upheld.app.policies import policy
from upheld.app.record import record
from upheld.core.values.finding import Finding, Place, has_errors
from upheld.core.values.frozen import replace
from upheld.files.facts_file import fact_line, read_fact, read_fact_lines, read_fact_list
from upheld.render.records import findings_record

_EVENT: Final = "application/cloudevents+json"
_LIST: Final = "application/cloudevents-batch+json"
_ONE: Final = Body({_EVENT: schemas.FACT, "application/json": schemas.FACT}, SINGLE)
_LINES: Final = "application/x-ndjson"
_MANY: Final = Body(
    {
        _LIST: rows(schemas.FACT) | {"minItems": 1},
        _LINES: {"type": "string", "description": "One fact on each line."},
    },
    BATCH,
)
_HEARD: Final = Body({**_ONE.kinds, **_MANY.kinds}, SINGLE)


def tell_fact(request: Request) -> HttpResponse:
    """Records one fact: 201. Told before, it is told again without effect: 200, the same position."""
    return done_once(request, _ONE, lambda _, body: _told(request, "one", body))


def tell_facts(request: Request) -> HttpResponse:
    """Records facts as a whole, or none of them: `positions` are theirs, in the order in which they stand."""
    return done_once(request, _MANY, lambda kind, body: _told(request, kind, body))


def hear_facts(request: Request, sender: str) -> HttpResponse:
    """Records what a webhook brings, one fact or many, as a whole or not at all.

    It is signed as Standard Webhooks has it; sent again it is answered the same, and changes nothing.
    """

    def act(kind: str, body: bytes) -> Answered:
        return _told(request, "one" if kind in _ONE.kinds else kind, body)

    return done_once(request, _HEARD, act)


def _told(request: Request, kind: str, body: bytes) -> Answered:
    caller = request.auth
    read = {"one": read_fact, _LINES: read_fact_lines}.get(kind, read_fact_list)
    facts, findings = read(body, NAME, declared_types(caller.who))
    findings = tuple(_sent_otherwise(request, kind, body, findings))
    if not facts and not findings:
        findings = (Finding("empty-file", "there is no fact", (Place(NAME),), "send one at least"),)
    if has_errors(findings):
        raise invalid(findings)
    done = record(caller.who.provider_id, facts, caller.who.actor, caller.at, caller.salt)
    findings = (*findings, *unknown_contracts(caller.who, facts), *done.findings)
    told = {"positions": list(done.positions), "new": done.new, "findings": findings_record(findings)}
    return answered(told, 201 if kind == "one" and done.new else 200)


def _sent_otherwise(
    request: Request, kind: str, body: bytes, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """The findings; of a list where one fact is read, and of an event in binary mode, with what to send."""
    is_binary = any(name.lower().startswith("ce-") for name in request.headers)
    for one in findings:
        if is_binary and one.code == "missing-attribute":
            message = f"{one.message}: headers `ce-` are not read"
            yield replace(one, message=message, way_out=f"send the event whole in the body, as {_EVENT}")
        elif kind == "one" and one.code == "not-an-object" and body.lstrip()[:1] == b"[":
            yield replace(one, way_out=f"send a list to {request.path_info}:batch, as {_LIST}")
        else:
            yield one


def read_facts(request: Request, after: After = 0, limit: Limit = 100) -> HttpResponse:
    """Facts by position, those behind `after`; `next` is the `after` of the next page, if there is one.

    A customer gets those of their own log, without personal text.
    """
    seen = facts_of(request.auth.who, after, limit + 1)
    rows = ",".join(f'{{"position":{one.position},"fact":{fact_line(one.fact)}}}' for one in seen[:limit])
    more = str(seen[limit - 1].position) if len(seen) > limit else "null"
    return HttpResponse(f'{{"facts":[{rows}],"next":{more}}}\n'.encode(), "application/json")


OPERATIONS: Final = (
    Operation(
        "POST", "/facts", policy("tell facts"), "tellFact", "Tell a fact",
        {200: schemas.RECORDED, 201: schemas.RECORDED}, tell_fact, _ONE,
    ),
    Operation(
        "POST", "/facts:batch", policy("tell facts"), "tellFacts", "Tell many facts",
        {200: schemas.RECORDED}, tell_facts, _MANY,
    ),
    Operation(
        "POST", "/webhooks/{sender}", policy("tell facts"), "hearFacts", "Take what a webhook brings",
        {200: schemas.RECORDED, 201: schemas.RECORDED}, hear_facts, _HEARD, signed=True,
    ),
    Operation(
        "GET", "/facts", policy("read facts"), "readFacts", "Read facts", {200: schemas.FACTS}, read_facts
    ),
)  # fmt: skip
