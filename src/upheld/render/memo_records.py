"""Credit memos as JSON: exact amounts as texts, minor units as integers."""

from __future__ import annotations

from collections.abc import Sequence

from upheld.core.accounting.accrual import Accrual, sums_of
from upheld.core.accounting.ageing import Ageing, band_names
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.record import record_of
from upheld.render.record_values import Record, instant


def memo_record(memo: CreditMemo) -> Record:
    """A memo: what its document says, and what became of it."""
    return {
        **record_of(memo),
        "status": memo.status,
        "least_minor": memo.least_minor,
        "most_minor": memo.most_minor,
        "applied_minor": memo.applied_minor,
        "cancelled_minor": memo.cancelled_minor,
        "open_minor": memo.open_minor,
        "applied": [
            {"amount_minor": one.amount_minor, "invoice": one.invoice, "at": instant(one.at),
             "fact": one.ref._asdict()}
            for one in memo.applied
        ],
    }  # fmt: skip


def accrual_record(month: str, found: Sequence[Accrual]) -> Record:
    """What is to come at the end of a month."""
    return {
        "month": month,
        "accruals": [
            {
                "memo": one.memo.id,
                "contract": one.memo.contract,
                "entity": one.memo.entity,
                "currency": one.memo.currency,
                "digits": one.memo.digits,
                "least_minor": one.least_minor,
                "most_minor": one.most_minor,
                "expected_minor": one.expected_minor,
                "method": one.method,
                "chance": None if one.chance is None else str(one.chance),
            }
            for one in found
        ],
        "sums": [one._asdict() for one in sums_of(found)],
    }


def ageing_record(found: Sequence[Ageing]) -> list[Record]:
    """What is granted and not applied, by age."""
    return [
        {
            "entity": one.entity,
            "contract": one.contract,
            "customer": one.customer,
            "currency": one.currency,
            "digits": one.digits,
            "bands": [
                {"days": name, "amount_minor": of} for name, of in zip(band_names(), one.bands, strict=True)
            ],
            "open_minor": one.open_minor,
        }
        for one in found
    ]
