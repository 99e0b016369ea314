"""Who is on duty, and what they are woken for, as JSON Schema."""

from __future__ import annotations

from typing import Final

from upheld.api.party_schemas import CLOCK_TIME
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
    Schema,
    closed,
    rows,
)
from upheld.core.values.slug import SLUG_PATTERN

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
        "at": CLOCK_TIME,
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
