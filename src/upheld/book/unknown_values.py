"""Values of attributes that nothing declares: a clock keyed by one is not judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from upheld.core.clocks.subject import CLASSIFYING, known_value
from upheld.core.facts.fact import Fact, Value
from upheld.core.terms.agreement import SubjectKind, Terms
from upheld.core.values.finding import Finding
from upheld.language.suggestion import did_you_mean

CLASSIFIES: Final[Mapping[str, SubjectKind]] = MappingProxyType(
    {type_: kind for kind, types in CLASSIFYING.items() for type_ in types}
)
"""The kind of subject of which a type of fact tells attributes."""
_EXPECTED: Final = {
    "truth": "true or false",
    "number": "a number",
    "duration": "an amount of time, such as 4h",
    "instant": "an instant, such as 2026-06-05T14:30:00Z",
}
_Ways: TypeAlias = Mapping[str, Collection[tuple[str, tuple[str, ...]]]]
"""By the name of an attribute, the types that it is declared with, each with its values (none: any)."""


class KnownValues:
    """What the attributes of subjects can be under some contracts, put together when it is asked for."""

    def __init__(self, contracts: Mapping[str, Terms]) -> None:
        self._contracts = contracts
        self._ways: dict[tuple[SubjectKind, str | None, str | None], _Ways] = {}

    def unknown(self, fact: Fact, contract: str | None) -> Iterator[Finding]:
        """A warning for each value of a fact that no declaration of its attribute allows.

        `contract` is that of its subject; None, or one that is not there: every one of the provider counts.
        """
        kind = CLASSIFIES.get(fact.type)
        if kind is None:
            return
        for name, ways in self._of(kind, fact, contract).items():
            value = fact.data.get(name)
            if value is None or any(_fits(value, type_, values) for type_, values in ways):
                continue
            said = str(value)[:80]
            message = f"`{name}` cannot be `{said}`, so a clock keyed by it cannot be judged"
            yield Finding("unknown-value", message, (fact.where,), _way_out(said, ways), "warning")

    def _of(self, kind: SubjectKind, fact: Fact, contract: str | None) -> _Ways:
        known = contract if contract in self._contracts else None
        provider = fact.data.get("provider") if known is None else None
        key = kind, known, None if provider is None else str(provider)
        if key not in self._ways:
            self._ways[key] = _declared(kind, self._concerned(*key[1:]))
        return self._ways[key]

    def _concerned(self, contract: str | None, provider: str | None) -> Iterable[Terms]:
        if contract is not None:
            return [self._contracts[contract]]
        return [one for one in self._contracts.values() if provider in (None, one.provider)]


def _declared(kind: SubjectKind, concerned: Iterable[Terms]) -> _Ways:
    found: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {}
    for terms in concerned:
        for scale in terms.scales:
            if scale.of == kind:
                found.setdefault(scale.name, {})["text", tuple(scale.values)] = None
        for attribute in terms.attributes:
            if attribute.of == kind:
                found.setdefault(attribute.name, {})[attribute.type, attribute.values] = None
    return found


def _fits(value: Value, type_: str, values: Collection[str]) -> bool:
    known = known_value(value, type_)
    if known is None or not values:
        return known is not None
    return all(str(one) in values for one in (known if isinstance(known, tuple) else (known,)))


def _way_out(said: str, ways: Collection[tuple[str, tuple[str, ...]]]) -> str:
    words = list(dict.fromkeys(word for _, values in ways for word in values))
    if not words:
        type_ = next(iter(ways))[0]
        return f"it must be {_EXPECTED.get(type_, type_)}"
    listed = f"there are {', '.join(words)}"
    near = did_you_mean(said, words)
    return f"{near} {listed}" if near else listed
