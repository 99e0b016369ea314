"""The loops of a process: what is due goes out by a real mail server, each way on its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.test import override_settings

from tests.core.worlds import fact
from tests.live.api_urls import SetClock
from tests.live.databases import Postgres
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Crowd, Office
from tests.net.certificate import made_for
from tests.notify.relay import relaying
from upheld.app.send import Taken
from upheld.core.timeline.instant import SECOND, Instant, format_instant
from upheld.net.guard import Guard
from upheld.notify.breaker import FIRST_US
from upheld.notify.message import Delivery
from upheld.notify.message import Message as Text
from upheld.notify.smtp import Relay, Times
from upheld.server import sending, worker
from upheld.server.channels import Channels, SettingError, relay_of, ticks
from upheld.server.clock import FileClock, SystemClock
from upheld.server.sending import AHEAD, AT_ONCE, Sender
from upheld.server.serve_command import GRACE_S
from upheld.server.worker import ENDS_WITHIN_S, Worker
from upheld.store.models import Attempt, Message, Tally


def channels_to(port: int) -> Channels:
    guard = Guard(lambda host, within_us: ("127.0.0.1",), ticks, made_for("relay.example.com").client)
    times = Times(verb_us=2_000_000, dot_us=2_000_000)
    relay = Relay("relay.example.com", port, "upheld.example.com", "none", times=times)
    return Channels(guard, relay, "sla@northwind.example")


def _until(condition: object, within_s: float = 30) -> None:
    """Waits for what another thread does; fails if it does not come."""
    done = threading.Event()
    for _ in range(int(within_s * 50)):
        if condition():  # type: ignore[operator]
            return
        done.wait(0.02)
    pytest.fail("this did not come in time")


@contextmanager
def at_work(*workers: Worker) -> Iterator[None]:
    """Their loops run while the block does: left behind, they would go on in the database of another test."""
    try:
        for worker in workers:
            worker.start()
        yield
    finally:
        for worker in workers:
            worker.stop()


@pytest.mark.slow
def test_what_is_due_is_mailed(address: str, tmp_path: Path) -> None:
    """The clock is put forward to the limit: each mail arrives once, to whom the agreement says."""
    office = Office()
    now = tmp_path / "now"
    now.write_text(format_instant(HALF_AT))
    with relaying({}) as post:
        one = Worker(FileClock(now), channels_to(post.port))
        with at_work(one):
            _until(lambda: Message.objects.filter(state="accepted").count() == 1)
            (tmp_path / "next").write_text(format_instant(LATE_AT + 1))
            (tmp_path / "next").replace(now)
            _until(lambda: Message.objects.filter(state="accepted").count() == 4 and one.is_settled())
        told = sorted(to for envelope in post.envelopes for to in envelope.rcpt_tos)
    assert told == ["ada@email.example", "dirk@email.example", "lea@email.example", "lea@email.example"]
    assert office.settle(LATE_AT + 1) == 0


def test_what_was_decided_is_sent_at_once(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who decides calls those who send: they look again, however long they would have rested."""
    monkeypatch.setattr(worker, "POLL_S", 3_600.0)
    monkeypatch.setitem(worker.WAITS_S, "wake", 0.02)
    Office()
    now = tmp_path / "now"
    now.write_text(format_instant(OPENED_AT))
    with relaying({}) as post:
        one = Worker(FileClock(now), channels_to(post.port))
        with at_work(one):
            _until(lambda: "send mail" in one._beats)
            (tmp_path / "next").write_text(format_instant(HALF_AT))
            (tmp_path / "next").replace(now)
            _until(lambda: Message.objects.filter(state="accepted").exists(), 10)
    assert len(post.envelopes) == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_who_has_nothing_to_do_asks_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs of life go on, and no loop that waits for an instant is woken by them."""
    for name, wait_s in (("look", 0.01), ("wake", 0.01), ("keep", 0.05)):
        monkeypatch.setitem(worker.WAITS_S, name, wait_s)
    done: list[str] = []

    def told(name: str, turn: Callable[[Worker], bool]) -> Callable[[Worker], bool]:
        return lambda works: done.append(name) or turn(works)  # type: ignore[func-returns-value]

    for name in ("_wake", "_keep"):
        monkeypatch.setattr(Worker, name, told(name, getattr(Worker, name)))
    with at_work(Worker(SystemClock(), channels_to(1))):  # each sign is another one
        _until(lambda: done[-5:] == ["_keep"] * 5)
    assert "_wake" in done, "it looked, before it had nothing to do"


@override_settings(BURST=1_000)  # one recipient is sent all of it
def test_a_relay_that_is_down_wears_out_no_message(address: str, tmp_path: Path) -> None:
    """Those under way find it down; the others keep all their attempts, and one tries after a rest."""
    now = tmp_path / "now"
    now.write_text(format_instant(HALF_AT))
    office = Office(ticket=False)
    for n in range(AT_ONCE + 4):
        opened = fact("ticket.opened", OPENED_AT, f"T-{n}", contract="c1", priority="P1")
        office.tell(opened, at=OPENED_AT)
    office.settle(HALF_AT)
    with socket.socket() as nobody:  # a port at which nobody listens
        nobody.bind(("127.0.0.1", 0))
        sender = Sender("mail", FileClock(now), channels_to(nobody.getsockname()[1]), lambda what: None)
        sender.start()
        assert sender.turn()
        _until(lambda: sender.mark() and not sender.under_way)
        assert Attempt.objects.count() == AT_ONCE
        assert not sender.turn()
        assert Message.objects.filter(state="waiting", attempts=None).count() == 4
        now.write_text(format_instant(HALF_AT + FIRST_US))
        assert sender.turn()
        assert len(sender.under_way) == 1
        sender.turn()
        _until(lambda: not sender.under_way or (sender.mark() and not sender.under_way))
        assert Attempt.objects.count() == AT_ONCE + 1
        sender.stop()
    assert Message.objects.filter(state="waiting", attempts=None).count() == 3


class Gate:
    """A channel by which a message goes when somebody lets it."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.told: list[str] = []
        self._places = threading.Semaphore(0)

    def let(self, count: int) -> None:
        self._places.release(count)

    def to(self, way: str, address: str, is_marked: bool = False) -> Gate:
        return self

    def tidy(self, everything: bool = False) -> None:
        """It keeps no connections."""

    def send(self, message: Text, at: Instant) -> Delivery:
        self.begun.append(message.key)
        assert self._places.acquire(timeout=30)
        self.told.append(message.key)
        return Delivery("accepted", at, "250 ok", 250)


@pytest.fixture
def gated(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Gate, Sender]]:
    """A sender that found its way quick, and has taken as many of forty messages as it may."""
    now = tmp_path / "now"
    now.write_text(format_instant(LATE_AT))
    Crowd().owe("loud", 40, "urgent", HALF_AT)
    gate = Gate()
    sender = Sender("mail", FileClock(now), cast(Channels, gate), lambda what: None)
    monkeypatch.setattr(sending, "TOGETHER_S", 30.0)
    sender.start()
    gate.let(AT_ONCE)
    assert sender.turn()
    assert sender.turn(), "it waits for all of them"
    monkeypatch.setattr(sending, "TOGETHER_S", 0.001)
    _until(lambda: len(gate.begun) == 2 * AT_ONCE)
    yield gate, sender
    gate.let(40)
    sender.stop()
    for thread in sender.threads:
        thread.join(30)


def test_a_way_that_is_quick_is_given_more(gated: tuple[Gate, Sender]) -> None:
    """All of it is sent once, and marked."""
    gate, sender = gated
    assert len(sender.under_way) == AT_ONCE + AHEAD
    gate.let(40)
    _until(lambda: not sender.turn() and not sender.under_way)
    assert len(set(gate.told)) == len(gate.told) == 40
    assert Attempt.objects.filter(state="accepted").count() == 40


def test_what_was_taken_for_a_way_that_hangs_is_given_back(gated: tuple[Gate, Sender]) -> None:
    """What no thread has begun waits again, and a page that comes is begun before it."""
    gate, sender = gated
    assert not sender.turn()
    assert len(sender.under_way) == AT_ONCE
    assert Message.objects.filter(state="waiting", held_until=None, hold=1).count() == AHEAD
    Crowd(40).owe("quiet", 1, "page", LATE_AT)
    Message.objects.filter(urgency="page").update(alone_at=None)
    gate.let(1)
    _until(sender.turn)
    assert "lea@quiet.example" in [one.address for one in sender.under_way]
    assert len(sender.under_way) == AT_ONCE
    assert not Attempt.objects.filter(state="unknown").exists()


def test_who_ends_marks_what_ends_and_sends_nothing_more(gated: tuple[Gate, Sender]) -> None:
    """What nobody has begun is given back at once; what ends is marked while others hang."""
    gate, sender = gated

    def end() -> None:
        sender.end(ticks() + 30 * SECOND)
        connection.close()

    ending = threading.Thread(target=end)
    ending.start()
    _until(lambda: Message.objects.filter(state="waiting", hold=1).count() == AHEAD)
    gate.let(3)
    _until(lambda: Attempt.objects.count() == AT_ONCE + 3)
    assert ending.is_alive()
    gate.let(AT_ONCE - 3)
    ending.join(30)
    assert sender.under_way == []
    assert len(gate.begun) == Attempt.objects.filter(state="accepted").count() == 2 * AT_ONCE


@pytest.mark.slow
def test_what_hangs_is_waited_for_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many do: what ends is marked while others hang, and at the end what goes on stays held."""
    Crowd().owe("loud", AT_ONCE, "urgent", HALF_AT)
    gate, passed = Gate(), SetClock()
    for module in (worker, sending):
        monkeypatch.setattr(module, "ticks", passed.now)
    one = Worker(SystemClock(), cast(Channels, gate))
    one.start()

    def stop() -> None:
        one.stop()
        connection.close()

    _until(lambda: len(gate.begun) == AT_ONCE)
    stopping = threading.Thread(target=stop)
    stopping.start()
    _until(one._stop.is_set)
    gate.let(3)
    _until(lambda: Attempt.objects.filter(state="accepted").count() == 3)
    assert stopping.is_alive()
    assert ENDS_WITHIN_S < GRACE_S
    passed.at += ENDS_WITHIN_S * SECOND
    stopping.join(30)
    assert not stopping.is_alive()
    assert Message.objects.filter(state="sending").count() == AT_ONCE - 3
    gate.let(AT_ONCE)
    for thread in one._threads:  # each closes its connection at its end
        thread.join(30)
    assert not any(thread.is_alive() for thread in one._threads)


def test_what_cannot_be_signed_is_counted_later(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written stops no worker, and nothing that was done is forgotten."""
    one = Worker(SystemClock(), channels_to(1))
    with monkeypatch.context() as broken:
        broken.setattr("upheld.app.vitals.give_sign", Mock(side_effect=OSError("the disk is full")))
        one.start()
        one._tally("scopes woken", 3)
        one._keep()
    assert not Tally.objects.exists()
    one._tally("scopes woken", 2)
    one.stop()
    assert Tally.objects.get(name="scopes woken").count == 5


def test_what_nobody_has_begun_is_kept_while_the_database_is_away(
    gated: tuple[Gate, Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent, and marked with the others: given back it would be lost for a while."""
    gate, sender = gated
    Broken(monkeypatch, OperationalError("the connection is closed"))
    gate.let(1)
    _until(sender._ended.qsize)
    assert not sender.turn()
    assert len(sender.under_way) == AT_ONCE + AHEAD
    assert sender.turn()
    assert len(sender.under_way) == AT_ONCE + AHEAD - 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_has_ended_is_marked_at_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a way that is slow, and while nobody looks whether anybody has committed: more may go."""
    for name in ("look", "wake"):
        monkeypatch.setitem(worker.WAITS_S, name, 3_600.0)
    monkeypatch.setattr(sending, "TOGETHER_S", 0.001)
    Crowd().owe("loud", 3 * AT_ONCE, "urgent", HALF_AT)
    gate, rest = Gate(), Sender.rest

    def rests(sender: Sender, within_s: float) -> None:
        if under_way := len(sender.under_way):
            gate.let(under_way)
        rest(sender, within_s)

    monkeypatch.setattr(Sender, "rest", rests)
    with at_work(Worker(SystemClock(), cast(Channels, gate))):
        _until(lambda: Attempt.objects.filter(state="accepted").count() == 3 * AT_ONCE, 10)
    assert len(gate.begun) == 3 * AT_ONCE


def test_a_relay_is_named_by_an_address() -> None:
    """User and password may stand in it; what is no relay is told with what to write."""
    relay = relay_of("smtp://ada:p%40ss@mail.example:2525?security=none")
    assert (relay.host, relay.port, relay.user, relay.password) == ("mail.example", 2525, "ada", "p@ss")
    assert relay_of("smtps://mail.example").port == 465
    for bad in ("mail.example:25", "smtp://mail.example?security=maybe", "http://mail.example"):
        with pytest.raises(SettingError, match="UPHELD_MAIL: write smtp"):
            relay_of(bad)


@pytest.mark.slow
@override_settings(BURST=1_000)  # one recipient is sent all of it
def test_four_workers_tell_each_once(postgres: Postgres, tmp_path: Path) -> None:
    """On PostgreSQL four workers share what is due: each scope is decided, each mail arrives once."""
    now = tmp_path / "now"
    now.write_text(format_instant(OPENED_AT))
    with postgres.fresh(tmp_path), relaying({}) as post:
        office = Office(ticket=False)
        for n in range(40):
            opened = fact("ticket.opened", OPENED_AT, f"T-{n}", contract="c1", priority="P1")
            office.tell(opened, at=OPENED_AT)
        workers = [Worker(FileClock(now), channels_to(post.port), alone=False) for _ in range(4)]
        with at_work(*workers):
            (tmp_path / "next").write_text(format_instant(LATE_AT + 1))
            (tmp_path / "next").replace(now)
            # Half of the budget tells Lea; the limit tells Lea, Dirk and Ada.
            _until(lambda: Message.objects.filter(state="accepted").count() == 4 * 40, 60)
        told = [str(message_from_bytes(one.original_content or b"")["Message-ID"]) for one in post.envelopes]
        assert len(told) == len(set(told)) == 160
        assert Attempt.objects.count() == 160


class Broken:
    """Marks nothing while it is broken; what it was given is kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *faults: Exception) -> None:
        self.given: list[int] = []
        self._faults = list(faults)
        self._mark = sending.mark
        monkeypatch.setattr("upheld.server.sending.mark", self)

    def __call__(self, ended: Sequence[tuple[Taken, Delivery]], *rest: Any) -> set[int]:
        self.given.append(len(ended))
        if self._faults:
            raise self._faults.pop(0)
        return self._mark(ended, *rest)


def _two_relayed(tmp_path: Path) -> Sender:
    """A sender whose two mails the relay has, and which has marked neither."""
    now = tmp_path / "now"
    now.write_text(format_instant(HALF_AT))
    office = Office(ticket=False)
    for n in range(2):
        opened = fact("ticket.opened", OPENED_AT, f"T-{n}", contract="c1", priority="P1")
        office.tell(opened, at=OPENED_AT)
    office.settle(HALF_AT)
    with relaying({}) as post:
        channels = channels_to(post.port)
        sender = Sender("mail", FileClock(now), channels, lambda what: None)
        sender.start()
        assert sender.turn()
        sender.stop()
        for thread in sender.threads:
            thread.join(30)
        channels.tidy(everything=True)
    assert (len(post.envelopes), len(sender.under_way)) == (2, 2)
    return sender


def test_what_went_out_together_is_marked_together(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one transaction; where one of them cannot be marked, the others are, each by itself."""
    broken = Broken(monkeypatch, ValueError("together"), ValueError("the first"))
    sender = _two_relayed(tmp_path)
    assert sender.mark()
    assert broken.given == [2, 1, 1]
    assert sender.under_way == []
    assert sorted(Message.objects.values_list("state", flat=True)) == ["accepted", "sending"]


def test_what_went_out_while_the_database_was_away_is_marked_when_it_is_back(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not thrown away: nobody would know then whether it arrived, and it would go out twice."""
    Broken(monkeypatch, OperationalError("the connection is closed"))
    sender = _two_relayed(tmp_path)
    assert not sender.mark()
    assert len(sender.under_way) == 2, "they are still held"
    assert sender.mark()
    assert sender.under_way == []
    assert list(Attempt.objects.values_list("state", flat=True)) == ["accepted", "accepted"]


def test_who_sends_is_not_quiet_until_it_is_marked(address: str, tmp_path: Path) -> None:
    """No commit tells a sender that an attempt has ended, so it looks again however far the next wake is.

    Also where the clock is set back meanwhile.
    """
    sender = _two_relayed(tmp_path)
    assert sender.next_turn() == 0
    assert sender.mark()
    assert sender.next_turn() is None
