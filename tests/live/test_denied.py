"""PostgreSQL gives nothing to who has not said between which walls they stand, and says so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.live.api_desk import NOW, World, told
from tests.live.databases import Postgres
from tests.live.test_api_walls import told_world as told_world
from upheld.app.due import next_decision, next_due, next_sending
from upheld.app.owe import fall_back
from upheld.app.paging import ask_on
from upheld.app.pass_on import is_behind, pass_on
from upheld.app.people import Way, put_person
from upheld.app.probing import expect_anew, next_look, put_target, take_looks, tell_late
from upheld.app.rebuild import bring_up_to_date
from upheld.app.retain import Retention, retain
from upheld.app.seal import observed_providers
from upheld.app.send import recover, take
from upheld.app.sequence import _grown, unsigned
from upheld.app.vitals import vitals
from upheld.app.wake import wake
from upheld.app.watch_rotas import watch_rotas
from upheld.core.timeline.instant import DAY, MINUTE
from upheld.store.models import Attempt, Endpoint, Message, Page, Person, Provider, RotaRow, ScopeRow
from upheld.store.walls import between, over_every_provider

pytestmark = pytest.mark.slow
NOT_SAID: Final = "nobody has said between which walls"
NOT_WRITTEN: Final = r"nothing is written over every|violates row-level security|never changed"
LATER: Final = NOW + DAY
SERVERS: Final = {"store_beat", "store_knownkey", "store_tally"}
"""What is the server's own, and of no provider."""
MODELS: Final = list(apps.get_app_config("store").get_models())
OF_PROVIDERS: Final = [one for one in MODELS if one._meta.db_table not in SERVERS]


@pytest.fixture
def databases(postgres: Postgres) -> Postgres:
    """PostgreSQL alone: SQLite has no such walls."""
    return postgres


def test_every_table_has_its_walls(address: str) -> None:
    """Row-level security is on, and forced, for each table of Upheld, by the policy of the walls."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = 'walls'"
        )
        assert {name for (name,) in cursor.fetchall()} == {model._meta.db_table for model in MODELS}


@pytest.fixture
def one_of_each(postgres: Postgres, address: str) -> None:
    """A row in every table, of the provider 1 or of what is its own, whatever else such a row would need."""
    given = {"Boo": "false", "Big": "1", "Int": "1", "Pos": "1", "Sma": "1", "JSO": "'{}'", "Bin": "'x'"}
    statements = []
    for model in OF_PROVIDERS:
        fields = [one for one in model._meta.concrete_fields if not one.null or one.name == "token"]
        names = ", ".join(f'"{one.column}"' for one in fields)
        values = ", ".join(
            next((value for kind, value in given.items() if one.get_internal_type().startswith(kind)), "'x'")
            if one.remote_field is None
            else "1"
            for one in fields
        )
        statements.append(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({values})")
    postgres.without_constraints(str(connection.settings_dict["NAME"]), statements)


def _asked(statement: str) -> list[Any]:
    """What the program is answered, whoever asks."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(statement)
        return cursor.fetchall() if statement.startswith("SELECT") else []


def _written(model: type[Model]) -> list[str]:
    table, key = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]  # each has one
    return [
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
        f"INSERT INTO {table} DEFAULT VALUES",
    ]


@pytest.mark.usefixtures("one_of_each")
def test_who_says_no_walls_sees_nothing_and_writes_nothing() -> None:
    """Every table of providers refuses every verb to who has not said where they stand."""
    for model in OF_PROVIDERS:
        for statement in (f"SELECT * FROM {model._meta.db_table}", *_written(model)):
            with pytest.raises(psycopg.Error, match=f"{NOT_SAID}|never changed"):
                _asked(statement)


@pytest.mark.usefixtures("one_of_each")
def test_who_looks_over_every_provider_writes_nothing() -> None:
    """Every row is seen; none is changed, taken away or made, but a provider, who is founded."""
    for model in OF_PROVIDERS:
        with over_every_provider():
            assert model._default_manager.count() == 1
        *changes, makes = _written(model)
        for statement in changes if model is Provider else (*changes, makes):
            for whole in (nullcontext, transaction.atomic):
                with pytest.raises(DatabaseError, match=NOT_WRITTEN), whole(), over_every_provider():
                    connection.cursor().execute(statement)


@pytest.mark.usefixtures("one_of_each")
def test_a_row_is_seen_between_the_walls_of_its_provider_alone() -> None:
    """The provider 1 sees the one row of each table, the provider 2 none, and a customer of 2 none."""
    for model in OF_PROVIDERS:
        with between(1):
            assert model._default_manager.count() == 1, model
        for walls in ((2, None), (2, 1), (1, 2)):
            with between(*walls):
                assert model._default_manager.count() == (model is Provider and walls[0] == 1), model


def test_a_question_over_every_provider_is_one_message(world: World) -> None:
    """It says where it stands and is answered; nothing of that is left for who asks next and does not."""
    Provider.objects.update(kept_by=7)
    with CaptureQueriesContext(connection) as sent, over_every_provider():
        assert list(Provider.objects.order_by("pk").values_list("kept_by", flat=True)) == [7, 7]
        assert Provider.objects.filter(pk=world.provider.pk).exists()
    assert len(sent) == 2
    with pytest.raises(psycopg.Error, match=NOT_SAID):
        _asked("SELECT * FROM store_provider")


def test_who_stands_between_walls_is_not_told_over_every_provider(world: World) -> None:
    """What is found over every provider may be looked at between the walls of one, and then the next is."""
    with over_every_provider():
        for key in list(Provider.objects.order_by("pk").values_list("pk", flat=True)):
            with between(key):
                assert [one.pk for one in Provider.objects.all()] == [key]
        assert Provider.objects.count() == 2
    with pytest.raises(RuntimeError, match="bit by bit"), over_every_provider():
        list(Provider.objects.iterator())


JOBS: Final[dict[str, Callable[[], object]]] = {
    "wake": lambda: wake(LATER),
    "watch rotas": lambda: watch_rotas(LATER),
    "ask on": lambda: any(ask_on(LATER)),
    "fall back": lambda: fall_back(LATER),
    "pass on": lambda: pass_on(LATER),
    "is behind": lambda: is_behind(LATER),
    "take": lambda: take("mail", LATER),
    "recover": lambda: recover(LATER, lambda: 0, everything=True),
    "retain": lambda: retain(Retention(), LATER + 1000 * DAY),
    "whose days are sealed": observed_providers,
    "what has grown": lambda: list(_grown()),
    "what is unsigned": unsigned,
    "look": lambda: take_looks(LATER, 10),
    "late heartbeats": lambda: tell_late(LATER),
    "expect anew": lambda: expect_anew(LATER),
    "what is due": lambda: next_due() is not None,
    "what is decided next": lambda: next_decision() is not None,
    "what is sent next": lambda: next_sending() is not None,
    "what is looked at next": lambda: next_look() is not None,
    "vitals": lambda: vitals(LATER).facts,
    "bring up to date": lambda: bring_up_to_date(LATER),
}
"""What the loops of a worker do and ask, each with something to do."""


@pytest.fixture
def at_work(told_world: World) -> World:
    """A server that has something to do of every kind."""
    provider = told_world.provider
    for party in (told_world.owner, told_world.stranger):
        told(party.tell("/observations", [{"at": NOW, "component": "api", "ok": True}]))
    put_target(provider.pk, "page", "api", "http", "http", {"url": "https://a.example/"}, MINUTE, NOW)
    reach = Person.objects.get(provider=provider).reaches.get()
    for key, state in (("a", "waiting"), ("b", "sending"), ("c", "failed")):
        Message.objects.create(
            provider=provider, key=key * 64, contract="c", cause=key, rule="r", stage="s", stage_at=NOW,
            urgency="page", audience="provider", person=reach.person, reach=reach, owed_at=NOW,
            next_at=NOW if state == "waiting" else None, held_until=NOW, state=state, alone_at=NOW,
            subject="", text="", fall_back_at=NOW, spare=[reach.pk],
        )  # fmt: skip
    Page.objects.update(next_at=NOW)
    RotaRow.objects.update(next_at=NOW)
    Provider.objects.update(kept_by=0)
    Endpoint.objects.update(state="live", told=0)
    return told_world


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_says_no_walls_does_nothing(job: str) -> None:
    """Whatever a loop of the worker asks without saying where it stands raises; said, it is done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upheld.store.walls._said", lambda _: "SELECT 1")
        with pytest.raises(ProgrammingError, match=NOT_SAID):
            JOBS[job]()
    assert JOBS[job]()


def test_questions_of_the_loops_are_answered_by_indices(world: World) -> None:
    """What is due next, and the attempts of a message: nobody reads a whole table for them, behind walls."""
    put_person(world.provider.pk, "Lea", ["all"], [Way("email", "mail", "lea@northwind.example")])
    person = Person.objects.get(provider=world.provider)
    Message.objects.create(
        provider=world.provider, key="a" * 64, contract="c", cause="c", rule="r", stage="s", stage_at=NOW,
        urgency="page", audience="provider", person=person, owed_at=NOW, next_at=NOW, subject="", text="",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_scoperow (provider_id, contract, kind, subject, next_at, asked_at, states) "
            "SELECT %s, 'c1', 'ticket', 'W-' || n, n, 0, '{}' FROM generate_series(1, 9000) n",
            [world.provider.pk],
        )
        cursor.execute(
            "INSERT INTO store_attempt (message_id, number, begun_at, state, said) "
            "SELECT m.id, n, 0, 'failed', '' FROM store_message m, generate_series(1, 9000) n"
        )
        cursor.cursor.execute("ANALYZE")
    due = ScopeRow.objects.filter(next_at__isnull=False).order_by("next_at").values_list("next_at")[:1]
    with over_every_provider():
        assert "Seq Scan" not in (plan := due.explain()), plan
    with between(world.provider.pk):
        plan = Attempt.objects.filter(message=Message.objects.get(), number=7).explain()
        assert "Seq Scan on store_attempt" not in plan, plan
