"""One request to the API, as an operation makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

NOTHING: Final[Mapping[str, object]] = {}


class Asked(NamedTuple):
    """The method and the path behind `/api/v1`; of a query only what is not None is sent.

    A `body` that is a text is sent as it is, anything else as JSON, as of the media type `kind`. The same
    request with the same `key` is done once.
    """

    method: str
    path: str
    query: Mapping[str, object] = NOTHING
    body: object = None
    kind: str = ""
    key: str | None = None
