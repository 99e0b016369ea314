"""Bursts: the first messages come by themselves, the rest in a digest; pages are never held back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from tests.core.worlds import fact
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Crowd, Office, draw
from upheld.app.budget import OVER, WAIT_US, held_back
from upheld.app.coalesce import COALESCED, coalesce
from upheld.app.composing import OVER as DONE
from upheld.app.other_ways import TOLD
from upheld.app.owe import fall_back
from upheld.app.retold import NOTHING_LEFT
from upheld.app.send import Taken, next_told, recover, sent, take
from upheld.app.vitals import vitals
from upheld.core.alerting.delivery import BUDGET, BURST, Budget
from upheld.core.timeline.instant import MINUTE, Instant
from upheld.notify.message import Delivery
from upheld.server.public import budget, burst
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
    lines = [line for line in digest.text.text.splitlines() if line.startswith("- ")]
    assert all(line.endswith("(c1, 50 %)") for line in lines)  # whoever has two contracts can tell them apart
    listed = [line.split()[3] for line in lines]
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
def gathered() -> list[str]:
    """The tickets of which a digest tells, as it lists them."""
    rows = Message.objects.filter(digest__isnull=False).order_by("stage_at", "cause")
    return [cause.split("/")[2] for cause in rows.values_list("cause", flat=True)]


def answer(office: Office, *tickets: str, at: Instant = HALF_AT + MINUTE) -> None:
    """Some tickets of a flood are answered while their digest waits."""
    office.tell(*(fact("ticket.replied", at, one, f"a{one}", by="human") for one in tickets), at=at)


def subjects(taken: list[Taken]) -> list[str]:
    """The ticket in the subject of each."""
    return [one.text.subject.split()[2] for one in taken]


def test_a_digest_tells_of_what_there_is_when_it_goes_out(address: str) -> None:
    """Of its three tickets one is answered before it does, and one has moved and comes by itself."""
    office = flooded(8)
    assert len(send(HALF_AT)) == 5
    first, second, third = gathered()
    answer(office, first)
    less = fact("ticket.classified", HALF_AT + MINUTE, second, priority="P3", by="provider")
    office.tell(less, at=HALF_AT + MINUTE)
    assert subjects(take("mail", HALF_AT + 5 * MINUTE)) == [third]
    over, moved = (Message.objects.get(cause__contains=f"/{one}/", rule="half") for one in (first, second))
    assert (over.state, over.said, over.digest, over.next_at) == ("suppressed", DONE, None, None)
    moved_at = OPENED_AT + 120 * MINUTE
    assert (moved.state, moved.said, moved.ended_at, moved.next_at) == ("waiting", "", None, moved_at)
    assert moved.fall_back_at == moved_at + 15 * MINUTE
    assert second in subjects(take("mail", moved_at))


def test_a_digest_of_which_nothing_is_left_is_not_sent(address: str) -> None:
    """By no way; and what it told of is told when it is not over after all."""
    office = flooded(7)
    assert len(send(HALF_AT)) == 5
    waits = gathered()
    answer(office, *waits)
    out_at = HALF_AT + 5 * MINUTE
    assert take("mail", out_at) == []
    digest = Message.objects.get(is_digest=True)
    assert (digest.state, digest.said, digest.next_at) == ("suppressed", NOTHING_LEFT, None)
    assert (fall_back(out_at + 15 * MINUTE), next_told()) == (0, None)
    back = fact(
        "correction.withdrawn", out_at, "T-1", "back", by="Ann", reason="a mistake",
        corrects={"id": f"a{waits[0]}", "source": "desk"},
    )  # fmt: skip
    office.tell(back, at=out_at)
    assert take("mail", out_at) == [], "it is one of a burst again"
    assert subjects(take("mail", out_at + 5 * MINUTE)) == [waits[0]]


def test_a_digest_that_goes_the_next_way_is_looked_at_again(address: str) -> None:
    """Its mail is refused, and one of its tickets is answered before the text message goes out."""
    office = flooded(8)
    send(HALF_AT)
    out_at = HALF_AT + 5 * MINUTE
    assert send(out_at, state="refused") == ["3 messages that came at once"]
    assert fall_back(out_at) == 1
    answer(office, gathered()[0], at=out_at + MINUTE)
    (digest,) = take("service", out_at + 2 * MINUTE)
    assert digest.text.subject == "2 messages that came at once"


def test_a_digest_that_may_have_arrived_is_repeated_as_it_was(address: str) -> None:
    """Nobody knows whether it was read: it is the same once more."""
    office = flooded(7)
    send(HALF_AT)
    assert send(HALF_AT + 5 * MINUTE, state="unknown") == ["2 messages that came at once"]
    answer(office, *gathered(), at=HALF_AT + 6 * MINUTE)
    assert send(HALF_AT + 30 * MINUTE) == ["2 messages that came at once"]


def test_a_digest_leaves_out_what_another_way_has_told(address: str) -> None:
    """One of its two messages was accepted by another way before it goes out."""
    flooded(7)
    send(HALF_AT)
    first, second = gathered()
    row = Message.objects.get(cause__contains=f"/{first}/")
    Message.objects.filter(pk=row.pk).update(rank=1)
    Message(**_copied(row), key="f" * 64, state="accepted").save()
    assert subjects(take("mail", HALF_AT + 5 * MINUTE)) == [second]
    told = Message.objects.get(rank=1, is_digest=False)
    assert (told.state, told.digest, told.said) == ("suppressed", None, f"{TOLD}email")


def _copied(row: Message) -> dict[str, Any]:
    names = (
        "provider", "contract", "cause", "rule", "stage", "stage_at", "person", "reach", "owed_at", "urgency",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


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


def _crowd(*people: str) -> Office:
    """Northwind whose ladder tells several leads, each of whom gets few."""
    office = Office(ticket=False)
    for name in people:
        office.person(name, "lead", "email", "sms")
    return office


@override_settings(BUDGET=Budget(3, 100))
def test_what_exceeds_the_budget_of_a_provider_waits(address: str) -> None:
    """Five people are told at once: three now, the others when the ten minutes are over."""
    office = _crowd("Mia", "Noa", "Pim", "Ron")
    office.tell(fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1"), at=OPENED_AT)
    office.settle(HALF_AT)
    assert len(send(HALF_AT)) == 3
    assert (vitals(HALF_AT).held_back, next_told()) == (2, HALF_AT + WAIT_US)
    assert send(HALF_AT + WAIT_US) == []
    assert {row.said for row in held_back()} == {OVER}
    assert fall_back(HALF_AT + 9 * MINUTE) == 0, "by another way they would be no fewer"
    assert len(send(HALF_AT + BUDGET.within_us)) == 2
    assert not held_back().exists()
    assert set(Message.objects.values_list("state", "rank")) == {("accepted", 0)}


@override_settings(BUDGET=Budget(3, 4))
def test_the_budget_of_the_server_is_that_of_all_providers(address: str) -> None:
    """Each may send three, and both together four."""
    crowd = Crowd()
    crowd.owe("loud", 3, "urgent", HALF_AT)
    crowd.owe("calm", 3, "urgent", HALF_AT + MINUTE)
    Message.objects.update(alone_at=None)
    coalesce("mail", LATE_AT)
    alone = Message.objects.filter(alone_at=LATE_AT).order_by("pk")
    assert [row.provider.key for row in alone] == ["loud", "loud", "loud", "calm"]
    assert [row.provider.key for row in held_back()] == ["calm", "calm"]


@override_settings(BUDGET=Budget(1, 9))
def test_what_is_urgent_has_the_room_of_a_budget_first(address: str) -> None:
    """What is planned waits, though it was owed before."""
    crowd = Crowd()
    crowd.owe("loud", 1, "planned", HALF_AT)
    crowd.owe("loud", 1, "urgent", HALF_AT + MINUTE)
    Message.objects.update(alone_at=None)
    coalesce("mail", LATE_AT)
    assert Message.objects.get(alone_at=LATE_AT).urgency == "urgent"
    assert held_back().get().urgency == "planned"


@override_settings(BUDGET=Budget(1, 1))
def test_pages_know_no_budget(address: str) -> None:
    """Whoever is to be woken is, and a page takes nothing from the others."""
    office = Office()
    office.settle(LATE_AT + 1)
    take("mail", LATE_AT + 1)
    assert Message.objects.filter(rule="late", state="sending").count() == 2
    assert Message.objects.exclude(rule="late").filter(state="sending").count() == 1
    assert held_back().count() == 1


@pytest.mark.parametrize("wrong", ["1000", "0/10", "20/10", "1000/10000/2", "-1/5", "a/b"])
def test_a_budget_that_cannot_be_is_refused_at_the_start(wrong: str) -> None:
    """It says what to write."""
    with pytest.raises(ValueError, match="UPHELD_BUDGET: write how many messages a provider"):
        budget(wrong)
    assert (budget("5/50"), budget("")) == (Budget(5, 50), BUDGET)
