"""Random books: contracts with credits that change, issued, applied, taken back, months closed.

    python -m tests.accounting.campaign [CONTRACTS] [SEED]

Every book is kept twice, by the program and by the second judge, and everything that must hold of memos is
looked at after every step. The first seed that disagrees is printed and repeats it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

from tests.accounting.world import ACME, NORTHWIND, credit, terms
from tests.core.remedies import JUNE
from tests.core.test_amounts_instalments import RULE
from tests.judge.amounts_judge import judge_invoices
from tests.judge.memos import PaperBooks
from upheld.book.evaluate import Report
from upheld.book.memos import Memos, applicable_minor
from upheld.core.accounting.booking import apply, close, issue, void
from upheld.core.accounting.ledger import CreditLedger, ledger_of
from upheld.core.accounting.memo import CreditMemo
from upheld.core.accounting.netting import booked_of, cancelled, due
from upheld.core.accounting.proposing import Accounts, memos_of
from upheld.core.accounting.record import record_of
from upheld.core.facts.fact import Fact
from upheld.core.owing.bill import Invoice
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.terms.agreement import Terms
from upheld.core.terms.billing import Billing, TaxTreatment
from upheld.core.terms.remedy import Pay
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import DAY, HOUR, datetime_of, parse_instant
from upheld.core.values.key import FactRef
from upheld.core.verdicts.credit import Credit, Grant

BEGINNING = parse_instant("2026-07-02T09:00:00Z")
MADRID = ZoneInfo("Europe/Madrid")
CURRENCIES = ("EUR", "USD", "JPY", "ISK", "KWD", "BHD", "CLF")
RATES = ("0", "21", "19", "7.7", "5.5", "33.3", "0.1")
ROUNDINGS = ("half up", "half even", "down", "up")


@cache
def _terms(contract: str, currency: str, rate: str) -> Terms:
    tax = TaxTreatment("S" if rate != "0" else "Z", Fraction(rate) / 100)
    return terms(contract, currency, Billing("northwind", NORTHWIND, ACME, tax, "CN-"))


class DisagreementError(AssertionError):
    """The program's books are not those of the judge, or something does not hold of a memo."""


class Dispute:
    """A credit that is decided more than once, with what every decision grants."""

    def __init__(self, computed: Credit, instalments: int, grants: list[Grant]) -> None:
        self.computed = computed
        self.instalments = instalments
        self.grants = grants

    def credit(self, invoices: Sequence[Invoice], ledger: CreditLedger) -> Credit:
        """The credit with its instalments."""
        remedy = replace(RULE, pay=Pay(self.instalments))
        grants = tuple(sorted(self.grants))
        booked = booked_of(ledger.of(*self.computed.key), self.computed, remedy.pay, grants)
        return scheduled([Owed(remedy, self.computed, grants, JUNE, booked)], invoices, None)[0]

    def judged(
        self,
        invoices: Sequence[Invoice],
        used: Sequence[tuple[Any, ...]],
        documents: Sequence[tuple[int, Decimal]],
    ) -> dict[str, Any]:
        """What it comes to by the second judge, by its documents and what was used of them."""
        first, *later = sorted(self.grants)
        assert first.amount is not None
        minute = HOUR // 60
        one = {
            "period": (0, 0, "2026-06"),
            "amount": Fraction(first.amount),
            "decided": first.at // minute,
            "later": [(at // minute, Fraction(amount or 0)) for at, amount in later],
            "issued": [(at // minute, Fraction(net)) for at, net in documents],
            "set": [
                (at // minute, Fraction(part), bill, {n: Fraction(own) for n, own in slips.items()}, name)
                for at, part, bill, slips, name in used
            ],
        }
        bills = [
            {"id": bill.id, "at": bill.at // minute, "amount": Fraction(bill.amount), "month": bill.month}
            for bill in invoices
        ]
        world = {
            "currency": self.computed.currency, "instalments": self.instalments, "starts": "next invoice",
            "floor": Fraction(0), "one_at_a_time": False, "credits": [one], "invoices": bills,
        }  # fmt: skip
        found = judge_invoices(world)
        (slips,), (open_on,) = found["slips"], found["open_on"]
        return {
            "whole": _decimal(sum(slips.values(), Fraction(0))),
            "slips": {number: _decimal(part) for number, part in slips.items()},
            "open_on": {bill: _decimal(part) for bill, part in open_on.items()},
        }


class Book:
    """One random book of a legal entity, kept twice."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.currency = self.random.choice(CURRENCIES)
        self.rate = self.random.choice(RATES)
        self.digits = minor_digits(self.currency)
        self.contracts = [f"c-{n}" for n in range(self.random.randint(1, 3))]
        self.at = BEGINNING
        self.facts: list[Fact] = []
        self.credits: dict[tuple[str, str], Credit] = {}
        self.disputes: dict[tuple[str, str], Dispute] = {}
        self.invoices: list[Invoice] = []
        self.paper = PaperBooks(self.digits, Decimal(self.rate))
        self._looked_at: dict[str, CreditMemo] = {}
        self._folded: tuple[int, CreditLedger] | None = None
        self._known: dict[tuple[str, str], tuple[object, dict[str, Any]]] = {}

    def play(self) -> int:
        """Plays the book to its end; how many contracts it had. DisagreementError if anything is wrong."""
        try:
            self._play()
        except DisagreementError:
            raise
        except Exception as fault:  # whatever breaks, the seed repeats it
            raise DisagreementError(f"seed {self.seed}: {fault!r}") from fault
        return len(self.contracts)

    def _play(self) -> None:
        for _ in range(self.random.randint(2, 6)):
            self.at += self.random.randint(1, 25) * DAY + self.random.randint(0, 23) * HOUR
            self._change()
            self._close()
            self._issue()
            self._void()
            self._apply()
            self._same()
        shuffled = self.random.sample(self.facts, len(self.facts))
        self._hold(self.memos(shuffled) == self.memos(), "in another order the facts give other memos")
        for contract in self.contracts:
            own = [one for one in self.facts if one.data.get("contract") in (contract, None)]
            same = ledger_of(own).by_contract.get(contract) == self.ledger().by_contract.get(contract)
            self._hold(same, f"the facts of {contract} alone give other memos of it")

    # -- what happens --------------------------------------------------------------------------------------

    def _change(self) -> None:
        """What is owed becomes something else, for some credits."""
        for contract in self.contracts:
            for month in ("2026-05", "2026-06"):
                key = contract, month
                if key in self.disputes or (key not in self.credits and self.random.random() < 0.4):
                    self._decide(key)
                elif self.random.random() < 0.6:
                    self.credits[key] = self._credit(contract, month)
        self._invoice()

    def _decide(self, key: tuple[str, str]) -> None:
        """A claim is decided, and now and then anew after a dispute: more, less, nothing."""
        dispute = self.disputes.get(key)
        amount = self._amount(Decimal(self.random.randint(0, 10 ** self.random.randint(1, 6))))
        if dispute is None:
            whole = amount + self._amount(Decimal(1))
            computed = credit(str(whole), *key, currency=self.currency, granted_at=None)
            computed = replace(computed, instalments=(), base=None)
            self.disputes[key] = dispute = Dispute(computed, self.random.choice((1, 2, 3, 12)), [])
        elif self.random.random() < 0.5:
            return
        dispute.grants.append(Grant(self.at - self.random.randint(0, 12) * HOUR, amount))

    def _amount(self, units: Decimal) -> Decimal:
        return units.scaleb(-self.digits)

    def _invoice(self) -> None:
        """Another invoice, and what the schedule of each disputed credit makes of it."""
        if self.disputes and self.random.random() < 0.8:
            amount = self._amount(Decimal(self.random.randint(1, 10**6)))
            name, month = f"B-{len(self.invoices)}", self._month()
            self.invoices.append(
                Invoice(name, self.at - 13 * HOUR, amount, self.currency, month, FactRef("b", name))
            )
        self._schedule()

    def _schedule(self) -> None:
        """What the invoices and the books make of each disputed credit by now."""
        for key, dispute in self.disputes.items():
            self.credits[key] = dispute.credit(self.invoices, self.ledger())

    def _credit(self, contract: str, month: str) -> Credit:
        base = Fraction(self.random.randint(1, 10 ** self.random.randint(1, 9)), 10**self.digits)
        share = Fraction(self.random.randint(0, 60), self.random.choice((100, 97, 365)))
        exact = min(base * share, base)
        amount = rounded(exact, self.digits, self.random.choice(ROUNDINGS))  # type: ignore[arg-type]  # its words
        amount = min(amount, rounded(base, self.digits, "down"))
        granted_at = self.at - self.random.randint(0, 5) * DAY
        if self.random.random() < 0.1:
            nothing = credit("0", contract, month, currency=self.currency)
            return replace(nothing, state="undetermined", exact=None, amount=None, high=base)
        parts = self._parts(amount)
        if not amount:
            return replace(credit("0", contract, month, currency=self.currency), base=base)
        return replace(
            credit(str(amount), contract, month, currency=self.currency, instalments=parts, exact=exact),
            granted_at=granted_at,
            base=base,
        )

    def _parts(self, amount: Decimal) -> list[str]:
        count = self.random.choice((1, 1, 2, 3, 12))
        part = rounded(Fraction(amount) / count, self.digits, "down")
        return [*(str(part) for _ in range(count - 1)), str(amount - part * (count - 1))]

    def _close(self) -> None:
        if self.random.random() < 0.3:
            month = self._month()
            self.facts.append(close("northwind", month, self.at - HOUR))
            self.paper.close(month)

    def _issue(self) -> None:
        before = self.memos()
        self.facts += [issue(memo) for memo in before if memo.status == "proposed"]
        owed = {key: (self._owed(key), self._since(key)) for key in self.credits}
        slips = {key: self._slips(key) for key in self.credits}
        self.paper.issue(owed, self._month(), slips, self.at)
        self._schedule()

    def _slips(self, key: tuple[str, str]) -> dict[int, Decimal]:
        """How much of a credit is for which instalment; one that was disputed by the second judge."""
        if key in self.disputes:
            found: dict[int, Decimal] = self._judged(key)["slips"]
            return found
        slips = {one.number: one.amount for one in self.credits[key].instalments}
        return slips or ({1: whole} if (whole := self._owed(key)) else {})

    def _judged(self, key: tuple[str, str]) -> dict[str, Any]:
        used, documents = self.paper.used(key), self.paper.documents(key)
        seen = len(self.invoices), len(self.disputes[key].grants), str(used), str(documents)
        if key not in self._known or self._known[key][0] != seen:
            self._known[key] = seen, self.disputes[key].judged(self.invoices, used, documents)
        return self._known[key][1]

    def _since(self, key: tuple[str, str]) -> int:
        """When what is missing was granted: a difference is as old as the last decision that made one.

        Whoever decides the same once more makes none.
        """
        one = self.credits[key]
        has_stood = any(entry.credit == key and not entry.is_void for entry in self.paper.entries)
        if not has_stood or len(one.grants) < 2:
            return one.granted_at or 0
        first, *later = sorted(one.grants)
        since, said = first.at, first.amount
        for grant in later:
            if grant.amount != said:
                since, said = grant.at, grant.amount
        return since

    def _month(self) -> str:
        """The month of now, where the contracts are."""
        return f"{datetime_of(self.at).astimezone(MADRID):%Y-%m}"

    def _void(self) -> None:
        able = [
            m for m in self.issued() if not m.applied and ("northwind", m.month) not in self.ledger().closed
        ]
        if able and self.random.random() < 0.15:
            memo = self.random.choice(able)
            self.at += HOUR
            self.facts.append(void(memo, "a slip", self.at))
            assert memo.sequence is not None
            self.paper.void(memo.sequence)
            self._schedule()

    def _apply(self) -> None:
        for memo in self.issued():
            if memo.open_minor and self.random.random() < 0.3:
                part = self.random.randint(1, abs(memo.open_minor)) * (1 if memo.open_minor > 0 else -1)
                taken = {one.invoice for one in memo.applied}
                known = [one.id for one in self.invoices if one.id not in taken]
                invoice = self.random.choice([*known, f"I-{len(self.facts)}"])
                self.at += HOUR
                self.facts.append(apply(memo, part, invoice, self.at))
                assert memo.sequence is not None
                self.paper.apply(memo.sequence, Decimal(part).scaleb(-self.digits), self.at, invoice)
                self._schedule()

    # -- what must hold ------------------------------------------------------------------------------------

    def ledger(self) -> CreditLedger:
        """The books of the program, folded when there is another fact."""
        if self._folded is None or self._folded[0] != len(self.facts):
            self._folded = len(self.facts), ledger_of(self.facts)
        return self._folded[1]

    def memos(self, facts: Sequence[Fact] | None = None) -> tuple[CreditMemo, ...]:
        """All memos as of now."""
        told = self.facts if facts is None else facts
        accounts = (
            Accounts(
                _terms(contract, self.currency, self.rate),
                [one for (name, _), one in sorted(self.credits.items()) if name == contract],
                (),
                refused=(),
            )
            for contract in self.contracts
        )
        ledger = self.ledger() if facts is None else ledger_of(told)
        return memos_of(accounts, ledger, told, self.at)

    def issued(self) -> list[CreditMemo]:
        """Those that have a document."""
        return [memo for memo in self.memos() if memo.status in ("issued", "applied", "settled")]

    def _same(self) -> None:
        found = self.memos()
        self._hold(self.ledger().findings == (), f"findings: {self.ledger().findings[:2]}")
        for memo in found:
            if self._looked_at.get(memo.id) != memo:
                self._looked_at[memo.id] = memo
                for fault in faults_of(memo):
                    self._hold(False, f"{memo.id}: {fault}")
        documents = sorted((m for m in found if m.status not in ("proposed", "expected")), key=_number)
        told = [
            ((m.contract, m.subject), m.revision, m.sequence, _exact(m.net_minor, m), _exact(m.tax_minor, m),
             m.month, _exact(m.applied_minor, m), _exact(m.open_minor, m), m.status)
            for m in documents
        ]  # fmt: skip
        paper = [
            (e.credit, e.revision, e.number, e.net, e.tax, e.month, e.applied, left, e.status(left))
            for e, left in zip(self.paper.entries, self.paper.left(), strict=True)
        ]
        self._hold(told == paper, f"\n  program {told}\n  judge   {paper}")
        for key, one in self.credits.items():
            owed = self._owed(key)
            if key in self.disputes:
                self._planned(key, found)
                self._due(key, found)
            own = [m for m in found if (m.contract, m.subject) == key and m.status != "voided"]
            got = sum((_exact(m.net_minor, m) for m in own if m.status != "expected"), Decimal(0))
            if owed is not None:
                tax = sum(m.tax_minor for m in own if m.status != "expected")
                whole = rounded(Fraction(owed) * 10**self.digits * Fraction(self.rate) / 100, 0, "half up")
                self._hold(tax == whole, f"{key}: the taxes come to {tax}, that of the whole is {whole}")
                self._hold(got == owed, f"{key}: the memos come to {got}, owed is {owed}")
                self._hold(one.base is None or got <= one.base, f"{key}: more than the base")

    def _owed(self, key: tuple[str, str]) -> Decimal | None:
        """What a credit comes to; one that was disputed by the schedule of the second judge."""
        if key not in self.disputes:
            return _owed(self.credits[key])
        whole: Decimal = self._judged(key)["whole"]
        return whole

    def _planned(self, key: tuple[str, str], found: Sequence[CreditMemo]) -> None:
        """Part by part the plans of all its memos come to its instalments."""
        parts: dict[int, int] = {}
        for memo in found:
            if (memo.contract, memo.subject) == key and memo.status not in ("voided", "expected"):
                for part in memo.plan:
                    parts[part.number] = parts.get(part.number, 0) + part.amount_minor
        told: dict[int, int] = {}
        for one in self.credits[key].instalments:
            told[one.number] = told.get(one.number, 0) + int(one.amount.scaleb(self.digits))
        plans = ({n: amount for n, amount in each.items() if amount} for each in (parts, told))
        self._hold(next(plans) == next(plans), f"{key}: the plans {parts} are not the instalments {told}")

    def _due(self, key: tuple[str, str], found: Sequence[CreditMemo]) -> None:
        """All that is open of its memos is due, on the invoices where it is to stand, and none is due twice.

        It does not matter whether a memo is issued or only proposed.
        """
        own = [memo for memo in found if (memo.contract, memo.subject) == key]
        off, dues = cancelled(own), due(own, self.credits[key])
        on: dict[str, int] = {}
        of: dict[str, int] = {}
        for (name, invoice), amount_minor in dues.items():
            self._hold(amount_minor > 0, f"{key}: nothing is due of {name} on {invoice}, and it says so")
            on[invoice] = on.get(invoice, 0) + amount_minor
            of[name] = of.get(name, 0) + amount_minor
        told = {one: Decimal(minor).scaleb(-self.digits) for one, minor in on.items() if one}
        judged = self._judged(key)["open_on"]
        open_ = {
            memo.id: left
            for memo in own
            if memo.status not in ("voided", "expected")
            and (left := memo.net_minor - memo.applied_minor - off.get(memo.id, 0))
        }
        if all(left > 0 for left in open_.values()):
            self._hold(of == open_, f"{key}: due are {of}, open {open_}")
            self._hold(told == judged, f"{key}: due on invoices is {told}, by the judge {judged}")
        self._applicable(own, found, dues)

    def _applicable(
        self, own: Sequence[CreditMemo], found: Sequence[CreditMemo], dues: Mapping[tuple[str, str], int]
    ) -> None:
        """What the books say may be set against an invoice is what is due there, as far as there is room."""
        names = {memo.contract for memo in own}
        report = SimpleNamespace(
            terms=[_terms(name, self.currency, self.rate) for name in names],
            evaluation=SimpleNamespace(credits_of=lambda _: list(self.credits.values())),
        )
        bills = {bill.id: bill for bill in self.invoices}
        books = Memos(cast(Report, report), tuple(found), self.ledger(), True, dict.fromkeys(names, bills))
        for memo in own:
            if memo.status not in ("issued", "applied", "settled") or memo.open_minor <= 0:
                continue
            for bill in self.invoices:
                told = applicable_minor(books, memo, bill.id)
                on_it = [part for one in found if one.contract == memo.contract for part in one.applied]
                taken = sum(part.amount_minor for part in on_it if part.invoice == bill.id)
                room = max(int(bill.amount.scaleb(self.digits)) - taken, 0)
                right = min(dues.get((memo.id, bill.id), 0), room)
                self._hold(told == right, f"{memo.id}: {told} may be set against {bill.id}, {right} are due")

    def _hold(self, is_so: bool, what: str) -> None:
        if not is_so:
            raise DisagreementError(f"seed {self.seed}: {what}")


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def _number(memo: CreditMemo) -> int:
    return memo.sequence or 0


def _owed(one: Credit) -> Decimal | None:
    """What a credit gives now; None where it cannot be told."""
    if one.state == "undetermined":
        return None
    return one.amount if one.granted_at is not None else Decimal(0)


def _exact(amount_minor: int, memo: CreditMemo) -> Decimal:
    return Decimal(amount_minor).scaleb(-memo.digits)


def faults_of(memo: CreditMemo) -> Iterator[str]:
    """What does not hold of one memo, looked at from outside."""
    record = record_of(memo)
    lines = [line.amount_minor for line in memo.lines]
    if record["net_minor"] != sum(lines):
        yield "its lines do not come to its net sum"
    if sum(one.base_minor for one in memo.taxes) != sum(lines):
        yield "what is taxed is not what it sums up"
    for one in memo.taxes:
        exact = one.tax.rate * one.base_minor
        if abs(exact - one.tax_minor) > Fraction(memo.revision + 1 if memo.is_delta else 1, 2):
            yield "a tax is off by more than rounding"
    if record["total_minor"] != sum(lines) + sum(one.tax_minor for one in memo.taxes):
        yield "net and tax do not come to the total"
    if memo.plan and sum(part.amount_minor for part in memo.plan) != memo.net_minor:
        yield "its instalments do not add up"
    for line in memo.lines:
        if abs(line.exact * 10**memo.digits - line.amount_minor) >= 1:
            yield "a line is off by a whole unit"
    if path := next(floats_in(memo), None):
        yield f"a float at {path}"
    if path := next(floats_in(record), None):
        yield f"a float in the record at {path}"


_EXACT = frozenset({str, int, bool, Fraction, Decimal, type(None)})


def floats_in(value: Any, path: str = "") -> Iterator[str]:
    """Where in a value, however deep, there is a float."""
    if type(value) in _EXACT:
        return
    if isinstance(value, float):
        yield path or "the top"
    elif is_dataclass(value):
        for one in fields(value):
            yield from floats_in(getattr(value, one.name), f"{path}.{one.name}")
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield from floats_in(inside, f"{path}.{name}")
    elif isinstance(value, tuple | list):
        for number, inside in enumerate(value):
            yield from floats_in(inside, f"{path}[{number}]")


def campaign(contracts: int, seed: int) -> int:
    """Plays books until so many contracts were in them; how many books. DisagreementError at a fault."""
    played = books = 0
    while played < contracts:
        played += Book(seed + books).play()
        books += 1
    return books


def main(words: Sequence[str]) -> int:
    """The command."""
    contracts, seed = (
        (int(word) for word in (*words, "100000", "1")[:2]) if len(words) != 1 else (int(words[0]), 1)
    )
    try:
        books = campaign(contracts, seed)
    except DisagreementError as fault:
        print(fault)
        return 1
    print(f"{contracts:,} contracts in {books:,} books from seed {seed}: both judges agree, everything holds")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
