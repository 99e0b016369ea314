"""Bursts: the first messages come by themselves, the rest in a digest; pages are never held back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from tests.core.worlds import fact
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office, draw
from upheld.app.coalesce import COALESCED
from upheld.app.owe import fall_back
from upheld.app.send import recover, sent, take
from upheld.core.alerting.delivery import BURST
from upheld.core.timeline.instant import MINUTE, Instant
from upheld.notify.message import Delivery
from upheld.server.public import burst
from upheld.store.models import Message


def flooded(tickets: int) -> Office:
    """Northwind with so many tickets of which half of the time is over at one instant."""
    office = Office(ticket=False)
    facts = [
        fact("ticket.opened", OPENED_AT, f"T-{n:04}", f"o{n}", contract="c1", priority="P1")
        for n in range(tickets)
    ]
    office.tell(*facts, at=OPENED_AT)
    office.settle(HALF_AT)
    return office


def send(now: Instant, most: int = 1_000, state: Any = "accepted") -> list[str]:
    """Sends what is to be sent by mail; gives the subjects."""
    taken = take("mail", now, most)
    for one in taken:
        assert sent(one, Delivery(state, now, f"said {state}"), now, draw)
    return [one.text.subject for one in taken]


def test_what_exceeds_a_burst_comes_in_one_digest(address: str) -> None:
    """Twelve tickets at once: five mails, and five minutes later one that lists the other seven."""
    flooded(12)
    alone = [subject.split()[2] for subject in send(HALF_AT)]
    assert send(HALF_AT + 4 * MINUTE) == []
    (digest,) = take("mail", HALF_AT + 5 * MINUTE)
    assert digest.text.subject == "7 messages that came at once"
    listed = [line.split()[3] for line in digest.text.text.splitlines() if line.startswith("- ")]
    assert (len(alone), sorted(alone + listed)) == (5, [f"T-{n:04}" for n in range(12)])
    assert sent(digest, Delivery("accepted", HALF_AT, "ok"), HALF_AT + 5 * MINUTE, draw)
    told = Message.objects.filter(state="suppressed")
    assert {(row.said, row.digest_id, row.next_at) for row in told} == {(COALESCED, digest.id, None)}
    assert Message.objects.exclude(state__in=("accepted", "suppressed")).count() == 0
    assert send(HALF_AT + 600 * MINUTE) == []


def test_what_comes_while_a_digest_waits_is_told_in_it(address: str) -> None:
    """And what comes when it is out begins anew, within the budget of the last ten minutes."""
    office = flooded(6)
    alone = send(HALF_AT)
    (row,) = Message.objects.filter(is_digest=True)
    assert row.subject.startswith("response of T-000")  # one alone is told as it is
    assert (len(alone), row.subject in alone) == (5, False)
    later = HALF_AT + 2 * MINUTE
    opened = fact("ticket.opened", OPENED_AT + 2 * MINUTE, "T-9999", contract="c1", priority="P1")
    office.tell(opened, at=OPENED_AT + 2 * MINUTE)
    office.settle(later)
    assert send(later) == []
    assert send(HALF_AT + 5 * MINUTE) == ["2 messages that came at once"]
    opened = fact("ticket.opened", OPENED_AT + 11 * MINUTE, "T-9998", contract="c1", priority="P1")
    office.tell(opened, at=OPENED_AT + 11 * MINUTE)
    office.settle(HALF_AT + 11 * MINUTE)
    assert len(send(HALF_AT + 11 * MINUTE)) == 1


@pytest.mark.slow
def test_pages_are_never_held_back(address: str) -> None:
    """Twelve tickets are late: lead and director get twelve pages each, while Ada is told in a digest."""
    office = flooded(12)
    send(HALF_AT)
    send(HALF_AT + 5 * MINUTE)
    office.settle(LATE_AT + 1)
    assert len(send(LATE_AT + 1)) == 2 * 12 + 5
    assert Message.objects.filter(urgency="page").exclude(state="accepted").count() == 0


def test_what_is_planned_comes_together(address: str) -> None:
    """Three of the digest of the day are one message, then and there; in the language of its reader."""
    office = flooded(3)
    Message.objects.update(urgency="planned", person=office.director, reach=office.director.reaches.get())
    assert send(HALF_AT) == ["3 berichten die tegelijk kwamen"]


def test_a_digest_that_fails_is_tried_again_and_goes_the_next_way(address: str) -> None:
    """What it says then stays: whatever comes later is in another one."""
    flooded(8)
    send(HALF_AT)
    out_at = HALF_AT + 5 * MINUTE
    assert len(send(out_at, state="failed")) == 1
    (row,) = Message.objects.filter(is_digest=True)
    assert row.state == "waiting"
    assert fall_back(out_at + 15 * MINUTE) == 1
    (sms,) = take("service", out_at + 15 * MINUTE)
    assert (sms.address, sms.text.subject) == ("lea@sms.example", "3 messages that came at once")
    assert recover(out_at + 30 * MINUTE, draw) == 1


@pytest.mark.slow
def test_a_flood_is_decided_in_few_rounds(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred at a time, however many; the digest lists a hundred, and counts the others."""
    monkeypatch.setattr("upheld.app.coalesce.AT_ONCE", 100)
    flooded(150)
    assert len(send(HALF_AT)) == 5
    assert send(HALF_AT) == []
    assert Message.objects.filter(state="suppressed").count() == 145
    (digest,) = take("mail", HALF_AT + BURST.wait_us)
    lines = digest.text.text.splitlines()
    assert lines[0] == "145 messages that came at once:"
    assert lines[-1] == "- 45 more, which are not listed here"


@override_settings(BURST=2)
def test_the_operator_says_how_many_come_at_once(address: str) -> None:
    """By a number; nothing else is one."""
    flooded(4)
    assert len(send(HALF_AT)) == 2
    assert (burst(""), burst("12")) == (5, 12)
    for wrong in ("0", "-1", "many", "1.5", "٥"):
        with pytest.raises(ValueError, match="UPHELD_BURST: write how many"):
            burst(wrong)
