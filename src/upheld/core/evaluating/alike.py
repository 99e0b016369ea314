"""Contracts that measure alike: what is measured for one of them holds for the others too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upheld.core.terms.agreement import Terms
from upheld.core.values.expression import names_in


def first_alike(contracts: Mapping[str, Terms]) -> dict[str, str]:
    """For each contract the first one that measures and excludes by the same rules.

    Terms, fees and levels may differ; so may stages, suspensions and credentials, which are of one contract.
    """
    found: dict[str, str] = {}
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, terms in contracts.items():
        key = terms.agreement, terms.version, terms.provider, *_personal(name, terms)
        groups.setdefault(key, []).append(name)
    for names in groups.values():
        firsts: list[tuple[str, tuple[Any, ...]]] = []
        for name in names:
            rules = _rules(contracts[name]) if len(names) > 1 else ()
            found[name] = next((first for first, others in firsts if others == rules), name)
            if found[name] == name:
                firsts.append((name, rules))
    return found


def _rules(terms: Terms) -> tuple[Any, ...]:
    calendars = {
        name: (one.rule, one.start_at, one.end_at, one.business_day, one.closing)
        for name, one in terms.calendars.items()
    }
    return (
        terms.exclusions, terms.indicators, terms.components, terms.signals, terms.attributes, terms.scales,
        terms.quotas, terms.events, calendars,
    )  # fmt: skip


def _personal(name: str, terms: Terms) -> tuple[str, ...]:
    """The plan and the contract itself, where a condition asks for them."""
    conditions = [
        *(exclusion.where for exclusion in terms.exclusions),
        *(indicator.where for indicator in terms.indicators.values()),
    ]
    names = {known for where in conditions if where is not None for known in names_in(where)}
    plan = terms.plan if "contract.plan" in names else ""
    return plan, name if "contract.id" in names else ""
