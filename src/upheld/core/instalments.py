"""The schedule of credits over invoices: equal parts, carried over where an invoice is too small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from upheld.core.bill import Invoice as Invoice
from upheld.core.bill import fee_base as fee_base
from upheld.core.credit import Credit
from upheld.core.instant import Instant
from upheld.core.period import Period
from upheld.core.remedy import RemedyRule


class Owed(NamedTuple):
    """A credit, when it was determined (None: not yet), and the period that it is about."""

    credit: Credit
    determined_at: Instant | None
    period: Period


def scheduled(
    remedy: RemedyRule, owed: Sequence[Owed], invoices: Sequence[Invoice], ended_at: Instant | None
) -> tuple[Credit, ...]:
    """The credits of one remedy and contract with their instalments, in the order given.

    `invoices` are those issued so far, in any order; `ended_at` when the contract ended, if it has.
    """
    raise NotImplementedError
