"""A secret in each place where one may be told: nothing that anybody can read has it afterwards.

Source: safety.md, threat 9. What an endpoint has is looked for where endpoints are tested.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.test import Client

from tests.live.api_desk import NOW, Party, World, event, told
from tests.live.api_urls import CLOCK
from tests.live.test_access import access
from tests.live.test_api_walls import Case, ask, own_case
from tests.live.test_doctor import invited
from tests.live.test_worker import channels_to
from upheld.api.build import OPERATIONS
from upheld.app.export import export
from upheld.app.senders import make_sender
from upheld.core.timeline.instant import DAY, HOUR
from upheld.notify.smtp import Relay
from upheld.server.logs import configure
from upheld.server.worker import Worker
from upheld.store.models.identity import CUSTOMER_ROLES, PROVIDER_ROLES
from upheld.store.walls import over_every_provider

TOTP_SECRET = "JBSWY3DPEHPK3PXPCANARYTOTP234567"
PASSWORD = "canary-password-of-ann-9471"
RELAY_PASSWORD = "canary-password-of-the-relay"


@pytest.fixture
def planted(world: World) -> list[str]:
    """Northwind with a secret wherever one is told, each of them a text that stands nowhere else."""
    ways = [
        {"channel": "chat", "way": "webhook", "address": "https://chat.northwind.example/canary-of-a-hook"},
        {"channel": "email", "way": "mail", "address": "canary-of-lea@northwind.example"},
    ]
    kept = told(world.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": ways}))
    page = {
        "url": "https://shop.example/?k=canary-of-a-query",
        "headers": {"Authorization": "canary-of-a-header"},
    }
    probe = {"name": "page", "component": "api", "signal": "http", "kind": "http", "every": "1m"}
    told(world.owner.tell("/probes", probe | {"settings": page}))
    token = told(
        world.owner.tell("/tokens", {"name": "desk", "role": "operator", "scopes": ["facts:read"]}), 201
    )
    sender = make_sender(
        world.provider.pk, "desk", "integration", ["facts:write"], NOW, NOW + DAY, lambda n: bytes(range(n))
    )
    ann = invited("ann@northwind.example")
    ann.set_password(PASSWORD)
    ann.save()
    TOTP.activate(ann, TOTP_SECRET)
    told(world.owner.tell("/facts", event()), 201)
    told(world.owner.tell("/pages", {"role": "lead"}), 201)
    return [
        "canary-of-a-hook", "canary-of-lea", "canary-of-a-query", "canary-of-a-header", PASSWORD, TOTP_SECRET,
        RELAY_PASSWORD, kept["ways"][0]["secret"], token["token"], sender.secret, world.owner.token or "",
    ]  # fmt: skip


def _everybody(world: World) -> Iterator[Party]:
    """Somebody in each role of each side, a stranger, and nobody."""
    yield from (Party(world.token(world.provider, role)) for role in PROVIDER_ROLES)
    yield from (Party(world.token(world.provider, role, "Acme")) for role in CUSTOMER_ROLES)
    yield from (world.stranger, world.anonymous)


def _answers(world: World) -> Iterator[str]:
    """All that can be asked, by each of them."""
    for party in _everybody(world):
        for operation in OPERATIONS:
            if operation.method == "GET" and "{endpoint}" not in operation.path:
                case: Case = own_case(operation, "c1")
                yield ask(party, operation, case).content.decode()
    for path in ("/api/v1/docs", "/api/v1/openapi.json"):
        yield Client(SERVER_NAME="localhost").get(path).content.decode()


def _rows() -> Iterator[str]:
    """All that is in the database, and so in a backup: texts, and bytes as they are."""
    with over_every_provider():
        for model in apps.get_models():
            for row in model._default_manager.values():
                for value in row.values():
                    is_bytes = isinstance(value, bytes | memoryview)
                    yield bytes(value).decode("latin-1") if is_bytes else str(value)


@pytest.mark.slow
def test_no_secret_stands_where_anybody_can_read_it(
    world: World, planted: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Not in an answer to anybody, the rows of a backup, an export, a list of the terminal, nor in a log."""
    caplog.set_level(logging.DEBUG)
    configure()
    try:
        channels = channels_to(1)  # nobody is there: what fails is told
        relay = Relay("relay.example.com", 1, "upheld.example.com", "none", "upheld", RELAY_PASSWORD)
        object.__setattr__(channels, "relay", relay)
        worker = Worker(CLOCK, channels)
        for _ in range(3):
            worker.round()
            CLOCK.at += HOUR
        answers = list(_answers(world))
        for words in (["people", "northwind"], ["tokens", "northwind"]):
            assert access(*words) == 0
        export(world.provider.pk, tmp_path / "ledger", tmp_path)
    finally:
        structlog.reset_defaults()
    logs = caplog.text + "".join(capsys.readouterr())
    assert '"event": "sent"' in logs, "something was tried"
    files = [path.read_text() for path in (tmp_path / "ledger").rglob("*") if path.is_file()]
    found = {"answers": answers, "rows": list(_rows()), "files": files, "logs": [logs]}
    hits = {
        (where, secret)
        for where, texts in found.items()
        for text in texts
        for secret in planted
        if secret in text
    }
    assert hits == set()
    assert all(any(texts) for texts in found.values())
