"""What the live core is measured on: a provider with a ladder, in a database of its own."""

import atexit
import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from upheld.core.facts.fact import Fact

if TYPE_CHECKING:
    from tests.live.databases import Postgres, Sqlite

Kind: TypeAlias = Literal["SQLite", "PostgreSQL"]
KINDS: Final[tuple[Kind, ...]] = ("SQLite", "PostgreSQL")
AGREEMENT: Final = """
document: {agreement: northwind, version: '1', provider: Northwind, zone: UTC}
scale: {priority: {of: ticket, values: {P1: down, P2: broken, P3: a question}}}
calendar: {desk: {zone: UTC, open: "Mon-Fri 09:00-17:00", holidays: none}}
deadline:
  response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}
  resolution: {from: opened, until: resolved, on: desk, within: {P1: 8h, other: 40h}}
escalate:
  half: {of: response, at: 50 %, tell: lead}
"""
CONTRACT: Final = "contract: {id: c1, customer: Acme, agreement: northwind, from: 2026-01-01}\n"
BATCH: Final = 1_000
_salts = count()


def salt() -> bytes:
    """32 bytes, other ones each time."""
    return sha256(str(next(_salts)).encode()).digest()


def set_up() -> None:
    """Makes Django ready; nothing of the live core can be imported before."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.server.settings")
    django.setup()


@contextmanager
def as_measured() -> Iterator[None]:
    """Nothing of this stays: what is tested in the same process afterwards is not what is measured."""
    set_up()
    import structlog
    from django.test import override_settings

    threshold, said = gc.get_threshold(), structlog.get_config()
    gc.set_threshold(50_000)  # as `upheld` sets it for all that it runs
    gc.collect()
    gc.freeze()  # as `upheld serve` does before it serves
    # A server writes a line for much of what it does; here they would stand between the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        # One recipient is sent all of it, and a message is what is measured.
        with override_settings(BURST=100_000_000):
            yield
    finally:
        structlog.configure(**said)
        gc.set_threshold(*threshold)
        gc.unfreeze()


@contextmanager
def database(kind: Kind) -> Iterator[Path]:
    """An empty database that writes through to the disk, as a server has it; gives a folder beside it."""
    with as_measured(), TemporaryDirectory() as name:
        from django.db import connection

        folder = Path(name)
        (folder / "own").mkdir()
        with _home(kind).fresh(folder / "own"):
            if kind == "SQLite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA synchronous=FULL")
            yield folder


@cache
def _home(kind: Kind) -> "Sqlite | Postgres":
    """Where databases are made, all of a process in one: what is migrated once is copied."""
    from tests.live.databases import Postgres, Sqlite

    if kind == "SQLite":
        folder = TemporaryDirectory()
        atexit.register(folder.cleanup)
        return Sqlite(Path(folder.name))
    cluster = Postgres(durable=True)
    atexit.register(cluster.stop)
    return cluster


def address() -> str:
    """That of the database of PostgreSQL that is open, for other processes."""
    from django.db import connection

    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"


class Desk:
    """Northwind with somebody to tell, and the tickets that it is told of."""

    def __init__(self, key: str = "northwind", way: str = "mail") -> None:
        from upheld.app.apply import apply
        from upheld.store.models import Person, Provider, Reach
        from upheld.store.sealing import seal

        name = key.capitalize()
        self.provider = Provider.objects.create(name=name, key=key)
        agreement = AGREEMENT.replace("Northwind", name)
        apply(self.provider.pk, {"northwind.yaml": agreement.encode(), "c1.yaml": CONTRACT.encode()}, 0)
        person = Person.objects.create(provider=self.provider, name="Lea", roles=["lead"])
        channel = "email" if way == "mail" else "sms"
        address = "lea@northwind.example" if way == "mail" else "hang://here"
        Reach.objects.create(person=person, channel=channel, way=way, sealed=seal(address))

    def open(self, first: int, many: int, at: int) -> None:
        """So many tickets that were opened at an instant, in batches."""
        from upheld.app.record import record

        for start in range(first, first + many, BATCH):
            numbers = range(start, min(start + BATCH, first + many))
            batch = [_fact("ticket.opened", n, at, contract="c1", priority="P1") for n in numbers]
            record(self.provider.pk, batch, "desk", at, salt)

    def open_apart(self, many: int, at: int, step_us: int) -> None:
        """So many tickets, each opened so much later than the one before, told when all are there."""
        from upheld.app.record import record

        for start in range(0, many, BATCH):
            numbers = range(start, min(start + BATCH, many))
            batch = [
                _fact("ticket.opened", n, at + n * step_us, contract="c1", priority="P1") for n in numbers
            ]
            record(self.provider.pk, batch, "desk", at + many * step_us, salt)

    def reply(self, number: int, at: int) -> None:
        """A ticket is answered: one fact, told alone."""
        from upheld.app.record import record

        record(self.provider.pk, [_fact("ticket.replied", number, at, by="human")], "desk", at, salt)


def _fact(type_: str, number: int, at: int, **data: str) -> Fact:
    return Fact(f"{type_} {number}", "desk", type_, at, at, f"T-{number}", data)
