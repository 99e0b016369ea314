"""Contracts that measure alike: what is measured for one of them holds for the others too."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, Final

from upheld.core.terms.agreement import Terms
from upheld.core.values.expression import names_in

_PARTS: Final = attrgetter(
    "exclusions",
    "indicators",
    "components",
    "signals",
    "attributes",
    "scales",
    "quotas",
    "events",
    "calendars",
)
"""What is measured and excluded by; calendars last."""


def first_alike(contracts: Mapping[str, Terms]) -> dict[str, str]:
    """For each contract the first one that measures and excludes by the same rules.

    Terms, fees and levels may differ; so may stages, suspensions and credentials, which are of one contract.
    """
    found: dict[str, str] = {}
    asked: dict[tuple[int, ...], frozenset[str]] = {}
    groups: dict[tuple[str, ...], dict[tuple[int, ...], list[str]]] = {}
    for name, terms in contracts.items():
        parts = tuple(map(id, _PARTS(terms)))  # contracts that are read together have the same objects
        if parts not in asked:
            asked[parts] = _asked(terms)
        key = terms.agreement, terms.version, terms.provider, *_personal(name, terms, asked[parts])
        groups.setdefault(key, {}).setdefault(parts, []).append(name)
    for group in groups.values():
        firsts: list[tuple[str, tuple[Any, ...]]] = []
        for names in group.values():
            rules = _rules(contracts[names[0]]) if len(group) > 1 else ()
            first = next((first for first, others in firsts if others == rules), names[0])
            if first == names[0]:
                firsts.append((first, rules))
            found |= dict.fromkeys(names, first)
    return found


def _rules(terms: Terms) -> tuple[Any, ...]:
    calendars = {
        name: (one.rule, one.start_at, one.end_at, one.business_day, one.closing)
        for name, one in terms.calendars.items()
    }
    return *_PARTS(terms)[:-1], calendars


def _asked(terms: Terms) -> frozenset[str]:
    """What the conditions of exclusions and indicators ask for."""
    conditions = [
        *(exclusion.where for exclusion in terms.exclusions),
        *(indicator.where for indicator in terms.indicators.values()),
    ]
    return frozenset(known for where in conditions if where is not None for known in names_in(where))


def _personal(name: str, terms: Terms, asked: frozenset[str]) -> tuple[str, ...]:
    """The plan and the contract itself, where a condition asks for them."""
    return terms.plan if "contract.plan" in asked else "", name if "contract.id" in asked else ""
