"""The payload by which Stripe makes a credit note: the body of `POST /v1/credit_notes`, as JSON.

Amounts are whole numbers of the units in which Stripe counts a currency, which are not always those of ISO
4217. The invoice is the one of the period that is credited, so invoices must be known by their id at Stripe.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from upheld.core.accounting.memo import CreditMemo
from upheld.core.owing.amounts import percent_text
from upheld.core.timeline.instant import SECOND
from upheld.core.values.currency import MINOR_DIGITS
from upheld.export.format import Format

ZERO_DECIMAL: Final = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)  # fmt: skip
"""Currencies that Stripe counts in whole units. ISK and UGX are not among them: it counts their hundredths,
though there are none, and MGA is, though it has fifths."""
THREE_DECIMAL: Final = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
"""Currencies that Stripe counts in thousandths, of which the last digit must be 0."""


def digits_of(currency: str) -> int:
    """The decimals in which Stripe counts a currency."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def faults(memo: CreditMemo) -> tuple[str, ...]:
    """Why a memo has no such payload; empty if it has one."""
    return tuple(_faults(memo))


def _faults(memo: CreditMemo) -> Iterator[str]:
    if not memo.number:
        yield "it has no number: issue it first"
    if not memo.currency:
        yield "days of service are no amount of money"
        return
    if memo.net_minor <= 0:
        yield "Stripe knows no debit note: put the amount on the next invoice as an item"
    elif any(tax.tax_minor < 0 for tax in memo.taxes):
        yield "Stripe knows no line that takes tax back"
    if memo.settlement == "payment" and memo.paid_out_minor != memo.net_minor:
        yield "it is set against invoices in part and paid out in part, and Stripe wants one of both"
    if not memo.invoices:
        yield "the invoice of its period is not known, and Stripe credits an invoice"
    if digits_of(memo.currency) == 2 and MINOR_DIGITS.get(memo.currency, 2) > 2:
        yield f"Stripe does not know {memo.currency}"
    elif any(_units(amount, memo) is None for amount in _amounts(memo)):
        yield f"Stripe cannot count an amount of it in {memo.currency}: it is too fine"


def _amounts(memo: CreditMemo) -> list[int]:
    return [memo.total_minor, memo.net_minor, *(tax.tax_minor for tax in memo.taxes)]


def _units(amount_minor: int, memo: CreditMemo) -> int | None:
    """Minor units of ISO 4217 in those of Stripe; None if they are finer."""
    digits = digits_of(memo.currency)
    found = Fraction(amount_minor * 10**digits, 10**memo.digits)
    if found.denominator != 1 or (digits == 3 and found % 10):
        return None
    return found.numerator


def text(memos: Sequence[CreditMemo]) -> str:
    """The payload of one memo that has no faults."""
    (memo,) = memos
    return json.dumps(payload(memo), ensure_ascii=False, indent=2) + "\n"


def payload(memo: CreditMemo) -> dict[str, object]:
    """The fields of the request. Its taxes are lines of their own: a rate is an object of the account.

    A correction is one line of the difference: the reference knows lines to credit, and none that take back.
    """
    assert memo.issued_at is not None, "what has a number was issued"
    lines = [_line(_named(memo), memo.net_minor, memo)]
    for one in memo.taxes:
        if one.tax_minor:
            name = f"tax, {percent_text(one.tax.rate)} % (category {one.tax.category})"
            lines.append(_line(name, one.tax_minor, memo))
    found: dict[str, object] = {
        "invoice": memo.invoices[-1].id,
        "lines": lines,
        "effective_at": memo.issued_at // SECOND,
        "memo": f"{memo.number}: {memo.commitment} {memo.subject}",
        "reason": "product_unsatisfactory",
        "metadata": {
            "upheld_id": memo.id,
            "number": memo.number,
            "contract": memo.contract,
            "clauses": ", ".join(memo.trace.clauses)[:500],
        },
    }
    total = _units(memo.total_minor, memo)
    if memo.settlement == "payment":
        return found | {"out_of_band_amount": total}
    return found | ({"credit_amount": total} if memo.invoices[-1].is_paid else {})


def _line(description: str, amount_minor: int, memo: CreditMemo) -> dict[str, object]:
    return {
        "type": "custom_line_item",
        "description": description,
        "quantity": 1,
        "unit_amount": _units(amount_minor, memo),
    }


def _named(memo: CreditMemo) -> str:
    name = f"service credit: {memo.commitment} {memo.subject}"
    before = ", ".join(line.number for line in memo.lines if line.kind == "issued before")
    return f"{name}, less what was issued before in {before}" if before else name


EXPORT = Format(".json", True, faults, text)
