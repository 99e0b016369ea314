"""The schedule of a contract's credits over its invoices: equal parts, carried over where no room is left.

It is a plan until something is really set off: from then on it says where the money is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from upheld.core.owing.bill import Invoice as Invoice
from upheld.core.owing.bill import fee_base as fee_base
from upheld.core.owing.parts import Owed as Owed
from upheld.core.owing.parts import Part, SetOff, Tranche, Waiting, is_to_stand, lowered
from upheld.core.owing.standing import Stand
from upheld.core.terms.rounding import minor_digits, rounded
from upheld.core.timeline.instant import DAY, Instant, datetime_of
from upheld.core.timeline.period import Period
from upheld.core.values.once import Once, anew
from upheld.core.verdicts.credit import Credit, Instalment

_Room = Callable[[int], Decimal]
"""How much may be set off of an instalment, by its number; nothing if that is not above 0."""


def scheduled(
    owed: Sequence[Owed], invoices: Sequence[Invoice], ended_at: Instant | None, once: Once = anew
) -> tuple[Credit, ...]:
    """The credits of one contract with their instalments, in the order given.

    `invoices` are those issued so far, in any order; `ended_at` when the contract ended, if it has. Only
    money that is owed has instalments. An instalment falls on an invoice issued after the decision; what
    does not fit there (no invoice falls below its floor, whatever else stands on it) is first on the next.
    Before a credit is decided its instalments are planned, without invoice. What was really set off stands
    where it was set; what is left of it on an invoice that was used for less, or is too full by now, is
    carried over, too. A later decision leaves that: what it adds has instalments of its own, what it takes
    comes off those that were not set off yet, the last first. Source: terms J7, J8, J9, J16; design 8.

    `once` remembers them. Credits meet on invoices only: as long as there are none, each by itself.
    """
    if not invoices:
        return tuple([_without_invoices(one, ended_at, once) for one in owed])
    seen = "scheduled", id(invoices), ended_at, *(each.seen for each in owed)
    return once(seen, lambda: _over_invoices(owed, invoices, ended_at))


def _over_invoices(
    owed: Sequence[Owed], invoices: Sequence[Invoice], ended_at: Instant | None
) -> tuple[Credit, ...]:
    plan = _Plan(owed, invoices)
    return tuple(plan.credit(number, ended_at) for number in range(len(owed)))


def _without_invoices(owed: Owed, ended_at: Instant | None, once: Once) -> Credit:
    return once(("planned", ended_at, owed.seen), lambda: _Plan([owed], ()).credit(0, ended_at))


class _Plan:
    """What stands on which invoice, by what happened: invoices, decisions, and what was really set off."""

    def __init__(self, owed: Sequence[Owed], invoices: Sequence[Invoice]) -> None:
        self.owed = owed
        self.waiting: list[Waiting] = []
        self.placed: list[list[Instalment]] = [[] for _ in owed]
        self.standing = [Decimal(0) for _ in owed]  # granted and not taken off, as far as it was told
        self.beyond: list[list[SetOff]] = [[] for _ in owed]  # set off, and no instalment is for it
        self.told = [""] * len(owed)  # of each, what the last decision lowered it to
        self.tranches: list[Tranche] = []
        self.of: list[list[Tranche]] = [[] for _ in owed]
        self.invoices = {invoice.id: invoice for invoice in invoices}
        self.used: dict[str, Decimal] = {}  # what was set against each invoice in all
        self.order: dict[str, dict[tuple[int, int], None]] = {}  # of each, which parts it carries
        self.given: dict[tuple[str, int], Decimal] = {}  # by document, how much of which instalment it gave
        for number, one in enumerate(owed):
            # Before a decision it is planned by what is owed; a final one may have taken the place of that.
            if not one.grants and one.credit.state == "owed":
                self._add(number, None, one.target(None), is_whole=True)
        self._play(invoices)

    def _play(self, invoices: Sequence[Invoice]) -> None:
        """Takes in all that happened in its order; of one instant an invoice first, and a decision last."""
        happened: list[tuple[Instant, int, int, int, Invoice | None]] = []
        for place, invoice in enumerate(sorted(invoices, key=lambda invoice: (invoice.at, invoice.id))):
            happened.append((invoice.at, 0, 0, place, invoice))
        for number, one in enumerate(self.owed):
            for place, part in enumerate(one.booked.set_off):
                # Nothing is set against an invoice before that is there, whenever it was written down.
                at = max(part.at, self._issued_at(part))
                happened.append((at, 1, number, place, None))
            happened += [(grant.at, 2, number, place, None) for place, grant in enumerate(one.grants)]
        for _, kind, number, place, bill in sorted(happened, key=lambda each: each[:4]):
            if bill is not None:
                self._place(bill)
            elif kind == 1:
                part = self.owed[number].booked.set_off[place]
                self._set_off(number, part)
                self._carry_over(number, part)
            else:
                self._decide(number, place)

    # -- decisions -----------------------------------------------------------------------------------------

    def _decide(self, number: int, place: int) -> None:
        """What one decision makes of it. What was given by then stays given."""
        one, standing = self.owed[number], self.standing[number]
        grant = one.grants[place]
        given = self._given(number, grant.at)
        issued = one.as_issued(grant, self._next(number))
        target = (
            one.target(grant.amount, max(standing, given))
            if issued is None
            else max(standing + sum((part.amount for part in issued), Decimal(0)), given)
        )
        self.told[number] = ""  # what an earlier decision had lowered it to holds no more
        if target < max(standing, given):
            self._cut(number, max(Decimal(0), standing - max(target, given)))
            if given:
                self.told[number] = lowered(target, standing, given, one.credit.currency)
        is_whole = not standing and grant.amount is None
        self._add(number, grant.at, max(target, given), is_whole=is_whole, issued=issued)

    def _given(self, number: int, at: Instant) -> Decimal:
        """How much of a credit was really given by an instant, and not taken back by a document since.

        What an instalment has set off stays, whatever documents come to: one may be left of what is void.
        """
        stays = sum((one.amount for one in self.placed[number] if one.is_set_off), Decimal(0))
        beyond = sum((one.amount for one in self.beyond[number]), Decimal(0))
        return max(stays, self.owed[number].booked.kept(stays + beyond, at))

    def _next(self, number: int) -> int:
        """The number of the next instalment of a credit."""
        return max((one.last for one in self.of[number]), default=0) + 1

    def _add(
        self,
        number: int,
        at: Instant | None,
        target: Decimal,
        *,
        is_whole: bool,
        issued: list[Part] | None = None,
    ) -> None:
        """Instalments for what brings a credit to an amount; what was given beyond it before counts.

        `issued` are those that it was issued in, if they are to stay.
        """
        first, more = self._next(number), target - self.standing[number]
        parts = issued or []
        if sum((part.amount for part in parts), Decimal(0)) != more:
            parts = self.owed[number].parts(more, is_whole=is_whole)
        self.standing[number] = target
        if parts:
            self.of[number].append(Tranche(number, at, first, parts))
            if at is not None:
                self.tranches.append(self.of[number][-1])
        beyond, self.beyond[number] = self.beyond[number], []
        for one in beyond:
            self._set_off(number, one)

    def _cut(self, number: int, cut: Decimal) -> None:
        """Takes off what was not set off, the last instalment first."""
        self.standing[number] -= cut
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
        left: list[Instalment] = []
        for stood in reversed(self.placed[number]):
            off = Decimal(0) if stood.is_set_off else min(cut, stood.amount)
            cut -= off
            if off < stood.amount or not off:
                left.append(stood._replace(amount=stood.amount - off))
        self.placed[number] = left[::-1]

    # -- what was really set off ---------------------------------------------------------------------------

    def _set_off(self, number: int, one: SetOff) -> None:
        """So much was set off: of what stood on the invoice first, and there of its own document's parts."""
        if one.amount < 0:
            self._take_back(number, one)
            return
        left = one.amount
        plan: dict[int, Decimal] = {}
        for part, amount in one.plan:
            plan[part] = plan.get(part, Decimal(0)) + amount

        def own(part: int) -> Decimal:
            return plan.get(part, Decimal(0)) - self.given.get((one.document, part), Decimal(0))

        def whatever(part: int) -> Decimal:
            return left

        for room in (own, whatever):
            left -= self._set_placed(number, one, left, room, on=frozenset({one.invoice}))
        for room in (own, whatever):
            left -= self._set_placed(number, one, left, room)
            left -= self._set_waiting(number, one, left, room)
            left -= self._set_to_come(number, one, left, room)
        if left:
            self.beyond[number].append(one._replace(amount=left))

    def _set_placed(
        self, number: int, one: SetOff, most: Decimal, room: _Room, on: frozenset[str] | None = None
    ) -> Decimal:
        """What stood on an invoice (of `on`, if given), the first first."""
        left, placed = most, list[Instalment]()
        for stood in self.placed[number]:
            is_meant = not stood.is_set_off and (on is None or stood.invoice in on)
            off = max(min(left, stood.amount, room(stood.number)), Decimal(0)) if is_meant else Decimal(0)
            left -= off
            if off:
                is_over = stood.invoice == one.invoice and stood.state == "carried over"
                placed.append(self._set(one, stood.number, off, "carried over" if is_over else "applied"))
            if off < stood.amount or not off:
                placed.append(stood._replace(amount=stood.amount - off))
        self.placed[number] = placed
        return most - left

    def _set_waiting(self, number: int, one: SetOff, most: Decimal, room: _Room) -> Decimal:
        """What found no room where it was due."""
        left, waiting = most, list[Waiting]()
        for part in self.waiting:
            is_meant = part.tranche.owed == number
            off = max(min(left, part.left, room(part.number)), Decimal(0)) if is_meant else Decimal(0)
            left -= off
            if off:
                self.placed[number].append(self._set(one, part.number, off, "carried over"))
            if part.left > off:
                waiting.append(part._replace(left=part.left - off))
        self.waiting = waiting
        return most - left

    def _set_to_come(self, number: int, one: SetOff, most: Decimal, room: _Room) -> Decimal:
        """What has not had its turn: it needs none any more."""
        left = most
        for tranche in self.of[number]:
            for place in tranche.to_come:
                most_of = min(left, room(tranche.first + place))
                if most_of > 0 and tranche.parts[place].amount:
                    off = tranche.take_off(place, most_of)
                    left -= off
                    self.placed[number].append(self._set(one, tranche.first + place, off, "applied"))
        return most - left

    def _set(
        self, one: SetOff, number: int, amount: Decimal, state: Literal["applied", "carried over"]
    ) -> Instalment:
        self.given[one.document, number] = self.given.get((one.document, number), Decimal(0)) + amount
        if not one.invoice:
            return Instalment(number, amount, "", one.at, "paid out", is_set_off=True)
        return Instalment(number, amount, one.invoice, self._issued_at(one), state, is_set_off=True)

    def _issued_at(self, one: SetOff) -> Instant:
        """When the invoice was issued that something was set against; one that nobody told of: just then."""
        invoice = self.invoices.get(one.invoice)
        return one.at if invoice is None else invoice.at

    def _take_back(self, number: int, one: SetOff) -> None:
        """What was given beyond what is owed, and then what was given last, which is to be given anew.

        So is what is taken back and was never given.
        """
        amount = -one.amount
        for place, over in reversed(list(enumerate(self.beyond[number]))):
            off = max(Decimal(0), min(amount, over.amount))
            amount -= off
            self.beyond[number][place] = over._replace(amount=over.amount - off)
        self.beyond[number] = [one for one in self.beyond[number] if one.amount]
        for place, stood in reversed(list(enumerate(self.placed[number]))):
            off = max(Decimal(0), min(amount, stood.amount)) if stood.is_set_off else Decimal(0)
            amount -= off
            if off:
                of = self._tranche(number, stood.number)
                self.placed[number][place] = stood._replace(amount=stood.amount - off)
                self.waiting.append(Waiting(of, stood.number, off, ""))
        self.placed[number] = [part for part in self.placed[number] if part.amount or not part.is_set_off]
        if amount and not self.of[number]:
            self.beyond[number].append(one._replace(amount=-amount))
        elif amount:
            of = self.of[number][-1]
            self.placed[number].append(self._set(one, of.first, -amount, "applied"))
            self.waiting.append(Waiting(of, of.first, amount, ""))

    def _tranche(self, number: int, part: int) -> Tranche:
        """The one that an instalment is of."""
        return next(each for each in self.of[number] if each.first <= part <= each.last)

    # -- what an invoice does not take after all -----------------------------------------------------------

    def _carry_over(self, number: int, one: SetOff) -> None:
        """What stands on an invoice that something was set against, and will not be set there, waits again.

        That is what the document was for beyond what was set off of it, as it is set against an invoice once,
        and what does not fit there any more, because more was set off than was to stand there.
        """
        if not one.invoice:
            return
        self.used[one.invoice] = self.used.get(one.invoice, Decimal(0)) + one.amount
        meant: dict[int, Decimal] = {}
        for part, amount in one.plan if one.amount > 0 else ():
            meant[part] = meant.get(part, Decimal(0)) + amount
        for part, amount in meant.items():
            left = amount - self.given.get((one.document, part), Decimal(0))
            self._wait(number, part, one.invoice, left, had_room=True)
        invoice = self.invoices.get(one.invoice)
        taken = self.used[one.invoice]
        for of, part in self.order.get(one.invoice, {}) if invoice is not None else ():
            assert invoice is not None, "it carries something"
            standing = sum(
                (each.amount for each in self.placed[of] if is_to_stand(each, part, one.invoice)), Decimal(0)
            )
            fits = min(standing, max(self._most(of, invoice) - taken, Decimal(0)))
            self._wait(of, part, one.invoice, standing - fits, had_room=False)
            taken += fits

    def _wait(self, number: int, part: int, invoice: str, most: Decimal, *, had_room: bool) -> None:
        """Takes so much at most of an instalment from an invoice, to wait for the next."""
        placed = list[Instalment]()
        for stood in self.placed[number]:
            is_meant = is_to_stand(stood, part, invoice)
            off = max(Decimal(0), min(most, stood.amount)) if is_meant else Decimal(0)
            most -= off
            if off:
                self.waiting.append(Waiting(self._tranche(number, part), part, off, "", had_room))
            if off < stood.amount or not off:
                placed.append(stood._replace(amount=stood.amount - off))
        self.placed[number] = placed

    # -- invoices ------------------------------------------------------------------------------------------

    def _most(self, number: int, invoice: Invoice) -> Decimal:
        """How much an invoice takes of a credit, whatever else stands on it: its amount less the floor."""
        amount = max(Fraction(invoice.amount), Fraction(0))
        floor = self.owed[number].remedy.pay.floor
        return rounded(amount * (1 - floor), minor_digits(invoice.currency), "down")

    def _place(self, invoice: Invoice) -> None:
        """Put on one invoice what its floor leaves room for, the oldest first."""
        placed = Decimal(0)
        self.waiting.extend(self._turns_on(invoice))
        waiting, self.waiting = self.waiting, []
        for part in waiting:
            of = part.tranche.owed
            room = max(self._most(of, invoice) - placed, Decimal(0))
            is_alike = self.owed[of].credit.currency == invoice.currency
            fits = min(part.left, room) if is_alike else Decimal(0)
            if fits or not part.left:
                placed += fits
                state: Literal["applied", "carried over"] = (
                    "applied" if part.turn == invoice.id else "carried over"
                )
                done = Instalment(part.number, fits, invoice.id, invoice.at, state)
                self.placed[of].append(done)
                self.order.setdefault(invoice.id, {})[of, part.number] = None
            if part.left > fits:
                self.waiting.append(part._replace(left=part.left - fits))

    def _turns_on(self, invoice: Invoice) -> Iterator[Waiting]:
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
                yield Waiting(tranche, tranche.first + tranche.taken, amount, invoice.id)
                tranche.next()
            if remedy.pay.one_at_a_time:
                busy.add(remedy.name)

    def _is_due_on(self, tranche: Tranche, invoice: Invoice) -> bool:
        remedy, credit, _, period, *_ = self.owed[tranche.owed]
        if invoice.currency != credit.currency:
            return False
        return remedy.pay.starts == "next invoice" or invoice.month > _last_month(period)

    def _amount_on(self, tranche: Tranche, invoice: Invoice) -> Decimal:
        part = tranche.parts[tranche.taken]
        if part.share is None:
            return part.amount
        most = max(Fraction(invoice.amount), Fraction(0))
        return rounded(
            part.share * most, minor_digits(invoice.currency), self.owed[tranche.owed].remedy.rounding
        )

    # -- what comes of it ----------------------------------------------------------------------------------

    def credit(self, number: int, ended_at: Instant | None) -> Credit:
        """One credit with its instalments."""
        waiting = [part for part in self.waiting if part.tranche.owed == number]
        placed, beyond = self.placed[number], self.beyond[number]
        stand = Stand(self.owed[number], placed, waiting, self.of[number], beyond, self.told[number])
        return stand.credit(ended_at)


def _last_month(period: Period) -> str:
    """The month (YYYY-MM) in which a period ends; a day before its end, so in any zone."""
    return f"{datetime_of(max(period.start_at, period.end_at - DAY)):%Y-%m}"
