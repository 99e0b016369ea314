"""Memos: one for each credit that is granted, deltas where what is owed changes, numbers without a gap."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.accounting.world import (
    BILLING,
    DECIDED,
    FACTS,
    GRANTED_AT,
    JULY_20,
    STANDARD,
    credit,
    issued,
    june,
    memos,
    terms,
)
from upheld.core.accounting.accrual import Accrual, AccrualSum, sums_of
from upheld.core.accounting.ageing import ageing_of
from upheld.core.accounting.booking import apply, close, void
from upheld.core.accounting.doubts import renamed
from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.line_text import derivation
from upheld.core.accounting.memo import PlannedPart, TaxSum, by_number, memo_id
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.accounting.record import memo_of, record_of
from upheld.core.facts.fact import Data
from upheld.core.facts.fact_check import check_fact
from upheld.core.timeline.instant import DAY, parse_instant
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Grant, Line
from upheld.render.blocks import lines_of
from upheld.render.memos import accrual_table

AUGUST_3 = parse_instant("2026-08-03T09:00:00Z")


def test_a_granted_credit_is_proposed() -> None:
    """10 % of 499.00 net, 21 % on it, with base, band, clauses, evidence and decision."""
    (memo,) = memos([credit()])
    assert (memo.id, memo.status, memo.number, memo.sequence) == (
        "c-1/credit/2026-06/1",
        "proposed",
        "NW-CN-000001",
        1,
    )
    (line,) = memo.lines
    assert (line.exact, line.amount_minor, line.base, line.share, line.band) == (
        Fraction("49.9"), 4990, Fraction(499), Fraction(1, 10), "[99 %, 99.9 %)",
    )  # fmt: skip
    assert memo.taxes == (TaxSum(STANDARD, 4990, 1048),)  # 10.479
    assert (memo.net_minor, memo.tax_minor, memo.total_minor) == (4990, 1048, 6038)
    assert memo.trace.clauses == ("5.1", "1")
    assert memo.trace.decisions == (FactRef("billing", "decided-1"),)
    assert memo.trace.facts == (FactRef("billing", "in-1"), FactRef("billing", "claim-1"))
    assert [(one.id, one.on) for one in memo.invoices] == [("NW-2026-06", "2026-07-01")]
    assert (memo.first_on, memo.last_on, memo.issued_on, memo.month) == (
        "2026-06-01", "2026-06-30", "2026-07-20", "2026-07",
    )  # fmt: skip


def test_what_is_not_granted_is_only_expected() -> None:
    """Without a decision there is no number and no document, and the least that is owed is nothing."""
    (memo,) = memos([credit(granted_at=None)])
    assert (memo.status, memo.number, memo.sequence, memo.issued_on) == ("expected", "", None, "")
    assert (memo.net_minor, memo.least_minor, memo.most_minor) == (4990, 0, 4990)
    assert memos([credit("0")]) == ()


def test_what_was_refused_is_not_expected() -> None:
    """A credit whose claim was rejected, or can be made no more, is not to come; a granted one still is."""
    for owed, expected in ((credit(granted_at=None), []), (credit(), ["proposed"])):
        accounts = Accounts(terms(), [owed], (june(),), refused={owed.key})
        found = memos_of([accounts], ledger_of(()), (), JULY_20)
        assert [memo.status for memo in found] == expected


def test_a_memo_is_under_the_plan_that_it_is_owed_under() -> None:
    """After a change of plan the clauses and the rounding are those of the plan of the period."""
    own = terms()
    under = replace(own, remedies=(), plans={"gold": replace(own, plan="gold")})
    (memo,) = memos([replace(credit(), plan="gold")], under=under)
    assert (memo.trace.plan, memo.trace.clauses) == ("gold", ("5.1", "1"))


def test_instalments_add_up() -> None:
    """A hundredth that three parts leave is in the last one, and they come to the memo."""
    (memo,) = memos([credit("100.00", instalments=["33.33", "33.33", "33.34"])])
    assert [part.amount_minor for part in memo.plan] == [3333, 3333, 3334]
    assert sum(part.amount_minor for part in memo.plan) == memo.net_minor


def test_issued_once_it_is_not_proposed_again() -> None:
    """The memo that was issued stands as it was, and computing again gives the same bytes."""
    first = memos([credit()])
    facts = (*FACTS, *issued(first))
    (again,) = memos([credit()], facts, AUGUST_3)
    assert again == replace(first[0], status="issued", most_minor=None)
    assert memos([credit()], facts, AUGUST_3) == memos([credit()], facts, AUGUST_3)
    assert check_fact(facts[-1]) == ()


def test_a_record_is_read_back_as_it_was() -> None:
    """What a fact keeps of a memo gives the memo, and no other."""
    (memo,) = memos([credit("100.00", instalments=["33.33", "33.33", "33.34"])])
    assert memo_of(Data(record_of(memo))) == replace(memo, status="issued", most_minor=None)


def test_a_higher_amount_gives_a_delta() -> None:
    """A correction from 49.90 to 99.80 proposes the difference, with what was issued before taken off."""
    facts = (*FACTS, *issued(memos([credit()])))
    old, new = memos([credit("99.80")], facts, AUGUST_3)
    assert (old.status, old.net_minor) == ("issued", 4990)
    assert (new.id, new.status, new.number) == ("c-1/credit/2026-06/2", "proposed", "NW-CN-000002")
    assert [(line.kind, line.amount_minor, line.memo) for line in new.lines] == [
        ("credit", 9980, ""),
        ("issued before", -4990, old.id),
    ]
    assert (new.net_minor, new.tax_minor) == (4990, 1048)
    assert new.plan == (PlannedPart(1, 4990),)


def test_a_lower_amount_gives_a_negative_delta() -> None:
    """What was issued too much is taken back, all of it if nothing is owed; the memos come to what is."""
    facts = (*FACTS, *issued(memos([credit("99.80")])))
    for amount, difference in (("49.90", -4990), ("0", -9980)):
        found = memos([credit(amount)], facts, AUGUST_3)
        assert [memo.net_minor for memo in found] == [9980, difference]
        assert sum(memo.net_minor for memo in found) == Decimal(amount) * 100
        assert found[1].tax_minor == -found[0].tax_minor if amount == "0" else found[1].tax_minor == -1048
    facts = (*facts, *issued(found))
    assert [memo.net_minor for memo in memos([credit("0")], facts, AUGUST_3)] == [9980, -9980]


def test_a_memo_and_what_takes_it_back_settle_each_other() -> None:
    """99.80 are issued and all of it is taken back: nothing is open or ageing; void the delta, and it is."""
    facts = (*FACTS, *issued(memos([credit("99.80")])))
    facts = (*facts, *issued(memos([credit("0")], facts, AUGUST_3)))
    found = memos([credit("0")], facts, AUGUST_3)
    assert [(memo.status, memo.cancelled_minor, memo.open_minor) for memo in found] == [
        ("settled", 9980, 0), ("settled", -9980, 0),
    ]  # fmt: skip
    assert ageing_of(found, {}, AUGUST_3 + 40 * DAY) == ()
    again = ledger_of((*facts, void(found[1], "wrong", AUGUST_3)))
    assert [(memo.status, memo.open_minor) for memo in again.memos.values()] == [
        ("issued", 9980), ("voided", 0),
    ]  # fmt: skip


def test_only_what_is_open_settles() -> None:
    """Of 99.80 a part is applied: 69.80 are open. 49.90 taken back leave 19.90, and 9.80 more leave 10.10."""
    (first,) = memos([credit("99.80")])
    facts = (*FACTS, *issued([first]), apply(first, 3000, "INV-7", AUGUST_3))
    for amount, opens in (("49.90", [1990, 0]), ("40.10", [1010, 0, 0])):
        facts = (*facts, *issued(memos([credit(amount)], facts, AUGUST_3)))
        found = memos([credit(amount)], facts, AUGUST_3)
        assert [memo.open_minor for memo in found] == opens
    assert [memo.status for memo in found] == ["issued", "settled", "settled"]
    (_, delta, _) = found
    facts = (*facts, apply(first, 6980, "INV-8", AUGUST_3))  # on an invoice after all
    found = memos([credit("40.10")], facts, AUGUST_3)
    assert [(memo.status, memo.open_minor) for memo in found] == [
        ("applied", 0), ("issued", -4990), ("issued", -980),
    ]  # fmt: skip
    assert ledger_of((*facts, apply(delta, -4990, "INV-8", AUGUST_3))).findings == ()


def test_a_delta_is_taxed_as_what_it_corrects() -> None:
    """A contract whose tax changed meanwhile corrects the old document at the old rate."""
    facts = (*FACTS, *issued(memos([credit()])))
    later = replace(BILLING, tax=replace(STANDARD, rate=Fraction(10, 100)))
    found = memos([credit("99.80")], facts, AUGUST_3, terms(billing=later))
    assert found[1].taxes == (TaxSum(STANDARD, 4990, 1048),)


def test_the_taxes_of_a_credit_are_the_tax_of_the_whole() -> None:
    """21 % of 0.07 is 0.01, of 0.14 it is 0.03: the delta of 0.07 books 0.02, and to nothing -0.03."""
    facts = FACTS
    for amount, tax in (("0.07", 1), ("0.14", 2), ("0.00", -3), ("0.07", 1)):
        owed = credit("0" if amount == "0.00" else amount)
        found = memos([owed], facts, AUGUST_3)
        assert found[-1].tax_minor == tax, amount
        facts = (*facts, *issued(found))
        assert memos([owed], facts, AUGUST_3)[-1].taxes == found[-1].taxes
    assert ledger_of(facts).findings == ()


def test_a_credit_in_another_currency_takes_the_old_memo_back() -> None:
    """49.90 EUR are issued, and 60.00 USD are owed: one document takes back, the other gives."""
    facts = (*FACTS, *issued(memos([credit()])))
    found = memos([credit("60.00", currency="USD")], facts, AUGUST_3)
    assert [(memo.revision, memo.currency, memo.net_minor) for memo in found] == [
        (1, "EUR", 4990), (2, "EUR", -4990), (3, "USD", 6000),
    ]  # fmt: skip
    assert [memo.tax_minor for memo in found] == [1048, -1048, 1260]
    assert found[1].reasons[-1] == "it is owed in USD now"
    assert [line.kind for line in found[2].lines] == ["credit"]
    facts = (*facts, *issued(found))
    assert len(memos([credit("60.00", currency="USD")], facts, AUGUST_3)) == 3
    assert ledger_of(facts).findings == ()


def test_a_credit_in_days_takes_the_money_back() -> None:
    """What was money and is three days of service now: nothing is counted across units."""
    facts = (*FACTS, *issued(memos([credit()])))
    days = replace(credit("3.00", currency=""), unit="days of service", instalments=())
    found = memos([days], facts, AUGUST_3)
    assert [(memo.currency, memo.net_minor, memo.settlement) for memo in found] == [
        ("EUR", 4990, "credit note"), ("EUR", -4990, "credit note"), ("", 300, "days of service"),
    ]  # fmt: skip
    assert found[2].taxes == ()


def test_why_a_memo_was_taken_back_is_kept() -> None:
    """The words of whoever did it."""
    facts = (*FACTS, *issued(memos([credit()])))
    (memo,) = memos([credit()], facts, AUGUST_3)
    facts = (*facts, void(memo, "sent to the wrong address", AUGUST_3))
    assert ledger_of(facts).memos[memo.id].reasons == ("taken back: sent to the wrong address",)


def test_a_remedy_under_another_name_is_told_beside_the_old_one() -> None:
    """Its memo stands, and the same month is proposed again: a warning names both; void, it is quiet."""
    facts = (*FACTS, *issued(memos([credit()])))
    renamed_to = replace(credit(), key=CellKey("c-1", "refund", "2026-06"))
    own = terms()
    under = replace(own, remedies=(replace(own.remedies[0], name="refund"),))
    found = memos([renamed_to], facts, AUGUST_3, under)
    assert [memo.status for memo in found] == ["proposed", "issued"]
    (told,) = renamed(found, {renamed_to.key}, facts)
    assert (told.code, told.severity) == ("renamed-remedy", "warning")
    assert "c-1/credit/2026-06/1" in told.message
    assert "c-1/refund/2026-06/1" in told.message
    facts = (*facts, void(found[1], "renamed", AUGUST_3))
    assert list(renamed(memos([renamed_to], facts, AUGUST_3, under), {renamed_to.key}, facts)) == []
    assert list(renamed(memos([credit()], FACTS), {credit().key}, FACTS)) == []


def test_a_remedy_that_was_removed_is_no_renamed_one() -> None:
    """What is left rests on another clause, or gave something beside it: nobody is asked about it."""
    own = terms()
    (rule,) = own.remedies
    beside = replace(rule, name="courtesy", cited=replace(rule.cited, clauses=("5.9",)))
    both = replace(own, remedies=(rule, beside))
    other = replace(credit(), key=CellKey("c-1", "courtesy", "2026-06"))
    first, second = memos([credit(), other], FACTS, JULY_20, both)
    assert (first.remedy, second.remedy) == ("credit", "courtesy")
    for issued_then in ((first,), (first, second)):
        facts = (*FACTS, *issued(issued_then))
        found = memos([other], facts, AUGUST_3, replace(own, remedies=(beside,)))
        assert list(renamed(found, {other.key}, facts)) == []
    alike = replace(own, remedies=(rule, replace(rule, name="courtesy")))
    facts = (*FACTS, *issued(memos([credit(), other], FACTS, JULY_20, alike)))
    found = memos([other], facts, AUGUST_3, replace(own, remedies=alike.remedies[1:]))
    assert list(renamed(found, {other.key}, facts)) == []


def test_what_cannot_be_told_leaves_what_was_issued() -> None:
    """A credit that has become undetermined is neither taken back nor raised."""
    facts = (*FACTS, *issued(memos([credit()])))
    doubtful = replace(
        credit(), state="undetermined", exact=None, amount=None, granted_at=None, instalments=()
    )
    assert [memo.status for memo in memos([doubtful], facts, AUGUST_3)] == ["issued"]


def test_what_the_terms_have_no_more_stays_issued() -> None:
    """A memo whose credit nobody evaluates any more is listed as issued, and nothing is taken back."""
    facts = (*FACTS, *issued(memos([credit(), credit(subject="2026-05")])))
    found = memos([credit()], facts, AUGUST_3)
    assert [(memo.subject, memo.status) for memo in found] == [("2026-06", "issued"), ("2026-05", "issued")]


def test_numbers_follow_the_order_of_granting() -> None:
    """Within a legal entity, over its contracts, the first granted has the first number."""
    early = credit(contract="c-2", granted_at=GRANTED_AT - DAY)
    found = memos([credit(contract="c-1"), early])
    assert [(memo.contract, memo.sequence) for memo in found] == [("c-1", 2), ("c-2", 1)]
    facts = (*FACTS, *issued(found))
    assert ledger_of(facts).findings == ()
    assert ledger_of(facts).taken == {"northwind-nl": 2}


def test_memos_are_told_in_the_order_of_their_numbers() -> None:
    """By legal entity and number, whichever period comes first; what has no number is last."""
    may, june_ = credit(subject="2026-05"), credit()
    (first,) = memos([june_])
    facts = (*FACTS, *issued([first]))
    waiting = credit(subject="2026-07", granted_at=None)
    found = memos([waiting, may, june_], facts)
    assert [memo.subject for memo in found] == ["2026-07", "2026-05", "2026-06"]
    assert [(memo.subject, memo.number) for memo in by_number(found)] == [
        ("2026-06", "NW-CN-000001"), ("2026-05", "NW-CN-000002"), ("2026-07", ""),
    ]  # fmt: skip


def test_a_number_twice_and_a_gap_are_told() -> None:
    """Two documents with one number, and a number that is on no document, are findings of the ledger."""
    one, two = issued(memos([credit(contract="c-1"), credit(contract="c-2")]))
    assert [finding.code for finding in ledger_of([two]).findings] == ["credit-number"]
    (other,) = issued(memos([credit(contract="c-2")]))
    assert "2 credits" in ledger_of([one, other]).findings[0].message


def test_applying_uses_a_memo_up() -> None:
    """Part by part, never more than is left."""
    facts = (*FACTS, *issued(memos([credit()])))
    (memo,) = memos([credit()], facts, AUGUST_3)
    facts = (*facts, apply(memo, 2000, "NW-2026-07", AUGUST_3))
    (memo,) = memos([credit()], facts, AUGUST_3)
    assert (memo.status, memo.applied_minor, memo.open_minor) == ("issued", 2000, 2990)
    whole = (*facts, apply(memo, 2990, "NW-2026-08", AUGUST_3 + DAY))
    assert memos([credit()], whole, AUGUST_3)[0].status == "applied"
    more = (*facts, apply(memo, 2991, "NW-2026-08", AUGUST_3 + DAY))
    assert [finding.code for finding in ledger_of(more).findings] == ["bad-credit"]
    assert memos([credit()], more, AUGUST_3)[0].open_minor == 2990


def test_a_voided_memo_is_proposed_anew() -> None:
    """Its number stays taken, and what is owed gets another document."""
    facts = (*FACTS, *issued(memos([credit()])))
    (memo,) = memos([credit()], facts, AUGUST_3)
    facts = (*facts, void(memo, "sent to the wrong address", AUGUST_3))
    old, new = memos([credit()], facts, AUGUST_3)
    assert (old.status, old.open_minor) == ("voided", 0)
    assert (new.revision, new.sequence, new.net_minor, new.is_delta) == (2, 2, 4990, False)


def test_what_was_applied_cannot_be_void() -> None:
    """The money is set off already: what is wrong is a delta."""
    facts = (*FACTS, *issued(memos([credit()])))
    (memo,) = memos([credit()], facts, AUGUST_3)
    facts = (*facts, apply(memo, 4990, "NW-2026-07", AUGUST_3), void(memo, "why", AUGUST_3 + DAY))
    assert [finding.code for finding in ledger_of(facts).findings] == ["bad-credit"]
    assert ledger_of(facts).memos[memo.id].status == "applied"


def test_a_closed_month_takes_nothing_more() -> None:
    """After July is closed a memo of July stands in August and says so; no month before it opens again."""
    facts = (*FACTS, close("northwind-nl", "2026-07", JULY_20 - DAY))
    (memo,) = memos([credit()], facts)
    assert memo.month == "2026-08"
    assert memo.reasons == ("2026-07 is closed for northwind-nl: it stands in 2026-08",)
    other = (*FACTS, close("northwind-es", "2026-07", JULY_20 - DAY))
    assert memos([credit()], other)[0].month == "2026-07"


def test_what_is_put_into_a_closed_month_is_told() -> None:
    """A fact recorded after the lock counts in the next open month; one recorded before it stays."""
    before = issued(memos([credit()]))
    lock = close("northwind-nl", "2026-07", AUGUST_3)
    assert ledger_of((*before, lock)).findings == ()
    late = ledger_of((*issued(memos([credit()]), AUGUST_3 + DAY), lock))
    assert [finding.code for finding in late.findings] == ["closed-month"]
    assert [memo.month for memo in late.memos.values()] == ["2026-08"]
    (memo,) = ledger_of(before).memos.values()
    assert [one.code for one in ledger_of((*before, lock, void(memo, "why", AUGUST_3 + DAY))).findings] == [
        "closed-month"
    ]


def test_a_late_correction_of_a_closed_month_stands_in_the_open_one() -> None:
    """The delta says of which period it is, and in which month it is booked."""
    facts = (*FACTS, *issued(memos([credit()])), close("northwind-nl", "2026-07", AUGUST_3))
    _, delta = memos([credit("99.80")], facts, AUGUST_3 + DAY)
    assert (delta.subject, delta.month) == ("2026-06", "2026-08")


def test_damaged_documents_count_nowhere() -> None:
    """A total that is off by a cent, or a document of another credit, is a finding."""
    (fact,) = issued(memos([credit()]))
    document = dict(fact.data["document"])  # type: ignore[arg-type]
    for change in ({"net_minor": 4991}, {"taxes": []}, {"id": "c-9/credit/2026-06/1"}, {"lines": [{}]}):
        bad = replace(fact, data=Data({**fact.data, "document": Data({**document, **change})}))
        found = ledger_of([bad])
        assert [finding.code for finding in found.findings] == ["bad-credit"], change
        assert found.memos == {}


def test_ids_do_not_collide() -> None:
    """Whatever is in a name, two memos never share an id."""
    assert memo_id("a/b", "c", "d", 1) != memo_id("a", "b/c", "d", 1)
    assert memo_id("a%2Fb", "c", "d", 1) != memo_id("a/b", "c", "d", 1)


def test_without_billing_the_provider_numbers() -> None:
    """A contract that says nothing of billing has no tax, and its provider's sequence."""
    (memo,) = memos([credit()], (DECIDED,), under=terms(billing=None))
    assert (memo.entity, memo.number, memo.taxes, memo.invoices) == ("Northwind", "000001", (), ())
    assert memo.total_minor == 4990


# -- how a line adds up ------------------------------------------------------------------------------------


def test_steps_are_told_with_how_many_there_are() -> None:
    """Fifteen steps of 2 % are 30 % of 1,234.56: the line says all three, and comes to 370.368."""
    lines = (
        Line("shortfall", Fraction(15, 100), Fraction(15, 100), "ratio"),
        Line("complete steps", Fraction(15), Fraction(15), ""),
        Line("for each step", Fraction(1, 50), Fraction(1, 50), "ratio"),
    )
    owed = replace(credit("370.37", exact=Fraction(370368, 1000)), base=Fraction(123456, 100), lines=lines)
    (memo,) = memos([owed])
    (line,) = memo.lines
    assert (line.steps, line.share, line.base) == (15, Fraction(3, 10), Fraction(123456, 100))
    assert line.share * line.base == line.exact
    told = "15 x 2 %: 30 % of 1234.56 EUR; exactly 370.368 EUR, rounded half up"
    assert derivation(line, "EUR") == told
    assert memo_of(Data(record_of(memo))).lines == memo.lines


def test_a_partial_grant_is_told_beside_what_was_computed() -> None:
    """25 % of 1,417.893333... are 354.473333..., of which 100 was granted; a twelfth is cut."""
    lines = (Line("band < 80 %", Fraction(1, 4), Fraction(1, 4), "ratio"),)
    owed = credit("354.47", exact=Fraction(106342, 300), instalments=["100.00"])
    (memo,) = memos([replace(owed, base=Fraction(106342, 75), lines=lines)])
    (line,) = memo.lines
    assert (line.amount_minor, line.exact, line.computed) == (10000, 100, Fraction(106342, 300))
    assert derivation(line, "EUR") == (
        "25 % of 1417.89333333333... EUR; band < 80 %; exactly 354.473333333333... EUR, "
        "of which 100 EUR is given"
    )
    assert memo_of(Data(record_of(memo))).lines == memo.lines
    more = credit("354.47", exact=Fraction(106342, 300), instalments=["400.00"])
    (memo,) = memos([more])
    assert derivation(memo.lines[0], "EUR").endswith("instead of which 400 EUR is given")


def test_a_limit_that_is_no_whole_cent_is_rounded_down_and_told_so() -> None:
    """70.8966 is the limit: 70.90 would pass it, so 70.89 is given, rounded down."""
    (memo,) = memos([credit("70.89", exact=Fraction(708966, 10000))])
    assert derivation(memo.lines[0], "EUR").endswith("exactly 70.8966 EUR, rounded down")


def test_the_most_that_may_come_passes_no_limit() -> None:
    """A running month whose limit is 70.8966: up to 70.89, though 70.90 is nearer."""
    limit = Fraction(708966, 10000)
    running = replace(
        credit(granted_at=None), state="running", low=Fraction(0), high=limit, exact=Fraction(0)
    )
    for what, most in (("at most: limit per month", 7089), ("at most: amount", 7090)):
        lines = (Line(what, limit, limit, "EUR"),)
        (memo,) = memos([replace(running, amount=Decimal(0), lines=lines)])
        assert (memo.status, memo.most_minor) == ("expected", most)


def test_what_a_final_decision_gives_is_no_share_of_a_base() -> None:
    """50.00 was decided where 10 % of 499 were computed: the line tells no share that makes up another."""
    taken = replace(credit("50.00"), reasons=("the decision of the provider is final: partly",))
    (memo,) = memos([taken])
    (line,) = memo.lines
    assert (line.share, line.band, line.limit, line.computed) == (None, "", "", None)
    assert derivation(line, "EUR") == "exactly 50 EUR, rounded half up"


def test_a_delta_of_a_later_decision_is_as_old_as_that_decision() -> None:
    """Granted in full, issued, and lowered ten days later: what is taken back ages from the later day."""
    (first,) = memos([credit()])
    grants = (Grant(GRANTED_AT, None), Grant(GRANTED_AT + 10 * DAY, Decimal("20.00")))
    lowered = replace(credit("49.90", instalments=["20.00"]), grants=grants)
    _, delta = memos([lowered], (*FACTS, *issued([first])))
    assert (delta.net_minor, delta.granted_at) == (-2990, GRANTED_AT + 10 * DAY)


def test_a_sum_over_what_is_not_known_is_not_known() -> None:
    """What is known of the others stands beside it; where nothing is, neither sum is 0.00."""
    (memo,) = memos([credit()])
    known = Accrual(memo, 4990, 4990, 4990, "granted")
    unknown = Accrual(memo, 0, None, None, "bounds")
    bounded = Accrual(memo, 0, 7000, None, "bounds")
    key = ("northwind-nl", "EUR", 2)
    assert sums_of([known, unknown]) == (AccrualSum(*key, 4990, None, None, 1, 4990, 4990),)
    assert sums_of([known, bounded]) == (AccrualSum(*key, 4990, 11990, None, 1, 4990, 4990),)
    assert sums_of([known, known]) == (AccrualSum(*key, 9980, 9980, 9980, 0, 9980, 9980),)
    shown = "\n".join(lines_of(accrual_table("2026-07", [unknown], JULY_20)))
    assert "  northwind-nl  0.00 EUR  not known  not known  1 credit not known" in shown
    shown = "\n".join(lines_of(accrual_table("2026-07", [known, unknown], JULY_20)))
    assert (
        "not known  not known  1 credit not known; of all others at most 49.90 EUR, expected 49.90 EUR"
        in shown
    )
