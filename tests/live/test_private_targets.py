"""Private addresses: the operator of a server marks who may go there, and no mark is another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.live.api_desk import NOW, Party, World, problem, random_bytes, told
from tests.live.test_prober import NOW as MONDAY
from tests.live.test_prober import Home
from upheld.app.endpoints import Wanted, make_endpoint
from upheld.app.people import Way, put_person
from upheld.app.probing import put_target, take_looks
from upheld.app.send import take
from upheld.app.tokens import bearer
from upheld.core.timeline.instant import DAY, MINUTE
from upheld.net.marks import EVERYBODY, NOBODY, Marks
from upheld.server.doctor import _settings, _targets
from upheld.server.public import private_targets
from upheld.store.models import Endpoint, Message, Person, ProbeTarget, Provider

NORTHWIND = Marks(frozenset({"northwind"}))
INSIDE = "http://10.0.0.5:3000/hook"


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("", NOBODY),
        ("no", NOBODY),
        ("yes", EVERYBODY),
        ("northwind", NORTHWIND),
        ("northwind, contoso", Marks(frozenset({"northwind", "contoso"}))),
        ("@server", Marks(server=True)),
        ("northwind,@server", Marks(frozenset({"northwind"}), server=True)),
    ],
)
def test_marks_are_keys_of_providers(said: str, marks: Marks) -> None:
    """Or the server itself, or everybody, or nobody."""
    assert private_targets({"UPHELD_PRIVATE_TARGETS": said}) == marks
    assert marks.of_server == (said == "yes" or "@server" in said)


@pytest.mark.parametrize("said", ["Yes", "northwind,", "10.0.0.0/8", "@all", "yes,northwind x"])
def test_what_is_no_key_is_refused_at_the_start(said: str) -> None:
    """A word that means nothing here is not taken for a mark; the message says what to write."""
    with pytest.raises(ValueError, match="write the keys of those"):
        private_targets({"UPHELD_PRIVATE_TARGETS": said})


def _tries(party: Party, component: str = "api") -> list[int]:
    """A look, a webhook of somebody and an endpoint inside of a private network: what each is answered."""
    probe = {"name": "page", "component": component, "signal": "http", "kind": "http", "every": "1m"}
    person = {"name": "Zoe", "ways": [{"channel": "chat", "way": "webhook", "address": INSIDE}]}
    return [
        party.tell("/probes", probe | {"settings": {"url": INSIDE}}).status_code,
        party.tell("/people", person).status_code,
        party.tell("/endpoints", {"url": INSIDE}).status_code,
    ]


def test_a_mark_of_one_provider_does_nothing_for_another(world: World) -> None:
    """Nor for a customer of the one that is marked: what customers say goes to public addresses."""
    admin = Party(world.token(world.provider, "customer admin", "Acme"))
    with override_settings(PRIVATE_TARGETS=NORTHWIND):
        assert _tries(world.owner) == [200, 200, 201]
        assert _tries(world.stranger) == [422, 422, 422]
        (one,) = problem(admin.tell("/endpoints", {"url": INSIDE}), 422, "invalid")["findings"]
        assert "UPHELD_PRIVATE_TARGETS" in one["way_out"]
    with override_settings(PRIVATE_TARGETS=NOBODY):
        assert _tries(world.owner) == [422, 422, 422]
    with override_settings(PRIVATE_TARGETS=EVERYBODY):
        assert _tries(world.stranger) == [200, 200, 201]
        told(admin.tell("/endpoints", {"url": INSIDE}), 201)


def _owed(provider: Provider, customer: str | None, world: World) -> None:
    """An event for a party, with an endpoint inside of a private network."""
    role = "owner" if customer is None else "customer admin"
    who = bearer(world.token(provider, role, customer), NOW)
    assert who is not None
    made = make_endpoint(who, Wanted(INSIDE), NOW, random_bytes).endpoint
    Endpoint.objects.filter(pk=made.pk).update(state="live")
    Message.objects.filter(endpoint=made).delete()
    _message(provider, f"{made.pk:064x}", endpoint=made, text="{}")


def _message(provider: Provider, key: str, **more: Any) -> None:
    """A message that is to be sent now."""
    about = {"contract": "c", "cause": "c", "rule": "verdict.met", "stage": "s", "audience": "provider"}
    times = dict.fromkeys(("stage_at", "owed_at", "next_at", "alone_at"), NOW)
    Message.objects.create(provider=provider, key=key, urgency="page", subject="", **about, **times, **more)


def test_what_was_told_before_goes_by_the_marks_of_now(world: World) -> None:
    """Each look, event and webhook is marked as its provider is when it is taken, and no other one is."""
    with override_settings(PRIVATE_TARGETS=EVERYBODY):
        for provider in (world.provider, world.other):
            put_target(provider.pk, "page", "api", "http", "http", {"url": INSIDE}, MINUTE, NOW)
            put_person(provider.pk, "Zoe", ["lead"], [Way("chat", "webhook", INSIDE, "whsec_eA==")])
            reach = Person.objects.get(provider=provider).reaches.get()
            _message(provider, "a" * 64, person=reach.person, reach=reach, text="")
            _owed(provider, None, world)
        _owed(world.provider, "Acme", world)
    with override_settings(PRIVATE_TARGETS=NORTHWIND):
        own = world.provider.pk
        looks = {one.provider_id: one.is_marked for one in take_looks(NOW + DAY, 10)}
        assert looks == {own: True, world.other.pk: False}
        hooks = {one.provider_id: one.is_marked for one in take("webhook", NOW + DAY)}
        assert hooks == looks
        customers = dict(Endpoint.objects.values_list("pk", "customer__name"))
        taken = take("event", NOW + DAY)
        events = {(one.provider_id, customers[one.endpoint_id or 0], one.is_marked) for one in taken}
        assert events == {(own, None, True), (own, "Acme", False), (world.other.pk, None, False)}


def test_a_look_goes_where_its_provider_may(address: str, tmp_path: Path) -> None:
    """The prober asks the guard for the mark of each look: that of somebody else opens nothing."""
    home = Home(tmp_path, {"up": 80})
    home.marks = Marks(frozenset({"otherwind"}))
    home.round(MONDAY + MINUTE)
    assert "an address of it is loopback" in ProbeTarget.objects.get().said
    home.marks = NORTHWIND
    ProbeTarget.objects.update(next_at=MONDAY + 2 * MINUTE)
    home.round(MONDAY + 2 * MINUTE)
    assert ProbeTarget.objects.get().said == ""


def test_doctor_tells_of_marks_that_say_too_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's, and one of a key that no provider has: who gets it later would be marked."""
    found = []
    for said in ("yes", "northwind", "northwind,no-such"):
        monkeypatch.setenv("UPHELD_PRIVATE_TARGETS", said)
        found.append([one.told for one in (*_settings(), *_targets(NOW)) if one.name == "targets"])
    assert found == [
        ["probes and webhooks of every provider, and of its customers, may go to private addresses"],
        [],
        ["no-such may go to private addresses, and no provider has this key"],
    ]
