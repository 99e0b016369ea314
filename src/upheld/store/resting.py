"""Scopes found by what they rest on, many at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from upheld.core.evaluating.narrow import Dependency
from upheld.core.timeline.instant import Instant
from upheld.store.under_way import send, under_way


def wake_resting(provider_id: int, dependencies: Sequence[Dependency], at: Instant) -> None:
    """Marks the scopes of a provider that rest on any of these as due at an instant, if not before."""
    # One of many texts, which go as one value: a question with a thousand of them takes long to be written.
    if connection.vendor == "postgresql":
        with under_way():
            send(_marked("= ANY(%s)"), [at, at, provider_id, list(dependencies)])
        return
    with connection.cursor() as cursor:
        among = "IN (SELECT value FROM json_each(%s))"
        cursor.execute(_marked(among), [at, at, provider_id, json.dumps(dependencies)])


def _marked(among: str) -> str:
    resting = f"SELECT scope_id FROM store_restrow WHERE provider_id = %s AND dependency {among}"  # noqa: S608  one of two constants
    later = "next_at IS NULL OR next_at > %s"
    return f"UPDATE store_scoperow SET next_at = %s WHERE ({later}) AND id IN ({resting})"  # noqa: S608  as above
