"""Credit memos as values of a record. A proposal has no number yet: that depends on who issues first."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.accounting.memo import CreditMemo, MemoLine
from upheld.core.stating.canonical import Record
from upheld.core.stating.verdict_entries import exact, refs_of
from upheld.core.stating.waiting import Waiting
from upheld.core.values.key import FactRef


def memo_entry(memo: CreditMemo) -> Record:
    """One memo with its lines, taxes and what was applied of it, in minor units."""
    is_issued = memo.status not in ("expected", "proposed")
    return {
        "id": memo.id,
        "remedy": memo.remedy,
        "subject": memo.subject,
        "revision": memo.revision,
        "status": memo.status,
        "number": memo.number if is_issued else "",
        "issued_on": memo.issued_on if is_issued else "",
        "month": memo.month,
        "entity": memo.entity,
        "currency": memo.currency,
        "settlement": memo.settlement,
        "net_minor": memo.net_minor,
        "tax_minor": memo.tax_minor,
        "total_minor": memo.total_minor,
        "applied_minor": memo.applied_minor,
        "open_minor": memo.open_minor,
        "least_minor": memo.least_minor,
        "most_minor": memo.most_minor,
        "granted_at": memo.granted_at,
        "lines": [_line(line) for line in memo.lines],
        "applied": [
            {"amount_minor": part.amount_minor, "at": part.at, "invoice": part.invoice}
            for part in memo.applied
        ],
        "invoices": [one.id for one in memo.invoices],
        "rule": memo.trace.rule_id,
        "clauses": list(memo.trace.clauses),
        "reasons": list(memo.reasons),
        "facts": refs_of(facts_of_memo(memo)),
    }


def waiting_entry(one: Waiting) -> Record:
    """Something of a claim or a credit that waits for the provider past its time."""
    return {
        "since_at": one.since_at,
        "what": one.what,
        "of": one.of,
        "subject": one.subject,
        "number": one.number,
        "invoice": one.invoice,
        "currency": one.currency,
        "minor": one.amount_minor,
    }


def facts_of_memo(memo: CreditMemo) -> Iterator[FactRef]:
    """The facts behind a memo: those of its credit, the decisions, and what was applied."""
    yield from memo.trace.facts
    yield from memo.trace.decisions
    yield from (part.ref for part in memo.applied)


def _line(line: MemoLine) -> Record:
    return {
        "kind": line.kind,
        "exact": exact(line.exact),
        "amount_minor": line.amount_minor,
        "rounding": line.rounding,
        "base": exact(line.base),
        "share": exact(line.share),
        "band": line.band,
        "limit": line.limit,
        "memo": line.memo,
        "number": line.number,
    }
