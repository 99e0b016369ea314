"""A memo as plain values, which `credit.issued` keeps, and back: what was issued is never computed again.

Amounts are integers of minor units, exact ones texts such as `433/500`, instants integers of microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, cast, get_args

from upheld.core.accounting.memo import (
    CreditMemo,
    LineKind,
    MemoLine,
    OriginalInvoice,
    PlannedPart,
    Settlement,
    TaxSum,
    Trace,
)
from upheld.core.accounting.taxes import taxes_of
from upheld.core.facts.fact import Value
from upheld.core.terms.billing import TAX_CATEGORIES, Billing, Party, TaxTreatment
from upheld.core.terms.remedy import Rounding
from upheld.core.values.key import FactRef

Plain = dict[str, object]
_PARTY: Final = ("name", "country", "street", "city", "postcode", "vat_id", "registration")
_TEXTS: Final = (
    "id", "contract", "customer", "remedy", "commitment", "subject", "entity", "currency", "number",
    "issued_on", "month", "first_on", "last_on",
)  # fmt: skip


class RecordError(ValueError):
    """A record of a memo is damaged, or does not add up; the message says where."""


def record_of(memo: CreditMemo) -> Plain:
    """What a document says, without what becomes of it later (its status, and what is applied of it)."""
    found: Plain = {name: getattr(memo, name) for name in _TEXTS}
    return found | {
        "revision": memo.revision,
        "digits": memo.digits,
        "sequence": memo.sequence,
        "issued_at": memo.issued_at,
        "granted_at": memo.granted_at,
        "settlement": memo.settlement,
        "lines": [_line(line) for line in memo.lines],
        "taxes": [
            {**_tax(one.tax), "base_minor": one.base_minor, "tax_minor": one.tax_minor} for one in memo.taxes
        ],
        "net_minor": memo.net_minor,
        "tax_minor": memo.tax_minor,
        "total_minor": memo.total_minor,
        "plan": [one._asdict() for one in memo.plan],
        "invoices": [one._asdict() for one in memo.invoices],
        "billing": None if memo.billing is None else billing_record(memo.billing),
        "reasons": list(memo.reasons),
        "trace": _trace(memo.trace),
    }


def billing_record(billing: Billing) -> Plain:
    """The parties and the tax of a contract's documents."""
    return {
        "entity": billing.entity,
        "seller": {name: getattr(billing.seller, name) for name in _PARTY},
        "buyer": {name: getattr(billing.buyer, name) for name in _PARTY},
        "tax": _tax(billing.tax),
        "numbers": billing.numbers,
        "reference": billing.reference,
        "payment": billing.payment,
    }


def _line(line: MemoLine) -> Plain:
    booked: Plain = {} if line.tax_minor is None else {"tax_minor": line.tax_minor}
    booked |= {"steps": line.steps} if line.steps else {}
    booked |= {} if line.computed is None else {"computed": str(line.computed)}
    return booked | {
        "kind": line.kind,
        "exact": str(line.exact),
        "amount_minor": line.amount_minor,
        "rounding": line.rounding,
        "base": None if line.base is None else str(line.base),
        "share": None if line.share is None else str(line.share),
        "band": line.band,
        "limit": line.limit,
        "memo": line.memo,
        "number": line.number,
        "on": line.on,
        "tax": None if line.tax is None else _tax(line.tax),
    }


def _tax(tax: TaxTreatment) -> Plain:
    return {"category": tax.category, "rate": str(tax.rate), "reason": tax.reason}


def _trace(trace: Trace) -> Plain:
    return {
        "agreement": trace.agreement,
        "version": trace.version,
        "plan": trace.plan,
        "rule_id": trace.rule_id,
        "clauses": list(trace.clauses),
        "readings": list(trace.readings),
        "facts": [one._asdict() for one in trace.facts],
        "decisions": [one._asdict() for one in trace.decisions],
    }


# -- and back ----------------------------------------------------------------------------------------------


def memo_of(record: Value) -> CreditMemo:
    """The memo of a record, as issued. RecordError if it is damaged, or its lines, taxes or parts differ
    from its totals."""
    try:
        memo = _memo(cast("Mapping[str, Any]", record))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as fault:
        raise RecordError(f"it is damaged ({type(fault).__name__}: {fault})") from None
    told = cast("Mapping[str, Any]", record)
    if faults := list(_unbalanced(memo, told)):
        raise RecordError("; ".join(faults))
    return memo


def _unbalanced(memo: CreditMemo, told: Mapping[str, Any]) -> Iterable[str]:
    for name in ("net_minor", "tax_minor", "total_minor"):
        if told.get(name) != getattr(memo, name):
            yield f"`{name}` is {told.get(name)}, and what it sums up comes to {getattr(memo, name)}"
    if memo.taxes != taxes_of(memo.lines):
        yield "its taxes are not those of its lines"
    if memo.plan and sum(part.amount_minor for part in memo.plan) != memo.net_minor:
        yield "its instalments do not add up to it"


def _memo(told: Mapping[str, Any]) -> CreditMemo:
    texts: dict[str, Any] = {name: _text(told[name]) for name in _TEXTS}
    billing = told["billing"]
    return CreditMemo(
        **texts,
        revision=_whole(told["revision"]),
        digits=_whole(told["digits"]),
        sequence=_whole(told["sequence"]),
        issued_at=_whole(told["issued_at"]),
        granted_at=None if told["granted_at"] is None else _whole(told["granted_at"]),
        settlement=_one_of(told["settlement"], get_args(Settlement)),
        status="issued",
        lines=tuple(map(_line_of, told["lines"])),
        taxes=tuple(
            TaxSum(_tax_of(one), _whole(one["base_minor"]), _whole(one["tax_minor"])) for one in told["taxes"]
        ),
        plan=tuple(
            PlannedPart(_whole(one["number"]), _whole(one["amount_minor"]), _text(one["invoice"]))
            for one in told["plan"]
        ),
        invoices=tuple(
            OriginalInvoice(_text(one["id"]), _text(one["on"]), one["is_paid"] is True)
            for one in told["invoices"]
        ),
        billing=None if billing is None else _billing_of(billing),
        reasons=tuple(map(_text, told["reasons"])),
        trace=_trace_of(told["trace"]),
        most_minor=None,
    )


def _billing_of(told: Mapping[str, Any]) -> Billing:
    def party(name: str) -> Party:
        return Party(**{field: _text(told[name][field]) for field in _PARTY})

    texts = {name: _text(told[name]) for name in ("entity", "numbers", "reference", "payment")}
    return Billing(seller=party("seller"), buyer=party("buyer"), tax=_tax_of(told["tax"]), **texts)


def _line_of(told: Mapping[str, Any]) -> MemoLine:
    return MemoLine(
        kind=_one_of(told["kind"], get_args(LineKind)),
        exact=Fraction(_text(told["exact"])),
        amount_minor=_whole(told["amount_minor"]),
        rounding=_one_of(told["rounding"], get_args(Rounding)),
        base=None if told["base"] is None else Fraction(_text(told["base"])),
        share=None if told["share"] is None else Fraction(_text(told["share"])),
        band=_text(told["band"]),
        limit=_text(told["limit"]),
        memo=_text(told["memo"]),
        number=_text(told["number"]),
        on=_text(told["on"]),
        tax=None if told["tax"] is None else _tax_of(told["tax"]),
        tax_minor=None if told.get("tax_minor") is None else _whole(told["tax_minor"]),
        steps=_whole(told.get("steps", 0)),
        computed=None if told.get("computed") is None else Fraction(_text(told["computed"])),
    )


def _tax_of(told: Mapping[str, Any]) -> TaxTreatment:
    category = _one_of(told["category"], TAX_CATEGORIES)
    return TaxTreatment(category, Fraction(_text(told["rate"])), _text(told["reason"]))


def _trace_of(told: Mapping[str, Any]) -> Trace:
    refs: dict[str, Any] = {
        name: tuple(FactRef(_text(one["source"]), _text(one["id"])) for one in told[name])
        for name in ("facts", "decisions")
    }
    texts: dict[str, Any] = {name: _text(told[name]) for name in ("agreement", "version", "plan", "rule_id")}
    lists: dict[str, Any] = {name: tuple(map(_text, told[name])) for name in ("clauses", "readings")}
    return Trace(**texts, **lists, **refs)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _one_of(value: object, choices: Iterable[Any]) -> Any:
    if value not in tuple(choices):
        raise ValueError(f"{value!r} is unknown")
    return value
