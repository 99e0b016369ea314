"""What stands in bodies and answers, as JSON Schema."""

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
from upheld.app.events import KINDS
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
PROVIDER: Final = closed(key=TEXT | {"maxLength": 60}, name=TEXT | {"maxLength": 200})
FOUNDED: Final = closed(key=TEXT, name=TEXT, token=TEXT)
TIME_OF_DAY: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_CLOCK: Final[Schema] = {"type": "string", "pattern": TIME_OF_DAY}
WAY: Final = closed(
    channel=TEXT | {"maxLength": 40},
    way={"enum": ["mail", "webhook"]},
    address=TEXT | {"maxLength": 2000},
)
PERSON: Final[Schema] = {
    "type": "object",
    "description": "Somebody who is told, with the ways to them, the first tried first.",
    "properties": {
        "name": TEXT | {"maxLength": 200},
        "roles": {"type": "array", "items": TEXT | {"maxLength": 200}, "maxItems": 50},
        "ways": {"type": "array", "items": WAY, "minItems": 1, "maxItems": 20},
        "customer": {"type": ["string", "null"], "description": "Of this customer, not of the provider."},
        "language": {"enum": ["en", "nl"]},
        "zone": TEXT | {"maxLength": 60},
        "quiet": {"anyOf": [closed(**{"from": _CLOCK, "until": _CLOCK}), {"type": "null"}]},
        "digest": _CLOCK,
    },
    "required": ["name", "ways"],
    "additionalProperties": False,
}
_SECRET: Final[Schema] = {"type": ["string", "null"], "description": "Of a webhook, shown this once."}
KEPT_PERSON: Final = closed(
    name=TEXT, ways=rows(closed(channel=TEXT, way=TEXT, secret=_SECRET))
)  # fmt: skip
SHOWN_PERSON: Final = closed(
    name=TEXT,
    customer=TEXT_OR_NOT,
    roles=NAMES,
    language=TEXT,
    zone=TEXT,
    ways=rows(closed(channel=TEXT, way=TEXT, rests=STRING)),
)
PEOPLE: Final = closed(
    people=rows(SHOWN_PERSON),
    next=NUMBER_OR_NOT,
)
TARGET: Final[Schema] = {
    "type": "object",
    "description": "What is looked at: the page about probes lists the kinds and their settings.",
    "properties": {
        "name": {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 100},
        "component": TEXT | {"maxLength": 200},
        "signal": TEXT | {"maxLength": 200},
        "kind": TEXT | {"maxLength": 40},
        "every": {"type": ["string", "null"], "description": "As 1m; without it a look rests."},
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
LEVEL: Final[Schema] = {
    "type": "object",
    "description": "People by their names, or whoever is on call in a rota.",
    "properties": {
        "people": {"type": "array", "items": TEXT | {"maxLength": 200}, "minItems": 1, "maxItems": 20},
        "rota": TEXT | {"maxLength": 80},
        "within": TEXT | {"description": "How long until the next level is asked, such as 15m."},
    },
    "required": ["within"],
    "additionalProperties": False,
}
CHAIN: Final[Schema] = {
    "type": "object",
    "description": "Whom to wake for a role, one level after the other, until somebody acknowledges.",
    "properties": {
        "role": TEXT | {"maxLength": 80},
        "levels": {"type": "array", "items": LEVEL, "minItems": 1, "maxItems": 50},
        "times": {"type": "integer", "minimum": 1, "maximum": 50},
    },
    "required": ["role", "levels"],
    "additionalProperties": False,
}
KEPT_CHAIN: Final = closed(role=TEXT, levels=POSITION, times=POSITION)
SHOWN_CHAIN: Final = closed(role=TEXT, levels=rows(LEVEL), times=POSITION)
CHAINS: Final = closed(chains=rows(SHOWN_CHAIN))
PAGE: Final = closed(
    number=NUMBER,
    contract=STRING,
    cause=TEXT,
    rule=TEXT,
    stage=TEXT,
    at=INSTANT,
    told=NAMES,
    next_at=INSTANT_OR_NOT,
    over_at=INSTANT_OR_NOT,
    acknowledged={
        "anyOf": [closed(by=TEXT, how={"enum": ["api", "link"]}, at=INSTANT), {"type": "null"}]
    },
)  # fmt: skip
PAGES: Final = closed(pages=rows(PAGE), next=NUMBER_OR_NOT)
TEST: Final = closed(role=TEXT | {"maxLength": 80})
_DATE: Final[Schema] = {"type": "string", "format": "date"}
_SLUG: Final[Schema] = {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 80}
LAYER: Final[Schema] = {
    "type": "object",
    "description": "People who take turns by the day or the week, handing over by the local clock.",
    "properties": {
        "people": {"type": "array", "items": TEXT | {"maxLength": 200}, "minItems": 1, "maxItems": 50},
        "every": {"enum": ["day", "week"]},
        "from": _DATE | {"description": "The first day; weekly turns hand over on its weekday."},
        "at": _CLOCK,
        "zone": TEXT | {"maxLength": 60},
        "until": {"anyOf": [_DATE, {"type": "null"}], "description": "The first day without."},
        "hours": {
            "type": ["string", "null"], "minLength": 1, "maxLength": 200,
            "description": "Only then, such as Mon-Fri 09:00-17:00.",
        },
    },
    "required": ["people", "every", "from"],
    "additionalProperties": False,
}  # fmt: skip
ROTA: Final[Schema] = {
    "type": "object",
    "description": "Who is on call, by layers, the last one on top.",
    "properties": {
        "name": _SLUG,
        "layers": {"type": "array", "items": LAYER, "maxItems": 20},
        "always": {
            "type": ["string", "null"], "minLength": 1, "maxLength": 80,
            "description": "Somebody is on call around the clock; the role that is told of gaps.",
        },
    },
    "required": ["name", "layers"],
    "additionalProperties": False,
}  # fmt: skip
KEPT_ROTA: Final = closed(name=TEXT, layers=POSITION)
OVERRIDE: Final = closed(
    person=TEXT | {"maxLength": 200}, **{"from": INSTANT, "until": INSTANT}
)  # fmt: skip
NUMBERED: Final = closed(number=NUMBER)
_SPAN: Final[dict[str, Schema]] = {"from": INSTANT, "until": INSTANT}
SHOWN_ROTA: Final = closed(
    name=TEXT,
    on_call=TEXT_OR_NOT,
    always=TEXT_OR_NOT,
    layers=rows(LAYER),
    overrides=rows(closed(number=NUMBER, person=TEXT, by=TEXT, **_SPAN)),
)
ROTAS: Final = closed(rotas=rows(SHOWN_ROTA))
TURNS: Final = closed(
    name=TEXT, turns=rows(closed(person=TEXT, **_SPAN)), gaps=rows(closed(**_SPAN))
)  # fmt: skip
_LANGUAGES: Final[Schema] = {"enum": ["en", "nl"]}
_KINDS: Final[Schema] = {"enum": ["ahead", "late", "claim", "event", "gap", "test"]}
TEMPLATE: Final = closed(
    language=_LANGUAGES, kind=_KINDS, subject=TEXT | {"maxLength": 200}, body=TEXT | {"maxLength": 10_000}
)
KEPT_TEMPLATE: Final = closed(language=_LANGUAGES, kind=_KINDS)
SHOWN_TEMPLATE: Final = closed(language=_LANGUAGES, kind=_KINDS, subject=TEXT, body=TEXT, own=TRUTH)
TEMPLATES: Final = closed(
    templates=rows(SHOWN_TEMPLATE),
    placeholders=NAMES,
)
MESSAGE: Final = closed(
    number=NUMBER,
    contract=STRING,
    cause=TEXT,
    rule=TEXT,
    stage=TEXT,
    urgency={"enum": ["page", "urgent", "planned"]},
    to=TEXT_OR_NOT,
    channel=TEXT_OR_NOT,
    subject=STRING,
    owed_at=INSTANT,
    state={"enum": ["waiting", "sending", "accepted", "suppressed", "failed"]},
    said=STRING,
    next_at=INSTANT_OR_NOT,
    ended_at=INSTANT_OR_NOT,
    page=NUMBER_OR_NOT,
    digest=NUMBER_OR_NOT,
    attempts=rows(closed(at=INSTANT, state=TEXT, said=STRING)),
)
MESSAGES: Final = closed(
    messages=rows(MESSAGE),
    next=NUMBER_OR_NOT,
)
CAME: Final = closed(taken=TRUTH)
REMOVED: Final = closed(removed=TRUTH)
TOKEN: Final[Schema] = {
    "type": "object",
    "description": "What lets a program in: some of the scopes of its role, for so many days.",
    "properties": {
        "name": TEXT | {"maxLength": 100},
        "role": TEXT | {"maxLength": 80},
        "scopes": {"type": "array", "items": TEXT | {"maxLength": 80}, "minItems": 1, "maxItems": 50},
        "customer": {
            "type": ["string", "null"], "minLength": 1, "maxLength": 200,
            "description": "Only for this customer of the provider.",
        },
        "days": {"type": "integer", "minimum": 1, "maximum": 400, "default": 90},
        "signs": {"type": "boolean", "description": "It signs what it sends and shows nothing."},
    },
    "required": ["name", "role", "scopes"],
    "additionalProperties": False,
}  # fmt: skip
MADE_TOKEN: Final = closed(
    number=NUMBER,
    ends_at=INSTANT,
    token={"type": ["string", "null"], "description": "Shown this once; null: it signs."},
    secret={"type": ["string", "null"], "description": "Of who signs, shown this once."},
)
SHOWN_TOKEN: Final = closed(
    number=NUMBER,
    name=TEXT,
    role=TEXT,
    customer=TEXT_OR_NOT,
    scopes=NAMES,
    signs=TRUTH,
    made_at=INSTANT,
    ends_at=INSTANT,
    revoked_at=INSTANT_OR_NOT,
)
TOKENS: Final = closed(
    tokens=rows(SHOWN_TOKEN),
    next=NUMBER_OR_NOT,
)
_URL: Final = TEXT | {"maxLength": 2000}
_WANTED_KINDS: Final[Schema] = {
    "type": "array",
    "items": {"enum": list(KINDS)},
    "maxItems": 50,
    "description": "The kinds of events that are sent; none: all of them.",
}
_ENDPOINT_SAID: Final[Schema] = {
    "url": _URL,
    "kinds": _WANTED_KINDS,
    "description": {"type": "string", "maxLength": 200},
    "tell": TEXT | {"maxLength": 200, "description": "The role of who is told when it is disabled."},
    "enabled": TRUTH,
}
NEW_ENDPOINT: Final[Schema] = {
    "type": "object",
    "description": "A URL that events are sent to, with a secret that is made for it.",
    "properties": _ENDPOINT_SAID,
    "required": ["url"],
    "additionalProperties": False,
}
CHANGED_ENDPOINT: Final[Schema] = {
    "type": "object",
    "description": "What is to be otherwise; what is left out stays.",
    "properties": _ENDPOINT_SAID,
    "additionalProperties": False,
}
_ENDPOINT: Final[Schema] = {
    "endpoint": TEXT,
    "to": {
        "type": ["string", "null"],
        "description": "Its scheme and host; null: it cannot be read any more.",
    },
    "kinds": NAMES,
    "description": STRING,
    "tell": TEXT,
    "state": {"enum": ["unproven", "live", "off", "disabled"]},
    "said": {
        "type": "string",
        "description": "Why it is disabled, or why the last attempt was not accepted.",
    },
    "made_at": INSTANT,
    "failed": POSITION,
    "failing_since": INSTANT_OR_NOT,
    "rests_until": INSTANT_OR_NOT,
    "old_secret_until": INSTANT_OR_NOT,
}
ENDPOINT: Final = closed(**_ENDPOINT)
MADE_ENDPOINT: Final = closed(**_ENDPOINT, secret=TEXT | {"description": "Shown this once."})
ENDPOINTS: Final = closed(endpoints=rows(ENDPOINT))
ATTEMPT: Final = closed(
    at=INSTANT,
    state={"enum": ["accepted", "refused", "failed", "unknown"]},
    status=NUMBER_OR_NOT,
    said=STRING,
)
DELIVERY: Final = closed(
    id=TEXT | {"description": "The `webhook-id`, the same in every attempt."},
    type=TEXT,
    change={"type": ["integer", "null"], "description": "The number of the change."},
    happened_at=INSTANT,
    state={"enum": ["waiting", "sending", "accepted", "failed"]},
    said=STRING,
    next_at=INSTANT_OR_NOT,
    attempts=rows(ATTEMPT),
)
DELIVERIES: Final = closed(deliveries=rows(DELIVERY), next=NUMBER_OR_NOT)
