"""Since when a memo is due: its grant, or, of one that corrects others, what that correction follows from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from upheld.core.accounting.memo import CreditMemo
from upheld.core.facts.fact import Fact, Key
from upheld.core.timeline.instant import Instant
from upheld.core.values.key import FactRef

_ISSUED: Final = frozenset({"issued", "outstanding", "applied", "settled"})


def told_at_of(
    memos: Iterable[CreditMemo], facts: Mapping[FactRef, Fact], corrections: Mapping[Key, Fact]
) -> dict[FactRef, Instant]:
    """When what the facts behind memos say was recorded, by them or by what corrects or withdraws them.

    `facts` are those in force, `corrections` what was corrected by what.
    """
    found: dict[FactRef, Instant] = {}
    for ref in {ref for memo in memos for ref in memo.trace.facts}:
        told = [one for one in (facts.get(ref), corrections.get((ref.source, ref.id))) if one is not None]
        if told:
            found[ref] = max(one.recorded_at for one in told)
    return found


def due_since(
    memo: CreditMemo, of_credit: Iterable[CreditMemo], told_at: Mapping[FactRef, Instant]
) -> Instant | None:
    """Since when a memo is due, whichever way the money goes; None if it is neither granted nor issued.

    `of_credit` are the memos of its credit. What was issued last before it was all that was owed then, so
    whatever made it more or less was decided, or recorded, after that: this, and no later than it was issued.
    """
    before = [one for one in of_credit if one.revision < memo.revision and one.status in _ISSUED]
    last_at = max((one.issued_at for one in before if one.issued_at is not None), default=None)
    if last_at is None:
        return memo.granted_at if memo.granted_at is not None else memo.issued_at
    if memo.granted_at is not None and memo.granted_at > last_at:
        return memo.granted_at
    refs = [ref for one in (*before, memo) for ref in one.trace.facts]
    since_at = max([last_at, *(told_at[ref] for ref in refs if ref in told_at)])
    return since_at if memo.issued_at is None else min(since_at, memo.issued_at)
