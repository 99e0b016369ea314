"""Fifty late facts and corrections: what each changes, why, and the difference in money, worked out by hand.

The contract pays 1,000.00 EUR a month. June has 720 hours: 43.2 minutes may fail, from 7.2 hours on a quarter
of the fee is owed, from 14.4 hours on a half, and a refund of twice the share of the invoice that was down.
"""

# ruff: noqa: E501
# The cases are a table: a row stays on its line.
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.book.stated import AGREEMENT, AT, CONTRACT, book, fact, late, outage, replaced, ticket, withdrawn
from tests.book.test_statement import issued
from tests.core.observed import Rows
from tests.core.worlds import DOCUMENT, at, text_at
from upheld.book.statement import statement
from upheld.core.facts.fact import Fact
from upheld.core.stating.statement import Statement
from upheld.render.prose.tongue import Tongue
from upheld.render.statement.page import document
from upheld.render.statement.text import text

INVOICE = fact("contract.invoice_issued", "Wed 07-01 09:00", "c1", "inv", invoice="F-1", amount=1000, currency="EUR",
               month="2026-06")  # fmt: skip
BASE = (
    *ticket(1, "Mon 06-01 10:00", "Mon 06-01 11:00"),
    *ticket(2, "Fri 06-05 16:30", "Mon 06-08 10:41"),
    *outage(1, "Tue 06-09 10:00", "Tue 06-09 12:00"),
    INVOICE,
)
"""Two hours were down: 100.00 EUR are owed. T-2 was answered 11 minutes late."""
BAD = (*outage(9, "Thu 06-18 00:00", "Thu 06-18 13:00"), *BASE)
"""Fifteen hours were down: 500.00 EUR, and a refund of 2 * 15 / 720 of the invoice, 41.67 EUR."""
SOON = "Tue 07-21 10:00"
COMPLAINT = AGREEMENT.replace(
    "  refund:\n",
    "  goodwill:\n    of: uptime\n    when: value < level and complaints > 0\n    bands: {\"< 100 %\": 60.00 EUR}\n  refund:\n",
)  # fmt: skip


def work(n: int, starts: str, ends: str, announced: str, kind: str = "scheduled") -> list[Fact]:
    """Announced work that was done as planned."""
    subject = f"M-{n}"
    data = {
        "kind": kind,
        "starts_at": text_at(starts),
        "ends_at": text_at(ends),
        "components": ["api", "voice"],
    }
    return [
        fact("maintenance.announced", announced, subject, f"m{n}-1", **data),
        fact("maintenance.started", starts, subject, f"m{n}-2"),
        fact("maintenance.ended", ends, subject, f"m{n}-3"),
    ]


def cause(n: int, why: str, starts: str, ends: str) -> Fact:
    """What caused an interval."""
    data = {"target": "interval", "cause": why, "party": "third party"}
    data |= {"starts_at": text_at(starts), "ends_at": text_at(ends)}
    return fact("attribution.recorded", "Wed 06-10 09:00", f"A-{n}", f"a{n}", **data)


@dataclass(frozen=True)
class Late:
    """Facts that arrive after a statement: which verdicts and credits change, and by how much money.

    `how` are the kinds of causes that the restatement names.
    """

    name: str
    facts: tuple[Fact, ...] = ()
    difference: int = 0
    changed: tuple[str, ...] = ()
    how: tuple[str, ...] = ("arrived",)
    before: tuple[Fact, ...] = BASE
    agreement: str = AGREEMENT
    then: str = ""
    contract: str = ""


UP = "uptime 2026-06"
CREDIT = "credit 2026-06"
REFUND = "refund 2026-06"


def told(*facts: Fact) -> tuple[Fact, ...]:
    """Facts that were recorded only later."""
    return tuple(late(one, SOON) for one in facts)


CASES = (
    # outages
    Late("an outage of 8 hours", told(*outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00")), 15000, (UP, CREDIT)),
    Late("an outage of 13 hours", told(*outage(2, "Wed 06-10 00:00", "Wed 06-10 13:00")), 44167, (UP, CREDIT, REFUND)),
    Late("an outage of 10 minutes", told(*outage(2, "Wed 06-10 00:00", "Wed 06-10 00:10")), 0, (UP,)),
    Late("an outage of one plane", told(*outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00", "voice")), 15000, (UP, CREDIT)),
    Late("an outage within another", told(*outage(2, "Tue 06-09 10:30", "Tue 06-09 11:30")), 0, ()),
    Late("an outage that overlaps", told(*outage(2, "Tue 06-09 11:00", "Tue 06-09 18:00")), 15000, (UP, CREDIT)),
    Late("an outage of May", told(*outage(2, "Sun 05-10 10:00", "Sun 05-10 18:00")), 0, ()),
    Late("an outage over the end of May", told(*outage(2, "Sun 05-31 20:00", "Mon 06-01 04:00")), 0, (UP,)),
    Late("a longer one over the end of May", told(*outage(2, "Sun 05-31 20:00", "Mon 06-01 06:00")), 15000, (UP, CREDIT)),
    Late("an outage over the end of June", told(*outage(2, "Tue 06-30 18:00", "Wed 07-01 18:00")), 15000, (UP, CREDIT)),
    Late("an outage of July", told(*outage(2, "Thu 07-02 18:00", "Fri 07-03 18:00")), 0, ()),
    Late("the outage withdrawn", told(withdrawn("i1-1", SOON), withdrawn("i1-2", SOON)), -10000, (UP, CREDIT), ("withdrawn",)),
    Late("its end re-timed earlier", (replaced("i1-2", SOON, time=text_at("Tue 06-09 10:30")),), -10000, (UP, CREDIT), ("corrected",)),
    Late("its end re-timed later", (replaced("i1-2", SOON, time=text_at("Tue 06-09 20:00")),), 15000, (UP, CREDIT), ("corrected",)),
    Late("its beginning re-timed", (replaced("i1-1", SOON, time=text_at("Tue 06-09 02:00")),), 15000, (UP, CREDIT), ("corrected",)),
    Late("its beginning re-timed by a minute", (replaced("i1-1", SOON, time=text_at("Tue 06-09 10:01")),), 0, (UP,), ("corrected",)),
    Late("it was of something else", (replaced("i1-1", SOON, data={"components": ["desk"], "severity": "S1"}),), -10000, (UP, CREDIT), ("corrected",)),
    Late("it was of another severity", (replaced("i1-1", SOON, data={"components": ["api"], "severity": "S2"}),), 0, (), ("corrected",)),
    # attributions
    Late("it was the carrier's", told(cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 12:00")), -10000, (UP, CREDIT)),
    Late("half of it was the carrier's", told(cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 11:00")), 0, (UP,)),
    Late("most of it was the carrier's", told(cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 11:30")), -10000, (UP, CREDIT)),
    Late("it was the provider's own", told(cause(1, "provider", "Tue 06-09 10:00", "Tue 06-09 12:00")), 0, ()),
    Late("the carrier's, and taken back", (*told(cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 12:00")), withdrawn("a1", "Wed 07-22 10:00")), 0, ()),
    Late("an attribution changed to the provider", (replaced("a1", SOON, data={"target": "interval", "cause": "provider", "party": "provider", "starts_at": text_at("Tue 06-09 10:00"), "ends_at": text_at("Tue 06-09 12:00")}),), 10000, (UP, CREDIT), ("corrected",), (*BASE, cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 12:00"))),
    Late("an attribution withdrawn", (withdrawn("a1", SOON),), 10000, (UP, CREDIT), ("withdrawn",), (*BASE, cause(1, "carrier", "Tue 06-09 10:00", "Tue 06-09 12:00"))),
    # notices
    Late("a notice found", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Fri 06-05 10:00")), -10000, (UP, CREDIT)),
    Late("a notice found, to the second", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Sun 06-07 10:00")), -10000, (UP, CREDIT)),
    Late("a notice that came too late", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Mon 06-08 10:00")), 0, ()),
    Late("a notice of emergency work", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Fri 06-05 10:00", "emergency")), 0, ()),
    Late("a notice for half of it", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 11:00", "Fri 06-05 10:00")), 0, (UP,)),
    Late("a notice that was cancelled", told(*work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Fri 06-05 10:00")[:1], fact("maintenance.cancelled", "Mon 06-08 10:00", "M-1", "m1-9")), 0, ()),
    Late("a notice withdrawn", (withdrawn("m1-1", SOON),), 10000, (UP, CREDIT), ("withdrawn",), (*BASE, *work(1, "Tue 06-09 10:00", "Tue 06-09 12:00", "Fri 06-05 10:00"))),
    # tickets
    Late("an answer re-timed into time", (replaced("t2-2", SOON, time=text_at("Mon 06-08 10:20")),), 0, ("response T-2",), ("corrected",)),
    Late("an answer re-timed out of time", (replaced("t1-2", SOON, time=text_at("Mon 06-01 12:30")),), 0, ("response T-1",), ("corrected",)),
    Late("an answer that was a robot's", (replaced("t1-2", SOON, data={"by": "automatic"}),), 0, ("response T-1",), ("corrected",)),
    Late("an earlier answer found", told(fact("ticket.replied", "Mon 06-08 09:30", "T-2", "t2-0")), 0, ("response T-2",)),
    Late("a ticket that never was", (withdrawn("t2-1", SOON),), 0, ("response T-2",), ("withdrawn",)),
    Late("another priority", (replaced("t2-1", SOON, data={"contract": "c1", "priority": "P2"}),), 0, ("response T-2",), ("corrected",)),
    Late("the customer was waited for", told(fact("ticket.waiting_started", "Mon 06-08 09:00", "T-2", "t2-3", **{"for": "customer"}), fact("ticket.waiting_ended", "Mon 06-08 10:00", "T-2", "t2-4")), 0, ("response T-2",)),
    Late("a ticket told late, answered in time", told(*ticket(5, "Wed 06-10 10:00", "Wed 06-10 11:00")), 0, ("response T-5",)),
    Late("a ticket told late, answered late", told(*ticket(5, "Wed 06-10 10:00", "Wed 06-10 15:00")), 0, ("response T-5",)),
    # invoices and complaints
    Late("an invoice corrected", (replaced("inv", SOON, data={"invoice": "F-1", "amount": 1200, "currency": "EUR", "month": "2026-06"}),), 833, (REFUND,), ("corrected",), BAD),
    Late("an invoice withdrawn", (withdrawn("inv", SOON),), -4167, (REFUND,), ("withdrawn",), BAD),
    Late("an invoice found", told(INVOICE), 4167, (REFUND,), ("arrived",), BAD[:-1]),
    Late("a complaint found", told(fact("claim.filed", "Thu 07-02 10:00", "K-1", "k1", about="2026-06")), 6000, ("goodwill 2026-06",), ("arrived",), BASE, COMPLAINT),
    Late("a complaint withdrawn", (withdrawn("k1", SOON),), -6000, ("goodwill 2026-06",), ("withdrawn",), (*BASE, fact("claim.filed", "Thu 07-02 10:00", "K-1", "k1", about="2026-06")), COMPLAINT),
    # conflicts, corrections of corrections
    Late("the end told in two ways", (replace(outage(1, "Tue 06-09 10:00", "Tue 06-09 13:00")[1], recorded_at=at(SOON)),), 183889, (UP, CREDIT, REFUND), ("conflict",)),
    Late("a correction corrected", (replaced("i1-2", SOON, time=text_at("Tue 06-09 20:00")), withdrawn("r-i1-2", "Wed 07-22 10:00", id_="w2")), 0, ()),
    # texts
    Late("another fee", (), 10000, (CREDIT,), ("terms",), contract=CONTRACT.replace("1000.00", "2000.00")),
    Late("another level", (), -10000, (UP, CREDIT), ("terms",), then=AGREEMENT.replace(">= 99.9 %", ">= 99.5 %")),
    Late("another reading", (), 0, ("response T-1", "response T-2"), ("terms",), then=AGREEMENT.replace("take: desk", "take: always")),
    # nothing
    Late("the same facts told again", told(*BASE), 0, (), ()),
    Late("facts about nobody here", told(fact("ticket.opened", "Tue 06-09 10:00", "X-1", "x1", contract="c9", priority="P1")), 0, (), ()),
)  # fmt: skip


@cache
def first(facts: tuple[Fact, ...], agreement: str) -> Statement:
    """The statement before."""
    return statement(book(facts, agreement), "c1", "2026-06", AT)


@cache
def restated(case: Late) -> Statement:
    """The statement after."""
    before = first(case.before, case.agreement)
    agreement, contract = case.then or case.agreement, case.contract or CONTRACT
    return statement(
        book([*case.before, *case.facts], agreement, contract), "c1", "2026-06", AT, None, before
    )


def named(change: dict[str, Any]) -> str:
    """What changed."""
    return f"{change.get('commitment') or change.get('remedy')} {change.get('subject')}"


def test_there_are_fifty_of_them() -> None:
    """Each with a name of its own."""
    assert len({case.name for case in CASES}) == len(CASES) >= 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_late_fact_gives_the_difference_that_was_worked_out(case: Late) -> None:
    """What is owed more or less, which verdicts and credits are others, and by which facts."""
    found = restated(case).record["restates"]
    assert [one["difference"] for one in found["money"]] == [case.difference]
    told_changes = [one for one in found["changes"] if one["section"] in ("verdicts", "credits")]
    # A credit whose steps alone moved is listed, too; here only states and amounts are worked out.
    moved = {
        named(one) for one in told_changes if one["section"] == "verdicts" or one["before"] != one["after"]
    }
    assert set(case.changed) == moved
    assert {one["how"] for one in found["why"]} == set(case.how) or not case.changed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_change_names_its_causes_and_every_cent_has_a_change(case: Late) -> None:
    """No change is without a reason, and the changes of credits add up to the difference."""
    found = restated(case).record["restates"]
    for one in found["changes"]:
        assert one["why"]
        assert all(n < len(found["why"]) for n in one["why"])
    by_credit = sum(one["difference_minor"] for one in found["changes"] if one["section"] == "credits")
    assert by_credit == sum(one["difference"] for one in found["money"])


def test_a_correction_is_told_with_who_and_why() -> None:
    """Ines, because it was another."""
    (case,) = (one for one in CASES if one.name == "its end re-timed later")
    (found,) = restated(case).record["restates"]["why"]
    assert (found["how"], found["by"], found["reason"]) == ("corrected", "Ines", "it was another")
    assert found["corrects"] == {"source": "desk", "id": "i1-2", "type": "incident.resolved"}
    assert found["subject"] == "I-1"
    assert found["recorded_at"] == at(SOON)


CHECKED = AGREEMENT.replace(
    'uptime: {count: incidents of service, clause: "1"}',
    'uptime: {count: checks of service, per: {slice: 5m}, clause: "1"}',
).replace("exclude:\n", "signal:\n  probe: {checks: http, of: [api, voice]}\nexclude:\n")


def test_observations_that_were_added_are_told_as_such() -> None:
    """They have no positions (decision 13), so no fact is named, and that is said."""
    june = at("Mon 06-01 00:00"), at("Wed 07-01 00:00")
    good = Rows().check("api", *june).check("voice", *june)
    bad = Rows().check("api", *june).check("voice", *june)
    bad.fail("api", at("Wed 06-10 10:00"), at("Wed 06-10 18:00"))
    held = book([], CHECKED)
    before = statement(replace(held, observations=good), "c1", "2026-06", AT)
    after = statement(replace(held, observations=bad), "c1", "2026-06", AT, None, before)
    found = after.record["restates"]
    assert [one["difference"] for one in found["money"]] == [25000]
    assert [one["how"] for one in found["why"]] == ["observations"]
    assert {named(one) for one in found["changes"]} >= {UP, CREDIT}
    assert all(one["why"] == [0] for one in found["changes"])


# -- chains ------------------------------------------------------------------------------------------------


def _again(one: Fact, n: int) -> Fact:
    """A late fact of one step of a chain: recorded in its turn, under ids of its own."""
    return replace(one, recorded_at=AT + n * 3_600_000_000 * 24, id=f"{one.id}#{n}")


STEPS: Sequence[Callable[[int], list[Fact]]] = (
    lambda n: outage(
        100 + n, f"Wed 06-{10 + 7 * (n % 3)} 10:00", f"Wed 06-{10 + 7 * (n % 3)} {12 + n % 8}:30"
    ),
    lambda n: [cause(100 + n, ("carrier", "provider")[n % 2], "Tue 06-09 00:00", "Fri 06-12 00:00")],
    lambda n: work(100 + n, "Tue 06-09 10:00", "Tue 06-09 12:00", "Fri 06-05 10:00"),
    lambda n: ticket(100 + n, "Thu 06-11 10:00", "Thu 06-11 15:00"),
    lambda n: [replaced("i1-2", "Mon 06-15 10:00", time=text_at(f"Tue 06-09 {12 + n % 12}:00"))],
    lambda n: [withdrawn("i1-1", "Mon 06-15 10:00"), withdrawn("i1-2", "Mon 06-15 10:00")],
    lambda n: [],
)


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 20)), min_size=1, max_size=5))
def test_a_chain_of_statements_explains_every_change_in_money(steps: list[tuple[int, int]]) -> None:
    """Whatever arrives between them: the differences add up to the last less the first, step by step."""
    told_so_far = list(BASE)
    chain = [statement(book(told_so_far), "c1", "2026-06", AT)]
    for n, (step, seed) in enumerate(steps, 1):
        given_as = replace(issued(chain[-1], SOON), recorded_at=AT + (2 * n - 1) * 43_200_000_000)
        if given_as.key not in {one.key for one in told_so_far}:
            told_so_far.append(given_as)
        news = [_again(one, n) for one in STEPS[step](seed)]
        told_so_far += news
        found = statement(book(told_so_far), "c1", "2026-06", AT)
        if news:
            chain.append(found)
        else:
            assert found.text == chain[-1].text
    for before, after in pairwise(chain):
        assert after.record["chain"] == {
            "number": before.record["chain"]["number"] + 1, "previous": before.sha256
        }  # fmt: skip
        by_credit = sum(one.get("difference_minor", 0) for one in after.record["restates"]["changes"])
        (money,) = after.record["restates"]["money"]
        assert money["difference"] == by_credit == _owed(after) - _owed(before)
        assert all(one["why"] for one in after.record["restates"]["changes"])
    whole = sum(one.record["restates"]["money"][0]["difference"] for one in chain[1:])
    assert whole == _owed(chain[-1]) - _owed(chain[0])


def _owed(one: Statement) -> int:
    (found,) = one.record["money"]["owed"]
    return int(found["minor"])


def test_a_fact_that_slipped_in_before_the_position_is_named_all_the_same() -> None:
    """A folder has no order but recordedtime: one that claims to be old is told by what the records hold."""
    before = statement(book(BASE), "c1", "2026-06", AT)
    early = outage(2, "Wed 06-10 10:00", "Wed 06-10 18:00")
    found = statement(book([*BASE, *early]), "c1", "2026-06", AT, None, before).record["restates"]
    assert "i2-2" in {one["id"] for one in found["why"]}
    assert all(one["why"] for one in found["changes"])
    assert [one["difference"] for one in found["money"]] == [15000]
    corrected = replaced("i1-2", "Tue 06-09 13:00", time=text_at("Tue 06-09 20:00"))
    found = statement(book([*BASE, corrected]), "c1", "2026-06", AT, None, before).record["restates"]
    assert {(one["how"], one["id"]) for one in found["why"]} >= {("corrected", "r-i1-2")}
    assert "observations" not in {one["how"] for one in found["why"]}


def test_a_document_of_a_credit_is_behind_no_change_of_it() -> None:
    """The outage was withdrawn, so less is owed and a delta was issued: that follows, and moves but memos."""
    document = fact(
        "credit.issued",
        "Sun 07-19 10:00",
        "c1/credit/2026-06/2",
        "delta",
        contract="c1",
        entity="n",
        sequence=2,
        number="2",
        amount=-100,
    )
    news = told(withdrawn("i1-1", SOON), withdrawn("i1-2", SOON), document)
    found = restated(Late("the outage withdrawn", news)).record["restates"]
    (named_as,) = (n for n, one in enumerate(found["why"]) if one["type"] == "credit.issued")
    others = [one for one in found["changes"] if one["section"] != "memos"]
    assert {one["section"] for one in others} >= {"verdicts", "credits"}
    assert all(one["why"] and named_as not in one["why"] for one in others)


def test_a_withdrawn_correction_is_none_and_its_withdrawal_is_the_cause() -> None:
    """The end was re-timed by eight hours and that was taken back: nobody corrected it, and who took it back."""
    re_timed = replaced("i1-2", "Wed 07-08 10:00", time=text_at("Tue 06-09 20:00"))
    back = withdrawn("r-i1-2", SOON, id_="w2")
    case = Late("a correction withdrawn", (back,), -15000, before=(*BASE, re_timed))
    (before,) = (one for one in first(case.before, AGREEMENT).record["facts"] if one["id"] == "i1-2")
    assert before["corrected_by"]["id"] == "r-i1-2"
    record = restated(case).record
    (after,) = (one for one in record["facts"] if one["id"] == "i1-2")
    assert after["corrected_by"] is None
    (why,) = record["restates"]["why"]
    assert (why["how"], why["id"], why["subject"], why["corrects"]["type"]) == (
        "withdrawn", "w2", "I-1", "correction.replaced",
    )  # fmt: skip
    assert [one["difference"] for one in record["restates"]["money"]] == [case.difference]
    assert "I-1: a correction of it was withdrawn" in text(document(restated(case), Tongue("en")))


CLAIMED = AGREEMENT.replace(
    "deadline:\n", "deadline:\n  filing: {of: claim, until: filed, due: about.end + 30d}\n"
).replace("remedy:\n", "claim: {needed: true, about: period}\nremedy:\n")


@pytest.mark.parametrize(
    ("ended", "how"),
    [
        pytest.param("12:30", "time", id="the credit stays"),
        pytest.param("20:00", "corrected", id="the credit is another"),
    ],
)
def test_a_document_that_goes_with_its_deadline_is_told_by_the_time_unless_its_credit_moved(
    ended: str, how: str
) -> None:
    """Nobody claimed by 30 July, so the memo goes. What was corrected that day is behind it if the credit moved."""
    re_timed = replaced("i1-2", "Thu 07-30 10:00", time=text_at(f"Tue 06-09 {ended}"))
    before = statement(book(BASE, CLAIMED), "c1", "2026-06", at("Wed 07-29 10:00"))
    after = statement(book([*BASE, re_timed], CLAIMED), "c1", "2026-06", at("Sat 08-01 10:00"), None, before)
    found = after.record["restates"]
    (memo,) = (one for one in found["changes"] if one["section"] == "memos")
    assert memo["after"] is None
    assert [found["why"][n]["how"] for n in memo["why"]] == [how]
    assert all(
        found["why"][n]["how"] == "corrected"
        for one in found["changes"]
        if one is not memo
        for n in one["why"]
    )


# -- what a credit looks back on ---------------------------------------------------------------------------

STREAKS = (
    DOCUMENT
    + """
deadline:
  answer: {from: opened, until: answered, within: 4h, modality: objective}
indicator:
  share: {count: outcomes of answer}
commit:
  month: {indicator: share, level: ">= 90 %", per: calendar month}
remedy:
  streak: {of: month, when: breaches >= 3, formula: "20 %", base: {fee: month}}
  third: {of: month, after: 3 of 3, formula: "30 %", base: {fee: month}}
"""
)
LATE_ONCE_A_MONTH = tuple(
    one
    for n, day in enumerate(("Mon 01-12", "Thu 02-12", "Thu 03-12"), 1)
    for one in (
        fact("ticket.opened", f"{day} 08:00", f"T-{n}", f"t{n}-1", contract="c1"),
        fact("ticket.replied", f"{day} 13:00", f"T-{n}", f"t{n}-2"),
    )
)


@pytest.mark.parametrize(
    "news",
    [
        pytest.param((replaced("t1-2", "Wed 04-08 10:00", time=text_at("Mon 01-12 09:00")),), id="corrected"),
        pytest.param(
            tuple(
                late(one, "Wed 04-08 10:00")
                for n in range(4, 13)
                for one in (
                    fact("ticket.opened", f"Tue 01-20 {n:02}:00", f"T-{n}", f"t{n}-1", contract="c1"),
                    fact("ticket.replied", f"Tue 01-20 {n:02}:30", f"T-{n}", f"t{n}-2"),
                )
            ),
            id="nine more in time",
        ),
    ],
)
def test_a_change_of_an_earlier_period_is_named_behind_what_looks_back_on_it(news: tuple[Fact, ...]) -> None:
    """January's ticket was answered in time: March has one breach in a row, so 200 and 300 are owed no more."""
    as_of = at("Thu 04-02 09:00")
    before = statement(book(LATE_ONCE_A_MONTH, STREAKS), "c1", "2026-03", as_of)
    found = statement(
        book([*LATE_ONCE_A_MONTH, *news], STREAKS), "c1", "2026-03", as_of, None, before
    ).record["restates"]
    assert [one["difference"] for one in found["money"]] == [-50000]
    assert {one["id"] for one in found["why"]} == {one.id for one in news}
    owing = [one for one in found["changes"] if one["section"] == "credits"]
    assert {one["remedy"]: one["difference_minor"] for one in owing} == {"streak": -20000, "third": -30000}
    assert all(one["why"] == [*range(len(news))] for one in owing)


def test_a_quarter_names_the_correction_of_its_first_month_behind_its_last_one() -> None:
    """Also where the correction says that it was recorded before the statement, so positions moved."""
    as_of = at("Thu 04-02 09:00")
    before = statement(book(LATE_ONCE_A_MONTH, STREAKS), "c1", "2026-Q1", as_of)
    early = replaced("t1-2", "Thu 02-05 10:00", time=text_at("Mon 01-12 09:00"))
    found = statement(
        book([*LATE_ONCE_A_MONTH, early], STREAKS), "c1", "2026-Q1", as_of, None, before
    ).record["restates"]
    assert [(one["how"], one["id"]) for one in found["why"]] == [("corrected", "r-t1-2")]
    assert all(one["why"] == [0] for one in found["changes"])


def test_what_happened_after_the_instant_asked_about_moves_nothing() -> None:
    """An invoice of August is behind no change of what was owed as of the 20th of July."""
    invoice = fact(
        "contract.invoice_issued",
        "Mon 08-03 10:00",
        "c1",
        "inv-8",
        invoice="F-2",
        amount=1000,
        currency="EUR",
        month="2026-07",
    )
    slow = replaced("i1-2", SOON, time=text_at("Tue 06-09 20:00"))
    found = restated(Late("an invoice of August", (invoice, slow), 15000)).record["restates"]
    assert [one["id"] for one in found["why"]] == ["r-i1-2"]


def test_what_only_has_other_steps_is_told_apart_from_what_changed() -> None:
    """A breach of 0 % that becomes one of 50 % shows both; a credit that stays not owed is no row."""
    as_of = at("Thu 04-02 09:00")
    more = tuple(
        late(one, "Wed 04-08 10:00")
        for one in (
            fact("ticket.opened", "Tue 01-20 08:00", "T-9", "t9-1", contract="c1"),
            fact("ticket.replied", "Tue 01-20 09:00", "T-9", "t9-2"),
        )
    )
    before = statement(book(LATE_ONCE_A_MONTH, STREAKS), "c1", "2026-01", as_of)
    after = statement(book([*LATE_ONCE_A_MONTH, *more], STREAKS), "c1", "2026-01", as_of, None, before)
    told_as = " ".join(text(document(after, Tongue("en"))).split())
    assert "verdict month 2026-01 breached 0 % breached 50 %" in told_as
    assert (
        "The steps are others, the outcome is the same: credit streak 2026-01, credit third 2026-01."
        in told_as
    )


def test_the_steps_of_a_credit_are_told_in_dutch() -> None:
    """A condition that does not hold, and a step, are words of ours: not left in English."""
    made = statement(book(LATE_ONCE_A_MONTH, STREAKS), "c1", "2026-02", at("Tue 03-03 09:00"))
    told_as = text(document(made, Tongue("nl")))
    assert "niet zo: “breaches >= 3”" in told_as
    assert "not so" not in told_as


ITEM_CLAIMS = (
    STREAKS[: STREAKS.index("remedy:")]
    + 'remedy:\n  refund: {of: month, formula: "60 %", base: {fee: month}}\nclaim: {about: item}\n'
)


def test_a_decided_claim_about_an_item_that_was_in_time_after_all_stays_in_its_month() -> None:
    """The month of the item says what was decided on it, filed and decided in the month after as it was."""
    told = (
        *LATE_ONCE_A_MONTH[:2],
        fact("claim.filed", "Mon 02-02 10:00", "C-1", "c1-1", contract="c1", about="T-1"),
        fact("claim.determined", "Tue 02-03 10:00", "C-1", "c1-2", outcome="accepted", actor="dora"),
    )
    as_of = at("Thu 04-02 09:00")
    before = statement(book(told, ITEM_CLAIMS), "c1", "2026-01", as_of)
    corrected = replaced("t1-2", "Wed 04-08 10:00", time=text_at("Mon 01-12 09:00"))
    after = statement(book([*told, corrected], ITEM_CLAIMS), "c1", "2026-01", as_of, None, before)
    assert [(one["id"], one["state"]) for one in before.record["claims"]] == [("C-1", "accepted")]
    assert [(one["id"], one["state"]) for one in after.record["claims"]] == [("C-1", "accepted")]
    (changed,) = (one for one in after.record["restates"]["changes"] if one["section"] == "claims")
    assert changed["after"] is not None
