"""Two providers with their customers, and what each of them gets from the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client, override_settings

from tests.core.worlds import CONTRACT, DESK, DOCUMENT, at
from tests.live.api_urls import CLOCK
from tests.live.databases import Postgres, Sqlite
from upheld.api.build import OPERATIONS
from upheld.app.apply import apply
from upheld.app.policies import scopes_of
from upheld.app.tokens import make_token
from upheld.core.timeline.instant import DAY, format_instant
from upheld.store.models import Customer, Provider

AGREEMENT = (
    DOCUMENT
    + DESK
    + "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}}\n"
    + """
component: {api: {}}
signal: {http: {of: [api], checks: a request, good: ok, every: 1m}}
indicator:
  uptime: {count: checks of api, signal: http, per: {slice: 5m, good when: good = total}, combine: bad time}
"""
)
NOW = at("Fri 06-05 16:30")
BASE = "/api/v1"
_made = count()


def random_bytes(n: int) -> bytes:
    """Bytes for tests, other ones each time."""
    return sha256(f"token {next(_made)}".encode()).digest()[:n]


def contract(name: str, customer: str, text: str = CONTRACT) -> str:
    """A contract of a customer, as the usual one."""
    return text.replace("c1", name).replace("Acme", customer)


def event(id_: str = "f1", subject: str = "T-1", type_: str = "ticket.opened", **data: Any) -> dict[str, Any]:
    """A fact as a CloudEvent, of a ticket under `c1` unless it is told otherwise."""
    if type_ == "ticket.opened":
        data = {"contract": "c1", "priority": "P1"} | data
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "/desk",
        "type": type_,
        "time": format_instant(NOW),
        "subject": subject,
        **({"data": data} if data else {}),
    }


class Party:
    """Somebody with a token, at the door of the API."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._client = Client(SERVER_NAME="localhost")

    def get(self, path: str, **query: object) -> HttpResponse:
        """What is answered to a question."""
        return self.ask("GET", path, query=query)

    def tell(self, path: str, body: object, kind: str = "application/json", **more: Any) -> HttpResponse:
        """What is answered to a body: bytes as they are, anything else as JSON."""
        return self.ask("POST", path, body, kind, **more)

    def ask(
        self, method: str, path: str, body: object = b"", kind: str = "application/json",
        query: dict[str, object] | None = None, key: str | None = None, **headers: str,
    ) -> HttpResponse:  # fmt: skip
        """What is answered to a request."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = dict(headers)
        if self.token is not None:
            told.setdefault("Authorization", f"Bearer {self.token}")
        if key is not None:
            told["Idempotency-Key"] = key
        if method in ("PATCH", "POST", "PUT"):
            told["Content-Type"] = kind
        response: Any = self._client.generic(
            method, f"{BASE}{path}", data, headers=told, query_params=query or {}
        )
        return response  # type: ignore[no-any-return]


class World:
    """Northwind with Acme and Contoso, and Otherwind with Globex; the clock stands on a Friday."""

    def __init__(self) -> None:
        CLOCK.at = NOW
        self.provider = self._provider("Northwind", {"c1": "Acme", "c2": "Contoso"})
        self.other = self._provider("Otherwind", {"c9": "Globex"})
        self.owner = Party(self.token(self.provider, "owner"))
        self.acme = Party(self.token(self.provider, "contact", "Acme"))
        self.contoso = Party(self.token(self.provider, "contact", "Contoso"))
        self.stranger = Party(self.token(self.other, "owner"))
        self.anonymous = Party(None)

    def _provider(self, name: str, contracts: dict[str, str]) -> Provider:
        provider = Provider.objects.create(name=name, key=name.lower())
        apply(provider.pk, self.files(name, contracts), 0)
        return provider

    @staticmethod
    def files(provider: str, contracts: dict[str, str]) -> dict[str, bytes]:
        """The files of a provider with a contract for each customer."""
        texts = {"acme.yaml": AGREEMENT.replace("Northwind", provider)}
        texts |= {f"{name}.yaml": contract(name, customer) for name, customer in contracts.items()}
        return {path: text.encode() for path, text in texts.items()}

    def token(
        self, provider: Provider, role: str, customer: str | None = None, scopes: Iterable[str] | None = None
    ) -> str:
        """A token in a role, with all of its scopes unless they are named."""
        of = Customer.objects.get(provider=provider, name=customer).pk if customer else None
        wanted = scopes_of(role) if scopes is None else scopes
        return make_token(provider.pk, role, role, wanted, NOW, NOW + 400 * DAY, random_bytes, of).text


@contextmanager
def standing(
    databases: Sqlite | Postgres, folder: Path, make: Callable[[], World] = World
) -> Iterator[World]:
    """A world in a database of its own, as it was made once, and the API before it."""
    urls = override_settings(ROOT_URLCONF="tests.live.api_urls")
    with urls, databases.with_rows(folder, make) as found:
        CLOCK.at = NOW
        yield found


def problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer, which is one of that status and code and as RFC 9457 wants it.

    All that is wrong is told with a way out.
    """
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:upheld:problem:{code}")
    assert all(one["way_out"] for one in told["findings"]), told
    return told


def told(response: HttpResponse, status: int = 200) -> Any:
    """What an answer says, which is no problem."""
    assert response.status_code == status, response.content
    return json.loads(response.content)


def paths() -> list[str]:
    """Every path of the API."""
    return list(dict.fromkeys(one.path for one in OPERATIONS))
