"""Statements: what a record says, that it adds up, that it is the same every time, and what it leaves out."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.book.stated import AGREEMENT, AT, CONTRACT, at, book, fact, late, outage, ticket
from upheld.book.statement import Asked, NotReproducibleError, Stating, statement, statements
from upheld.book.statement_check import verification
from upheld.core.facts.fact import Fact
from upheld.core.stating.canonical import canonical
from upheld.core.stating.rules import FORMAT, KNOWN
from upheld.core.stating.statement import Statement
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.page import document
from upheld.render.statement.text import text

JUNE = [
    *ticket(1, "Mon 06-01 10:00", "Mon 06-01 11:00"),
    *ticket(2, "Fri 06-05 16:30", "Mon 06-08 10:41"),
    *ticket(3, "Tue 06-30 16:00", "Wed 07-01 09:30"),
    *ticket(4, "Fri 05-29 16:30", "Mon 06-01 12:30"),
    *outage(1, "Tue 06-09 10:00", "Tue 06-09 12:00"),
]


def stated(*more: Fact, period: str = "2026-06") -> dict[str, Any]:
    """The record of June with more facts."""
    return statement(book([*JUNE, *more]), "c1", period, AT).record


def of(record: dict[str, Any], subject: str) -> dict[str, Any]:
    """The only verdict on a subject."""
    (found,) = [one for one in record["verdicts"] if one["subject"] == subject]
    return found


def test_a_record_says_what_was_kept_and_missed_and_is_owed() -> None:
    """June: one answer in time, two late, two hours down of 720: 10 % of the fee."""
    record = stated()
    assert {name: n for name, n in record["summary"].items() if n} == {"met": 1, "breached": 3}
    assert of(record, "T-2")["late_us"] == 11 * 60_000_000
    uptime = of(record, "2026-06")
    assert uptime["measurement"]["final"] == {"value": "359/360", "low": "359/360", "high": "359/360"}
    assert record["money"]["owed"] == [
        {"currency": "EUR", "amount": "100.00", "minor": 10000, "set_off_minor": 0, "scheduled_minor": 0,
         "left_minor": 10000, "low": "100", "high": "100", "credits": 1, "undecided": 0}
    ]  # fmt: skip


def test_a_clock_that_goes_over_the_end_of_a_month_stands_where_it_was_decided() -> None:
    """Opened on the last afternoon, answered on the first morning: July's. Late in June: June's."""
    assert "T-3" not in [one["subject"] for one in stated()["verdicts"]]
    assert of(stated(period="2026-07"), "T-3")["state"] == "met"
    assert of(stated(), "T-4")["state"] == "breached"
    assert "T-4" not in [one["subject"] for one in stated(period="2026-05")["verdicts"]]


def test_the_parts_of_a_period_add_up_to_it() -> None:
    """Of every measurement, and of its stretches each part that is not up."""
    found = of(stated(), "2026-06")["measurement"]
    assert sum(part["amount"] for part in found["parts"]) == found["sum"] == 30 * 24 * 3600 * 10**6
    for part in found["parts"]:
        length = sum(end - start for start, end in part["spans"])
        assert length == (0 if part["name"] == "up" else part["amount"])


def test_what_was_late_has_what_is_drawn_of_it() -> None:
    """The open hours of its time, what was counted in them, and what was late; together what was counted."""
    drawn = of(stated(), "T-2")["drawn"]
    assert drawn["late"] == [[at("Mon 06-08 10:30"), at("Mon 06-08 10:41")]]
    assert drawn["counted"] == [
        [at("Fri 06-05 16:30"), at("Fri 06-05 17:00")],
        [at("Mon 06-08 09:00"), at("Mon 06-08 10:30")],
    ]
    assert [at("Mon 06-08 09:00"), at("Mon 06-08 10:41")] in drawn["open"]
    assert of(stated(), "T-1")["drawn"] is None


def test_a_record_refers_to_its_facts_by_their_hashes() -> None:
    """Every fact that a verdict cites, and all about its tickets; another word in one is another hash."""
    record = stated()
    there = {(one["source"], one["id"]): one["sha256"] for one in record["facts"]}
    cited = {(ref["source"], ref["id"]) for one in record["verdicts"] for ref in one["facts"]}
    assert cited <= there.keys()
    assert ("desk", "t1-2") in there
    changed = [
        fact("ticket.replied", "Mon 06-01 11:00", "T-1", "t1-2", actor="Bo") if one.id == "t1-2" else one
        for one in JUNE
    ]
    other = {
        one["id"]: one["sha256"] for one in statement(book(changed), "c1", "2026-06", AT).record["facts"]
    }
    assert {id_ for (_, id_), found in there.items() if other[id_] != found} == {"t1-2"}


def test_personal_text_is_in_no_record() -> None:
    """Not in its facts, its events nor its hashes."""
    from dataclasses import replace

    told = [replace(one, private={"text": "Jane's phone is broken"}) for one in JUNE]
    assert statement(book(told), "c1", "2026-06", AT) == statement(book(JUNE), "c1", "2026-06", AT)


def test_the_same_position_gives_the_same_bytes_whatever_came_later() -> None:
    """Facts recorded afterwards change nothing of a statement as of before, in any order of the files."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    more = [late(one, "Mon 08-03 10:00") for one in outage(2, "Wed 06-10 10:00", "Wed 06-10 11:00")]
    again = statement(book([*more, *reversed(JUNE)]), "c1", "2026-06", AT, known=len(JUNE))
    assert again.text == first.text
    assert statement(book([*JUNE, *more]), "c1", "2026-06", AT).sha256 != first.sha256


def test_statements_together_are_those_made_one_by_one() -> None:
    """What they share is computed once, and nothing of it differs."""
    found = list(statements(book(JUNE), ["c1"], "2026-06", AT))
    assert found == [statement(book(JUNE), "c1", "2026-06", AT)]


def test_every_rule_of_a_record_is_known() -> None:
    """And the form of the amount is among them."""
    rules = stated()["rules"]
    assert set(rules) <= KNOWN
    assert {FORMAT, "credit.bands/1", "clock.deadline/1", "measurement/1"} <= set(rules)


def test_readings_are_always_asked() -> None:
    """The late answer hangs on which hours count: around the clock it was later still, and T-3 too late."""
    record = stated()
    hanging = {one["subject"]: one for one in record["readings"]["dependences"]}
    assert hanging["T-2"]["alternatives"][0]["takings"] == [{"reading": "hours", "option": "always"}]
    assert [one["ref"] for one in record["readings"]["taken"]] == ["N1"]


def test_a_quarter_is_its_months() -> None:
    """The counts and the money of its months add up to its own."""
    record = stated(period="2026-Q2")
    assert [one["label"] for one in record["months"]] == ["2026-04", "2026-05", "2026-06"]
    for state in ("met", "breached", "missed", "undetermined", "not_applicable"):
        assert sum(one["summary"][state] for one in record["months"]) == record["summary"][state]
    minor = [owed["minor"] for one in record["months"] for owed in one["owed"]]
    assert sum(minor) == record["money"]["owed"][0]["minor"]


def test_a_period_that_is_not_over_says_so() -> None:
    """In the middle of June nothing of it is final."""
    record = statement(book(JUNE), "c1", "2026-06", at("Wed 06-10 00:00")).record
    assert record["is_over"] is False
    assert of(record, "2026-06")["state"] in ("breached", "running", "at risk")


def test_no_float_and_nothing_uncanonical_is_in_a_record() -> None:
    """Its bytes read back are the record itself."""
    record = stated()
    assert json.loads(canonical(record)) == record
    credit = record["money"]["credits"][0]
    assert Fraction(credit["exact"]) == Fraction(credit["amount"]) == Fraction(credit["minor"], 100)


def test_an_unknown_contract_or_period_is_told() -> None:
    """Neither is taken for another one."""
    with pytest.raises(KeyError, match="c9"):
        statement(book(JUNE), "c9", "2026-06", AT)
    with pytest.raises(ValueError, match="no month"):
        statement(book(JUNE), "c1", "June", AT)


def issued(found: Statement, recorded: str) -> Fact:
    """The fact that a statement was given to the customer."""
    from upheld.core.timeline.instant import format_instant

    record = found.record
    number, previous = record["chain"]["number"], record["chain"]["previous"]
    data = {"contract": "c1", "period": record["period"]["label"], "sha256": found.sha256, "number": number}
    data |= {"as_of": format_instant(record["at"]), "position": record["known"]}
    data |= {"previous": previous} if previous else {}
    return fact(
        "statement.issued", recorded, f"c1/{record['period']['label']}/{number}", f"s-{number}", **data
    )


def test_a_statement_that_was_issued_is_restated_and_names_it() -> None:
    """An outage told late: what changed, why, by which fact, and the difference in money."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    assert (first.record["chain"], first.record["restates"]) == ({"number": 1, "previous": None}, None)
    told = [*JUNE, issued(first, "Mon 07-20 10:00")]
    told += [late(one, "Tue 07-21 10:00") for one in outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00")]
    second = statement(book(told), "c1", "2026-06", AT)
    assert second.record["chain"] == {"number": 2, "previous": first.sha256}
    found = second.record["restates"]
    assert found["money"] == [{"currency": "EUR", "before": 10000, "after": 25000, "difference": 15000}]
    uptime, credit = found["changes"][:2]
    assert (uptime["subject"], uptime["before"]["value"], uptime["after"]["value"]) == (
        "2026-06",
        "359/360",
        "71/72",
    )
    assert (credit["before"]["amount"], credit["after"]["amount"]) == ("100.00", "250.00")
    assert {found["why"][n]["id"] for n in credit["why"]} == {"i2-1", "i2-2"}


def test_a_chain_of_statements_is_computed_again_from_its_facts() -> None:
    """The third names the second, whose record comes out as it was issued."""
    told = [*JUNE]
    for n, (start, end) in enumerate(
        [("Wed 06-10 10:00", "Wed 06-10 18:00"), ("Thu 06-11 10:00", "Thu 06-11 22:00")]
    ):
        found = statement(book(told), "c1", "2026-06", AT)
        told.append(issued(found, f"{('Mon 07-20', 'Wed 07-22')[n]} 10:00"))
        told += [late(one, f"{('Tue 07-21', 'Thu 07-23')[n]} 10:00") for one in outage(n + 2, start, end)]
    third = statement(book(told), "c1", "2026-06", AT)
    assert third.record["chain"] == {"number": 3, "previous": found.sha256}
    assert third.record["restates"]["number"] == 2


def test_a_statement_that_cannot_be_computed_again_is_not_restated_from_something_else() -> None:
    """Whoever has the record gives it; else nobody knows what was told."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    forged = Statement(first.record, "0" * 64)
    told = [*JUNE, issued(forged, "Mon 07-20 10:00")]
    with pytest.raises(NotReproducibleError, match="computed again"):
        statement(book(told), "c1", "2026-06", AT)
    found = Stating(book(told)).statement(Asked("c1", "2026-06", AT), forged)
    assert found.record["chain"] == {"number": 2, "previous": "0" * 64}


def test_a_statement_within_its_own_position_does_not_look_for_itself() -> None:
    """One told with too early a time of recording moves positions; what it restates is another question."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    early = issued(first, "Mon 06-01 10:00")
    found = statement(book([early, *JUNE]), "c1", "2026-06", AT)
    assert found.record["chain"] == {"number": 2, "previous": first.sha256}


def test_a_statement_issued_twice_is_the_same_one() -> None:
    """Asked again as of the same instant, with nothing told since but that it was given: number 1, the same
    bytes. As of another instant, or after another fact, it is number 2."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    told = [*JUNE, issued(first, "Mon 07-20 10:00")]
    again = statement(book(told), "c1", "2026-06", AT)
    assert again.text == first.text
    later = statement(book(told), "c1", "2026-06", AT + 3_600_000_000)
    assert later.record["chain"] == {"number": 2, "previous": first.sha256}
    news = ticket(77, "Tue 06-02 10:00", "Tue 06-02 10:10")
    more = [*told, *(late(one, "Tue 07-21 10:00") for one in news)]
    assert statement(book(more), "c1", "2026-06", AT).record["chain"]["number"] == 2


def test_a_fact_that_slips_in_before_an_issued_statement_is_told_as_the_cause() -> None:
    """Told without `recordedtime` it stands among what the statement knew: not observations, nor texts."""
    first = statement(book(JUNE), "c1", "2026-06", AT)
    told = [*JUNE, issued(first, "Mon 07-20 10:00"), *outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00")]
    with pytest.raises(NotReproducibleError, match=r"2 facts told since, of earlier, stand among") as found:
        statement(book(told), "c1", "2026-06", AT + 3_600_000_000)
    assert found.value.slipped == 2
    checked = verification(book(told), first)
    assert not checked.holds
    assert checked.added == ("desk i2-1", "desk i2-2")


def test_a_contact_beyond_those_who_may_be_named_is_told_as_that() -> None:
    """Two may be named and cora is the third: her name stands there, and what she asks starts no time."""
    agreement = AGREEMENT + "entitlement: {users: {named contacts: 2}}\n"
    named = CONTRACT.replace("fees:", "contacts: {ann: {role: a}, bob: {role: b}}, fees:")
    told = [
        fact("contact.named", "Mon 06-01 10:00", "cora", "n-1", contract="c1", role="c"),
        *(
            fact("ticket.opened", f"{day} 10:00", f"T-{n}", f"t-{n}", priority="P1", requester=who)
            for n, day, who in ((2, "Tue 06-02", "cora"), (3, "Wed 06-03", "dora"))
        ),
    ]
    made = statement(book(told, agreement, named), "c1", "2026-06", AT)
    page = " ".join(text(document(made, Tongue("en"))).split())
    assert "cora is beyond the 2 who may be named, and starts no time." in page
    assert "T-2 started no time: cora was beyond the 2 who may be named." in page
    assert "T-3 started no time: dora is not a named contact." in page
    assert "bob is beyond" not in page
    page = " ".join(text(document(made, Tongue("nl"))).split())
    assert "cora komt na de 2 die genoemd mogen zijn, en start geen tijd." in page
