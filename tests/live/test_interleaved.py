"""Two writers at once on PostgreSQL: what an earlier position saw is never another one afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.core.worlds import CONTRACT, DESK, fact
from tests.live.databases import Postgres
from tests.live.desk import Northwind, salt
from tests.live.test_looked_again import quiet
from tests.live.test_messages import HALF_AT, LATE_AT, Office, by_both_ways, draw, send_all
from tests.live.threads import together, waits_for_a_lock
from upheld.app import coalesce as coalescing
from upheld.app import faring, put_to_rest
from upheld.app import send as sending
from upheld.app.asking import report_for
from upheld.app.composing import OVER
from upheld.app.faring import Address, sealed
from upheld.app.people import Way, put_person, take_person
from upheld.app.policies import Who
from upheld.app.record import record
from upheld.app.retain import Retention, retain
from upheld.app.send import HOLD_US, Taken, recover, sent, take
from upheld.app.wake_no_more import wake_no_more
from upheld.book.answers import report_answer
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Instant, parse_instant
from upheld.notify.message import Delivery
from upheld.render.records import dumps
from upheld.store.locking import locked, writing
from upheld.store.models import Customer, Endpoint, Log, Message, Page, Person, Provider, Reach, RecordedFact
from upheld.store.walls import between

BEGIN = parse_instant("2026-06-08T10:00:00Z")
END = BEGIN + 120 * MINUTE
AGREEMENT = DESK + (
    "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 20m, other: 1h}}}\n"
)
EACH = 30


@pytest.mark.slow
def test_an_earlier_position_is_answered_the_same_for_ever(postgres: Postgres, tmp_path: Path) -> None:
    """Writers tell tickets and late replies while somebody asks as of the position that he saw last."""
    with postgres.fresh(tmp_path):
        pk = Northwind(AGREEMENT, CONTRACT).provider.pk
        who = Who(pk, "northwind", None, None, "owner", frozenset(), "test", 0, "test")
        start, done = threading.Barrier(3), threading.Event()
        ended: list[str] = []
        seen: dict[int, str] = {}

        def asked(position: int) -> str:
            answer = report_for(who, END, position)
            return dumps(report_answer(answer.book, answer.report, answer.findings))

        def write(name: str) -> None:
            start.wait(30)
            for n in range(EACH):
                at = BEGIN + n * MINUTE
                told = fact("ticket.opened", at, f"{name}-{n}", contract="c1", priority="P1")
                record(pk, [told], name, at, salt)
                if n >= 5:  # the reply to an earlier ticket: it was given before what was told last
                    replied = fact("ticket.replied", at - 2 * MINUTE + SECOND, f"{name}-{n - 5}")
                    record(pk, [replied], name, at, salt)
            ended.append(name)
            if len(ended) == 2:
                done.set()

        def read() -> None:
            start.wait(30)
            while not done.is_set():
                position = Provider.objects.values_list("position", flat=True).get(pk=pk)
                seen[position] = asked(position)

        together(lambda: write("one"), lambda: write("two"), read)
        assert len(seen) > 5, "somebody asked in between"
        assert {position: asked(position) for position in seen} == seen
        told = 2 * (EACH + EACH - 5)
        positions = list(RecordedFact.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, told + 1))
        actors = list(RecordedFact.objects.order_by("position").values_list("actor", flat=True))
        turns = sum(one != other for one, other in pairwise(actors))
        assert turns > 2, "they took turns"
        recorded = list(RecordedFact.objects.order_by("position").values_list("recorded_at", flat=True))
        assert recorded == sorted(set(recorded))
        for log in Log.objects.filter(provider_id=pk):
            assert list(log.entries.order_by("index").values_list("index", flat=True)) == list(
                range(log.size)
            )


@pytest.mark.slow
def test_a_row_that_names_a_provider_is_written_while_it_is_held(postgres: Postgres, tmp_path: Path) -> None:
    """Who decides for a provider and who writes something of it besides do not wait for each other."""
    with postgres.fresh(tmp_path):
        pk = Northwind(AGREEMENT, CONTRACT).provider.pk

        def write() -> None:
            with between(pk), writing(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                Person.objects.create(provider_id=pk, name="Lea", roles=["lead"])

        with between(pk), writing():
            locked(pk)
            together(write)
            assert Person.objects.filter(name="Lea").exists()


@pytest.mark.slow
def test_nobody_decides_of_what_is_found_to_be_over_meanwhile(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply that is taken back just then waits: else the warning is over for ever, and owed by nobody."""
    with postgres.fresh(tmp_path):
        office = quiet(LATE_AT + HOUR)
        office.tell(fact("ticket.replied", HALF_AT + MINUTE, "T-1", by="human"), at=HALF_AT + MINUTE)
        held: list[bool] = []

        def look() -> None:
            try:
                with between(office.provider.pk), writing():
                    Provider.objects.select_for_update(nowait=True).get(pk=office.provider.pk)
            except OperationalError:
                held.append(True)

        real = coalescing.look_again
        monkeypatch.setattr(coalescing, "look_again", lambda *told: (together(look), real(*told)))
        assert send_all(LATE_AT + HOUR) == []
        assert held == [True]
        assert Message.objects.get(rule="half").said == OVER


@pytest.mark.slow
@pytest.mark.parametrize("state", ["accepted", "failed"])
@pytest.mark.parametrize("is_before", [False, True], ids=["after the other", "before the other"])
def test_two_who_mark_both_ways_of_a_message_wait_for_none_of_each_other(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Any, is_before: bool
) -> None:
    """The mail is accepted while somebody marks the text message: no deadlock, and it is repeated by none."""
    with postgres.fresh(tmp_path):
        now = by_both_ways(Office())
        ((mail,), (sms,)) = take("mail", now), take("service", now)
        works: list[str] = []

        def mark(taken: Taken, became: Any) -> None:
            if sent(taken, Delivery(became, now, became), now, draw):
                works.append(taken.address)

        outer, inner = [(mail, "accepted"), (sms, state)][:: -1 if is_before else 1]
        real = sending.end_others

        def end(*told: Any) -> None:  # the messages of who marks first are held, and written
            monkeypatch.setattr(sending, "end_others", real)
            together(lambda: mark(*inner))
            real(*told)

        monkeypatch.setattr(sending, "end_others", end)
        together(lambda: mark(*outer))
        assert works == [inner[0].address, outer[0].address]
        assert take("service", now + HOUR) == []
        row = Message.objects.get(rank=1)
        assert row.state == ("accepted" if state == "accepted" else "suppressed")


def _changing(act: str, office: Office) -> None:
    """Something that changes all messages to Lea."""
    pk = office.provider.pk
    with between(pk), writing():
        if act == "acknowledge":
            wake_no_more(Page.objects.get(), "acknowledged", LATE_AT)
        elif act == "take the way":
            put_person(pk, "Lea", ["lead"], [Way("pager", "mail", "lea@pager.example")])
        elif act == "take the person":
            take_person(pk, "Lea", "", LATE_AT)
    if act == "decide":
        coalescing.coalesce("mail", LATE_AT)
    elif act == "forget the text":
        retain(Retention(texts_us=DAY), LATE_AT + 2 * DAY)


@pytest.mark.slow
@pytest.mark.parametrize(
    "act", ["acknowledge", "decide", "take the way", "take the person", "forget the text"]
)
def test_who_waits_for_a_message_holds_none_with_a_greater_key(
    postgres: Postgres, tmp_path: Path, act: str
) -> None:
    """In whatever order they lie in the table: else two who hold several could wait for each other."""
    with postgres.fresh(tmp_path):
        office = Office(ticket=False)
        pk, lea = office.provider.pk, Person.objects.get(name="Lea")
        page = Page.objects.create(
            provider_id=pk, key="p", contract="c1", cause="c", rule="r", stage="", told={}, paged_at=LATE_AT
        )
        for key in "12":
            _owed(office.provider, person=lea, reach=lea.reaches.get(way="mail"), page=page, key=key * 64)
        first, second = Message.objects.order_by("pk")
        alone = {"alone_at": None} if act == "decide" else {}
        ended = {"state": "failed", "ended_at": LATE_AT} if act == "forget the text" else {}
        for one in (second, first):  # so they lie the other way round, by every index as well
            Message.objects.filter(pk=one.pk).update(next_at=LATE_AT - 1, **alone, **ended)
        held = threading.Event()

        def hold() -> None:
            with between(pk), writing(), connection.cursor() as cursor:
                list(Message.objects.filter(pk=first.pk).select_for_update())
                held.set()
                waits_for_a_lock(cursor)
                assert list(Message.objects.filter(pk=second.pk).select_for_update(nowait=True)) == [second]

        together(hold, lambda: (held.wait(30), _changing(act, office)))


GONE = Delivery("refused", LATE_AT, "410 Gone", 410, disables=True)


def _owed(provider: Provider, **said: Any) -> None:
    """A message of a kind that the test does not care about."""
    about = {"rule": "r", "cause": "c", "stage": "", "contract": "c1", "audience": "provider", "text": "{}"}
    when = dict.fromkeys(("stage_at", "owed_at", "next_at", "alone_at"), LATE_AT)
    said = {"key": "0" * 64, "urgency": "urgent", **about, **when, **said}
    Message.objects.create(provider=provider, **said)


def _listening(provider: Provider, customer: Customer | None, failing_since: Instant | None = None) -> None:
    """An event that is owed to an endpoint."""
    endpoint = Endpoint.objects.create(
        provider=provider, customer=customer, kinds=[], tell="all", state="live", made_at=LATE_AT,
        sealed=sealed(Address("https://hooks.example/x", ("whsec_eA==",))), failing_since=failing_since,
        proven=True,
    )  # fmt: skip
    _owed(provider, endpoint=endpoint)


def _held_ways() -> set[str]:
    """The ways to people that somebody else holds now."""
    held: set[str] = set()

    def look() -> None:
        for reach in Reach.objects.select_related("person"):
            try:
                with between(reach.person.provider_id), writing():
                    list(Reach.objects.select_for_update(nowait=True).filter(pk=reach.pk))
            except OperationalError:
                held.add(f"{reach.person.name}/{reach.channel}")

    together(look)
    return held


@contextmanager
def _nobody_changes_ways_while_it_is_told(
    monkeypatch: pytest.MonkeyPatch, module: Any, names: set[str]
) -> Iterator[None]:
    """What a module writes is written while the ways to these people, and to nobody else, are held."""
    held: set[str] = set()
    real: Callable[[Any], None] = module.write
    monkeypatch.setattr(module, "write", lambda messages: (held.update(_held_ways()), real(messages)))
    yield
    assert held == names


@pytest.mark.slow
def test_the_other_ways_to_whom_a_way_rests_are_held(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told by them: whoever gives other ways meanwhile waits for it, and it never for them."""
    with postgres.fresh(tmp_path):
        office = Office(ticket=False)
        hook = Reach.objects.create(
            person=office.ada, rank=1, channel="hook", way="webhook", sealed=office.ada.reaches.get().sealed
        )
        _owed(office.provider, person=office.ada, reach=hook)
        (taken,) = take("webhook", LATE_AT)
        everybody = {"Ada/email", "Ada/hook", "Lea/email", "Lea/sms", "Dirk/email"}
        with _nobody_changes_ways_while_it_is_told(monkeypatch, put_to_rest, everybody):
            assert sent(taken, GONE, LATE_AT, draw)
        assert Message.objects.get(rule="server").person == office.ada


@pytest.mark.slow
@pytest.mark.parametrize("is_customers", [False, True])
@pytest.mark.parametrize("goes_away", [False, True])
def test_the_ways_to_whom_an_endpoint_is_given_up_are_held(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_customers: bool, goes_away: bool
) -> None:
    """Be it that it asked for no more, or has taken nothing for days and now its sender went away."""
    with postgres.fresh(tmp_path):
        office = Office(ticket=False)
        customer = office.ada.customer if is_customers else None
        _listening(office.provider, customer, LATE_AT - 3 * DAY if goes_away else None)
        (taken,) = take("event", LATE_AT)
        told = {"Lea/email", "Lea/sms", "Dirk/email"} | ({"Ada/email"} if is_customers else set())
        with _nobody_changes_ways_while_it_is_told(monkeypatch, faring, told):
            if goes_away:
                assert recover(LATE_AT + HOLD_US + 1, draw) == 1
            else:
                assert sent(taken, GONE, LATE_AT, draw)
        assert Endpoint.objects.get().state == "disabled"


@pytest.mark.slow
def test_ways_that_are_given_while_who_rests_them_waits_are_held_too(
    postgres: Postgres, tmp_path: Path
) -> None:
    """Lea gets a pager just then: by it she may be told, and nobody takes it away before she is."""
    with postgres.fresh(tmp_path):
        office = Office(ticket=False)
        pk = office.provider.pk
        held: set[str] = set()

        def rest() -> None:
            with between(pk), writing():
                put_to_rest.lock_ways(pk, [])
                held.update(_held_ways())

        def give() -> None:
            with between(pk), writing(), connection.cursor() as cursor:
                list(Reach.objects.filter(person__name="Lea").select_for_update())
                given.set()
                waits_for_a_lock(cursor)
                put_person(pk, "Lea", ["lead"], [Way("pager", "mail", "lea@pager.example")])

        given = threading.Event()
        together(give, lambda: (given.wait(30), rest()))
        assert held == {"Lea/pager", "Dirk/email"}
