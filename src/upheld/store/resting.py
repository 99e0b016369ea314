"""Scopes found by what they rest on, many at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from django.db import connection

from upheld.core.evaluating.narrow import Dependency
from upheld.core.timeline.instant import Instant

_ANY: Final = {"postgresql": "= ANY(%s)", "sqlite": "IN (SELECT value FROM json_each(%s))"}
"""One of many texts, which go as one value: a question with a thousand of them takes long to be written."""


def wake_resting(provider_id: int, dependencies: Sequence[Dependency], at: Instant) -> None:
    """Marks the scopes of a provider that rest on any of these as due at an instant, if not before."""
    some: object = list(dependencies) if connection.vendor == "postgresql" else json.dumps(dependencies)
    among = _ANY[connection.vendor]
    resting = f"SELECT scope_id FROM store_restrow WHERE provider_id = %s AND dependency {among}"  # noqa: S608  one of two constants
    later = "next_at IS NULL OR next_at > %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE store_scoperow SET next_at = %s WHERE ({later}) AND id IN ({resting})",  # noqa: S608  as above
            [at, at, provider_id, some],  # type: ignore[list-item]  # a list is an array there
        )
