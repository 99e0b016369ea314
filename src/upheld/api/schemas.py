"""What stands in bodies and answers, as JSON Schema."""

from __future__ import annotations

from typing import Any, Final

from upheld.app.apply import MOST_TEXTS
from upheld.app.events import KINDS
from upheld.core.values.slug import SLUG_PATTERN

Schema = dict[str, Any]
INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
TEXT: Final[Schema] = {"type": "string", "minLength": 1}
POSITION: Final[Schema] = {"type": "integer", "minimum": 0}
_NUMBER_OR_NOT: Final[Schema] = {"type": ["integer", "null"]}


def closed(**fields: Schema) -> Schema:
    """An object with these fields and no others, all of them required."""
    return {
        "type": "object", "properties": fields, "required": list(fields), "additionalProperties": False
    }  # fmt: skip


def opened(**fields: Schema) -> Schema:
    """An object with at least these fields; the reference of outputs lists all."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def rows(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


PLACE: Final = closed(
    file={"type": "string"},
    line={"type": "integer", "minimum": 1},
    column={"type": "integer", "minimum": 1},
)
FINDING: Final = opened(
    code=TEXT,
    severity={"enum": ["error", "warning", "note"]},
    message=TEXT,
    way_out={"type": "string"},
    places=rows(PLACE),
)
PROBLEM: Final = opened(
    type=TEXT,
    title=TEXT,
    status={"type": "integer"},
    detail={"type": "string"},
    code=TEXT,
    findings=rows(FINDING),
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
        "data": {"type": "object"},
    },
    "required": ["specversion", "id", "source", "type", "time", "subject"],
}
RECORDED: Final = closed(
    positions=rows({"type": "integer", "minimum": 1}), new=POSITION, findings=rows(FINDING)
)
FACTS: Final = closed(
    facts=rows(closed(position={"type": "integer", "minimum": 1}, fact=FACT)),
    next=_NUMBER_OR_NOT,
)
FILES: Final[Schema] = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "minProperties": 1,
    "maxProperties": MOST_TEXTS,
}
TEXTS: Final = closed(files=FILES)
AGREEMENTS: Final = closed(
    revision=POSITION, files={"type": "object", "additionalProperties": {"type": "string"}}
)
_NAMES: Final = rows({"type": "string"})
_SIDE: Final[Schema] = {"type": ["object", "null"]}
APPLIED: Final[Schema] = opened(
    revision=POSITION,
    dry_run={"type": "boolean"},
    added=_NAMES,
    changed=_NAMES,
    removed=_NAMES,
    contracts=_NAMES,
    findings=rows(FINDING),
)
APPLIED["properties"] |= {
    "effects": rows(
        closed(
            contract=TEXT,
            customer=TEXT,
            how={"enum": ["added", "removed", "changed"]},
            order={"enum": ["equal", "better", "worse", "incomparable", None]},
            before=_SIDE,
            after=_SIDE,
            changes=rows({"type": "object"}),
        )
    ),
    "flips": opened(
        at=INSTANT, same=POSITION, flips=rows({"type": "object"}), amounts=rows({"type": "object"})
    ),
}
"""With `dry_run` also `effects` and `flips`."""
CONTRACTS: Final = closed(contracts=rows(opened(contract=TEXT, customer=TEXT, provider=TEXT, agreement=TEXT)))
REPORT: Final = opened(
    at=INSTANT, known=POSITION, contracts=rows(opened(contract=TEXT, verdicts=rows({"type": "object"})))
)
EXPLANATIONS: Final = rows({"type": "object"})
DUE: Final = opened(
    at=INSTANT,
    due=rows({"type": "object"}),
    owed=rows({"type": "object"}),
    claimable=rows({"type": "object"}),
)
STATEMENT: Final = closed(
    record=opened(contract={"type": "object"}, period={"type": "object"}, verdicts=rows({"type": "object"})),
    sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
)
CLAIMS: Final = opened(at=INSTANT, claims=rows({"type": "object"}), claimable=rows({"type": "object"}))
STATE: Final[Schema] = {"type": "string"}
CHANGE: Final = closed(
    number={"type": "integer", "minimum": 1},
    at=INSTANT,
    contract=TEXT,
    commitment=TEXT,
    subject={"type": "string"},
    cycle=POSITION,
    before=STATE,
    after=STATE,
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
CHANGES: Final = closed(changes=rows(CHANGE), next=_NUMBER_OR_NOT)
ME: Final = closed(
    token={"type": ["string", "null"]},
    provider=TEXT,
    customer={"type": ["string", "null"]},
    role=TEXT,
    scopes=_NAMES,
)
OBSERVATION: Final[Schema] = {
    "type": "object",
    "description": "A check, a count or a state: the page about measurement says what each row holds.",
    "properties": {
        "at": {"type": ["string", "integer"], "description": "An instant, or microseconds since 1970."},
        "component": TEXT | {"maxLength": 200},
        "signal": TEXT | {"maxLength": 200},
        "provider": TEXT,
        "ok": {"type": "boolean"},
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
PEOPLE: Final = closed(
    people=rows(
        closed(
            name=TEXT,
            customer={"type": ["string", "null"]},
            roles=_NAMES,
            language=TEXT,
            zone=TEXT,
            ways=rows(closed(channel=TEXT, way=TEXT, rests={"type": "string"})),
        )
    ),
    next=_NUMBER_OR_NOT,
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
        "settings": {"type": "object"},
    },
    "required": ["name", "component", "signal", "kind", "settings"],
    "additionalProperties": False,
}
KEPT_TARGET: Final = closed(name=TEXT, kind=TEXT, next_at={"type": ["string", "null"], "format": "date-time"})
TARGETS: Final = closed(
    probes=rows(
        closed(
            name=TEXT,
            component=TEXT,
            signal=TEXT,
            kind=TEXT,
            every_us=POSITION,
            next_at={"type": ["string", "null"], "format": "date-time"},
            said={"type": "string"},
        )
    )
)
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
CHAINS: Final = closed(chains=rows(closed(role=TEXT, levels=rows(LEVEL), times=POSITION)))
_AT_OR_NOT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
PAGE: Final = closed(
    number={"type": "integer", "minimum": 1},
    contract={"type": "string"},
    cause=TEXT,
    rule=TEXT,
    stage=TEXT,
    at=INSTANT,
    told=_NAMES,
    next_at=_AT_OR_NOT,
    over_at=_AT_OR_NOT,
    acknowledged={
        "anyOf": [closed(by=TEXT, how={"enum": ["api", "link"]}, at=INSTANT), {"type": "null"}]
    },
)  # fmt: skip
PAGES: Final = closed(pages=rows(PAGE), next=_NUMBER_OR_NOT)
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
NUMBERED: Final = closed(number={"type": "integer", "minimum": 1})
_SPAN: Final[dict[str, Schema]] = {"from": INSTANT, "until": INSTANT}
ROTAS: Final = closed(
    rotas=rows(
        closed(
            name=TEXT,
            on_call={"type": ["string", "null"]},
            always={"type": ["string", "null"]},
            layers=rows(LAYER),
            overrides=rows(closed(number={"type": "integer", "minimum": 1}, person=TEXT, by=TEXT, **_SPAN)),
        )
    )
)
TURNS: Final = closed(
    name=TEXT, turns=rows(closed(person=TEXT, **_SPAN)), gaps=rows(closed(**_SPAN))
)  # fmt: skip
_LANGUAGES: Final[Schema] = {"enum": ["en", "nl"]}
_KINDS: Final[Schema] = {"enum": ["ahead", "late", "claim", "event", "gap", "test"]}
TEMPLATE: Final = closed(
    language=_LANGUAGES, kind=_KINDS, subject=TEXT | {"maxLength": 200}, body=TEXT | {"maxLength": 10_000}
)
KEPT_TEMPLATE: Final = closed(language=_LANGUAGES, kind=_KINDS)
TEMPLATES: Final = closed(
    templates=rows(
        closed(language=_LANGUAGES, kind=_KINDS, subject=TEXT, body=TEXT, own={"type": "boolean"})
    ),
    placeholders=_NAMES,
)
_PERHAPS: Final[Schema] = {"type": ["string", "null"]}
MESSAGES: Final = closed(
    messages=rows(
        closed(
            number={"type": "integer", "minimum": 1},
            contract={"type": "string"},
            cause=TEXT,
            rule=TEXT,
            stage=TEXT,
            urgency={"enum": ["page", "urgent", "planned"]},
            to=_PERHAPS,
            channel=_PERHAPS,
            subject={"type": "string"},
            owed_at=INSTANT,
            state={"enum": ["waiting", "sending", "accepted", "suppressed", "failed"]},
            said={"type": "string"},
            next_at=_AT_OR_NOT,
            ended_at=_AT_OR_NOT,
            page=_NUMBER_OR_NOT,
            digest=_NUMBER_OR_NOT,
            attempts=rows(closed(at=INSTANT, state=TEXT, said={"type": "string"})),
        )
    ),
    next=_NUMBER_OR_NOT,
)
CAME: Final = closed(taken={"type": "boolean"})
REMOVED: Final = closed(removed={"type": "boolean"})
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
    number={"type": "integer", "minimum": 1},
    ends_at=INSTANT,
    token={"type": ["string", "null"], "description": "Shown this once; null: it signs."},
    secret={"type": ["string", "null"], "description": "Of who signs, shown this once."},
)
TOKENS: Final = closed(
    tokens=rows(
        closed(
            number={"type": "integer", "minimum": 1},
            name=TEXT,
            role=TEXT,
            customer=_PERHAPS,
            scopes=_NAMES,
            signs={"type": "boolean"},
            made_at=INSTANT,
            ends_at=INSTANT,
            revoked_at=_AT_OR_NOT,
        )
    ),
    next=_NUMBER_OR_NOT,
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
    "enabled": {"type": "boolean"},
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
_WHEN: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}
_ENDPOINT: Final[Schema] = {
    "endpoint": TEXT,
    "to": {
        "type": ["string", "null"],
        "description": "Its scheme and host; null: it cannot be read any more.",
    },
    "kinds": _NAMES,
    "description": {"type": "string"},
    "tell": TEXT,
    "state": {"enum": ["unproven", "live", "off", "disabled"]},
    "said": {
        "type": "string",
        "description": "Why it is disabled, or why the last attempt was not accepted.",
    },
    "made_at": INSTANT,
    "failed": POSITION,
    "failing_since": _WHEN,
    "rests_until": _WHEN,
    "old_secret_until": _WHEN,
}
ENDPOINT: Final = closed(**_ENDPOINT)
MADE_ENDPOINT: Final = closed(**_ENDPOINT, secret=TEXT | {"description": "Shown this once."})
ENDPOINTS: Final = closed(endpoints=rows(ENDPOINT))
ATTEMPT: Final = closed(
    at=INSTANT,
    state={"enum": ["accepted", "refused", "failed", "unknown"]},
    status=_NUMBER_OR_NOT,
    said={"type": "string"},
)
DELIVERY: Final = closed(
    id=TEXT | {"description": "The `webhook-id`, the same in every attempt."},
    type=TEXT,
    change={"type": ["integer", "null"], "description": "The number of the change."},
    happened_at=INSTANT,
    state={"enum": ["waiting", "sending", "accepted", "failed"]},
    said={"type": "string"},
    next_at=_WHEN,
    attempts=rows(ATTEMPT),
)
DELIVERIES: Final = closed(deliveries=rows(DELIVERY), next=_NUMBER_OR_NOT)
