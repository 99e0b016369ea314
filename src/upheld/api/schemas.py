"""What stands in bodies and answers, as JSON Schema: facts, observations, texts, changes, what is wrong."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER,
    NUMBER_OR_NOT,
    POSITION,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    Schema,
    closed,
    opened,
    rows,
)
from upheld.app.apply import MOST_TEXTS
from upheld.core.values.slug import SLUG_PATTERN

PLACE: Final = closed(
    file=STRING,
    line=NUMBER,
    column=NUMBER,
)
FINDING: Final = closed(
    code=TEXT,
    severity={"enum": ["error", "warning", "note"]},
    message=TEXT,
    way_out=STRING,
    places=rows(PLACE),
)
WRONG: Final = closed(
    **FINDING["properties"],
    field=TEXT_OR_NOT | {"description": "The field of the body, or the parameter, that is wrong."},
)
PROBLEM: Final = opened(
    type=TEXT,
    title=TEXT,
    status={"type": "integer"},
    detail=STRING,
    code=TEXT,
    findings=rows(WRONG),
)
FACT: Final[Schema] = {
    "type": "object",
    "description": "A CloudEvent; the language reference lists the types and what their data hold.",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": TEXT | {"maxLength": 200},
        "source": TEXT | {"maxLength": 200},
        "type": TEXT | {"maxLength": 120},
        "time": INSTANT,
        "subject": TEXT | {"maxLength": 200},
        "recordedtime": INSTANT,
        "datacontenttype": {"const": "application/json"},
        "data": {
            "type": "object",
            "additionalProperties": True,
            "description": "What a fact of its type holds.",
        },
    },
    "required": ["specversion", "id", "source", "type", "time", "subject"],
}
RECORDED: Final = closed(positions=rows(NUMBER), new=POSITION, findings=rows(FINDING))
RECORDED_FACT: Final = closed(position=NUMBER, fact=FACT)
FACTS: Final = closed(
    facts=rows(RECORDED_FACT),
    next=NUMBER_OR_NOT,
)
FILES: Final[Schema] = {
    "type": "object",
    "additionalProperties": STRING,
    "minProperties": 1,
    "maxProperties": MOST_TEXTS,
}
TEXTS: Final = closed(files=FILES)
AGREEMENTS: Final = closed(revision=POSITION, files={"type": "object", "additionalProperties": STRING})
CHANGE: Final = closed(
    number=NUMBER,
    at=INSTANT,
    contract=TEXT,
    commitment=TEXT,
    subject=STRING,
    cycle=POSITION,
    before=STRING,
    after=STRING,
)
EVENTS: Final[Schema] = {
    "type": "string",
    "description": (
        "Server-sent events, if `Accept` asks for them: first `retry:` with the milliseconds to wait before "
        "coming again, then `id:` with a number, `event: change` and `data:` with a change for each, and "
        "comments (`: still here`) while nothing comes. It ends after a while: come again, with the last "
        "number in `Last-Event-ID`."
    ),
}
CHANGES: Final = closed(changes=rows(CHANGE), next=NUMBER_OR_NOT)
ME: Final = closed(
    token=TEXT_OR_NOT,
    provider=TEXT,
    customer=TEXT_OR_NOT,
    role=TEXT,
    scopes=NAMES,
)
OBSERVATION: Final[Schema] = {
    "type": "object",
    "description": "A check, a count or a state: the page about measurement says what each row holds.",
    "properties": {
        "at": {"type": ["string", "integer"], "description": "An instant, or microseconds since 1970."},
        "component": TEXT | {"maxLength": 200},
        "signal": TEXT | {"maxLength": 200},
        "provider": TEXT,
        "ok": TRUTH,
        "status": POSITION,
        "latency_us": POSITION,
        "latency_ms": {"type": "number", "minimum": 0},
        "code": {"type": "string", "maxLength": 200},
        "until": {"type": ["string", "integer"]},
        "for": TEXT,
        "good": POSITION,
        "total": POSITION,
        "state": TEXT | {"maxLength": 200},
    },
    "required": ["at", "component"],
    "additionalProperties": False,
}
COLUMNS: Final[Schema] = {
    "type": "object",
    "description": "A list for each column, all of the same length, or one value for all rows.",
    "properties": {
        name: {"anyOf": [rows(one), one]} for name, one in OBSERVATION["properties"].items()
    },
    "required": ["at", "component"],
    "additionalProperties": False,
}  # fmt: skip
OBSERVED: Final = closed(rows=POSITION, new=POSITION, findings=rows(FINDING))
TARGET: Final[Schema] = {
    "type": "object",
    "description": "What is looked at: the page about probes lists the kinds and their settings.",
    "properties": {
        "name": {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
        "component": TEXT | {"maxLength": 200},
        "signal": TEXT | {"maxLength": 200},
        "kind": TEXT | {"maxLength": 40},
        "every": {
            "type": ["string", "null"],
            "description": "As 1m. Every kind needs it but a heartbeat, whose settings say it.",
        },
        "settings": {
            "type": "object",
            "additionalProperties": True,
            "description": "Those of its kind.",
        },
    },
    "required": ["name", "component", "signal", "kind", "settings"],
    "additionalProperties": False,
}
KEPT_TARGET: Final = closed(name=TEXT, kind=TEXT, next_at=INSTANT_OR_NOT)
SHOWN_TARGET: Final = closed(
    name=TEXT,
    component=TEXT,
    signal=TEXT,
    kind=TEXT,
    every_us=POSITION,
    next_at=INSTANT_OR_NOT,
    said=STRING,
)
TARGETS: Final = closed(probes=rows(SHOWN_TARGET))
NUMBERED: Final = closed(number=NUMBER)
CAME: Final = closed(taken=TRUTH)
REMOVED: Final = closed(removed=TRUTH)
