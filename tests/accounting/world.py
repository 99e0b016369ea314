"""Contracts with a remedy, credits made by hand, and a ledger that grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.core.remedies import JUNE, level, measured, verdict
from tests.language.texts import terms_of
from upheld.core.accounting.booking import issue
from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import Terms
from upheld.core.terms.billing import Billing, Party, TaxTreatment
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit, Instalment, Line
from upheld.core.verdicts.verdict import Verdict

ROWS = """\
component: {api: {}}
signal: {probe: {of: api, checks: one request}}
indicator: {uptime: {count: checks of api, per: {slice: 5m, run: 2}}}
commit: {uptime: {level: ">= 99.9 %", per: calendar month, clause: "1"}}
remedy:
  credit:
    of: uptime
    bands: {"[99.0 %, 99.9 %)": 10 %, "< 99.0 %": 20 %}
    base: {fee: month}
    limits: {month: 100 % of base}
    clause: "5.1"
"""
JULY_20 = parse_instant("2026-07-20T10:00:00Z")
GRANTED_AT = parse_instant("2026-07-15T12:00:00Z")
NORTHWIND = Party("Northwind B.V.", "NL", "Kade 1", "Rotterdam", "3011 AA", "NL001234567B01", "24123456")
ACME = Party("Acme S.L.", "ES", "Calle Mayor 7", "Madrid", "28013", "ESB12345674")
STANDARD = TaxTreatment("S", Fraction(21, 100))
BILLING = Billing("northwind-nl", NORTHWIND, ACME, STANDARD, "NW-CN-", "PO-77")


def terms(contract: str = "c-1", currency: str = "EUR", billing: Billing | None = BILLING) -> Terms:
    """The terms of a contract with one remedy, a fee of 499.00 a month, and billing."""
    text = (
        f"contract: {{id: {contract}, customer: Acme, agreement: acme, version: 2026-01, from: 2026-01-01,"
        f" fees: {{month: 499 {currency}}}}}\n"
    )
    found = terms_of(ROWS, contract=text)
    assert found.contract is not None
    return replace(found, contract=replace(found.contract, billing=billing))


def credit(
    amount: str = "49.90",
    contract: str = "c-1",
    subject: str = "2026-06",
    *,
    currency: str = "EUR",
    instalments: Iterable[str] = (),
    granted_at: Instant | None = GRANTED_AT,
    exact: Fraction | None = None,
) -> Credit:
    """What is owed for June: 10 % of the fee unless something else is said; nothing at an amount of 0."""
    told = Decimal(amount)
    value = Fraction(told) if exact is None else exact
    parts = [Instalment(n, Decimal(part)) for n, part in enumerate(instalments or [amount], 1)]
    is_owed = bool(told)
    return Credit(
        key=CellKey(contract, "credit", subject),
        commitment="uptime",
        state="owed" if is_owed else "not owed",
        unit="money",
        rule_id="credit.bands/1",
        low=value,
        high=value,
        exact=value,
        amount=told,
        currency=currency,
        base=Fraction(499),
        lines=(Line("band [99 %, 99.9 %)", Fraction(1, 10), Fraction(1, 10), "ratio"),),
        instalments=tuple(parts) if is_owed else (),
        facts=(FactRef("billing", "in-1"), FactRef("billing", "claim-1"), FactRef("billing", "decided-1")),
        granted_at=granted_at if is_owed else None,
    )


def june(contract: str = "c-1") -> Verdict:
    """The verdict that a credit for June is about."""
    found = verdict(measured(Fraction(994, 1000)), level("99.9"))
    return replace(found, key=CellKey(contract, "uptime", "2026-06"))


DECIDED = Fact(
    "decided-1", "billing", "claim.determined", GRANTED_AT, GRANTED_AT, "CL-1", {"outcome": "accepted"}
)
INVOICED = Fact(
    "in-1",
    "billing",
    "contract.invoice_issued",
    JUNE.end_at,
    JUNE.end_at,
    "c-1",
    {"invoice": "NW-2026-06", "amount": 499, "currency": "EUR", "month": "2026-06"},
)
FACTS = (INVOICED, DECIDED)


def memos(
    owed: Sequence[Credit],
    facts: Sequence[Fact] = FACTS,
    at: Instant = JULY_20,
    under: Terms | None = None,
) -> tuple[CreditMemo, ...]:
    """The memos of credits, each under the terms of its contract."""
    accounts = []
    for contract in dict.fromkeys(one.key.contract for one in owed):
        own = [one for one in owed if one.key.contract == contract]
        accounts.append(Accounts(under or terms(contract), own, (june(contract),), refused=()))
    return memos_of(accounts, ledger_of(facts), facts, at)


def issued(found: Iterable[CreditMemo], recorded_at: Instant | None = None) -> tuple[Fact, ...]:
    """The facts that issue what is proposed."""
    facts = (issue(memo) for memo in found if memo.status == "proposed")
    return tuple(fact if recorded_at is None else replace(fact, recorded_at=recorded_at) for fact in facts)
