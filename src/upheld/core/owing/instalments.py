"""The schedule of a contract's credits over its invoices: equal parts, carried over where no room is left."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from upheld.core.owing.bill import Invoice as Invoice
from upheld.core.owing.bill import fee_base as fee_base
from upheld.core.terms.remedy import RemedyRule
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import DAY, Instant, datetime_of
from upheld.core.timeline.period import Period
from upheld.core.values.frozen import replace
from upheld.core.values.once import Once, anew
from upheld.core.verdicts.credit import Credit, Grant, Instalment

LOWERED: Final = "lowered to {target} {currency} when {given} {currency} of it stood on invoices, which stays"


class Owed(NamedTuple):
    """A credit of a remedy, what was decided on it in order (nothing: not yet), and its period."""

    remedy: RemedyRule
    credit: Credit
    grants: tuple[Grant, ...]
    period: Period

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All that its instalments follow from but the invoices, for `once`."""
        remedy = self.remedy
        return id(self.credit), self.grants, self.period, remedy.name, remedy.rounding, id(remedy.pay)


class _Planned(NamedTuple):
    """One instalment before its turn: its amount, and its share of the invoice where it is one of each."""

    amount: Decimal
    share: Fraction | None = None

    def less(self, cut: Decimal) -> _Planned:
        """The same with so much taken off."""
        share = (
            None if self.share is None else self.share * Fraction(self.amount - cut) / Fraction(self.amount)
        )
        return _Planned(self.amount - cut, share)


class _Tranche:
    """What one decision adds to a credit: its instalments, numbered from `first` to `last`.

    `at` None: nothing is decided yet. `taken` is how many had their turn. A number is never given twice, even
    if its instalment was taken off.
    """

    __slots__ = ("at", "first", "last", "owed", "parts", "taken")

    def __init__(self, owed: int, at: Instant | None, first: int, parts: list[_Planned]) -> None:
        self.owed, self.at, self.first, self.parts = owed, at, first, parts
        self.last = first + len(parts) - 1
        self.taken = 0

    @property
    def is_over(self) -> bool:
        """Whether all of it had its turn."""
        return self.taken == len(self.parts)


class _Part(NamedTuple):
    """What is left of one instalment of one tranche when its turn has come."""

    tranche: _Tranche
    number: int
    left: Decimal
    turn: str


def scheduled(
    owed: Sequence[Owed], invoices: Sequence[Invoice], ended_at: Instant | None, once: Once = anew
) -> tuple[Credit, ...]:
    """The credits of one contract with their instalments, in the order given.

    `invoices` are those issued so far, in any order; `ended_at` when the contract ended, if it has. Only
    money that is owed has instalments. An instalment falls on an invoice issued after the decision; what
    does not fit there (no invoice falls below its floor, whatever else stands on it) is first on the next.
    Before a credit is decided its instalments are planned, without invoice. A later decision leaves what
    stands on invoices by then: what it adds has instalments of its own, what it takes comes off those that
    stand on none yet, the last first. Source: terms J7, J8, J9, J16; design 8.

    Credits meet on invoices only: as long as there are none, `once` remembers each by itself.
    """
    if not invoices:
        return tuple([_without_invoices(one, ended_at, once) for one in owed])
    plan = _Plan(owed)
    for invoice in sorted(invoices, key=lambda invoice: (invoice.at, invoice.id)):
        plan.decide(invoice.at)
        plan.place(invoice)
    plan.decide(None)
    return tuple(plan.credit(number, ended_at) for number in range(len(owed)))


def _without_invoices(owed: Owed, ended_at: Instant | None, once: Once) -> Credit:
    def planned() -> Credit:
        plan = _Plan([owed])
        plan.decide(None)
        return plan.credit(0, ended_at)

    return once(("planned", ended_at, owed.seen), planned)


class _Plan:
    """What stands on which invoice, filled invoice by invoice."""

    def __init__(self, owed: Sequence[Owed]) -> None:
        self.owed = owed
        self.waiting: list[_Part] = []
        self.placed: list[list[Instalment]] = [[] for _ in owed]
        self.standing = [Decimal(0) for _ in owed]  # granted and not taken off, as far as it was told
        self.told: list[list[str]] = [[] for _ in owed]
        self.tranches: list[_Tranche] = []
        self.of: list[list[_Tranche]] = [[] for _ in owed]
        self.decisions = sorted(
            (
                (grant.at, number, place)
                for number, one in enumerate(owed)
                for place, grant in enumerate(one.grants)
            ),
            reverse=True,
        )
        for number, one in enumerate(owed):
            if not one.grants:
                self._add(number, None, _target(one, None), is_whole=True)

    # -- decisions -----------------------------------------------------------------------------------------

    def decide(self, before_at: Instant | None) -> None:
        """Takes in what was decided before an instant (None: all that is left), the first first."""
        while self.decisions and (before_at is None or self.decisions[-1][0] < before_at):
            at, number, place = self.decisions.pop()
            one = self.owed[number]
            target = _target(one, one.grants[place].amount)
            if target < self.standing[number]:
                self._lower(number, target)
            else:
                is_whole = not self.standing[number] and one.grants[place].amount is None
                self._add(number, at, target, is_whole=is_whole)

    def _add(self, number: int, at: Instant | None, target: Decimal, *, is_whole: bool) -> None:
        """Instalments for what brings a credit to an amount."""
        first = max((one.last for one in self.of[number]), default=0) + 1
        parts = _parts(self.owed[number], target - self.standing[number], is_whole=is_whole)
        self.standing[number] = target
        if parts:
            self.of[number].append(_Tranche(number, at, first, parts))
            if at is not None:
                self.tranches.append(self.of[number][-1])

    def _lower(self, number: int, target: Decimal) -> None:
        """Takes off what stands on no invoice yet, the last instalment first; what does stays."""
        cut = self.standing[number] - target
        for tranche in reversed(self.of[number]):
            while cut and not tranche.is_over:
                last = tranche.parts.pop()
                off = min(cut, last.amount)
                cut -= off
                if off < last.amount:
                    tranche.parts.append(last.less(off))
        for place in reversed(range(len(self.waiting))):
            part = self.waiting[place]
            if cut and part.tranche.owed == number:
                off = min(cut, part.left)
                cut -= off
                self.waiting[place] = part._replace(left=part.left - off)
        self.waiting = [part for part in self.waiting if part.left]
        self.standing[number] = target + cut
        given = sum((one.amount for one in self.placed[number]), Decimal(0))
        if given:
            currency = self.owed[number].credit.currency
            self.told[number].append(LOWERED.format(given=given, target=target, currency=currency))

    # -- invoices ------------------------------------------------------------------------------------------

    def place(self, invoice: Invoice) -> None:
        """Put on one invoice what its floor leaves room for, the oldest first."""
        digits = minor_digits(invoice.currency)
        amount, placed = max(Fraction(invoice.amount), Fraction(0)), Decimal(0)
        self.waiting.extend(self._turns_on(invoice))
        waiting, self.waiting = self.waiting, []
        for part in waiting:
            remedy, credit, *_ = self.owed[part.tranche.owed]
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
                self.placed[part.tranche.owed].append(done)
            if part.left > fits:
                self.waiting.append(part._replace(left=part.left - fits))

    def _turns_on(self, invoice: Invoice) -> Iterator[_Part]:
        """The instalments whose turn comes with an invoice: one of each tranche, or of a remedy's oldest."""
        busy: set[str] = set()
        unpaid = {id(part.tranche) for part in self.waiting}
        for tranche in self.tranches:
            remedy = self.owed[tranche.owed].remedy
            is_over = tranche.is_over
            if remedy.name in busy or (is_over and id(tranche) not in unpaid):
                continue
            if not is_over and self._is_due_on(tranche, invoice):
                amount = self._amount_on(tranche, invoice)
                yield _Part(tranche, tranche.first + tranche.taken, amount, invoice.id)
                tranche.taken += 1
            if remedy.pay.one_at_a_time:
                busy.add(remedy.name)

    def _is_due_on(self, tranche: _Tranche, invoice: Invoice) -> bool:
        remedy, credit, _, period = self.owed[tranche.owed]
        if invoice.currency != credit.currency:
            return False
        return remedy.pay.starts == "next invoice" or invoice.month > _last_month(period)

    def _amount_on(self, tranche: _Tranche, invoice: Invoice) -> Decimal:
        part = tranche.parts[tranche.taken]
        if part.share is None:
            return part.amount
        most = max(Fraction(invoice.amount), Fraction(0))
        return rounded(
            part.share * most, minor_digits(invoice.currency), self.owed[tranche.owed].remedy.rounding
        )

    # -- what comes of it ----------------------------------------------------------------------------------

    def credit(self, number: int, ended_at: Instant | None) -> Credit:
        """One credit with its instalments, those that stand on an invoice first within each number."""
        remedy, credit, grants, _ = self.owed[number]
        is_decided = bool(grants)
        found = list(self.placed[number])
        ended = ended_at is not None
        lost = remedy.pay.after_end == "lost"
        rest: Literal["outstanding", "lost"] = "lost" if lost else "outstanding"
        # Before it is determined nobody owes it yet; lost it can be even so, because no invoice comes.
        over = ended and (lost or is_decided)
        found += [
            Instalment(part.number, part.left, state=rest if over else "due")
            for part in self.waiting
            if part.tranche.owed == number
        ]
        for tranche in self.of[number]:
            for index in range(tranche.taken, len(tranche.parts)):
                left = tranche.parts[index].amount
                found.append(Instalment(tranche.first + index, left, state=rest if over else "planned"))
        found.sort(key=lambda each: each.number)
        granted_at = self._granted_at(number, found)
        if granted_at is not None or any(one.amount is not None for one in grants):
            reasons = (*credit.reasons, *self.told[number])
            credit = replace(credit, grants=grants, granted_at=granted_at, reasons=reasons)
        is_computed = not grants or grants[-1].amount is None
        return _with(credit, tuple(found), is_computed and _is_of_each(self.owed[number]))

    def _granted_at(self, number: int, found: Sequence[Instalment]) -> Instant | None:
        """When what stands of a credit was last granted; None if nothing does."""
        _, credit, grants, _ = self.owed[number]
        if not grants:
            return None
        numbers = [one.number for one in found]
        standing = [one.at for one in self.of[number] if any(one.first <= n <= one.last for n in numbers)]
        if standing:
            return standing[-1]
        last = grants[-1]
        is_given = last.amount is None or (credit.unit != "money" and bool(last.amount))
        return last.at if credit.state == "owed" and is_given else None


def _target(owed: Owed, granted: Decimal | None) -> Decimal:
    """What a decision brings a credit to, in money; None: what was computed.

    An amount that was granted is paid even if the numbers give nothing, or cannot tell what.
    """
    credit = owed.credit
    if credit.unit != "money":
        return Decimal(0)
    computed = credit.amount if credit.state == "owed" else None
    return (computed if granted is None else granted) or Decimal(0)


def _parts(owed: Owed, amount: Decimal, *, is_whole: bool) -> list[_Planned]:
    """Equal parts, cut down to the minor unit; the last takes what is left, so it is never the smallest.

    `is_whole`: the amount is all that was computed, so what is of each invoice is so before rounding.
    """
    if not amount:
        return []
    credit, pay = owed.credit, owed.remedy.pay
    part = rounded(Fraction(amount) / pay.instalments, minor_digits(credit.currency), "down")
    amounts = (part,) * (pay.instalments - 1) + (amount - part * (pay.instalments - 1),)
    share: Fraction | None = None
    if _is_of_each(owed):
        assert credit.exact is not None, "so it says"
        assert credit.base is not None, "so it says"
        share = (credit.exact if is_whole else Fraction(amount)) / credit.base / pay.instalments
    return [_Planned(one, share) for one in amounts]


def _is_of_each(owed: Owed) -> bool:
    """Whether each instalment takes its share of the invoice that it stands on, not a part of the amount."""
    return owed.remedy.pay.of_each and owed.credit.exact is not None and bool(owed.credit.base)


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
