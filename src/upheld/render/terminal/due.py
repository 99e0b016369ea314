"""What is due drawn: how urgent, how long still, how much of the time or budget is used, and when."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

from rich.text import Text

from upheld.core.terms.agreement import QuotaRule
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import HOUR, Instant, format_instant
from upheld.render import figures, words
from upheld.render.forecast import Ahead, ahead_cells
from upheld.render.terminal.bars import share_bar
from upheld.render.terminal.layout import Entry, entries, flow
from upheld.render.terminal.sheet import Fitted, Sheet
from upheld.render.terminal.signs import URGENCIES

Urgency = Literal["used up", "urgent", "soon", "later", "goal", "end", "at risk"]

BAR: Final = 10
URGENT_US, SOON_US = HOUR, 8 * HOUR
URGENT_SHARE, SOON_SHARE = Fraction(9, 10), Fraction(3, 4)
"""Urgent is what is due within an hour or has used nine tenths of its time, soon within eight hours or three
quarters."""


def urgency(one: Ahead) -> Urgency:
    """How urgent something is. Goals only warn, and quotas and measured periods just end.

    `used up` is what is late as soon as its calendar opens again.
    """
    if one.wake is None:
        return "at risk"
    if one.wake.what in ("goal", "reminder"):
        return "goal"
    if one.wake.what == "right ends":
        return "end"
    if isinstance(one.terms.rule(one.key.commitment), QuotaRule | CommitRule):
        return "end"
    if one.remaining_us < 0:
        return "used up"
    used = Fraction(0) if one.used is None else one.used
    if one.remaining_us < URGENT_US or used >= URGENT_SHARE:
        return "urgent"
    return "soon" if one.remaining_us < SOON_US or used >= SOON_SHARE else "later"


def due_page(sheet: Sheet, at: Instant, rows: Sequence[Ahead]) -> str:
    """A row each, the next one first; where there is no room for all cells, instants and contracts below."""
    head = sheet.text(f"As of {format_instant(at)}: {_counted(rows)}", "bold")
    things: list[Text | Fitted] = [Fitted(lambda width: flow(sheet, [head], width))]
    if rows:
        things += [Text(), entries(sheet, [_entry(sheet, one) for one in rows], 4, frozenset({1}))]
        bars = sheet.text("bars: how much is used of the time, the allowance or the error budget", "dim")
        things += [Text(), Fitted(lambda width: flow(sheet, [bars], width, 2, 0))]
    return sheet.printed(things)


def _counted(rows: Sequence[Ahead]) -> str:
    risks = sum(one.wake is None for one in rows)
    due = len(rows) - risks
    told = [words.count(due, "thing") + " due"] * bool(due)
    return ", ".join([*told, *[f"{words.count(risks, 'level')} at risk"] * bool(risks)]) or "nothing is due"


def _entry(sheet: Sheet, one: Ahead) -> Entry:
    name = urgency(one)
    sign = URGENCIES[name]
    when, left, contract, commitment, subject, what = ahead_cells(one)
    used = Text()
    if one.used is not None:
        share = f"{figures.cut(one.used * 100, 0)} %"
        used = share_bar(sheet, one.used, BAR, sign.style).append(share.rjust(6))
    return Entry(
        [
            sheet.signed(sign, name),
            sheet.text(left, "bold"),
            used,
            sheet.text(f"{commitment} of {subject}", "bold"),
            sheet.text(when),
            sheet.text(contract),
            sheet.text(what, "" if one.wake else sign.style),
        ]
    )
