"""The credit memos of a book: issued, proposed and expected; what is to come, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial

from upheld.book.claims import claimable
from upheld.book.evaluate import Report
from upheld.book.forecast import forecasts
from upheld.core.accounting.accrual import Accrual, accruals_of
from upheld.core.accounting.ageing import Ageing, ageing_of
from upheld.core.accounting.doubts import overfull, renamed
from upheld.core.accounting.due_since import told_at_of
from upheld.core.accounting.ledger import OF_CREDITS, CreditLedger, ledger_of, minor_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.netting import cancelled, due
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.book import Book
from upheld.core.facts.fact import Fact
from upheld.core.owing.bill import Invoice
from upheld.core.owing.invoices import ISSUED as INVOICE_ISSUED
from upheld.core.owing.invoices import OF_INVOICES, invoices_of
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.terms.rounding import rounded
from upheld.core.values.finding import in_order
from upheld.core.values.frozen import dataclass, replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit


@dataclass(frozen=True, slots=True)
class Memos:
    """The memos of all contracts of a report, and the ledger that they follow from.

    `is_newest`: nothing of the ledger is recorded or happened after what was asked for. `told_invoices` are
    the invoices that are known, by contract and name; None: its amount was not told.
    """

    report: Report
    memos: tuple[CreditMemo, ...]
    ledger: CreditLedger
    is_newest: bool
    told_invoices: Mapping[str, Mapping[str, Invoice | None]]

    def of(self, contract: str | None) -> tuple[CreditMemo, ...]:
        """Those of one contract, or all."""
        return tuple(memo for memo in self.memos if contract in (None, memo.contract))

    def invoices(self, contract: str) -> Mapping[str, Invoice | None]:
        """The invoices of a contract that are known, by name."""
        return self.told_invoices.get(contract, {})

    def credit_of(self, memo: CreditMemo) -> Credit | None:
        """The credit that a memo is of; None if the terms have it no more."""
        key = CellKey(memo.contract, memo.remedy, memo.subject)
        owed = self.report.evaluation.credits_of(memo.contract)
        return next((credit for credit in owed if credit.key == key), None)

    def memo(self, name: str) -> CreditMemo | None:
        """The memo of an id or a number; None if there is none, or several have the number."""
        found = [memo for memo in self.memos if name in (memo.id, memo.number)]
        exact = [memo for memo in found if memo.id == name]
        return exact[0] if exact else found[0] if len(found) == 1 else None


def memos(book: Book, report: Report) -> Memos:
    """The memos as of a report: what was recorded and has happened by then.

    Proposals are numbered as if all were issued now.
    """
    facts = book.log.effective(report.at, report.known)
    ledger = ledger_of(facts)
    whole = sum(fact.type in OF_CREDITS for fact in book.log.effective())
    found = Memos(
        report,
        memos_of(accounts_of(book, report), ledger, facts, report.at),
        ledger,
        whole == sum(fact.type in OF_CREDITS for fact in facts),
        _invoices(report, facts),
    )
    if not ledger.memos:
        return found
    known = {credit.key for _, _, credit in report.numbered_credits()}
    doubts = [
        *renamed(found.memos, known, facts),
        *overfull(ledger.memos, partial(_most_minor, found), facts),
    ]
    return replace(found, ledger=replace(ledger, findings=in_order([*ledger.findings, *doubts])))


def ageing(book: Book, found: Memos, contract: str | None) -> tuple[Ageing, ...]:
    """What is granted and not applied, of one contract or all, by how long it is due."""
    report, own = found.report, found.of(contract)
    facts = {FactRef(one.source, one.id): one for one in book.log.effective(report.at, report.known)}
    return ageing_of(own, told_at_of(own, facts, book.log.corrections(report.known)), report.at)


def _invoices(report: Report, facts: Iterable[Fact]) -> Mapping[str, Mapping[str, Invoice | None]]:
    told: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.type in OF_INVOICES:
            told.setdefault(fact.subject, []).append(fact)
    found: dict[str, Mapping[str, Invoice | None]] = {}
    for terms in report.terms:
        assert terms.contract is not None
        own = told.get(terms.contract.id, [])
        named = {str(fact.data.get("invoice")): None for fact in own if fact.type == INVOICE_ISSUED}
        zone = terms.calendars[ALWAYS].rule.zone
        known = {one.id: one for one in invoices_of(own, terms.contract.currency, zone)}
        found[terms.contract.id] = {**named, **known}
    return found


def accounts_of(book: Book, report: Report) -> Iterator[Accounts]:
    """What memos follow from: of each contract its terms, its credits, its verdicts and what was refused."""
    forfeited, still = _forfeited(book, report)
    for terms in report.terms:
        if terms.contract is not None:
            yield Accounts(
                terms,
                report.evaluation.credits_of(terms.contract.id),
                report.evaluation.of(terms.contract.id),
                _refused(terms, report, forfeited) - still,
                _disputed(terms, report),
            )


def _disputed(terms: Terms, report: Report) -> frozenset[CellKey]:
    """The credits of claims whose decision is disputed."""
    assert terms.contract is not None
    filed = report.evaluation.claims_of(terms.contract.id)
    return frozenset(key for claim in filed if claim.state == "disputed" for key in claim.credits)


def _refused(terms: Terms, report: Report, forfeited: Collection[CellKey]) -> frozenset[CellKey]:
    """The credits that nobody will grant any more.

    No claim for them is in time any more, or all were rejected and none is disputed; of the latter some can
    be claimed anew. One that was filed and is not decided can be accepted, late or not.
    """
    assert terms.contract is not None
    states: dict[CellKey, list[bool]] = {}
    for claim in report.evaluation.claims_of(terms.contract.id):
        for key in claim.credits if not claim.is_withdrawn else ():
            states.setdefault(key, []).append(claim.state == "rejected")
    refused = {key for key, rejected in states.items() if all(rejected)}
    waiting = {key for key, rejected in states.items() if not all(rejected)}
    return frozenset(refused | (frozenset(forfeited) - waiting))


def _forfeited(book: Book, report: Report) -> tuple[frozenset[CellKey], frozenset[CellKey]]:
    """The credits of which all that could have been claimed can be no more, and those that still can be.

    Among these are some whose claim was rejected, as long as they can be claimed anew.
    """
    standings: dict[CellKey, list[str]] = {}
    for one in claimable(book, report):
        standings.setdefault(one.credit.key, []).append(one.standing)
    return (
        frozenset(key for key, own in standings.items() if all(one == "forfeited" for one in own)),
        frozenset(key for key, own in standings.items() if "open" in own),
    )


def applicable_minor(found: Memos, memo: CreditMemo, invoice: str) -> int:
    """How much of an issued memo is due on an invoice by the schedule of its credit; 0: nothing is.

    However few parts it has, nothing is due on an invoice but what is to stand there, no more than there is
    room for. Due whole are what is paid out, a debit note, and days of service, which no schedule has. What
    a further memo of the credit takes off is not due, be it issued or only proposed.
    """
    key = CellKey(memo.contract, memo.remedy, memo.subject)
    own = [one for one in found.memos if CellKey(one.contract, one.remedy, one.subject) == key]
    due_minor = memo.net_minor - memo.applied_minor - cancelled(own).get(memo.id, 0)
    if not invoice:
        return due_minor
    room_minor = invoice_room_minor(found, memo, invoice)
    credit = found.credit_of(memo)
    if memo.currency and due_minor > 0:
        due_minor = 0 if credit is None else due(own, credit).get((memo.id, invoice), 0)
    return due_minor if room_minor is None else min(due_minor, room_minor)


def invoice_room_minor(found: Memos, memo: CreditMemo, invoice: str) -> int | None:
    """How much more can be set against an invoice, whatever memo stands on it: its amount less its floor.

    None: that is not known. Source: terms J8.
    """
    most_minor = _most_minor(found, memo, invoice)
    if most_minor is None:
        return None
    taken_minor = sum(
        part.amount_minor
        for other in found.ledger.memos.values()
        if other.contract == memo.contract and other.currency == memo.currency
        for part in other.applied
        if part.invoice == invoice
    )
    return max(most_minor - taken_minor, 0)


def _most_minor(found: Memos, memo: CreditMemo, invoice: str) -> int | None:
    """The amount of an invoice less the floor of a memo's remedy; None: it is not known."""
    told = found.invoices(memo.contract).get(invoice)
    if told is None or told.currency != memo.currency:
        return None
    terms = next(one for one in found.report.terms if one.contract and one.contract.id == memo.contract)
    credit = found.credit_of(memo)
    floor = Fraction(0) if credit is None else terms.under(credit.plan).remedy(memo.remedy).pay.floor
    most = rounded(max(Fraction(told.amount), Fraction(0)) * (1 - floor), memo.digits, "down")
    most_minor = minor_of(most, memo.digits)
    assert most_minor is not None, "it was rounded to minor units"
    return most_minor


def accruals(
    book: Book, found: Memos, month: str, contract: str | None, draws: int, seed: int
) -> tuple[Accrual, ...]:
    """What is to come at the end of a month (YYYY-MM); chances are those of the forecast."""
    report = found.report
    chances: dict[CellKey, Fraction] = {}
    if any(memo.status == "expected" for memo in found.of(contract)):
        told = forecasts(report, book.observations, contract, draws, seed).measured
        chances = {one.key: one.chance for _, _, one in told if one.chance is not None}
    owed = {credit.key: credit for _, _, credit in report.numbered_credits()}
    remedies = {
        credit.key: terms.under(credit.plan).remedy(credit.key.commitment)
        for _, terms, credit in report.numbered_credits()
    }
    return tuple(accruals_of(found.of(contract), owed, remedies, chances, month))
