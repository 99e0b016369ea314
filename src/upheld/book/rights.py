"""The rights to terminate that the credits of a contract give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from upheld.core.duties import Termination
from upheld.core.facts.fact import Fact
from upheld.core.owing.termination import right_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.verdicts.credit import Credit


def rights(
    terms: Terms, numbered: Iterable[tuple[int, Credit]], told: Sequence[Fact], life: Life, at: Instant
) -> Iterator[Termination]:
    """Every right that there is, or may be, as of an instant.

    `numbered` are the credits of the contract with their numbers, `told` the facts about it.
    """
    for number, credit in numbered:
        if credit.unit != "termination":
            continue
        remedy = terms.remedy(credit.key.commitment)
        commit = terms.rule(remedy.of)
        assert isinstance(commit, CommitRule)
        periods = commit.period.periods_between(*_held(life, at))
        label = credit.key.subject.partition("/")[0]
        ended_at = next(one.end_at for one in periods if one.label == label)
        right = right_of(remedy, credit, ended_at, told, terms.calendars, at)
        if right is not None:
            yield Termination(number, right)


def _held(life: Life, at: Instant) -> tuple[Instant, Instant]:
    """From when to when a contract was in force by an instant."""
    until_at = at + 1 if life.end_at is None else min(at + 1, life.end_at)
    return life.start_at, max(until_at, life.start_at + 1)
