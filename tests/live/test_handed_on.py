"""A contract that becomes another customer's, or nobody's: each customer hears of their own time alone."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from tests.core.worlds import CONTRACT, DESK, DOCUMENT, at
from tests.live.api_desk import NOW, Party, World, event, told
from tests.live.desk import Northwind
from tests.live.test_messages import LATE_AT, Office, send_all
from tests.live.test_other_texts import T_1, Followed
from upheld.app.apply import HANDED_ON, apply, would_apply
from upheld.core.timeline.instant import HOUR, MINUTE
from upheld.store.models import BoundContract, Change, Customer, Message
from upheld.store.walls import between

CONTOSO = CONTRACT.replace("Acme", "Contoso")


@pytest.fixture
def running(world: World) -> World:
    """A ticket of each customer runs."""
    for contract in ("c1", "c2"):
        told(world.owner.tell("/facts", event(f"f-{contract}", f"T-{contract}", contract=contract)), 201)
    return world


def _followed(party: Party) -> list[tuple[str, str, str]]:
    """The subject and the states of each change that a party follows."""
    return [(one["subject"], one["before"], one["after"]) for one in told(party.get("/changes"))["changes"]]


def _holds(world: World, **contracts: str) -> None:
    apply(world.provider.pk, world.files("Northwind", contracts), NOW + MINUTE)


def test_who_has_a_contract_now_is_told_nothing_of_whose_it_was(running: World) -> None:
    """The first hears that it ends, the other what changes from then on; their provider hears all."""
    _holds(running, c1="Contoso", c2="Contoso")
    acme = [("T-c1", "", "running"), ("T-c1", "running", "")]
    assert _followed(running.acme) == acme
    assert _followed(running.contoso) == [("T-c2", "", "running")]
    reply = event("r-1", "T-c1", "ticket.replied", by="human")
    told(running.owner.tell("/facts", reply), 201)
    assert _followed(running.acme) == acme
    assert _followed(running.contoso) == [("T-c2", "", "running"), ("T-c1", "running", "met")]
    of_it = [one[1:] for one in _followed(running.owner) if one[0] == "T-c1"]
    assert of_it == [("", "running"), ("running", ""), ("", "running"), ("running", "met")]


def test_a_customer_hears_that_a_contract_is_taken_out(running: World) -> None:
    """It ends for them and for their provider; nobody else is told."""
    _holds(running, c2="Contoso")
    for party in (running.acme, running.owner):
        assert ("T-c1", "running", "") in _followed(party)
    assert _followed(running.contoso) == [("T-c2", "", "running")]


def test_what_was_taken_out_and_is_anothers_later_is_not_told_to_that_one(running: World) -> None:
    """Whoever had it last hears that it is there again; another one does not hear what it was before."""
    _holds(running, c2="Contoso")
    _holds(running, c1="Acme", c2="Contoso")
    again = [("T-c1", "", "running"), ("T-c1", "running", ""), ("T-c1", "", "running")]
    assert _followed(running.acme) == again
    _holds(running, c2="Contoso")
    _holds(running, c1="Contoso", c2="Contoso")
    assert _followed(running.acme) == [*again, ("T-c1", "running", "")]
    assert _followed(running.contoso) == [("T-c2", "", "running")]
    assert _followed(running.owner)[-1] == ("T-c1", "", "running")


def test_the_database_gives_each_customer_the_changes_of_their_time(running: World) -> None:
    """On PostgreSQL without any filter, too."""
    _holds(running, c1="Contoso", c2="Contoso")
    for name, contracts in (("Acme", ["c1", "c1"]), ("Contoso", ["c2"])):
        customer = Customer.objects.get(provider=running.provider, name=name)
        with between(running.provider.pk, customer.pk):
            rows = Change.objects.order_by("pk")
            if connection.vendor != "postgresql":
                rows = rows.filter(customer=customer)
            assert list(rows.values_list("contract", flat=True)) == contracts


def test_whoever_hears_everything_hears_of_each_verdict_once(address: str) -> None:
    """As others get a contract, and other terms at the same moment."""
    desk = Followed()
    told = desk.others(at("Mon 06-08 11:00"), c1=CONTOSO)
    assert [one for one in told if one[0] == T_1] == [(T_1, "", "running"), (T_1, "running", "")]
    assert desk.is_heard_as_kept()
    stricter = (
        DOCUMENT + DESK + "deadline: {response: {from: opened, until: answered, on: desk, within: 30m}}\n"
    )
    told = desk.others(at("Mon 06-08 11:01"), c1=CONTRACT, acme=stricter)
    assert (T_1, "running", "breached") in told
    assert desk.is_heard_as_kept()


def test_a_contract_is_live_for_another_customer_from_then_on(address: str) -> None:
    """What was owed before is nobody's message now; for whose contract stays it is as it was."""
    desk = Northwind(DESK, CONTRACT, CONTRACT.replace("c1", "c2"), at=HOUR)
    apply(desk.provider.pk, desk.texts | {"c1.yaml": CONTOSO.encode()}, 2 * HOUR)
    rows = BoundContract.objects.order_by("contract").values_list("contract", "customer__name", "live_at")
    assert list(rows) == [("c1", "Contoso", 2 * HOUR), ("c2", "Acme", HOUR)]


@pytest.mark.slow
def test_what_was_told_before_is_of_whose_the_contract_is(running: World) -> None:
    """Of an older database nothing else is known; where the contract is not there it is no customer's."""
    _holds(running, c2="Contoso")
    call_command("migrate", "store", "0034", verbosity=0)
    call_command("migrate", "store", verbosity=0)
    rows = Change.objects.order_by("pk").values_list("contract", "customer__name")
    assert list(rows) == [("c1", None), ("c2", "Contoso"), ("c1", None)]
    assert _followed(running.contoso) == [("T-c2", "", "running")]
    assert len(_followed(running.owner)) == 3


def test_what_waits_for_whose_it_was_is_not_sent(address: str) -> None:
    """It would tell of another's contract by then; the provider's own people are told, each once."""
    office = Office()
    office.settle(LATE_AT + 1)
    apply(office.provider.pk, office.texts | {"c1.yaml": CONTOSO.encode()}, LATE_AT + 2)
    ada = Message.objects.get(person__name="Ada")
    assert (ada.state, ada.said, ada.ended_at, ada.next_at) == ("suppressed", HANDED_ON, LATE_AT + 2, None)
    assert set(send_all(LATE_AT + MINUTE)) == {"lea@email.example", "dirk@email.example"}
    many = Message.objects.count()
    office.settle(LATE_AT + HOUR)
    assert Message.objects.count() == many


def test_who_applies_is_told_that_what_was_recorded_goes_to_another(running: World) -> None:
    """Also where it was taken out before; nothing is said of what stays, and of what nothing was told of."""

    def told_of(**contracts: str) -> list[tuple[str, str]]:
        tried = would_apply(running.provider.pk, running.files("Northwind", contracts), NOW + MINUTE)
        return [
            (one.code, str(one.place)) for one in tried.applied.findings if one.code == "another-customer"
        ]

    assert told_of(c1="Acme", c2="Contoso", c3="Acme") == []
    warned = [("another-customer", "c1.yaml:1:30")]
    assert told_of(c1="Contoso", c2="Contoso") == warned
    _holds(running, c2="Contoso", c3="Acme")
    assert told_of(c1="Contoso", c2="Contoso", c3="Contoso") == warned
    assert told_of(c1="Acme", c2="Contoso") == []
