"""Claims as both sides ask for them: what was filed and comes next, what can still be claimed until when.

Source: design 8; SIVO-6.1 to 6.3; JUST-5, JUST-6.2, JUST/J6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from upheld.book.evaluate import Report
from upheld.core.accounting.ledger import CreditLedger, ledger_of
from upheld.core.book import Book
from upheld.core.claiming.claim import Claim
from upheld.core.claiming.claimable import Claimable, FiledClaim, Why, next_of
from upheld.core.claiming.folding import FILED, is_filing
from upheld.core.clocks.clock import judge
from upheld.core.clocks.subject import fold_subject
from upheld.core.facts.fact import Data, Fact
from upheld.core.terms.agreement import Terms
from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.timeline.period import Period
from upheld.core.values.expression import names_in
from upheld.core.values.frozen import replace
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import LATE, Verdict

_DRAFT: Final = "draft"


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
                whole = _credited(claim, ledger)
                found.append(FiledClaim(terms.under(claim.plan), whole, next_of(whole)))
    return tuple(found)


def _credited(claim: Claim, ledger: CreditLedger) -> Claim:
    """The claim with when its credit was issued, and when all of it was applied."""
    if claim.granted_at is None:
        return claim
    own = ledger.by_contract.get(claim.contract, {})
    memos = [memo for key in claim.credits for memo in own.get(key, ()) if memo.status != "voided"]
    issued = [memo.issued_at for memo in memos if memo.issued_at is not None]
    if not issued:
        return claim
    done = all(memo.status == "applied" for memo in memos)
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
            found += _of_credit(terms, credit, verdicts, filed, report.at)
    return tuple(found)


def _of_credit(
    terms: Terms, credit: Credit, verdicts: Sequence[Verdict], filed: Sequence[Claim], at: Instant
) -> Iterator[Claimable]:
    own = _under(terms, credit)
    rule, remedy = own.claim, next(one for one in own.remedies if one.name == credit.key.commitment)
    if rule is None or not own.must_be_claimed(remedy.name) or remedy.unit == "termination":
        return
    key = credit.commitment, credit.key.subject
    verdict = next((one for one in verdicts if (one.key.commitment, one.key.subject) == key), None)
    if verdict is None or verdict.measurement is None:
        return
    why = _why(credit, verdict, remedy, rule)
    if why is None:
        return
    period = verdict.measurement.period
    whole = Claimable(own, credit, verdict, period.label, period, why, "open", None)
    items = _late_items(own, remedy, verdicts, period)
    whole = replace(whole, items=items)
    if rule.about == "item":
        yield from _of_items(whole, filed, at)
        return
    yield _placed(whole, filed, at)


def _under(terms: Terms, credit: Credit) -> Terms:
    """The terms under the plan that a credit is of."""
    return terms.under(credit.plan)


def _why(credit: Credit, verdict: Verdict, remedy: RemedyRule, rule: ClaimRule) -> Why | None:
    """Why something can be claimed; None if nothing can."""
    if credit.state == "owed":
        return "owed"
    if verdict.state == "met" or (verdict.state == "not applicable" and not verdict.is_open):
        return None
    needs_complaint = remedy.when is not None and "complaints" in names_in(remedy.when)
    if credit.state in ("undetermined", "open"):
        return "undetermined"
    if credit.state == "running":
        measured = verdict.measurement
        is_bad = measured is not None and bool(measured.bad)
        return "protective" if rule.protective and is_bad else None
    # Nothing is owed: yet it may be that only the complaint is missing.
    return "protective" if needs_complaint and rule.protective and verdict.state in LATE else None


def _late_items(
    terms: Terms, remedy: RemedyRule, verdicts: Sequence[Verdict], period: Period
) -> tuple[Verdict, ...]:
    """The items of the period that were late, where items are what is counted."""
    commit: CommitRule = next(one for one in terms.commits if one.name == remedy.of)
    indicator = terms.indicators[commit.indicator]
    if indicator.basis != "outcomes":
        return ()
    return tuple(
        one
        for one in verdicts
        if one.key.commitment == indicator.of
        and one.is_late
        and one.started_at is not None
        and period.start_at <= one.started_at < period.end_at
    )


def _of_items(whole: Claimable, filed: Sequence[Claim], at: Instant) -> Iterator[Claimable]:
    """The items that can still be complained about; one line for the period where none can."""
    placed = [
        _placed(
            replace(whole, about=item.key.subject, issue_at=item.late_after_at or item.due_at, items=(item,)),
            filed,
            at,
        )
        for item in whole.items
    ]
    claim = _claim_of(whole, filed)
    if claim is not None:
        last = next((one for one in placed if one.about == claim.about), None)
        yield replace(whole, standing="claimed", claim=claim.id, until_at=last.until_at if last else None)
        return
    still = [one for one in placed if one.standing == "open"]
    yield from sorted(still, key=lambda one: (one.until_at or 0, one.about))
    if not still and placed:
        latest = max(placed, key=lambda one: one.until_at or 0)
        yield replace(whole, standing="forfeited", until_at=latest.until_at)


def _placed(one: Claimable, filed: Sequence[Claim], at: Instant) -> Claimable:
    """With its deadline, and whether it was claimed, can be, or no more."""
    until_at = until_of(one.terms, one.about, one.issue_at, at)
    claim = _claim_of(one, filed)
    if claim is not None:
        return replace(one, standing="claimed", claim=claim.id, until_at=until_at)
    is_over = until_at is not None and at > until_at
    return replace(one, standing="forfeited" if is_over else "open", until_at=until_at)


def _claim_of(one: Claimable, filed: Sequence[Claim]) -> Claim | None:
    """The claim under which it was claimed: the first that may be made, or was granted."""
    about = [claim for claim in filed if one.credit.key in claim.credits and not claim.is_withdrawn]
    good = [claim for claim in about if claim.admissibility != "inadmissible" or claim.granted_at is not None]
    return min(good, key=lambda claim: (claim.filed_at, claim.id), default=None)


def until_of(terms: Terms, about: str, issue_at: Instant | None, at: Instant) -> Instant | None:
    """The last instant at which a claim about a period or an item is filed in time; None: no deadline says.

    What its deadlines would say if it were filed at `at`.
    """
    assert terms.contract is not None
    data: dict[str, object] = {"contract": terms.contract.id, "about": about}
    if issue_at is not None:
        data["issue_at"] = format_instant(issue_at)
    fact = Fact(_DRAFT, _DRAFT, FILED, at, at, _DRAFT, Data(data))
    subject = fold_subject("claim", _DRAFT, (fact,), terms)
    assert subject is not None, "it is told that it is filed"
    outcomes = [judge(clock, terms, subject, at) for clock in terms.clocks if is_filing(clock)]
    dues = [one.due_at for outcome in outcomes for one in outcome.verdicts if one.due_at is not None]
    return min(dues, default=None)


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
