"""The schedule of a contract's credits over its invoices: equal parts, carried over where no room is left."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from upheld.core.owing.bill import Invoice as Invoice
from upheld.core.owing.bill import fee_base as fee_base
from upheld.core.terms.remedy import RemedyRule
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import DAY, Instant, datetime_of
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import replace
from upheld.core.verdicts.credit import Credit, Instalment


class Owed(NamedTuple):
    """A credit of a remedy, when it was determined (None: not yet), and the period that it is about.

    `granted` is how much of it was granted; None: all of it.
    """

    remedy: RemedyRule
    credit: Credit
    determined_at: Instant | None
    period: Period
    granted: Decimal | None = None

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All that its instalments follow from but the invoices, for `once`."""
        remedy = self.remedy
        return (
            id(self.credit), self.determined_at, self.period, self.granted, remedy.name, remedy.rounding,
            id(remedy.pay),
        )  # fmt: skip


class _Part(NamedTuple):
    """What is left of one instalment of one credit (by its place in the list) when its turn has come."""

    owed: int
    number: int
    left: Decimal
    turn: str


def scheduled(
    owed: Sequence[Owed], invoices: Sequence[Invoice], ended_at: Instant | None
) -> tuple[Credit, ...]:
    """The credits of one contract with their instalments, in the order given.

    `invoices` are those issued so far, in any order; `ended_at` when the contract ended, if it has. Only
    money that is owed has instalments. An instalment falls on an invoice issued after the determination; what
    does not fit there (no invoice falls below its floor, whatever else stands on it) is first on the next.
    Before a credit is determined its instalments are planned, without invoice. Source: terms J7, J8, J9, J16.
    """
    plan = _Plan(owed)
    for invoice in sorted(invoices, key=lambda invoice: (invoice.at, invoice.id)):
        plan.place(invoice)
    return tuple(plan.credit(number, ended_at) for number in range(len(owed)))


class _Plan:
    """What stands on which invoice, filled invoice by invoice."""

    def __init__(self, owed: Sequence[Owed]) -> None:
        self.owed = owed
        self.turns = [_parts(each) for each in owed]
        self.taken = [0] * len(owed)
        self.waiting: list[_Part] = []
        self.placed: list[list[Instalment]] = [[] for _ in owed]
        dated = [(each.determined_at, n) for n, each in enumerate(owed) if each.determined_at is not None]
        self.order = [number for _, number in sorted(dated)]

    def place(self, invoice: Invoice) -> None:
        """Put on one invoice what its floor leaves room for, the oldest first."""
        digits = minor_digits(invoice.currency)
        amount, placed = max(Fraction(invoice.amount), Fraction(0)), Decimal(0)
        self.waiting.extend(self._turns_on(invoice))
        waiting, self.waiting = self.waiting, []
        for part in waiting:
            remedy, credit, *_ = self.owed[part.owed]
            room = rounded(amount * (1 - remedy.pay.floor), digits, "down") - placed
            fits = (
                Decimal(0) if credit.currency != invoice.currency else min(part.left, max(room, Decimal(0)))
            )
            if fits or not part.left:
                placed += fits
                state: Literal["applied", "carried over"] = (
                    "applied" if part.turn == invoice.id else "carried over"
                )
                done = Instalment(part.number, fits, invoice.id, invoice.at, state)
                self.placed[part.owed].append(done)
            if part.left > fits:
                self.waiting.append(part._replace(left=part.left - fits))

    def _turns_on(self, invoice: Invoice) -> Iterator[_Part]:
        """The instalments whose turn comes with an invoice: one of each credit, or of a remedy's oldest."""
        busy: set[str] = set()
        unpaid = {part.owed for part in self.waiting}
        for number in self.order:
            remedy = self.owed[number].remedy
            is_over = self.taken[number] == len(self.turns[number])
            if remedy.name in busy or (is_over and number not in unpaid):
                continue
            if not is_over and self._is_due_on(number, invoice):
                amount = self._amount_on(number, invoice)
                self.taken[number] += 1
                yield _Part(number, self.taken[number], amount, invoice.id)
            if remedy.pay.one_at_a_time:
                busy.add(remedy.name)

    def _is_due_on(self, number: int, invoice: Invoice) -> bool:
        remedy, credit, determined_at, period, _ = self.owed[number]
        if invoice.currency != credit.currency or determined_at is None or invoice.at <= determined_at:
            return False
        return remedy.pay.starts == "next invoice" or invoice.month > _last_month(period)

    def _amount_on(self, number: int, invoice: Invoice) -> Decimal:
        remedy = self.owed[number].remedy
        share = _share_of_each(self.owed[number])
        if share is None:
            return self.turns[number][self.taken[number]]
        most = max(Fraction(invoice.amount), Fraction(0))
        return rounded(share * most, minor_digits(invoice.currency), remedy.rounding)

    def credit(self, number: int, ended_at: Instant | None) -> Credit:
        """One credit with its instalments, those that stand on an invoice first within each number."""
        remedy, credit, determined_at, *_ = self.owed[number]
        is_given = credit.unit == "money" and bool(self.owed[number].granted)
        if determined_at is not None and (credit.state == "owed" or is_given):
            credit = replace(credit, granted_at=determined_at)
        found = list(self.placed[number])
        ended = ended_at is not None
        lost = remedy.pay.after_end == "lost"
        rest: Literal["outstanding", "lost"] = "lost" if lost else "outstanding"
        # Before it is determined nobody owes it yet; lost it can be even so, because no invoice comes.
        over = ended and (lost or determined_at is not None)
        found += [
            Instalment(part.number, part.left, state=rest if over else "due")
            for part in self.waiting
            if part.owed == number
        ]
        for index in range(self.taken[number], len(self.turns[number])):
            left = self.turns[number][index]
            found.append(Instalment(index + 1, left, state=rest if over else "planned"))
        found.sort(key=lambda each: each.number)
        is_of_each = _share_of_each(self.owed[number]) is not None and self.owed[number].granted is None
        return _with(credit, tuple(found), is_of_each)


def _parts(owed: Owed) -> tuple[Decimal, ...]:
    """Equal parts, cut down to the minor unit; the last takes what is left, so it is never the smallest.

    An amount that was granted is paid even if the numbers give nothing, or cannot tell what.
    """
    credit, instalments = owed.credit, owed.remedy.pay.instalments
    computed = credit.amount if credit.state == "owed" else None
    granted = computed if owed.granted is None else owed.granted
    if credit.unit != "money" or not granted:
        return ()
    digits = minor_digits(credit.currency)
    part = rounded(Fraction(granted) / instalments, digits, "down")
    return (part,) * (instalments - 1) + (granted - part * (instalments - 1),)


def _share_of_each(owed: Owed) -> Fraction | None:
    """What each instalment takes of the invoice it stands on; None where it is a part of the amount."""
    credit, pay = owed.credit, owed.remedy.pay
    if not pay.of_each or credit.exact is None or not credit.base:
        return None
    whole = credit.exact / credit.base / pay.instalments
    if owed.granted is None or not credit.exact:
        return whole
    return whole * Fraction(owed.granted) / credit.exact


def _with(credit: Credit, instalments: tuple[Instalment, ...], of_each: bool) -> Credit:
    if not instalments:
        return credit
    if not of_each:
        return replace(credit, instalments=instalments)
    # The amount is what the invoices make it; those to come are taken to be as high as the base.
    amount = sum((each.amount for each in instalments), Decimal(0))
    reason = "each instalment is its share of the invoice it stands on"
    return replace(credit, instalments=instalments, amount=amount, reasons=(*credit.reasons, reason))


def _last_month(period: Period) -> str:
    """The month (YYYY-MM) in which a period ends; a day before its end, so in any zone."""
    return f"{datetime_of(max(period.start_at, period.end_at - DAY)):%Y-%m}"
