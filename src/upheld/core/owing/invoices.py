"""The invoices of a contract, as facts tell them: issued, corrected, paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from upheld.core.facts.fact import Fact
from upheld.core.owing.bill import Invoice
from upheld.core.timeline.zone import Zone
from upheld.core.values.key import FactRef

ISSUED: Final = "contract.invoice_issued"
CORRECTED: Final = "contract.invoice_corrected"
PAID: Final = "contract.invoice_paid"
OF_INVOICES: Final = frozenset({ISSUED, CORRECTED, PAID})


def invoices_of(facts: Sequence[Fact], currency: str, zone: Zone) -> tuple[Invoice, ...]:
    """The invoices issued, each once, in the order of their facts.

    One without a month is for that in which its billing cycle begins, or else for that in which it was
    issued, by the days of `zone`; one without a currency is in that of the contract. A correction gives
    another amount to the invoice it names, whenever it comes; of several the last one holds. It is paid from
    the instant at which what was paid comes to its amount.
    """
    told = [fact for fact in facts if fact.data.get("verified") is not False]
    found: dict[str, Invoice] = {}
    for fact in told:
        amount = fact.data.get("amount")
        if fact.type == ISSUED and isinstance(amount, int | Decimal):
            name = str(fact.data.get("invoice"))
            found.setdefault(name, _issued(name, fact, Decimal(amount), currency, zone))
    for fact in told:
        name, amount = str(fact.data.get("invoice")), fact.data.get("amount")
        if fact.type == CORRECTED and name in found and isinstance(amount, int | Decimal):
            refs = (*found[name].more, FactRef(fact.source, fact.id))
            found[name] = found[name]._replace(amount=Decimal(amount), more=refs)
    sums: dict[str, Decimal] = {}
    for fact in told:
        name, amount = str(fact.data.get("invoice")), fact.data.get("amount")
        if fact.type != PAID or name not in found or found[name].paid_at is not None:
            continue
        invoice = found[name]
        paid = Decimal(amount) if isinstance(amount, int | Decimal) else invoice.amount
        sums[name] = sums.get(name, Decimal(0)) + paid
        if sums[name] >= invoice.amount:
            found[name] = invoice._replace(paid_at=fact.at)
    return tuple(found.values())


def _issued(name: str, fact: Fact, amount: Decimal, currency: str, zone: Zone) -> Invoice:
    data = fact.data
    from_on, months = str(data.get("from") or ""), data.get("months")
    return Invoice(
        name,
        fact.at,
        amount,
        str(data.get("currency") or currency),
        str(data.get("month") or from_on[:7] or f"{zone.date_at(fact.at):%Y-%m}"),
        FactRef(fact.source, fact.id),
        months=months if isinstance(months, int) else 1,
    )
