"""The cells of contracts under one selection of readings, and what is known of all of them at once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from upheld.core.clocks.sight import Sight
from upheld.core.evaluating.cells import Key
from upheld.core.evaluating.clockwork import Judge
from upheld.core.evaluating.computation import Computation
from upheld.core.evaluating.inputs import Inputs
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.values.frozen import dataclass, field


class ClockSeen(NamedTuple):
    """What a clock sees of the terms, the readings that any cell of it consults itself, and what judges it.

    `judge` None: what is no clock, or one that goes over to a plan.
    """

    sight: Sight
    own: frozenset[str]
    judge: Judge | None


@dataclass(slots=True)
class Under:
    """The cells under one selection, with the roots in the order in which they are shown."""

    computation: Computation
    inputs: Inputs
    given: Sequence[Terms]
    """The terms as they were given, of which contracts whose texts say the same have the same parts."""
    roots: dict[Key, None] = field(default_factory=dict)
    own: dict[Hashable, frozenset[str]] = field(default_factory=dict)
    """By stratum, kind and rule, the readings that any cell of it consults itself."""
    clocks: dict[tuple[str, ...], ClockSeen] = field(default_factory=dict)
    """What there is to know of each clock, whatever its subject."""

    def is_listing(self, other: Under) -> bool:
        """Whether it has the roots of another: the same rules by name, of the same subjects or periods."""
        if self.inputs is not other.inputs:
            return False
        pairs = zip(self.computation.terms.values(), other.computation.terms.values(), strict=True)
        told = {(_listing(one), _listing(its)): (one, its) for one, its in pairs}
        return all(_listed(one) == _listed(its) for one, its in told.values())


def _listing(terms: Terms) -> tuple[int, ...]:
    """The same for contracts that have the same objects of what decides which cells are roots."""
    said = terms.clocks, terms.quotas, terms.obligations, terms.commits, terms.remedies, terms.calendars
    return tuple(map(id, said))


def _listed(terms: Terms) -> tuple[object, ...]:
    """What of the terms of a contract decides which cells are roots; `always` tells its term."""
    return (
        [(one.name, one.of) for one in terms.clocks],
        [(one.name, one.period) for one in terms.quotas],
        [(one.name, one.period) for one in terms.obligations],
        [(one.name, one.period) for one in terms.covenants],
        [(one.name, one.period) for one in terms.commits],
        [(one.name, one.of) for one in terms.remedies],
        terms.calendars[ALWAYS],
    )
