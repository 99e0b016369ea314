"""One step of an account: what the remedies of a verdict give, after what they gave before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from upheld.core.owing.credits import combined, contested, credit_in, given_after
from upheld.core.owing.prospects import GivenBefore, Prospects
from upheld.core.terms.remedy import RemedyRule
from upheld.core.values.frozen import replace
from upheld.core.values.key import CellKey, FactRef
from upheld.core.verdicts.credit import Credit


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
    """What a remedy gives in its turn, and what it gave then in all, in each month, year or term."""

    credit: Credit
    given: GivenBefore


def steps_of(turns: Sequence[Turn], contract: str) -> tuple[Step, ...]:
    """The steps of one period, of remedies that are combined or of one alone, and what each adds is told."""
    remedies = [turn.remedy for turn in turns]
    found = combined(remedies, [_credit(turn, contract) for turn in turns])
    steps: list[Step] = []
    for turn, remedy, credit in zip(turns, remedies, found, strict=True):
        is_contested = contested(remedy, zip(remedies, found, strict=True))
        after = given_after(turn.prospects, turn.given, credit, is_contested)
        adds = [given.high - turn.given[per].high for per, given in after.items()]
        steps.append(Step(replace(credit, adds=min(adds)) if adds else credit, after))
    return tuple(steps)


def _credit(turn: Turn, contract: str) -> Credit:
    key = CellKey(contract, turn.remedy.name, turn.prospects.case.verdict.key.subject)
    return credit_in(turn.prospects, key, turn.given, turn.claims)
