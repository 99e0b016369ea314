"""The facts of accounting: a memo issued, applied, taken back; a month closed. Pure: each gives one fact.

The id of a fact follows from what it decides, so that the same decision told twice counts once.
"""

from __future__ import annotations

from decimal import Decimal

from upheld.core.accounting.ledger import APPLIED, CLOSED, ISSUED, VOIDED
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.record import record_of
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant

SOURCE = "upheld.accounting"


def issue(memo: CreditMemo) -> Fact:
    """The fact that issues a proposed memo at the instant and with the number that it has."""
    assert memo.status == "proposed", "only what is proposed is issued"
    assert memo.issued_at is not None, "a proposal is dated"
    data: dict[str, object] = {
        "contract": memo.contract,
        "entity": memo.entity,
        "sequence": memo.sequence,
        "number": memo.number,
        "amount": exact(memo.net_minor, memo.digits),
        "document": record_of(memo),
    }
    if memo.currency:
        data |= {"currency": memo.currency, "tax": exact(memo.tax_minor, memo.digits)}
    return _fact(f"{memo.id}/issued", ISSUED, memo.id, memo.issued_at, data)


def apply(memo: CreditMemo, amount_minor: int, invoice: str, at: Instant, actor: str = "") -> Fact:
    """The fact that sets so much of a memo against an invoice; none: it is paid out, or given as service."""
    data: dict[str, object] = {"contract": memo.contract, "amount": exact(amount_minor, memo.digits)}
    data |= ({"invoice": invoice} if invoice else {}) | ({"actor": actor} if actor else {})
    name = f"{memo.id}/applied/{invoice}" if invoice else f"{memo.id}/paid"  # one of each at most
    return _fact(name, APPLIED, memo.id, at, data)


def void(memo: CreditMemo, reason: str, at: Instant, actor: str = "") -> Fact:
    """The fact that takes an issued memo back; its number stays taken."""
    data: dict[str, object] = {"contract": memo.contract, "reason": reason}
    return _fact(f"{memo.id}/voided", VOIDED, memo.id, at, data | ({"actor": actor} if actor else {}))


def close(entity: str, month: str, at: Instant, actor: str = "") -> Fact:
    """The fact that closes a month (YYYY-MM) of a legal entity."""
    data: dict[str, object] = {"entity": entity, "month": month}
    name = f"{entity}/{month}"
    return _fact(f"{name}/closed", CLOSED, name, at, data | ({"actor": actor} if actor else {}))


def exact(amount_minor: int, digits: int) -> Decimal:
    """Minor units as a number of the currency, exactly."""
    return Decimal(f"{amount_minor}E-{digits}")


def _fact(name: str, kind: str, subject: str, at: Instant, data: dict[str, object]) -> Fact:
    return Fact(name, SOURCE, kind, at, at, subject, data)  # type: ignore[arg-type]  # frozen by the fact
