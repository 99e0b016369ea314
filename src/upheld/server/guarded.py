"""Requests of a library that sends by `requests`, sent by the guard instead."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter

from upheld.net.guard import Request
from upheld.net.policy import Policy
from upheld.server.channels import Channels, channels_of

OWN = {"host", "content-length", "connection", "accept-encoding", "transfer-encoding"}
"""Headers that the guard writes itself."""


class Guarded(BaseAdapter):
    """Sends what is prepared to where the policy of this server lets it go; follows no redirects."""

    def __init__(self, channels: Channels) -> None:
        super().__init__()
        self._guard = channels.guard
        self._policy = Policy(ports=None, allow_private=channels.allow_private)

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None,
        verify: Any = True, cert: Any = None, proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:  # fmt: skip
        """The answer. requests.ConnectionError if there is none."""
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() not in OWN}
        body = request.body or b""
        if not isinstance(body, str | bytes):
            raise requests.ConnectionError("a body that is a stream is not sent", request=request)
        data = body.encode() if isinstance(body, str) else body
        outcome = self._guard.fetch(
            Request(request.url or "", request.method or "GET", headers, data), self._policy
        )
        if outcome.end != "response" or outcome.status is None:
            raise requests.ConnectionError(f"{outcome.reason}: {outcome.detail}", request=request)
        found = requests.Response()
        found.status_code = outcome.status
        found.headers.update(outcome.headers)
        found.raw = BytesIO(outcome.body)
        found.url, found.request = request.url or "", request
        return found

    def close(self) -> None:
        """Nothing is kept."""


def session() -> requests.Session:
    """A session that asks through the guard alone, whatever the environment says of proxies."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.mount(scheme, Guarded(channels_of()))
    return made
