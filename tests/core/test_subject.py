"""A subject as its facts tell it: events at the instants from which they count, attributes over time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from upheld.core.clocks.subject import (
    OF_A_CONTRACT,
    Moment,
    fold_subject,
    known_value,
    of_contract,
    subject_kind,
    told_of,
)
from upheld.core.values.amount import Amount

from .worlds import CONTRACT, OTHER_CONTRACT, at, bound, clock, fact, in_order, shown, text_at

RULE = clock("from: opened", "until: answered", "within: 2h")
TERMS = bound(RULE)
RICH = bound(
    """
attribute:
  size: {of: ticket, type: number}
  patience: {of: ticket, type: duration}
  gold: {of: ticket, type: truth}
  noted_at: {of: ticket, type: instant}
  tone: {of: ticket, type: text, values: [kind, harsh], default: kind}
deadline:
  response: {from: opened, until: answered, within: 2h}
"""
)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("ticket.replied", "ticket"),
        ("maintenance.started", "maintenance"),
        ("contract.signed", None),
        ("correction.withdrawn", None),
        ("visit.arrived", "ticket"),
        ("nothing.known", None),
    ],
)
def test_a_fact_is_about_a_kind_of_subject_or_none(type_: str, kind: str | None) -> None:
    """Declared types first."""
    assert subject_kind(type_, {"visit.arrived": "ticket"}) == kind


def test_nothing_is_there_before_it_begins() -> None:
    """Replies alone, or an opening that nobody can vouch for, make no ticket."""
    reply = fact("ticket.replied", "Mon 06-01 10:00")
    doubtful = fact("ticket.opened", "Mon 06-01 09:00", verified=False)
    assert fold_subject("ticket", "T-1", [doubtful, reply], TERMS) is None


def test_a_contract_has_its_own_facts_of_a_subject_that_two_begin() -> None:
    """What names no contract is of the first; of work, which concerns all, it is of every one."""
    facts = [
        fact("ticket.opened", "Mon 06-01 09:00"),
        fact("ticket.opened", "Mon 06-01 09:10", contract="c2"),
        fact("ticket.replied", "Mon 06-01 09:20"),
        fact("ticket.replied", "Mon 06-01 09:30", contract="c2"),
        fact("ticket.replied", "Mon 06-01 09:40", contract="c1"),
    ]
    for contract, own in ((CONTRACT, [0, 2, 4]), (OTHER_CONTRACT, [1, 3])):
        subject = fold_subject("ticket", "T-1", facts, bound(RULE, contract))
        assert subject is not None
        assert [event.fact for event in subject.events] == [facts[n] for n in own]
    assert fold_subject("ticket", "T-1", facts, bound(RULE, OTHER_CONTRACT.replace("c2", "c3"))) is None
    assert sorted(OF_A_CONTRACT) == ["claim", "task", "ticket"]
    started, ended = (
        fact("maintenance.started", "Mon 06-01 09:00"),
        fact("maintenance.ended", "Mon 06-01 10:00"),
    )
    others = fact("maintenance.changed", "Mon 06-01 09:30", kind="scheduled", contract="c9")
    work = fold_subject("maintenance", "T-1", [started, others, ended], TERMS)
    assert work is not None
    assert [event.fact for event in work.events] == [started, ended]
    assert fold_subject("maintenance", "T-1", [others], TERMS) is None


def test_whose_subject_was_recorded_first_has_what_names_nobody() -> None:
    """Though another customer's ticket of that id, told later, was opened before; and it needs a witness."""
    doubtful = fact("ticket.opened", "Mon 06-01 08:00", id_="d", contract="c3", verified=False)
    back_dated = fact("ticket.opened", "Mon 06-01 09:00", id_="b", contract="c2")
    back_dated = replace(back_dated, recorded_at=at("Tue 06-02 09:00"))
    opened, reply = fact("ticket.opened", "Mon 06-01 10:00"), fact("ticket.replied", "Mon 06-01 11:00")
    facts = [doubtful, back_dated, opened, reply]
    for contract, own in (("c1", [opened, reply]), ("c2", [back_dated]), ("c3", [doubtful]), (None, facts)):
        assert list(of_contract(contract, "ticket", facts)) == own


def test_what_is_told_of_a_subject_is_what_is_about_it() -> None:
    """A ticket and an incident of one id, and what an agreement declares about tickets."""
    opened, declared = fact("ticket.opened", "Mon 06-01 09:00"), fact("incident.declared", "Mon 06-01 09:10")
    seen, named = fact("visit.arrived", "Mon 06-01 09:20"), fact("contact.named", "Mon 06-01 09:30")
    terms = bound(RULE + "event: {visit.arrived: {of: ticket}}\n", CONTRACT)
    facts = [opened, declared, seen, named]
    assert list(told_of("ticket", facts, terms)) == [opened, seen]
    assert list(told_of("incident", facts, terms)) == [declared]


def test_events_stand_where_they_count() -> None:
    """A contact told late comes before what happened since."""
    facts = [
        fact("ticket.replied", "Mon 06-01 09:35"),
        fact("ticket.opened", "Mon 06-01 10:00", contacted_at=text_at("Mon 06-01 09:30")),
    ]
    subject = fold_subject("ticket", "T-1", facts, TERMS)
    assert subject is not None
    assert [(e.fact.type, shown(e.at)) for e in subject.events] == [
        ("ticket.opened", "Mon 06-01 09:30"),
        ("ticket.replied", "Mon 06-01 09:35"),
    ]


def test_attributes_hold_from_when_they_are_told() -> None:
    """What a classification does not name stays; before the first telling, the first holds."""
    facts = in_order(
        [
            fact("ticket.opened", "Mon 06-01 10:00", priority="P3", channel="mail"),
            fact("ticket.classified", "Mon 06-01 11:00", by="customer", priority="P1"),
            fact("ticket.classified", "Mon 06-01 12:00", by="provider", kind="question"),
        ]
    )
    subject = fold_subject("ticket", "T-1", facts, TERMS)
    assert subject is not None
    names = ("priority", "kind", "channel")
    told = {
        when: tuple(subject.attributes_at(at(f"Mon 06-01 {when}"))[name] for name in names)
        for when in ("09:00", "10:00", "11:00", "12:00")
    }
    assert told == {
        "09:00": ("P3", "incident", "mail"),
        "10:00": ("P3", "incident", "mail"),
        "11:00": ("P1", "incident", "mail"),
        "12:00": ("P1", "question", "mail"),
    }
    assert [moment.by for moment in subject.moments] == ["", "customer", "provider"]


def test_a_classification_before_a_contact_told_late_keeps_what_the_contact_told() -> None:
    """Written down after it was classified: each attribute still holds from its own instant."""
    facts = [
        fact("ticket.classified", "Mon 06-01 09:40", by="provider", priority="P1"),
        fact(
            "ticket.opened",
            "Mon 06-01 10:00",
            contacted_at=text_at("Mon 06-01 09:30"),
            priority="P3",
            channel="phone",
        ),
    ]
    subject = fold_subject("ticket", "T-1", facts, TERMS)
    assert subject is not None
    now = subject.attributes_at(at("Mon 06-01 10:30"))
    assert (now["priority"], now["channel"]) == ("P1", "phone")


def test_declared_attributes_have_their_types_and_defaults() -> None:
    """Numbers are exact, and what is not of its type is not known."""
    opened = fact(
        "ticket.opened",
        "Mon 06-01 10:00",
        size=Decimal("1.10"),
        patience="2h",
        gold=True,
        noted_at="2026-06-01T00:00:00Z",
    )
    subject = fold_subject("ticket", "T-1", [opened], RICH)
    assert subject is not None
    now = subject.attributes_at(opened.at)
    assert (now["size"], now["gold"], now["tone"]) == (Fraction(11, 10), True, "kind")
    assert now["patience"] == Amount("time", 7_200_000_000)
    assert now["noted_at"] == at("Mon 06-01 00:00")


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("soon", "instant"),
        (5, "instant"),
        ("perhaps", "truth"),
        ("much", "number"),
        ("1/0", "number"),
        ("x", "duration"),
        (None, "text"),
    ],
)
def test_what_is_not_of_its_type_is_unknown(value: object, type_: str) -> None:
    """Never an error: an agreement has to live with any fact."""
    assert known_value(value, type_) is None  # type: ignore[arg-type]


def test_what_others_decide_is_laid_over_the_attributes() -> None:
    """At the same instant the cause stays whoever changed the attributes."""
    facts = in_order(
        [
            fact("ticket.opened", "Mon 06-01 10:00", priority="P3"),
            fact("ticket.classified", "Mon 06-01 11:00", by="customer", priority="P1"),
        ]
    )
    subject = fold_subject("ticket", "T-1", facts, TERMS)
    assert subject is not None
    laid = subject.with_moments([Moment(at("Mon 06-01 11:00"), {"quota.urgent": "within"})])
    assert [(shown(m.at), m.by, m.attributes.get("quota.urgent")) for m in laid.moments] == [
        ("Mon 06-01 10:00", "", None),
        ("Mon 06-01 11:00", "customer", "within"),
    ]
