"""What was compiled of texts that were never committed is not what holds."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from tests.core.worlds import CONTRACT, at, fact
from tests.live.desk import Northwind
from tests.live.test_record import TWO
from upheld.app.apply import apply
from upheld.core.timeline.instant import HOUR
from upheld.store.models import ScopeRow

NOW = at("Mon 06-08 10:00")


def test_what_was_rolled_back_holds_for_nobody(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database breaks off when seven hours are applied; then three are, and three are counted."""
    desk = Northwind(TWO, CONTRACT)
    assert b"P1: 2h" in desk.texts["acme.yaml"]

    def hours(number: int) -> dict[str, bytes]:
        return desk.texts | {"acme.yaml": desk.texts["acme.yaml"].replace(b"P1: 2h", b"P1: %dh" % number)}

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("the server is gone")

    with monkeypatch.context() as patch:
        patch.setattr("upheld.app.apply.decide_all", broken)
        with pytest.raises(OperationalError):
            apply(desk.provider.pk, hours(7), NOW)
    assert apply(desk.provider.pk, hours(3), NOW).revision == 2
    desk.tell(fact("ticket.opened", NOW, "T-1", "f1", contract="c1", priority="P1"), at=NOW)
    (due_at,) = ScopeRow.objects.filter(subject="T-1").values_list("next_at", flat=True)
    assert due_at is not None
    assert due_at <= NOW + 3 * HOUR + 1
    assert desk.settle(NOW + 3 * HOUR + 1) > 0
    assert "breached" in desk.states()["c1/ticket/T-1"]
