"""The contract of core: agreements, facts and an instant in; verdicts, credits, wakes out. A pure function.

`evaluate` is `Evaluator` used once. An evaluator kept between questions computes only what a new fact,
another observation or the passing of time can have changed, and gives the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from upheld.core.agreement import SubjectKind, Terms
from upheld.core.cells import Cells, Input, Key, Reader
from upheld.core.clockwork import Clockwork
from upheld.core.commitments import Commitments
from upheld.core.contracts import Contracts
from upheld.core.credit import Credit
from upheld.core.fact import Fact
from upheld.core.instant import Instant
from upheld.core.key import CellKey
from upheld.core.observation import NO_OBSERVATIONS, Observations
from upheld.core.owing import Owing
from upheld.core.strata import OUTCOME, SHOWN, VERDICT
from upheld.core.subject import begins, subject_kind
from upheld.core.verdict import Outcome, Verdict, Wake

_OF_A_PROVIDER: Final[frozenset[SubjectKind]] = frozenset({"incident", "maintenance", "attribution"})
"""Kinds of subjects that concern every contract of a provider; the others name their contract."""

_INPUTS: Final = {
    "contact.named": "contacts",
    "contact.removed": "contacts",
    "obligation.done": "obligations",
    "credential.valid": "credentials",
    "credential.expired": "credentials",
    "credential.locked": "credentials",
}
"""Facts that name the contract they are about."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The state of every promise at `at`: per contract, in the order of the agreement, then of subjects."""

    at: Instant
    outcomes: Mapping[CellKey, Outcome]
    _of: dict[str, list[Outcome]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for key, outcome in self.outcomes.items():
            self._of.setdefault(key.contract, []).append(outcome)

    def of(self, contract: str) -> tuple[Verdict, ...]:
        """The verdicts of a contract."""
        return tuple(verdict for outcome in self._of.get(contract, ()) for verdict in outcome.verdicts)

    def credits_of(self, contract: str) -> tuple[Credit, ...]:
        """What a contract is owed or not, by remedy, then by period."""
        return tuple(credit for outcome in self._of.get(contract, ()) for credit in outcome.credits)

    @property
    def wakes(self) -> tuple[tuple[Wake, CellKey], ...]:
        """Every instant at which something changes if no fact comes, the next one first."""
        pairs = ((wake, key) for key, outcome in self.outcomes.items() for wake in outcome.wakes)
        return tuple(sorted(pairs, key=lambda pair: (pair[0].due_at, pair[0].at, pair[1], pair[0].what)))


def evaluate(
    contracts: Iterable[Terms],
    facts: Sequence[Fact],
    at: Instant,
    observations: Observations = NO_OBSERVATIONS,
) -> Evaluation:
    """What every contract says of the facts and observations at an instant.

    `facts` are those in force (`FactLog.effective`), by (time, source, id), none later than `at`.
    BeyondHorizon if a calendar is asked about years for which it was not compiled.
    """
    return Evaluator(contracts).evaluate(facts, at, observations)


class Evaluator:
    """An evaluation that goes on: after more facts, or later, it computes only the cells that can differ."""

    def __init__(self, contracts: Iterable[Terms]) -> None:
        bound = tuple(contracts)
        self._contracts = Contracts(bound)
        terms = self._contracts.terms
        self._clockwork = Clockwork(self._contracts)
        self._commitments = Commitments(self._contracts, self._clockwork)
        self._owing = Owing(self._contracts)
        self._declared = {name: event.of for one in terms.values() for name, event in one.events.items()}
        self._asking = _asking(terms)
        self._cells = Cells(self._compute)
        self._at: Instant | None = None

    @property
    def computed(self) -> tuple[CellKey, ...]:
        """The cells with verdicts or credits that the last evaluation had to compute."""
        return tuple(CellKey(*key[2]) for key in self._cells.computed if key[0] in SHOWN)

    def evaluate(
        self, facts: Sequence[Fact], at: Instant, observations: Observations = NO_OBSERVATIONS
    ) -> Evaluation:
        """As `evaluate`. An instant before the last one starts anew, since wakes only look ahead."""
        if self._at is not None and at < self._at:
            self._cells, self._at = Cells(self._compute), None
        grouped, names = self._inputs(facts)
        for stream in self._commitments.streams:
            names["observations", *stream] = (observations.digest(stream),)
        self._cells.put_facts(grouped)
        self._cells.put_names(names)
        self._commitments.begin(observations)
        order = self._roots(names, at)
        since, self._at = self._at, None
        try:
            self._cells.settle(order, at, since)
        except Exception:
            self._cells = Cells(self._compute)  # what was left half settled is of no use to the next question
            raise
        finally:
            self._commitments.begin(
                NO_OBSERVATIONS
            )  # what was measured is in the cells; nothing else is kept
        self._at = at
        outcomes: dict[CellKey, Outcome] = {}
        for key in order:
            outcome = self._cells.value(key)
            assert isinstance(outcome, Outcome)
            if outcome.verdicts or outcome.credits:
                outcomes[CellKey(*key[2])] = outcome
        return Evaluation(at, outcomes)

    def _inputs(
        self, facts: Sequence[Fact]
    ) -> tuple[dict[Input, tuple[Fact, ...]], dict[Input, tuple[str, ...]]]:
        """The facts by what they are about, and which subjects each contract and provider has."""
        grouped: dict[Input, list[Fact]] = {}
        subjects: dict[Input, dict[str, None]] = {}
        for fact in facts:
            kind = subject_kind(fact.type, self._declared)
            if kind is not None:
                grouped.setdefault(("subject", kind, fact.subject), []).append(fact)
                if begins(kind, fact.type):
                    for name in self._holders(kind, fact):
                        subjects.setdefault(name, {})[fact.subject] = None
            elif fact.type in _INPUTS:
                grouped.setdefault((_INPUTS[fact.type], str(fact.data.get("contract"))), []).append(fact)
            elif fact.type.startswith("contract."):
                grouped.setdefault(("contract", fact.subject), []).append(fact)
        names = {key: tuple(sorted(found, key=_natural)) for key, found in subjects.items()}
        return {key: tuple(found) for key, found in grouped.items()}, names

    def _holders(self, kind: SubjectKind, fact: Fact) -> Iterable[Input]:
        """Where a subject is listed: under the contract it names, or its provider and all contracts of it."""
        if kind not in _OF_A_PROVIDER:
            contract = str(fact.data.get("contract"))
            return [("subjects", contract, kind)] if contract in self._contracts.terms else []
        provider = fact.data.get("provider")
        if provider is None and len(self._contracts.providers) != 1:
            return []
        providers = self._contracts.providers if provider is None else {str(provider)}
        found: list[Input] = []
        for name in providers:
            found.append(("of provider", name, kind))
            asking = self._asking.get((name, kind), ())
            found += [("subjects", one, kind) for one in asking if self._contracts.in_term(one, fact.at)]
        return found

    def _roots(self, names: Mapping[Input, tuple[str, ...]], at: Instant) -> list[Key]:
        """The cells with verdicts or credits, in the order in which they are shown."""
        roots: list[Key] = []
        for contract in self._contracts.terms:
            roots += self._clockwork.roots(contract, names, at)
            roots += self._commitments.roots(contract, at)
            roots += self._owing.roots(contract, at)
        return roots

    def _compute(self, key: Key, reader: Reader, at: Instant) -> tuple[Hashable, Instant | None]:
        """The value of a cell, and when it changes by itself."""
        if key[0] <= OUTCOME:
            return self._clockwork.compute(key, reader, at)
        if key[0] <= VERDICT:
            return self._commitments.compute(key, reader, at)
        return self._owing.compute(key, reader, at)


def _asking(contracts: Mapping[str, Terms]) -> dict[tuple[str, SubjectKind], list[str]]:
    """The contracts of a provider that have rules about a kind of subject."""
    found: dict[tuple[str, SubjectKind], list[str]] = {}
    for name, terms in contracts.items():
        kinds = [*(clock.of for clock in terms.clocks), *(quota.of for quota in terms.quotas)]
        for kind in dict.fromkeys(kinds):
            found.setdefault((terms.provider, kind), []).append(name)
    return found


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """T-9 before T-10: runs of digits by their number, which their length and digits tell however long."""
    parts = re.split(r"(\d+)", text)
    bare = (part.lstrip("0") if i % 2 else part for i, part in enumerate(parts))
    return tuple((len(part) if i % 2 else 0, part) for i, part in enumerate(bare))
