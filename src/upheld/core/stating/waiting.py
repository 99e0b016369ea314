"""What of claims and credits waits for the provider past its time: answers, documents, money.

An answer waits when its deadline has passed and nothing was decided; a credit when it was granted and has no
document; a document when the invoice that it is to stand on is there, or no invoice comes any more, and it
was not set off or paid out. What takes something back waits for nobody: it is no duty of the provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from upheld.core.accounting.due_since import due_since
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.netting import cancelled, due
from upheld.core.claiming.claimable import FiledClaim
from upheld.core.timeline.instant import Instant
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit


class Waiting(NamedTuple):
    """One thing that waits, and since when.

    `of` is the deadline of an answer, else the remedy; `subject` the claim, else the period. `amount_minor`
    is net, in minor units of the currency; None of an answer.
    """

    since_at: Instant
    what: Literal["answer", "issue", "set off", "pay out", "give"]
    of: str
    subject: str
    number: str = ""
    invoice: str = ""
    currency: str = ""
    amount_minor: int | None = None


def waiting(
    filed: Iterable[FiledClaim],
    memos: Iterable[CreditMemo],
    owed: Iterable[Credit],
    told_at: Mapping[FactRef, Instant],
    ends_at: Instant | None,
    at: Instant,
) -> tuple[Waiting, ...]:
    """All that waits under one contract at an instant, the oldest first.

    `told_at` is when what each fact says was recorded, by it or its correction; `ends_at` the end of the
    contract, from which on no invoice comes.
    """
    by_key = {one.key: one for one in owed}
    documents: dict[CellKey, list[CreditMemo]] = {}
    for memo in memos:
        documents.setdefault(CellKey(memo.contract, memo.remedy, memo.subject), []).append(memo)
    found = [*_answers(filed, at)]
    for key, own in documents.items():
        found += _papers(own, by_key.get(key), told_at, ends_at)
    return tuple(sorted((one for one in found if one.since_at < at), key=lambda one: one.since_at))


def _answers(filed: Iterable[FiledClaim], at: Instant) -> Iterator[Waiting]:
    """The claims whose answer is overdue, by the deadline that passed."""
    for one in filed:
        turns = [turn for turn in (one.next, one.next.also) if turn is not None]
        for turn in turns:
            if turn.party == "provider" and turn.due_at is not None and turn.due_at < at:
                missed = (step for step in one.claim.steps if step.due_at == turn.due_at)
                of = next((step.deadline for step in missed if step.done_at is None), "")
                yield Waiting(turn.due_at, "answer", of, one.claim.id)


def _papers(
    own: Sequence[CreditMemo],
    credit: Credit | None,
    told_at: Mapping[FactRef, Instant],
    ends_at: Instant | None,
) -> Iterator[Waiting]:
    """What of the documents of one credit is to be issued, set off, paid out or given."""
    at_of: dict[str, Instant] = {}
    if credit is not None:
        at_of = {one.invoice: one.at for one in credit.instalments if one.invoice and one.at is not None}
        to_put = due(own, credit)
    else:
        # The terms have no such remedy any more, so that no schedule says when: what was issued is owed.
        off = cancelled(own)
        left = {one.id: one.net_minor - one.applied_minor - off.get(one.id, 0) for one in own}
        to_put = {(name, ""): left_minor for name, left_minor in left.items() if left_minor > 0}
    for memo in own:
        like = {"of": memo.remedy, "subject": memo.subject, "currency": memo.currency}
        if memo.status == "proposed":
            if memo.granted_at is not None and memo.net_minor > 0:
                since_at = due_since(memo, own, told_at)
                assert since_at is not None, "it was granted"
                yield Waiting(since_at, "issue", amount_minor=memo.net_minor, **like)
            continue
        if memo.status not in ("issued", "outstanding") or memo.issued_at is None or not memo.open_minor:
            continue
        if not memo.currency:
            yield Waiting(memo.issued_at, "give", number=memo.number, amount_minor=memo.open_minor, **like)
            continue
        pays_out = memo.status == "outstanding" or memo.settlement == "payment"
        for (name, invoice), amount_minor in to_put.items():
            if name != memo.id or not (pays_out or invoice in at_of or credit is None):
                continue
            is_over = ends_at is not None if credit is None else invoice not in at_of
            what: Literal["set off", "pay out"] = "pay out" if is_over else "set off"
            can_at = at_of.get(invoice, ends_at)
            since_at = memo.issued_at if can_at is None else max(memo.issued_at, can_at)
            yield Waiting(
                since_at, what, number=memo.number, invoice=invoice, amount_minor=amount_minor, **like
            )
