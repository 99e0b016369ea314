"""What other texts would change, and for whom: before they are applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeVar

from upheld.book.backtest import Backtest, backtest
from upheld.book.evaluate import evaluate
from upheld.core.comparing.comparison import Change, How, Order, order_of_changes
from upheld.core.comparing.terms import compare_terms
from upheld.core.terms.agreement import Terms
from upheld.core.values.frozen import dataclass, replace

if TYPE_CHECKING:
    from upheld.core.book import Book
    from upheld.core.timeline.instant import Instant

T = TypeVar("T")
_PARTS: Final = attrgetter("rule", "start_year", "end_year", "business_day", "closing", "spans")


@dataclass(frozen=True, slots=True)
class Effect:
    """A contract under other terms than before. `changes` compare every commitment that differs in meaning.

    `order` is that of the whole, as the customer sees it; one that is there on one side only has none.
    """

    how: How
    before: Terms | None
    after: Terms | None
    order: Order | None = None
    changes: tuple[Change, ...] = ()

    @property
    def terms(self) -> Terms:
        """The terms that are there, those afterwards if both are."""
        found = self.after or self.before
        assert found is not None
        return found


def effects(before: Book, after: Book) -> tuple[Effect, ...]:
    """Every contract whose terms are not the same on both sides, by its id."""
    return tuple(_effects(_by_contract(before), _by_contract(after)))


def flips(before: Book, after: Book, contracts: Collection[str], at: Instant) -> Backtest:
    """The verdicts and amounts of contracts on both sides, by the facts that are known. BeyondHorizon."""
    return backtest(evaluate(before, at, contracts=contracts), evaluate(after, at, contracts=contracts))


def _by_contract(book: Book) -> Mapping[str, Terms]:
    return {one.contract.id: one for one in book.terms if one.contract is not None}


def _effects(old: Mapping[str, Terms], new: Mapping[str, Terms]) -> Iterator[Effect]:
    for contract in sorted(old.keys() | new.keys()):
        was, now = old.get(contract), new.get(contract)
        if was is None or now is None:
            yield Effect("added" if was is None else "removed", was, now)
        elif not _are_same(was, now):
            changes = compare_terms(was, now)
            yield Effect("changed", was, now, order_of_changes(changes), changes)


def _are_same(one: Terms, other: Terms) -> bool:
    """Whether nothing differs at all. A compiled calendar equals itself alone: its parts are compared."""
    return (
        replace(one, calendars=other.calendars, plans=other.plans) == other
        and _all_same(one.calendars, other.calendars, lambda was, now: _PARTS(was) == _PARTS(now))
        and _all_same(one.plans, other.plans, _are_same)
    )


def _all_same(one: Mapping[str, T], other: Mapping[str, T], are_same: Callable[[T, T], bool]) -> bool:
    return one.keys() == other.keys() and all(are_same(each, other[name]) for name, each in one.items())
