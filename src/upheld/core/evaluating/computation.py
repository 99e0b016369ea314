"""What every cell of some contracts is made of: one pure function of facts, observations and other cells.

`Evaluator` (in `evaluation`) remembers what it gave from question to question; `Branching` (in `branching`)
asks it under one choice of readings after another.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence

from upheld.core.clocks.subject import Subject
from upheld.core.evaluating.cells import Input, Key, Reader
from upheld.core.evaluating.clockwork import Alone, Clockwork, Judge
from upheld.core.evaluating.commitments import Commitments, Measured
from upheld.core.evaluating.contracts import Contracts
from upheld.core.evaluating.inputs import Inputs, Sorting
from upheld.core.evaluating.owing import Account, Owing
from upheld.core.evaluating.quotas import NOTHING_COUNTED, Counted, Quotas
from upheld.core.evaluating.strata import ACCOUNT, ANSWERED, FILED, LIFE, OUTCOME, VERDICT
from upheld.core.facts.fact import Fact
from upheld.core.measuring.observation import Observations, Stream
from upheld.core.terms.agreement import ClockRule, QuotaRule, SubjectKind, Terms
from upheld.core.terms.life import OF_A_LIFE, Life
from upheld.core.timeline.instant import Instant
from upheld.core.values.once import Once, anew
from upheld.core.verdicts.verdict import Outcome


class Computation:
    """The cells of contracts: which there are, and the value of each."""

    def __init__(self, contracts: Iterable[Terms], once: Once = anew) -> None:
        """`once` as for `Contracts`."""
        self._contracts = Contracts(contracts, once)
        self._clockwork = Clockwork(self._contracts)
        self._commitments = Commitments(self._contracts, self._clockwork)
        self._owing = Owing(self._contracts)
        self.sorting = Sorting(self._contracts)

    @property
    def terms(self) -> Mapping[str, Terms]:
        """The terms by contract and plan: by binding, see `Contracts`."""
        return self._contracts.terms

    @property
    def contracts(self) -> Collection[str]:
        """The ids of the contracts."""
        return self._contracts.bindings.keys()

    @property
    def streams(self) -> frozenset[Stream]:
        """The streams of observations that something is measured by."""
        return self._commitments.streams

    def terms_read(self, key: Key) -> tuple[Terms, ...]:
        """The terms that a cell is computed from: those of other plans too, where they have a say in it."""
        binding, *rest = key[2]
        siblings = self._contracts.siblings(binding)
        if key[0] == ACCOUNT:
            return tuple(self.terms[one] for one in siblings)
        if self.goes_over(key):
            named = (self.terms[one] for one in siblings)
            return tuple(one for one in named if any(rule.name == rest[0] for rule in one.clocks))
        return (self.terms[binding],)

    def goes_over(self, key: Key) -> bool:
        """Whether a cell is that of a clock of which a running cycle goes over to another plan."""
        is_going = key[0] in (OUTCOME, FILED) and self._contracts.goes_over(key[2][0])
        return is_going and self.clock(key) is not None

    def begin(
        self,
        observations: Observations,
        measured: Measured | None = None,
        *,
        keeps_subjects: bool = False,
        counted: Counted = NOTHING_COUNTED,
    ) -> None:
        """Observations of which the next cells are computed; `measured` as for `Commitments.begin`.

        `keeps_subjects`: subjects are kept for all of their clocks, until the next beginning; as long, what
        was `counted` is known.
        """
        self._commitments.begin(observations, measured)
        self._clockwork.begin(keeps_subjects, counted)

    @property
    def quotas(self) -> Quotas:
        """The quotas of all contracts."""
        return self._clockwork.quotas

    def quotas_on(self, contract: str, kind: SubjectKind) -> tuple[tuple[str, QuotaRule], ...]:
        """The quotas that decide on clocks of a contract on subjects of a kind, each with its binding."""
        return self._clockwork.quotas_on(contract, kind)

    def life(self, contract: str, facts: Sequence[Fact]) -> Life:
        """The life of a contract by the facts about it. KeyError if it is none of these contracts."""
        return self._contracts.life_told(contract, facts)

    def turn_at(self, contract: str, life: Life, at: Instant) -> Instant | None:
        """When the next period of a contract begins, or its plan or life turns; see `Contracts.turn_at`."""
        return self._contracts.turn_at(contract, life, at)

    def roots(self, inputs: Inputs, at: Instant, asked: Collection[str] | None = None) -> list[Key]:
        """The cells with verdicts or credits, in the order in which they are shown; of the contracts asked.

        None: of all.
        """
        roots: list[Key] = []
        for contract, life in inputs.lives.items():
            if asked is not None and contract not in asked:
                continue
            roots += self._clockwork.roots(contract, inputs.names, life, at)
            roots += self._commitments.roots(contract, life, at)
            roots += self._owing.roots(contract, life, at)
        return roots

    def kinds(self, contract: str) -> tuple[SubjectKind, ...]:
        """The kinds of subjects that a contract has rules about. KeyError if it is none of these."""
        return self._clockwork.kinds(contract)

    def roots_of(self, contract: str, kind: SubjectKind, subject: str) -> list[Key]:
        """The cells of one subject that have verdicts."""
        return self._clockwork.roots_of(contract, kind, subject)

    def claimed_one_by_one(self, contract: str) -> Iterator[tuple[SubjectKind, str]]:
        """The clocks, with kinds, whose late subjects can be claimed one by one, if somebody is told."""
        for binding in self._contracts.bindings[contract]:
            terms = self.terms[binding]
            watched = {name for rule in terms.escalations for name in rule.of}
            if terms.claim is None or terms.claim.about != "item":
                continue
            for remedy in (one for one in terms.remedies if one.name in watched):
                named = {one.indicator for one in terms.commits if one.name == remedy.of}
                indicators = [terms.indicators[one] for one in named]
                counted = {one.of for one in indicators if one.basis == "outcomes"}
                yield from ((clock.of, clock.name) for clock in terms.clocks if clock.name in counted)

    def claims_of(self, contract: str, names: Mapping[Input, tuple[str, ...]]) -> Iterator[Key]:
        """The cell of the claims of one contract, if it has any."""
        return self._owing.claimed(contract, names)

    def claimed(
        self, names: Mapping[Input, tuple[str, ...]], asked: Collection[str] | None = None
    ) -> list[Key]:
        """The cells of the claims of each contract asked (None: of all) that has any."""
        contracts = [one for one in self._contracts.bindings if asked is None or one in asked]
        return [key for contract in contracts for key in self._owing.claimed(contract, names)]

    def clock(self, key: Key) -> ClockRule | None:
        """The clock of a cell; None if the cell is no clock's."""
        rule = self._clockwork.rule(*key[2][:2])
        return rule if isinstance(rule, ClockRule) else None

    def subject(self, key: Key, rule: ClockRule, reader: Reader) -> Subject | None:
        """The subject of the cell of a clock; None before anything begins it."""
        return self._clockwork.subject(key[2][0], rule, key[2][2], reader)

    def alone(self, binding: str, name: str, reader: Reader) -> Alone | None:
        """What judges the outcomes of a rule, if they rest on nothing but their subject and the contract."""
        return self._clockwork.alone(binding, name, reader)

    def judging(self, key: Key, reader: Reader) -> Judge:
        """What gives the value of the cells of a clock that does not go over to another plan."""
        return self._clockwork.judging(key, reader)

    def account_like(self, key: Key, like: object, reader: Reader, at: Instant) -> Account | None:
        """The account of a contract; None if it is not the one of a contract like it (see `Owing`)."""
        assert isinstance(like, Account)
        return self._owing.account_like(key[2][0], like, reader, at)

    def owed(self, key: Key, account: object) -> Outcome:
        """The value of the cell of what is owed of a remedy, by that of its account (see `account_of`)."""
        assert isinstance(account, Account)
        return self._owing.owed(key, account)

    def compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        if key[0] == LIFE:
            contract = key[2][0]
            return self._contracts.life_told(contract, reader.facts(("contract", contract), OF_A_LIFE)), None
        if key[0] <= FILED:
            return self._clockwork.compute(key, reader, at)
        if key[0] <= VERDICT:
            return self._commitments.compute(key, reader, at)
        if key[0] == ANSWERED:
            binding, _, claim_id = key[2]
            claim = self._owing.claim(binding, claim_id, reader)
            return self._clockwork.answered(key, claim, reader, at)
        return self._owing.compute(key, reader, at)
