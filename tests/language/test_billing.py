"""The billing of a contract: parties and tax, and what the rules of a tax category ask for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.language.texts import MARK, marked, tree
from upheld.core.terms.billing import Billing, Party, TaxTreatment
from upheld.language.contracts import compile_contract

CONTRACT = "contract:\n  id: c-1\n  customer: Acme\n  agreement: acme\n  from: 2026-02-01\n  billing: "
SELLER = "seller: {name: Northwind B.V., country: NL, vat id: NL001234567B01}"
BUYER = "buyer: {name: Acme S.L., country: ES, city: Madrid, registration: B12345674}"


def test_a_contract_says_who_bills_whom() -> None:
    """Parties, legal entity, exact rate, and what numbers begin with."""
    text = f"{{entity: nw-nl, numbers: CN-, tax: S, rate: 21 %, reference: PO-7, {SELLER}, {BUYER}}}"
    contract, findings = compile_contract(tree(CONTRACT + text))
    assert findings == ()
    assert contract is not None
    assert contract.billing == Billing(
        "nw-nl",
        Party("Northwind B.V.", "NL", vat_id="NL001234567B01"),
        Party("Acme S.L.", "ES", city="Madrid", registration="B12345674"),
        TaxTreatment("S", Fraction(21, 100)),
        "CN-",
        "PO-7",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{{entity: nw, ⟦tax: S, {SELLER}, {BUYER}}}", "missing-field"),
        (f"{{entity: nw, tax: Z, ⟦rate: 5 %, {SELLER}, {BUYER}}}", "bad-number"),
        (f"{{entity: nw, tax: S, ⟦rate: 121 %, {SELLER}, {BUYER}}}", "bad-number"),
        (f"{{entity: nw, ⟦tax: AE, {SELLER}, {BUYER}}}", "missing-field"),
        (f"{{entity: nw, tax: K, reason: within the EU, {SELLER}, ⟦{BUYER}}}", "missing-field"),
        (f"{{entity: nw, tax: Z, ⟦seller: {{name: N, country: NL}}, {BUYER}}}", "missing-field"),
        (f"{{entity: nw, tax: O, reason: abroad, ⟦{SELLER}, {BUYER}}}", "without-effect"),
        (f"{{entity: nw, tax: Z, seller: {{name: N, country: ⟦Nederland}}, {BUYER}}}", "bad-value"),
        (
            f"{{entity: nw, tax: Z, seller: {{name: N, country: NL, vat id: ⟦001234567B01}}, {BUYER}}}",
            "bad-value",
        ),
        (f"{{entity: nw, tax: ⟦VAT, {SELLER}, {BUYER}}}", "unknown-choice"),
        (f"⟦{{entity: nw, tax: Z, {SELLER}}}", "missing-field"),
    ],
)
def test_what_a_category_needs_is_told(text: str, code: str) -> None:
    """What no document of the category could do without is a finding at its place."""
    assert MARK in text
    whole, line, column = marked(CONTRACT + text)
    contract, findings = compile_contract(tree(whole))
    assert contract is None
    assert [(one.code, one.place.line, one.place.column) for one in findings] == [(code, line, column)]
