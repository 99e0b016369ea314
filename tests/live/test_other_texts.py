"""Other texts change verdicts: whoever follows hears of each that comes into another state, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from tests.core.worlds import CONTRACT, DESK, DOCUMENT, OTHER_CONTRACT, at, fact
from tests.live.desk import Northwind
from tests.live.kills.orders import MEASURED
from upheld.app.apply import apply
from upheld.app.rebuild import rebuild
from upheld.core.timeline.instant import HOUR, Instant
from upheld.core.values.frozen import replace
from upheld.language.lock import dump, make_lock
from upheld.store.models import Change, ScopeRow

RESPONSE = "deadline: {response: {from: opened, until: answered, on: desk, within: {P1: 2h, other: 8h}}}\n"
AGREEMENT = DESK + RESPONSE
OPENED_AT = at("Mon 06-08 10:00")
NOW = at("Mon 06-08 11:00")
T_1 = "response/T-1/1"


class Followed(Northwind):
    """Northwind with two tickets that wait for an answer, and what was told since."""

    def __init__(self, agreement: str = AGREEMENT, *contracts: str) -> None:
        super().__init__(agreement, *(contracts or (CONTRACT,)))
        for ticket, priority in (("T-1", "P1"), ("T-2", "P3")):
            opened = fact("ticket.opened", OPENED_AT, ticket, contract="c1", priority=priority)
            self.tell(opened, at=OPENED_AT)
        self.settle(OPENED_AT)
        self.heard = 0
        self.told()

    def others(self, at: Instant, **texts: str | None) -> list[tuple[str, str, str]]:
        """What is told once these texts hold beside those that did, or hold no more: see `told`."""
        for name, text in texts.items():
            path = name.replace("_lock", ".lock") + (".json" if "_lock" in name else ".yaml")
            self.texts.pop(path, None)
            if text is not None:
                self.texts[path] = text.encode()
        apply(self.provider.pk, self.texts, at)
        self.settle(at)
        return self.told()

    def told(self) -> list[tuple[str, str, str]]:
        """What is in another state than before, and both states, since this was asked for last."""
        rows = list(Change.objects.filter(pk__gt=self.heard).order_by("pk"))
        self.heard = rows[-1].pk if rows else self.heard
        return sorted((row.what, row.before, row.after) for row in rows)

    def is_heard_as_kept(self) -> bool:
        """Whether who followed from the first change on knows what is kept, and heard nothing twice."""
        heard: dict[tuple[str, str], str] = {}
        for row in Change.objects.order_by("pk"):
            assert heard.get((row.contract, row.what), "") == row.before != row.after, row.what
            heard[row.contract, row.what] = row.after
        kept = {
            (row.contract, what): state
            for row in ScopeRow.objects.all()
            for what, state in json.loads(row.states).items()
        }
        return {key: state for key, state in heard.items() if state} == kept


def _text(old: str, new: str) -> str:
    assert old in AGREEMENT
    return DOCUMENT + AGREEMENT.replace(old, new)


def test_what_other_texts_make_of_a_ticket_is_a_change(address: str) -> None:
    """With half an hour it is late at once, with three it runs again; the ticket beside it is as it was."""
    desk = Followed()
    assert desk.others(NOW, acme=_text("P1: 2h", "P1: 30m")) == [(T_1, "running", "breached")]
    assert Change.objects.latest("pk").at == NOW
    assert desk.others(NOW + 1, acme=_text("P1: 2h", "P1: 3h")) == [(T_1, "breached", "running")]
    assert desk.others(NOW + 2, acme=_text("P1: 2h", "P1: 4h")) == []
    assert desk.is_heard_as_kept()


def test_a_promise_by_another_name_is_another_one(address: str) -> None:
    """Under its old name there is no verdict any more, under the new one there is."""
    desk = Followed()
    assert desk.others(NOW, acme=_text("{response:", "{answer:")) == [
        ("answer/T-1/1", "", "running"),
        ("answer/T-2/1", "", "running"),
        (T_1, "running", ""),
        ("response/T-2/1", "running", ""),
    ]
    assert desk.is_heard_as_kept()


def test_where_nothing_is_promised_on_tickets_there_are_no_verdicts_of_them(address: str) -> None:
    """Of what is no more nothing is kept, and its months stay as they were."""
    desk = Followed(AGREEMENT + MEASURED)
    gone = desk.others(NOW, acme=DOCUMENT + DESK + MEASURED)
    assert gone == [(T_1, "running", ""), ("response/T-2/1", "running", "")]
    assert not ScopeRow.objects.exclude(kind="").exists()
    assert desk.is_heard_as_kept()


def test_a_contract_that_is_taken_out_and_put_back_is_heard_of_as_it_is(address: str) -> None:
    """Its verdicts are no more; then they are there again, as they are by then, the months among them."""
    desk = Followed(AGREEMENT + MEASURED, CONTRACT, OTHER_CONTRACT)
    gone = desk.others(NOW, c1=None)
    assert {(T_1, "running", ""), ("up/2026-05/1", "undetermined", "")} <= {*gone}
    assert {after for _, _, after in gone} == {""}
    assert not ScopeRow.objects.filter(contract="c1").exists()
    back = desk.others(OPENED_AT + 3 * HOUR, c1=CONTRACT)
    assert {(T_1, "", "breached"), ("response/T-2/1", "", "running")} <= {*back}
    assert len(back) == len(gone)
    assert desk.is_heard_as_kept()


def test_of_what_was_there_before_a_contract_nobody_is_told(address: str) -> None:
    """The history of a contract that is new is not news, though what changes of it from then on is."""
    desk = Followed(AGREEMENT, OTHER_CONTRACT)
    opened = fact("ticket.opened", OPENED_AT, "T-9", contract="c3", priority="P1")
    desk.tell(opened, at=OPENED_AT)
    assert desk.others(NOW, c3=CONTRACT.replace("c1", "c3")) == []
    assert desk.states()["c3/ticket/T-9"] == '{"response/T-9/1": "running"}'
    assert desk.others(NOW + 1, acme=_text("P1: 2h", "P1: 30m")) == [
        ("response/T-9/1", "running", "breached")
    ]


def test_a_day_more_in_a_lock_is_heard_of(address: str) -> None:
    """A ticket is late on a Monday that was no holiday; then it was one, and the clock waits."""
    days = {date(2026, 1, 1): "New Year's Day"}
    made = make_lock("acme", ["UTC"], {}, (2025, 2027))
    lock = replace(made, holidays_library="0.1", holidays={"NL": days})
    hours = "09:00-17:00, business day: 8h}"
    assert hours in AGREEMENT
    agreement = AGREEMENT.replace(hours, "09:00-17:00, holidays: {country: NL}}", 1)
    desk = Followed()
    late_at = OPENED_AT + 3 * HOUR
    told = desk.others(late_at, acme=DOCUMENT + agreement, acme_lock=dump(lock))
    assert told == [(T_1, "running", "breached")]
    more = replace(lock, holidays={"NL": days | {date(2026, 6, 8): "Monday"}})
    assert desk.others(late_at, acme_lock=dump(more)) == [(T_1, "breached", "running")]
    assert desk.is_heard_as_kept()


QUOTA = """
quota: {urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: charged}}
deadline:
  response:
    from: opened
    until: answered
    on: desk
    within: [{where: quota.urgent = within, limit: 1h}, {where: "priority in [P1, P2, P3]", limit: 8h}]
"""


def test_another_allowance_is_counted_anew(address: str) -> None:
    """The second of two urgent tickets had more time; it is within the allowance once that is two."""
    desk = Followed(DESK + QUOTA)
    opened = fact("ticket.opened", OPENED_AT + 1, "T-3", contract="c1", priority="P1")
    desk.tell(opened, at=OPENED_AT + 1)
    desk.settle(NOW + 2)
    desk.told()
    told = desk.others(NOW + 2, acme=DOCUMENT + DESK + QUOTA.replace("allow: 1", "allow: 2"))
    assert told == [("response/T-3/1", "running", "breached")]
    told = desk.others(NOW + 2, acme=DOCUMENT + DESK + QUOTA.replace("allow: 1", "allow: 0"))
    assert told == [(T_1, "breached", "running"), ("response/T-3/1", "breached", "running")]
    kept = {scope: states for scope, states in desk.states().items() if states != "{}"}
    assert kept == desk.expected(NOW + 2)
    assert desk.is_heard_as_kept()


def test_what_is_made_anew_is_heard_of_where_it_was_kept_otherwise(address: str) -> None:
    """A deadline passed, and before anybody looked all is decided anew; once more, nothing is told."""
    desk = Followed()
    for _ in range(2):
        rebuild(desk.provider.pk, OPENED_AT + 3 * HOUR)
    assert desk.told() == [(T_1, "running", "breached")]


def test_it_takes_as_many_questions_of_twenty_tickets_as_of_ten(address: str) -> None:
    """A contract is taken out and put back: each of its verdicts is no more, and is decided on again."""
    desk, counted = Followed(), []
    for first in (0, 10):
        names = (f"T/{n}" for n in range(first, first + 10))
        desk.tell(*(fact("ticket.opened", NOW, one, contract="c1", priority="P1") for one in names), at=NOW)
        desk.told()
        asked: list[str] = []

        def note(execute: Callable[..., Any], question: str, *told: Any, asked: list[str] = asked) -> Any:
            asked.append(question)
            return execute(question, *told)

        with connection.execute_wrapper(note):
            told = [*desk.others(NOW, c1=None), *desk.others(NOW, c1=CONTRACT)]
        assert len(told) == 2 * (2 + first + 10)
        counted.append(len(asked))
    assert counted[0] == counted[1]
