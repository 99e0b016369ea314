"""Named contacts: who may start a clock, where the agreement limits that."""

from __future__ import annotations

import pytest

from .worlds import Case, clock

LIMITED = clock("from: opened", "until: answered", "on: desk", "within: 2h") + (
    "entitlement:\n  contacts: {named contacts: 2}\n"
    "every:\n  updates: {of: ticket, from: opened, again: answered, until: resolved, each: 1h}\n"
)
CONTRACT = """
contract:
  id: c1
  customer: Acme
  agreement: acme
  from: 2026-01-01
  contacts: {ada: {role: owner}, bob: {from: 2026-05-01, until: 2026-06-02}, cleo: {from: 2026-05-15}}
"""


def asked(requester: str | None, when: str = "Mon 06-01 10:00", *namings: tuple[str, str, str]) -> str:
    """The state of a ticket's clock soon after; `namings` are (type, instant, contact)."""
    case = Case(LIMITED, CONTRACT)
    for type_, at, contact in namings:
        case.tell(type_, at, contact, contract="c1")
    case.tell("opened", when, **({} if requester is None else {"requester": requester}))
    day, on, clock_ = when.split()
    return case.states(f"{day} {on} {clock_}:30")[0]


@pytest.mark.parametrize(
    ("requester", "when", "state"),
    [
        ("ada", "Mon 06-01 10:00", "running"),
        ("bob", "Mon 06-01 10:00", "running"),
        ("bob", "Thu 04-30 10:00", "not applicable"),  # not yet
        ("bob", "Tue 06-02 10:00", "not applicable"),  # no more
        ("cleo", "Mon 06-01 10:00", "not applicable"),  # the third of two
        ("cleo", "Tue 06-02 10:00", "running"),  # bob has gone
        ("dan", "Mon 06-01 10:00", "not applicable"),
        (None, "Mon 06-01 10:00", "undetermined"),
    ],
)
def test_the_first_so_many_named_may_ask(requester: str | None, when: str, state: str) -> None:
    """By the days of the contract, earliest named first."""
    assert asked(requester, when) == state


def test_facts_name_and_remove_contacts() -> None:
    """A place that becomes free goes to whoever was named next."""
    named = ("contact.named", "Mon 06-01 09:00", "dan")
    assert asked("dan", "Mon 06-01 10:00", named) == "not applicable"
    removed = [("contact.removed", "Mon 06-01 09:00", who) for who in ("ada", "cleo")]
    assert asked("dan", "Mon 06-01 10:00", named, *removed) == "running"
    assert asked("ada", "Mon 06-01 10:00", *removed) == "not applicable"
    again = ("contact.named", "Mon 06-01 09:30", "ada")
    assert asked("ada", "Mon 06-01 10:00", *removed, again) == "running"


def test_who_was_named_at_the_opening_decides() -> None:
    """Removed afterwards, the clock goes on."""
    case = Case(LIMITED, CONTRACT).tell("opened", "Mon 06-01 10:00", requester="ada")
    case.tell("contact.removed", "Mon 06-01 10:30", "ada", contract="c1")
    assert case.states("Mon 06-01 13:00") == ["breached"]
    assert case.states("Mon 06-01 13:00", "updates") == ["breached"]


def test_a_stranger_starts_no_clock_at_all() -> None:
    """Neither the deadline nor the cadence, and the reason is told."""
    case = Case(LIMITED, CONTRACT).tell("opened", "Mon 06-01 10:00", requester="dan")
    found = [case.verdict("Mon 06-01 13:00", name) for name in ("clock", "updates")]
    told = {(v.state, v.reasons) for v in found}
    assert told == {("not applicable", ("the requester is not a named contact",))}


def test_a_stranger_uses_no_allowance() -> None:
    """A ticket that starts no clock is not counted."""
    quota = "quota:\n  asked: {where: kind = incident, allow: 1, per: calendar month, overflow: refused}\n"
    case = Case(LIMITED + quota, CONTRACT).tell("opened", "Mon 06-01 10:00", "T-1", requester="dan")
    case.tell("opened", "Mon 06-01 11:00", "T-2", requester="ada")
    assert case.states("Mon 06-01 11:30", "clock", "T-2") == ["running"]
    assert case.verdict("Mon 06-01 11:30", "asked", "2026-06").count == 1


def test_nobody_is_barred_where_the_agreement_does_not_limit_it() -> None:
    """Contacts of the contract alone limit nothing."""
    case = Case(clock("from: opened", "until: answered", "within: 2h"), CONTRACT)
    assert case.tell("opened", "Mon 06-01 10:00", requester="dan").states("Mon 06-01 11:00") == ["running"]
