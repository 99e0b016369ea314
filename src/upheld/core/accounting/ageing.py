"""Credits that are granted and not applied yet, by how long they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from upheld.core.accounting.due_since import due_since
from upheld.core.accounting.memo import CreditMemo
from upheld.core.timeline.instant import DAY, Instant
from upheld.core.values.key import CellKey, FactRef

AGES: Final = (30, 60, 90)
"""The last day of each band; what is older is in one more."""


class Ageing(NamedTuple):
    """What one contract has open in one currency, net, in minor units: by band, the newest first."""

    entity: str
    contract: str
    customer: str
    currency: str
    digits: int
    bands: tuple[int, ...]

    @property
    def open_minor(self) -> int:
        """All of it."""
        return sum(self.bands)


def band_names() -> tuple[str, ...]:
    """The bands as days: `0-30`, `31-60`, `61-90`, `over 90`."""
    starts = (0, *(last + 1 for last in AGES[:-1]))
    return (*(f"{first}-{last}" for first, last in zip(starts, AGES, strict=True)), f"over {AGES[-1]}")


def ageing_of(
    memos: Sequence[CreditMemo], told_at: Mapping[FactRef, Instant], at: Instant
) -> tuple[Ageing, ...]:
    """The open amounts at an instant; `told_at` as for `due_since`, of the facts behind the memos.

    A day is one of 24 hours since a memo is due: one that corrects others, either way, since the correction.
    """
    found: dict[tuple[str, str, str, str, int], list[int]] = {}
    documents: dict[CellKey, list[CreditMemo]] = {}
    for memo in memos:
        documents.setdefault(CellKey(memo.contract, memo.remedy, memo.subject), []).append(memo)
    for memo in memos:
        if not memo.open_minor:
            continue
        own = documents[CellKey(memo.contract, memo.remedy, memo.subject)]
        since = due_since(memo, own, told_at)
        days = 0 if since is None else max(0, at - since) // DAY
        band = sum(days > last for last in AGES)
        key = memo.entity, memo.contract, memo.customer, memo.currency, memo.digits
        bands = found.setdefault(key, [0] * (len(AGES) + 1))
        bands[band] += memo.open_minor
    return tuple(Ageing(*key, tuple(bands)) for key, bands in found.items())
