"""Narrow evaluation: some subjects of some contracts, their inputs asked one by one. For what runs live.

`Evaluator` is given every fact and answers for every cell. What runs day and night has a million tickets and
is told one fact: it asks for the cells of the *scopes* that the fact can change, of a source that looks up
the facts of one ticket, or of one contract, when a cell reads them. The cells are the same pure functions,
so the answers are those of a whole evaluation; each comes with what it rests on, so that the next fact finds
the scopes that it can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias

from upheld.core.claiming.claim import Claim
from upheld.core.clocks.covenant import REPORTED
from upheld.core.clocks.quota import Entry
from upheld.core.evaluating.cells import EVERY, Cells, Forgetful, Input, Key, Memo, Types
from upheld.core.evaluating.clockwork import Alone
from upheld.core.evaluating.computation import Computation
from upheld.core.evaluating.contracts import shown_by
from upheld.core.evaluating.inputs import OF_A_PROVIDER, OF_NO_CONTRACT, Inputs, in_natural_order
from upheld.core.evaluating.quotas import NOTHING_COUNTED, Allowance, Counted, Entered
from upheld.core.evaluating.strata import ENTRIES, LIFE, OUTCOME
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_types import OPENING
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations, Stream
from upheld.core.terms.agreement import QuotaRule, SubjectKind, Terms
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import dataclass
from upheld.core.values.key import CellKey
from upheld.core.verdicts.verdict import Outcome, Verdict, joined

Dependency: TypeAlias = str
"""What the answer for a scope rests on besides its own subject, as one text: see `dependency_of`."""

_LISTS: Final = frozenset({"subjects", "of provider", "reports"})
"""Inputs that list names."""
OF_CONTRACTS: Final = frozenset({"contract", "contacts"})
"""Inputs of a contract that every one of its scopes rests on: who asks for one is asked anew, always."""


class Scope(NamedTuple):
    """One subject under one contract; with no kind, all that a contract promises by periods, and is owed."""

    contract: str
    kind: SubjectKind | None = None
    subject: str = ""


class Source(Protocol):
    """Where the facts in force are, not later than the instant asked about, by (time, source, id)."""

    def facts(self, name: Input) -> tuple[Fact, ...]:
        """Those of one input, as `Narrow.input_of` names it."""
        ...

    def beginnings(self, kind: SubjectKind, contract: str | None) -> Sequence[Fact]:
        """Those that bring subjects of a kind into being: under a contract (None: of the whole provider)."""
        ...


class Touch(NamedTuple):
    """What a fact that comes or goes can change.

    The scopes of a subject (`kind`, `subject`), and those that rest on `dependency` and read this type of
    fact: of `contract` or, where that is None, of the contracts of the subject (of a kind of the provider, or
    where there is no subject: of all). No dependency: every scope of the contract, and it may have other
    scopes than before.
    """

    type: str
    dependency: Dependency | None
    contract: str | None = None
    kind: SubjectKind | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What holds of a scope: outcomes by cell, claims, when that changes by itself, and what it rests on.

    `items` are the verdicts of single subjects that can be claimed one by one, where somebody is told
    of that: they are those of other scopes. Where figures go on with every instant, `wake_at` is the next
    one; `later_at` is the first at which more than that happens, be it the next one, too.
    """

    outcomes: Mapping[CellKey, Outcome]
    claims: tuple[Claim, ...]
    wake_at: Instant | None
    rests_on: Mapping[Dependency, Types]
    items: tuple[Verdict, ...] = ()
    later_at: Instant | None = None


class Narrow:
    """Evaluates scopes of contracts of one provider."""

    def __init__(self, contracts: Iterable[Terms]) -> None:
        self._computation = Computation(contracts)

    def input_of(self, fact: Fact) -> Input | None:
        """The input that a fact is part of; None if nothing is computed from facts of its type."""
        return self._computation.sorting.input_of(fact)

    def begun_by(self, fact: Fact) -> SubjectKind | None:
        """The kind of subject that a fact brings into being, if it does."""
        return self._computation.sorting.begun_by(fact)

    def touch_of(self, fact: Fact) -> Touch | None:
        """What a fact that comes or goes can change; None for one that nothing is computed from."""
        name = self.input_of(fact)
        if name is None:
            return None
        what, about, *rest = name
        if what == "subject":
            kind: SubjectKind = about  # type: ignore[assignment]  # inputs name kinds as texts
            return Touch(fact.type, dependency_of(name), None, kind, rest[0])
        return Touch(fact.type, dependency_of(name), None if what in OF_NO_CONTRACT else about)

    def scopes(self, contract: str, source: Source) -> Iterator[Scope]:
        """Every scope of a contract: that of the contract itself, then its subjects. KeyError if unknown."""
        asked = _Asked(self._computation, source)
        yield Scope(contract)
        for kind in self._computation.kinds(contract):
            for subject in asked.names(("subjects", contract, kind)):
                yield Scope(contract, kind, subject)

    def life(self, contract: str, source: Source) -> Life:
        """The life of a contract by the facts about it. KeyError if unknown; BeyondHorizon."""
        return _Asked(self._computation, source).lives[contract]

    @property
    def contracts(self) -> Iterable[str]:
        """The ids of the contracts."""
        return self._computation.contracts

    @property
    def streams(self) -> frozenset[Stream]:
        """The streams of observations that something is measured by."""
        return self._computation.streams

    def begun(self, kind: SubjectKind, subject: str, source: Source) -> Iterator[Scope]:
        """The scopes of a subject: one for each contract that it concerns, by the facts that begin it."""
        yield from self._begun(kind, subject, _Asked(self._computation, source))

    def cells_of(self, scope: Scope) -> Iterator[CellKey]:
        """The cells of a subject under a contract, also when there is no such subject any more."""
        if scope.kind is not None:
            for key in self._computation.roots_of(scope.contract, scope.kind, scope.subject):
                yield shown_by(key)

    def evaluate(
        self,
        scopes: Iterable[Scope],
        source: Source,
        at: Instant,
        observations: Observations = NO_OBSERVATIONS,
        counted: Counted = NOTHING_COUNTED,
    ) -> dict[Scope, Found]:
        """What holds of each scope at an instant. BeyondHorizon as for `evaluate`.

        Where it is `counted` what a quota decides on a subject, no other subject is read for that, and it
        does not rest on others. Whoever counts sees to it: see `entered`.
        """
        asked = _Asked(self._computation, source)
        cells = _Cells(self._computation, asked, observations)
        self._computation.begin(observations, keeps_subjects=True, counted=counted)
        try:
            roots = {scope: self._roots(scope, asked, at) for scope in scopes}
            items = {scope: list(self._items(scope, asked)) for scope in roots if scope.kind is None}
            cells.settle([key for keys in (*roots.values(), *items.values()) for key in keys], at)
        finally:
            self._computation.begin(NO_OBSERVATIONS)
        return {
            scope: _found(scope, keys, items.get(scope, ()), cells, self._turn_at(scope, asked, at), at)
            for scope, keys in roots.items()
        }

    def entered(self, scopes: Iterable[Scope], source: Source, at: Instant) -> dict[Scope, Entered]:
        """What subjects enter, as of an instant, into the quotas that decide on their clocks.

        Only scopes are in it on which any quota decides.
        """
        asked = _Asked(self._computation, source)
        cells = _Cells(self._computation, asked, NO_OBSERVATIONS)
        found: dict[Scope, Entered] = {}
        for scope in scopes:
            rules = () if scope.kind is None else self._computation.quotas_on(scope.contract, scope.kind)
            if rules:
                found[scope] = self._entered(scope, rules, cells, asked, at)
        return found

    def quota(self, allowance: Allowance) -> QuotaRule | None:
        """The rule of an allowance; None if it is of a plan that there is no more."""
        return self._computation.quotas.rule(allowance)

    def counts(self, contract: str) -> bool:
        """Whether any quota decides on clocks of a contract. KeyError if it is none of these."""
        kinds = self._computation.kinds(contract)
        return any(self._computation.quotas_on(contract, kind) for kind in kinds)

    def _entered(
        self,
        scope: Scope,
        rules: Iterable[tuple[str, QuotaRule]],
        cells: _Cells,
        asked: _Asked,
        at: Instant,
    ) -> Entered:
        entered: dict[Allowance, tuple[Entry, ...]] = {}
        assert scope.kind is not None
        if scope not in self._begun(scope.kind, scope.subject, asked):
            return entered
        life = asked.lives[scope.contract]
        for binding, rule in rules:

            def entries_of(one: str, rule: QuotaRule = rule) -> object:
                key = ENTRIES, "entries", (one, rule.name, scope.subject)
                cells.settle([key], at)
                return cells.value(key)

            for allowance, entry in self._computation.quotas.entered(binding, rule, life, entries_of):
                entered[allowance] = (*entered.get(allowance, ()), entry)
        return entered

    def _turn_at(self, scope: Scope, asked: _Asked, at: Instant) -> Instant | None:
        """When other cells than now are those of a scope: of a contract, with the next period."""
        if scope.kind is not None:
            return None
        return self._computation.turn_at(scope.contract, asked.lives[scope.contract], at)

    def _items(self, scope: Scope, asked: _Asked) -> Iterator[Key]:
        """The cells of what can be claimed one by one, of a contract where somebody is told of that."""
        clocks = set(self._computation.claimed_one_by_one(scope.contract))
        for kind in {kind for kind, _ in clocks}:
            for subject in asked.names(("subjects", scope.contract, kind)):
                for key in self._computation.roots_of(scope.contract, kind, subject):
                    if (kind, key[2][1]) in clocks:
                        yield key

    def _begun(self, kind: SubjectKind, subject: str, asked: _Asked) -> Iterator[Scope]:
        for fact in asked.facts(("subject", kind, subject)):
            if self.begun_by(fact) is not None:
                for name in asked.holders(kind, fact):
                    if name[0] == "subjects":
                        yield Scope(name[1], kind, subject)

    def _roots(self, scope: Scope, asked: _Asked, at: Instant) -> Sequence[Key]:
        if scope.kind is not None:
            # What was taken back may have been all that made the subject one of this contract.
            if scope not in self._begun(scope.kind, scope.subject, asked):
                return ()
            return self._computation.roots_of(scope.contract, scope.kind, scope.subject)
        reports, claims = _lists_of(scope.contract)
        lives = {scope.contract: asked.lives[scope.contract]}
        roots = self._computation.roots(Inputs({}, {reports: asked.names(reports)}, lives), at)
        return [*roots, *self._computation.claims_of(scope.contract, {claims: asked.names(claims)})]


class _Asked:
    """A source, each input of which is asked for once."""

    def __init__(self, computation: Computation, source: Source) -> None:
        self._computation = computation
        self._source = source
        self._facts: dict[Input, tuple[Fact, ...]] = {}
        self._names: dict[Input, tuple[str, ...]] = {}
        self._lives: _Lives | None = None

    @property
    def lives(self) -> Mapping[str, Life]:
        if self._lives is None:
            self._lives = _Lives(self._computation, self)
        return self._lives

    def facts(self, name: Input) -> tuple[Fact, ...]:
        if name not in self._facts:
            self._facts[name] = self._source.facts(name)
        return self._facts[name]

    def names(self, name: Input) -> tuple[str, ...]:
        if name not in self._names:
            self._names[name] = in_natural_order(dict.fromkeys(self._listed(name)))
        return self._names[name]

    def holders(self, kind: SubjectKind, fact: Fact) -> Iterable[Input]:
        return self._computation.sorting.holders(kind, fact, self.lives)

    def _listed(self, name: Input) -> Iterator[str]:
        """The members of an input: subjects of a contract or of a provider, or reports of a covenant."""
        if name[0] == "reports":
            told = self.facts(("covenants", name[1]))
            yield from (fact.subject for fact in told if fact.type == REPORTED)
            return
        kind: SubjectKind = name[2]  # type: ignore[assignment]  # inputs name kinds as texts
        contract = None if kind in OF_A_PROVIDER else name[1]
        for fact in self._source.beginnings(kind, contract):
            if name in self.holders(kind, fact):
                yield fact.subject


class _Lives(Mapping[str, Life]):
    """The lives of contracts, each by the facts about it, when it is asked for."""

    def __init__(self, computation: Computation, asked: _Asked) -> None:
        self._computation = computation
        self._asked = asked
        self._known: dict[str, Life] = {}

    def __getitem__(self, contract: str) -> Life:
        if contract not in self._known:
            told = self._asked.facts(("contract", contract))
            self._known[contract] = self._computation.life(contract, told)
        return self._known[contract]

    def __iter__(self) -> Iterator[str]:
        return iter(self._computation.contracts)

    def __len__(self) -> int:
        return len(self._computation.contracts)

    def __contains__(self, contract: object) -> bool:
        return contract in self._computation.contracts


class _Cells(Cells):
    """Cells whose inputs are looked up when they are read. They are settled once, so nothing has readers."""

    def __init__(self, computation: Computation, asked: _Asked, observations: Observations) -> None:
        super().__init__(computation.compute)
        self._computation = computation
        self._asked = asked
        self._observations = observations

    def settle(self, roots: Iterable[Key], at: Instant, since: Instant | None = None) -> None:
        bare, known = _Bare(self._asked), dict[tuple[str, str], Alone | None]()
        for key in sorted(dict.fromkeys(roots), key=_stratum):  # those of a subject stay together
            if key in self._memo:
                continue
            if key[0] != OUTCOME:
                self._run(key, at)
                continue
            binding, name, subject = key[2]
            if (binding, name) not in known:
                known[binding, name] = self._computation.alone(binding, name, bare)
            alone = known[binding, name]
            if alone is None:
                self._run(key, at)
                continue
            outcome = alone.judge(subject, bare, at)
            wake_at = min([wake.at for wake in outcome.wakes], default=None)
            self._memo[key] = Memo(outcome, wake_at, {("subject", alone.kind, subject): alone.types})

    def _run(self, key: Key, at: Instant) -> None:
        self._memo[key] = self._computed(key, at)

    def facts(self, name: Input) -> tuple[Fact, ...]:
        return self._asked.facts(name)

    def names(self, name: Input) -> tuple[str, ...]:
        if name[0] == "observations":
            return (self._observations.digest(Stream(*name[1:])),)
        return self._asked.names(name)


class _Bare(Forgetful):
    """A reader for clocks that rest on nothing but their subject and their contract: it notes nothing."""

    def __init__(self, asked: _Asked) -> None:
        self._asked = asked

    def facts(self, name: Input, types: Types = EVERY) -> tuple[Fact, ...]:
        facts = self._asked.facts(name)
        return facts if types is None else tuple([fact for fact in facts if fact.type in types])

    def names(self, name: Input) -> tuple[str, ...]:
        raise AssertionError(f"a clock that reads {name} rests on more than its subject")

    def cell(self, key: Key) -> Life:
        stratum, _, (contract, *_) = key
        assert stratum == LIFE, f"a clock that reads {key} rests on more than its subject"
        return self._asked.lives[contract]


def _stratum(key: Key) -> int:
    return key[0]


def _lists_of(contract: str) -> tuple[Input, Input]:
    """The lists that say which cells a contract has: what was reported of its covenants, and its claims."""
    return ("reports", contract), ("subjects", contract, "claim")


def _found(
    scope: Scope,
    keys: Sequence[Key],
    items: Sequence[Key],
    cells: Cells,
    turn_at: Instant | None,
    at: Instant,
) -> Found:
    outcomes: dict[CellKey, Outcome] = {}
    claims: tuple[Claim, ...] = ()
    rests_on: dict[Dependency, Types] = {}
    for name in _lists_of(scope.contract) if scope.kind is None else ():
        dependency = dependency_of(name, scope)
        assert dependency is not None, "lists are no scope's own"
        rests_on[dependency] = _listing(name)  # before the first one is in it, no cell reads it
    for key in keys:
        value = cells.value(key)
        if isinstance(value, Outcome):
            shown = shown_by(key)
            outcomes[shown] = joined(outcomes[shown], value) if shown in outcomes else value
        else:
            assert isinstance(value, tuple)
            claims = value
    under = cells.under(keys, ("subject", str(scope.kind), scope.subject))
    wakes = under.wakes if turn_at is None else under.wakes | {turn_at}
    for name, read in under.inputs.items():
        if name[0] in OF_CONTRACTS:  # as nearly all are
            continue
        dependency, types = dependency_of(name, scope), _listing(name) if name[0] in _LISTS else read
        if dependency is not None:
            known = rests_on.get(dependency, frozenset())
            rests_on[dependency] = EVERY if types is None or known is None else known | types
    said = {key: one for key, one in outcomes.items() if one.verdicts or one.credits}
    soon_at = at + 1
    later = [one for one in wakes if one > soon_at]
    later += [wake.at for one in said.values() for wake in one.wakes]
    told = tuple(_verdicts(items, cells)) if items else ()
    return Found(said, claims, min(wakes, default=None), rests_on, told, min(later, default=None))


def _verdicts(keys: Iterable[Key], cells: Cells) -> Iterator[Verdict]:
    for key in keys:
        value = cells.value(key)
        assert isinstance(value, Outcome)
        yield from value.verdicts


def _listing(name: Input) -> Types:
    """The types of fact that change a list of names: those that begin what is listed."""
    if name[0] == "reports":
        return frozenset({REPORTED})
    return EVERY if name[2] == "maintenance" else frozenset({OPENING[name[2]]})


def dependency_of(name: Input, scope: Scope | None = None) -> Dependency | None:
    """What a scope that reads an input rests on; None for what is its own, or every scope of a contract's.

    Whoever reads one ticket of a contract besides its own reads all of them; so do incidents, maintenance and
    causes of a provider. Without a scope: what a changed input changes.
    """
    what, *rest = name
    if what == "observations":
        return " ".join(("observations", *rest[1:]))
    if what == "subject":
        kind, subject = rest
        if scope is not None and (kind, subject) == (scope.kind, scope.subject):
            return None
        return f"every {kind}"
    if what in _LISTS:
        return "covenants" if what == "reports" else f"every {rest[1]}"
    return None if what in OF_CONTRACTS else what
