"""One step of an account: what the remedies of a verdict give, after what they gave before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import NamedTuple

from upheld.core.owing.bill import Bill
from upheld.core.owing.credits import LinesAt, combined, contested, credit_at, credit_in, given_after
from upheld.core.owing.prospects import GivenBefore, Prospects
from upheld.core.terms.remedy import RemedyRule
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.once import Once
from upheld.core.verdicts.credit import Credit, Line


class Turn(NamedTuple):
    """The turn of one remedy: what it may give, what it gave before, and the facts behind complaints.

    The remedy of the prospects may be one that is combined and paid otherwise.
    """

    remedy: RemedyRule
    prospects: Prospects
    given: GivenBefore
    claims: tuple[FactRef, ...]

    @property
    def seen(self) -> tuple[Hashable, ...]:
        """All that its credit follows from, for `once`."""
        given = ((per, id(one)) for per, one in self.given.items())
        return id(self.prospects), self.remedy.group, self.remedy.combine, self.claims, *given


class Step(NamedTuple):
    """What a remedy gives in its turn, and what it gave then in all, in each month, year or term.

    `alone` is what it would give if it was not combined with others; `lines` those of the credit, where it
    does not have them itself.
    """

    credit: Credit
    given: GivenBefore
    alone: Credit
    lines: Sequence[Line] | None = None


def steps_of(turns: Sequence[Turn], contract: str) -> tuple[Step, ...]:
    """The steps of one period, of remedies that are combined or of one alone, and what each adds is told."""
    alone = [credit_in(turn.prospects, _key(turn, contract), turn.given, turn.claims) for turn in turns]
    return _combined(turns, alone, [Fraction(1)] * len(turns))


def steps_at(
    turns: Sequence[Turn], steps: Sequence[Step], bills: Sequence[Bill], contract: str, once: Once
) -> tuple[Step, ...] | None:
    """The steps of another contract, of which all is the same but the bills; None if they are others.

    What is a share of a bill is as many times more as that is, before it is rounded. Many turns come to the
    same, only derived from another level or value: `once` remembers what that is with each bill, and only
    the lines are those of the turn.
    """
    times: list[Fraction] = []
    for turn, bill in zip(turns, bills, strict=True):
        factor = turn.prospects.times_at(bill, once)
        if factor is None or not all(one.is_nothing for one in turn.given.values()):
            return None
        times.append(factor)
    sums = once(("sums", id(steps)), lambda: _sums(turns, steps, once))
    plain = once(
        ("steps at", *(id(one.turn) for one in sums), *map(id, bills)),
        lambda: _combined(
            [one.turn for one in sums],
            [
                credit_at(
                    one.turn.prospects, one.turn.given, one.credit, _key(one.turn, contract), bill, factor
                )
                for one, bill, factor in zip(sums, bills, times, strict=True)
            ],
            times,
        ),
    )
    return tuple(
        [
            Step(
                done.credit,
                done.given,
                done.alone,
                LinesAt(turn.prospects, step.alone, done.alone, factor),
            )
            for turn, step, done, factor in zip(turns, steps, plain, times, strict=True)
        ]
    )


class _Sum(NamedTuple):
    """What a turn comes to, without how that is derived, and the first turn that came to the same."""

    turn: Turn
    credit: Credit


def _sums(turns: Sequence[Turn], steps: Sequence[Step], once: Once) -> tuple[_Sum, ...]:
    found: list[_Sum] = []
    for turn, step in zip(turns, steps, strict=True):
        remedy, credit = turn.remedy, replace(step.alone, lines=())
        is_alone = len(turns) == 1 and (not turn.given or credit.low == credit.high)
        ceiling = turn.prospects.told(turn.given)[0].ceiling
        seen = remedy.name, remedy.rounding, id(remedy.limits), remedy.group, remedy.combine, ceiling
        reach = None if is_alone else id(turn.prospects)  # what it may give in all is looked up there
        found.append(once(("sum", credit, *seen, reach), lambda: _Sum(turn, credit)))  # noqa: B023 - called at once
    return tuple(found)


def _combined(turns: Sequence[Turn], alone: Sequence[Credit], times: Sequence[Fraction]) -> tuple[Step, ...]:
    remedies = [turn.remedy for turn in turns]
    found = combined(remedies, alone)
    steps: list[Step] = []
    for turn, remedy, credit, own, factor in zip(turns, remedies, found, alone, times, strict=True):
        is_contested = contested(remedy, zip(remedies, found, strict=True))
        after = given_after(turn.prospects, turn.given, credit, is_contested, factor)
        adds = [_more(turn.given[per].high, given.high) for per, given in after.items()]
        steps.append(Step(replace(credit, adds=min(adds)) if adds else credit, after, own))
    return tuple(steps)


def _more(before: Fraction, after: Fraction) -> Fraction:
    return after - before if before else after


def _key(turn: Turn, contract: str) -> CellKey:
    return CellKey(contract, turn.remedy.name, turn.prospects.case.verdict.key.subject)
