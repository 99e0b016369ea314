"""Terms under many selections of readings, made of the same objects where they say the same.

Parts of cells are told apart by the identity of what they are computed from (see `once`). Calendars are one
object already where they are the same (`World.calendar`), and not asked for here: that would compile them.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, TypeVar

from upheld.core.agreement import ClockRule, Terms
from upheld.core.frozen import replace

T = TypeVar("T")

_SHARED: Final = ("attributes", "events", "scales", "quotas", "components", "signals")
"""What of the terms cells look at besides the rules themselves and calendars."""
_OF_A_CLOCK: Final = tuple(name for name in ClockRule.__dataclass_fields__ if name not in ("doc", "cited"))


class Interning:
    """What was met so far, by what it is of. It keeps alive all that it was ever given."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[Any]] = {}
        self._clocks: dict[tuple[str, int], tuple[ClockRule, ClockRule]] = {}

    def terms(self, terms: Terms) -> Terms:
        """Terms of a contract that say the same, with equal parts that are one object."""
        assert terms.contract is not None
        contract = terms.contract.id
        shared = {name: self._one((contract, name), getattr(terms, name)) for name in _SHARED}
        return replace(
            terms,
            clocks=tuple(self._clock(contract, clock) for clock in terms.clocks),
            indicators={
                name: self._one((contract, "indicator", name), one) for name, one in terms.indicators.items()
            },
            exclusions=tuple(self._one((contract, "exclude", one.name), one) for one in terms.exclusions),
            **shared,
        )

    def _clock(self, contract: str, clock: ClockRule) -> ClockRule:
        known = self._clocks.get((contract, id(clock)))
        if known is None:
            fields = {
                name: self._one((contract, clock.name, name), getattr(clock, name)) for name in _OF_A_CLOCK
            }
            known = self._clocks[contract, id(clock)] = clock, replace(clock, **fields)
        return known[1]

    def _one(self, of: Hashable, value: T) -> T:
        """The value that was met first of those that are equal."""
        known = self._known.setdefault(of, [])
        for one in known:
            if one is value or one == value:
                found: T = one
                return found
        known.append(value)
        return value
