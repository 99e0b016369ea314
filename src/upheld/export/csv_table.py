"""CSV: a row for every line of every memo, in RFC 4180; nothing in it is taken for a formula.

Numbers are exact; one that does not end is cut after the digits that a spreadsheet keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from upheld.core.accounting.line_text import cut_text
from upheld.core.accounting.memo import CreditMemo, MemoLine
from upheld.core.owing.amounts import percent_text
from upheld.export.format import Format, amount_text

COLUMNS: Final = (
    "number", "memo", "status", "entity", "month", "issued_on", "contract", "customer", "remedy",
    "commitment", "period", "first_on", "last_on", "invoices", "settlement", "line", "kind", "takes_off",
    "base", "steps", "percent", "band", "limit", "computed", "exact", "rounding", "currency", "net",
    "tax_category", "tax_percent", "memo_net", "memo_tax", "memo_total", "memo_applied", "clauses",
    "decisions", "reasons",
)  # fmt: skip
_NUMBERS: Final = frozenset(
    [
        "line",
        "base",
        "steps",
        "percent",
        "computed",
        "exact",
        "net",
        "tax_percent",
        "memo_net",
        "memo_tax",
        "memo_total",
        "memo_applied",
    ]
)
"""Columns of numbers; in all others a text that looks like one stays a text."""
_LIKE_A_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SHOWN_AS_IT_IS = re.compile(r"0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9]", re.ASCII)
_SAFE_DIGITS: Final = 15
_TRUTHS: Final = frozenset({"true", "false"})
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LIKE_A_DATE = re.compile(r"\d+[/-]\d+([/-]\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)


def faults(memo: CreditMemo) -> tuple[str, ...]:
    """Why a memo has no row; empty if it has."""
    return () if memo.number else ("it has no number: issue it first",)


def text(memos: Sequence[CreditMemo]) -> str:
    """The rows of memos without faults, under the names of the columns."""
    rows = [COLUMNS, *(row for memo in memos for row in _rows(memo))]
    return "".join(",".join(map(_cell, COLUMNS, row)) + "\r\n" for row in rows)


def _is_changed(value: str) -> bool:
    """Whether a spreadsheet would make another text of it: 1E5, 000001, 5.10, TRUE, more than 15 digits."""
    if value.lower() in _TRUTHS:
        return True
    if not _LIKE_A_NUMBER.fullmatch(value):
        return False
    return not _SHOWN_AS_IT_IS.fullmatch(value) or sum(map(str.isdecimal, value)) > _SAFE_DIGITS


def _cell(column: str, value: str) -> str:
    """A cell: a text that a spreadsheet would compute, or take for a day or for another number, begins with
    an apostrophe."""
    is_plain = _NUMBER.fullmatch(value) or _DAY.fullmatch(value)
    if (column not in _NUMBERS and _is_changed(value)) or (
        not is_plain and (value.lstrip().startswith(_FORMULA) or _LIKE_A_DATE.fullmatch(value))
    ):
        value = f"'{value}"
    if any(sign in value for sign in ',"\r\n'):
        value = '"' + value.replace('"', '""') + '"'
    return value


def _rows(memo: CreditMemo) -> Iterator[tuple[str, ...]]:
    whole = (memo.net_minor, memo.tax_minor, memo.total_minor, memo.applied_minor)
    for number, line in enumerate(memo.lines, 1):
        yield (
            memo.number, memo.id, memo.status, memo.entity, memo.month, memo.issued_on, memo.contract,
            memo.customer, memo.remedy, memo.commitment, memo.subject, memo.first_on, memo.last_on,
            " ".join(one.id for one in memo.invoices), memo.settlement, str(number), *_line(line),
            memo.currency or "days", amount_text(line.amount_minor, memo.digits), *_tax(line),
            *(amount_text(amount, memo.digits) for amount in whole), " ".join(memo.trace.clauses),
            " ".join(one.id for one in memo.trace.decisions), "; ".join(memo.reasons),
        )  # fmt: skip


def _line(line: MemoLine) -> tuple[str, ...]:
    computed = line.exact if line.computed is None else line.computed
    return (
        line.kind,
        line.number,
        "" if line.base is None else cut_text(line.base),
        str(line.steps or ""),
        "" if line.share is None else cut_text(line.share * 100),
        line.band,
        line.limit,
        cut_text(computed),
        cut_text(line.exact),
        line.rounding,
    )


def _tax(line: MemoLine) -> tuple[str, str]:
    return ("", "") if line.tax is None else (line.tax.category, percent_text(line.tax.rate))


EXPORT = Format(".csv", False, faults, text)
