"""The facts of an evaluation by what they are about, and which subjects each contract and provider has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from upheld.core.accounting.ledger import APPLIED, CLOSED, ISSUED, VOIDED, entity_of
from upheld.core.clocks.covenant import REPORTED
from upheld.core.clocks.subject import CLASSIFYING, OF_A_CONTRACT, begins, subject_kind
from upheld.core.evaluating.cells import Input
from upheld.core.evaluating.contracts import Contracts, contract_of
from upheld.core.facts.fact import Fact
from upheld.core.facts.fact_types import FACT_TYPES, RETRACTED
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.terms.life import Life

OF_A_PROVIDER: Final[frozenset[SubjectKind]] = frozenset(CLASSIFYING.keys() - OF_A_CONTRACT)
"""Kinds of subjects that concern every contract of a provider; the others name their contract."""

_OF_A_CONTRACT: Final = {
    "contact.named": "contacts",
    "contact.removed": "contacts",
    "obligation.done": "obligations",
    "covenant.compromise_reported": "covenants",
    "credential.valid": "credentials",
    "credential.expired": "credentials",
    "credential.locked": "credentials",
    **dict.fromkeys((ISSUED, APPLIED, VOIDED), "credits"),
}
"""Facts that name the contract they are about."""

OF_NO_CONTRACT: Final = frozenset({"closings", "retracted"})
"""Inputs of a provider (empty: nobody says of which) or of a legal entity of it."""


class Inputs(NamedTuple):
    """What cells are computed from: the facts of each input in order, and the names that others list.

    `lives` are those of the contracts, by the same facts.
    """

    facts: Mapping[Input, tuple[Fact, ...]]
    names: Mapping[Input, tuple[str, ...]]
    lives: Mapping[str, Life]


NOTHING_TOLD: Final = Inputs({}, {}, {})


class Sorting:
    """Sorts facts into inputs, for some contracts: by the types they declare and the kinds they ask about."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        terms = contracts.terms
        self._declared = {name: event.of for one in terms.values() for name, event in one.events.items()}
        # What every fact is asked for, several times.
        known = {name: subject_kind(name, self._declared) for name in (*FACT_TYPES, *self._declared)}
        self._kinds = {name: kind for name, kind in known.items() if kind is not None}
        self._begun = {name: kind for name, kind in self._kinds.items() if begins(kind, name)}
        self._asking = _asking(terms)

    def is_like(self, other: Sorting) -> bool:
        """Whether another one sorts facts in the same way, for contracts whose lives are the same."""
        return self._declared == other._declared and self._asking == other._asking

    def inputs(self, facts: Sequence[Fact]) -> Inputs:
        """The facts sorted."""
        grouped: dict[Input, list[Fact]] = {}
        subjects: dict[Input, dict[str, None]] = {}
        beginning: list[tuple[SubjectKind, Fact]] = []
        for fact in facts:
            name = self.input_of(fact)
            if name is None:
                continue
            grouped.setdefault(name, []).append(fact)
            if fact.type == REPORTED:
                subjects.setdefault(("reports", name[1]), {})[fact.subject] = None
            kind = self.begun_by(fact)
            if kind is not None:
                beginning.append((kind, fact))
        told = {key: tuple(found) for key, found in grouped.items()}
        lives = self.lives(told)
        for kind, fact in beginning:
            for name in self.holders(kind, fact, lives):
                subjects.setdefault(name, {})[fact.subject] = None
        return Inputs(told, {key: in_natural_order(found) for key, found in subjects.items()}, lives)

    def input_of(self, fact: Fact) -> Input | None:
        """The input that a fact is part of; None if nothing is computed from facts of its type."""
        kind = self._kinds.get(fact.type)
        if kind is not None:
            return "subject", kind, fact.subject
        if fact.type in _OF_A_CONTRACT:
            return _OF_A_CONTRACT[fact.type], str(fact.data.get("contract"))
        if fact.type == CLOSED:
            return "closings", entity_of(fact)
        if fact.type == RETRACTED:
            return "retracted", str(fact.data.get("provider") or "")
        return ("contract", fact.subject) if fact.type.startswith("contract.") else None

    def begun_by(self, fact: Fact) -> SubjectKind | None:
        """The kind of subject that a fact brings into being, if it does."""
        return self._begun.get(fact.type)

    def lives(self, facts: Mapping[Input, tuple[Fact, ...]]) -> Mapping[str, Life]:
        """The life of every contract, by the facts sorted."""
        return {
            contract: self._contracts.life_told(contract, facts.get(("contract", contract), ()))
            for contract in self._contracts.bindings
        }

    def holders(self, kind: SubjectKind, fact: Fact, lives: Mapping[str, Life]) -> Iterable[Input]:
        """Where a subject is listed: under the contract it names, or its provider and all contracts of it."""
        if kind not in OF_A_PROVIDER:
            contract = str(fact.data.get("contract"))
            return [("subjects", contract, kind)] if contract in self._contracts.bindings else []
        provider = fact.data.get("provider")
        if provider is None and len(self._contracts.providers) != 1:
            return []
        providers = self._contracts.providers if provider is None else {str(provider)}
        found: list[Input] = []
        for name in providers:
            found.append(("of provider", name, kind))
            asking: Iterable[str] = self._asking.get((name, kind), ())
            only = fact.data.get("contracts")
            if isinstance(only, tuple):
                asking = [one for one in asking if one in only]
            found += [("subjects", one, kind) for one in asking if lives[one].holds(fact.at)]
        return found


def _asking(contracts: Mapping[str, Terms]) -> dict[tuple[str, SubjectKind], dict[str, None]]:
    """The contracts of a provider that have rules about a kind of subject."""
    found: dict[tuple[str, SubjectKind], dict[str, None]] = {}
    for name, terms in contracts.items():
        kinds = [*(clock.of for clock in terms.clocks), *(quota.of for quota in terms.quotas)]
        kinds += [rule.of for rule in terms.notifications]
        for kind in dict.fromkeys(kinds):
            found.setdefault((terms.provider, kind), {})[contract_of(name)] = None
    return found


def in_natural_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names as a person would list them."""
    return tuple(sorted(names, key=_natural))


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """T-9 before T-10: runs of digits by their number, which their length and digits tell however long."""
    parts = re.split(r"(\d+)", text)
    bare = (part.lstrip("0") if i % 2 else part for i, part in enumerate(parts))
    return tuple((len(part) if i % 2 else 0, part) for i, part in enumerate(bare))
