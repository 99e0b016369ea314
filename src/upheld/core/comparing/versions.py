"""Two versions of the terms that are compared, and what is asked of both again and again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from upheld.core.comparing.calendars import calendar_change, same_calendar
from upheld.core.comparing.cases import Names, Side, extent, names_of, order_by_extent
from upheld.core.comparing.comparison import Order, Part
from upheld.core.comparing.time import Budget, Lateness, compare_budgets, compare_instants
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.calendar import Calendar
from upheld.core.values.expression import Expr
from upheld.core.values.frozen import replace


class Versions:
    """Two versions of the terms, and what is asked of both again and again."""

    def __init__(self, before: Terms, after: Terms) -> None:
        self.before, self.after = before, after
        names = before.calendars.keys() & after.calendars.keys()
        self.apart = frozenset(
            name
            for name in before.calendars.keys() | after.calendars.keys()
            if name not in names or not same_calendar(before.calendars[name], after.calendars[name])
        )
        self._names: dict[str, Names] = {}
        self._lateness: dict[tuple[Budget, Budget, bool], Lateness] = {}

    @property
    def flipped(self) -> Versions:
        """The same two, the other way round."""
        return Versions(self.after, self.before)

    def names(self, kind: str) -> Names:
        """What is known of the names of a kind of subject."""
        if kind not in self._names:
            self._names[kind] = names_of(kind, self.before, self.after)
        return self._names[kind]

    def calendar(self, name: str, side: Side) -> Calendar:
        """A calendar of one of the two."""
        return (self.after if side else self.before).calendars[name]

    def told(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """The parts; of what is written alike on both sides, with what differs in the calendars behind it."""
        return tuple(self._behind(part) if part.before == part.after else part for part in parts)

    def _behind(self, part: Part) -> Part:
        one, other = self.before.calendars, self.after.calendars
        apart = [name for name in one if name in self.apart and name in other]
        named = [name for name in apart if re.search(rf"\b{re.escape(name)}\b", part.before)]
        pairs = [(name, *calendar_change(one[name], other[name])) for name in named or apart]
        if not pairs:
            return part
        was, now = ("; ".join(f"{pair[0]}: {pair[side]}" for pair in pairs) for side in (1, 2))
        return replace(part, before=f"{part.before} ({was})", after=f"{part.after} ({now})")

    def lateness(self, before: Budget, after: Budget, can_stand: bool) -> Lateness:
        """As `compare_budgets`, asked once."""
        key = (before, after, can_stand)
        if key not in self._lateness:
            self._lateness[key] = compare_budgets(before, after, can_stand=can_stand)
        return self._lateness[key]

    def instants(self, before: Expr, after: Expr) -> Order:
        """How an instant that both compute compares: earlier is better."""
        return compare_instants(
            before, after, (self.before.calendars.__getitem__, self.after.calendars.__getitem__)
        )

    def conditions(self, before: Expr | None, after: Expr | None, kind: str, *, wider: Order) -> Order:
        """How a condition on subjects of a kind compares, if a wider one is so."""
        return order_by_extent(extent(before, after, self.names(kind), self.apart), wider)
