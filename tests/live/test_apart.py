"""What fails of one provider, or in one step, keeps nothing else from being done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import QuerySet

from tests.core.worlds import CONTRACT, DOCUMENT, at, fact
from tests.live.api_urls import SetClock
from tests.live.desk import salt
from tests.live.observing import OBSERVED
from tests.live.test_messages import HALF_AT, LADDER, OPENED_AT, Crowd, Office, draw, told
from tests.live.test_worker import channels_to
from upheld.app import apart, coalesce, owe, paging, retain, send, watch_rotas
from upheld.app import wake as waking
from upheld.app.apply import apply, would_apply
from upheld.app.record import record
from upheld.app.refusal import RefusedError
from upheld.app.vitals import vitals
from upheld.app.wake import PUT_OFF_US, set_aside, wake
from upheld.core.evaluating.narrow import Scope
from upheld.core.timeline.instant import HOUR, MINUTE, Instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.server import doctor, worker
from upheld.server.worker import Worker
from upheld.store.models import Message, Provider, ScopeRow, Text

NOW = at("Mon 06-08 10:00")
BAD = Scope("c1", "ticket", "T-1")


def failing(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    """Whatever is decided together with one ticket fails."""
    decide = waking.decide

    def decided(*words: Any, **named: Any) -> object:
        if BAD in words[2]:
            raise fault
        return decide(*words, **named)

    monkeypatch.setattr(waking, "decide", decided)


def test_what_cannot_be_decided_is_set_aside_and_holds_up_nothing_else(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other tickets of the provider are told, and those of others; a little later it is tried again."""
    office = Office()
    for n in (2, 3):
        opened = fact("ticket.opened", OPENED_AT, f"T-{n}", contract="c1", priority="P1")
        office.tell(opened, at=OPENED_AT)
    other = Provider.objects.create(name="Southwind", key="southwind")
    agreement = (DOCUMENT + LADDER).replace("Northwind", "Southwind")
    apply(other.pk, {"acme.yaml": agreement.encode(), "c1.yaml": CONTRACT.encode()}, 0)
    opened = fact("ticket.opened", OPENED_AT, "T-4", contract="c1", priority="P1")
    record(other.pk, [opened], "desk", OPENED_AT, salt)
    due = ScopeRow.objects.filter(kind="ticket")
    due.update(next_at=HALF_AT)
    due.filter(subject="T-1").update(next_at=HALF_AT - 1)  # stands first
    with monkeypatch.context() as patch:
        failing(patch, BeyondHorizon("no such year"))
        aside: list[str] = []
        assert wake(HALF_AT, set_aside=lambda: aside.append("one")) == ScopeRow.objects.count() - 1
    assert aside == ["one"]
    assert set_aside(10) == [("northwind", "c1", "ticket", "T-1", HALF_AT)]
    (told_of,) = doctor._aside(HALF_AT)
    assert told_of.told == "ticket T-1 of contract c1 of northwind cannot be decided"
    assert "last at 2026-06-08T11:00:00Z" in told_of.way_out
    others = [("half", "", "failed")]  # where nobody has the role
    assert sorted(told()) == others + [("half", "Lea", "waiting")] * 2
    assert not due.filter(next_at__lte=HALF_AT).exists()
    assert due.get(subject="T-1").next_at == HALF_AT + PUT_OFF_US
    office.settle(HALF_AT + PUT_OFF_US)
    assert set_aside(10) == []
    assert sorted(told()) == others + [("half", "Lea", "waiting")] * 3


def test_what_the_database_cannot_do_sets_nothing_aside(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a fault of all, and all of it is tried again as soon as it answers."""
    Office()
    failing(monkeypatch, OperationalError("it has gone away"))
    before = list(ScopeRow.objects.order_by("pk").values_list("pk", "next_at"))
    with pytest.raises(OperationalError):
        wake(HALF_AT)
    assert list(ScopeRow.objects.order_by("pk").values_list("pk", "next_at")) == before


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_step_is_done_though_the_one_before_failed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scopes, rotas, people to be woken and messages that go the next way: none waits for another."""
    Office()
    clock, done = SetClock(), list[str]()
    clock.at = HALF_AT

    def fails(name: str) -> Callable[..., int]:
        def step(*_: object, **__: object) -> int:
            done.append(name)
            raise RuntimeError(name)

        return step

    steps = ["wake", "watch_rotas", "ask_on", "fall_back"]
    for name in steps:
        monkeypatch.setattr(worker, name, fails(name))
    assert not Worker(clock, channels_to(1))._wake()
    assert done == steps


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_operator_learns_of_what_is_set_aside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted among what workers did, as nothing of it lies due."""
    Office()
    clock = SetClock()
    clock.at = HALF_AT
    failing(monkeypatch, BeyondHorizon("no such year"))
    one = Worker(clock, channels_to(1))
    one._wake()
    one._keep()
    assert vitals(HALF_AT).tallies["scopes not decided"] == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("module", "does"),
    [
        (watch_rotas, watch_rotas.watch_rotas),
        (paging, paging.ask_on),
        (owe, owe.fall_back),
        (coalesce, lambda now: coalesce.coalesce("mail", now)),
        (retain, lambda now: retain.retain(retain.Retention(HOUR, None), now)),
        (send, lambda now: send.recover(now, draw)),
    ],
)
def test_one_provider_stops_no_job_of_all(
    address: str, monkeypatch: pytest.MonkeyPatch, module: Any, does: Callable[[int], object]
) -> None:
    """What fails of the first is logged, and the second has its turn."""
    entered: list[int] = []

    def fails(provider_id: int) -> AbstractContextManager[None]:
        entered.append(provider_id)
        raise RuntimeError("only of this one")

    monkeypatch.setattr(module, "between", fails)
    monkeypatch.setattr(apart, "by_provider", lambda *_: {1: [1], 2: [2]})
    for name, found in (("providers_of", [1, 2]), ("by_provider", {1: [1], 2: [2]})):
        monkeypatch.setattr(module, name, lambda *_, found=found: found, raising=False)
    does(NOW)
    assert entered == [1, 2]


def test_rows_that_always_fail_stand_behind_those_of_others(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the first ones, and more than are taken at once: what others wait for is decided even so."""
    crowd, decided = Crowd(), coalesce._decided
    crowd.owe("bad", 5, "urgent", NOW - HOUR)
    crowd.owe("worse", 5, "urgent", NOW - HOUR)
    crowd.owe("good", 5, "urgent", NOW - MINUTE)
    Message.objects.update(alone_at=None)
    good = Provider.objects.get(key="good").pk

    def fails(provider_id: int, fresh: QuerySet[Message], room: int, at: Instant) -> object:
        if provider_id != good:
            raise RuntimeError("always")
        return decided(provider_id, fresh, room, at)

    monkeypatch.setattr(coalesce, "_decided", fails)
    monkeypatch.setattr(coalesce, "AT_ONCE", 3)
    assert coalesce.coalesce("mail", NOW) == 3
    assert Message.objects.filter(provider_id=good, alone_at=NOW).count() == 3


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("does", [apply, would_apply])
def test_a_contract_from_before_the_years_that_are_known_is_not_applied(
    address: str, does: Callable[..., object]
) -> None:
    """It could never be judged: the finding says which, where, and how to have more years."""
    provider = Provider.objects.create(name="Northwind", key="northwind")
    early = CONTRACT.replace("2026-01-01", "2014-06-01")
    texts = {"acme.yaml": (DOCUMENT + OBSERVED).encode(), "c1.yaml": early.encode()}
    with pytest.raises(RefusedError) as caught:
        does(provider.pk, texts, NOW)
    (finding,) = caught.value.findings
    assert (finding.code, finding.places[0].file) == ("beyond-horizon", "c1.yaml")
    assert "contract `c1` cannot be judged: 2014-06-01" in finding.message
    assert "upheld lock" in finding.way_out
    assert not Text.objects.exists()
    assert not ScopeRow.objects.exists()
    provider.refresh_from_db()
    assert provider.revision == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("on", ["2014-06-05", "2040-06-05"])
def test_a_fact_by_which_a_contract_could_not_be_judged_is_not_recorded(address: str, on: str) -> None:
    """It ends, or changes, on a day of which the year is not known: that is told, and nothing is kept."""
    office = Office()
    before = list(ScopeRow.objects.order_by("pk").values())
    with pytest.raises(RefusedError) as caught:
        office.tell(fact("contract.ended", OPENED_AT, "c1", on=on), at=OPENED_AT)
    (finding,) = caught.value.findings
    assert finding.code == "beyond-horizon"
    assert f"contract `c1` could not be judged any more: {on}" in finding.message
    assert list(ScopeRow.objects.order_by("pk").values()) == before
    office.tell(fact("contract.ended", OPENED_AT, "c1", on="2026-12-31"), at=OPENED_AT)
