"""What comes of a schedule for one credit: its instalments, what was granted of it, and what is beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from upheld.core.owing.parts import Owed, SetOff, Tranche, Waiting
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.verdicts.credit import GRANTED, OTHERWISE, Credit, Instalment, Line, lost_of

OF_EACH: Final = "each instalment is its share of the invoice it stands on"


class Stand(NamedTuple):
    """Where the money of one credit stands: on which invoices, what waits, and what has not had its turn.

    `beyond` was set off and no instalment is for it; `lowered` is what the last decision lowered it to, told.
    """

    owed: Owed
    placed: Sequence[Instalment]
    waiting: Sequence[Waiting]
    tranches: Sequence[Tranche]
    beyond: Sequence[SetOff]
    lowered: str

    def credit(self, ended_at: Instant | None) -> Credit:
        """The credit with its instalments, those that stand on an invoice first within each number.

        `ended_at` is when the contract ended, if it has. What was decided otherwise than the numbers say has
        lines of its own, so that the last line is what the instalments come to.
        """
        _, credit, grants, *_ = self.owed
        found = self._instalments(ended_at)
        granted_at = self._granted_at(found)
        changes: dict[str, Any] = {}
        if granted_at is not None or any(one.amount is not None for one in grants):
            reasons = (*credit.reasons, self.lowered) if self.lowered else credit.reasons
            changes = {"grants": grants, "granted_at": granted_at, "reasons": reasons}
        is_of_each = (not grants or grants[-1].amount is None) and self.owed.is_of_each
        if found:
            changes["instalments"] = tuple(found)
            if is_of_each:
                # The amount is what the invoices make it; those to come are taken to be as high as the base.
                changes["amount"] = sum((each.amount for each in found), Decimal(0))
                changes["reasons"] = (*changes.get("reasons", credit.reasons), OF_EACH)
            if gone := lost_of(found, credit.currency):
                changes["reasons"] = (*changes.get("reasons", credit.reasons), *gone)
        if not is_of_each and (lines := tuple(self._decided(found))):
            changes["lines"] = (*credit.lines, *lines)
        beyond = sum((one.amount for one in self.beyond), Decimal(0))
        if beyond > 0:
            changes["beyond"] = beyond
        return replace(credit, **changes) if changes else credit

    def _instalments(self, ended_at: Instant | None) -> list[Instalment]:
        remedy, _, grants, *_ = self.owed
        lost = remedy.pay.after_end == "lost"
        rest: Literal["outstanding", "lost"] = "lost" if lost else "outstanding"
        # Before it is determined nobody owes it yet; lost it can be even so, because no invoice comes.
        over = ended_at is not None and (lost or bool(grants))
        found = list(self.placed)
        found += [
            Instalment(part.number, part.left, state=part.state_over(rest) if over else "due")
            for part in self.waiting
        ]
        for tranche in self.tranches:
            for index in tranche.to_come:
                left = tranche.parts[index].amount
                found.append(Instalment(tranche.first + index, left, state=rest if over else "planned"))
        return sorted(found, key=lambda each: each.number)

    def _granted_at(self, found: Sequence[Instalment]) -> Instant | None:
        """When what stands of the credit was last granted; None if nothing does."""
        _, credit, grants, *_ = self.owed
        if not grants:
            return None
        numbers = [one.number for one in found]
        standing = [one.at for one in self.tranches if any(one.first <= n <= one.last for n in numbers)]
        if standing:
            return standing[-1]
        last = grants[-1]
        is_given = last.amount is None or (credit.unit != "money" and bool(last.amount))
        return last.at if credit.state == "owed" and is_given else None

    def _decided(self, found: Sequence[Instalment]) -> Iterator[Line]:
        """By how much a decision differs from the numbers, and what is granted; nothing where it does not.

        Where it is not known what the numbers give, only the latter.
        """
        _, credit, grants, *_ = self.owed
        is_decided = bool(grants) or self.owed.computed is not None
        if not is_decided or credit.unit != "money" or (not self.owed.is_told and not found):
            return
        granted = Fraction(sum((one.amount for one in found), Decimal(0)))
        computed = Fraction(self.owed.target(None)) if self.owed.is_told else None
        if granted == computed or (computed is None and grants[-1].amount is None):
            return
        if computed:
            yield Line(OTHERWISE, granted - computed, granted - computed, credit.currency)
        yield Line(GRANTED, granted, granted, credit.currency)
