"""Events that are sent to endpoints: their kinds, and the text of each, which is what is signed.

What is told of a verdict is told in the same words to whoever follows changes: `data` is that record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, get_args

from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.verdicts.verdict import State

CHALLENGE: Final = "endpoint.challenge"
TEST: Final = "endpoint.test"
GONE: Final = "verdict.gone"


def kind_of(after: str) -> str:
    """The kind of the event that a verdict came into a state; empty: it is no more."""
    return f"verdict.{after.replace(' ', '_')}" if after else GONE


KINDS: Final = (*(kind_of(one) for one in get_args(State)), GONE)
"""What an endpoint can ask for."""


def event_text(kind: str, at: Instant, data: Mapping[str, object]) -> str:
    """The body of an event that happened at an instant, as Standard Webhooks proposes it."""
    told = {"type": kind, "timestamp": format_instant(at), "data": data}
    return json.dumps(told, ensure_ascii=False)


def proof_of(kind: str, text: str) -> str:
    """What the receiver of an event has to answer; empty: nothing in particular."""
    return str(json.loads(text)["data"]["challenge"]) if kind == CHALLENGE else ""
