"""A contract whose June was bad, a claim for it that is decided more than once, invoices and the books.

Fifteen hours were down: 60 % of the invoice of June, 600 EUR of 1,000, in three parts on the next invoices.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from tests.book.stated import book, outage
from tests.core.worlds import DESK, DOCUMENT, fact
from upheld.book.evaluate import evaluate
from upheld.book.memos import Memos, applicable_minor, memos
from upheld.core.accounting.booking import apply, issue
from upheld.core.accounting.memo import CreditMemo
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import HOUR, Instant, parse_instant
from upheld.core.verdicts.credit import Credit
from upheld.files.folder import Folder

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
component:
  api: {}
  voice: {}
  service: {all: [api, voice]}
indicator:
  uptime: {count: incidents of service, clause: "1"}
commit:
  uptime: {level: ">= 99.9 %", per: calendar month, clause: "1"}
claim: {needed: true, about: period, decision: DECISION}
remedy:
  credit:
    of: uptime
    bands: {"[99 %, 99.9 %)": 10 %, "< 99 %": 60 %}
    base: {invoice: month}
    pay: {instalments: PARTS, starts: next invoice, after end: paid out}
    clause: "3"
"""
)
CONTRACT = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, currency: EUR}\n"


def on(day: str) -> Instant:
    """Noon of a day of 2026."""
    return parse_instant(f"2026-{day}T12:00:00Z")


class Books:
    """What happened after June, told day by day, and what the books say of it on any day."""

    def __init__(
        self,
        *,
        parts: int = 3,
        decision: str = "beside the verdict",
        starts: str = "next invoice",
        after_end: str = "paid out",
        deadlines: str = "",
    ) -> None:
        """`deadlines` are further rows of deadlines, by name."""
        text = AGREEMENT + (f"deadline:\n{deadlines}" if deadlines else "")
        text = text.replace("PARTS", str(parts)).replace("DECISION", decision)
        text = text.replace(
            "starts: next invoice, after end: paid out", f"starts: {starts}, after end: {after_end}"
        )
        self._book = partial(book, agreement=text, contract=CONTRACT)
        self.facts: list[Fact] = outage(1, "Mon 06-15 00:00", "Mon 06-15 15:00")
        self.invoice("06", "07-01")
        self.tell("claim.filed", "07-02", "C-1", about="2026-06")

    def tell(self, type_: str, day: str | Instant, subject: str, **data: object) -> None:
        """One more fact, at noon of a day unless an instant is given."""
        at = on(day) if isinstance(day, str) else day
        self.facts.append(fact(type_, at, subject, f"f{len(self.facts):03}", **data))

    def invoice(self, month: str, day: str, amount: int = 1000) -> None:
        """The invoice of a month, `R-06`."""
        told = {"invoice": f"R-{month}", "amount": amount, "currency": "EUR", "month": f"2026-{month}"}
        self.tell("contract.invoice_issued", day, "c1", **told)

    def decide(self, day: str, outcome: str, amount: int | None = None, claim: str = "C-1") -> None:
        """A decision of the provider, after a dispute where there was one before."""
        if any(one.type == "claim.determined" and one.subject == claim for one in self.facts):
            self.tell("claim.disputed", on(day) - HOUR, claim, actor="Ann")
        data: dict[str, object] = {"outcome": outcome, "actor": "Bob", "reason": "r"}
        self.tell("claim.determined", day, claim, **data, **({} if amount is None else {"amount": amount}))

    def withdraw(self, day: str, type_: str, **data: object) -> None:
        """The correction that a fact never was, the one of a type that says so."""
        one = next(
            one
            for one in self.facts
            if one.type == type_ and all(one.data[name] == value for name, value in data.items())
        )
        corrects = {"source": "desk", "id": one.id}
        self.tell("correction.withdrawn", day, one.id, corrects=corrects, by="Ines", reason="a slip")

    def issue(self, day: str) -> list[CreditMemo]:
        """Issues what is proposed; which memos that were."""
        proposed = [one for one in self.memos(day) if one.status == "proposed"]
        self.facts += map(issue, proposed)
        return proposed

    def apply(self, day: str, revision: int, invoice: str, amount: int | None = None) -> int:
        """Sets what is due, or so much, against an invoice; how much that is, in euros."""
        found = self.found(day)
        memo = found.memos[revision - 1]
        minor = applicable_minor(found, memo, invoice) if amount is None else amount * 100
        if minor:
            self.facts.append(apply(memo, minor, invoice, on(day)))
        return minor // 100

    # -- what the books say --------------------------------------------------------------------------------

    def folder(self) -> Folder:
        """The book."""
        return self._book(self.facts)

    def found(self, day: str) -> Memos:
        """The memos on a day."""
        folder = self.folder()
        return memos(folder, evaluate(folder, on(day)))

    def memos(self, day: str) -> tuple[CreditMemo, ...]:
        """Those of June."""
        return tuple(one for one in self.found(day).memos if one.subject == "2026-06")

    def euros(self, day: str) -> list[tuple[str, int]]:
        """Each memo of June: its status and its sum."""
        return [(one.status, one.net_minor // 100) for one in self.memos(day)]

    def due(self, day: str, *invoices: str) -> Mapping[int, list[int]]:
        """What is due of each memo on each of the invoices, by revision."""
        found = self.found(day)
        return {
            one.revision: [applicable_minor(found, one, invoice) // 100 for invoice in invoices]
            for one in found.memos
            if one.subject == "2026-06"
        }

    def credit(self, day: str) -> Credit:
        """The credit of June."""
        found = evaluate(self.folder(), on(day)).evaluation.credits_of("c1")
        return next(one for one in found if one.key.subject == "2026-06")

    def parts(self, day: str) -> list[tuple[int, Decimal, str]]:
        """Its instalments: number, amount, invoice."""
        return [(one.number, one.amount, one.invoice) for one in self.credit(day).instalments]
