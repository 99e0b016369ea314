"""Everything stored beside the facts can be made anew from them."""

from __future__ import annotations

from tests.core.worlds import fact
from tests.live.test_messages import HALF_AT, LATE_AT, OPENED_AT, Office
from upheld.app.rebuild import rebuild
from upheld.core.timeline.instant import SECOND
from upheld.store.models import Change, Message, RestRow, ScopeRow


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
