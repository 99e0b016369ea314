"""Providers, the people and programs of theirs, and what these are told, as JSON Schema."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER,
    NUMBER_OR_NOT,
    STRING,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    Schema,
    closed,
    rows,
)

PROVIDER: Final = closed(key=TEXT | {"maxLength": 60}, name=TEXT | {"maxLength": 200})
FOUNDED: Final = closed(key=TEXT, name=TEXT, token=TEXT)
TIME_OF_DAY: Final = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLOCK_TIME: Final[Schema] = {"type": "string", "pattern": TIME_OF_DAY}
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
        "quiet": {"anyOf": [closed(**{"from": CLOCK_TIME, "until": CLOCK_TIME}), {"type": "null"}]},
        "digest": CLOCK_TIME,
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
