"""A backtest as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence

from upheld.book.backtest import Backtest, CreditFlip, Flip, OneSided, PromisedTarget
from upheld.core.forecasting.promise import PromisedLevel
from upheld.render import backtest as page


def compared(
    found: Backtest, levels: Sequence[PromisedLevel] = (), targets: Sequence[PromisedTarget] = ()
) -> page.Compared:
    """What was found, with what could have been promised, where that was asked."""
    before, after = found.before, found.after
    return page.Compared(
        at=after.at,
        before=[page.side_text(one) for one in before.terms],
        after=[page.side_text(one) for one in after.terms],
        same=found.same,
        changes=[_change(one) for one in found.flips],
        moves=[_change(one) for one in found.moves],
        counts=[(*kind, number) for kind, number in found.kinds.items()],
        only_before=[_one_side(one) for one in found.only_before],
        only_after=[_one_side(one) for one in found.only_after],
        credits=[_credit_change(one) for one in found.credits],
        sums=found.sums,
        levels=levels,
        targets=[
            page.Target(one.terms.agreement, one.commitment, one.target, one.calendar, one.promise)
            for one in targets
        ],
    )


def _change(one: Flip) -> page.Change:
    old, new = one
    return page.Change(old.number, new.number, new.terms, old.verdict, new.verdict)


def _one_side(one: OneSided) -> page.OneSide:
    assert one.terms.contract is not None
    return page.OneSide(one.terms.contract.id, one.commitment, one.kind, one.verdicts, one.is_whole)


def _credit_change(one: CreditFlip) -> page.CreditChange:
    either = one.after or one.before
    assert either is not None
    old, new = (None if side is None else side.credit for side in one)
    return page.CreditChange(either.credit.key, old, new)
