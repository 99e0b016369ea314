"""Cells: pure functions of inputs and of each other, computed again only when what they read has changed.

A cell's key starts with its stratum; a cell reads only inputs and cells of lower strata, so there are no
cycles and every cell is computed at most once in a change. What a cell reads is recorded as it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from heapq import heapify, heappop, heappush
from typing import NamedTuple, Protocol, TypeAlias

from upheld.core.clocks.sight import NOWHERE, Sight
from upheld.core.facts.fact import Fact
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.once import Once, anew

Key: TypeAlias = tuple[int, str, tuple[str, ...]]
"""Stratum, what it is, and of what."""
Input: TypeAlias = tuple[str, ...]
Types: TypeAlias = frozenset[str] | None

EVERY: Types = None
"""All types of fact: a reader of an input that is not told apart by type."""


class Reader(Protocol):
    """What a cell may ask while it is computed."""

    @property
    def once(self) -> Once:
        """What remembers parts of any cell by all that they are computed from, if anything does."""
        ...

    @property
    def of_clock(self) -> Once:
        """What remembers parts of the cell of a clock, which name of the terms only what `sight` tells."""
        ...

    @property
    def sight(self) -> Sight:
        """What the parts of the cell of a clock see of the terms, for `of_clock`."""
        ...

    def facts(self, name: Input, types: Types = EVERY) -> tuple[Fact, ...]:
        """The facts of an input that are of these types, in their order."""
        ...

    def names(self, name: Input) -> tuple[str, ...]:
        """The members of an input that lists names."""
        ...

    def cell(self, key: Key) -> object:
        """The value of another cell, of a lower stratum."""
        ...


class Forgetful:
    """What a reader is that remembers no parts of cells: none is then told apart by what it sees."""

    once: Once = staticmethod(anew)
    of_clock: Once = staticmethod(anew)
    sight: Sight = NOWHERE


Compute: TypeAlias = Callable[[Key, Reader, Instant], tuple[Hashable, Instant | None]]
"""Gives the value of a cell as of an instant, and the first instant at which it changes by itself, if any."""


@dataclass(slots=True)
class Memo:
    """A cell as it was computed, when it changes by itself, and what it read."""

    value: Hashable
    wake_at: Instant | None
    reads: dict[Key | Input, Types]


class Under(NamedTuple):
    """The inputs that cells were computed from, with the types of fact that matter, and changes to come.

    Each cell that they rest on has one, if it changes by itself: what changes with every instant, the next.
    """

    inputs: Mapping[Input, Types]
    wakes: Set[Instant]


class Cells:
    """The memory of an evaluation. `computed` lists the cells that the last `settle` had to compute."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        self._facts: dict[Input, tuple[Fact, ...]] = {}
        self._names: dict[Input, tuple[str, ...]] = {}
        self._memo: dict[Key, Memo] = {}
        self._readers: dict[Key | Input, dict[Key, Types]] = {}
        self._roots: frozenset[Key] = frozenset()
        self._dirty: set[Key] = set()
        self.computed: list[Key] = []

    def value(self, key: Key) -> object:
        """The value of a root as of the last `settle`. KeyError if it is none."""
        return self._memo[key].value

    def facts(self, name: Input) -> tuple[Fact, ...]:
        """The facts of an input, in their order."""
        return self._facts.get(name, ())

    def names(self, name: Input) -> tuple[str, ...]:
        """The members of an input that lists names."""
        return self._names.get(name, ())

    def under(self, keys: Iterable[Key], own: Input = ()) -> Under:
        """What settled cells rest on together, themselves or by the cells that they read, but for `own`."""
        found: dict[Input, Types] = {}
        wakes: set[Instant] = set()
        waiting = [*keys]
        seen = set(waiting)
        for key in waiting:  # which grows by what they read
            memo = self._memo[key]
            if memo.wake_at is not None:
                wakes.add(memo.wake_at)
            for name, types in memo.reads.items():
                if name == own:
                    continue
                if isinstance(name[0], int):
                    if name not in seen:
                        seen.add(name)
                        waiting.append(name)
                else:
                    known = found.get(name, types)
                    found[name] = None if types is None or known is None else known | types
        return Under(found, wakes)

    def put_facts(self, inputs: Mapping[Input, tuple[Fact, ...]]) -> None:
        """Replaces all inputs of facts; readers of a type of which facts came or went are computed anew."""
        for name in self._facts.keys() | inputs.keys():
            old, new = self._facts.get(name, ()), inputs.get(name, ())
            if old is new or old == new:
                continue
            changed = {fact.type for fact in set(old) ^ set(new)}
            for key, types in self._readers.get(name, {}).items():
                if types is None or not changed.isdisjoint(types):
                    self._dirty.add(key)
        self._facts = dict(inputs)

    def put_names(self, inputs: Mapping[Input, tuple[str, ...]]) -> None:
        """Replaces all inputs of names."""
        for name in self._names.keys() | inputs.keys():
            if self._names.get(name, ()) != inputs.get(name, ()):
                self._dirty |= self._readers.get(name, {}).keys()
        self._names = dict(inputs)

    def settle(self, roots: Iterable[Key], at: Instant, since: Instant | None) -> None:
        """Brings the roots up to date as of `at`; `since` is the instant of the settlement before, if any."""
        self.computed = []
        self._roots = frozenset(roots)
        if since is not None:
            self._dirty |= {
                key for key, memo in self._memo.items() if memo.wake_at is not None and memo.wake_at <= at
            }
        waiting = list(self._dirty)
        heapify(waiting)
        while waiting:
            key = heappop(waiting)
            if key not in self._dirty:
                continue
            self._dirty.discard(key)
            if key not in self._memo or not self._is_wanted(key):
                self._forget(key)
                continue
            before = self._memo[key].value
            self._run(key, at)
            if self._memo[key].value != before:
                for reader in self._readers.get(key, {}):
                    if reader not in self._dirty:
                        self._dirty.add(reader)
                        heappush(waiting, reader)
        for key in sorted(self._roots - self._memo.keys()):
            self._run(key, at)
        for key in [key for key in self._memo if not self._is_wanted(key)]:
            self._forget(key)

    def _is_wanted(self, key: Key) -> bool:
        return key in self._roots or bool(self._readers.get(key))

    def _run(self, key: Key, at: Instant) -> None:
        old, new = self._memo.get(key), self._computed(key, at)
        for name in (old.reads.keys() if old else set()) - new.reads.keys():
            self._readers.get(name, {}).pop(key, None)
        for name, types in new.reads.items():
            self._readers.setdefault(name, {})[key] = types
        self._memo[key] = new
        self.computed.append(key)

    def _computed(self, key: Key, at: Instant) -> Memo:
        """A cell, computed, with what it read."""
        reads = _Reads(self, key, at)
        value, wake_at = self._compute(key, reads, at)
        return Memo(value, wake_at, reads.found)

    def _forget(self, key: Key) -> None:
        memo = self._memo.pop(key, None)
        self._dirty.discard(key)
        for name in memo.reads if memo else ():
            self._readers.get(name, {}).pop(key, None)
            if isinstance(name[0], int) and name in self._memo and not self._is_wanted(name):
                self._forget(name)


class _Reads(Forgetful):
    """A reader that remembers what was asked."""

    def __init__(self, cells: Cells, key: Key, at: Instant) -> None:
        self._cells = cells
        self._key = key
        self._at = at
        self.found: dict[Key | Input, Types] = {}

    def facts(self, name: Input, types: Types = EVERY) -> tuple[Fact, ...]:
        if name in self.found:
            before = self.found[name]
            self.found[name] = None if types is None or before is None else before | types
        else:
            self.found[name] = types
        facts = self._cells.facts(name)
        return facts if types is None else tuple([fact for fact in facts if fact.type in types])

    def names(self, name: Input) -> tuple[str, ...]:
        self.found[name] = EVERY
        return self._cells.names(name)

    def cell(self, key: Key) -> object:
        assert key[0] < self._key[0], f"{self._key} may not read {key}: strata have no cycles"
        self.found[key] = EVERY
        if key not in self._cells._memo or key in self._cells._dirty:
            self._cells._dirty.discard(key)
            self._cells._run(key, self._at)
        return self._cells._memo[key].value
