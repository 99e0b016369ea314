"""UBL 2.1 in the core profile of EN 16931: a credit note, or of what is taken back a debit note.

Positive amounts only, as the profile wants them: a memo that takes back more than it gives becomes an invoice
of type 383 with every sign turned. The order of elements is that of the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upheld.core.accounting.line_text import derivation
from upheld.core.accounting.memo import CreditMemo, MemoLine, TaxSum
from upheld.core.owing.amounts import percent_text
from upheld.core.terms.billing import REASONED, Billing, Party, TaxTreatment
from upheld.export.format import Format, amount_text
from upheld.export.markup import Element, document, element

PROFILE = "urn:cen.eu:en16931:2017"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_SPACES = {
    "xmlns:cac": f"{_UBL}CommonAggregateComponents-2",
    "xmlns:cbc": f"{_UBL}CommonBasicComponents-2",
}
_CREDIT, _DEBIT = "381", "383"
_DECIMALS = 2
"""No amount of the profile has more (BR-DEC)."""
_PIECE = "C62"
_WHY: dict[str, str] = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""The codes of the reasons for which there is no tax, where the category has one of its own."""


def faults(memo: CreditMemo) -> tuple[str, ...]:
    """Why a memo has no such document; empty if it has one."""
    return tuple(_faults(memo))


def _faults(memo: CreditMemo) -> Iterator[str]:
    if not memo.number:
        yield "it has no number: issue it first"
    if not memo.currency:
        yield "days of service are no amount of money"
    if memo.billing is None:
        yield "its contract says nothing of `billing`: who sells, who buys, how it is taxed"
    amounts = [memo.net_minor, memo.tax_minor, *(line.amount_minor for line in memo.lines)]
    scale = 10 ** max(memo.digits - _DECIMALS, 0)
    if any(amount % scale for amount in amounts):
        yield f"EN 16931 knows two decimals, and {memo.currency} has {memo.digits}"


def text(memos: Sequence[CreditMemo]) -> str:
    """The document of one memo that has no faults, as XML."""
    (memo,) = memos
    return _Document(memo).text()


class _Document:
    """One document; `sign` turns the amounts of what takes back more than it gives."""

    def __init__(self, memo: CreditMemo) -> None:
        assert memo.billing is not None, "a memo without billing has faults"
        self.memo = memo
        self.billing: Billing = memo.billing
        self.is_credit = memo.net_minor > 0
        self.sign = 1 if self.is_credit else -1

    def text(self) -> str:
        name = "CreditNote" if self.is_credit else "Invoice"
        return document(Element(name, list(self._parts()), {"xmlns": f"{_UBL}{name}-2", **_SPACES}))

    def _parts(self) -> Iterator[Element]:
        memo, billing = self.memo, self.billing
        yield element("cbc:CustomizationID", PROFILE)
        yield element("cbc:ID", memo.number)
        yield element("cbc:IssueDate", memo.issued_on)
        kind = "CreditNote" if self.is_credit else "Invoice"
        yield element(f"cbc:{kind}TypeCode", _CREDIT if self.is_credit else _DEBIT)
        yield element("cbc:Note", self._note())
        yield element("cbc:DocumentCurrencyCode", memo.currency)
        if billing.reference:
            yield element("cbc:BuyerReference", billing.reference)
        if memo.first_on:
            days = element("cbc:StartDate", memo.first_on), element("cbc:EndDate", memo.last_on)
            yield element("cac:InvoicePeriod", *days)
        for name, on in self._references():
            told = [element("cbc:ID", name), *([element("cbc:IssueDate", on)] if on else [])]
            yield element("cac:BillingReference", element("cac:InvoiceDocumentReference", *told))
        yield element("cac:AccountingSupplierParty", _party(billing.seller, self._tax()))
        yield element("cac:AccountingCustomerParty", _party(billing.buyer, self._tax()))
        if self._tax().category == "K":
            yield element(
                "cac:Delivery",
                element("cac:DeliveryLocation", element("cac:Address", _country(billing.buyer))),
            )
        yield element("cac:PaymentTerms", element("cbc:Note", self._payment()))
        taxes = [element("cbc:TaxAmount", self._money(memo.tax_minor), currencyID=memo.currency)]
        yield element("cac:TaxTotal", *taxes, *map(self._subtotal, memo.taxes))
        yield self._totals()
        yield from (self._line(number, line) for number, line in enumerate(memo.lines, 1))

    def _tax(self) -> TaxTreatment:
        """How the document is taxed; all of its lines are alike."""
        tax = self.memo.lines[0].tax
        return self.billing.tax if tax is None else tax

    def _note(self) -> str:
        memo = self.memo
        told = [f"Service credit {memo.id}"]
        told += [f"under clause {', '.join(memo.trace.clauses)}"] * bool(memo.trace.clauses)
        told += [f"of {memo.trace.agreement} {memo.trace.version}"]
        told += [f"; {reason}" for reason in memo.reasons]
        return " ".join(told)

    def _references(self) -> Iterator[tuple[str, str]]:
        """The documents that it corrects: earlier memos, else the invoices of the period."""
        for line in self.memo.lines:
            if line.number:
                yield line.number, line.on
        yield from ((one.id, one.on) for one in self.memo.invoices)

    def _payment(self) -> str:
        """How it reaches the customer, net."""
        memo = self.memo
        name = f" ({self.billing.payment})" if self.billing.payment else ""
        if memo.settlement == "payment":
            on = [f"{self._money(part.amount_minor)} {memo.currency} set against invoice {part.invoice}"
                  for part in memo.plan if part.invoice]  # fmt: skip
            rest = f"{self._money(memo.paid_out_minor)} {memo.currency} paid out"
            return f"without tax: {', '.join([*on, rest])}{name}" if on else f"paid out{name}"
        if len(memo.plan) <= 1:
            return f"set against the next invoice{name}"
        parts = [f"{self._money(part.amount_minor)} {memo.currency}" for part in memo.plan]
        return f"set against the next {len(parts)} invoices without tax: {', '.join(parts)}{name}"

    def _subtotal(self, one: TaxSum) -> Element:
        currency = self.memo.currency
        return element(
            "cac:TaxSubtotal",
            element("cbc:TaxableAmount", self._money(one.base_minor), currencyID=currency),
            element("cbc:TaxAmount", self._money(one.tax_minor), currencyID=currency),
            _category("cac:TaxCategory", one.tax, with_reason=True),
        )

    def _totals(self) -> Element:
        memo = self.memo
        named = (
            ("LineExtensionAmount", memo.net_minor),
            ("TaxExclusiveAmount", memo.net_minor),
            ("TaxInclusiveAmount", memo.total_minor),
            ("PayableAmount", memo.total_minor),
        )
        rows = [element(f"cbc:{name}", self._money(of), currencyID=memo.currency) for name, of in named]
        return element("cac:LegalMonetaryTotal", *rows)

    def _line(self, number: int, line: MemoLine) -> Element:
        currency, amount_minor = self.memo.currency, self.sign * line.amount_minor
        kind, quantity = ("Credit", "Credited") if self.is_credit else ("", "Invoiced")
        return element(
            "cac:CreditNoteLine" if kind else "cac:InvoiceLine",
            element("cbc:ID", str(number)),
            element(f"cbc:{quantity}Quantity", "1" if amount_minor >= 0 else "-1", unitCode=_PIECE),
            element("cbc:LineExtensionAmount", self._money(line.amount_minor), currencyID=currency),
            element(
                "cac:Item",
                element("cbc:Description", self._described(line)),
                element("cbc:Name", self._named(line)),
                _category("cac:ClassifiedTaxCategory", line.tax or self.billing.tax),
            ),
            element(
                "cac:Price",
                element("cbc:PriceAmount", self._unsigned(amount_minor), currencyID=currency),
            ),
        )

    def _named(self, line: MemoLine) -> str:
        if line.kind == "issued before":
            return f"Issued before in {line.number}"
        return f"Service credit {self.memo.commitment} {self.memo.subject}"

    def _described(self, line: MemoLine) -> str:
        if line.kind == "issued before":
            return f"the credit {line.memo}, taken off"
        return derivation(line, self.memo.currency)

    def _money(self, amount_minor: int) -> str:
        return _decimals(self.sign * amount_minor, self.memo.digits)

    def _unsigned(self, amount_minor: int) -> str:
        return _decimals(abs(amount_minor), self.memo.digits)


def _decimals(amount_minor: int, digits: int) -> str:
    scale = 10 ** max(digits - _DECIMALS, 0)
    return amount_text(amount_minor // scale, min(digits, _DECIMALS))


def _party(party: Party, tax: TaxTreatment) -> Element:
    address = [
        element(f"cbc:{name}", value)
        for name, value in (
            ("StreetName", party.street),
            ("CityName", party.city),
            ("PostalZone", party.postcode),
        )
        if value
    ]
    parts = [element("cac:PostalAddress", *address, _country(party))]
    if party.vat_id and tax.category != "O":
        scheme = element("cac:TaxScheme", element("cbc:ID", "VAT"))
        parts.append(element("cac:PartyTaxScheme", element("cbc:CompanyID", party.vat_id), scheme))
    legal = [element("cbc:RegistrationName", party.name)]
    legal += [element("cbc:CompanyID", party.registration)] if party.registration else []
    return element("cac:Party", *parts, element("cac:PartyLegalEntity", *legal))


def _country(party: Party) -> Element:
    return element("cac:Country", element("cbc:IdentificationCode", party.country))


def _category(name: str, tax: TaxTreatment, *, with_reason: bool = False) -> Element:
    parts = [element("cbc:ID", tax.category)]
    if tax.category != "O":
        parts.append(element("cbc:Percent", percent_text(tax.rate)))
    if with_reason and tax.category in REASONED:
        if tax.category in _WHY:
            parts.append(element("cbc:TaxExemptionReasonCode", _WHY[tax.category]))
        parts.append(element("cbc:TaxExemptionReason", tax.reason))
    return element(name, *parts, element("cac:TaxScheme", element("cbc:ID", "VAT")))


EXPORT = Format(".xml", True, faults, text)
