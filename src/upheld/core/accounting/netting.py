"""How the open memos of one credit stand beside each other: what cancels out, and what is due of which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from upheld.core.accounting.memo import CreditMemo
from upheld.core.owing.parts import NOTHING_BOOKED, Booked, Issued, SetOff, equal_parts
from upheld.core.terms.remedy import Pay
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit, Grant


def is_alike(memo: CreditMemo, credit: Credit) -> bool:
    """Whether a memo is in the currency and the unit that the credit is in."""
    is_untold = credit.unit == "money" and not credit.currency
    return bool(memo.currency) if is_untold else memo.currency == credit.currency


def booked_of(memos: Iterable[CreditMemo], credit: Credit, pay: Pay, grants: Sequence[Grant]) -> Booked:
    """What the books have of a credit: its documents and what was set off, those of its own currency.

    `pay` is how it is paid, `grants` what was decided on it.
    """
    own = [memo for memo in memos if memo.status != "voided" and is_alike(memo, credit)]
    if credit.unit != "money" or not own:
        return NOTHING_BOOKED
    plans = {memo.id: _plan(memo, credit, pay, grants) for memo in own}
    set_off = [
        SetOff(part.at, _amount(part.amount_minor, memo), part.invoice, plans[memo.id], memo.id)
        for memo in own
        for part in memo.applied
    ]
    documents = tuple(
        Issued(memo.issued_at or 0, _amount(memo.net_minor, memo), plans[memo.id]) for memo in own
    )
    return Booked(documents, tuple(sorted(set_off, key=lambda one: one.at)))


def _plan(
    memo: CreditMemo, credit: Credit, pay: Pay, grants: Sequence[Grant]
) -> tuple[tuple[int, Decimal], ...]:
    """How much of a memo is for which instalment.

    Documents that correct what was computed once said to be one part on the next invoice, and were spread
    over all instalments even so, as long as nothing further was decided: those that are out still say it.
    """
    plan = tuple((one.number, _amount(one.amount_minor, memo)) for one in memo.plan)
    is_before = len(grants) < 2 or (memo.issued_at or 0) < grants[1].at
    is_one = plan == ((1, _amount(memo.net_minor, memo)),)
    if memo.revision == 1 or not is_before or not is_one or pay.of_each:
        return plan
    parts = equal_parts(plan[0][1], pay.instalments, credit.currency or memo.currency)
    return tuple(enumerate(parts, 1))


def _amount(amount_minor: int, memo: CreditMemo) -> Decimal:
    return Decimal(f"{amount_minor}E-{memo.digits}")


def _numbers(memo: CreditMemo) -> frozenset[int]:
    return frozenset(part.number for part in memo.plan)


def cancelled(memos: Iterable[CreditMemo]) -> dict[str, int]:
    """How much of each memo cancels out with others of its credit and currency, in minor units, by id.

    What a memo takes off it takes off the instalments that its plan names; what these do not have open any
    more comes off the oldest. It follows from what is open now and is no fact: what is set against an invoice
    nevertheless is not there to cancel anything.
    """
    alike: dict[tuple[CellKey, str], list[CreditMemo]] = {}
    for memo in sorted(memos, key=lambda memo: memo.revision):
        if memo.status not in ("voided", "expected") and memo.net_minor != memo.applied_minor:
            key = CellKey(memo.contract, memo.remedy, memo.subject), memo.currency
            alike.setdefault(key, []).append(memo)
    found: dict[str, int] = {}
    for own in alike.values():
        left = {memo.id: memo.net_minor - memo.applied_minor for memo in own}
        before = dict(left)
        giving = [memo for memo in own if left[memo.id] > 0]
        taking = [memo for memo in own if left[memo.id] < 0]
        planned = _planned(own)
        for memo in taking:
            for number in sorted(_numbers(memo)):
                for other in giving:
                    named = planned.get((other.id, number), 0)
                    off = _cross(left, other, memo, min(named, -planned[memo.id, number]))
                    if off:
                        planned[other.id, number] -= off
                        planned[memo.id, number] += off
        for memo in taking:
            for other in giving:
                _cross(left, other, memo, left[other.id])
        found |= {name: before[name] - left[name] for name in left if before[name] != left[name]}
    return found


def _planned(memos: Iterable[CreditMemo]) -> dict[tuple[str, int], int]:
    """How much of each memo is for which instalment, in minor units."""
    found: dict[tuple[str, int], int] = {}
    for memo in memos:
        for part in memo.plan:
            found[memo.id, part.number] = found.get((memo.id, part.number), 0) + part.amount_minor
    return found


def _left_of_plans(memos: Sequence[CreditMemo], credit: Credit) -> dict[tuple[str, int], int]:
    """How much of each memo is for which instalment and was not set off yet, in minor units.

    What was set off of an instalment was so of the memos that have it, as far as something of these was.
    """
    found = _planned(memos)
    applied = {memo.id: memo.applied_minor for memo in memos}
    for part in credit.instalments if memos else ():
        amount = int(part.amount.scaleb(memos[0].digits)) if part.is_set_off else 0
        for name, most in applied.items():
            off = max(0, min(amount, most, found.get((name, part.number), 0)))
            amount -= off
            applied[name] -= off
            if off:
                found[name, part.number] -= off
    return found


def _cross(left: dict[str, int], giving: CreditMemo, taking: CreditMemo, most: int) -> int:
    off = max(0, min(left[giving.id], -left[taking.id], most))
    left[giving.id] -= off
    left[taking.id] += off
    return off


def due(memos: Sequence[CreditMemo], credit: Credit) -> Mapping[tuple[str, str], int]:
    """How much of each memo is to stand on which invoice (empty: on one to come), in minor units.

    `memos` are all of the credit, those proposed included; keys are the id of a memo and the invoice. Where
    the money is the schedule says alone: what is not set off yet of an instalment is of the memo of whose
    plan that is left, and what no memo has a part for is of the oldest that has something open. A memo that
    was set against an invoice before takes no more of that than what no other has anything open for.
    """
    own = [memo for memo in memos if is_alike(memo, credit)]
    off = cancelled(own)
    left = {
        memo.id: memo.net_minor - memo.applied_minor - off.get(memo.id, 0)
        for memo in sorted(own, key=lambda memo: memo.revision)
        if memo.status not in ("voided", "expected")
    }
    done = {(memo.id, part.invoice) for memo in own for part in memo.applied if part.invoice}
    planned = _left_of_plans(own, credit)
    found: dict[tuple[str, str], int] = {}
    rest: list[tuple[str, int]] = []
    for part in sorted(
        (one for one in credit.instalments if not one.is_set_off and one.state != "lost"),
        key=lambda one: (one.at is None, one.at or 0, one.number),
    ):
        to_put = int(part.amount.scaleb(own[0].digits)) if own else 0
        for name in sorted(left, key=lambda name: (name, part.invoice) in done):
            put = _put(found, left, name, part.invoice, min(to_put, planned.get((name, part.number), 0)))
            to_put -= put
            if put:
                planned[name, part.number] -= put
        rest.append((part.invoice, to_put))
    for invoice, for_others in rest:
        to_put = for_others
        for name in sorted(left, key=lambda name: (name, invoice) in done):
            to_put -= _put(found, left, name, invoice, to_put)
    return found


def _put(found: dict[tuple[str, str], int], left: dict[str, int], name: str, invoice: str, most: int) -> int:
    put = max(0, min(left[name], most))
    left[name] -= put
    if put:
        found[name, invoice] = found.get((name, invoice), 0) + put
    return put
