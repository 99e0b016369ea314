"""The ledger of credits."""

from __future__ import annotations

import json
from fractions import Fraction

from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, Files
from scripts.finding_pages.facts import CONTRACT
from scripts.finding_pages.structure import RESPONSE

from upheld.core.accounting.booking import close, issue, void
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
        "unknown-credit",
        "What is applied or taken back, but was never issued, would be missing on one side of the books.",
        {**BOOK, "facts.jsonl": _facts(void(_memo("2026-05", 1), "a slip", AT))},
        {"facts.jsonl": _facts(MAY)},
        LIST,
    ),
)
