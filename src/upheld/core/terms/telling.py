"""Whom an agreement tells, and when: stages of a clock, and events, with who hears of them and how.

Source: design 9, escalation ladders and messages; ROUS-7.1 to 7.3, ROUS/R17; CENG-6; INTG-X3, INTG/I3;
SIVO/S32; JUST/J6, JUST/J11.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from upheld.core.facts.fact import number_text
from upheld.core.values.amount import Amount, time_amount
from upheld.core.values.expression import Expr
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation

if TYPE_CHECKING:
    from upheld.core.terms.agreement import EventMatch, SubjectKind

Audience = Literal["provider", "customer"]
"""Roles of the provider's own people, or the contacts of the customer by their role."""
Urgency = Literal["page", "urgent", "planned"]
"""A page wakes somebody up; what is urgent waits for the end of quiet hours, what is planned for a digest."""
MarkKind = Literal["start", "share", "goal", "limit"]
Repeat = Literal["once", "each time"]

BEFORE_CLOSING: Final = time_amount(30 * 60 * 1_000_000)
"""How long before the closing a warning comes that would come when nobody is there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a clock: its start, a share of its budget, its goal, its limit, or so much beside one.

    `share` is of the budget, above 0 and at most 1. `sign` is 1 for after and -1 for before; `calendar` is
    the one on which the amount counts, None: that of the clock.
    """

    kind: MarkKind
    share: Fraction | None = None
    sign: int = 0
    amount: Amount | None = None
    calendar: str | None = None
    _name: str = field(default="", init=False, repr=False, compare=False)

    def __str__(self) -> str:
        """As agreements write it, in one form: the name of a stage."""
        if not self._name:  # every clock that it lies on asks for it
            object.__setattr__(self, "_name", self._written())
        return self._name

    def _written(self) -> str:
        if self.share is not None:
            return f"{_percent(self.share)} %"
        if self.amount is None:
            return self.kind
        on = f" of {self.calendar}" if self.calendar else ""
        return f"{self.kind} {'+' if self.sign > 0 else '-'} {self.amount}{on}"


@dataclass(frozen=True, slots=True)
class EscalateRule:
    """Whom to tell at which points of the commitments that it watches (`of`), for the subjects `where`.

    `of` are clocks, recurring duties, measured commitments, covenants, or remedies that have to be claimed.
    `to` are roles. With `hours`, those who are told are only there then: what comes later waits for the
    opening, and a warning for which that is too late comes `before_closing` before the closing.
    `channels_of` is the entitlement that gives the channels; empty: any.
    """

    name: str
    of: tuple[str, ...]
    marks: tuple[Mark, ...]
    to: tuple[str, ...]
    where: Expr | None = None
    audience: Audience = "provider"
    how: Urgency = "urgent"
    hours: str | None = None
    before_closing: Amount = BEFORE_CLOSING
    channels_of: str = ""
    doc: str = ""
    cited: Citation = Citation()


@dataclass(frozen=True, slots=True)
class NotifyRule:
    """Whom to tell of an event about a subject of kind `of`: the first such event, or each.

    With `hours` it waits for the opening. The rest is as of `EscalateRule`.
    """

    name: str
    of: SubjectKind
    upon: tuple[EventMatch, ...]
    to: tuple[str, ...]
    where: Expr | None = None
    repeat: Repeat = "once"
    audience: Audience = "provider"
    how: Urgency = "urgent"
    hours: str | None = None
    channels_of: str = ""
    doc: str = ""
    cited: Citation = Citation()


def _percent(share: Fraction) -> str:
    exact = share * 100
    if 1000 % exact.denominator:
        return str(exact)
    return number_text(Decimal(exact.numerator) / exact.denominator)
