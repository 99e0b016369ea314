"""The ledger of credits."""

from __future__ import annotations

import json
from fractions import Fraction

from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, Files
from scripts.finding_pages.facts import CONTRACT
from scripts.finding_pages.lint_of_money import CREDIT, HEAD
from scripts.finding_pages.structure import RESPONSE

from upheld.core.accounting.booking import apply, close, issue, void
from upheld.core.accounting.memo import CreditMemo, MemoLine, Trace, memo_id
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import DAY, parse_instant
from upheld.core.values.frozen import replace
from upheld.files.facts_file import write_facts

LIST = "upheld credit list . --at 2026-08-02T12:00:00Z"
BOOK: Files = {AGREEMENT: DOCUMENT + RESPONSE, "contract.yaml": CONTRACT}
AT = parse_instant("2026-07-06T09:00:00Z")


def _memo(month: str, number: int) -> CreditMemo:
    """A memo of 49.90 EUR for a month."""
    line = MemoLine("credit", Fraction(499, 10), 4990)
    return CreditMemo(
        id=memo_id("c-7", "refund", month, 1), contract="c-7", customer="Acme", remedy="refund",
        commitment="response", subject=month, revision=1, status="proposed", entity="Northwind",
        currency="EUR", digits=2, lines=(line,), taxes=(), settlement="credit note",
        trace=Trace("acme", "2026-01", "", "credit.bands/1"), number=f"{number:06}", sequence=number,
        issued_at=AT, issued_on="2026-07-06", month="2026-07", granted_at=AT,
    )  # fmt: skip


def _facts(*facts: Fact) -> str:
    return write_facts(facts)


MAY, JUNE = issue(_memo("2026-05", 1)), issue(_memo("2026-06", 2))
SAME = issue(_memo("2026-06", 1))
LOCK = close("Northwind", "2026-07", AT + 26 * DAY)
LATE = replace(JUNE, recorded_at=AT + 27 * DAY)
DAMAGED = json.dumps(
    {
        "specversion": "1.0", "id": "x", "source": "upheld.accounting", "type": "credit.issued",
        "subject": "c-7/refund/2026-05/1", "time": "2026-07-06T09:00:00Z",
        "data": {"contract": "c-7", "entity": "Northwind", "sequence": 1, "number": "000001", "amount": 49.9,
                 "document": {}},
    }
)  # fmt: skip

INVOICED = {
    "specversion": "1.0",
    "id": "in-1",
    "source": "billing",
    "type": "contract.invoice_issued",
    "subject": "c-7",
    "time": "2026-07-05T09:00:00Z",
    "data": {"invoice": "NW-7", "amount": 40, "currency": "EUR", "month": "2026-07"},
}
"""Less than a memo of 49.90."""
MEASURED = {
    AGREEMENT: DOCUMENT + HEAD + CREDIT,
    "contract.yaml": CONTRACT.replace("from: 2026-02-01", "from: 2026-06-01, fees: {month: 499 EUR}"),
}


def _applied(amount_minor: int) -> str:
    """The memo of June set against the invoice."""
    memo = _memo("2026-06", 1)
    return json.dumps(INVOICED) + "\n" + _facts(issue(memo), apply(memo, amount_minor, "NW-7", AT + DAY))


CASES: tuple[Case, ...] = (
    Case(
        "bad-credit",
        "A document that does not add up would be paid, and nobody could say for what.",
        {**BOOK, "facts.jsonl": DAMAGED + "\n"},
        {"facts.jsonl": _facts(MAY)},
        LIST,
    ),
    Case(
        "closed-month",
        "What is closed was reported: an amount that comes later would be in no report.",
        {**BOOK, "facts.jsonl": _facts(MAY, LATE, LOCK)},
        {"facts.jsonl": _facts(MAY, JUNE, LOCK)},
        LIST,
    ),
    Case(
        "credit-number",
        "An auditor takes a gap for a document that was hidden, and a number that is there twice for a copy.",
        {**BOOK, "facts.jsonl": _facts(MAY, SAME)},
        {"facts.jsonl": _facts(MAY, JUNE)},
        LIST,
    ),
    Case(
        "overfull-invoice",
        "More is taken off than the invoice asks for, and what falls below its floor nobody pays.",
        {**BOOK, "facts.jsonl": _applied(4990)},
        {"facts.jsonl": _applied(4000)},
        LIST,
    ),
    Case(
        "renamed-remedy",
        "The credit under the old name stands, and under the new one the same month would be paid once more.",
        {**MEASURED, "facts.jsonl": _facts(SAME)},
        {AGREEMENT: DOCUMENT + HEAD + CREDIT.replace("  credit:", "  refund:")},
        LIST,
        ("unobserved",),
    ),
    Case(
        "unknown-credit",
        "What is applied or taken back, but was never issued, would be missing on one side of the books.",
        {**BOOK, "facts.jsonl": _facts(void(_memo("2026-05", 1), "a slip", AT))},
        {"facts.jsonl": _facts(MAY)},
        LIST,
    ),
)
