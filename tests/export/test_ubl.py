"""UBL: it validates against schema and rules of EN 16931, and what is wrong does not."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from tests.accounting.world import BILLING, FACTS, credit, issued, memos, terms
from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.memo import CreditMemo, PlannedPart
from upheld.core.terms.billing import TAX_CATEGORIES, Billing, TaxCategory, TaxTreatment
from upheld.core.timeline.instant import parse_instant
from upheld.export.ubl import faults, text

pytestmark = pytest.mark.slow

SCHEMAS = Path(__file__).parent / "schemas"
AUGUST_3 = parse_instant("2026-08-03T09:00:00Z")


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "maindoc" / f"UBL-{name}-2.1.xsd"))


class Rules:
    """The rules of EN 16931 for UBL, compiled once."""

    _made: Rules | None = None

    def __init__(self) -> None:
        self.processor = PySaxonProcessor(license=False)
        compiler = self.processor.new_xslt30_processor()
        self.sheet = compiler.compile_stylesheet(stylesheet_file=str(SCHEMAS / "EN16931-UBL-validation.xslt"))

    @classmethod
    def broken_by(cls, xml: str) -> list[str]:
        """The rules that a document breaks."""
        cls._made = cls._made or cls()
        node = cls._made.processor.parse_xml(xml_text=xml)
        report = cls._made.sheet.transform_to_string(xdm_node=node)
        return re.findall(r'<svrl:failed-assert[^>]*?\bid="([^"]+)"', report or "")


def broken(xml: str) -> list[str]:
    """What a document breaks: `schema`, and the rules by their ids."""
    tree = etree.fromstring(xml.encode())
    name = etree.QName(tree).localname
    is_valid = _schema(name).validate(tree)
    return [] if is_valid and not Rules.broken_by(xml) else ["schema"] * (not is_valid) + Rules.broken_by(xml)


def memo_in(currency: str = "EUR", amount: str = "49.90", billing: Billing = BILLING) -> CreditMemo:
    """An issued memo."""
    owed = credit(amount, currency=currency)
    facts = (*FACTS, *issued(memos([owed], under=terms(currency=currency, billing=billing))))
    return memos([owed], facts, AUGUST_3, terms(currency=currency, billing=billing))[0]


def taxed(category: TaxCategory) -> Billing:
    """Billing whose tax is of a category."""
    rate = Fraction(21, 100) if category == "S" else Fraction(7, 100) if category in "LM" else Fraction(0)
    reason = "as the law has it" if category in ("E", "AE", "K", "G", "O") else ""
    return replace(BILLING, tax=TaxTreatment(category, rate, reason))


@pytest.mark.slow
def test_a_credit_note_validates() -> None:
    """With both parties, the original invoice and the period."""
    xml = text([memo_in()])
    assert broken(xml) == []
    assert "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>" in xml
    assert '<cbc:PayableAmount currencyID="EUR">60.38</cbc:PayableAmount>' in xml
    assert "<cbc:ID>NW-2026-06</cbc:ID>" in xml


@pytest.mark.parametrize("category", TAX_CATEGORIES)
def test_every_category_validates(category: TaxCategory) -> None:
    """Standard, zero, exempt, reverse charge, within the EU, export, outside the scope, IGIC, IPSI."""
    assert broken(text([memo_in(billing=taxed(category))])) == []


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1200"), ("EUR", "0.01"), ("BHD", "12.340")])
def test_every_number_of_decimals_validates(currency: str, amount: str) -> None:
    """Without decimals, with two, and with three of which the last is nothing."""
    memo = memo_in(currency, amount, taxed("Z"))
    assert faults(memo) == ()
    assert broken(text([memo])) == []


def test_finer_than_the_profile_is_refused() -> None:
    """EN 16931 knows two decimals: nothing is cut off."""
    assert faults(memo_in("BHD", "12.345")) == ("EN 16931 knows two decimals, and BHD has 3",)


def test_both_directions_of_a_delta_validate() -> None:
    """More is a credit note with the earlier one taken off, less a debit note with positive totals."""
    facts = (*FACTS, *issued(memos([credit()])))
    for amount, root, total in (("99.80", "CreditNote", "60.38"), ("20.00", "Invoice", "36.18")):
        facts_now = (*facts, *issued(memos([credit(amount)], facts, AUGUST_3)))
        delta = memos([credit(amount)], facts_now, AUGUST_3)[-1]
        xml = text([delta])
        assert broken(xml) == [], xml
        assert f"<{root} " in xml
        assert f'<cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount>' in xml
        assert "<cbc:ID>NW-CN-000001</cbc:ID>" in xml
    assert ledger_of(facts_now).findings == ()


@pytest.mark.parametrize(
    ("currency", "amounts", "tax"), [("EUR", ("0.07", "0.14"), 2), ("JPY", ("7", "14"), 2)]
)
def test_a_delta_whose_tax_is_a_unit_off_validates(currency: str, amounts: tuple[str, str], tax: int) -> None:
    """The tax of the whole less what was booked: the rule leaves room for a unit of the currency."""
    facts, under = FACTS, terms(currency=currency)
    for amount in amounts:
        found = memos([credit(amount, currency=currency)], facts, AUGUST_3, under)
        facts = (*facts, *issued(found))
    assert found[1].tax_minor == tax
    assert broken(text([memos([credit(amount, currency=currency)], facts, AUGUST_3, under)[1]])) == []


def test_instalments_and_hostile_names_validate() -> None:
    """What a name holds is text, and control characters do not reach the document."""
    hostile = replace(BILLING.buyer, name='<a href="&x;">\x00\x1f ]]> ﻿é')
    owed = credit("100.00", instalments=["33.33", "33.33", "33.34"])
    under = terms(billing=replace(BILLING, buyer=hostile, payment="A&B"))
    facts = (*FACTS, *issued(memos([owed], under=under)))
    xml = text([memos([owed], facts, AUGUST_3, under)[0]])
    assert broken(xml) == []
    assert "33.33 EUR, 33.33 EUR, 33.34 EUR (A&amp;B)" in xml


def _amount(name: str, amount: str) -> str:
    return f'<cbc:{name} currencyID="EUR">{amount}<'


ORDER = r"(<cbc:ID>NW-CN-000001</cbc:ID>)\s*(<cbc:IssueDate>[^<]*</cbc:IssueDate>)"


def test_what_is_paid_out_says_so() -> None:
    """Where the contract is over the rest is paid out, and what stands on an invoice is named."""
    memo = replace(memo_in(), settlement="payment")
    assert "<cbc:Note>paid out</cbc:Note>" in text([memo])
    partly = replace(memo, plan=(PlannedPart(1, 2000, "I-1"), PlannedPart(2, 2990)))
    xml = text([partly])
    assert "without tax: 20.00 EUR set against invoice I-1, 29.90 EUR paid out" in xml
    assert broken(xml) == []


MUTATIONS = {
    "a payable amount off by a cent":
        (_amount("PayableAmount", "60.38"), _amount("PayableAmount", "60.39"), "BR-CO-16"),
    "a net total off by a cent":
        (_amount("TaxExclusiveAmount", "49.90"), _amount("TaxExclusiveAmount", "49.91"), "BR-CO-13"),
    "a sum of lines off by a cent":
        (_amount("LineExtensionAmount", "49.90"), _amount("LineExtensionAmount", "49.89"), "BR-CO-10"),
    "a tax of another rate": ("<cbc:Percent>21<", "<cbc:Percent>10<", "BR-CO-17"),
    "a category without its rate": ("<cbc:ID>S<", "<cbc:ID>Z<", "BR-S-01"),
    "a category that there is not": ("<cbc:ID>S<", "<cbc:ID>Q<", "BR-CL-17"),
    "no number": ("<cbc:ID>NW-CN-000001<", "<cbc:ID><", "BR-02"),
    "a country that there is not": ("Code>ES<", "Code>XX<", "BR-CL-14"),
    "a currency that there is not":
        (">EUR</cbc:DocumentCurrencyCode>", ">EUX</cbc:DocumentCurrencyCode>", "BR-CL-04"),
    "a VAT number without country":
        ("<cbc:CompanyID>NL001234567B01<", "<cbc:CompanyID>001234567B01<", "BR-CO-09"),
    "three decimals": (_amount("TaxAmount", "10.48"), _amount("TaxAmount", "10.480"), "UBL-DT-01"),
    "another type of document": ("TypeCode>381<", "TypeCode>380000<", "BR-CL-01"),
    "a day that there is not": ("<cbc:IssueDate>2026-07-20", "<cbc:IssueDate>2026-07-32", "schema"),
    "no buyer": ("<cac:AccountingCustomerParty>.*</cac:AccountingCustomerParty>", "", "BR-07"),
    "no seller": ("<cac:AccountingSupplierParty>.*</cac:AccountingSupplierParty>", "", "BR-06"),
    "no name of the buyer":
        ("<cbc:RegistrationName>Acme S.L.</cbc:RegistrationName>", "", "BR-07"),
    "no taxes": ("<cac:TaxTotal>.*</cac:TaxTotal>", "", "BR-CO-18"),
    "no totals": ("<cac:LegalMonetaryTotal>.*</cac:LegalMonetaryTotal>", "", "schema"),
    "no lines": ("<cac:CreditNoteLine>.*</cac:CreditNoteLine>", "", "BR-16"),
    "no day": ("<cbc:IssueDate>2026-07-20</cbc:IssueDate>", "", "BR-03"),
    "elements in another order": (ORDER, r"\2\1", "schema"),
}  # fmt: skip
"""What is changed, into what, and what that breaks."""


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_one_does_not_validate(name: str) -> None:
    """What is changed breaks the schema or a rule, by its name."""
    xml = text([memo_in()])
    old, new, rule = MUTATIONS[name]
    wrong = re.sub(old, new, xml, count=1, flags=re.DOTALL)
    assert wrong != xml
    assert rule in broken(wrong)


def test_schemas_and_rules_are_those_of_their_source() -> None:
    """Every file is kept as it was found, with the hash that the page beside it tells."""
    told = dict(
        re.findall(r"^([0-9a-f]{64})  (\S+)$", (SCHEMAS / "README.md").read_text("utf-8"), re.MULTILINE)
    )
    files = [path for path in SCHEMAS.rglob("*") if path.suffix in (".xsd", ".xslt")]
    found = {sha256(path.read_bytes()).hexdigest(): path.relative_to(SCHEMAS).as_posix() for path in files}
    assert found == told


def test_what_has_no_such_document_says_why() -> None:
    """A proposal has no number yet, days of service are no money, and without parties there is none."""
    (proposed,) = memos([credit()])
    assert faults(replace(proposed, number="")) == ("it has no number: issue it first",)
    assert "billing" in faults(replace(proposed, billing=None))[0]
    assert "days of service" in faults(replace(proposed, currency=""))[0]
