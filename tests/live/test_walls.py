"""The walls in PostgreSQL: they hold whatever the application asks, or forgets to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from tests.live.api_desk import NOW, World, event, told
from tests.live.databases import Postgres
from tests.live.filters import without
from upheld.app import seal as sealing
from upheld.app import sequence as sequencing
from upheld.app.export import export
from upheld.app.owe import fall_back
from upheld.app.people import Way, put_person
from upheld.app.probing import HEARTBEAT, expect_anew, put_target, take_looks, tell_late
from upheld.app.probing import seen as seen_look
from upheld.app.retain import Retention, erase, retain
from upheld.app.send import recover, sent, take
from upheld.app.wake import wake
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.notify.message import Delivery
from upheld.probe.observation import Looked
from upheld.server.signing import signer_in
from upheld.store.locking import writing
from upheld.store.models import (
    BoundContract,
    Change,
    Checkpoint,
    Customer,
    Log,
    Message,
    ObservedStream,
    Person,
    Provider,
    RecordedFact,
    Text,
    Token,
)
from upheld.store.walls import between, whole_provider

pytestmark = pytest.mark.slow


@pytest.fixture
def databases(postgres: Postgres) -> Postgres:
    """PostgreSQL alone: SQLite has no such walls."""
    return postgres


@pytest.fixture
def two(world: World) -> World:
    """A fact of each customer of both providers."""
    for party, contract in ((world.owner, "c1"), (world.owner, "c2"), (world.stranger, "c9")):
        told(party.tell("/facts", event(f"f-{contract}", f"T-{contract}", contract=contract)), 201)
    return world


def test_no_row_of_others_is_given_between_walls(two: World) -> None:
    """Without any filter a provider sees its rows, a customer theirs; with the block the walls end."""
    acme = Customer.objects.get(name="Acme")
    with between(two.provider.pk):
        assert {one.name for one in Provider.objects.all()} == {"Northwind"}
        assert set(BoundContract.objects.values_list("contract", flat=True)) == {"c1", "c2"}
        assert RecordedFact.objects.count() == 2
    with between(two.provider.pk, acme.pk):
        assert set(BoundContract.objects.values_list("contract", flat=True)) == {"c1"}
        assert set(RecordedFact.objects.values_list("fact_id", flat=True)) == {"f-c1"}
        assert not Text.objects.exists()
        assert {one.customer_id for one in Token.objects.all()} == {acme.pk}
        with whole_provider():
            assert RecordedFact.objects.count() == 2
        assert RecordedFact.objects.count() == 1
    assert RecordedFact.objects.count() == 3


def test_one_connection_serves_one_after_another(two: World) -> None:
    """What was set for one request is gone with it, also when it ended by an error."""
    with pytest.raises(LookupError), between(two.other.pk):
        raise LookupError
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('upheld.provider', true)")
        assert cursor.fetchone()[0] in (None, "")
    for _ in range(2):
        for party, count in ((two.owner, 2), (two.acme, 1), (two.stranger, 1)):
            assert len(told(party.get("/facts"))["facts"]) == count


def test_a_wall_that_is_not_there_is_not_opened(two: World) -> None:
    """Inside the walls of a provider alone nothing is asked to open; an error leaves them as they were."""
    acme = Customer.objects.get(name="Acme")
    with between(two.provider.pk), CaptureQueriesContext(connection) as asked, whole_provider():
        assert not asked.captured_queries
    with between(two.provider.pk, acme.pk):
        with pytest.raises(LookupError), whole_provider():
            raise LookupError
        assert RecordedFact.objects.count() == 1
        with whole_provider():
            assert RecordedFact.objects.count() == 2


def test_no_row_is_written_beyond_a_wall(two: World) -> None:
    """A row of another provider cannot be made between one's own walls, nor moved there."""
    with pytest.raises(ProgrammingError, match="row-level security"), between(two.provider.pk):
        Customer.objects.create(provider_id=two.other.pk, name="Nobody")
    with between(two.provider.pk):
        assert Customer.objects.filter(provider_id=two.other.pk).update(name="x") == 0


def test_an_export_has_nothing_of_others_though_the_application_forgets_to_ask(
    two: World, tmp_path: Path
) -> None:
    """The files of one provider hold its facts, agreements and observations, and no word of another's."""
    for party in (two.owner, two.stranger):
        told(party.tell("/observations", [{"at": NOW, "component": "api", "ok": True}]))
    with without(everything=True) as left_out:
        export(two.provider.pk, tmp_path / "out")
    assert left_out
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"T-c1" in text for text in written.values()} == {True, False}
    assert not any(mark in text for text in written.values() for mark in ("T-c9", "Globex", "Otherwind"))
    assert written["northwind.observations.jsonl"].count("\n") == 1


def test_what_is_sent_is_sent_between_the_walls_of_its_provider(
    two: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken, marked, taken up again and passed on: each sees one provider, whatever it asks for."""
    names: dict[str, set[tuple[str, ...]]] = {}

    def looking(module: str, name: str) -> None:
        does = getattr(import_module(module), name)

        def looks(*words: Any) -> Any:
            keys = Message.objects.order_by("provider").values_list("provider__key", flat=True).distinct()
            names.setdefault(name, set()).add(tuple(keys))
            return does(*words)

        monkeypatch.setattr(f"{module}.{name}", looks)

    for key in (two.provider.pk, two.other.pk):
        put_person(key, "Lea", ["all"], [Way("email", "mail", "lea@northwind.example")])
        _owed(Person.objects.get(provider=key))
    looking("upheld.app.send", "unseal")
    looking("upheld.app.send", "_mark")
    looking("upheld.app.owe", "_following")
    first, _ = take("mail", NOW)
    assert sent(first, Delivery("failed", NOW, "no"), NOW, lambda: 0)
    assert recover(NOW, lambda: 0, everything=True) == 1
    Message.objects.update(fall_back_at=NOW)
    fall_back(NOW)
    assert set(names) == {"unseal", "_mark", "_following"}
    assert all(seen == {("northwind",), ("otherwind",)} for seen in names.values())


def _owed(person: Person) -> None:
    """A message that waits for somebody."""
    about = {"contract": "c", "cause": "c", "rule": "r", "stage": "s", "subject": "", "text": ""}
    Message.objects.create(
        provider=person.provider, key="a" * 64, person=person, reach=person.reaches.get(), stage_at=NOW,
        urgency="page", audience="provider", owed_at=NOW, next_at=NOW, **about,
    )  # fmt: skip


def test_what_is_sealed_is_sealed_between_the_walls_of_its_provider(two: World, tmp_path: Path) -> None:
    """While a day of one provider is written, nothing that the database gives is of another one."""
    rows = [{"at": NOW, "component": "api", "ok": True}]
    for party in (two.owner, two.stranger):
        told(party.tell("/observations", rows))
    seen: list[set[int]] = []
    with pytest.MonkeyPatch.context() as patch:
        whole = sealing.write_rows

        def looks(*words: Any) -> Any:
            seen.append(set(ObservedStream.objects.values_list("provider_id", flat=True)))
            return whole(*words)

        patch.setattr(sealing, "write_rows", looks)
        for provider in (two.provider, two.other):
            assert len(sealing.seal(provider.pk, NOW + 3 * DAY, tmp_path / "lake")) == 1
    assert seen == [{two.provider.pk}, {two.other.pk}]


def test_a_job_stands_between_the_walls_of_its_provider(two: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided when something is due sees one provider at a time, whatever it asks for."""
    seen: list[set[str]] = []

    def looks(provider: Provider, *_: Any, **__: Any) -> None:
        seen.append(set(RecordedFact.objects.values_list("fact_id", flat=True)))

    monkeypatch.setattr("upheld.app.wake.decide", looks)
    assert wake(NOW + 4 * DAY) > 0
    assert sorted(map(sorted, seen)) == [["f-c1", "f-c2"], ["f-c9"]]


@pytest.fixture
def seen(two: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[tuple[str, ...]]]:
    """Whose facts the database gives whenever a job begins to write, by the module of the job."""
    found: dict[str, set[tuple[str, ...]]] = {}

    def looking(module: str) -> None:
        whole = import_module(module).writing

        @contextmanager
        def looks() -> Iterator[None]:
            with whole():
                given = RecordedFact.objects.order_by("provider").values_list("provider__key", flat=True)
                found.setdefault(module.rpartition(".")[2], set()).add(tuple(sorted(set(given))))
                yield

        monkeypatch.setattr(f"{module}.writing", looks)

    for name in ("probing", "retain", "sequence"):
        looking(f"upheld.app.{name}")
    return found


EACH = {("northwind",), ("otherwind",)}


def test_what_is_looked_at_is_taken_and_told_between_the_walls_of_its_provider(
    two: World, seen: dict[str, set[tuple[str, ...]]]
) -> None:
    """Looks, heartbeats that are late and those that are expected anew: each sees one provider."""
    for provider in (two.provider, two.other):
        put_target(provider.pk, "job", "api", "http", HEARTBEAT, {"every": "1h"}, None, NOW)
        look = {"url": "https://api.example/health"}
        put_target(provider.pk, "page", "api", "http", "http", look, MINUTE, NOW)
    seen.clear()
    assert tell_late(NOW + 3 * HOUR) == 2
    assert seen.pop("probing") == EACH
    assert expect_anew(NOW + DAY) == 2
    assert seen.pop("probing") == EACH
    taken = take_looks(NOW + DAY, 10)
    assert {one.provider_id for one in taken} == {two.provider.pk, two.other.pk}
    assert seen.pop("probing") == EACH
    for one in taken:
        assert not seen_look(one, Looked(None, "no"), NOW + DAY)
    assert seen.pop("probing") == EACH


def test_what_is_kept_no_longer_is_taken_away_between_the_walls_of_its_provider(
    two: World, seen: dict[str, set[tuple[str, ...]]]
) -> None:
    """Texts, changes, events and personal text: each of one provider at a time, and of none but those."""
    for provider in (two.provider, two.other):
        put_person(provider.pk, "Lea", ["all"], [Way("email", "mail", "lea@northwind.example")])
        _owed(Person.objects.get(provider=provider))
    Message.objects.update(state="failed", ended_at=NOW, text="x")
    for party, contract in ((two.owner, "c1"), (two.stranger, "c9")):
        fact = event(f"p-{contract}", f"P-{contract}", contract=contract)
        fact["data"]["private"] = {"name": "Kim"}
        told(party.tell("/facts", fact), 201)
    whole = Retention(texts_us=DAY, changes_us=None, personal_us=None)
    assert retain(whole, NOW + 2 * DAY) == 2
    assert seen.pop("retain") == EACH
    assert retain(Retention(texts_us=None, changes_us=DAY), NOW + 2 * DAY) > 0
    assert seen.pop("retain") == EACH
    assert not Change.objects.exists()
    assert erase(two.provider.pk, ["P-c1", "P-c9"]) == 1
    assert seen.pop("retain") == {("northwind",)}
    assert retain(Retention(texts_us=None, changes_us=None, personal_us=DAY), NOW + 2 * DAY) == 1
    assert seen.pop("retain") == {("otherwind",)}


def test_what_is_signed_is_read_and_kept_between_the_walls_of_its_provider(
    two: World, seen: dict[str, set[tuple[str, ...]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While entries of a log are read the database gives those of its provider alone."""
    read: dict[str, set[str]] = {}
    whole = sequencing._entries

    def looks(log: str, start: int, end: int) -> Iterator[bytes]:
        given = RecordedFact.objects.values_list("provider__key", flat=True)
        read.setdefault(Log.objects.get(name=log).provider.key, set()).update(given)
        return whole(log, start, end)

    monkeypatch.setattr(sequencing, "_entries", looks)
    with signer_in(tmp_path, makes=True) as signer:
        assert signer is not None
        assert sequencing.sequence(signer, NOW) == {}
        assert not sequencing.behind(signer)
    assert read == {"northwind": {"northwind"}, "otherwind": {"otherwind"}}
    assert seen == {"sequence": EACH}
    assert Checkpoint.objects.values("log__provider").distinct().count() == 2


def test_what_was_taken_back_between_walls_is_told(two: World) -> None:
    """Who goes on after what failed there is told so: Django takes all of it back without a word."""

    def go_on() -> None:
        with between(two.provider.pk), suppress(LookupError), writing():
            raise LookupError

    with pytest.raises(RuntimeError, match="takes back all of it"):
        go_on()
