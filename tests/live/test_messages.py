"""Messages: owed once for each stage and person, sent once unless nobody knows, never lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.core.worlds import CONTRACT, DESK, at, fact, shown
from tests.live.desk import Northwind
from tests.live.threads import waits_for_a_lock
from upheld.api.templates import _said
from upheld.app.coalesce import coalesce
from upheld.app.composing import NOBODY
from upheld.app.line import SEEN_US, Line
from upheld.app.outbox import unheard_lately
from upheld.app.owe import fall_back
from upheld.app.paging import ask_on
from upheld.app.people import REMOVED, Way, put_person, take_person
from upheld.app.send import recover, sent, still_at_it, take
from upheld.app.vitals import vitals
from upheld.app.wake import next_wake, wake
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND, Instant
from upheld.notify.message import Delivery
from upheld.store.locking import writing
from upheld.store.models import Attempt, Customer, Message, Page, Person, Provider, Reach, ScopeRow
from upheld.store.sealing import seal
from upheld.store.walls import between

LADDER = (
    DESK
    + """
deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}}
escalate:
  half: {of: response, at: 50 %, tell: lead}
  late: {of: response, at: limit, tell: [lead, director], how: page}
  told: {of: response, at: limit, tell: all, audience: customer}
"""
)
OPENED_AT = at("Mon 06-08 10:00")
HALF_AT = at("Mon 06-08 11:00")
LATE_AT = at("Mon 06-08 12:00")


def draw() -> int:
    """Always the same spread."""
    return 500_000


class Office(Northwind):
    """Northwind with people to tell."""

    def __init__(self, ticket: bool = True, agreement: str = LADDER) -> None:
        super().__init__(agreement, CONTRACT)
        acme = Customer.objects.get(name="Acme")
        self.lead = self.person("Lea", "lead", "email", "sms")
        self.director = self.person("Dirk", "director", "email", language="nl")
        self.ada = self.person("Ada", "", "email", customer=acme)
        if ticket:
            opened = fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1")
            self.tell(opened, at=OPENED_AT)

    def person(self, name: str, role: str, *channels: str, **said: object) -> Person:
        """Somebody with a role and the ways to them, in order."""
        person = Person.objects.create(
            provider=self.provider, name=name, roles=[role] if role else [], **said
        )
        for rank, channel in enumerate(channels):
            way = "mail" if channel == "email" else "service"
            address = seal(f"{name.lower()}@{channel}.example")
            Reach.objects.create(person=person, rank=rank, channel=channel, way=way, sealed=address)
        return person


def told() -> list[tuple[str, str, str]]:
    """Each message: the rule, to whom, and where it is."""
    rows = Message.objects.order_by("stage_at", "rule", "person__name", "rank")
    return [(row.rule, row.person.name if row.person else "", row.state) for row in rows]


def send_all(now: Instant, state: str = "accepted") -> list[str]:
    """Sends what is to be sent by mail; gives the addresses."""
    taken = take("mail", now)
    for one in taken:
        assert sent(one, Delivery(state, now, f"said {state}", 250), now, draw)  # type: ignore[arg-type]
    return [one.address for one in taken]


def test_each_stage_tells_each_person_once(address: str) -> None:
    """Half of the budget tells the lead; the limit pages lead and director and tells the customer."""
    office = Office()
    assert told() == []
    office.settle(HALF_AT)
    assert told() == [("half", "Lea", "waiting")]
    office.settle(LATE_AT + 1)
    office.tell(fact("ticket.assigned", LATE_AT, "T-1", to="Kim"), at=LATE_AT + SECOND)
    expected = [("half", "Lea", "waiting"), ("late", "Dirk", "waiting"), ("late", "Lea", "waiting")]
    assert told() == [*expected, ("told", "Ada", "waiting")]


def test_a_clock_that_was_carried_over_escalates_by_all_that_was_counted(address: str) -> None:
    """The old desk had counted 45 minutes of the two hours: half of them is used up at a quarter past."""
    office = Office()
    carried = fact("ticket.carried", OPENED_AT, "T-1", commitment="response", elapsed="45m")
    office.tell(carried, at=OPENED_AT)
    office.settle(OPENED_AT + 15 * MINUTE - 1)
    assert told() == []
    office.settle(OPENED_AT + 15 * MINUTE)
    assert told() == [("half", "Lea", "waiting")]
    office.settle(OPENED_AT + 75 * MINUTE + 1)
    assert [rule for rule, *_ in told()] == ["half", "late", "late", "told"]


def test_a_way_that_rests_is_told_of(address: str) -> None:
    """Lea wants no more mail and learns it by text message; then no more of these: Dirk learns that."""
    Office()
    lea = Person.objects.get(name="Lea")
    gone = Delivery("refused", LATE_AT, "410 Gone", 410, disables=True)
    for number, reach in enumerate(lea.reaches.order_by("rank")):
        Message.objects.create(
            provider=lea.provider, key=f"{number:064}", person=lea, reach=reach, urgency="urgent", rule="r",
            cause="c", stage="s", stage_at=LATE_AT, contract="c1", audience="provider", owed_at=LATE_AT,
            next_at=LATE_AT, alone_at=LATE_AT, subject="s", text="t",
        )  # fmt: skip
        (taken,) = [one for one in take(reach.way, LATE_AT) if one.text.key == f"{number:064}"]
        assert sent(taken, gone, LATE_AT, draw)
    told_of = Message.objects.filter(rule="server").order_by("pk")
    assert [
        (row.person.name, row.reach.channel, row.subject) for row in told_of if row.person and row.reach
    ] == [
        ("Lea", "sms", "Lea is told nothing more by email"),
        ("Dirk", "email", "Lea krijgt geen berichten meer via sms"),
    ]
    assert "Geef de weg opnieuw op" in told_of[1].text


def test_a_way_that_was_replaced_meanwhile_does_not_rest(address: str) -> None:
    """What the old address said is nothing about the new one."""
    office = Office()
    office.settle(HALF_AT)
    (taken,) = take("mail", HALF_AT)
    lea = Person.objects.get(name="Lea")
    put_person(office.provider.pk, "Lea", lea.roles, [Way("email", "mail", "lea@new.example")])
    gone = Delivery("refused", HALF_AT, "410 Gone", 410, disables=True)
    assert sent(taken, gone, HALF_AT, draw)
    assert [one.rests for one in lea.reaches.all()] == [""]
    assert not Message.objects.filter(rule="server").exists()


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_who_marks_waits_for_who_gives_other_ways_and_holds_nothing_of_theirs(address: str) -> None:
    """A way is held before the messages that go by it: each would else wait for the other one."""
    office = Office()
    office.settle(HALF_AT)
    (taken,) = take("mail", HALF_AT)
    gone = Delivery("refused", HALF_AT, "410 Gone", 410, disables=True)
    marked: list[bool] = []

    def mark() -> None:
        marked.append(sent(taken, gone, HALF_AT, draw))
        connection.close()

    with between(office.provider.pk), writing(), connection.cursor() as cursor:
        lea = Person.objects.get(name="Lea")
        list(Reach.objects.filter(person=lea).select_for_update())
        thread = threading.Thread(target=mark)
        thread.start()
        waits_for_a_lock(cursor)
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        assert list(lea.messages.select_for_update()) != []
    thread.join(60)
    assert marked == [True]
    assert Reach.objects.get(person=lea, channel="email").rests


class Crowd:
    """Providers with messages that wait, some of them for long; so many there were before."""

    def __init__(self, count: int = 0) -> None:
        self._count = count

    def owe(self, name: str, count: int, urgency: str, since_at: Instant) -> None:
        """Messages of a provider to its lead by mail."""
        provider, _ = Provider.objects.get_or_create(key=name, defaults={"name": name.title()})
        person, _ = Person.objects.get_or_create(provider=provider, name="Lea", defaults={"roles": ["lead"]})
        address = {"way": "mail", "sealed": seal(f"lea@{name}.example")}
        reach, _ = Reach.objects.get_or_create(person=person, rank=0, channel="email", defaults=address)
        for n in range(count):
            self._count += 1
            told = {"contract": "c1", "cause": "c", "rule": "r", "stage": "s", "stage_at": since_at}
            Message.objects.create(
                provider=provider, key=f"{self._count:064}", person=person, reach=reach, urgency=urgency,
                audience="provider",
                owed_at=since_at, next_at=since_at + n, alone_at=since_at, subject="s", text="t", **told
            )  # fmt: skip


def _whose(most: int, now: Instant) -> list[str]:
    """Whose messages are taken next, and held from now on."""
    return [one.address.partition("@")[2].partition(".")[0] for one in take("mail", now, most)]


def test_who_has_much_to_tell_holds_up_nobody_else(address: str) -> None:
    """A hundred messages of one provider wait, then one of another: it is among the first that are taken."""
    crowd = Crowd()
    crowd.owe("loud", 100, "urgent", HALF_AT)
    crowd.owe("calm", 2, "planned", LATE_AT)
    assert sorted(_whose(2, LATE_AT + MINUTE)) == ["calm", "loud"]
    assert sorted(_whose(4, LATE_AT + MINUTE)) == ["calm", "loud", "loud", "loud"]


def test_of_whom_least_is_being_sent_comes_first(address: str) -> None:
    """One place is free at a time: those who wait take turns, whoever waited first."""
    crowd = Crowd()
    crowd.owe("loud", 100, "urgent", HALF_AT)
    crowd.owe("calm", 2, "planned", LATE_AT)
    assert [_whose(1, LATE_AT + MINUTE) for _ in range(5)] == [
        ["loud"],
        ["calm"],
        ["loud"],
        ["calm"],
        ["loud"],
    ]


def test_a_page_waits_behind_nothing(address: str) -> None:
    """However much of any provider is due before: those who are woken are told first."""
    crowd = Crowd()
    crowd.owe("loud", 100, "urgent", HALF_AT)
    crowd.owe("calm", 100, "urgent", HALF_AT)
    crowd.owe("loud", 1, "page", LATE_AT)
    crowd.owe("quiet", 2, "page", LATE_AT)
    assert sorted(_whose(3, LATE_AT + MINUTE)) == ["loud", "quiet", "quiet"]


def test_what_was_seen_in_line_is_asked_again_when_anything_is_new(address: str) -> None:
    """A page that comes later goes before all that a sender saw waiting, though it is not decided yet."""
    crowd, line, now = Crowd(), Line("mail"), LATE_AT + MINUTE
    crowd.owe("loud", 100, "urgent", HALF_AT)
    assert len(take("mail", now, 2, line)) == 2
    crowd.owe("quiet", 1, "page", now)
    Message.objects.filter(urgency="page").update(alone_at=None)
    assert [one.address for one in take("mail", now + 1, 2, line)] == [
        "lea@quiet.example",
        "lea@loud.example",
    ]


def test_what_is_tried_again_waits_no_longer_than_what_was_seen(address: str) -> None:
    """It is not asked for as long as enough of what was seen is left; then it stands in line as before."""
    crowd, line, now = Crowd(), Line("mail"), LATE_AT + MINUTE
    crowd.owe("loud", 100, "urgent", HALF_AT)
    assert len(take("mail", now, 2, line)) == 2
    crowd.owe("calm", 1, "urgent", HALF_AT)
    assert {one.address for one in take("mail", now + SEEN_US - 1, 2, line)} == {"lea@loud.example"}
    assert take("mail", now + SEEN_US, 1, line)[0].address == "lea@calm.example"


def test_what_was_seen_and_is_taken_by_others_is_left_to_them(address: str) -> None:
    """Two senders saw the same: the second takes what comes after, and none twice."""
    crowd, now = Crowd(), LATE_AT + MINUTE
    crowd.owe("loud", 20, "urgent", HALF_AT)
    lines = [Line("mail"), Line("mail")]
    for line in lines:
        assert len(take("mail", now, 2, line)) == 2
    taken = [one.id for _ in range(4) for line in lines for one in take("mail", now, 2, line)]
    assert len(set(taken)) == len(taken) == 16
    assert [take("mail", now, 2, line) for line in lines] == [[], []]


READ_TWO_WAYS = (
    DESK
    + """
assume:
  hours: {issue: which hours, options: [desk, all day], take: desk, because: they are staffed}
deadline:
  response:
    {from: opened, until: answered, on: {by hours: {desk: desk, all day: always}}, within: 2h}
  repair: {from: opened, until: resolved, on: desk, within: 16h}
escalate:
  ahead: {of: response, at: [75 %, limit], tell: lead}
  told: {of: response, at: limit, tell: all, audience: customer}
"""
)


def test_the_provider_is_told_by_the_strictest_reading_and_the_customer_by_the_one_that_holds(
    address: str,
) -> None:
    """Opened on Friday at 16:30 it is late that evening around the clock, and on Monday in the hours held."""
    office = Office(ticket=False, agreement=READ_TWO_WAYS)
    opened_at = at("Fri 06-05 16:30")
    office.tell(fact("ticket.opened", opened_at, "T-1", contract="c1"), at=opened_at)
    office.settle(opened_at)
    assert next_wake() == at("Fri 06-05 18:00")
    for now in ("Fri 06-05 18:00", "Fri 06-05 19:00", "Mon 06-08 10:31"):
        office.settle(at(now))
    rows = Message.objects.order_by("stage_at")
    assert [(row.rule, row.stage, shown(row.stage_at)) for row in rows] == [
        ("ahead", "75 %", "Fri 06-05 18:00"),
        ("ahead", "limit", "Fri 06-05 18:30:00.000001"),
        ("told", "limit", "Mon 06-08 10:30:00.000001"),
    ]


SECRETS = (
    DESK
    + """
covenant: {secrets: {what: keys that are entrusted are never compromised, judged: each report}}
escalate: {compromised: {of: secrets, at: limit, tell: lead, how: page}}
"""
)


def test_the_first_report_about_a_covenant_tells_at_once(address: str) -> None:
    """Nothing is measured here, so nothing else asks: a contract rests on reports before there are any."""
    office = Office(ticket=False, agreement=SECRETS)
    office.settle(OPENED_AT)
    reported = fact("covenant.compromise_reported", OPENED_AT, "K-1", contract="c1")
    office.tell(reported, at=OPENED_AT + SECOND)
    assert next_wake() == OPENED_AT + SECOND
    office.settle(OPENED_AT + SECOND)
    assert told() == [("compromised", "Lea", "waiting")]


def test_an_answer_in_time_tells_nobody_that_it_was_late(address: str) -> None:
    """The ticket is answered after the warning: the stages of the limit are never reached."""
    office = Office()
    office.settle(HALF_AT)
    office.tell(fact("ticket.replied", HALF_AT, "T-1", by="human"), at=HALF_AT + SECOND)
    office.settle(LATE_AT + MINUTE)
    assert told() == [("half", "Lea", "waiting")]


def test_texts_are_in_the_language_of_whom_they_are_for(address: str) -> None:
    """The director reads Dutch."""
    office = Office()
    office.settle(LATE_AT + 1)
    texts = {row.person.name: row.text for row in Message.objects.filter(rule="late") if row.person}
    assert "12:00 (UTC)" in texts["Lea"]
    assert "om 12:00 (UTC)" in texts["Dirk"]


def test_a_stage_for_nobody_is_not_forgotten(address: str) -> None:
    """Without a director the stage is told to the lead; without anybody it stands there as failed."""
    office = Office()
    Person.objects.filter(name__in=["Lea", "Dirk"]).delete()
    office.settle(HALF_AT)
    (row,) = Message.objects.filter(rule="half")
    assert (row.state, row.said) == ("failed", NOBODY)


def test_a_contract_is_told_of_nothing_before_it_went_live(address: str) -> None:
    """A ticket that was late long before the agreement was applied is nobody's message."""
    desk = Northwind(LADDER, CONTRACT, at=LATE_AT + MINUTE)
    opened = fact("ticket.opened", OPENED_AT, "T-1", contract="c1", priority="P1")
    desk.tell(opened, at=LATE_AT + 2 * MINUTE)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "breached"}'
    assert told() == []


def test_what_was_accepted_is_not_sent_again(address: str) -> None:
    """One attempt, with the words of the other side as evidence."""
    office = Office()
    office.settle(HALF_AT)
    assert send_all(HALF_AT) == ["lea@email.example"]
    assert send_all(HALF_AT + 600 * MINUTE) == []
    (attempt,) = Attempt.objects.all()
    assert (attempt.state, attempt.said, attempt.code) == ("accepted", "said accepted", 250)
    assert told() == [("half", "Lea", "accepted")]


def test_messages_wait_for_nothing_that_is_decided_of_others(address: str) -> None:
    """Those of one provider are there before anything of the next one is decided, and who sends is called."""
    office = Office()
    other = Provider.objects.create(name="Contoso", key="contoso")
    ScopeRow.objects.create(provider=other, contract="c9", next_at=HALF_AT + 1, asked_at=0)
    seen: list[tuple[int, int]] = []
    wake(
        HALF_AT + 1,
        decided=lambda: seen.append(
            (office.provider.messages.count(), ScopeRow.objects.filter(provider=other).count())
        ),
    )
    assert seen == [(1, 1), (1, 0)]


def test_two_senders_never_take_the_same(address: str) -> None:
    """What one took the other does not see."""
    office = Office()
    office.settle(HALF_AT)
    assert len(take("mail", HALF_AT)) == 1
    assert take("mail", HALF_AT) == []


def test_a_sender_that_was_stopped_changes_nothing_when_it_wakes(address: str) -> None:
    """Its message was given up and sent by another: one attempt of which nobody knows, one that counts."""
    office = Office()
    office.settle(HALF_AT)
    (zombie,) = take("mail", HALF_AT)
    assert recover(HALF_AT + 10 * SECOND, draw) == 0
    later = HALF_AT + MINUTE
    assert recover(later, draw) == 1
    assert not sent(zombie, Delivery("accepted", HALF_AT, "250 ok"), later, draw)
    assert send_all(later + 9 * MINUTE) == []
    (again,) = take("mail", later + 20 * MINUTE)
    assert again.text.possible_repeat == "This message may have reached you before."
    assert sent(again, Delivery("accepted", later, "250 ok"), later + 20 * MINUTE, draw)
    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["unknown", "accepted"]


def test_a_sender_that_is_still_at_it_keeps_its_message(address: str) -> None:
    """A relay may think for ten minutes about the final dot."""
    office = Office()
    office.settle(HALF_AT)
    taken = take("mail", HALF_AT)
    for minutes in range(1, 8):
        still_at_it(taken, HALF_AT + minutes * 20 * SECOND)
    assert recover(HALF_AT + 150 * SECOND, draw) == 0


@pytest.mark.parametrize("state", ["failed", "refused"])
def test_what_one_way_does_not_take_goes_the_next(address: str, state: str) -> None:
    """Mail is not accepted within a quarter of an hour, or refused at once: the same goes by SMS."""
    office = Office()
    office.settle(HALF_AT)
    send_all(HALF_AT, state)
    now = HALF_AT + (15 * MINUTE if state == "failed" else SECOND)
    assert fall_back(now - SECOND) == (0 if state == "failed" else 1)
    assert fall_back(now) == (1 if state == "failed" else 0)
    assert fall_back(now + 60 * MINUTE) == 0
    (sms,) = take("service", now)
    assert sms.address == "lea@sms.example"
    assert Message.objects.get(rank=1).text == Message.objects.get(rank=0).text


def by_both_ways(office: Office) -> int:
    """Mail to Lea is not accepted within a quarter of an hour: a text message waits, too; gives when."""
    office.settle(HALF_AT)
    send_all(HALF_AT, "failed")
    now = HALF_AT + 15 * MINUTE
    assert fall_back(now) == 1
    return now


def ends(row: Message) -> tuple[str, str, Instant | None, Instant | None, Instant | None]:
    """Where a message is, and all that would go on with it."""
    row.refresh_from_db()
    return row.state, row.said, row.ended_at, row.next_at, row.fall_back_at


def test_what_the_next_way_has_accepted_is_not_tried_on_by_the_first(address: str) -> None:
    """The text message arrived: the mail, which would be repeated for a day, would be the same once more."""
    now = by_both_ways(Office())
    (sms,) = take("service", now)
    assert sent(sms, Delivery("accepted", now, "ok"), now, draw)
    first = Message.objects.get(rank=0)
    assert ends(first) == ("suppressed", "accepted by another way: sms", now, None, None)
    assert take("mail", now + HOUR) == []
    assert [one.state for one in first.attempts.all()] == ["failed"]


def test_what_the_first_way_accepts_late_goes_by_no_other(address: str) -> None:
    """The text message waits to be tried again when the mail is accepted, and then waits no more."""
    office = Office()
    Reach.objects.create(person=office.lead, rank=2, channel="pager", way="mail", sealed=seal("lea@pager"))
    now = by_both_ways(office)
    (sms,) = take("service", now)
    assert sent(sms, Delivery("failed", now, "busy"), now, draw)
    assert send_all(now) == ["lea@email.example"]
    assert ends(Message.objects.get(rank=1)) == (
        "suppressed",
        "accepted by another way: email",
        now,
        None,
        None,
    )
    assert (fall_back(now + HOUR), take("service", now + HOUR), take("mail", now + HOUR)) == (0, [], [])


@pytest.mark.parametrize("state", ["failed", "unknown", "accepted"])
def test_what_is_being_sent_when_another_way_accepts_is_not_repeated(address: str, state: str) -> None:
    """The mail is under way just then: it may arrive, too, and is not sent again if it does not."""
    now = by_both_ways(Office())
    (mail,), (sms,) = take("mail", now), take("service", now)
    assert sent(sms, Delivery("accepted", now, "ok"), now, draw)
    assert Message.objects.get(rank=0).state == "sending"
    assert sent(mail, Delivery(state, now, state), now + SECOND, draw)  # type: ignore[arg-type]
    said = ("accepted", state) if state == "accepted" else ("suppressed", "accepted by another way: sms")
    assert ends(Message.objects.get(rank=0)) == (*said, now + SECOND, None, None)
    assert take("mail", now + HOUR) == []


def test_what_a_digest_of_the_next_way_told_is_not_tried_on(address: str) -> None:
    """The text message came in a digest, and that was accepted."""
    now = by_both_ways(Office())
    assert coalesce("service", now) == 1
    row = Message.objects.get(rank=1)
    digest = Message.objects.create(
        provider=row.provider, key="d" * 64, rule="digest", cause="digest/1", person=row.person,
        reach=row.reach, stage_at=now, owed_at=now, next_at=now, alone_at=now, is_digest=True,
        urgency="urgent",
    )  # fmt: skip
    Message.objects.filter(pk=row.pk).update(state="suppressed", digest=digest, next_at=None, alone_at=None)
    (sms,) = take("service", now)
    assert sent(sms, Delivery("accepted", now, "ok"), now, draw)
    assert ends(Message.objects.get(rank=0, is_digest=False))[1] == "accepted by another way: sms"


def test_what_only_looks_the_same_goes_on(address: str) -> None:
    """Lou hears nothing yet, and neither does Lea of another stage: what she was told is something else."""
    office = Office()
    office.person("Lou", "lead", "email", "sms")
    office.settle(HALF_AT)
    send_all(HALF_AT, "failed")
    now = HALF_AT + 15 * MINUTE
    assert fall_back(now) == 2
    for row in Message.objects.filter(person__name="Lea"):
        row.pk, row.key, row.stage, row.contract = None, f"{row.rank}" * 64, "another", ""
        row.save()
    (sms,) = [one for one in take("service", now) if "lea" in one.address][:1]
    assert sent(sms, Delivery("accepted", now, "ok"), now, draw)
    assert Message.objects.filter(rank=0, state="suppressed").count() == 1
    assert sorted(one.address for one in take("mail", now + HOUR)) == [
        "lea@email.example",
        "lou@email.example",
    ]


def test_a_page_that_one_way_has_accepted_wakes_nobody_twice_and_its_chain_goes_on(address: str) -> None:
    """To be accepted is not to be acknowledged: the same person is woken again by the next level alone."""
    office = Office()
    office.provider.chains.create(
        role="lead", times=2, levels=[{"people": ["Lea"], "within_us": 15 * MINUTE}]
    )
    Message.objects.all().delete()
    office.settle(LATE_AT + 1)
    ask_on(LATE_AT + 1)
    send_all(LATE_AT + 1, "failed")
    now = LATE_AT + 1 + 2 * MINUTE
    assert fall_back(now) >= 1
    for one in take("service", now):
        assert sent(one, Delivery("accepted", now, "ok"), now, draw)
    pages = Message.objects.filter(person__name="Lea", rule="late")
    assert [(row.rank, row.state) for row in pages.order_by("rank")] == [(0, "suppressed"), (1, "accepted")]
    page = Page.objects.get()
    assert (page.acknowledged_at, page.over_at, page.next_at) == (None, None, LATE_AT + 1 + 15 * MINUTE)
    ask_on(LATE_AT + 1 + 15 * MINUTE)
    assert "lea@email.example" in send_all(LATE_AT + 1 + 15 * MINUTE)


def test_a_second_address_of_the_same_channel_is_a_way_of_its_own(address: str) -> None:
    """Nobody accepts mail at the first address: both leads get it at their second one."""
    office = Office()
    for name in ("Lea", "Lou"):
        two = [Way("email", "mail", f"{name.lower()}@{place}.example") for place in ("office", "home")]
        put_person(office.provider.pk, name, ["lead"], two)
    office.settle(HALF_AT)
    send_all(HALF_AT, "refused")
    assert fall_back(HALF_AT) == 2
    assert sorted(send_all(HALF_AT)) == ["lea@home.example", "lou@home.example"]


def test_what_goes_the_next_way_has_not_failed(address: str) -> None:
    """Mail to Lea is refused and the text message is not: nobody was left untold until it is, too."""
    office = Office()
    office.settle(HALF_AT)
    send_all(HALF_AT, "refused")
    fall_back(HALF_AT)
    assert (vitals(HALF_AT).failed, unheard_lately(HALF_AT)) == (0, None)
    (sms,) = take("service", HALF_AT)
    sent(sms, Delivery("refused", HALF_AT, "no such number"), HALF_AT, draw)
    fall_back(HALF_AT)
    assert (vitals(HALF_AT).failed, unheard_lately(HALF_AT)) == (1, HALF_AT)
    assert unheard_lately(HALF_AT + HOUR) is None


def test_a_way_that_came_to_rest_meanwhile_is_none(address: str) -> None:
    """The text message would be next, and wants no more: so the mail was the last way."""
    office = Office()
    office.settle(HALF_AT)
    Reach.objects.filter(channel="sms").update(rests="asked for no more")
    send_all(HALF_AT, "refused")
    assert fall_back(HALF_AT) == 0
    assert unheard_lately(HALF_AT) == HALF_AT


def test_a_page_that_no_way_takes_is_known_after_two_minutes(address: str) -> None:
    """The relay is away: it may be tried for a day, and whoever is to be woken sleeps on."""
    office = Office()
    Person.objects.exclude(name="Dirk").delete()
    office.settle(LATE_AT + 1)
    late_at = LATE_AT + 1 + 2 * MINUTE
    send_all(LATE_AT + 1, "failed")
    assert {row.rule: row.said for row in Message.objects.filter(state="failed")} == {
        "half": NOBODY,
        "told": NOBODY,
    }
    assert unheard_lately(late_at - 1) == LATE_AT + 1
    assert unheard_lately(late_at) == late_at


def test_who_was_removed_on_purpose_is_no_alarm(address: str) -> None:
    """Nor is a customer of whom nobody is kept: their provider tells them otherwise."""
    office = Office()
    take_person(office.provider.pk, "Ada", "Acme", OPENED_AT)
    office.settle(LATE_AT + 1)
    (row,) = Message.objects.filter(said=NOBODY)
    assert (row.state, row.audience) == ("failed", "customer")
    assert unheard_lately(LATE_AT + 1) is None
    assert Message.objects.filter(person__name="Lea", state="waiting").exists()
    take_person(office.provider.pk, "Lea", "", LATE_AT + 1)
    assert Message.objects.filter(said=REMOVED, state="failed").exists()
    assert unheard_lately(LATE_AT + 1) is None


def test_of_what_a_program_answered_the_status_is_told() -> None:
    """Its text may be of a network that only the server reaches; what a mail server says is told whole."""
    by = {way: Message(reach=Reach(way=way)) for way in ("webhook", "mail")}
    assert _said(by["webhook"], "200 the payroll of June") == "200"
    assert _said(by["webhook"], "refused: 10.0.0.1 is forbidden") == "refused: 10.0.0.1 is forbidden"
    assert _said(by["mail"], "550 no such user") == "550 no such user"
