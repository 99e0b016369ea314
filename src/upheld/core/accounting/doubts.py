"""What is doubtful of memos, though each is right by itself: one period paid twice, an invoice too full.

Nothing here stops anything: whoever decides is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from upheld.core.accounting.booking import exact
from upheld.core.accounting.ledger import APPLIED, ISSUED
from upheld.core.accounting.memo import CreditMemo
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Finding
from upheld.core.values.key import CellKey

Room = Callable[[CreditMemo, str], int | None]
"""How much of a memo's kind an invoice has room for in all, in minor units; None: that is not known."""


def renamed(memos: Sequence[CreditMemo], known: set[CellKey], facts: Iterable[Fact]) -> Iterator[Finding]:
    """Issued memos of credits that the terms have no more, beside others for the same period.

    `known` are the credits that there are. A remedy that was renamed looks so: its memo stands, and the same
    is proposed again under the new name. Where a remedy was removed, those that are left rest on other
    clauses or rules, or gave something before: none of them is the removed one under another name.
    """
    places = {fact.subject: fact for fact in facts if fact.type == ISSUED}
    commitments = {(memo.contract, memo.commitment) for memo in memos if _key(memo) in known}
    first: dict[tuple[str, str], Instant] = {}
    for memo in memos:
        if memo.id in places and memo.issued_at is not None:
            of = memo.contract, memo.remedy
            first[of] = min(first.get(of, memo.issued_at), memo.issued_at)
    for old in memos:
        if _key(old) in known or old.status == "voided" or old.id not in places:
            continue
        is_followed = (old.contract, old.commitment) in commitments
        for new in memos:
            same = (new.contract, new.subject) == (old.contract, old.subject) and _key(new) in known
            same = same and _basis(new) == _basis(old)
            there_at, old_at = first.get((new.contract, new.remedy)), old.issued_at
            if there_at is not None and old_at is not None and there_at <= old_at:
                continue  # it stood beside the old one
            if same and new.status != "voided" and (not is_followed or new.commitment == old.commitment):
                message = (
                    f"credit `{old.id[:80]}` was issued for a remedy that the terms have no more, and "
                    f"`{new.id[:80]}` is {new.status} for the same period"
                )
                yield Finding("renamed-remedy", message, (places[old.id].where,), severity="warning")


def overfull(ledger: Mapping[str, CreditMemo], room: Room, facts: Sequence[Fact]) -> Iterator[Finding]:
    """Invoices on which more was set than there is room for: their amount less the floor of the remedy."""
    told = {(fact.source, fact.id): fact for fact in facts if fact.type == APPLIED}
    parts = sorted(
        ((part, memo) for memo in ledger.values() for part in memo.applied if part.invoice),
        key=lambda one: (one[0].at, one[0].ref),
    )
    taken: dict[tuple[str, str, str], int] = {}
    for part, memo in parts:
        key = memo.contract, part.invoice, memo.currency
        taken[key] = taken.get(key, 0) + part.amount_minor
        most = room(memo, part.invoice)
        fact = told.get((part.ref.source, part.ref.id))
        if most is not None and part.amount_minor > 0 and taken[key] > most and fact is not None:
            told_taken, told_most = (
                f"{exact(of, memo.digits):,f} {memo.currency}" for of in (taken[key], most)
            )
            message = (
                f"invoice `{part.invoice[:80]}` carries {told_taken} of credit with `{memo.id[:80]}`, "
                f"and there is room for {told_most}"
            )
            yield Finding("overfull-invoice", message, (fact.where,), severity="warning")


def _basis(memo: CreditMemo) -> tuple[str, tuple[str, ...]]:
    """By which rule and clauses a memo was computed."""
    return memo.trace.rule_id, memo.trace.clauses


def _key(memo: CreditMemo) -> CellKey:
    return CellKey(memo.contract, memo.remedy, memo.subject)
