"""Webhooks out: what changes is sent to whoever it concerns, signed, once or known to be more, and no longer
than it is wanted."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings

from tests.live.api_desk import NOW, Party, World, event, problem, told
from tests.live.api_urls import CLOCK
from tests.live.receiver import Answer, Heard, Receiver
from tests.live.test_worker import at_work, channels_to
from upheld.app.endpoints import CHALLENGED_US, MOST
from upheld.app.faring import Address, sealed
from upheld.app.line import due_by
from upheld.app.pass_on import _behind, is_behind, pass_on
from upheld.app.send import next_send, recover, sent, take
from upheld.client.asked import Asked
from upheld.client.operations import Operations
from upheld.client.records import MadeEndpoint
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Instant
from upheld.net.marks import EVERYBODY, NOBODY
from upheld.notify.message import Delivery
from upheld.notify.pace import AT_ONCE, MOST_FAILED
from upheld.notify.repeating import DRAWN_FROM
from upheld.server.worker import Worker
from upheld.store.models import Attempt, Customer, Endpoint, Message

pytestmark = pytest.mark.slow

MAIL = {"channel": "email", "way": "mail", "address": "lea@northwind.example"}


class Asking(Operations):
    """The client of the API, at the door of the API."""

    def __init__(self, party: Party) -> None:
        self.party = party

    def _ask(self, asked: Asked) -> Any:
        query = {name: one for name, one in asked.query.items() if one is not None}
        answer = self.party.ask(
            asked.method, asked.path, b"" if asked.body is None else asked.body, query=query, key=asked.key
        )
        assert 200 <= answer.status_code < 300, answer.content
        return json.loads(answer.content)


class Desk:
    """Northwind, Acme and Contoso with a receiver, and the worker whose rounds are made here."""

    def __init__(self, world: World, receiver: Receiver) -> None:
        self.world, self.receiver = world, receiver
        self.owner = Asking(world.owner)
        self.acme = Asking(Party(world.token(world.provider, "customer admin", "Acme")))
        self.contoso = Asking(Party(world.token(world.provider, "customer admin", "Contoso")))
        self.stranger = Asking(world.stranger)
        self.worker = Worker(CLOCK, channels_to(9))
        self._tickets = 0

    def open(self, contract: str = "c1", count: int = 1) -> None:
        """Tickets are opened, and so their clocks begin to run."""
        names = [f"T-{self._tickets + number + 1}" for number in range(count)]
        self._tickets += count
        facts = [event(f"f-{name}", name, contract=contract) for name in names]
        told(self.world.owner.tell("/facts:batch", facts, "application/cloudevents-batch+json"))

    def settle(self, at: Instant | None = None) -> None:
        """Sends everything that goes out by now, or by an instant."""
        CLOCK.at = CLOCK.at if at is None else at
        while self.worker.round():
            pass

    def pass_time(self, until: Instant) -> None:
        """Goes from one attempt to the next."""
        self.settle()
        while (due := next_send()) is not None and due <= until:
            self.settle(max(due, CLOCK.at))
        self.settle(until)

    def listen(self, party: Asking, path: str, **more: Any) -> MadeEndpoint:
        """A party has events sent to a path; a challenge is answered."""
        made = party.make_endpoint({"url": self.receiver.url(path), **more})
        self.settle()
        self.receiver.heard.clear()
        return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes webhooks."""
    with Receiver().listening() as found:
        yield found


@pytest.fixture
def desk(world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The parties, with a receiver for all of them; waits are as long as they are said to be."""
    monkeypatch.setattr("upheld.server.sending.draw", lambda: DRAWN_FROM // 2)
    with override_settings(PRIVATE_TARGETS=EVERYBODY):  # its receiver is on this machine
        yield Desk(world, receiver)


def never_the_first(heard: Heard) -> Answer:
    """Takes everything but that the first ticket runs."""
    data = heard.told["data"]
    return Answer(500 if (data.get("subject"), data.get("after")) == ("T-1", "running") else 204)


def test_each_party_is_sent_what_it_would_follow(desk: Desk) -> None:
    """The same changes, in the same words and under the same numbers, as whoever follows them reads."""
    parties = {"/n": desk.owner, "/a": desk.acme, "/c": desk.contoso, "/o": desk.stranger}
    made = {path: desk.listen(party, path) for path, party in parties.items()}
    desk.open("c1")
    desk.open("c2")
    desk.settle()
    for path, party in parties.items():
        heard = desk.receiver.at(path)
        assert [one.told["data"] for one in heard] == party.read_changes()["changes"]
        assert all(one.is_signed_by(made[path]["secret"]) for one in heard)
        assert {one.told["type"] for one in heard} <= {"verdict.running"}
    assert [len(desk.receiver.at(path)) for path in parties] == [2, 1, 1, 0]
    (one,) = desk.receiver.at("/a")
    assert (one.told["data"]["contract"], one.told["timestamp"]) == ("c1", "2026-06-05T16:30:00Z")
    assert not is_behind(CLOCK.at)
    assert next_send() is None


def test_only_what_changes_from_now_on_and_of_the_kinds_that_are_wanted(desk: Desk) -> None:
    """What changed before is read, not sent; a breach is sent where breaches are wanted, a start is not."""
    desk.open()
    desk.listen(desk.owner, "/late", kinds=["verdict.missed", "verdict.breached"])
    desk.open()
    desk.settle(NOW + 4 * DAY)
    heard = desk.receiver.at("/late")
    assert {one.told["type"] for one in heard} == {"verdict.breached"}
    assert [one.told["data"]["subject"] for one in heard] == ["T-1", "T-2"]


def test_a_customer_is_asked_for_a_proof_first(desk: Desk) -> None:
    """Until the challenge is answered by its text nothing else is sent there; then what changes from then."""
    answers = [Answer(200, b"ok"), Answer(200, b'{"challenge": "x"}'), Answer(404)]
    desk.receiver.answers = lambda heard: answers[min(len(desk.receiver.heard) - 1, 2)]
    made = desk.acme.make_endpoint({"url": desk.receiver.url("/a")})
    assert made["state"] == "unproven"
    desk.open()
    desk.pass_time(NOW + HOUR)
    assert {one.told["type"] for one in desk.receiver.heard} == {"endpoint.challenge"}
    assert len({one.id for one in desk.receiver.heard}) == 1
    assert desk.receiver.heard[0].is_signed_by(made["secret"])

    def proves(heard: Heard) -> Answer:
        return Answer(200, json.dumps({"challenge": heard.told["data"].get("challenge")}).encode())

    desk.receiver.answers = proves
    desk.receiver.heard.clear()
    desk.pass_time(NOW + 4 * HOUR)
    assert desk.acme.read_endpoint(made["endpoint"])["state"] == "live"
    assert [one.told["type"] for one in desk.receiver.heard] == ["endpoint.challenge"]
    desk.open()
    desk.settle()
    assert desk.receiver.heard[-1].told["data"]["subject"] == "T-2"


def test_an_event_that_is_not_taken_comes_again_under_its_id(desk: Desk) -> None:
    """Refused, redirected, cut off and taken: each attempt is known, and which of them nobody can know."""
    answers = [Answer(500, b"oops"), Answer(302, b"", (("Location", "/elsewhere"),)), Answer(hangs=True)]
    made = desk.listen(desk.owner, "/n")
    desk.receiver.answers = lambda heard: [*answers, Answer()][len(desk.receiver.heard) - 1]
    desk.open()
    desk.pass_time(NOW + DAY)
    assert {one.path for one in desk.receiver.heard} == {"/n"}
    assert len({(one.id, one.body) for one in desk.receiver.heard}) == 1
    repeats = [one.headers.get("upheld-possible-repeat") for one in desk.receiver.heard]
    assert repeats == [None, None, None, "yes"]
    (delivery,) = desk.owner.read_deliveries(made["endpoint"])["deliveries"]
    assert (delivery["id"], delivery["state"]) == (desk.receiver.heard[0].id, "accepted")
    assert [(one["state"], one["status"]) for one in delivery["attempts"]] == [
        ("failed", 500), ("failed", 302), ("unknown", None), ("accepted", 204)
    ]  # fmt: skip
    assert "oops" not in json.dumps(delivery), "whoever gave a URL does not read what stands there"
    found = desk.owner.read_endpoint(made["endpoint"])
    assert (found["failed"], found["failing_since"]) == (0, None)


@pytest.mark.slow
def test_who_asks_for_no_more_gets_no_more_and_its_people_are_told(desk: Desk) -> None:
    """By 410: what waits is not sent, and who has the role reads why, in their language."""
    for name, language, roles in (("Lea", "en", ["hooks"]), ("Jan", "nl", ["hooks"]), ("Kim", "en", [])):
        told(
            desk.world.owner.tell(
                "/people", {"name": name, "roles": roles, "language": language, "ways": [MAIL]}
            )
        )
    made = desk.listen(desk.owner, "/n?key=s3cret", tell="hooks", description="the desk")
    desk.receiver.answers = lambda heard: Answer(410)
    desk.open(count=AT_ONCE + 3)
    desk.settle()
    found = desk.owner.read_endpoint(made["endpoint"])
    assert (found["state"], found["said"]) == ("disabled", "the receiver asked for no more, by 410")
    assert len(desk.receiver.heard) == AT_ONCE, "those under way are known, and the others were never sent"
    assert Attempt.objects.filter(message__endpoint=made["endpoint"], code=410).count() == AT_ONCE
    texts = {row.person.name: row.text for row in Message.objects.filter(endpoint=None) if row.person}
    assert set(texts) == {"Lea", "Jan"}
    assert f"endpoint {made['endpoint']} at {desk.receiver.origin} (the desk)" in texts["Lea"]
    assert "vroeg met 410 om niets meer" in texts["Jan"]
    assert "s3cret" not in "".join(texts.values())
    desk.open()
    desk.pass_time(CLOCK.at + HOUR)
    assert len(desk.receiver.heard) == AT_ONCE


@pytest.mark.slow
@pytest.mark.parametrize("busy", [True, False])
def test_who_takes_nothing_for_three_days_is_sent_nothing_more(desk: Desk, busy: bool) -> None:
    """Be there one event or many: it rests ever longer, and after three days somebody is told."""
    told(desk.world.owner.tell("/people", {"name": "Ada", "ways": [MAIL], "customer": "Acme"}))
    made = desk.listen(desk.acme, "/a")
    desk.receiver.answers = lambda heard: Answer(500)
    desk.open()
    for hours in range(6, 85, 6):
        if busy:
            desk.open()
        desk.pass_time(NOW + hours * HOUR)
    found = desk.acme.read_endpoint(made["endpoint"])
    assert (found["state"], found["said"]) == ("disabled", "nothing was accepted for three days")
    assert not Message.objects.filter(endpoint__isnull=False, state__in=("waiting", "sending")).exists()
    message = Message.objects.get(endpoint=None, person__name="Ada")
    assert "nothing was accepted for three days" in message.text
    assert 8 <= len(desk.receiver.at("/a")) <= 200


@pytest.mark.slow
def test_one_event_that_is_never_taken_disables_nobody(desk: Desk) -> None:
    """As long as others are taken: it fails alone, and the endpoint goes on."""
    made = desk.listen(desk.owner, "/n")
    desk.receiver.answers = never_the_first
    for hours in range(0, 96, 8):
        desk.open()
        desk.pass_time(NOW + hours * HOUR)
    assert desk.owner.read_endpoint(made["endpoint"])["state"] == "live"
    states = {
        one["change"]: one["state"] for one in desk.owner.read_deliveries(made["endpoint"])["deliveries"]
    }
    assert sorted(states.values()).count("failed") == 1
    assert set(states.values()) == {"failed", "accepted"}


def test_an_endpoint_that_hangs_holds_up_no_other(desk: Desk) -> None:
    """A few requests to it are under way, then one at a time; another gets all of its own meanwhile."""
    slow, quick = desk.listen(desk.owner, "/slow"), desk.listen(desk.owner, "/quick")
    desk.open(count=20)
    pass_on(CLOCK.at)
    first = [*take("event", CLOCK.at, 8), *take("event", CLOCK.at, 8), *take("event", CLOCK.at, 8)]
    counts = {made["endpoint"]: 0 for made in (slow, quick)}
    for one in first:
        counts[str(one.endpoint_id)] += 1
    assert counts == {slow["endpoint"]: AT_ONCE, quick["endpoint"]: AT_ONCE}
    of_slow = [one for one in first if str(one.endpoint_id) == slow["endpoint"]]
    for one in of_slow:
        assert sent(one, Delivery("unknown", CLOCK.at, "timeout"), CLOCK.at, lambda: 0)
    assert take("event", CLOCK.at, 8) == []
    for one in first:
        if one not in of_slow:
            assert sent(one, Delivery("accepted", CLOCK.at, "204", 204), CLOCK.at, lambda: 0)
    more = take("event", CLOCK.at, 8)
    assert {str(one.endpoint_id) for one in more} == {quick["endpoint"]}
    later = take("event", CLOCK.at + MINUTE, 8)
    assert len(later) == 1, "one tries whether it is there again"


def test_what_an_endpoint_does_not_take_waits_where_it_was_told(desk: Desk) -> None:
    """While it rests no messages are written for it; when it is there again it gets all, each once."""
    made = desk.listen(desk.owner, "/n")
    desk.receiver.answers = lambda heard: Answer(503)
    desk.open(count=MOST_FAILED)
    desk.settle()
    desk.open(count=12)
    desk.settle()
    assert Message.objects.filter(endpoint=made["endpoint"]).count() == MOST_FAILED
    desk.receiver.answers = lambda heard: Answer()
    desk.receiver.heard.clear()
    desk.pass_time(NOW + DAY)
    numbers = [one.told["data"]["number"] for one in desk.receiver.heard]
    assert len(numbers) == len(set(numbers))
    assert sorted(numbers) == [one["number"] for one in desk.owner.read_changes(limit=1000)["changes"]
                               if one["after"] in ("running", "breached")]  # fmt: skip


@pytest.mark.slow
def test_what_waits_comes_when_an_endpoint_is_there_again(desk: Desk) -> None:
    """Not hours later, when each event would be tried next: the first one that is taken says so."""
    desk.listen(desk.owner, "/n", kinds=["verdict.running"])
    desk.receiver.answers = lambda heard: Answer(503)
    desk.open(count=MOST_FAILED)
    desk.pass_time(NOW + 3 * HOUR)
    assert next_send() is not None
    assert next_send() > NOW + 4 * HOUR  # type: ignore[operator]
    desk.receiver.answers = lambda heard: Answer()
    desk.receiver.heard.clear()
    desk.open()
    desk.settle(CLOCK.at + HOUR // 4)
    first, *rest = (one.told["data"]["subject"] for one in desk.receiver.heard)
    assert (first, sorted(rest)) == ("T-4", ["T-1", "T-2", "T-3"])
    assert next_send() is None


def test_a_pause_that_is_asked_for_is_kept(desk: Desk) -> None:
    """By Retry-After: neither the event nor another one comes sooner."""
    desk.listen(desk.owner, "/n")
    desk.receiver.answers = lambda heard: Answer(429, b"", (("Retry-After", "600"),))
    desk.open()
    desk.settle()
    desk.receiver.answers = lambda heard: Answer()
    desk.open()
    desk.pass_time(NOW + 599 * SECOND)
    assert len(desk.receiver.heard) == 1
    desk.pass_time(NOW + HOUR)
    assert len(desk.receiver.heard) == 3


def test_two_secrets_sign_for_a_day(desk: Desk) -> None:
    """So a receiver can take up the new one without losing anything; then the old one signs no more."""
    made = desk.listen(desk.owner, "/n")
    turned = desk.owner.turn_secret(made["endpoint"])
    assert turned["old_secret_until"] == "2026-06-06T16:30:00Z"
    desk.open()
    desk.settle()
    desk.open()
    desk.settle(NOW + DAY)
    first, *_, last = desk.receiver.heard
    assert [first.is_signed_by(one["secret"]) for one in (made, turned)] == [True, True]
    assert [last.is_signed_by(one["secret"]) for one in (made, turned)] == [False, True]
    thrice = [desk.owner.turn_secret(made["endpoint"])["secret"] for _ in range(2)]
    desk.owner.try_endpoint(made["endpoint"])
    desk.settle()
    signed = [desk.receiver.heard[-1].is_signed_by(one) for one in (turned["secret"], *thrice)]
    assert signed == [False, True, True]


def test_another_url_is_another_receiver(desk: Desk) -> None:
    """What was owed is not sent to it; that of a customer is proven anew, whatever the old one answers."""
    made = desk.listen(desk.acme, "/a")
    desk.open()
    pass_on(CLOCK.at)
    (under_way,) = take("event", CLOCK.at)
    CLOCK.at += CHALLENGED_US
    changed = desk.acme.change_endpoint(made["endpoint"], {"url": desk.receiver.url("/b")})
    assert changed["state"] == "unproven"
    assert not sent(under_way, Delivery("accepted", CLOCK.at, "204", 204), CLOCK.at, lambda: 0)
    (challenge,) = take("event", CLOCK.at)
    CLOCK.at += CHALLENGED_US
    desk.acme.change_endpoint(made["endpoint"], {"url": desk.receiver.url("/c")})
    assert not sent(challenge, Delivery("accepted", CLOCK.at, "200", 200), CLOCK.at, lambda: 0)
    assert desk.acme.read_endpoint(made["endpoint"])["state"] == "unproven"
    assert Attempt.objects.filter(state="unknown", message__state="failed").count() == 2
    desk.settle()
    assert [one.path for one in desk.receiver.heard] == ["/c"]
    assert desk.acme.read_endpoint(made["endpoint"])["state"] == "live"
    desk.acme.change_endpoint(
        made["endpoint"], {"description": "x", "tell": "desk", "kinds": ["verdict.met"]}
    )
    found = desk.acme.read_endpoint(made["endpoint"])
    assert (found["state"], found["description"], found["tell"]) == ("live", "x", "desk")
    assert found["kinds"] == ["verdict.met"]


def test_an_answer_of_another_url_proves_nothing(desk: Desk) -> None:
    """Nor when the URL was changed while nothing was sent there, as long as an old answer is awaited."""
    made = desk.acme.make_endpoint({"url": desk.receiver.url("/mine")})
    (challenge,) = take("event", CLOCK.at)
    desk.acme.change_endpoint(made["endpoint"], {"enabled": False})
    desk.acme.change_endpoint(made["endpoint"], {"url": desk.receiver.url("/yours")})
    CLOCK.at += CHALLENGED_US
    assert desk.acme.change_endpoint(made["endpoint"], {"enabled": True})["state"] == "unproven"
    assert not sent(challenge, Delivery("accepted", CLOCK.at, "200", 200), CLOCK.at, lambda: 0)
    assert desk.acme.read_endpoint(made["endpoint"])["state"] == "unproven"
    assert desk.acme.read_deliveries(made["endpoint"])["deliveries"][-1]["attempts"][0]["state"] == "unknown"


def test_who_is_switched_off_and_on_is_told_from_then_on(desk: Desk) -> None:
    """Nothing of what happened in between; and a customer that was proven is proven."""
    made = desk.listen(desk.acme, "/a")
    desk.open()
    pass_on(CLOCK.at)
    assert desk.acme.change_endpoint(made["endpoint"], {"enabled": False})["state"] == "off"
    desk.open()
    desk.settle()
    problem(desk.acme.party.tell(f"/endpoints/{made['endpoint']}/test", b""), 409, "conflict")
    assert desk.acme.change_endpoint(made["endpoint"], {"enabled": True})["state"] == "live"
    desk.open()
    desk.settle()
    assert [one.told["data"]["subject"] for one in desk.receiver.heard] == ["T-3"]


def test_a_test_event_says_that_it_is_one(desk: Desk) -> None:
    """It is signed as any other; to whoever is not proven the challenge goes again."""
    made = desk.listen(desk.owner, "/n")
    owed = desk.owner.try_endpoint(made["endpoint"])
    desk.settle()
    (heard,) = desk.receiver.heard
    assert (heard.told["type"], heard.told["data"]) == ("endpoint.test", {"endpoint": made["endpoint"]})
    assert (heard.id, heard.is_signed_by(made["secret"])) == (owed["id"], True)
    desk.receiver.answers = lambda heard: Answer(500)
    of_acme = desk.listen(desk.acme, "/a")
    CLOCK.at += CHALLENGED_US
    again = desk.acme.try_endpoint(of_acme["endpoint"])
    desk.settle()
    assert [(one.id, one.told["type"]) for one in desk.receiver.heard] == [
        (again["id"], "endpoint.challenge")
    ]


@pytest.mark.slow
def test_what_was_sent_is_sent_again_when_it_is_asked_for(desk: Desk) -> None:
    """Under the same id, with attempts of its own: after three days that failed, too."""
    made = desk.listen(desk.owner, "/n")
    desk.receiver.answers = never_the_first
    desk.open()
    for hours in range(0, 80, 8):
        desk.owner.try_endpoint(made["endpoint"])
        desk.pass_time(NOW + hours * HOUR)
    whole = desk.owner.read_deliveries(made["endpoint"])
    found = whole["deliveries"]
    assert whole["next"] is None
    first = desk.owner.read_deliveries(made["endpoint"], limit=1)
    assert first["next"] is not None
    older = desk.owner.read_deliveries(made["endpoint"], after=first["next"])
    assert first["deliveries"] + older["deliveries"] == found
    lost = next(one for one in found if one["change"] is not None and one["state"] == "failed")
    tried = len(lost["attempts"])
    again = desk.owner.send_again(made["endpoint"], lost["id"])
    assert (again["state"], len(again["attempts"])) == ("waiting", tried)
    desk.settle()
    desk.receiver.answers = lambda heard: Answer()
    desk.pass_time(CLOCK.at + MINUTE)
    found = desk.owner.read_deliveries(made["endpoint"], limit=1000)["deliveries"]
    (now,) = (one for one in found if one["id"] == lost["id"])
    assert (now["state"], len(now["attempts"])) == ("accepted", tried + 2)
    assert desk.receiver.heard[-1].id == lost["id"]
    desk.owner.send_again(made["endpoint"], lost["id"])
    desk.settle()
    assert desk.receiver.heard[-1].id == lost["id"]
    Message.objects.filter(key=lost["id"][4:]).update(text="")
    refused = desk.owner.party.tell(f"/endpoints/{made['endpoint']}/deliveries/{lost['id']}/again", b"")
    assert "kept no more" in problem(refused, 409, "conflict")["detail"]


def test_a_challenge_is_never_sent_again_on_its_own(desk: Desk) -> None:
    """To another URL than it was for, say: it is not found among what can be."""
    made = desk.listen(desk.acme, "/a")
    (challenge,) = desk.acme.read_deliveries(made["endpoint"])["deliveries"]
    where = f"/endpoints/{made['endpoint']}/deliveries/{challenge['id']}/again"
    problem(desk.acme.party.tell(where, b""), 404, "not-found")
    desk.settle()
    assert desk.receiver.heard == []


def test_nothing_goes_to_this_network_unless_the_operator_says_so(desk: Desk) -> None:
    """A name of a private address is refused before anything is sent; the party reads it at the endpoint."""
    desk.worker = Worker(CLOCK, channels_to(9))  # there every name is that of this machine
    for party, state in ((desk.owner, "live"), (desk.acme, "unproven")):
        with override_settings(PRIVATE_TARGETS=NOBODY):
            made = party.make_endpoint({"url": "http://here.example/hook"})["endpoint"]
            party.try_endpoint(made) if party is desk.owner else None
            desk.settle()
        (delivery,) = party.read_deliveries(made)["deliveries"]
        assert delivery["state"] == "failed"
        assert delivery["attempts"][0]["state"] == "refused"
        found = party.read_endpoint(made)
        assert (found["state"], found["said"]) == (state, delivery["attempts"][0]["said"])
        assert "here.example may not be reached: an address of it is loopback" in found["said"]
        assert party.change_endpoint(made, {"enabled": False})["said"] == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/s3cret", "loopback"), ("http://[::1]/s3cret", "loopback"),
        ("https://10.1.2.3/s3cret", "a private network"), ("http://169.254.169.254/s3cret", "link-local"),
        ("http://[::ffff:10.0.0.1]/s3cret", "a private network"), ("https://x.example:25/s3cret", "port 25"),
    ],
)  # fmt: skip
def test_an_address_of_this_network_is_refused_when_it_is_told(desk: Desk, url: str, why: str) -> None:
    """As an endpoint and as somebody's webhook, with the way out; the operator may allow private ones."""
    made = desk.acme.make_endpoint({"url": "https://x.example/hook"})
    person = {"name": "Lea", "ways": [{"channel": "chat", "way": "webhook", "address": url}]}

    def asked() -> list[HttpResponse]:
        return [
            desk.acme.party.tell("/endpoints", {"url": url}),
            desk.acme.party.ask("PATCH", f"/endpoints/{made['endpoint']}", {"url": url}),
            desk.owner.party.tell("/people", person),
        ]

    with override_settings(PRIVATE_TARGETS=NOBODY):
        for answer in asked():
            (one,) = problem(answer, 422, "invalid")["findings"]
            assert why in one["message"]
            assert "UPHELD_PRIVATE_TARGETS" in one["way_out"]
    for answer in asked():
        assert (answer.status_code == 422) == ("169.254" in url)


def test_what_a_receiver_answers_is_said_by_its_status_alone(desk: Desk) -> None:
    """At the endpoint, until it takes something; an answer that proves nothing is said to be one."""
    made = desk.listen(desk.owner, "/n")["endpoint"]
    desk.receiver.answers = lambda _: Answer(500)
    desk.owner.try_endpoint(made)
    desk.settle()
    assert desk.owner.read_endpoint(made)["said"] == "it was answered by 500"
    desk.receiver.answers = lambda _: Answer(200)
    desk.owner.try_endpoint(made)
    desk.settle()
    assert desk.owner.read_endpoint(made)["said"] == ""
    asked = desk.acme.make_endpoint({"url": desk.receiver.url("/a")})["endpoint"]
    desk.settle()
    found = desk.acme.read_endpoint(asked)
    assert (found["state"], found["said"]) == ("unproven", "the answer is not the text of the challenge")


def test_a_secret_is_in_no_answer_no_log_and_no_row(
    desk: Desk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shown once where it is made; the path of a URL, which may be one, never."""
    caplog.set_level(logging.DEBUG)
    made = desk.listen(desk.acme, "/hook/s3cret?t=s3cret")
    turned = desk.acme.turn_secret(made["endpoint"])
    desk.receiver.answers = lambda heard: Answer(500, heard.path.encode())
    desk.open()
    desk.pass_time(NOW + HOUR)
    secrets = (made["secret"], turned["secret"], "s3cret")
    where = f"/endpoints/{made['endpoint']}"
    answers = [
        desk.acme.party.get(path).content.decode() for path in (where, "/endpoints", f"{where}/deliveries")
    ]
    answers.append(desk.acme.party.ask("PATCH", where, {"url": "https://s3cret:s3cret@x"}).content.decode())
    rows = [
        json.dumps(row, default=lambda one: bytes(one).decode("latin-1"))
        for model in (Endpoint, Message)
        for row in model.objects.values()
    ]
    logs = caplog.text + "".join(capsys.readouterr())
    assert "state=failed" in logs
    for secret in secrets:
        assert not any(secret in text for text in (*answers, *rows, logs))


def test_what_is_foreign_is_what_is_not_there(desk: Desk) -> None:
    """Beyond either wall, and for numbers that are none: the same bytes, and nothing is changed."""
    made = desk.listen(desk.acme, "/a")
    desk.open()
    desk.settle()
    (delivery, _) = desk.acme.read_deliveries(made["endpoint"])["deliveries"]
    before = list(Endpoint.objects.values())
    for party in (desk.contoso, desk.owner, desk.stranger):
        assert party.read_endpoints() == {"endpoints": []}
        answers = set()
        for number in (made["endpoint"], "999999", "x", "9" * 30):
            where = f"/endpoints/{number}"
            for method, path, body in (
                ("GET", where, b""), ("DELETE", where, b""), ("PATCH", where, {"enabled": False}),
                ("POST", f"{where}/secret", b""), ("POST", f"{where}/test", b""),
                ("GET", f"{where}/deliveries", b""),
                ("POST", f"{where}/deliveries/{delivery['id']}/again", b""),
            ):  # fmt: skip
                answer = party.party.ask(method, path, body)
                problem(answer, 404, "not-found")
                answers.add(answer.content)
        assert len(answers) == 1
    assert list(Endpoint.objects.values()) == before


def test_an_endpoint_of_another_is_none_for_a_delivery(desk: Desk) -> None:
    """An event is sent again by the endpoint that it is for, and by no other of the same party."""
    one, other = desk.listen(desk.owner, "/n"), desk.listen(desk.owner, "/m")
    owed = desk.owner.try_endpoint(one["endpoint"])
    where = f"/endpoints/{other['endpoint']}/deliveries/{owed['id']}/again"
    problem(desk.owner.party.tell(where, b""), 404, "not-found")
    desk.settle()
    assert [one.path for one in desk.receiver.heard] == ["/n"]


@pytest.mark.parametrize(
    "url",
    [
        "https://s3cret:s3cret@x.example/", "https://x.example\\@s3cret.example/", "https://s3cret.example./",
        "http://0x7f000001/s3cret", "http://2130706433/s3cret", "http://127.1/s3cret", "//s3cret.example/",
        "https://s3cret.example:99999/", "https://s3 cret.example/s3cret", "file:///s3cret", "s3cret",
    ],
)  # fmt: skip
def test_a_url_that_some_read_otherwise_is_refused_and_not_repeated(desk: Desk, url: str) -> None:
    """Where two readers would go to two places, nobody does; what was written may hold a secret."""
    made = desk.acme.make_endpoint({"url": "https://x.example/hook"})
    for answer in (
        desk.acme.party.tell("/endpoints", {"url": url}),
        desk.acme.party.ask("PATCH", f"/endpoints/{made['endpoint']}", {"url": url}),
    ):
        assert problem(answer, 422, "invalid")["findings"][0]["message"].startswith("`url`: ")
        assert b"s3cret" not in answer.content
    assert Endpoint.objects.count() == 1


def test_what_cannot_be_an_endpoint_is_refused_with_every_reason(desk: Desk) -> None:
    """All at once; a party has so many, and no more."""
    body = {"url": "ftp://x", "kinds": ["verdict.odd"], "tell": " ", "description": "a\nb"}
    found = problem(desk.acme.party.tell("/endpoints", body), 422, "invalid")["findings"]
    assert len(found) == 4
    assert problem(desk.acme.party.tell("/endpoints", {}), 422, "invalid")["findings"][0]["message"] == (
        "an endpoint has a `url`"
    )
    problem(desk.acme.party.tell("/endpoints", {"url": "https://x.example", "secret": "x"}), 422, "invalid")
    for _ in range(MOST):
        desk.owner.make_endpoint({"url": "https://x.example/hook", "enabled": False})
    refused = desk.owner.party.tell("/endpoints", {"url": "https://x.example/hook"})
    assert f"there are {MOST} endpoints" in problem(refused, 422, "invalid")["findings"][0]["message"]
    assert desk.acme.make_endpoint({"url": "https://x.example/hook"})["state"] == "unproven"


def test_who_is_removed_gets_nothing_more(desk: Desk) -> None:
    """What is owed goes with it; what was under way is marked nowhere."""
    made = desk.listen(desk.owner, "/n")
    desk.open()
    pass_on(CLOCK.at)
    (under_way,) = take("event", CLOCK.at)
    assert desk.owner.remove_endpoint(made["endpoint"]) == {"removed": True}
    assert not sent(under_way, Delivery("accepted", CLOCK.at, "204", 204), CLOCK.at, lambda: 0)
    assert not Message.objects.exists()
    assert desk.owner.read_endpoints() == {"endpoints": []}
    problem(desk.owner.party.ask("DELETE", f"/endpoints/{made['endpoint']}"), 404, "not-found")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_owed_is_found_without_reading_what_was(desk: Desk) -> None:
    """Each look of a worker is answered by an index, however much was sent before and changed for others."""
    made = desk.listen(desk.owner, "/n")
    owed = endpoint_owes(int(made["endpoint"]))
    for rows in (due_by("event", CLOCK.at), due_by("webhook", CLOCK.at), _behind(CLOCK.at), *owed):
        plan = str(rows.explain())
        assert "SCAN store_message" not in plan
        assert "SCAN U0" not in plan


def endpoint_owes(pk: int) -> list[Any]:
    """What is asked of the messages of an endpoint."""
    rows = Message.objects.filter(endpoint=pk)
    return [
        rows.order_by("-pk"),
        rows.filter(state="waiting"),
        rows.filter(state__in=("waiting", "sending"), attempts=None),
        Message.objects.filter(state="waiting", endpoint__isnull=False),
    ]


def test_nobody_is_sent_challenges_by_turns(desk: Desk) -> None:
    """To one endpoint one each half a minute, whatever its URL is; nor by making others anew."""
    made = desk.acme.make_endpoint({"url": desk.receiver.url("/victim")})
    where = f"/endpoints/{made['endpoint']}"
    for _ in range(2):
        problem(desk.acme.party.tell(f"{where}/test", b""), 409, "conflict")
        refused = desk.acme.party.ask("PATCH", where, {"url": desk.receiver.url("/other")})
        assert problem(refused, 409, "conflict")["detail"] == "a challenge was sent just now: wait 30 s"
    CLOCK.at += CHALLENGED_US
    desk.acme.try_endpoint(made["endpoint"])
    desk.acme.remove_endpoint(made["endpoint"])
    for _ in range(MOST - 1):
        desk.acme.remove_endpoint(desk.acme.make_endpoint({"url": desk.receiver.url("/victim")})["endpoint"])
    problem(desk.acme.party.tell("/endpoints", {"url": desk.receiver.url("/victim")}), 422, "invalid")
    assert all(b"victim" not in bytes(row.sealed) and not row.description for row in Endpoint.objects.all())
    CLOCK.at += HOUR
    assert desk.acme.make_endpoint({"url": desk.receiver.url("/victim")})["state"] == "unproven"
    assert Endpoint.objects.count() == 1


def test_a_sender_that_went_away_may_have_sent(desk: Desk) -> None:
    """That attempt is one of which nobody knows; the event goes again under its id."""
    made = desk.listen(desk.owner, "/n")
    desk.open()
    pass_on(CLOCK.at)
    (lost,) = take("event", CLOCK.at)
    assert recover(CLOCK.at + HOUR, lambda: 0) == 1
    desk.pass_time(CLOCK.at + 2 * HOUR)
    (heard,) = desk.receiver.heard
    assert (heard.id, heard.headers["upheld-possible-repeat"]) == (f"msg_{lost.text.key}", "yes")
    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["unknown", "accepted"]
    assert desk.owner.read_endpoint(made["endpoint"])["failed"] == 0


def test_many_changes_are_passed_on_in_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more than so many at once, none left out, none twice, whoever else does it too."""
    monkeypatch.setattr("upheld.app.pass_on.MOST_WAITING", 5)
    made = desk.listen(desk.owner, "/n", kinds=["verdict.running"])
    desk.open(count=12)
    assert pass_on(CLOCK.at) == 5
    assert pass_on(CLOCK.at) == 0
    Endpoint.objects.filter(pk=made["endpoint"]).update(told=0)
    desk.settle()
    assert len(desk.receiver.heard) == 12
    assert len({one.id for one in desk.receiver.heard}) == 12


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_an_endpoint_of_a_customer_is_served_between_its_walls(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While changes are passed on to it the database gives no endpoint of anybody else."""
    from upheld.app import pass_on as passing

    for party, path in ((desk.owner, "/n"), (desk.acme, "/a"), (desk.contoso, "/c"), (desk.stranger, "/o")):
        desk.listen(party, path)
    desk.open()
    seen: dict[int | None, set[int | None]] = {}
    whole = passing._passed_on

    def looks(endpoint: Endpoint, at: Instant) -> int:
        seen[endpoint.customer_id] = set(Endpoint.objects.values_list("customer_id", flat=True))
        return whole(endpoint, at)

    monkeypatch.setattr(passing, "_passed_on", looks)
    pass_on(CLOCK.at)
    assert connection.vendor == "postgresql"
    acme, contoso = (Customer.objects.get(name=name).pk for name in ("Acme", "Contoso"))
    assert seen == {None: {None, acme, contoso}, acme: {acme}, contoso: {contoso}}


def test_what_another_key_sealed_holds_up_nobody(desk: Desk) -> None:
    """What cannot be read waits for its key, others go out; the party can remove it, and nothing else."""
    made, other = desk.listen(desk.owner, "/n"), desk.listen(desk.owner, "/m")
    row = Endpoint.objects.get(pk=made["endpoint"])
    with override_settings(SECRET_KEY="another one"):
        row.sealed = sealed(Address(desk.receiver.url("/x"), (made["secret"],)))
        row.save()
    desk.open()
    desk.settle()
    assert [one.path for one in desk.receiver.heard] == ["/m"]
    assert desk.owner.read_endpoint(made["endpoint"])["to"] is None
    assert desk.owner.read_endpoint(other["endpoint"])["to"] == desk.receiver.origin
    where = f"/endpoints/{made['endpoint']}"
    problem(desk.owner.party.ask("PATCH", where, {"url": "https://x.example"}), 409, "conflict")
    problem(desk.owner.party.tell(f"{where}/secret", b""), 409, "conflict")
    with override_settings(SECRET_KEY="another one"):
        desk.settle(NOW + MINUTE)
    assert [one.path for one in desk.receiver.heard] == ["/m", "/x"]
    assert desk.owner.remove_endpoint(made["endpoint"]) == {"removed": True}


def _until(condition: Callable[[], bool]) -> None:
    """Waits for what other threads do; fails if it does not come."""
    pause = threading.Event()
    for _ in range(1_500):
        if condition():
            return
        pause.wait(0.02)
    pytest.fail("this did not come in time")


@pytest.mark.slow
def test_while_one_hangs_the_others_are_served(desk: Desk) -> None:
    """By the threads of a worker: who does not answer keeps those of its own, and no one else waits."""
    slow, quick = desk.listen(desk.owner, "/slow"), desk.listen(desk.acme, "/quick")
    go_on = threading.Event()

    def answers(heard: Heard) -> Answer:
        if heard.path == "/slow":
            assert go_on.wait(60)
        return Answer()

    desk.receiver.answers = answers
    desk.open(count=20)
    desk.worker.start()
    try:
        _until(lambda: len(desk.receiver.at("/quick")) == 20)
        assert len(desk.receiver.at("/slow")) == AT_ONCE
        go_on.set()
        _until(lambda: len(desk.receiver.at("/slow")) == 20)
    finally:
        go_on.set()
        desk.worker.stop()
    for made, party in ((slow, desk.owner), (quick, desk.acme)):
        found = party.read_deliveries(made["endpoint"], limit=1000)["deliveries"]
        assert {len(one["attempts"]) for one in found} == {1}


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_four_workers_send_each_event_once(desk: Desk) -> None:
    """They pass on and send at the same time, while more happens; what each endpoint hears is each change."""
    for party, path in ((desk.owner, "/n"), (desk.acme, "/a"), (desk.contoso, "/c")):
        desk.listen(party, path)
    workers = [Worker(CLOCK, channels_to(9), alone=False) for _ in range(4)]
    with at_work(*workers):
        for number in range(10):
            desk.open("c1" if number % 2 else "c2", count=10)
        _until(lambda: len(desk.receiver.heard) >= 200 and not is_behind(CLOCK.at))
    assert [len(desk.receiver.at(path)) for path in ("/n", "/a", "/c")] == [100, 50, 50]
    assert len({(one.path, one.id) for one in desk.receiver.heard}) == 200
