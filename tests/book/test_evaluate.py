"""The report of a book: numbers, what was known, and facts that count nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.worlds import CONTRACT, DESK, OTHER_CONTRACT, at, bound, fact, shown, text_at
from upheld.book.due import due
from upheld.book.evaluate import Report, evaluate
from upheld.book.explain import UnknownVerdict, explain, said
from upheld.core.evaluating.evaluation import Evaluator
from upheld.core.facts.fact import Data, Fact
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import NoObservations, Stream
from upheld.core.timeline.instant import HOUR, MINUTE, parse_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import parse_amount
from upheld.files.folder import Folder, read_book

AGREEMENT = (
    DESK
    + """
assume:
  hours: {ref: A1, issue: when hours count, options: [desk, always], take: desk, because: the page says so}
deadline:
  response:
    from: opened
    until: answered
    on: {by hours: {desk: desk, always: always}}
    within: {P1: 2h, P2: 4h, P3: 8h}
  resolution: {from: opened, until: resolved, on: desk, within: 16h, pause: waiting where for = customer}
attribute:
  site: {of: ticket, type: text, values: [north, south]}
  paid: {of: ticket, type: truth}
  seats: {of: ticket, type: number}
  travel: {of: ticket, type: duration}
  visit_at: {of: ticket, type: instant}
obligation:
  reviews: {times: 1, per: calendar month}
"""
)


def book(*facts: Fact, other: bool = False) -> Folder:
    """A book of one contract, or of two."""
    contracts = (CONTRACT, OTHER_CONTRACT) if other else (CONTRACT,)
    return Folder(terms=tuple(bound(AGREEMENT, text) for text in contracts), log=FactLog(facts))


OPENED = fact("ticket.opened", "Mon 06-01 10:00", id_="f1", priority="P1")
ANSWERED = fact("ticket.replied", "Mon 06-01 11:00", id_="f2")
CARRIED_AT_OPENING = fact("ticket.carried", "Mon 06-01 10:00", commitment="x", elapsed="1h")
WAITING_AT_OPENING = fact("ticket.waiting_started", "Mon 06-01 10:00", duty="x", **{"for": "vendor"})


def told(report: Report) -> list[str]:
    """The codes of what counts nowhere."""
    return [finding.code for finding in report.findings]


def told_of_facts(report: Report) -> list[str]:
    """The same, without the signals that observed nothing: the books of facts alone have none."""
    return [code for code in told(report) if code != "unobserved"]


# -- evaluate ----------------------------------------------------------------------------------------------


def test_a_report_can_be_of_some_contracts() -> None:
    """It says of them what the whole one says; what is wrong with the facts is told of the whole book."""
    second = fact("ticket.opened", "Mon 06-01 10:00", "T-2", contract="c2", priority="P1")
    stranger = fact("ticket.opened", "Mon 06-01 10:00", "T-3", contract="c9", priority="P1")
    whole = evaluate(book(OPENED, second, stranger, other=True), at("Mon 06-01 12:00"))
    found = evaluate(book(OPENED, second, stranger, other=True), at("Mon 06-01 12:00"), contracts=["c2"])
    assert found.evaluation.of("c2") == whole.evaluation.of("c2") != ()
    assert found.evaluation.of("c1") == ()
    assert [number for number, _, _ in found.numbered()] == [*range(1, len(whole.evaluation.of("c2")) + 1)]
    assert told(found) == told(whole) == ["unknown-contract"]


def test_verdicts_are_numbered_over_all_contracts() -> None:
    """From 1, contract by contract, in the order of the agreement."""
    second = fact("ticket.opened", "Mon 06-01 10:00", "T-2", contract="c2", priority="P1")
    report = evaluate(book(OPENED, second, other=True), at("Mon 06-01 12:00"))
    rows = [(n, v.key.contract, v.key.commitment, v.key.subject) for n, _, v in report.numbered()]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row for row in rows if row[2] != "reviews"] == [
        (1, "c1", "response", "T-1"),
        (2, "c1", "resolution", "T-1"),
        (9, "c2", "response", "T-2"),
        (10, "c2", "resolution", "T-2"),
    ]


def test_what_was_recorded_later_was_not_known() -> None:
    """An answer written down on Tuesday: on Monday evening's knowledge the response is late."""
    late = replace(ANSWERED, recorded_at=at("Tue 06-02 09:00"))
    found = book(OPENED, late)
    states = {}
    for known in (None, 2, 1, 99):
        report = evaluate(found, at("Mon 06-01 18:00"), known)
        states[known] = (report.known, report.evaluation.of("c1")[0].state)
    assert states == {None: (2, "met"), 2: (2, "met"), 1: (1, "breached"), 99: (2, "met")}


def test_a_report_can_go_on_from_an_evaluator() -> None:
    """The same report, and only what is new is computed."""
    evaluator = Evaluator(book().terms)
    evaluate(book(OPENED), at("Mon 06-01 11:30"), evaluator=evaluator)
    report = evaluate(book(OPENED, ANSWERED), at("Mon 06-01 11:30"), evaluator=evaluator)
    assert report == evaluate(book(OPENED, ANSWERED), at("Mon 06-01 11:30"))
    assert [key.commitment for key in evaluator.computed] == ["response"]


def test_an_instant_beyond_the_years_is_refused_whatever_happened() -> None:
    """Time counted up to it could not be told."""
    with pytest.raises(BeyondHorizon, match="widen the years"):
        evaluate(book(OPENED), at("Mon 06-01 10:00") + 4 * 366 * 24 * HOUR)


@pytest.mark.parametrize(
    ("stranger", "code"),
    [
        (fact("ticket.replied", "Mon 06-01 11:00", "T-9"), "unknown-subject"),
        (fact("ticket.opened", "Mon 06-01 11:00", "T-9", contract="c9"), "unknown-contract"),
        (fact("contact.named", "Mon 06-01 11:00", "ada", contract="c9"), "unknown-contract"),
        (fact("maintenance.started", "Mon 06-01 11:00", "M-1", provider="Nobody"), "unknown-provider"),
        (fact("maintenance.planned", "Mon 06-01 11:00", "M-1", provider="Nobody"), "unknown-provider"),
        (fact("incident.declared", "Mon 06-01 11:00", "I-1", severity="S9"), "unknown-value"),
        (fact("incident.declared", "Mon 06-01 11:00", "I-1", contracts=("c1", "c9")), "unknown-contract"),
        (replace(CARRIED_AT_OPENING, id="z"), "unknown-commitment"),
        (replace(CARRIED_AT_OPENING, id="a"), "unknown-commitment"),
        (replace(WAITING_AT_OPENING, id="a"), "unknown-duty"),
        (replace(WAITING_AT_OPENING, id="z"), "unknown-duty"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", priority="P9"), "unknown-value"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", site="moon"), "unknown-value"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", paid="maybe"), "unknown-value"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", seats="many"), "unknown-value"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", travel="far"), "unknown-value"),
        (fact("ticket.classified", "Mon 06-01 11:00", by="customer", visit_at="soon"), "unknown-value"),
        (fact("ticket.waiting_started", "Mon 06-01 11:30", duty="x", **{"for": "vendor"}), "unknown-duty"),
        (fact("obligation.done", "Mon 06-01 11:00", contract="c1", obligation="x"), "unknown-obligation"),
        (fact("obligation.owed", "Mon 06-01 11:00", contract="c1", obligation="x"), "unknown-obligation"),
        (fact("covenant.compromise_reported", "Mon 06-01 11:00", contract="c1"), "unknown-covenant"),
        (fact("reminder.done", "Mon 06-01 11:00", reminder="x"), "unknown-reminder"),
        (fact("contract.plan_changed", "Mon 06-01 11:00", "c1", plan="gold"), "unknown-plan"),
        (fact("contract.suspended", "Mon 06-01 11:00", "c1"), "without-effect"),
        (fact("ticket.replied", "Mon 06-01 09:59"), "before-opening"),
        (fact("ticket.opened", "Mon 06-01 11:30", priority="P1"), "subject-twice"),
    ],
)  # fmt: skip
def test_a_fact_about_what_the_book_does_not_have_is_a_warning(stranger: Fact, code: str) -> None:
    """It counts nowhere, the rest is judged, and there is a way out."""
    report = evaluate(book(OPENED, ANSWERED, stranger), at("Mon 06-01 12:00"))
    assert told(report) == [code]
    (finding,) = report.findings
    assert finding.severity == "warning"
    assert finding.way_out
    assert report.evaluation.of("c1")[0].state == "met" or code == "unknown-value"


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ([("ended", "Mon 06-01 11:00", {}), ("fees_changed", "Mon 06-01 11:30", {})], ["without-effect"]),
        ([("ended", "Mon 06-01 11:00", {"on": "2026-09-01"}), ("fees_changed", "Mon 06-01 11:30", {})], []),
        ([("renewed", "Mon 06-01 11:30", {})], ["early-renewal"]),
        ([("renewed", "Mon 06-01 11:30", {"on": "2027-01-01"})], []),
        ([("ended", "Mon 06-01 11:00", {}), ("renewed", "Mon 06-01 11:30", {})], ["without-effect"]),
    ],
)
def test_what_changes_nothing_of_a_contract_or_cuts_its_term_is_told(
    facts: list[tuple[str, str, dict[str, object]]], codes: list[str]
) -> None:
    """After the end nothing follows; a renewal that names no day cuts the period in which it was told."""
    (terms,) = book(OPENED).terms
    assert terms.contract is not None
    yearly = replace(terms, contract=replace(terms.contract, term=parse_amount("12 months")))
    more = [fact(f"contract.{kind}", when, "c1", **data) for kind, when, data in facts]
    log = FactLog([OPENED, *more])
    report = evaluate(Folder(terms=(yearly,), log=log), at("Mon 06-01 12:00"))
    assert told(report) == codes
    assert all(one.way_out and one.severity == "warning" for one in report.findings)


MEASURED = (
    DESK
    + """
component: {api: {doc: the interface}}
signal: {api: {checks: one call, good: ok, every: 5m}}
attribute:
  cause: {of: attribution, type: text, values: [war, client]}
indicator: {uptime: {count: checks of api, per: {slice: 5m}}}
exclude: {rest: {of: suspension, effect: out of total}}
commit: {uptime: {level: ">= 99 %", per: calendar month}}
remedy: {credit: {of: uptime, bands: {"< 99 %": 10 %}, base: {fee: month}}}
"""
)
FEES = CONTRACT.replace("}", ", fees: {month: 100.00 EUR}}")


class Watched(NoObservations):
    """Every stream has observations, though none in the time asked about."""

    def digest(self, stream: Stream) -> str:
        """Some."""
        return "some"


def attributed(target: str, **data: object) -> Fact:
    """Somebody says what caused something."""
    told = {"party": "none", "cause": "war", "target": target, **data}
    return fact("attribution.recorded", "Mon 06-01 11:30", "A-1", **told)


def invoiced(contract: str, currency: str) -> Fact:
    """An invoice of June."""
    told = {"invoice": "R-6", "amount": 100, "currency": currency, "month": "2026-06"}
    return fact("contract.invoice_issued", "Mon 06-01 11:00", contract, **told)


@pytest.mark.parametrize(
    ("stranger", "code"),
    [
        (attributed("I-9"), "unknown-target"),
        (attributed("T-1", cause="moon"), "unknown-value"),
        (attributed("T-1", components=("app",)), "unknown-component"),
        (invoiced("c1", "USD"), "currency-mismatch"),
        (invoiced("c9", "EUR"), "unknown-contract"),
        (invoiced("c1", "EUR"), ""),
        (fact("contract.suspended", "Mon 06-01 11:00", "c1"), ""),
        (attributed("T-1"), ""),
    ],
)  # fmt: skip
def test_a_fact_about_what_is_not_measured_here_is_a_warning(stranger: Fact, code: str) -> None:
    """Targets, causes, components, currencies; what counts is passed over."""
    opened = fact("ticket.opened", "Mon 06-01 12:00", priority="P1")
    found = Folder(terms=(bound(MEASURED, FEES),), log=FactLog([opened, stranger]), observations=Watched())
    assert told(evaluate(found, at("Mon 06-01 12:00"))) == [code] * bool(code)


def test_an_invoice_that_is_issued_twice_is_told() -> None:
    """The first one counts; another number is another invoice."""
    again = replace(invoiced("c1", "EUR"), id="again", at=at("Mon 06-01 11:30"))
    other = replace(again, id="other", data=Data({**again.data, "invoice": "R-7"}))
    found = Folder(terms=(bound(MEASURED, FEES),), log=FactLog([invoiced("c1", "EUR"), again, other]))
    report = evaluate(found, at("Mon 06-01 12:00"))
    assert told_of_facts(report) == ["subject-twice"]
    (twice,) = (one for one in report.findings if one.code == "subject-twice")
    assert len(twice.places) == 2


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ("banana", "unknown-target"),
        ("2026-13", "unknown-target"),
        ("2026", ""),
        ("2026-Q2", ""),
        ("2026-06", ""),
        ("billing cycle 2026-06-15", ""),
        ("2026-06/api", ""),
        ("T-1", ""),
    ],
)
def test_a_claim_about_nothing_is_told(about: str, code: str) -> None:
    """It can support no credit."""
    facts = [
        fact("ticket.opened", "Mon 06-01 10:00", priority="P1"),
        fact("claim.filed", "Mon 06-01 11:00", "K-1", contract="c1", about=about),
    ]
    found = Folder(terms=(bound(MEASURED, FEES),), log=FactLog(facts))
    assert told_of_facts(evaluate(found, at("Mon 06-01 12:00"))) == [code] * bool(code)


def test_work_that_ends_before_it_begins_is_told() -> None:
    """By a change of one end alone, or by when it was started and ended."""
    planned = {"starts_at": text_at("Tue 06-02 10:00"), "ends_at": text_at("Tue 06-02 11:00")}
    announced = fact(
        "maintenance.announced", "Mon 06-01 10:00", "M-1", kind="scheduled", components=["api"], **planned
    )
    earlier = fact("maintenance.changed", "Mon 06-01 11:00", "M-1", ends_at=text_at("Tue 06-02 09:00"))
    moved = fact("maintenance.changed", "Mon 06-01 11:30", "M-1", starts_at=text_at("Tue 06-02 08:00"))
    started, ended = (
        fact(f"maintenance.{verb}", when, "M-1")
        for verb, when in (("started", "Tue 06-02 10:00"), ("ended", "Tue 06-02 09:30"))
    )
    for facts, expected in (
        ([announced, earlier], ["wrong-order"]),
        ([announced, started, ended], ["wrong-order"]),
        ([announced, earlier, moved], []),
        ([announced, moved], []),
    ):
        found = Folder(terms=(bound(MEASURED, FEES),), log=FactLog(facts))
        assert told_of_facts(evaluate(found, at("Tue 06-02 12:00"))) == expected


def test_a_cause_may_be_told_again() -> None:
    """The later attribution of one subject holds: that is no second beginning."""
    again = replace(attributed("T-1", cause="client"), id="again", at=at("Mon 06-01 11:45"))
    facts = [fact("ticket.opened", "Mon 06-01 10:00", priority="P1"), attributed("T-1"), again]
    found = Folder(terms=(bound(MEASURED, FEES),), log=FactLog(facts), observations=Watched())
    assert told(evaluate(found, at("Mon 06-01 12:00"))) == []


def test_credits_are_numbered_after_the_last_verdict() -> None:
    """Over all contracts."""
    other = OTHER_CONTRACT.replace("}", ", fees: {month: 100.00 EUR}}").replace("01-01", "05-01")
    found = Folder(terms=(bound(MEASURED, FEES), bound(MEASURED, other)))
    report = evaluate(found, at("Mon 06-15 12:00"))
    verdicts, owed = list(report.numbered()), list(report.numbered_credits())
    assert [n for n, _, _ in (*verdicts, *owed)] == list(range(1, len(verdicts) + len(owed) + 1))
    rows = [(credit.key.contract, credit.key.subject) for _, _, credit in owed]
    assert rows == [*(("c1", f"2026-{n:02}") for n in range(1, 7)), ("c2", "2026-05"), ("c2", "2026-06")]


COUNTED = "indicator: {uptime: {count: incidents of web}}\ncommit: {uptime: '>= 99 % per calendar month'}\n"


def test_a_component_that_nothing_has_is_told_of_where_incidents_are_counted() -> None:
    """Those that there are, are not; elsewhere an incident names whatever people call it."""
    declared = fact("incident.declared", "Mon 06-01 11:00", "I-1", severity="S1", components=("web", "webb"))
    free, terms = (bound(AGREEMENT + "component: {web: {}}\n" + more, CONTRACT) for more in ("", COUNTED))
    now = at("Mon 06-01 12:00")
    assert told(evaluate(Folder(terms=(free,), log=FactLog([declared])), now)) == []
    (finding,) = evaluate(Folder(terms=(terms,), log=FactLog([declared])), now).findings
    assert (finding.code, finding.severity, finding.way_out) == (
        "unknown-component",
        "warning",
        "did you mean `web`?",
    )
    assert finding.message == "there is no component `webb`, so this does not concern it"
    assert told(evaluate(book(declared), at("Mon 06-01 12:00"))) == []


NAMED = AGREEMENT + "entitlement: {users: {named contacts: 2}}\n"


def test_tickets_that_do_not_say_who_asked_are_told_of_at_once_where_it_decides() -> None:
    """One warning for a contract, with their number; what is told at the opening instant counts."""
    clocks = [
        fact("ticket.opened", f"Mon 06-01 {10 + n}:00", f"T-{n}", f"f{n}", priority="P1") for n in range(3)
    ]
    early = fact("ticket.opened", "Mon 06-01 10:00", "T-4", "g", contacted_at=text_at("Mon 06-01 09:00"))
    named = fact("ticket.opened", "Mon 06-01 10:00", "T-5", requester="ada")
    late = fact("ticket.classified", "Mon 06-01 11:00", "T-0", requester="ada", by="customer")
    at_once = fact("ticket.classified", "Mon 06-01 11:00", "T-1", requester="ada", by="customer")
    unverified = fact("ticket.opened", "Mon 06-01 10:00", "T-6", verified=False)

    def found(agreement: str, *facts: Fact) -> list[tuple[str, str]]:
        report = evaluate(
            Folder(terms=(bound(agreement, CONTRACT),), log=FactLog(facts)), at("Mon 06-01 16:00")
        )
        return [(one.code, one.message) for one in report.findings]

    asked = "say who asked, and only named contacts may: no clock runs on"
    assert found(NAMED, *clocks, early, named, late, at_once, unverified) == [
        ("missing-attribute", f"3 tickets of `c1`, `T-0` the first of them, do not {asked} them")
    ]
    assert found(NAMED, early) == [("missing-attribute", f"ticket `T-4` of `c1` does not {asked} it")]
    assert found(NAMED, named) == found(AGREEMENT, *clocks) == []


def test_of_many_contracts_it_is_told_how_many_there_are() -> None:
    """A list of all would hide what is wrong."""
    contracts = [CONTRACT.replace("c1", f"k{n}") for n in range(13)]
    terms = tuple(bound(AGREEMENT, text) for text in contracts)
    strange = fact("ticket.opened", "Mon 06-01 10:00", contract="c9")
    for number, listed in ((12, ", ".join(sorted(f"k{n}" for n in range(12)))), (13, "13 others")):
        (finding,) = evaluate(
            Folder(terms=terms[:number], log=FactLog([strange])), at("Mon 06-01 12:00")
        ).findings
        assert finding.message == f"there is no contract `c9`; the book has {listed}"


def test_facts_in_order_are_no_strangers() -> None:
    """Nothing is told of a book whose facts all count."""
    facts = [OPENED, ANSWERED, fact("maintenance.started", "Mon 06-01 11:00", "M-1")]
    assert told(evaluate(book(*facts), at("Mon 06-01 12:00"))) == []


def test_values_that_can_be_read_are_no_strangers() -> None:
    """Of every type, and a value that is not known."""
    given = {
        "site": "north",
        "paid": True,
        "seats": 3,
        "travel": "90m",
        "visit_at": text_at("Tue 06-02 10:00"),
    }
    opened = fact("ticket.opened", "Mon 06-01 10:00", priority="P1", **given)
    unknown = fact("ticket.classified", "Mon 06-01 11:00", by="customer", site=None)
    waits = fact("ticket.waiting_started", "Mon 06-01 11:30", duty="data", **{"for": "customer"})
    done = fact("obligation.done", "Mon 06-01 11:00", "R", contract="c1", obligation="reviews")
    assert told(evaluate(book(opened, unknown, waits, done), at("Mon 06-01 12:00"))) == []


def test_a_ticket_begins_when_contact_was_made() -> None:
    """What lies after the telephone call is not early, though the ticket was written down later."""
    opened = fact("ticket.opened", "Mon 06-01 11:00", contacted_at=text_at("Mon 06-01 10:00"), priority="P1")
    early = fact("ticket.replied", "Mon 06-01 09:30")
    assert (
        told(
            evaluate(book(opened, ANSWERED, fact("ticket.replied", "Mon 06-01 10:30")), at("Mon 06-01 12:00"))
        )
        == []
    )
    assert told(evaluate(book(opened, early), at("Mon 06-01 12:00"))) == ["before-opening"]


def test_a_clock_may_start_before_its_subject_is_announced() -> None:
    """Work is decided, then announced: the decision starts the clock, and is neither early nor of nothing."""
    decided = AGREEMENT + "event: {maintenance.decided: {of: maintenance}}\n"
    decided = decided.replace(
        "deadline:\n", "deadline:\n  notice: {of: maintenance, from: decided, until: announced, within: 1h}\n"
    )
    work = {
        "kind": "scheduled",
        "starts_at": text_at("Tue 06-02 10:00"),
        "ends_at": text_at("Tue 06-02 11:00"),
    }
    facts = [
        fact("maintenance.decided", "Mon 06-01 10:00", "M-1"),
        fact("maintenance.announced", "Mon 06-01 10:30", "M-1", components=["api"], **work),
    ]
    alone = facts[:1], "Mon 06-01 10:20", "running"
    for told_of, asked, state in ((facts, "Mon 06-01 12:00", "met"), alone):
        found = Folder(terms=(bound(decided),), log=FactLog(told_of))
        report = evaluate(found, at(asked))
        assert told(report) == []
        assert report.evaluation.of("c1")[0].state == state


def test_the_first_beginning_of_a_subject_counts() -> None:
    """A second one is told with the place of the first; one that is not verified begins nothing."""
    again = fact("ticket.opened", "Mon 06-01 10:30", id_="f9", priority="P1")
    (finding,) = evaluate(book(OPENED, again), at("Mon 06-01 12:00")).findings
    assert finding.message == "ticket `T-1` is begun twice; the first time counts"
    assert finding.places == (again.where, OPENED.where)
    unverified = fact("ticket.opened", "Mon 06-01 10:30", priority="P1", verified=False)
    assert told(evaluate(book(OPENED, unverified), at("Mon 06-01 12:00"))) == []


def test_a_subject_under_two_contracts_is_two() -> None:
    """Each is judged by its own facts; what names none is of the first, and what names a third of nobody."""
    facts = [
        OPENED,
        fact("ticket.opened", "Mon 06-01 10:10", id_="f8", contract="c2", priority="P1"),
        fact("ticket.replied", "Mon 06-01 10:20"),
        fact("ticket.replied", "Mon 06-01 10:15", id_="f9", contract="c3"),
    ]
    found = Folder(terms=(bound(AGREEMENT), bound(AGREEMENT, OTHER_CONTRACT)), log=FactLog(facts))
    report = evaluate(found, at("Mon 06-01 12:00"))
    assert sorted(told(report)) == ["subject-twice", "subject-twice", "unknown-contract"]
    mine, others = (report.evaluation.of(name)[0] for name in ("c1", "c2"))
    assert [one.id for one in mine.facts] == [OPENED.id, facts[2].id]
    assert (mine.stopped_at, others.stopped_at) == (at("Mon 06-01 10:20"), None)
    assert [one.id for one in others.facts] == ["f8"]
    assert others.started_at == at("Mon 06-01 10:10")


def test_work_that_begins_unannounced_names_its_provider() -> None:
    """Where there are two; once it is announced, the announcement has named it."""
    strange = replace(bound(AGREEMENT, OTHER_CONTRACT), provider="Southwind")
    started = fact("maintenance.started", "Mon 06-01 11:00", "M-1")
    work = {
        "kind": "scheduled",
        "starts_at": text_at("Mon 06-01 11:00"),
        "ends_at": text_at("Mon 06-01 12:00"),
    }
    announced = fact(
        "maintenance.announced", "Mon 06-01 10:00", "M-1", provider="Northwind", components=["api"], **work
    )
    for facts, codes in (([started], ["provider-missing"]), ([announced, started], [])):
        found = replace(book(*facts), terms=(bound(AGREEMENT), strange))
        assert told(evaluate(found, at("Mon 06-01 12:00"))) == codes


def test_where_there_are_two_providers_an_incident_names_one() -> None:
    """Otherwise nobody knows whose it is."""
    strange = replace(bound(AGREEMENT, OTHER_CONTRACT), provider="Southwind")
    found = replace(
        book(fact("incident.declared", "Mon 06-01 11:00", "I-1", severity="S1")),
        terms=(bound(AGREEMENT), strange),
    )
    assert told(evaluate(found, at("Mon 06-01 12:00"))) == ["provider-missing"]


# -- due ---------------------------------------------------------------------------------------------------


def test_what_is_due_comes_from_the_wakes_next_first() -> None:
    """With the time that remains."""
    report = evaluate(book(OPENED), at("Mon 06-01 11:30"))
    found = [(one.key.commitment, shown(one.wake.due_at), one.remaining_us) for one in due(report)]
    assert found[:2] == [
        ("response", "Mon 06-01 12:00", 30 * MINUTE),
        ("resolution", "Wed 06-03 10:00", (46 * 60 + 30) * MINUTE),
    ]
    assert [one.key.commitment for one in due(report, at("Mon 06-01 12:00"))] == ["response"]
    assert due(report, at("Mon 06-01 11:59")) == ()


# -- explain -----------------------------------------------------------------------------------------------


def test_an_explanation_counts_step_by_step() -> None:
    """Opened on Friday, waited for the customer over the weekend, solved on Monday."""
    facts = [
        fact("ticket.opened", "Fri 06-05 15:00", id_="f1", priority="P1"),
        fact("ticket.waiting_started", "Fri 06-05 16:00", id_="f2", **{"for": "customer"}),
        fact("ticket.waiting_ended", "Mon 06-08 10:00", id_="f3"),
        fact("ticket.resolved", "Mon 06-08 12:00", id_="f4"),
    ]
    found = book(*facts)
    report = evaluate(found, at("Mon 06-08 18:00"))
    (one,) = explain(found, report, "T-1", "resolution")
    steps = [
        (shown(s.at), s.what, s.total_us and s.total_us // HOUR, s.fact and s.fact.id) for s in one.steps
    ]
    assert steps == [
        ("Fri 06-05 15:00", "opened: contract c1, priority P1", 0, "f1"),
        ("Fri 06-05 16:00", "waiting started: for customer", 1, "f2"),
        ("Fri 06-05 16:00", "the clock stands still: waiting for the customer", 1, None),
        ("Fri 06-05 17:00", "desk closes", 1, None),
        ("Mon 06-08 09:00", "desk opens", 1, None),
        ("Mon 06-08 10:00", "waiting ended", 1, "f3"),
        ("Mon 06-08 10:00", "the clock goes on", 1, None),
        ("Mon 06-08 12:00", "resolved", 3, "f4"),
    ]
    assert one.measured == (3 * HOUR, None)


def test_the_steps_of_a_verdict_add_up_to_what_was_counted() -> None:
    """The parts counted between the steps are the whole, though those between long ends are told together."""
    found = book(OPENED, fact("ticket.resolved", "Wed 06-17 12:00"))
    (one,) = explain(found, evaluate(found, at("Thu 06-18 12:00")), "T-1", "resolution")
    assert sum(step.counted_us or 0 for step in one.steps) == one.measured[0] == (7 + 11 * 8 + 3) * HOUR
    assert [step.at for step in one.steps] == sorted(step.at for step in one.steps)
    assert [step.what for step in one.steps if "later" in step.what] == ["... 4 openings and closings later"]


def test_a_verdict_is_asked_for_by_number_or_subject() -> None:
    """`2`, `#2`, or all of T-1."""
    found = book(OPENED)
    report = evaluate(found, at("Mon 06-01 12:00"))
    assert [one.rule.name for one in explain(found, report, "2")] == ["resolution"]
    assert explain(found, report, "#2") == explain(found, report, "2")
    assert [one.number for one in explain(found, report, "T-1")] == [1, 2]
    assert [one.number for one in explain(found, report, "T-1", "response")] == [1]
    with pytest.raises(UnknownVerdict):
        explain(found, report, "T-9")
    with pytest.raises(UnknownVerdict):
        explain(found, report, "99")


def test_a_subject_called_like_a_number_goes_first() -> None:
    """A ticket 2 is the ticket, not the second verdict."""
    found = book(OPENED, fact("ticket.opened", "Mon 06-01 10:00", "2", priority="P2"))
    report = evaluate(found, at("Mon 06-01 12:00"))
    assert {one.verdict.key.subject for one in explain(found, report, "2")} == {"2"}


def test_the_readings_that_a_rule_rests_on_are_told() -> None:
    """By the assumption that it consulted."""
    found = book(OPENED)
    report = evaluate(found, at("Mon 06-01 12:00"))
    readings = {one.rule.name: [r.ref for r in one.readings] for one in explain(found, report, "T-1")}
    assert readings == {"response": ["A1"], "resolution": []}


def test_an_obligation_is_explained_by_its_facts() -> None:
    """What was done, when."""
    done = fact("obligation.done", "Tue 06-02 10:00", "R", contract="c1", obligation="reviews")
    found = book(done)
    report = evaluate(found, at("Wed 06-03 12:00"))
    (one,) = explain(found, report, "2026-06")
    assert [(shown(step.at), step.fact) for step in one.steps] == [("Tue 06-02 10:00", done)]


def test_a_fact_in_a_few_words_keeps_what_is_private() -> None:
    """Only what may be printed is said."""
    one = replace(OPENED, private={"name": "Ada Lovelace"}, data={"priority": "P1", "list": ["a"], "n": 1})
    assert said(one) == "opened: n 1, priority P1"


# -- the same facts ----------------------------------------------------------------------------------------


def test_files_shuffled_duplicated_and_split_are_the_same_book(tmp_path: Path) -> None:
    """However the lines lie."""

    def line(n: int, type_: str, when: str, **data: object) -> str:
        fact_ = {"specversion": "1.0", "id": str(n), "source": "desk", "type": type_, "time": text_at(when)}
        return json.dumps({**fact_, "subject": "T-1", "data": data}) + "\n"

    lines = [
        line(1, "ticket.opened", "Mon 06-01 10:00", contract="c1", priority="P1"),
        line(2, "ticket.replied", "Mon 06-01 11:00"),
        line(3, "ticket.resolved", "Mon 06-01 12:00"),
    ]
    reports = []
    for n, files in enumerate(([lines], [lines[::-1], lines[1:]], [[one] for one in lines])):
        home = tmp_path / str(n)
        home.mkdir()
        for m, part in enumerate(files):
            (home / f"{m}.jsonl").write_text("".join(part), encoding="utf-8")
        log = read_book([home]).log
        reports.append(evaluate(replace(book(), log=log), at("Mon 06-01 13:00")))
    assert reports[0] == reports[1] == reports[2]
    assert [v.state for v in reports[0].evaluation.of("c1")][:2] == ["met", "met"]


def test_a_fault_recorded_later_is_none_yet() -> None:
    """Yesterday has yesterday's findings: a correction of nothing is told from its own position on."""
    data = {"corrects": {"source": "desk", "id": "f9"}, "by": "Kim", "reason": "wrong"}
    dangling = fact("correction.withdrawn", "Mon 06-01 11:00", "correction", "f2", **data)
    home = book(OPENED, dangling)
    assert told(evaluate(home, at("Mon 06-01 12:00"))) == ["dangling-correction"]
    assert told(evaluate(home, at("Mon 06-01 12:00"), known=1)) == []


LINE = """document: {agreement: line, version: "1", provider: Northwind, zone: Europe/Madrid}
component: {line: {}}
scale: {severity: {of: incident, values: {S1: it is down}}}
deadline: {restored: {of: incident, from: declared, until: resolved, within: 4h}}
indicator:
  outage: {count: incidents of line}
  repairs: {count: outcomes of restored}
commit:
  outage: ">= 100 % per billing cycle"
  repairs: ">= 100 % per calendar month"
remedy:
  credit: {of: outage, bands: {"< 100 %": 60.00 EUR}, limits: {LIMIT: 100.00 EUR}}
  late: {of: repairs, steps: {each: 1, of: late items, give: 5.00 EUR}}
"""
LINE_CONTRACT = """
contract: {id: c1, customer: Acme, agreement: line, version: "1", from: 2025-11-15, fees: {month: 80.00 EUR}}
"""


@pytest.mark.parametrize(
    ("limit", "given"),
    [
        ("quarter", ["60.00", "40.00", "60.00", "40.00", "0.00"]),
        ("year", ["60.00", "40.00", "60.00", "40.00", "0.00"]),
        ("contract year", ["60.00", "40.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_a_limit_of_the_calendar_or_of_the_contract(limit: str, given: list[str]) -> None:
    """Five cycles with an outage each: two of them begin in 2025, all of them in the first contract year."""
    told = []
    for n, month in enumerate(("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")):
        for verb, hour in (("declared", 8), ("resolved", 9)):
            data = Data({"severity": "S1", "components": ("line",)} if verb == "declared" else {})
            when = parse_instant(f"{month}-20T{hour:02}:00:00Z")
            told.append(replace(fact(f"incident.{verb}", "Mon 06-01 11:00", f"I-{n}"), at=when, data=data))
    told = [replace(one, id=str(n)) for n, one in enumerate(told)]
    found = Folder(terms=(bound(LINE.replace("LIMIT", limit), LINE_CONTRACT),), log=FactLog(told))
    report = evaluate(found, parse_instant("2026-04-16T00:00:00Z"))
    owed = [one for _, _, one in report.numbered_credits() if one.key.commitment == "credit"]
    assert [str(one.amount) for one in owed][:5] == given
    running = [one for _, _, one in report.numbered_credits() if one.key.commitment == "late"][-1]
    assert (running.state, running.reasons) == ("running", ("the period is not over",)), "nothing came yet"
