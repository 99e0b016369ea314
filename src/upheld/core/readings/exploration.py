"""Which readings matter to one outcome, found by asking for it under few of their combinations.

Readings are first taken one at a time. Those that change something are combined with each other in every way;
the others are then taken all at once, which shows whether they change something only together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, product
from math import prod
from typing import Final, NamedTuple, TypeAlias

from upheld.core.values.frozen import dataclass
from upheld.core.verdicts.shown import shown
from upheld.core.verdicts.verdict import Outcome

FEW_BRANCHES: Final = 8
"""Up to so many combinations of everything consulted, all of them are looked at."""
MOST_BRANCHES: Final = 64
"""Beyond so many combinations of the readings that matter, they are taken one at a time and in pairs."""

Selection: TypeAlias = frozenset[tuple[str, str]]
"""Readings with the options taken instead of those that the agreement takes."""
TAKEN: Final[Selection] = frozenset()
"""As the agreement takes them."""
Options: TypeAlias = Mapping[str, tuple[str, ...]]
"""The options that each reading could take instead."""


class Leaf(NamedTuple):
    """The value of a cell under every selection that agrees on the readings consulted."""

    value: Hashable
    consulted: frozenset[str]


Ask: TypeAlias = Callable[[Selection], Leaf | None]
"""Gives the outcome under a selection; None if the agreement says nothing under it that could be executed."""


@dataclass(frozen=True, slots=True)
class Branches:
    """What one cell is under every selection that matters; `TAKEN` is among them.

    `live` are the readings that change what is shown, alone or together with others, out of those
    `consulted`. `is_whole`: every combination of the live ones was looked at; else they were taken one at a
    time and in pairs.
    """

    outcomes: Mapping[Selection, Outcome]
    consulted: tuple[str, ...]
    live: tuple[str, ...]
    is_whole: bool


def explore(ask: Ask, options: Options, seeds: Iterable[str] = ()) -> Branches:
    """The branches of one cell. `seeds` are readings to look at even if nothing consults them as taken."""
    found = _Exploration(ask, options)
    found.take_singly(seeds)
    if not found.take_all():
        found.take_silent_together()
    return found.branches()


@lru_cache(maxsize=4096)
def single(name: str, option: str) -> Selection:
    """One reading taken otherwise; the same object every time, for cell after cell is asked for under it."""
    return frozenset([(name, option)])


def singles(options: Options) -> Iterator[Selection]:
    """One reading taken otherwise, each in turn."""
    return (single(name, option) for name in options for option in options[name])


def every(options: Options) -> Iterator[Selection]:
    """Every combination, `TAKEN` first."""
    choices = [[None, *options[name]] for name in options]
    for chosen in product(*choices):
        pairs = zip(options, chosen, strict=True)
        yield frozenset((name, option) for name, option in pairs if option is not None)


def corners(options: Options) -> Iterator[Selection]:
    """All readings taken otherwise at once: by their first other options, by their second ones, and so on."""
    for n in range(max((len(found) for found in options.values()), default=0)):
        yield frozenset((name, found[min(n, len(found) - 1)]) for name, found in options.items() if found)


def restricted(selection: Selection, names: frozenset[str]) -> Selection:
    """What a selection says of some readings."""
    for name, _ in selection:
        if name not in names:
            return frozenset([pair for pair in selection if pair[0] in names])
    return selection


def joined(below: Selection, above: Selection) -> Selection:
    """Both selections; where they disagree, the second."""
    return restricted(below, frozenset(name for name, _ in below) - {name for name, _ in above}) | above


@lru_cache(maxsize=256)
def _wanted(live: tuple[tuple[str, tuple[str, ...]], ...], is_whole: bool) -> tuple[Selection, ...]:
    """Every combination of readings, or one at a time and in pairs; the same ones for many cells."""
    options = dict(live)
    if is_whole:
        return tuple(every(options))
    pairs = (
        frozenset([(one, a), (other, b)])
        for one, other in combinations(options, 2)
        for a, b in product(options[one], options[other])
    )
    return TAKEN, *singles(options), *pairs


class _Exploration:
    def __init__(self, ask: Ask, options: Options) -> None:
        self._ask = ask
        self._options = options
        self._outcomes: dict[Selection, Outcome | None] = {}
        self._told: dict[Selection, Hashable] = {}
        self._consulted: dict[str, None] = {}
        self._collected: set[frozenset[str]] = set()
        self._live: set[str] = set()

    def take_singly(self, seeds: Iterable[str]) -> None:
        """Each reading consulted is taken otherwise alone; what only that consults, together with it."""
        base = self._shown(TAKEN)
        waiting = [*self._new(seeds), *self._consulted]
        while waiting:
            name = waiting.pop()
            for option in self._options.get(name, ()):
                pair = single(name, option)
                before = len(self._consulted)
                told = self._shown(pair)
                if told != base:
                    self._live.add(name)
                if len(self._consulted) > before:
                    nested = list(self._consulted)[before:]
                    waiting += nested
                    self._nested(pair, told, nested)

    def _nested(self, pair: Selection, told: Hashable, names: Iterable[str]) -> None:
        for name in names:
            for option in self._options.get(name, ()):
                if self._shown(joined(pair, frozenset([(name, option)]))) != told:
                    self._live |= {name, *(one for one, _ in pair)}

    def take_all(self) -> bool:
        """If they are few, readings are combined in every way: nothing can hide then. Whether they are."""
        wanted = {name: self._options[name] for name in self._consulted if self._options.get(name)}
        if prod(1 + len(found) for found in wanted.values()) > FEW_BRANCHES:
            return False
        for selection in every(wanted):
            for name, option in selection:
                without = selection - {(name, option)}
                if name not in self._live and self._shown(selection) != self._shown(without):
                    self._live.add(name)
        return True

    def take_silent_together(self) -> None:
        """Readings that change nothing alone may do so together: they are taken otherwise all at once.

        Where that changes something, the fewest of them that still do so matter too. Those that were not even
        consulted are taken along: they change nothing, and what is asked is the same for more cells.
        """
        before: set[str] | None = None
        while before != self._live:
            before = set(self._live)
            live = {name: self._options[name] for name in sorted(before)}
            for base in dict.fromkeys([TAKEN, *corners(live)]):
                self._take_silent(base)

    def _take_silent(self, base: Selection) -> None:
        silent = {name: found for name, found in self._options.items() if name not in self._live}
        for corner in corners(silent):
            rest = corner
            while self._changes(base, rest):
                found = self._fewest(base, rest)
                self._live |= {name for name, _ in found}
                rest -= found

    def _changes(self, base: Selection, more: Selection) -> bool:
        """Whether more readings taken otherwise change what is shown; not if nothing can be executed then."""
        told = self._shown(joined(base, more))
        return told is not None and told != self._shown(base)

    def _fewest(self, base: Selection, more: Selection) -> Selection:
        """Readings of which none can be left out without the change: halves are left out first, then less."""
        kept = sorted(more)
        size = len(kept) // 2
        while size:
            start = 0
            while start < len(kept):
                fewer = kept[:start] + kept[start + size :]
                if self._changes(base, frozenset(fewer)):
                    kept = fewer
                else:
                    start += size
            size //= 2
        return frozenset(kept)

    def branches(self) -> Branches:
        """Every combination of the readings that matter, or their pairs if those are too many."""
        live = {name: self._options[name] for name in self._consulted if name in self._live}
        is_whole = prod(1 + len(found) for found in live.values()) <= MOST_BRANCHES
        outcomes: dict[Selection, Outcome] = {}
        for selection in _wanted(tuple(live.items()), is_whole):
            outcome = self._outcome(selection)
            if outcome is not None:
                outcomes[selection] = outcome
            else:
                is_whole = False
        return Branches(outcomes, tuple(self._consulted), tuple(live), is_whole)

    def _shown(self, selection: Selection) -> Hashable:
        """What is shown under a selection; None if nothing can be executed under it."""
        if selection not in self._told:
            outcome = self._outcome(selection)
            self._told[selection] = None if outcome is None else shown(outcome)
        return self._told[selection]

    def _outcome(self, selection: Selection) -> Outcome | None:
        if selection not in self._outcomes:
            asked = self._ask(selection)
            if asked is None:
                self._outcomes[selection] = None
                return None
            assert isinstance(asked.value, Outcome), "only what is shown is explored"
            self._outcomes[selection] = asked.value
            if asked.consulted not in self._collected:
                self._collected.add(asked.consulted)
                self._new(sorted(asked.consulted))
        return self._outcomes[selection]

    def _new(self, names: Iterable[str]) -> list[str]:
        fresh = [name for name in names if name not in self._consulted]
        self._consulted.update(dict.fromkeys(fresh))
        return fresh
