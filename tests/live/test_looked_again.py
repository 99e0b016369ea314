"""What waits for the end of quiet hours tells of the instant at which it goes out."""

from __future__ import annotations

import pytest

from tests.core.worlds import DESK, fact
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office, send_all, told
from upheld.app import looked_again
from upheld.app import send as sending
from upheld.app.coalesce import coalesce
from upheld.app.composing import NOBODY, OVER
from upheld.app.owe import fall_back
from upheld.app.people import Way, put_person, take_person
from upheld.app.send import take
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Instant
from upheld.store.models import Message, Person, Reach

pytestmark = pytest.mark.slow

BREACH = (
    DESK
    + """
deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}}
escalate:
  gone: {of: response, at: limit, tell: lead, how: urgent}
"""
)
REPLY = fact("ticket.replied", HALF_AT + MINUTE, "T-1", by="human")
TAKEN_BACK = fact(
    "correction.withdrawn", LATE_AT + HOUR, "T-1", "back", by="Ann", reason="a mistake",
    corrects={"id": REPLY.id, "source": REPLY.source},
)  # fmt: skip
BACK_AT = LATE_AT + HOUR + MINUTE


def over() -> Office:
    """Northwind with a breach that Lea heard of at once, and Lou was to hear of at one o'clock.

    By then it is known that there was a reply in time.
    """
    office = Office(agreement=BREACH)
    lou = office.person("Lou", "lead", "email", "sms")
    lou.quiet_from_s, lou.quiet_until_s = ((one % DAY) // SECOND for one in (LATE_AT, LATE_AT + HOUR))
    lou.save()
    office.settle(LATE_AT + 1)
    assert send_all(LATE_AT + 1) == ["lea@email.example"]
    office.tell(REPLY, at=LATE_AT + MINUTE)
    assert send_all(LATE_AT + HOUR) == []
    assert told() == [("gone", "Lea", "accepted"), ("gone", "Lou", "suppressed")]
    return office


def quiet(until_at: Instant) -> Office:
    """Northwind with a ticket of which half of the time is used up while Lea wants to hear nothing."""
    office = Office()
    Person.objects.filter(name="Lea").update(
        zone="UTC", quiet_from_s=(HALF_AT - MINUTE) % DAY // SECOND, quiet_until_s=until_at % DAY // SECOND
    )
    office.settle(HALF_AT)
    assert take("mail", HALF_AT) == []
    return office


def half() -> tuple[str, str]:
    """Where the warning is, and what is said of it."""
    row = Message.objects.get(rule="half")
    return row.state, row.said


def test_a_warning_that_came_too_late_says_so(address: str) -> None:
    """It was to warn at 11:00 of 12:00 and is heard at 13:00: then it was due, and is not due."""
    office = quiet(LATE_AT + HOUR)
    office.settle(LATE_AT + HOUR)
    texts = [one.text for one in take("mail", LATE_AT + HOUR) if one.address == "lea@email.example"]
    assert "response of T-1 is late" in [text.subject for text in texts if "50 %" in text.text]


def test_a_warning_of_what_was_done_in_time_is_not_sent(address: str) -> None:
    """It was answered while she wanted to hear nothing: in the morning there is nothing to warn of."""
    office = quiet(LATE_AT + HOUR)
    office.tell(fact("ticket.replied", HALF_AT + MINUTE, "T-1", by="human"), at=HALF_AT + MINUTE)
    assert send_all(LATE_AT + HOUR) == []
    assert half() == ("suppressed", OVER)
    row = Message.objects.get(rule="half")
    assert (row.ended_at, row.next_at, row.fall_back_at) == (LATE_AT + HOUR, None, None)


def test_a_warning_that_has_moved_waits_until_it_is(address: str) -> None:
    """It has four hours now, half of them used up at noon: nothing at half past eleven, a warning then."""
    office = quiet(HALF_AT + 30 * MINUTE)
    less = fact("ticket.classified", HALF_AT + MINUTE, "T-1", priority="P3", by="provider")
    office.tell(less, at=HALF_AT + MINUTE)
    assert take("mail", HALF_AT + 30 * MINUTE) == []
    assert half() == ("waiting", "")
    (taken,) = take("mail", OPENED_AT + 2 * HOUR)
    assert taken.text.subject.startswith("response of T-1 is due ")
    assert "at 14:00" in taken.text.subject


def test_a_warning_that_has_moved_goes_no_other_way_before_it_is_reached(address: str) -> None:
    """Until noon no text message says what is not so any more; a quarter of an hour later one may."""
    office = quiet(HALF_AT + 5 * MINUTE)
    less = fact("ticket.classified", HALF_AT + MINUTE, "T-1", priority="P3", by="provider")
    office.tell(less, at=HALF_AT + MINUTE)
    assert take("mail", HALF_AT + 5 * MINUTE) == []
    moved_at = OPENED_AT + 2 * HOUR
    assert fall_back(moved_at + 14 * MINUTE) == 0
    assert fall_back(moved_at + 15 * MINUTE) == 1


def test_what_goes_the_next_way_is_looked_at_again(address: str) -> None:
    """The mail was refused, and it was answered meanwhile: no text message warns of it."""
    office = Office()
    office.settle(HALF_AT)
    assert send_all(HALF_AT, "refused") == ["lea@email.example"]
    assert fall_back(HALF_AT) == 1
    office.tell(fact("ticket.replied", HALF_AT + SECOND, "T-1", by="human"), at=HALF_AT + SECOND)
    assert take("service", HALF_AT + MINUTE) == []
    row = Message.objects.get(rank=1)
    assert (row.state, row.said) == ("suppressed", OVER)


def tried(became: str = "failed", *channels: str) -> Office:
    """Northwind with a warning to Lea that nobody has taken; she has one way, unless said."""
    office = Office()
    Reach.objects.filter(person__name="Lea").exclude(channel__in=("email", *channels)).delete()
    office.settle(HALF_AT)
    assert send_all(HALF_AT, became) == ["lea@email.example"]
    return office


def test_what_is_tried_again_is_looked_at_again(address: str) -> None:
    """The relay was away, and the ticket was answered meanwhile: there is nothing to warn of any more."""
    office = tried()
    office.tell(fact("ticket.replied", HALF_AT + SECOND, "T-1", by="human"), at=HALF_AT + SECOND)
    assert send_all(HALF_AT + 5 * MINUTE) == []
    row = Message.objects.get()
    assert (row.state, row.said, row.next_at, row.fall_back_at) == ("suppressed", OVER, None, None)


def test_what_is_tried_again_when_the_time_is_over_says_so(address: str) -> None:
    """Nobody reads at half past twelve that it is due at noon."""
    tried()
    (text,) = [one.text for one in take("mail", LATE_AT + 30 * MINUTE)]
    assert text.subject == "response of T-1 is late"


def test_what_may_have_arrived_is_repeated_as_it_was(address: str) -> None:
    """Whoever got it gets the same: it may not have another text, and is not taken back silently."""
    office = tried("unknown")
    before = Message.objects.get()
    office.tell(fact("ticket.replied", HALF_AT + SECOND, "T-1", by="human"), at=HALF_AT + SECOND)
    (taken,) = take("mail", LATE_AT + HOUR)
    assert (taken.text.text, taken.text.possible_repeat != "") == (before.text, True)


def test_what_is_sent_for_the_first_time_asks_nothing_more(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing failed before nothing is looked at again; where something did, the provider is held."""
    seen: list[int] = []
    real = sending.still_so
    monkeypatch.setattr(sending, "still_so", lambda *told: seen.append(len(told[1])) or real(*told))
    office = tried()
    assert seen == []
    office.settle(LATE_AT + 1)
    assert len(take("mail", LATE_AT + 1)) > 1
    assert len(seen) == 1


def test_what_is_tried_again_and_has_moved_is_tried_then_as_if_it_was_new(address: str) -> None:
    """It is P3 now and two days later: its day of attempts begins then. The way behind tells first."""
    office = tried("failed", "sms")
    assert fall_back(HALF_AT + 15 * MINUTE) == 1
    less = fact("ticket.classified", HALF_AT + 16 * MINUTE, "T-1", priority="P3", by="provider")
    office.tell(less, at=HALF_AT + 16 * MINUTE)
    assert (take("mail", HALF_AT + 17 * MINUTE), take("service", HALF_AT + 17 * MINUTE)) == ([], [])
    first, second = Message.objects.order_by("rank")
    moved_at = OPENED_AT + 2 * HOUR
    assert (first.state, first.next_at, first.owed_at) == (
        "waiting", moved_at + 15 * MINUTE, HALF_AT + 17 * MINUTE,
    )  # fmt: skip
    assert (second.state, second.next_at) == ("waiting", moved_at)


def test_what_was_over_by_two_ways_is_told_by_one_when_it_is_not(address: str) -> None:
    """The reply is taken back: Lea hears of it once, and by the other way if the first does not take it."""
    office = Office(agreement=BREACH)
    Person.objects.exclude(name="Lea").delete()
    office.settle(LATE_AT + 1)
    send_all(LATE_AT + 1, "failed")
    now = LATE_AT + 1 + 15 * MINUTE
    assert fall_back(now) == 1
    office.tell(REPLY, at=now)
    assert (take("mail", now), take("service", now)) == ([], [])
    assert [row.said for row in Message.objects.all()] == [OVER, OVER]
    office.tell(TAKEN_BACK, at=BACK_AT)
    assert send_all(BACK_AT, "refused") == ["lea@email.example"]
    assert take("service", BACK_AT) == []
    assert fall_back(BACK_AT) == 1
    assert [one.address for one in take("service", BACK_AT)] == ["lea@sms.example"]
    office.tell(fact("ticket.assigned", BACK_AT, "T-1", to="Kim"), at=BACK_AT + SECOND)
    assert Message.objects.filter(state="waiting").count() == 0


def test_a_cause_that_is_of_no_clock_keeps_no_other_from_being_looked_at(address: str) -> None:
    """Of two warnings one has a cause that names nothing: it goes out as it is, and the other is over."""
    office = quiet(LATE_AT + HOUR)
    row = Message.objects.get(rule="half")
    row.pk, row.key, row.cause = None, "0" * 64, "of nothing"
    row.save()
    office.tell(fact("ticket.replied", HALF_AT + MINUTE, "T-1", by="human"), at=HALF_AT + MINUTE)
    assert send_all(LATE_AT + HOUR) == ["lea@email.example"]
    found = Message.objects.filter(rule="half").values_list("cause", "state")
    assert dict(found) == {"c1/response/T-1/1": "suppressed", "of nothing": "accepted"}


def test_what_is_told_of_a_clock_that_is_late_already_says_so(address: str) -> None:
    """The ticket becomes known when its time is used up: no message says that it is due in the past."""
    office = Office(ticket=False)
    opened = fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1")
    office.tell(opened, at=LATE_AT + MINUTE)
    subjects = {one.text.subject for one in take("mail", LATE_AT + MINUTE) if "lea" in one.address}
    assert subjects == {"response of T-1 is late"}


def test_what_cannot_be_looked_at_goes_out_as_it_is(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in what is asked keeps nobody from being told."""

    def fails(*_: object) -> None:
        raise ValueError("a fault")

    quiet(HALF_AT + 30 * MINUTE)
    monkeypatch.setattr(looked_again, "stages_of", fails)
    assert coalesce("mail", HALF_AT + 30 * MINUTE) == 1
    assert half() == ("waiting", "")
    assert send_all(HALF_AT + 30 * MINUTE) == ["lea@email.example"]


def test_what_was_done_before_anybody_knew_warns_nobody(address: str) -> None:
    """The ticket and its answer become known together, after half of its time: nothing is to be done."""
    office = Office(ticket=False)
    opened = fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1")
    office.tell(opened, fact("ticket.replied", HALF_AT + MINUTE, "T-1", by="human"), at=HALF_AT + 2 * MINUTE)
    assert take("mail", HALF_AT + 2 * MINUTE) == []


def test_what_is_not_over_after_all_is_told(address: str) -> None:
    """The reply is taken back: Lou hears of the breach, by another way if need be, and Lea not twice."""
    office = over()
    office.tell(TAKEN_BACK, at=BACK_AT)
    (taken,) = take("mail", BACK_AT)
    assert (taken.address, taken.text.subject) == ("lou@email.example", "response of T-1 is late")
    assert fall_back(BACK_AT + 15 * MINUTE - 1) == 0
    assert fall_back(BACK_AT + 15 * MINUTE) == 1
    office.tell(fact("ticket.assigned", BACK_AT, "T-1", to="Kim"), at=BACK_AT + HOUR)
    assert Message.objects.count() == 3


def test_what_is_not_over_after_all_goes_by_the_ways_of_now(address: str) -> None:
    """Lou has another address since."""
    office = over()
    put_person(office.provider.pk, "Lou", ["lead"], [Way("email", "mail", "lou@new.example")])
    office.tell(TAKEN_BACK, at=BACK_AT)
    assert send_all(BACK_AT) == ["lou@new.example"]


def test_what_is_not_over_after_all_and_has_no_way_is_no_secret(address: str) -> None:
    """Lou can be told in no way any more: that nobody was told stands where failures are looked for."""
    office = over()
    Reach.objects.filter(person__name="Lou").update(rests="asked for no more")
    office.tell(TAKEN_BACK, at=BACK_AT)
    row = Message.objects.get(person__name="Lou")
    assert (row.state, row.said, row.next_at, row.ended_at) == ("failed", NOBODY, None, BACK_AT)


def test_who_was_removed_since_is_told_nothing(address: str) -> None:
    """Lou has left: what was over for them stays as it was."""
    office = over()
    assert take_person(office.provider.pk, "Lou", "", BACK_AT)
    office.tell(TAKEN_BACK, at=BACK_AT)
    assert send_all(BACK_AT) == []
    assert sorted(told()) == [("gone", "", "suppressed"), ("gone", "Lea", "accepted")]


def test_what_was_over_for_all_is_told_when_it_is_not(address: str) -> None:
    """Nobody else heard of it, and it was over: it is told when it is not."""
    office = quiet(LATE_AT + HOUR)
    office.tell(REPLY, at=LATE_AT + MINUTE)
    assert send_all(LATE_AT + HOUR) == []
    assert half() == ("suppressed", OVER)
    office.tell(TAKEN_BACK, at=BACK_AT)
    assert half() == ("waiting", "")
    assert "lea@email.example" in send_all(BACK_AT)
    assert half()[0] == "accepted"
