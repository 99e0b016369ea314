"""What a provider owes without a level and without a ticket: covenants, and reminders of what it announced.

Source: issue 5, obligations and covenants; JUST-1, JUST/J14; SIVO-8.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from upheld.core.timeline.period import PeriodRule
from upheld.core.values.frozen import dataclass
from upheld.core.values.rule import Citation, Modality

Entry = Literal["by", "happened_at", "learned_at", "credential"]
ENTRIES: tuple[Entry, ...] = ("by", "happened_at", "learned_at", "credential")
"""What the register can ask of a report: who tells it, when it happened, when that was learned, and what."""


@dataclass(frozen=True, slots=True)
class CovenantRule:
    """Something that is never to happen, without a measure of it and without a credit.

    A report that it happened is a breach of its own; with a `period`, the breach is that of each period in
    which it happened, and a period without is met. It holds from `since` on (None: from the beginning of the
    contract). `register` is what a report has to say to be complete.
    """

    name: str
    what: str
    period: PeriodRule | None = None
    since: date | None = None
    register: tuple[Entry, ...] = ENTRIES
    modality: Modality = "guarantee"
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Something that was announced for a time and not promised: on a day somebody is reminded, no more.

    `until_on` is the first day after the time it was announced for, `from_on` that on which to be reminded.
    """

    name: str
    what: str
    from_on: date
    until_on: date | None = None
    doc: str = ""
    cited: Citation = Citation()
