"""Facts recorded and deadlines that wake: what is kept is what a whole evaluation says."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.test_evaluation import CONTACTS, EVE, EVERYTHING, START_AT, facts_told
from tests.core.worlds import CONTRACT, DESK, at, fact
from tests.live.databases import Postgres, Sqlite
from tests.live.desk import Northwind
from tests.live.kills.orders import MEASURED
from upheld.app.apply import apply
from upheld.app.decide import decide
from upheld.app.rebuild import rebuild
from upheld.app.refusal import RefusedError
from upheld.app.terms import Holding
from upheld.core.evaluating.narrow import Scope
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, format_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.store.models import Change, Provider, RecordedFact, ScopeRow, StandingFact
from upheld.store.shelf import Shelf
from upheld.store.walls import between

TWO = DESK + "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 4h}}}\n"


def test_a_ticket_is_due_when_the_agreement_says(address: str) -> None:
    """P1 on Friday at 16:30 has half an hour that day and is late after Monday 10:30; one answer stops it."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", now, "T-1", contract="c1", priority="P1"), at=now)
    (row,) = ScopeRow.objects.filter(kind="ticket")
    assert row.next_at == at("Mon 06-08 10:30") + 1
    assert row.states == '{"response/T-1/1": "running"}'
    answered = at("Mon 06-08 10:00")
    desk.tell(fact("ticket.replied", answered, "T-1", by="human"), at=answered)
    (row,) = ScopeRow.objects.filter(kind="ticket")
    assert (row.next_at, row.states) == (None, '{"response/T-1/1": "met"}')


def test_what_nobody_answers_wakes_by_itself(address: str) -> None:
    """At the first instant that is late the response is breached, and nothing is due after it."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", now, "T-1", contract="c1", priority="P1"), at=now)
    desk.settle(at("Mon 06-08 10:30"))
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "running"}'
    desk.settle(at("Mon 06-08 10:30") + 1)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "breached"}'


def test_what_is_late_at_the_next_instant_is_not_waited_for(address: str) -> None:
    """Two hours are gone when it becomes urgent: it is late an instant later, and is woken for then."""
    desk = Northwind(TWO, CONTRACT)
    opened, now = at("Fri 06-05 14:00"), at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", opened, "T-1", contract="c1", priority="P3"), at=opened)
    desk.tell(fact("ticket.classified", now, "T-1", priority="P1", by="provider"), at=now)
    (row,) = ScopeRow.objects.filter(kind="ticket")
    assert (row.next_at, row.states) == (now + 1, '{"response/T-1/1": "running"}')
    desk.settle(now + 1)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "breached"}'


def test_what_turned_before_other_texts_held_is_a_change(address: str) -> None:
    """A deadline passed, and before anybody looked other texts are applied: whoever follows learns of it."""
    desk = Northwind(TWO, CONTRACT)
    now, late_at = at("Fri 06-05 16:30"), at("Mon 06-08 10:30") + 1
    desk.tell(fact("ticket.opened", now, "T-1", contract="c1", priority="P1"), at=now)
    apply(desk.provider.pk, desk.texts | {"acme.yaml": desk.texts["acme.yaml"] + b"# another\n"}, late_at)
    said = [(row.before, row.after, row.at) for row in Change.objects.order_by("pk")]
    assert said == [("", "running", now), ("running", "breached", late_at)]


def test_other_texts_tell_no_verdict_of_a_period_anew(address: str) -> None:
    """What a month has come to is what it was before: nobody who follows is told of it once more."""
    desk = Northwind(TWO + MEASURED, CONTRACT)
    now = at("Mon 06-08 10:00")
    desk.settle(now)
    before = list(Change.objects.values_list("what", "after"))
    assert ("up/2026-05/1", "undetermined") in before
    apply(desk.provider.pk, desk.texts | {"acme.yaml": desk.texts["acme.yaml"] + b"# another\n"}, now)
    assert desk.settle(now) > 0
    assert list(Change.objects.values_list("what", "after")) == before


def test_what_cannot_be_decided_keeps_no_texts_from_holding(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the texts that are applied it can be: what is due then is decided by them."""
    desk = Northwind(TWO, CONTRACT)
    now, late_at = at("Fri 06-05 16:30"), at("Mon 06-08 10:30") + 1
    desk.tell(fact("ticket.opened", now, "T-1", contract="c1", priority="P1"), at=now)

    def fails(*_: object, **__: object) -> None:
        ScopeRow.objects.all().delete()  # of what was written by then nothing stays
        raise BeyondHorizon("no such year")

    monkeypatch.setattr("upheld.app.wake.decide", fails)
    apply(desk.provider.pk, desk.texts | {"acme.yaml": desk.texts["acme.yaml"] + b"# another\n"}, late_at)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "breached"}'
    assert [row.after for row in Change.objects.order_by("pk")] == ["running", "breached"]


def test_what_cannot_be_decided_keeps_no_other_change_from_being_told_before_other_texts_hold(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three tickets that are late one cannot be decided: the others are told of, and then that one."""
    desk = Northwind(TWO, CONTRACT)
    now, late_at = at("Fri 06-05 16:30"), at("Mon 06-08 10:30") + 1
    for ticket in ("T-1", "T-2", "T-3"):
        desk.tell(fact("ticket.opened", now, ticket, contract="c1", priority="P1"), at=now)

    def fails(provider: Provider, hold: Holding, scopes: Collection[Scope], *more: Any, **by: Any) -> object:
        if any(one.subject == "T-2" for one in scopes):
            raise BeyondHorizon("no such year")
        return decide(provider, hold, scopes, *more, **by)

    monkeypatch.setattr("upheld.app.wake.decide", fails)
    apply(desk.provider.pk, desk.texts | {"acme.yaml": desk.texts["acme.yaml"] + b"# another\n"}, late_at)
    late = Change.objects.filter(after="breached").order_by("pk")
    assert [(row.what, row.at) for row in late] == [
        (f"response/{ticket}/1", late_at) for ticket in ("T-1", "T-3", "T-2")
    ]
    assert set(desk.expected(late_at)) <= set(desk.states())


@pytest.mark.parametrize("is_anew", [False, True])
def test_who_had_a_hand_in_a_cause_is_kept_when_it_was_corrected_or_withdrawn(
    address: str, is_anew: bool
) -> None:
    """Dora records two causes, Emil changes one and withdraws the other: both had a hand in both of them.

    Of both there is left what Dora said. It is so, too, when all that is kept is made anew.
    """
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    told = {"target": "interval", "cause": "client", "party": "customer", "actor": "dora"}
    told["starts_at"] = "2026-06-05T10:00:00Z"
    desk.tell(
        fact("attribution.recorded", now, "A-1", "f1", **told),
        fact("attribution.recorded", now, "A-2", "f2", **told),
        at=now,
    )
    by = {"by": "emil", "reason": "so"}
    changed = {"data": {**told, "cause": "ours", "party": "provider"}}
    one, other = ({"source": "desk", "id": name} for name in ("f1", "f2"))
    desk.tell(fact("correction.replaced", now, "A-1", "f3", corrects=one, replacement=changed, **by), at=now)
    desk.tell(fact("correction.withdrawn", now, "A-2", "f4", corrects=other, **by), at=now)
    if is_anew:
        StandingFact.objects.filter(input__startswith="retracted").delete()
        StandingFact.objects.exclude(corrected="").update(corrected="", input="")
        rebuild(desk.provider.pk, now)
    with between(desk.provider.pk):
        shelf = Shelf(desk.provider.pk, now)
        (corrected,) = shelf.facts(("subject", "attribution", "A-1"))
        withdrawn, told = shelf.facts(("subject", "attribution", "A-2")), shelf.facts(("retracted", ""))
    assert (corrected.data["cause"], corrected.hands) == ("ours", ("dora", "emil"))
    assert withdrawn == ()
    traces = [(one.subject, one.data["cause"], one.hands) for one in told]
    assert traces == [("A-1", "client", ("dora", "emil")), ("A-2", "client", ("dora", "emil"))]


def test_told_twice_is_told_once_and_told_otherwise_is_refused(address: str) -> None:
    """The first one stays, with its position; another body under its id is refused with the whole batch."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    one = fact("ticket.opened", now, "T-1", "f1", contract="c1", priority="P1")
    assert desk.tell(one, at=now).positions == (1,)
    assert desk.tell(one, one, at=now + 1) == desk.tell(one, one, at=now + 2)
    other = fact("ticket.opened", now, "T-1", "f1", contract="c1", priority="P3")
    new = fact("ticket.opened", now, "T-2", "f2", contract="c1", priority="P3")
    with pytest.raises(RefusedError) as refused:
        desk.tell(new, other, at=now + 3)
    assert [one.code for one in refused.value.findings] == ["conflicting-facts"]
    assert RecordedFact.objects.count() == 1


def test_a_correction_moves_what_it_corrects(address: str) -> None:
    """The answer was to another ticket: it is withdrawn, and the clock runs again."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", now, "T-1", "f1", contract="c1", priority="P1"), at=now)
    desk.tell(fact("ticket.replied", now, "T-1", "f2", by="human"), at=now + 1)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "met"}'
    corrects = {"source": "desk", "id": "f2"}
    withdrawn = fact("correction.withdrawn", now, "f2", "f3", corrects=corrects, by="Kim", reason="other")
    desk.tell(withdrawn, at=now + 2)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "running"}'


def test_a_correction_of_nothing_is_refused(address: str) -> None:
    """A ledger knows what stands before a correction."""
    desk = Northwind(TWO, CONTRACT)
    corrects = {"source": "desk", "id": "f9"}
    now = at("Fri 06-05 16:30")
    correction = fact("correction.withdrawn", now, "f9", "f3", corrects=corrects, by="Kim", reason="other")
    with pytest.raises(RefusedError) as refused:
        desk.tell(correction, at=now)
    assert [one.code for one in refused.value.findings] == ["dangling-correction"]


def test_what_was_recorded_is_never_changed(address: str) -> None:
    """Neither by an update nor by a deletion, whoever asks the database."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", now, "T-1", "f1", contract="c1"), at=now)
    for statement in ("UPDATE store_recordedfact SET actor = 'x'", "DELETE FROM store_recordedfact"):
        with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_positions_are_the_ranks_of_a_file(address: str) -> None:
    """However the clock steps back, each fact is recorded after the one before."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    for n, step in enumerate((0, -5, 0, 7)):
        desk.tell(fact("ticket.opened", now - 10, f"T-{n}", f"f{9 - n}", contract="c1"), at=now + step)
    rows = list(RecordedFact.objects.order_by("position").values_list("position", "recorded_at"))
    assert rows == [(1, now), (2, now + 1), (3, now + 2), (4, now + 7)]


def test_a_fact_that_is_yet_to_come_is_refused_unless_clocks_explain_it(address: str) -> None:
    """A minute ahead counts when its time has come; ten minutes ahead are somebody's mistake."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    minute = 60_000_000
    desk.tell(fact("ticket.opened", now + minute, "T-1", contract="c1", priority="P1"), at=now)
    assert desk.states()["c1/ticket/T-1"] == "{}"
    with pytest.raises(RefusedError, match="yet to come"):
        desk.tell(fact("ticket.opened", now + 10 * minute, "T-2", contract="c1"), at=now)
    desk.settle(now + minute)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "running"}'


def test_a_correction_moves_a_fact_no_further_ahead_than_it_could_be_told(address: str) -> None:
    """Nor does the correction of a correction; a minute ahead counts when its time has come."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Fri 06-05 16:30")
    desk.tell(fact("ticket.opened", now, "T-1", "f1", contract="c1", priority="P1"), at=now)

    def moved(id_: str, of: str, **replacement: object) -> Fact:
        corrects = {"source": "desk", "id": of}
        told = {"corrects": corrects, "replacement": replacement, "by": "bo", "reason": "the clock was wrong"}
        return fact("correction.replaced", now, "T-1", id_, **told)

    later, soon = ({"time": format_instant(now + ahead)} for ahead in (10 * MINUTE, 2 * MINUTE))
    with pytest.raises(RefusedError, match="2026-06-05T16:40:00Z, which is yet to come"):
        desk.tell(moved("k1", "f1", **later), at=now)
    desk.tell(moved("k2", "f1", **soon), at=now)
    assert desk.states()["c1/ticket/T-1"] == "{}"
    again = moved("k1", "f1", **later).data
    with pytest.raises(RefusedError, match="yet to come"):
        desk.tell(moved("k3", "k2", data=again), at=now)
    desk.settle(now + 2 * MINUTE)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "running"}'


@pytest.mark.parametrize("is_anew", [False, True])
def test_a_ticket_told_ahead_is_due_though_all_is_decided_before_it_is_opened(
    address: str, is_anew: bool
) -> None:
    """Other texts are applied, or all is made anew, between the two: nobody answers, and it is late."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Mon 06-08 10:00")
    opened = fact("ticket.opened", now + 3 * MINUTE, "T-1", contract="c1", priority="P1")
    desk.tell(opened, at=now)
    if is_anew:
        rebuild(desk.provider.pk, now + MINUTE)
    else:
        another = desk.texts | {"acme.yaml": desk.texts["acme.yaml"] + b"# another\n"}
        apply(desk.provider.pk, another, now + MINUTE)
    row = ScopeRow.objects.get(kind="ticket")
    assert (row.next_at, row.states) == (opened.at, "{}")
    late_at = opened.at + 2 * HOUR + 1
    desk.settle(late_at)
    assert desk.states()["c1/ticket/T-1"] == '{"response/T-1/1": "breached"}'
    assert desk.expected(late_at) == {"c1/ticket/T-1": desk.states()["c1/ticket/T-1"]}


def test_an_incident_told_ahead_is_of_a_contract_that_turns_out_to_go_on(address: str) -> None:
    """It had ended; that is taken back before the incident begins: it is one of the contract, and late."""
    desk = Northwind(
        "deadline: {update: {of: incident, from: declared, until: resolved, within: 1h}}", CONTRACT
    )
    now = at("Mon 06-08 10:00")
    ended = fact("contract.ended", now, "c1", on="2026-06-01")
    opened = fact("incident.declared", now + 3 * MINUTE, "I-1", severity="S1")
    desk.tell(ended, opened, at=now)
    corrects = {"source": ended.source, "id": ended.id}
    desk.tell(
        fact("correction.withdrawn", now, "c1", corrects=corrects, by="Kim", reason="so"), at=now + MINUTE
    )
    late_at = opened.at + HOUR + 1
    desk.settle(late_at)
    assert desk.states()["c1/incident/I-1"] == '{"update/I-1/1": "breached"}'
    assert desk.expected(late_at) == {"c1/incident/I-1": desk.states()["c1/incident/I-1"]}


def test_what_is_told_of_a_contract_ahead_wakes_whatever_is_of_it(address: str) -> None:
    """A contract is suspended in three minutes: its ticket is as it was until then, and then is decided."""
    desk = Northwind(TWO, CONTRACT)
    now = at("Mon 06-08 10:00")
    desk.tell(fact("ticket.opened", now, "T-1", contract="c1", priority="P1"), at=now)
    suspended = fact("contract.suspended", now + 3 * MINUTE, "c1")
    desk.tell(suspended, at=now)
    assert ScopeRow.objects.get(kind="ticket").next_at == suspended.at
    desk.tell(fact("ticket.assigned", now, "T-1", to="Kim"), at=now + 1)
    assert ScopeRow.objects.get(kind="ticket").next_at == suspended.at, "whatever else is told"
    desk.settle(suspended.at)
    assert ScopeRow.objects.get(kind="ticket").next_at != suspended.at
    kept = {scope: states for scope, states in desk.states().items() if states != "{}"}
    assert kept == desk.expected(suspended.at)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts_told(), st.data())
def test_what_is_kept_is_what_the_whole_evaluation_says(
    databases: Sqlite | Postgres, tmp_path: Path, told: list[Fact], data: st.DataObject
) -> None:
    """Facts late and early, corrections, batches of any size, time in between: every scope agrees."""
    with databases.fresh(tmp_path):
        desk = Northwind(EVERYTHING, CONTACTS, EVE, at=START_AT)
        now = START_AT + 7 * DAY
        while told:
            count = data.draw(st.integers(1, 5))
            batch, told = told[:count], told[count:]
            now += data.draw(st.sampled_from([0, 1, 30, 600])) * MINUTE
            for one in [batch] if data.draw(st.booleans()) else [[fact] for fact in batch]:
                with suppress(RefusedError):
                    desk.tell(*one, at=now)
            if data.draw(st.booleans()):
                desk.settle(now)
                kept = {name: text for name, text in desk.states().items() if text != "{}"}
                assert kept == desk.expected(now)
