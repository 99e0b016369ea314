"""Connections to a relay that carry one mail after the other: they lose and double none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

import pytest

from tests.net.certificate import made_for
from tests.notify.relay import Action, Post, Scripted, garbage, hangs, relaying, replying, resets
from upheld.core.timeline.instant import parse_instant
from upheld.net.guard import Guard
from upheld.notify.kept import KEPT_US, MOST_KEPT, MOST_MAILS, Kept
from upheld.notify.mail import Mail
from upheld.notify.message import Delivery, Message
from upheld.notify.smtp import Relay, Times

AT = parse_instant("2026-06-05T14:30:00Z")
PASSWORD = "s3cret-päss"


class Hand:
    """Ticks that a test puts forward."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


class Desk:
    """Mails by one relay, each with a key of its own."""

    def __init__(self, post: Post, **relay: object) -> None:
        self.ticks, self.post = Hand(), post
        self.kept = Kept(self.ticks)
        guard = Guard(
            lambda host, within_us: ("127.0.0.1",), self.ticks, made_for("relay.example.com").client
        )
        said = {"security": "none", **relay}
        server = Relay("relay.example.com", post.port, "upheld.example.com", **said)  # type: ignore[arg-type]
        self._mail = Mail(
            guard, self.ticks, server, "sla@northwind.example", "ada@acme.example", kept=self.kept
        )
        self._count = 0

    def send(self) -> Delivery:
        """One attempt of another message."""
        self._count += 1
        return self._mail.send(Message(f"{self._count:064}", "Due", "It is due."), AT)

    def keys(self) -> list[int]:
        """Which arrived, in order."""
        ids = [message_from_bytes(one.original_content or b"")["Message-ID"] for one in self.post.envelopes]
        return [int(str(one)[1:65]) for one in ids]

    def connections(self) -> int:
        """Over how many connections those came that arrived."""
        return len({id(one) for one in self.post.sessions})


@contextmanager
def desk(**relay: object) -> Iterator[Desk]:
    """A relay that does as it is told, until another script is put in its place."""
    with relaying({}) as post:
        made = Desk(post, **relay)
        yield made
        made.kept.tidy(everything=True)


def once(verb: str, action: Action) -> dict[str, Action]:
    """A script that does it at the first of these verbs; afterwards all is well."""

    async def act(server: Scripted) -> None:
        del script[verb]
        await action(server)

    script = {verb: act}
    return script


def test_a_burst_needs_one_connection() -> None:
    """It is greeted and logged in once for all of them; a moment later nothing is left of it."""
    tls = made_for("relay.example.com").server
    with relaying(tls=tls) as post:
        of = Desk(post, security="starttls", user="up", password=PASSWORD)
        assert [of.send().state for _ in range(5)] == ["accepted"] * 5
        assert (of.keys(), of.connections(), len(post.logins)) == ([1, 2, 3, 4, 5], 1, 1)
        of.ticks.now += KEPT_US + 1
        of.kept.tidy()
        assert of.kept.taken() is None
        assert of.send().state == "accepted"
        assert (of.connections(), len(post.logins)) == (2, 2)
        of.kept.tidy(everything=True)


def test_a_connection_is_kept_for_a_moment_and_some_mails() -> None:
    """What comes later, or after many, opens another one: relays forget, and count."""
    with desk() as of:
        for _ in range(MOST_MAILS + 1):
            assert of.send().state == "accepted"
        assert of.connections() == 2
        of.ticks.now += KEPT_US
        of.send()
        assert of.connections() == 2
        of.ticks.now += KEPT_US + 1
        of.send()
        assert of.connections() == 3
    assert of.keys() == list(range(1, MOST_MAILS + 4))


def test_no_more_are_kept_than_send_at_the_same_time() -> None:
    """What many threads leave at once is ended, but for as many as they are."""
    with desk() as of:
        talks = [of.kept.taken() for _ in range(MOST_KEPT + 1)]
        assert talks == [None] * (MOST_KEPT + 1)
        made = []
        for _ in range(MOST_KEPT + 1):
            of.send()
            made.append(of.kept.taken())
        for talk in made:
            assert talk is not None
            of.kept.leave(talk)
        assert [talk.is_open for talk in made if talk] == [True] * MOST_KEPT + [False]


@pytest.mark.parametrize("verb", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("name", ["421", "resets", "garbage"])
def test_a_kept_connection_that_is_over_is_opened_anew(verb: str, name: str) -> None:
    """The relay closed it meanwhile: before the text nothing was told, so that is no attempt that failed."""
    action = {"421": replying("421 4.3.2 going"), "resets": resets, "garbage": garbage}[name]
    with desk() as of:
        of.send()
        of.post.script = once(verb, action)
        of.post.servers[0].script = of.post.script
        assert of.send().state == "accepted"
        assert (of.keys(), of.connections()) == ([1, 2], 2)


def test_a_relay_that_takes_so_many_and_no_more() -> None:
    """It refuses the next sender over this connection, for whatever reason: another connection decides."""
    with desk() as of:
        of.send()
        of.post.servers[0].script = {"mail": replying("452 4.3.2 too many messages in this session")}
        assert of.send().state == "accepted"
        assert of.connections() == 2


def test_a_recipient_that_is_refused_is_no_fault_of_the_connection() -> None:
    """It is refused once, and the next mail goes by the same one."""
    with desk() as of:
        of.send()
        of.post.servers[0].script = once("rcpt", replying("550 5.1.1 nobody"))
        refused = of.send()
        assert (refused.state, refused.code, refused.of_channel) == ("refused", 550, False)
        assert of.send().state == "accepted"
        assert (of.keys(), of.connections(), len(of.post.servers)) == ([1, 3], 1, 1)


def test_a_connection_that_hangs_is_waited_for_once() -> None:
    """The time of a verb is not spent twice."""
    with desk(times=Times(verb_us=300_000)) as of:
        of.send()
        of.post.servers[0].script = {"mail": hangs}
        delivery = of.send()
        assert (delivery.state, delivery.evidence) == ("failed", "mail: the time was over (mail)")
        assert of.send().state == "accepted"
        assert of.keys() == [1, 3]


@pytest.mark.parametrize("name", ["resets", "garbage"])
def test_after_the_final_dot_nobody_knows(name: str) -> None:
    """On a kept connection too: the mail is there, and is not sent a second time by another one."""
    with desk() as of:
        of.send()
        of.post.servers[0].script = {"dot": {"resets": resets, "garbage": garbage}[name]}
        assert of.send().state == "unknown"
        assert of.keys() == [1, 2]
        assert of.send().state == "accepted"
        assert (of.keys(), of.connections()) == ([1, 2, 3], 2)
