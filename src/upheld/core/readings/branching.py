"""Readings explored: what each cell would be if readings were taken otherwise. Source: design 5.

A cell is computed under the readings taken, and what it consulted on the way is collected; only under other
options of those is it computed again. What was computed once holds for every choice that agrees on what was
consulted, so most cells are computed once however many readings there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from upheld.core.clocks.sight import NOWHERE, Sight, sight_of
from upheld.core.evaluating.cells import EVERY, Input, Key, Types
from upheld.core.evaluating.clockwork import Judge
from upheld.core.evaluating.commitments import Material, Measured
from upheld.core.evaluating.computation import Computation
from upheld.core.evaluating.inputs import Inputs
from upheld.core.evaluating.owing import account_of
from upheld.core.evaluating.strata import ACCOUNT, LIFE, OUTCOME, OWED, TAKES
from upheld.core.facts.fact import Fact
from upheld.core.measuring.observation import Observations
from upheld.core.readings.consulted import consulted, limiting
from upheld.core.readings.exploration import (
    TAKEN,
    Branches,
    Leaf,
    Options,
    Selection,
    corners,
    explore,
    restricted,
    single,
    singles,
)
from upheld.core.readings.likeness import Difference, Seen, difference
from upheld.core.readings.memory import Memory
from upheld.core.readings.peers import Peers, asks_for_itself, name_of, named
from upheld.core.readings.under import ClockSeen, Under
from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.terms.interning import Interning
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.core.values.once import Once, Parts, anew
from upheld.core.verdicts.verdict import Outcome, with_modality

TermsUnder: TypeAlias = Callable[[Selection], Sequence[Terms] | None]
"""The terms of the same contracts, in the same order, under a selection; None if they are not executable."""


_NOT_THERE: Final = Leaf(Outcome(()), frozenset())


class Branching:
    """The cells of contracts of one agreement, under any selection of its readings.

    `options` are those of each contract under each plan, by binding: one may take what another does not.
    """

    def __init__(
        self,
        terms_under: TermsUnder,
        options: Mapping[str, Options],
        facts: Sequence[Fact],
        at: Instant,
        observations: Observations,
    ) -> None:
        self._terms_under = terms_under
        self._options = options
        self._facts = facts
        self._at = at
        self._observations = observations
        self._by_selection: dict[Selection, Under | None] = {}
        self._interning = Interning()
        self._measured: Measured = {}
        self._shared = Parts()
        self._memory: dict[Key, Memory] = {}
        self._parted: list[Memory] = []
        self._numbers: dict[Hashable, int] = {}
        self._read: dict[tuple[str, ...], bool] = {}
        self._peers: Peers | None = None
        self._is_shared = len(options) > 1
        self._impersonal: dict[int, object] = {}
        self._explored: dict[Key, Branches] = {}
        self._differences: dict[
            tuple[tuple[str, ...], Selection, Selection], tuple[ClockRule, Terms, Difference] | None
        ] = {}

    def roots(self) -> tuple[Key, ...]:
        """The cells with verdicts or credits: those there are, then those that another option brings."""
        found: dict[Key, None] = {}
        for selection in self._selections():
            found |= self._roots(selection)
        return tuple(found)

    def explore(self, key: Key) -> Branches:
        """What a root is under the readings that it consults."""
        first = self._first(key)
        if first is None:
            return self._explore(key)
        found = self._explored.get(first)
        if found is None:
            found = self._explored[first] = self._explore(first)
        own = {id(one): one for one in found.outcomes.values()}
        outcomes = {number: named(one, key[2][0]) for number, one in own.items()}
        its = {selection: outcomes[id(one)] for selection, one in found.outcomes.items()}
        return replace(found, outcomes=its)

    def _explore(self, key: Key) -> Branches:
        seeds: list[str] = []
        if key not in self._roots(TAKEN):
            bringing = (one for one in self._selections() if key in self._roots(one))
            seeds = [name for selection in bringing for name, _ in selection]
        memory = self._memory_of(key)
        options = self._options[key[2][0]]
        found = explore(lambda selection: self._asked(key, selection, memory), options, seeds)
        self._forget(key)
        return found

    def _first(self, key: Key) -> Key | None:
        """The cell of another contract that is the same but for its name, if there is one before it."""
        peers = self.peers()
        return None if peers is None else peers.first(key)

    def peers(self) -> Peers | None:
        if not self._is_shared:
            return None
        if self._peers is None:
            taken = self._under(TAKEN)
            assert taken is not None
            others = [self._under(one) for one in self._selections() if one != TAKEN]
            self._peers = Peers(
                [taken.computation.terms[name_of(one)] for one in taken.given],
                [under.given for under in others if under is not None],
                self._options,
                taken.inputs,
            )
            for under in self._by_selection.values():
                if under is not None:
                    self._tell_personal(under.computation)
        return self._peers if self._is_shared else None

    @cached_property
    def _limiting(self) -> frozenset[str]:
        """The entitlements that say who may ask, as the agreement is read or under another option."""
        unders = [self._under(selection) for selection in self._selections()]
        return limiting(
            terms for under in unders if under is not None for terms in under.computation.terms.values()
        )

    def _forget(self, key: Key) -> None:
        """Forgets what no other cell asks for: parts of clocks, what is owed, clocks that nothing reads."""
        for memory in self._parted:
            memory.parts.clear()
        self._parted.clear()
        if key[0] == OWED or (key[0] == OUTCOME and not self._is_read(key)):
            self._memory.pop(key, None)

    def _is_read(self, key: Key) -> bool:
        """Whether other cells are made of the outcome of a clock, as the agreement is read."""
        of = key[2][:2]
        found = self._read.get(of)
        if found is None:
            under = self._under(TAKEN)
            assert under is not None
            terms = under.computation.terms[of[0]]
            counted = any(one.basis == "outcomes" and one.of == of[1] for one in terms.indicators.values())
            # A clock that only another reading brings is none of these.
            found = self._read[of] = counted or any(
                one.name == of[1] and one.of == "claim" for one in terms.clocks
            )
        return found

    def _selections(self) -> tuple[Selection, ...]:
        """As taken, and each reading taken otherwise."""
        found = {one: None for options in self._options.values() for one in singles(options)}
        return (TAKEN, *found)

    def _asked(self, key: Key, selection: Selection, memory: Memory) -> Leaf | None:
        """The outcome of a root; one without verdicts where it is not there."""
        under = self._by_selection.get(selection) or self._under(selection)
        if under is None:
            return None
        if key not in (under.roots or self._roots(selection)):
            return _NOT_THERE
        return self._leaf(key, selection, under, memory)

    def leaf(self, key: Key, selection: Selection) -> Leaf:
        """The value of a cell under an executable selection, and what it consulted."""
        under = self._under(selection)
        assert under is not None
        return self._leaf(key, selection, under, self._memory_of(key))

    def _memory_of(self, key: Key) -> Memory:
        memory = self._memory.get(key)
        if memory is None:
            memory = self._memory[key] = Memory()
        return memory

    def _leaf(self, key: Key, selection: Selection, under: Under, memory: Memory) -> Leaf:
        leaf = memory.leaf(selection)
        if leaf is None:
            first = self._first(key) if self._is_shared else None
            if first is not None:
                leaf = self._of_first(first, key, selection, under)
            else:
                leaf = self._computed(key, selection, under, memory)
                if key[0] == TAKES and not restricted(selection, leaf.consulted):
                    leaf = self._without_effect(key, leaf, memory)
                elif key[0] == OUTCOME:
                    known = memory.concerns
                    if known is None or not selection or not leaf.consulted <= known[0]:
                        leaf = self._concerning(key, selection, under, leaf, memory)
            memory.keep(leaf, selection)
        return leaf

    def _of_first(self, first: Key, key: Key, selection: Selection, under: Under) -> Leaf:
        leaf = self._leaf(first, selection, under, self._memory_of(first))
        assert isinstance(leaf.value, Outcome), "only what is shown is the same but for its name"
        return Leaf(named(leaf.value, key[2][0]), leaf.consulted)

    def _computed(self, key: Key, selection: Selection, under: Under, memory: Memory) -> Leaf:
        if key[0] == OUTCOME:
            clock = under.clocks.get(key[2][:2]) or self._clock(key, under)
            if clock.judge is not None and clock.sight.clock is not None:
                return Leaf(self._judged(key, selection, under, clock.sight, clock.judge, memory), clock.own)
        elif key[0] == OWED:
            return self._owed(key, selection, under)
        elif key[0] == ACCOUNT:
            leaf = self._account_like(key, selection, under)
            if leaf is not None:
                return leaf
        reads = self._reads(key, under, selection, memory)
        value, _ = under.computation.compute(key, reads, self._at)
        consulted = self._own(key, under, value)
        for more in reads.consulted:  # mostly one holds all: then it stays the same object
            consulted = more if consulted <= more else consulted | more
        return Leaf(value, consulted)

    def _judged(
        self, key: Key, selection: Selection, under: Under, sight: Sight, judge: Judge, memory: Memory
    ) -> Outcome:
        """The outcome of a clock, as it was judged once for all selections under which it sees the same."""
        parts = memory.parts.get(id(under.inputs)) or self._parts_of(memory, under)

        def judged() -> Outcome:
            reads = _Reads(self, self._shared, under.inputs, selection, parts, sight)
            return judge(key[2][2], reads, self._at)

        return with_modality(parts(("clock", sight.clock), judged), sight.modality)

    def _owed(self, key: Key, selection: Selection, under: Under) -> Leaf:
        """What is owed of one remedy for one period, by its account."""
        of = account_of(key)
        account, own = self._leaf(of, selection, under, self._memory_of(of)), self._own(key, under, None)
        every = account.consulted if own <= account.consulted else account.consulted | own
        return Leaf(under.computation.owed(key, account.value), every)

    def _account_like(self, key: Key, selection: Selection, under: Under) -> Leaf | None:
        """An account by that of a contract of which only the fees are others, if it follows from that."""
        peers = self.peers()
        first = None if peers is None else peers.account(key)
        if first is None:
            return None
        like = self._leaf(first, selection, under, self._memory_of(first))
        reads = _Reads(self, self._shared, under.inputs, selection)
        value = under.computation.account_like(key, like.value, reads, self._at)
        return None if value is None else Leaf(value, like.consulted)

    def _own(self, key: Key, under: Under, value: Hashable) -> frozenset[str]:
        """The readings that a cell consulted itself: those of all cells of a rule that took the same."""
        of: tuple[Hashable, ...] = key[0], key[1], key[2][:2]
        if isinstance(value, Material):
            of += tuple([one.rule.name for one in value.taken])
        own = under.own.get(of)
        if own is None:
            read = under.computation.terms_read(key)
            told = (consulted(key, terms, value, self._limiting) for terms in read)
            own = under.own[of] = frozenset().union(*told)
        return own

    def _reads(self, key: Key, under: Under, selection: Selection, memory: Memory) -> _Reads:
        """What a cell reads under a selection. Parts of a clock are shared with those of other selections."""
        if key[0] != OUTCOME:
            return _Reads(self, self._shared, under.inputs, selection)
        clock = under.clocks.get(key[2][:2]) or self._clock(key, under)
        parts = self._parts_of(memory, under)
        return _Reads(self, self._shared, under.inputs, selection, parts, clock.sight)

    def _clock(self, key: Key, under: Under) -> ClockSeen:
        """What there is to know of the clock of a cell under a selection.

        What is no clock, or one that goes over to a plan, sees `NOWHERE`.
        """
        of = key[2][:2]
        computation, own = under.computation, self._own(key, under, None)
        rule = None if computation.goes_over(key) else computation.clock(key)
        if rule is None:
            found = ClockSeen(NOWHERE, own, None)
        else:
            reads = _Reads(self, self._shared, under.inputs, TAKEN)  # of a life, which rests on no reading
            sight = sight_of(rule, computation.terms[of[0]], self._number)
            found = ClockSeen(sight, own, computation.judging(key, reads))
        under.clocks[of] = found
        return found

    def _parts_of(self, memory: Memory, under: Under) -> Parts:
        """What remembers parts of the cell of a clock, for all selections with the same inputs."""
        parts = memory.parts.get(id(under.inputs))
        if parts is None:
            if not memory.parts:
                self._parted.append(memory)
            parts = memory.parts[id(under.inputs)] = Parts()
        return parts

    def _number(self, of: Hashable) -> int:
        return self._numbers.setdefault(of, len(self._numbers))

    def _without_effect(self, key: Key, leaf: Leaf, memory: Memory) -> Leaf:
        """The same value as one that consulted nothing, if no option of what it consulted changes it.

        `leaf` is the cell with all that it consulted as taken. An exclusion that takes nothing takes nothing
        whatever its effect is: else every reading of every exclusion would be one of every month.
        """
        options = self._options[key[2][0]]
        own = {name: options[name] for name in sorted(leaf.consulted) if name in options}
        for other in (*singles(own), *corners(own)):
            under = self._under(other)
            if under is None or self._computed(key, other, under, memory).value != leaf.value:
                return leaf
        return Leaf(leaf.value, frozenset())

    def _concerning(self, key: Key, selection: Selection, under: Under, leaf: Leaf, memory: Memory) -> Leaf:
        """The same outcome of a clock as one that consulted only what can concern its subject."""
        known = memory.concerns if selection else None
        contract = key[2][0]
        kept = set(leaf.consulted & {name for name, _ in selection})
        if known is not None:
            concerned, unconcerned = known
            apart = self._apart(key[2][:2], TAKEN, selection)
            if apart is not None and apart[2].is_apart:
                return Leaf(leaf.value, leaf.consulted - unconcerned)
            kept |= leaf.consulted & concerned  # to look at it again would only leave out a branch or two
        if kept >= leaf.consulted or under.computation.goes_over(key):
            return leaf
        computation, terms = under.computation, under.computation.terms[contract]
        rule = computation.clock(key)
        reads = self._reads(key, under, selection, memory)
        subject = None if rule is None else computation.subject(key, rule, reads)
        if rule is None or subject is None:
            return leaf
        seen = Seen(rule, terms, subject)
        kept = kept.union(*reads.consulted)
        for name in leaf.consulted - kept:
            for option in self._options[contract].get(name, ()):
                other = selection | single(name, option) if selection else single(name, option)
                apart = self._apart(key[2][:2], selection, other)
                if apart is None or not seen.is_alike(*apart):
                    kept.add(name)
                    break
        if not selection:
            memory.concerns = frozenset(kept), leaf.consulted - kept
        return Leaf(leaf.value, frozenset(kept))

    def _apart(
        self, clock: tuple[str, ...], one: Selection, other: Selection
    ) -> tuple[ClockRule, Terms, Difference] | None:
        """A clock of a contract under another selection, and how far it is from itself; None if not there."""
        key = clock, one, other
        if key not in self._differences:
            contract, name = clock
            found = [self._under(selection) for selection in (one, other)]
            terms = [None if under is None else under.computation.terms[contract] for under in found]
            self._differences[key] = None
            if terms[0] is not None and terms[1] is not None:
                rules = [next((c for c in t.clocks if c.name == name), None) for t in terms if t is not None]
                if rules[0] is not None and rules[1] is not None:
                    apart = difference(rules[0], rules[1], terms[0], terms[1])
                    self._differences[key] = rules[1], terms[1], apart
        return self._differences[key]

    def _under(self, selection: Selection) -> Under | None:
        try:
            return self._by_selection[selection]
        except KeyError:
            terms = self._terms_under(selection)
            under = self._by_selection[selection] = None if terms is None else self._begun(terms)
            return under

    def _begun(self, terms: Sequence[Terms]) -> Under:
        computation = Computation(map(self._interning.terms, terms), self._shared)
        computation.begin(self._observations, self._measured)
        if self._peers is not None:
            self._tell_personal(computation)
        taken = self._by_selection.get(TAKEN)
        sorting = computation.sorting
        if taken is not None and sorting.is_like(taken.computation.sorting):
            lives = sorting.lives(taken.inputs.facts)
            if lives == taken.inputs.lives:
                return Under(computation, taken.inputs, terms)
        self._is_shared = self._is_shared and taken is None
        return Under(computation, computation.sorting.inputs(self._facts), terms)

    def _tell_personal(self, computation: Computation) -> None:
        """Shares nothing from now on if a rule of contracts that share cells asks which contract it is of."""
        assert self._peers is not None
        firsts = [computation.terms[name] for name in self._peers.followed]
        self._is_shared = self._is_shared and not any(
            asks_for_itself(one, self._impersonal) for one in firsts
        )

    def _roots(self, selection: Selection) -> Mapping[Key, None]:
        under = self._under(selection)
        if under is None:
            return {}
        if not under.roots:
            taken = self._by_selection.get(TAKEN)
            if taken is not None and taken.roots and under.is_listing(taken):
                under.roots = taken.roots
            else:
                under.roots = dict.fromkeys(under.computation.roots(under.inputs, self._at))
        return under.roots


class _Reads:
    """A reader that collects which readings the cells it read consulted."""

    __slots__ = ("_branching", "_inputs", "_selection", "consulted", "of_clock", "once", "sight")

    def __init__(
        self,
        branching: Branching,
        once: Once,
        inputs: Inputs,
        selection: Selection,
        of_clock: Once = anew,
        sight: Sight = NOWHERE,
    ) -> None:
        self.once = once
        self.of_clock = of_clock
        self.sight = sight
        self._branching = branching
        self._inputs = inputs
        self._selection = selection
        self.consulted: set[frozenset[str]] = set()

    def facts(self, name: Input, types: Types = EVERY) -> tuple[Fact, ...]:
        facts = self._inputs.facts.get(name, ())
        return facts if types is None else tuple(fact for fact in facts if fact.type in types)

    def names(self, name: Input) -> tuple[str, ...]:
        return self._inputs.names.get(name, ())

    def cell(self, key: Key) -> object:
        if key[0] == LIFE:  # it consults nothing that whoever reads it does not
            return self._inputs.lives[key[2][0]]
        leaf = self._branching.leaf(key, self._selection)
        self.consulted.add(leaf.consulted)
        return leaf.value
