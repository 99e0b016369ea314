"""The invoices of a contract: issued, corrected, paid, and what of each is for which month."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from upheld.core.facts.fact import Fact
from upheld.core.owing.bill import Invoice, fee_base
from upheld.core.owing.invoices import invoices_of
from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.remedy import Base, RemedyRule

from .worlds import DESK, bound, fact, shown

ZONE = bound(DESK).calendars[ALWAYS].rule.zone
REMEDY = RemedyRule("credit", "uptime", None, base=Base("invoice"))


def told(verb: str, when: str, invoice: str = "I-1", **data: object) -> Fact:
    """A fact about an invoice."""
    return fact(f"contract.invoice_{verb}", when, "c1", f"{invoice}{verb}{when}", invoice=invoice, **data)


def invoices(*facts: Fact) -> tuple[Invoice, ...]:
    """The invoices that facts tell, under a contract in euros."""
    return invoices_of(facts, "EUR", ZONE)


def base(*facts: Fact, months: tuple[str, ...] = ("2026-06",)) -> Fraction | None:
    """What shares of those months are taken of."""
    found = fee_base(REMEDY, {}, invoices(*facts), months).base
    return None if found is None else found.amount


def test_an_invoice_is_for_the_month_it_names_or_that_of_its_issue() -> None:
    """Or for that in which the billing cycle begins that it is for."""
    found = invoices(
        told("issued", "Wed 07-01 08:00", "I-1", amount=100, month="2026-06"),
        told("issued", "Wed 07-01 08:00", "I-2", amount=100),
        told("issued", "Wed 07-15 08:00", "I-3", amount=100, **{"from": "2026-06-15"}),
    )
    assert [one.month for one in found] == ["2026-06", "2026-07", "2026-06"]


def test_a_correction_gives_an_invoice_another_amount() -> None:
    """Whenever it comes; of several the last one holds, and both are cited."""
    facts = (
        told("issued", "Wed 07-01 08:00", amount=100, month="2026-06"),
        told("corrected", "Thu 07-02 08:00", amount=90),
        told("corrected", "Fri 07-03 08:00", amount=Decimal("95.50")),
    )
    (found,) = invoices(*facts)
    assert (found.amount, len(found.more)) == (Decimal("95.50"), 2)
    assert base(*facts) == Fraction("95.5")


def test_a_correction_of_what_was_never_issued_is_nothing() -> None:
    """There is no invoice of that number."""
    assert invoices(told("corrected", "Thu 07-02 08:00", amount=90)) == ()


def test_an_invoice_is_paid_once_all_of_it_is() -> None:
    """In one sum that is not named, or in parts."""
    issued = told("issued", "Wed 07-01 08:00", amount=100)
    (found,) = invoices(issued, told("paid", "Thu 07-02 08:00"))
    assert shown(found.paid_at) == "Thu 07-02 08:00"
    parts = (told("paid", "Thu 07-02 08:00", amount=40), told("paid", "Fri 07-03 08:00", amount=60))
    assert invoices(issued, parts[0])[0].paid_at is None
    assert shown(invoices(issued, *parts)[0].paid_at) == "Fri 07-03 08:00"


def test_an_invoice_of_a_year_counts_with_a_twelfth_for_each_of_its_months() -> None:
    """Exactly: nothing is rounded before a share is taken."""
    year = told("issued", "Wed 04-01 08:00", amount=1000, month="2026-04", months=12)
    assert base(year) == Fraction(1000, 12)
    assert base(year, months=("2027-03",)) == Fraction(1000, 12)
    assert base(year, months=("2027-04",)) is None
    assert base(year, months=("2026-06", "2026-07", "2026-08")) == Fraction(250)


def test_the_base_of_a_quarter_needs_every_one_of_its_months() -> None:
    """A month that nobody invoiced yet leaves it open."""
    june = told("issued", "Wed 07-01 08:00", amount=100, month="2026-06")
    assert base(june, months=("2026-05", "2026-06")) is None
