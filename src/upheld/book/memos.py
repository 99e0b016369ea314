"""The credit memos of a book: issued, proposed and expected; what is to come, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from upheld.book.claims import claimable
from upheld.book.evaluate import Report
from upheld.book.forecast import forecasts
from upheld.core.accounting.accrual import Accrual, accruals_of
from upheld.core.accounting.ledger import OF_CREDITS, CreditLedger, ledger_of, minor_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.book import Book
from upheld.core.owing.invoices import ISSUED as INVOICE_ISSUED
from upheld.core.terms.agreement import Terms
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey


@dataclass(frozen=True, slots=True)
class Memos:
    """The memos of all contracts of a report, and the ledger that they follow from.

    `is_newest`: nothing of the ledger is recorded or happened after what was asked for. `told_invoices` are
    the invoices that are known, by contract.
    """

    report: Report
    memos: tuple[CreditMemo, ...]
    ledger: CreditLedger
    is_newest: bool
    told_invoices: Mapping[str, tuple[str, ...]]

    def of(self, contract: str | None) -> tuple[CreditMemo, ...]:
        """Those of one contract, or all."""
        return tuple(memo for memo in self.memos if contract in (None, memo.contract))

    def invoices(self, contract: str) -> tuple[str, ...]:
        """The invoices of a contract that are known."""
        return self.told_invoices.get(contract, ())

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
    invoices: dict[str, list[str]] = {}
    for fact in facts:
        if fact.type == INVOICE_ISSUED:
            invoices.setdefault(fact.subject, []).append(str(fact.data.get("invoice")))
    return Memos(
        report,
        memos_of(accounts_of(book, report), ledger, facts, report.at),
        ledger,
        whole == sum(fact.type in OF_CREDITS for fact in facts),
        {contract: tuple(names) for contract, names in invoices.items()},
    )


def accounts_of(book: Book, report: Report) -> Iterator[Accounts]:
    """What memos follow from: of each contract its terms, its credits, its verdicts and what was refused."""
    forfeited = _forfeited(book, report)
    for terms in report.terms:
        if terms.contract is not None:
            yield Accounts(
                terms,
                report.evaluation.credits_of(terms.contract.id),
                report.evaluation.of(terms.contract.id),
                _refused(terms, report, forfeited),
            )


def _refused(terms: Terms, report: Report, forfeited: Collection[CellKey]) -> frozenset[CellKey]:
    """The credits that nobody will grant any more.

    No claim for them is in time any more, or all were rejected and none is disputed.
    """
    assert terms.contract is not None
    states: dict[CellKey, list[bool]] = {}
    for claim in report.evaluation.claims_of(terms.contract.id):
        for key in claim.credits if not claim.is_withdrawn else ():
            states.setdefault(key, []).append(claim.state == "rejected")
    return frozenset({*(key for key, rejected in states.items() if all(rejected)), *forfeited})


def _forfeited(book: Book, report: Report) -> frozenset[CellKey]:
    """The credits of which everything that could have been claimed can be claimed no more."""
    standings: dict[CellKey, list[bool]] = {}
    for one in claimable(book, report):
        standings.setdefault(one.credit.key, []).append(one.standing == "forfeited")
    return frozenset(key for key, lost in standings.items() if all(lost))


def applicable_minor(found: Memos, memo: CreditMemo, invoice: str) -> int:
    """How much of an issued memo is due on an invoice by the schedule of its credit; 0: nothing is.

    What is in one part, or paid out, is due whole.
    """
    if not invoice or len(memo.plan) <= 1:
        return memo.open_minor
    credits_ = found.report.evaluation.credits_of(memo.contract)
    parts = [
        part.amount
        for credit in credits_
        if (credit.key.commitment, credit.key.subject) == (memo.remedy, memo.subject)
        for part in credit.instalments
        if part.invoice == invoice
    ]
    due_minor = minor_of(sum(parts, Decimal(0)), memo.digits) or 0
    return min(due_minor, memo.open_minor)


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
