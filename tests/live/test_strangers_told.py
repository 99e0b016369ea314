"""What counts nowhere is told of as it comes in: by what was told before, or comes with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.worlds import CONTRACT, DESK, at, fact
from tests.live.api_desk import NOW, World, event, told
from tests.live.desk import Northwind
from upheld.api.body import NAME
from upheld.core.timeline.instant import format_instant
from upheld.store.models import RecordedFact

LINES = "application/x-ndjson"
LIST = "application/cloudevents-batch+json"
OPENED = event()
REPLIED = event("f2", type_="ticket.replied")
CARRIED = event("a", type_="ticket.carried", commitment="respons", elapsed="30m")


def findings(world: World, *facts: dict[str, Any]) -> list[tuple[str, int]]:
    """The codes, and the lines of the batch, of what is told about facts."""
    body = "".join(json.dumps(one) + "\n" for one in facts).encode()
    found = told(world.owner.tell("/facts:batch", body, LINES))["findings"]
    assert all(one["severity"] == "warning" and one["way_out"] for one in found)
    assert all(one["places"][0]["file"] == NAME for one in found)
    return [(one["code"], one["places"][0]["line"]) for one in found]


def of_claim(id_: str, type_: str, **data: object) -> dict[str, Any]:
    """A fact about a claim."""
    return event(id_, "C-1", type_, **data)


def corrected(id_: str, of: str, **replacement: object) -> dict[str, Any]:
    """A correction of a fact by its id."""
    named = {"source": "/desk", "id": of}
    return event(
        id_, "c", "correction.replaced", corrects=named, replacement=replacement, by="ada", reason="typo"
    )


def test_a_fact_about_what_nobody_opened_is_told_of_however_it_comes(world: World) -> None:
    """Alone, on a line and in a list: it is recorded, and its opening may come yet."""
    (alone,) = told(world.owner.tell("/facts", REPLIED), 201)["findings"]
    assert alone["message"] == "ticket `T-1` has this fact, but none that begins it"
    assert alone["way_out"] == "add its ticket.opened"
    listed = json.dumps([event("f3", type_="ticket.resolved")]).encode()
    (in_list,) = told(world.owner.tell("/facts:batch", listed, LIST))["findings"]
    assert alone["code"] == in_list["code"] == "unknown-subject"
    assert findings(world, event("f4", type_="ticket.closed")) == [("unknown-subject", 1)]
    assert RecordedFact.objects.count() == 3


def test_what_was_opened_before_or_is_opened_in_the_batch_is_known(world: World) -> None:
    """The opening may stand behind in the batch; told again nothing else is said."""
    assert findings(world, REPLIED, OPENED) == []
    assert findings(world, event("f3", type_="ticket.resolved")) == []
    assert findings(world, event("f3", type_="ticket.resolved"), event("f4", "T-9", "ticket.closed")) == [
        ("unknown-subject", 2)
    ]


def test_a_clock_that_nothing_has_is_not_carried_over_without_a_word(world: World) -> None:
    """Also at the instant of the opening, whichever of the two sorts first."""
    assert findings(world, CARRIED, OPENED) == [("unknown-commitment", 1)]
    assert findings(world, {**CARRIED, "id": "z"}) == [("unknown-commitment", 1)]
    assert findings(world, event("f9", type_="ticket.carried", commitment="response", elapsed="1m")) == []


def test_a_plan_that_nothing_has_is_told_of(world: World) -> None:
    """The plan stays as it was; a fact about a contract that is not there is told of, too."""
    assert findings(world, event("p1", "c1", "contract.plan_changed", plan="gold")) == [("unknown-plan", 1)]
    assert findings(world, event("p2", "c7", "contract.plan_changed", plan="gold")) == [
        ("unknown-contract", 1)
    ]


def test_decisions_and_causes_of_what_nobody_opened_are_told_of(world: World) -> None:
    """A claim that was not filed, and an incident that was not declared; those that were are known."""
    decided = of_claim("d1", "claim.determined", outcome="accepted", actor="bo", reason="so")
    cause = event(
        "a1",
        "A-1",
        "attribution.recorded",
        target="I-1",
        party="provider",
        cause="x",
        evidence="log",
        by="bo",
    )
    assert findings(world, decided, cause) == [("unknown-subject", 1), ("unknown-target", 2)]
    declared = event("i1", "I-1", "incident.declared", severity="S1")
    assert findings(world, declared, {**cause, "id": "a2"}) == []
    assert findings(world, {**cause, "id": "a3"}) == []


def test_a_correction_is_judged_by_what_it_makes_of_a_fact(world: World) -> None:
    """At its own place, and through a correction of a correction; what it takes away is told of no more."""
    assert findings(world, OPENED) == []
    wrong = {"contract": "c1", "priority": "P9"}
    assert findings(world, REPLIED, corrected("k1", "f1", data=wrong)) == [("unknown-value", 2)]
    other = {
        "corrects": {"source": "/desk", "id": "f1"},
        "replacement": {"data": {**wrong, "priority": "P8"}},
    }
    again = corrected("k2", "k1", data={**other, "by": "ada", "reason": "typo"})
    (found,) = told(world.owner.tell("/facts", again), 201)["findings"]
    assert found["message"].startswith("`priority` cannot be `P8`")
    assert findings(world, corrected("k3", "f1", data={**wrong, "priority": "P2"})) == []


def test_what_moves_no_clock_since_it_lies_before_the_opening_is_told_of(world: World) -> None:
    """Whichever of the two was told last."""
    early = {**REPLIED, "time": format_instant(at("Fri 06-05 16:00"))}
    assert findings(world, OPENED, early) == [("before-opening", 2)]
    assert findings(world, {**early, "id": "f3", "subject": "T-2"}) == [("unknown-subject", 1)]
    (found,) = told(world.owner.tell("/facts", event("f4", "T-2")), 201)["findings"]
    assert [one["file"] for one in found["places"]] == ["/desk#f3", NAME]


@pytest.mark.parametrize("id_", ["a", "z"])
def test_a_duty_that_nothing_has_is_told_of_at_the_opening_instant(world: World, id_: str) -> None:
    """Whichever of the two sorts first."""
    waiting = event(
        id_, type_="ticket.waiting_started", duty="dat", by="bo", reason="so", **{"for": "customer"}
    )
    assert findings(world, waiting, OPENED) == [("unknown-duty", 1)]


def test_a_ticket_that_does_not_say_who_asked_is_told_of_where_only_some_may(address: str) -> None:
    """Those of the batch are counted in one warning, and not those that were told before."""
    text = DESK + "deadline: {response: {from: opened, until: answered, within: 2h}}\n"
    desk = Northwind(text + "entitlement: {users: {named contacts: 2}}\n", CONTRACT)
    tickets = [fact("ticket.opened", NOW, f"T-{n}") for n in range(4)]
    desk.tell(tickets[0], at=NOW)
    known = fact("ticket.opened", NOW, "T-9", requester="ada")
    answer = fact("ticket.replied", NOW, "T-0")
    (finding,) = desk.tell(*tickets[1:], known, answer, at=NOW).findings
    assert (finding.code, finding.severity) == ("missing-attribute", "warning")
    assert finding.message.startswith("3 tickets of `c1`, `T-1` the first of them, do not say who asked")
    assert desk.tell(known, answer, at=NOW).findings == ()


@pytest.mark.parametrize("name", ["\x00", "\x1f", "x" * 3000, "I'; --"])
def test_names_that_no_database_has_room_for_are_names_that_nothing_has(world: World, name: str) -> None:
    """They are told of as any other, or refused: never by a fault of ours."""
    cause = {"target": name, "party": "provider", "cause": "x"}
    for strange in (
        event("a1", "A-1", "attribution.recorded", **cause),
        event("i1", "I-1", "incident.declared", contracts=[name], components=[name]),
        event("c1", "C-1", "claim.filed", contract="c1", about=name, filed_by="ada"),
    ):
        assert world.owner.tell("/facts", strange).status_code in (201, 422)
