"""What is owed: one credit of one remedy for one period, exact, limited, rounded, and its instalments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeVar

from upheld.core.terms.remedy import Unit
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey, FactRef

_Number = TypeVar("_Number", int, Decimal)
CreditState = Literal["owed", "not owed", "running", "undetermined", "open"]
"""`running`: the period is not over. `open`: it depends on what is not known yet (an invoice, say)."""
FINAL: Final = "the decision of the provider is final"
"""The reason of a credit whose amount a decision has taken the place of begins so."""
OTHERWISE: Final = "decided otherwise"
GRANTED: Final = "granted"
"""The last lines of a credit of which something else was decided than the numbers give."""
LOST: Final = "the contract has ended and no invoice comes any more, so {amount} is lost"
PartState = Literal["planned", "due", "applied", "carried over", "paid out", "outstanding", "lost"]


class Line(NamedTuple):
    """One step from what was measured to what is owed, with its value before rounding.

    `subject` is that of an earlier credit, where it is what that gave.
    """

    what: str
    low: Fraction
    high: Fraction
    unit: str
    fact: FactRef | None = None
    subject: str = ""


class Instalment(NamedTuple):
    """One part of a credit: on which invoice (empty: the n-th after the decision), or outstanding or lost.

    `is_set_off`: it was really set against that invoice, or paid out; if not, it is to stand there.
    """

    number: int
    amount: Decimal
    invoice: str = ""
    at: Instant | None = None
    state: PartState = "planned"
    is_set_off: bool = False


def together(parts: Iterable[Instalment]) -> tuple[Instalment, ...]:
    """Instalments as they stand on invoices: what was really set off there apart from what is yet to be."""
    found: dict[tuple[object, ...], Instalment] = {}
    for one in parts:
        key = one.number, one.invoice, one.at, one.state, one.is_set_off
        known = found.get(key)
        found[key] = one if known is None else one._replace(amount=known.amount + one.amount)
    return tuple(found.values())


class Whereabouts(NamedTuple):
    """Where the money of a credit is: set off or paid out, to stand on an invoice that is there, or left."""

    set_off: Decimal
    scheduled: Decimal
    left: Decimal


class Grant(NamedTuple):
    """From an instant on so much of a credit is granted in all; None: what was computed."""

    at: Instant
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Credit:
    """What one remedy says of one period. `low` and `high` are exact and equal where everything is known.

    `high` None: it may be anything, because what it is a share of is not known.

    `amount` is the chosen value (by the agreement's gap rule) rounded once; None where the unit is
    termination or it cannot be told. `currency` is empty for days of service. `adds` is the most by which
    it raises what the remedy gives in all, with what came before it: of credits under one limit these add up
    to no more than that. None: the same as `high`. `grants` is what was decided on it, in order: a claim for
    it was accepted, or, where nobody has to claim, what it is about was. `granted_at` is when what stands of
    it was last granted; None if nothing is (yet). `plan` is the one that it is owed under, where that is not
    the first plan of the contract. `is_due` is whether it is owed as it stands, also
    before the period is over; None: that depends on what is not known. `on_complaint` is whether nothing but
    a complaint may be missing. `beyond` is how much was set off or paid out beyond what is owed of it, as it
    was corrected, and not taken back yet.
    """

    key: CellKey
    commitment: str
    state: CreditState
    unit: Unit
    rule_id: str
    low: Fraction
    high: Fraction | None
    exact: Fraction | None
    amount: Decimal | None
    currency: str = ""
    base: Fraction | None = None
    lines: Sequence[Line] = ()
    instalments: tuple[Instalment, ...] = ()
    reasons: tuple[str, ...] = ()
    facts: tuple[FactRef, ...] = ()
    adds: Fraction | None = None
    grants: tuple[Grant, ...] = ()
    granted_at: Instant | None = None
    plan: str = ""
    is_due: bool | None = True
    on_complaint: bool = False
    beyond: Decimal = Decimal(0)

    @property
    def is_owed(self) -> bool:
        """Whether something is owed of it: by the numbers or, whatever these say, by a decision.

        That is an amount which it names or, where the numbers give nothing, what had been given before it.
        """
        if self.state == "owed" or not self.grants or not self.instalments:
            return self.state == "owed"
        return self.grants[-1].amount is not None or self.state == "not owed"

    @property
    def still_owed(self) -> Decimal | None:
        """What is owed of it as it was decided, and not lost; None where its amount cannot be told."""
        computed = self.amount if self.state == "owed" or not self.is_owed else Decimal(0)
        if computed is None or self.unit != "money":
            return computed  # days are in no instalments
        return left_of(computed, [(one.amount, one.state) for one in self.instalments])

    @property
    def whereabouts(self) -> Whereabouts | None:
        """Where the money that is still owed is; None where it is none, or its amount cannot be told."""
        owed = self.still_owed
        if owed is None or self.unit != "money":
            return None
        stands = [one for one in self.instalments if one.state != "lost"]
        nothing = owed - owed  # as exact as the amounts are
        set_off = sum((one.amount for one in stands if one.is_set_off), nothing)
        scheduled = sum((one.amount for one in stands if one.invoice and not one.is_set_off), nothing)
        return Whereabouts(set_off, scheduled, owed - set_off - scheduled)


def lost_of(parts: Iterable[Instalment], currency: str) -> tuple[str, ...]:
    """That a credit, or what is left of it, is lost: its contract has ended, and no invoice comes for it."""
    lost = sum((one.amount for one in parts if one.state == "lost"), Decimal(0))
    return (LOST.format(amount=f"{lost:f} {currency}"),) if lost else ()


def left_of(computed: _Number, parts: Sequence[tuple[_Number, str]]) -> _Number:
    """What is owed of a credit: what its instalments come to that are not lost, and never less than nothing.

    They are of what was granted or given, and of what was computed as long as nothing is decided. Without any
    (days of service, or a claim that was rejected) it is what was computed. `parts`: amounts and states.
    """
    if not parts:
        return computed
    nothing = computed - computed  # as exact as the amounts are
    return max(sum((amount for amount, state in parts if state != "lost"), nothing), nothing)


class OwedSum(NamedTuple):
    """What is owed in one currency (empty: days of service), before and after, rounded as it is paid.

    `exact_before` and `exact_after` are the same before rounding; `undecided` credits are in neither.
    """

    currency: str
    before: Decimal
    after: Decimal
    exact_before: Fraction
    exact_after: Fraction
    undecided_before: int
    undecided_after: int
