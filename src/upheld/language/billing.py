"""The billing of a contract: its parties, and how what is billed and credited is taxed."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from upheld.core.terms.billing import REASONED, UNTAXED, Billing, Party, TaxTreatment
from upheld.language import quantities, rows
from upheld.language.concepts import Field, Kind, part
from upheld.language.node import Node, Scalar
from upheld.language.report import Report, inside
from upheld.language.rows import Row, read_row, read_values

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,}", re.ASCII)
"""With the country before it (of Greece EL). Source: EN 16931, BR-CO-09."""


def billing(known: Field, node: Node, report: Report) -> Billing | None:
    """The row of `billing`; None if the parties or the tax cannot be told."""
    row = read_row(part("billing"), Scalar(known.name, node.place), node, report)
    values = read_values(row, _readers(report), report)
    seller, buyer, category = values.get("seller"), values.get("buyer"), values.get("tax")
    if row.broken or not (seller and buyer and category and values.get("entity")):
        return None
    tax = TaxTreatment(category, values.get("rate") or Fraction(0), values.get("reason") or "")
    found = Billing(
        values["entity"],
        seller,
        buyer,
        tax,
        values.get("numbers") or "",
        values.get("reference") or "",
        values.get("payment") or "",
    )
    _tell_tax(row, found, report)
    return found


def _readers(report: Report) -> dict[Kind, Callable[[Field, Node], Any]]:
    return {
        "text": lambda known, node: rows.text(known, node, report),
        "word": lambda known, node: rows.word(known, node, report),
        "choice": lambda known, node: rows.choice(known, node, report),
        "ratio": lambda known, node: quantities.ratio(known, node, report),
        "party": lambda known, node: _party(known, node, report),
    }


def _party(known: Field, node: Node, report: Report) -> Party | None:
    row = read_row(part("party"), Scalar(known.name, node.place), node, report)
    values = read_values(row, _readers(report), report)
    country = values.get("country") or ""
    written = row.node("country")
    if isinstance(written, Scalar) and country and not _COUNTRY.fullmatch(country):
        message = f"`{country}` is no code of a country"
        report.error(
            "bad-value", message, inside(written, 0), "write its two letters of ISO 3166, such as NL"
        )
    written, vat_id = row.node("vat id"), values.get("vat id") or ""
    if isinstance(written, Scalar) and vat_id and not _VAT_ID.fullmatch(vat_id):
        message = f"`{vat_id}` does not begin with its country"
        report.error("bad-value", message, inside(written, 0), "write it as in `vat id: NL001234567B01`")
    if not (values.get("name") and country):
        return None
    texts = {name: values.get(name) or "" for name in ("street", "city", "postcode", "registration")}
    return Party(values["name"], country, vat_id=vat_id, **texts)


def _tell_tax(row: Row, found: Billing, report: Report) -> None:
    """What the rules of its tax category ask for. Source: EN 16931, BR-S to BR-O."""
    category, rate = found.tax.category, found.tax.rate
    if category in UNTAXED and rate:
        way_out = "leave out `rate`, or take the category S"
        report.error("bad-number", f"the rate of category {category} is 0 %", row.place_of("rate"), way_out)
    if category == "S" and not rate:
        message = "category S is taxed: it needs a `rate` above 0 %"
        report.error("missing-field", message, row.place_of("tax"), "as in `rate: 21 %`, or take Z or E")
    if rate > 1:
        report.error("bad-number", "no tax is more than the whole", row.place_of("rate"), "as in `21 %`")
    if category in REASONED and not found.tax.reason:
        message = f"category {category} needs a `reason`: why there is no tax"
        report.error("missing-field", message, row.place_of("tax"), "as in `reason: reverse charge`")
    if category != "O" and not found.seller.vat_id:
        message = f"category {category} needs the seller's `vat id`"
        report.error("missing-field", message, row.place_of("seller"), "as in `vat id: NL001234567B01`")
    needs_buyer = category == "K" or (category == "AE" and not found.buyer.registration)
    if needs_buyer and not found.buyer.vat_id:
        message = f"category {category} needs the buyer's `vat id`"
        report.error("missing-field", message, row.place_of("buyer"), "as in `vat id: ESB12345674`")
    if category == "O" and (found.seller.vat_id or found.buyer.vat_id):
        message = "category O is outside the scope of VAT: no document of it names a `vat id`"
        name = "seller" if found.seller.vat_id else "buyer"
        report.error("without-effect", message, row.place_of(name), "leave it out, or take another category")
