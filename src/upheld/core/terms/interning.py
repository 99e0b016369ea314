"""Terms under many selections of readings, made of the same objects where they say the same.

Parts of cells are told apart by the identity of what they are computed from (see `once`). Calendars are one
object already where they are the same (`World.calendar`), and not asked for here: that would compile them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter
from typing import Any, Final, TypeVar

from upheld.core.terms.agreement import ClockRule, Terms
from upheld.core.terms.remedy import RemedyRule
from upheld.core.values.frozen import replace

T = TypeVar("T")

_SHARED: Final = ("attributes", "events", "scales", "quotas", "components", "signals")
"""What of the terms cells look at besides the rules taken apart here and calendars."""
_NOT_COMPUTED_WITH: Final = ("name", "doc", "cited")
_OF_A_CLOCK: Final = tuple(name for name in ClockRule.__match_args__ if name not in _NOT_COMPUTED_WITH)
_OF_A_REMEDY: Final = tuple(name for name in RemedyRule.__match_args__ if name not in _NOT_COMPUTED_WITH)
_OF_A_COMMITMENT: Final = ("period", "level")
_BUT_THE_CONTRACT: Final = attrgetter(*(name for name in Terms.__match_args__ if name != "contract"))


class Interning:
    """What was met so far, of any contract. It keeps alive all that it was ever given."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, Hashable], Any] = {}
        self._given: dict[tuple[str, int], tuple[object, Any]] = {}
        self._terms: dict[tuple[int, ...], tuple[Terms, Terms]] = {}

    def terms(self, terms: Terms) -> Terms:
        """Terms that say the same, with equal parts that are one object.

        Contracts of which one text is compiled at once have the same parts already.
        """
        parts = tuple(map(id, _BUT_THE_CONTRACT(terms)))
        known = self._terms.get(parts)
        if known is None:
            known = self._terms[parts] = terms, self._parts(terms)
        return known[1] if terms.contract is known[1].contract else replace(known[1], contract=terms.contract)

    def _parts(self, terms: Terms) -> Terms:
        of_rules: dict[str, Callable[[Any], Any]] = {
            "clocks": lambda one: self._parted("clock", one, _OF_A_CLOCK),
            "remedies": lambda one: self._parted("remedy", one, _OF_A_REMEDY),
            "commits": lambda one: self._parted("commit", one, _OF_A_COMMITMENT),
            "exclusions": lambda one: self._one("exclusion", one),
        }
        found: dict[str, Any] = {name: self._all(name, terms, each) for name, each in of_rules.items()}
        found |= {name: self._one(name, getattr(terms, name)) for name in _SHARED}
        indicators = {name: self._one("indicator", one) for name, one in terms.indicators.items()}
        plans = {plan: self.terms(one) for plan, one in terms.plans.items()}
        return replace(terms, indicators=indicators, plans=plans, **found)

    def _all(self, name: str, terms: Terms, each: Callable[[Any], Any]) -> tuple[Any, ...]:
        return tuple(map(each, getattr(terms, name)))

    def _parted(self, kind: str, rule: T, names: tuple[str, ...]) -> T:
        """A rule of which other readings change a part: each part is one object by itself."""
        known = self._given.get((kind, id(rule)))
        if known is None:
            parts = {name: self._one(f"{kind} {name}", getattr(rule, name)) for name in names}
            known = self._given[kind, id(rule)] = rule, replace(rule, **parts)  # type: ignore[type-var]  # a rule is a frozen value
        found: T = known[1]
        return found

    def _one(self, kind: str, value: T) -> T:
        """The value that was met first of those that are equal."""
        known = self._given.get((kind, id(value)))
        if known is None:
            found = self._met.setdefault((kind, _form(value)), value)
            known = self._given[kind, id(value)] = value, found
        one: T = known[1]
        return one


def _form(value: Any) -> Hashable:
    """The same for values that are equal, whether they have a hash or not: a mapping is its items."""
    try:
        hash(value)
    except TypeError:
        if isinstance(value, Mapping):
            return tuple((name, _form(one)) for name, one in value.items())
        if isinstance(value, tuple):
            return tuple(map(_form, value))
        return type(value), *(_form(getattr(value, name)) for name in value.__match_args__)
    found: Hashable = value
    return found
