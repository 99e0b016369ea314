"""Claims as both sides ask for them: what was filed and comes next, what can still be claimed until when.

Source: design 8; SIVO-6.1 to 6.3; JUST-5, JUST-6.2, JUST/J6.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from upheld.book.evaluate import Report
from upheld.core.accounting.ledger import CreditLedger, ledger_of
from upheld.core.accounting.proposing import granted_amount
from upheld.core.book import Book
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, FiledClaim, claimable_of, next_of
from upheld.core.terms.rounding import minor_digits
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace

# -- what was filed ----------------------------------------------------------------------------------------


def claims(book: Book, report: Report, contract: str | None = None) -> tuple[FiledClaim, ...]:
    """Every claim, by contract, with the terms of the plan that it is under, and what comes next."""
    facts = book.log.effective(report.at, report.known)
    ledger = ledger_of(facts)
    found: list[FiledClaim] = []
    for terms in report.terms:
        assert terms.contract is not None
        if contract in (None, terms.contract.id):
            for claim in report.evaluation.claims_of(terms.contract.id):
                is_to_issue = _is_to_issue(claim, report, ledger)
                whole = _credited(claim, ledger, is_to_issue=is_to_issue)
                after = next_of(whole, is_to_issue=is_to_issue)
                found.append(FiledClaim(terms.under(claim.plan), whole, after))
    return tuple(found)


def _is_to_issue(claim: Claim, report: Report, ledger: CreditLedger) -> bool:
    """Whether what is granted of its credits is not what their memos add up to."""
    own = ledger.by_contract.get(claim.contract, {})
    credits_ = {one.key: one for one in report.evaluation.credits_of(claim.contract)}
    for key in claim.credits:
        issued = sum(memo.net_minor for memo in own.get(key, ()) if memo.status != "voided")
        credit = credits_[key]
        if Decimal(issued) != granted_amount(credit).scaleb(minor_digits(credit.currency)):
            return True
    return False


def _credited(claim: Claim, ledger: CreditLedger, *, is_to_issue: bool) -> Claim:
    """The claim with when its credit was issued, and when all of it was applied."""
    if claim.granted_at is None:
        return claim
    own = ledger.by_contract.get(claim.contract, {})
    memos = [memo for key in claim.credits for memo in own.get(key, ()) if memo.status != "voided"]
    issued = [memo.issued_at for memo in memos if memo.issued_at is not None]
    if not issued:
        return claim
    done = not is_to_issue and all(memo.status in ("applied", "settled") for memo in memos)
    applied = [part.at for memo in memos for part in memo.applied if part.at is not None] if done else []
    return replace(claim, credited_at=min(issued), applied_at=max(applied) if applied else None)


# -- what can be claimed -----------------------------------------------------------------------------------


def claimable(book: Book, report: Report, contract: str | None = None) -> tuple[Claimable, ...]:
    """What can be claimed, what was, and what no more can be, by contract, period and item."""
    del book
    found: list[Claimable] = []
    for terms in report.terms:
        assert terms.contract is not None
        name = terms.contract.id
        if contract not in (None, name):
            continue
        verdicts = report.evaluation.of(name)
        filed = report.evaluation.claims_of(name)
        for credit in report.evaluation.credits_of(name):
            found += claimable_of(terms, credit, verdicts, filed, report.at)
    return tuple(found)


def to_file(found: Sequence[Claimable], until_at: Instant | None = None) -> tuple[Claimable, ...]:
    """What can still be filed by a deadline, the next one first; up to an instant, if one is given."""
    dated = [
        (one.until_at, one)
        for one in found
        if one.standing == "open"
        and one.until_at is not None
        and (until_at is None or one.until_at <= until_at)
    ]
    return tuple(one for _, one in sorted(dated, key=lambda pair: (pair[0], pair[1].contract, pair[1].about)))
