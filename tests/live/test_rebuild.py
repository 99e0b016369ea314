"""Everything stored beside the facts can be made anew from them."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.book.claimed import AGREEMENT, CONTRACT, Books, on
from tests.core.worlds import fact
from tests.live.desk import Northwind
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office
from upheld.app.rebuild import bring_up_to_date, rebuild
from upheld.core.accounting.booking import close
from upheld.core.timeline.instant import SECOND
from upheld.store.models import Change, Message, Provider, RestRow, ScopeRow, StandingFact
from upheld.store.shelf import Shelf
from upheld.store.walls import between


def _kept() -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    scopes = ScopeRow.objects.exclude(states="{}").values_list(
        "contract", "kind", "subject", "next_at", "states"
    )
    rests = RestRow.objects.values_list("scope__kind", "scope__subject", "dependency", "types")
    return set(scopes), set(rests)


def test_what_is_kept_comes_out_the_same(address: str) -> None:
    """After tickets, answers and deadlines that passed; nobody is told anything again, no change is told."""
    office = Office()
    office.tell(fact("ticket.opened", OPENED_AT, "T-2", contract="c1", priority="P3"), at=OPENED_AT)
    office.settle(HALF_AT)
    office.tell(fact("ticket.replied", HALF_AT, "T-2", by="human"), at=HALF_AT + SECOND)
    office.settle(LATE_AT + SECOND)
    before, told, changed = _kept(), Message.objects.count(), Change.objects.count()
    rebuild(office.provider.pk, LATE_AT + SECOND)
    office.settle(LATE_AT + SECOND)
    assert _kept() == before
    assert (Message.objects.count(), Change.objects.count()) == (told, changed)


OF_CREDITS = ("credit.issued", "credit.applied", "period.closed")
AUGUST_5 = on("08-05")


def _sorted() -> dict[str, str]:
    rows = StandingFact.objects.filter(recorded__type__in=OF_CREDITS)
    return dict(rows.values_list("recorded__type", "input"))


@pytest.mark.parametrize("by_hand", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_database_of_before_gets_the_inputs_of_credits(address: str, by_hand: bool) -> None:
    """By the migration, or made anew by hand: then what is owed rests on them, as if they were told now."""
    books = Books()
    books.decide("07-03", "accepted")
    (memo,) = books.issue("07-03")
    books.invoice("07", "08-01")
    books.apply("08-02", 1, "R-07")
    books.facts.append(close(memo.entity, "2026-07", on("08-03")))
    text = AGREEMENT.replace("PARTS", "3").replace("DECISION", "beside the verdict")
    desk = Northwind(text, CONTRACT)
    desk.tell(*books.facts, at=AUGUST_5)
    desk.settle(AUGUST_5)
    before, kept = _sorted(), _kept()
    assert before["credit.issued"] == before["credit.applied"] == "credits\x1fc1"
    assert before["period.closed"] == f"closings\x1f{memo.entity}"
    assert {("", "", "credits", ""), ("", "", "closings", "")} <= kept[1]
    StandingFact.objects.filter(recorded__type__in=OF_CREDITS).update(input="")
    RestRow.objects.filter(dependency__in=("credits", "closings")).delete()
    if by_hand:
        rebuild(desk.provider.pk, AUGUST_5)
    else:
        call_command("migrate", "store", "0012", verbosity=0)
        call_command("migrate", "store", verbosity=0)
    desk.settle(AUGUST_5)
    assert (_sorted(), _kept()) == (before, kept)


TWO = AGREEMENT.replace("PARTS", "3").replace("DECISION", "beside the verdict")


def test_a_server_of_before_keeps_bob_from_deciding_once_it_starts_anew(address: str) -> None:
    """Bob recorded a cause of June, Ines made it one of May: the version before forgot that it was of June.

    It took Bob's decision, and what it had kept told nothing of the two; a second start does nothing.
    """
    cause = {"target": "interval", "cause": "client", "party": "customer", "actor": "Bob"}
    june, may = (
        {**cause, "starts_at": f"2026-{day}T00:00:00Z", "ends_at": f"2026-{day}T15:00:00Z"}
        for day in ("06-15", "05-15")
    )
    books = Books()
    books.tell("attribution.recorded", "07-02", "A-1", **june)
    told = books.facts[-1]
    corrects = {"source": told.source, "id": told.id}
    rest = {"corrects": corrects, "by": "Ines", "reason": "so", "replacement": {"data": may}}
    books.tell("correction.replaced", "07-03", told.id, **rest)
    books.decide("07-04", "rejected")
    desk = Northwind(TWO, CONTRACT)
    desk.tell(*books.facts, at=AUGUST_5)
    desk.settle(AUGUST_5)
    kept = _kept()
    StandingFact.objects.filter(input__startswith="retracted").delete()
    RestRow.objects.filter(dependency__startswith="retracted").delete()
    Provider.objects.update(kept_by=0)
    assert _kept() != kept
    assert bring_up_to_date(AUGUST_5) == 1
    desk.settle(AUGUST_5)
    with between(desk.provider.pk):
        (trace,) = Shelf(desk.provider.pk, AUGUST_5).facts(("retracted", ""))
    assert (trace.data["starts_at"], trace.hands) == (june["starts_at"], ("Bob", "Ines"))
    assert _kept() == kept
    assert bring_up_to_date(AUGUST_5) == 0
