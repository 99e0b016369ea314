"""Endpoints and what is delivered to them, as JSON Schema."""

from __future__ import annotations

from typing import Final

from upheld.api.schema_forms import (
    INSTANT,
    INSTANT_OR_NOT,
    NAMES,
    NUMBER_OR_NOT,
    POSITION,
    STRING,
    TEXT,
    TRUTH,
    Schema,
    closed,
    rows,
)
from upheld.app.events import KINDS

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
