"""Asks a server, through the guard; every error is the problem that the server told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from upheld.client.asked import Asked
from upheld.client.operations import Operations
from upheld.client.records import Finding
from upheld.core.timeline.instant import SECOND
from upheld.net.guard import Guard, Request
from upheld.net.outcome import Outcome
from upheld.net.policy import Limits, Policy
from upheld.net.resolving import SystemResolver
from upheld.net.wire import Ticks

BASE: Final = "/api/v1"
LARGEST: Final = 64 << 20
POLICY: Final = Policy(
    ports=None, allow_private=True, total_us=120 * SECOND, limits=Limits(body=LARGEST, kept=LARGEST)
)
"""Whoever has a token of a server has said where that is."""
_HERE: Final = ("localhost", "127.0.0.1", "::1")


class AddressError(ValueError):
    """An address to which no token is sent."""


class UnreachableError(Exception):
    """No whole answer came. `may_be_done`: the request may have arrived, so the server may have acted."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail or outcome.reason or outcome.end)
        self.may_be_done = outcome.sent


class ProblemError(Exception):
    """What the server refused (RFC 9457): its `code` does not change, `findings` say all that is wrong."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told.get("title", "the server answered what is no problem of its own"))
        self.status: int = told.get("status", 0)
        self.code: str = told.get("code", "")
        self.detail: str = told.get("detail", "")
        self.findings: tuple[Finding, ...] = tuple(told.get("findings", ()))


class Client(Operations):
    """A server by its address and a token. AddressError for one that is not encrypted and not this machine.

    Raises ProblemError for what the server refuses and UnreachableError if no whole answer comes.
    """

    def __init__(self, address: str, token: str, ticks: Ticks, guard: Guard | None = None) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AddressError(f"{address} is no address of a server: write https://upheld.example.com")
        if parts.scheme == "http" and parts.hostname not in _HERE:
            raise AddressError(
                f"{address}: a token is sent encrypted, except to this machine: write https://"
            )
        self._address = address.rstrip("/").removesuffix(BASE)
        self._token = token
        self._guard = guard or Guard(SystemResolver(), ticks)

    def _ask(self, asked: Asked) -> Any:
        query = urlencode({name: _word(one) for name, one in asked.query.items() if one is not None})
        headers = {"Authorization": f"Bearer {self._token}"}
        if asked.kind:
            headers["Content-Type"] = asked.kind
        if asked.key is not None:
            headers["Idempotency-Key"] = asked.key
        url = f"{self._address}{BASE}{asked.path}{'?' if query else ''}{query}"
        outcome = self._guard.fetch(Request(url, asked.method, headers, _bytes(asked.body)), POLICY)
        if outcome.end != "response" or outcome.status is None:
            raise UnreachableError(outcome)
        told = _json(outcome.body)
        if not HTTPStatus.OK <= outcome.status < HTTPStatus.MULTIPLE_CHOICES:
            raise ProblemError({"status": outcome.status} | (told if isinstance(told, dict) else {}))
        return told


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bytes(body: object) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
