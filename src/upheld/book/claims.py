"""Claims as both sides ask for them: what was filed and comes next, what can still be claimed until when.

Source: design 8; SIVO-6.1 to 6.3; JUST-5, JUST-6.2, JUST/J6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from upheld.book.evaluate import Report
from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.memo import CreditMemo, Settlement
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.book import Book
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, FiledClaim, Papers, claimable_of, items_of, next_of
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict

# -- what was filed ----------------------------------------------------------------------------------------


def claims(book: Book, report: Report, contract: str | None = None) -> tuple[FiledClaim, ...]:
    """Every claim, by contract, with the terms of the plan that it is under, and what comes next."""
    told = {
        terms.contract.id: terms
        for terms in report.terms
        if terms.contract is not None
        and contract in (None, terms.contract.id)
        and report.evaluation.claims_of(terms.contract.id)
    }
    memos: dict[str, list[CreditMemo]] = {name: [] for name in told}
    facts = book.log.effective(report.at, report.known) if told else ()
    accounts = [
        Accounts(terms, report.evaluation.credits_of(name), report.evaluation.of(name), ())
        for name, terms in told.items()
    ]
    for memo in memos_of(accounts, ledger_of(facts), facts, report.at):
        memos[memo.contract].append(memo)
    return tuple(one for name, terms in told.items() for one in filed_under(terms, report, memos[name]))


def filed_under(terms: Terms, report: Report, memos: Iterable[CreditMemo]) -> Iterator[FiledClaim]:
    """The claims under one contract, by what became of the memos of it."""
    assert terms.contract is not None
    documents: dict[CellKey, list[CreditMemo]] = {}
    for memo in memos:
        if memo.status not in ("expected", "voided"):
            documents.setdefault(CellKey(memo.contract, memo.remedy, memo.subject), []).append(memo)
    owed = {one.key: one for one in report.evaluation.credits_of(terms.contract.id)}
    items = [one for one in report.evaluation.of(terms.contract.id) if one.kind in ("deadline", "cadence")]
    for claim in report.evaluation.claims_of(terms.contract.id):
        own = [memo for key in claim.credits for memo in documents.get(key, ())]
        is_to_issue = any(memo.status == "proposed" for memo in own)
        credits_ = tuple(owed[key] for key in claim.credits)
        anew_until_at = _anew_until(terms, report, claim, credits_) if claim.state == "rejected" else None
        takes_back = any(one.beyond for one in credits_)
        settlement: Settlement = next(map(_settlement, reversed(own)), "credit note")
        papers = Papers(is_to_issue, settlement, anew_until_at, takes_back)
        whole = _credited(claim, own)
        about = tuple(one for one in items if one.key.subject == claim.about)
        yield FiledClaim(terms.under(claim.plan), whole, next_of(whole, papers), credits_, about)


def _anew_until(terms: Terms, report: Report, claim: Claim, credits_: Iterable[Credit]) -> Instant | None:
    """Until when what a claim was rejected for can be claimed anew; None: no more."""
    assert terms.contract is not None
    verdicts = report.evaluation.of(terms.contract.id)
    filed = report.evaluation.claims_of(terms.contract.id)
    found = (one for credit in credits_ for one in claimable_of(terms, credit, verdicts, filed, report.at))
    dues = (one.until_at for one in found if one.standing == "open" and one.claim == claim.id)
    return max((due_at for due_at in dues if due_at is not None), default=None)


def _settlement(memo: CreditMemo) -> Settlement:
    """How a memo reaches the customer, as it stands: where no invoice comes any more it is paid."""
    return "payment" if memo.status == "outstanding" else memo.settlement


def _credited(claim: Claim, memos: Sequence[CreditMemo]) -> Claim:
    """The claim with when its credit was issued, when all of it was applied, or cancelled out.

    What another claim has granted is that one's alone.
    """
    issued = [memo for memo in memos if memo.status != "proposed"]
    issued_at = [memo.issued_at for memo in issued if memo.issued_at is not None]
    if not claim.was_granted or claim.gives_nothing or not issued_at:
        return claim
    done = len(issued) == len(memos) and all(memo.status in ("applied", "settled") for memo in issued)
    applied = [part.at for memo in memos for part in memo.applied]
    return replace(
        claim,
        credited_at=min(issued_at),
        applied_at=max(applied) if done and applied else None,
        settled_at=max(issued_at) if done and not applied else None,
    )


# -- what can be claimed -----------------------------------------------------------------------------------


def claimable(book: Book, report: Report, contract: str | None = None) -> tuple[Claimable, ...]:
    """What can be claimed, what was, and what no more can be, by contract, period and item."""
    del book
    return tuple(_each(report, contract, claimable_of))


def claimable_items(report: Report, contract: str) -> tuple[Claimable, ...]:
    """Every late item of a contract by which something can be claimed, was, or can be no more."""
    return tuple(_each(report, contract, items_of))


_Claimable = Callable[[Terms, Credit, Sequence[Verdict], Sequence[Claim], Instant], Iterator[Claimable]]


def _each(report: Report, contract: str | None, claimable_by: _Claimable) -> Iterator[Claimable]:
    for terms in report.terms:
        assert terms.contract is not None
        name = terms.contract.id
        if contract not in (None, name):
            continue
        verdicts, filed = report.evaluation.of(name), report.evaluation.claims_of(name)
        for credit in report.evaluation.credits_of(name):
            yield from claimable_by(terms, credit, verdicts, filed, report.at)


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
