"""What is to be paid in parts: a credit, what was decided on it, and what was really given of it."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from upheld.core.terms.remedy import RemedyRule
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.verdicts.credit import Credit, Grant, Instalment

_NOTHING_MORE: Final = "nothing more of it is owed, and the {given} given before is not reclaimed"
_ONLY: Final = "only {target} is granted now, and the {given} given before is not reclaimed"
_LOWERED: Final = "lowered to {target}, and the {given} given before is not reclaimed"
_ALL_GIVEN: Final = "lowered to {target}, all of which was given before"
_SOME_GIVEN: Final = "lowered to {target}, of which {given} was given before"


class SetOff(NamedTuple):
    """So much was really set against an invoice, or paid out (no invoice); negative: taken back.

    `document` is the id of its document, and `plan` how much of which instalment that is for.
    """

    at: Instant
    amount: Decimal
    invoice: str = ""
    plan: tuple[tuple[int, Decimal], ...] = ()
    document: str = ""


class Issued(NamedTuple):
    """A document of so much was issued; negative: so much is taken back by it. `plan` is as for `SetOff`."""

    at: Instant
    amount: Decimal
    plan: tuple[tuple[int, Decimal], ...] = ()


class Booked(NamedTuple):
    """What the books have of a credit, in its currency: its documents, and what was set off of them."""

    documents: tuple[Issued, ...] = ()
    set_off: tuple[SetOff, ...] = ()

    @property
    def issued(self) -> Decimal:
        """What its documents come to."""
        return sum((one.amount for one in self.documents), Decimal(0))

    def planned(self, number: int) -> Decimal:
        """How much its documents are for one instalment."""
        plans = (part for one in self.documents for part in one.plan)
        return sum((amount for each, amount in plans if each == number), Decimal(0))

    def kept(self, given: Decimal, at: Instant) -> Decimal:
        """What was given by an instant, less what a document took back by then, be that not set off yet.

        No more is ever given than was issued, so what is beyond the documents was taken back by one.
        """
        issued = [one.amount for one in self.documents if one.at <= at]
        return min(given, max(sum(issued, Decimal(0)), Decimal(0))) if issued else given


NOTHING_BOOKED: Final = Booked()


class Owed(NamedTuple):
    """A credit of a remedy, what was decided on it in order (nothing: not yet), its period, and its books.

    `computed` is what the numbers give, where a decision has taken its place (None: the credit itself).
    """

    remedy: RemedyRule
    credit: Credit
    grants: tuple[Grant, ...]
    period: Period
    booked: Booked = NOTHING_BOOKED
    computed: Credit | None = None

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All that its instalments follow from but the invoices, for `once`."""
        remedy, period, booked = self.remedy, self.period, self.booked
        return (
            id(self.credit), id(self.by_numbers), self.grants, period.start_at, period.end_at, remedy.name,
            remedy.rounding, id(remedy.pay), None if booked is NOTHING_BOOKED else booked,
        )  # fmt: skip

    @property
    def by_numbers(self) -> Credit:
        """What the numbers give, whatever was decided."""
        return self.credit if self.computed is None else self.computed

    @property
    def is_of_each(self) -> bool:
        """Whether each instalment takes its share of the invoice it stands on, not a part of the amount."""
        return self.remedy.pay.of_each and self.credit.exact is not None and bool(self.credit.base)

    def target(self, granted: Decimal | None, standing: Decimal = Decimal(0)) -> Decimal:
        """What a decision brings a credit to, in money; `granted` None: what was computed.

        An amount that was granted is paid even if the numbers give nothing, or cannot tell what. As long as
        it is not known what was computed, what is `standing` stays, and what was issued.
        """
        if self.credit.unit != "money":
            return Decimal(0)
        if granted is not None:
            return granted
        computed = self.by_numbers
        if self.is_told:
            return computed.amount or Decimal(0) if computed.state == "owed" else Decimal(0)
        return max(standing, self.booked.issued)

    @property
    def is_told(self) -> bool:
        """Whether it is known what the numbers give."""
        return self.by_numbers.state in ("owed", "not owed")

    def as_issued(self, grant: Grant, first: int) -> list[Part] | None:
        """The instalments of a decision from a number on as the documents have them; None: as it is due.

        They have them where what was computed is not known any more.
        """
        has_plans = any(one.plan for one in self.booked.documents)
        if grant.amount is not None or self.is_told or not has_plans:
            return None
        numbers = range(first, first + self.remedy.pay.instalments)
        amounts = [max(self.booked.planned(number), Decimal(0)) for number in numbers]
        return [Part(amount) for amount in amounts] if any(amounts) else []

    def parts(self, amount: Decimal, *, is_whole: bool) -> list[Part]:
        """Equal parts, cut down to the minor unit; the last takes what is left: it is never the smallest.

        `is_whole`: the amount is all that was computed, so what is of each invoice is so before rounding.
        """
        if not amount:
            return []
        count = self.remedy.pay.instalments
        amounts = equal_parts(amount, count, self.credit.currency)
        share: Fraction | None = None
        if self.is_of_each:
            exact, base = self.by_numbers.exact, self.credit.base
            assert base is not None, "so it says"
            share = (exact if is_whole and exact is not None else Fraction(amount)) / base / count
        return [Part(one, share) for one in amounts]


def equal_parts(amount: Decimal, count: int, currency: str) -> list[Decimal]:
    """So many equal parts, cut down to the minor unit; the last takes what is left."""
    part = rounded(Fraction(amount) / count, minor_digits(currency), "down")
    return [part] * (count - 1) + [amount - part * (count - 1)]


class Part(NamedTuple):
    """One instalment before its turn: its amount, and its share of the invoice where it is one of each."""

    amount: Decimal
    share: Fraction | None = None

    def less(self, cut: Decimal) -> Part:
        """The same with so much taken off."""
        share = (
            None if self.share is None else self.share * Fraction(self.amount - cut) / Fraction(self.amount)
        )
        return Part(self.amount - cut, share)


class Tranche:
    """What one decision adds to a credit: its instalments, numbered from `first` to `last`.

    `at` None: nothing is decided yet. `taken` is how many had their turn, `done` which were set off before
    theirs. A number is never given twice, even if its instalment was taken off.
    """

    __slots__ = ("at", "done", "first", "last", "owed", "parts", "taken")

    def __init__(self, owed: int, at: Instant | None, first: int, parts: list[Part]) -> None:
        self.owed, self.at, self.first, self.parts = owed, at, first, parts
        self.last = first + len(parts) - 1
        while not parts[-1].amount:  # it was taken off before
            parts.pop()
        self.taken = 0
        self.done: set[int] = set()

    @property
    def is_over(self) -> bool:
        """Whether all of it had its turn."""
        return self.taken == len(self.parts)

    @property
    def to_come(self) -> list[int]:
        """The places of what has not had its turn."""
        return [place for place in range(self.taken, len(self.parts)) if place not in self.done]

    def next(self) -> None:
        """The next one has had its turn."""
        self.taken += 1
        self.pass_over()

    def pass_over(self) -> None:
        """Leaves out what needs no turn any more."""
        while self.taken in self.done and not self.is_over:
            self.taken += 1

    def take_off(self, place: int, most: Decimal) -> Decimal:
        """Takes so much at most off one that has not had its turn; how much that is."""
        part = self.parts[place]
        off = min(most, part.amount)
        if off == part.amount:
            self.parts[place] = Part(Decimal(0))
            self.done.add(place)
            self.pass_over()
        else:
            self.parts[place] = part.less(off)
        return off


class Waiting(NamedTuple):
    """What is left of one instalment of one tranche when its turn has come.

    `turn` is the invoice with which that came, if it came now. `had_room`: there was room on an invoice for
    it, and less than that was set off there.
    """

    tranche: Tranche
    number: int
    left: Decimal
    turn: str
    had_room: bool = False

    def state_over(self, rest: Literal["outstanding", "lost"]) -> Literal["outstanding", "lost"]:
        """What becomes of it when no invoice comes any more: what one had room for is not lost."""
        return "outstanding" if self.had_room else rest


def is_to_stand(one: Instalment, number: int, invoice: str) -> bool:
    """Whether it is of an instalment, and to stand on an invoice."""
    return not one.is_set_off and (one.number, one.invoice) == (number, invoice)


def lowered(target: Decimal, standing: Decimal, given: Decimal, currency: str) -> str:
    """What is told of a decision on less than what was `standing` or `given` before, of which something was.

    What was given is not reclaimed (decision 17), so nothing is lowered where all had been given.
    """
    if not target:
        form = _NOTHING_MORE
    elif given > target:
        form = _ONLY if given >= standing else _LOWERED
    else:
        form = _ALL_GIVEN if given == target else _SOME_GIVEN
    return form.format(target=f"{target} {currency}", given=f"{given} {currency}")
