"""What is not kept for ever: personal text, texts of messages, changes that were told of."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from tests.core.worlds import CONTRACT, DESK, at
from tests.live.desk import Northwind, random_bytes
from tests.live.test_messages import HALF_AT, OPENED_AT, Office, draw
from upheld.app.audit import audit
from upheld.app.endpoints import Wanted, make_endpoint, try_endpoint
from upheld.app.policies import Who
from upheld.app.refusal import RefusedError
from upheld.app.retain import Retention, erase, retain
from upheld.app.send import sent, take
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, MINUTE, Instant
from upheld.notify.message import Delivery
from upheld.server.retention import retention_of
from upheld.store.book import read_ledger
from upheld.store.models import Attempt, Change, Message, RecordedFact, StandingFact

CLOCK = (
    DESK + "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}}\n"
)
NOW = at("Mon 06-08 10:00")


def _opened(subject: str, when: Instant = NOW, name: str = "Kim") -> Fact:
    data = {"contract": "c1", "priority": "P1"}
    return Fact(f"{subject}-opened", "desk", "ticket.opened", when, when, subject, data, {"name": name})


def _personal(subject: str) -> set[str]:
    facts = read_ledger(RecordedFact.objects.values_list("provider", flat=True)[0]).log.effective()
    return {str(fact.private.get("name", "")) for fact in facts if fact.subject == subject}


def test_personal_text_of_a_ticket_is_erased_and_nothing_else(address: str) -> None:
    """Its facts, corrected ones too, say what they said without it; those of others keep theirs."""
    desk = Northwind(CLOCK, CONTRACT)
    desk.tell(_opened("T-1"), _opened("T-2"), at=NOW)
    told = {
        "corrects": {"source": "desk", "id": "T-1-opened"},
        "by": "Ada",
        "reason": "it was earlier",
        "replacement": {"time": "2026-06-08T09:50:00Z"},
    }
    correction = Fact("x", "desk", "correction.replaced", NOW + MINUTE, NOW + MINUTE, "T-1-opened", told)
    desk.tell(correction, at=NOW + MINUTE)
    assert any("Kim" in row.corrected for row in StandingFact.objects.all())
    states = desk.states()
    assert erase(desk.provider.pk, ["T-1"]) >= 1
    assert (_personal("T-1"), _personal("T-2")) == ({""}, {"Kim"})
    assert not any("Kim" in row.corrected for row in StandingFact.objects.all())
    assert desk.states() == states
    assert audit(()).faults == ()
    assert desk.tell(_opened("T-1"), at=NOW + 2 * MINUTE).new == 0, "told again it has no effect"
    assert _personal("T-1") == {""}, "and does not come back"
    with pytest.raises(RefusedError):
        desk.tell(_opened("T-2", name="Somebody else"), at=NOW + 2 * MINUTE)


def test_only_personal_text_can_be_taken_away(address: str) -> None:
    """The database refuses any other change of what was recorded, and another text in its place."""
    desk = Northwind(CLOCK, CONTRACT)
    desk.tell(_opened("T-1"), at=NOW)
    for change in ("personal = 'x', salt = NULL", "personal = NULL, salt = NULL, actor = 'x'", "salt = NULL"):
        with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE store_recordedfact SET {change}")


def test_personal_text_goes_when_its_time_is_over(address: str) -> None:
    """After so many days, and not before; without a time it stays."""
    desk = Northwind(CLOCK, CONTRACT)
    desk.tell(_opened("T-1"), at=NOW)
    desk.tell(_opened("T-2", NOW + DAY), at=NOW + DAY)
    assert retain(Retention(changes_us=None), NOW + 4000 * DAY) == 0
    assert retain(Retention(changes_us=None, personal_us=30 * DAY), NOW + 30 * DAY) == 0
    assert retain(Retention(changes_us=None, personal_us=30 * DAY), NOW + 30 * DAY + MINUTE) == 1
    assert (_personal("T-1"), _personal("T-2")) == ({""}, {"Kim"})


def test_messages_lose_their_text_and_are_not_sent_again(address: str) -> None:
    """The key stays, so the stage that was told of is told of no more; changes go by their own time."""
    office = Office()
    office.settle(HALF_AT)
    (taken,) = take("mail", HALF_AT, 8)
    assert sent(taken, Delivery("accepted", HALF_AT, "250 ok"), HALF_AT, draw)
    changes = Change.objects.count()
    assert changes
    assert retain(Retention(), OPENED_AT + 60 * DAY) == 0
    assert retain(Retention(), OPENED_AT + 120 * DAY) == changes
    assert retain(Retention(), OPENED_AT + 420 * DAY) == 1
    (message,) = Message.objects.filter(state="accepted")
    assert (message.subject, message.text, Attempt.objects.get().said) == ("", "", "")
    office.settle(HALF_AT + MINUTE)
    assert Message.objects.filter(stage=message.stage, rule=message.rule).count() == 1


def test_times_are_days_or_ever() -> None:
    """What the environment says; anything else is refused by name."""
    said = {"UPHELD_KEEP_TEXTS": "ever", "UPHELD_KEEP_PERSONAL": "730d"}
    assert retention_of(said) == Retention(texts_us=None, changes_us=90 * DAY, personal_us=730 * DAY)
    for wrong in ("730", "0d", "-1d", "1y", "d", "99999d"):
        with pytest.raises(ValueError, match="UPHELD_KEEP_TEXTS: write a number of days"):
            retention_of({"UPHELD_KEEP_TEXTS": wrong})


def test_events_go_with_the_changes_that_they_told_of(address: str) -> None:
    """Those that came to an end, after the same time; what is still owed to an endpoint stays."""
    office = Office(ticket=False)
    who = Who(office.provider.pk, "Northwind", None, None, "owner", frozenset(), "", 0, "")
    made = make_endpoint(who, Wanted("https://hooks.example/hook"), OPENED_AT, random_bytes).endpoint
    for _ in range(2):
        try_endpoint(who, made.pk, OPENED_AT, random_bytes)
    (first, second) = take("event", OPENED_AT)
    assert sent(first, Delivery("accepted", OPENED_AT, "204", 204), OPENED_AT, draw)
    kept = Retention(changes_us=90 * DAY)
    retain(kept, OPENED_AT + 90 * DAY)
    assert Message.objects.count() == 2
    retain(kept, OPENED_AT + 90 * DAY + 1)
    assert list(Message.objects.values_list("pk", flat=True)) == [second.id]
    assert not Attempt.objects.exists()
