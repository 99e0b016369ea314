"""Providers are made with the setup token of the server; who is told is kept by their owners."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests.live.api_desk import NOW, Party, World, problem, told
from tests.live.api_urls import SETUP
from upheld.app.owe import fall_back
from upheld.app.probing import HEARTBEAT, put_target
from upheld.core.timeline.instant import MINUTE, format_instant
from upheld.notify.signing import secret_key
from upheld.server.environment import EnvironmentFaultError, prepare
from upheld.store.models import Message, Person, Provider, Reach
from upheld.store.sealing import unseal

MAIL = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}
OTHER_MAIL = {**MAIL, "address": "lea@home.example"}
HOOK = {"channel": "chat", "way": "webhook", "address": "https://chat.northwind.example/hook"}
OWED: dict[str, Any] = {
    "contract": "c1", "cause": "c", "rule": "r", "stage": "s", "stage_at": NOW, "urgency": "page",
    "audience": "provider", "subject": "", "text": "", "owed_at": NOW, "next_at": NOW,
}  # fmt: skip


def test_the_setup_token_makes_providers_and_nothing_else(world: World) -> None:
    """The owner's token of the answer sets up the rest; a key that there is, or is none, is refused."""
    setup = Party(SETUP)
    made = told(setup.tell("/providers", {"key": "westwind", "name": "Westwind"}), 201)
    assert (made["key"], made["name"]) == ("westwind", "Westwind")
    me = told(Party(made["token"]).get("/me"))
    assert (me["provider"], me["role"], me["customer"]) == ("Westwind", "owner", None)
    problem(setup.tell("/providers", {"key": "westwind", "name": "Another"}), 409, "conflict")
    found = problem(setup.tell("/providers", {"key": "West Wind", "name": "W"}), 422, "invalid")["findings"]
    assert [one["code"] for one in found] == ["bad-value"]
    for path in ("/me", "/facts", "/people"):
        problem(setup.get(path), 403, "forbidden")
    problem(world.owner.tell("/providers", {"key": "new", "name": "New"}), 403, "forbidden")
    problem(Party(SETUP[:-1]).tell("/providers", {"key": "new", "name": "New"}), 401, "unauthenticated")
    assert Provider.objects.count() == 3


def test_a_setup_token_that_could_be_guessed_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short one is none."""
    monkeypatch.setenv("UPHELD_SETUP_TOKEN", "secret")
    with pytest.raises(EnvironmentFaultError, match="UPHELD_SETUP_TOKEN: write a random text"):
        prepare(tmp_path)


def test_somebody_is_told_by_their_ways_in_order(world: World) -> None:
    """Told again it is the same person with other ways; a webhook's secret is shown once and never read."""
    body: dict[str, Any] = {
        "name": "Lea", "roles": ["lead"], "ways": [HOOK, MAIL], "zone": "Europe/Amsterdam",
        "quiet": {"from": "22:00", "until": "07:00"}, "digest": "09:30",
    }  # fmt: skip
    hook, mail = told(world.owner.tell("/people", body))["ways"]
    assert len(secret_key(hook["secret"])) == 32
    assert mail["secret"] is None
    row = Person.objects.get(name="Lea")
    assert (row.quiet_from_s, row.quiet_until_s, row.digest_s) == (22 * 3600, 7 * 3600, 34_200)
    first, second = Reach.objects.filter(person=row).order_by("rank")
    assert json.loads(unseal(first.sealed)) == {"url": HOOK["address"], "secrets": [hook["secret"]]}
    assert unseal(second.sealed) == MAIL["address"]
    assert hook["secret"].encode() not in bytes(first.sealed)
    before = list(Reach.objects.order_by("pk").values())
    again = told(world.owner.tell("/people", body))["ways"]
    assert [one["secret"] for one in again] == [None, None], "as it was told: nothing is another one"
    assert list(Reach.objects.order_by("pk").values()) == before
    kept, moved = told(
        world.owner.tell("/people", body | {"ways": [HOOK, {**HOOK, "address": HOOK["address"] + "/2"}]})
    )["ways"]
    assert (kept["secret"], moved["secret"] is None) == (None, False)
    assert json.loads(unseal(Reach.objects.get(person=row, rank=0).sealed))["secrets"] == [hook["secret"]]
    told(world.owner.tell("/people", {"name": "Lea", "ways": [MAIL]}))
    told(world.owner.tell("/people", {"name": "Ada", "ways": [MAIL], "customer": "Acme"}))
    answer = world.owner.get("/people")
    assert b"northwind.example" not in answer.content
    assert [(one["name"], one["customer"], len(one["ways"])) for one in told(answer)["people"]] == [
        ("Lea", None, 1),
        ("Ada", "Acme", 1),
    ]
    assert told(world.stranger.get("/people")) == {"people": [], "next": None}


@pytest.mark.parametrize("name", ["people", "tokens"])
def test_a_list_is_read_a_page_at_a_time(world: World, name: str) -> None:
    """Each page says where the next one begins, until there is none; nobody is told twice or left out."""
    for one in ("Lea", "Ada", "Bo"):
        told(world.owner.tell("/people", {"name": one, "ways": [MAIL]}))
        token = {"name": one, "role": "integration", "scopes": ["facts:write"], "days": 3}
        told(world.owner.tell("/tokens", token), 201)
    whole = told(world.owner.get(f"/{name}"))
    assert {"Lea", "Ada", "Bo"} <= {one["name"] for one in whole[name]}
    assert whole["next"] is None
    read, after = [], 0
    while after is not None:
        page = told(world.owner.get(f"/{name}?limit=2&after={after}"))
        assert 1 <= len(page[name]) <= 2
        read, after = read + page[name], page["next"]
    assert read == whole[name]


@pytest.mark.parametrize("way", ["service", "slack", "", 3, None, ["mail"]])
def test_a_service_is_named_by_the_operator_alone(world: World, way: object) -> None:
    """Whoever tells one by the API reads where it is set, and why; nothing is kept."""
    body = {"name": "Lea", "ways": [{"channel": "chat", "way": way, "address": "slack://a/b/c"}]}
    (one,) = problem(world.owner.tell("/people", body), 422, "invalid")["findings"]
    assert one["field"] == "ways.0.way"
    assert "`upheld admin person --service`" in one["way_out"]
    assert "secret" in one["way_out"]
    assert not Person.objects.exists()


def test_what_waits_goes_the_new_way(world: World) -> None:
    """Somebody who is given other ways is sent what waits for them: by the same channel, or by the first."""
    told(world.owner.tell("/people", {"name": "Lea", "ways": [HOOK, MAIL]}))
    person = Person.objects.get(name="Lea")
    for number, reach in enumerate(person.reaches.order_by("rank")):
        Message.objects.create(provider=world.provider, key=f"k{number}", person=person, reach=reach, **OWED)
    told(world.owner.tell("/people", {"name": "Lea", "ways": [{**MAIL, "channel": "desk"}, MAIL]}))
    ways = Message.objects.order_by("key").values_list("state", "reach__channel", "reach__person__name")
    assert list(ways) == [("waiting", "desk", "Lea"), ("waiting", "email", "Lea")]


@pytest.mark.parametrize(
    ("given", "goes_to"),
    [
        ([OTHER_MAIL, MAIL, HOOK], ["lea@northwind.example", "lea@home.example", HOOK["address"]]),
        ([HOOK, OTHER_MAIL], ["lea@home.example", "lea@home.example", HOOK["address"]]),
        ([MAIL], ["lea@northwind.example"] * 3),
    ],
    ids=["in another order", "one is gone", "one is left"],
)
def test_what_waits_goes_to_the_address_it_was_for(
    world: World, given: list[dict[str, Any]], goes_to: list[str]
) -> None:
    """Also where two ways are of one channel: the second address of mail is not the first."""
    told(world.owner.tell("/people", {"name": "Lea", "ways": [MAIL, OTHER_MAIL, HOOK]}))
    person = Person.objects.get(name="Lea")
    for number, reach in enumerate(person.reaches.order_by("rank")):
        Message.objects.create(provider=world.provider, key=f"k{number}", person=person, reach=reach, **OWED)
    told(world.owner.tell("/people", {"name": "Lea", "ways": given}))
    ways = [one.reach for one in Message.objects.order_by("key").select_related("reach")]
    assert [
        way and (HOOK["address"] if way.way == "webhook" else unseal(way.sealed)) for way in ways
    ] == goes_to


THREE: list[dict[str, Any]] = [
    {"channel": channel, "way": "mail", "address": f"lea@{channel}.example"}
    for channel in ("email", "sms", "chat")
]


def _owed_by_mail(world: World, state: str = "waiting") -> Message:
    """A page for Lea by the first of her three ways; it goes the next way two minutes later."""
    told(world.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": THREE}))
    first, *later = Reach.objects.order_by("rank")
    return Message.objects.create(
        provider=world.provider, key="k", person=first.person, reach=first, state=state, contract="c1",
        cause="c", rule="r", stage="s", stage_at=NOW, urgency="page", audience="provider", subject="",
        text="", owed_at=NOW, next_at=NOW, spare=[one.pk for one in later], fall_back_at=NOW + 2 * MINUTE,
    )  # fmt: skip


def test_who_is_told_again_as_they_are_keeps_all_that_waits(world: World) -> None:
    """The same ways are the same rows, also with other roles: the page goes by SMS two minutes later."""
    _owed_by_mail(world)
    before = list(Reach.objects.order_by("pk").values()), Message.objects.values().get()
    for roles in (["lead"], ["director"]):
        told(world.owner.tell("/people", {"name": "Lea", "roles": roles, "ways": THREE}))
        assert (list(Reach.objects.order_by("pk").values()), Message.objects.values().get()) == before
    assert Person.objects.get().roles == ["director"]
    assert fall_back(NOW + 2 * MINUTE) == 1
    assert Message.objects.get(rank=1).reach == Reach.objects.get(channel="sms")


def test_what_waits_keeps_a_next_way_when_its_own_is_the_last_one_now(world: World) -> None:
    """None of the others was tried: where mail is not taken in time, the first of them is."""
    _owed_by_mail(world)
    told(world.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": [*THREE[1:], THREE[0]]}))
    assert Message.objects.get().reach == Reach.objects.get(channel="email")
    assert fall_back(NOW + 2 * MINUTE) == 1
    assert Message.objects.get(rank=1).reach == Reach.objects.get(channel="sms")


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_is_owed_goes_on_by_the_ways_that_come_later_now(world: World, state: str) -> None:
    """Lea's SMS is replaced by a pager: her mail goes that way next, and then to the chat."""
    owed = _owed_by_mail(world, state)
    pager = {"channel": "pager", "way": "mail", "address": "lea@pager.example"}
    told(world.owner.tell("/people", {"name": "Lea", "ways": [THREE[0], pager, THREE[2]]}))
    assert fall_back(NOW + 2 * MINUTE) == 1
    assert fall_back(NOW + 4 * MINUTE) == 1
    told_by = Message.objects.order_by("rank").values_list("reach__channel", "state")
    assert list(told_by) == [("email", owed.state), ("pager", "waiting"), ("chat", "waiting")]


def test_a_way_that_rests_is_given_again_by_telling_it_as_it_was(world: World) -> None:
    """What was put to rest is tried again, and what waits goes there."""
    owed = _owed_by_mail(world)
    Reach.objects.filter(channel="email").update(rests="asked for no more")
    told(world.owner.tell("/people", {"name": "Lea", "roles": ["lead"], "ways": THREE}))
    owed.refresh_from_db()
    assert owed.reach is not None
    assert (owed.reach.channel, owed.reach.rests) == ("email", "")


def test_somebody_who_is_removed_is_told_nothing_more(world: World) -> None:
    """By name, and customer: what waits for them has failed, and removing them again changes nothing."""
    told(world.owner.tell("/people", {"name": "Lea", "roles": ["all"], "ways": [MAIL]}))
    told(world.owner.tell("/people", {"name": "Lea", "ways": [MAIL], "customer": "Acme"}))
    person = Person.objects.get(name="Lea", customer=None)
    waiting = Message.objects.create(
        provider=world.provider, key="k", person=person, reach=person.reaches.get(), **OWED
    )
    assert told(world.stranger.ask("DELETE", "/people", query={"name": "Lea"})) == {"removed": False}
    assert told(world.owner.ask("DELETE", "/people", query={"name": "Lea"})) == {"removed": True}
    assert told(world.owner.ask("DELETE", "/people", query={"name": "Lea"})) == {"removed": False}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended_at, waiting.next_at) == ("failed", NOW, None)
    (left,) = told(world.owner.get("/people"))["people"]
    assert left["customer"] == "Acme"
    whose = {"name": "Lea", "customer": "Acme"}
    assert told(world.owner.ask("DELETE", "/people", query=whose)) == {"removed": True}
    problem(world.owner.ask("DELETE", "/people"), 422, "invalid")


@pytest.mark.parametrize(
    ("component", "signal", "code", "way_out"),
    [
        ("apis", "http", "unknown-component", "did you mean `api`? there are `api`"),
        ("router", "http", "unknown-component", "there are `api`"),
        ("api", "tcp", "unknown-signal", "it has `http`"),
    ],
)
def test_a_probe_of_what_nobody_asks_for_is_refused(
    world: World, component: str, signal: str, code: str, way_out: str
) -> None:
    """By the names of the agreements, as what is observed elsewhere is; the names there are are told."""
    body = {"name": "page", "component": component, "signal": signal, "kind": "heartbeat"}
    refused = world.owner.tell("/probes", body | {"settings": {"every": "1h"}})
    (one,) = problem(refused, 422, "invalid")["findings"]
    assert (one["code"], one["way_out"]) == (code, way_out)
    assert told(world.owner.get("/probes")) == {"probes": []}


@pytest.mark.parametrize(
    ("kind", "more", "named"),
    [
        ("heartbeat", {"settings": {"every": "100000000h"}}, "every"),
        ("heartbeat", {"settings": {"every": "1h", "grace": "100000000h"}}, "grace"),
        ("http", {"settings": {"url": "https://example.com/"}, "every": "9999999999999h"}, "every"),
    ],
)
def test_a_probe_of_no_time_that_comes_is_refused(
    world: World, kind: str, more: dict[str, object], named: str
) -> None:
    """It could be kept, and no list of probes was answered any more: there was no such instant."""
    body = {"name": "page", "component": "api", "signal": "http", "kind": kind, **more}
    (one,) = problem(world.owner.tell("/probes", body), 422, "invalid")["findings"]
    assert f"`{named}`" in one["message"]
    assert one["message"].endswith("at most 9600 h")
    assert told(world.owner.get("/probes")) == {"probes": []}


def test_a_beat_where_it_is_known_that_none_came_is_refused(world: World) -> None:
    """What was told of that instant stays: 409, as for any observation that says otherwise."""
    put_target(world.provider.pk, "job", "api", "http", HEARTBEAT, {"every": "1h"}, None, NOW)
    told(world.owner.tell("/observations", [{"at": format_instant(NOW), "component": "api", "ok": False}]))
    found = problem(world.owner.tell("/probes/job/beat", b""), 409, "conflict")["findings"]
    assert [one["code"] for one in found] == ["conflicting-rows"]
    described: Any = told(world.owner.get("/openapi.json"))["paths"]
    (beat,) = (one for path, one in described.items() if path.endswith("/beat"))
    assert "409" in beat["post"]["responses"]


def test_a_beat_of_what_cannot_be_read_is_refused(world: World) -> None:
    """It was sealed by another key, as after a move: it is told what to do, and is no fault of ours."""
    body = {"name": "job", "component": "api", "signal": "http", "kind": "heartbeat"}
    told(world.owner.tell("/probes", body | {"settings": {"every": "1h"}}))
    with override_settings(SECRET_KEY="another " * 8):
        answer = world.owner.tell("/probes/job/beat", b"")
    assert "give it again" in problem(answer, 409, "conflict")["detail"]


def test_a_probe_before_any_agreement_is_refused(world: World) -> None:
    """It says what comes first."""
    made = told(Party(SETUP).tell("/providers", {"key": "westwind", "name": "Westwind"}), 201)
    body = {"name": "page", "component": "api", "signal": "http", "kind": "heartbeat"}
    refused = Party(made["token"]).tell("/probes", body | {"settings": {"every": "1h"}})
    (one,) = problem(refused, 422, "invalid")["findings"]
    assert one["way_out"] == "apply an agreement with a signal that observes it first"


def test_a_probe_that_is_removed_looks_no_more(world: World) -> None:
    """By its name: a beat of it is one that nobody expects, and nothing of another provider goes."""
    put_target(world.provider.pk, "job", "api", "http", HEARTBEAT, {"every": "1h"}, None, NOW)
    assert told(world.stranger.ask("DELETE", "/probes/job")) == {"removed": False}
    assert told(world.owner.ask("DELETE", "/probes/job")) == {"removed": True}
    assert told(world.owner.ask("DELETE", "/probes/job")) == {"removed": False}
    problem(world.owner.tell("/probes/job/beat", b""), 404, "not-found")
    assert told(world.owner.get("/probes")) == {"probes": []}


def test_somebody_who_cannot_be_told_is_refused_with_every_reason(world: World) -> None:
    """Faults of the form have their places; those of what is meant are told together."""
    wrong = {"name": "Lea", "ways": [{**MAIL, "address": "nobody"}, {**HOOK, "address": "ftp://x"}]}
    answer = world.owner.tell("/people", wrong | {"zone": "Mars", "customer": "Globex"})
    told_ = [one["message"] for one in problem(answer, 422, "invalid")["findings"]]
    begins = ("there is no zone Mars", "nobody: ", "ftp://x: ", "there is no customer Globex")
    assert len(told_) == 4
    assert all(one.startswith(begin) for one, begin in zip(told_, begins, strict=True))
    body = {"name": "", "ways": [], "quiet": {"from": "25:00", "until": "07:00"}, "rank": 1}
    found = problem(world.owner.tell("/people", body), 422, "invalid")["findings"]
    assert {one["field"] for one in found} == {"name", "ways", "quiet.from", "rank"}
    assert not Person.objects.exists()
