"""Contracts under other terms: another version or plan, other readings, other levels and targets.

What changes is laid over the contract's own overrides as one more, so everything that rests on it (a band
that ends at the level, a pause on a calendar) follows as it would on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.values.finding import Finding, Place
from upheld.core.values.frozen import replace
from upheld.language.compile import compile_terms
from upheld.language.layers import OVERRIDE, plans_of
from upheld.language.lock import Lock
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.overlay import overlay
from upheld.language.suggestion import did_you_mean

_RELATIONS = (">", "<", "≥", "≤")


class Change(NamedTuple):
    """What is tried: a plan (empty: the contract's own), options by assumption, levels by commitment."""

    plan: str = ""
    takes: Mapping[str, str] = {}
    levels: Mapping[str, str] = {}


class Page(NamedTuple):
    """An agreement as it stands in its file, by which name and version contracts bind to it, and its lock."""

    node: MapNode
    name: str
    version: str
    lock: Lock | None = None


def terms_under(
    page: Page, contracts: Iterable[MapNode], change: Change
) -> tuple[tuple[Terms, ...], tuple[Finding, ...]]:
    """The terms of each contract file under a page and a change, and everything wrong with them.

    An assumption or a commitment that no contract has is a finding; one that only some have changes those.
    """
    found: list[Terms] = []
    findings: list[Finding] = []
    known_assumptions: set[str] = set()
    known_rules: set[str] = set()
    for contract in contracts:
        bound = _bound(contract, page, change.plan)
        bare, told = compile_terms(page.node, contract=bound, lock=page.lock)
        if bare is None:
            findings += told
            continue
        known_assumptions |= set(bare.assumptions)
        wrong = list(_wrong_options(bare, change))
        if wrong:  # what consults the assumption could only be read wrongly
            findings += wrong
            found.append(bare)
            continue
        known_rules |= {*(clock.name for clock in bare.clocks), *(commit.name for commit in bare.commits)}
        terms: Terms | None = bare
        changes = _changes(bare, change)
        if changes.entries:
            terms, told = compile_terms(page.node, contract=_overridden(bound, changes), lock=page.lock)
        findings += told
        found += [terms] if terms is not None else []
    if found:
        findings += _strangers("--take", "assumption", change.takes, known_assumptions)
        findings += _strangers("--level", "commitment, deadline or cadence", change.levels, known_rules)
    return tuple(found), tuple(dict.fromkeys(findings))


def with_plans(
    found: Iterable[Terms], own: Iterable[Terms], page: Page, contracts: Mapping[str, MapNode], change: Change
) -> tuple[tuple[Terms, ...], tuple[Finding, ...]]:
    """The terms of contracts with those under the plans that they change to, as their `own` terms have them.

    A change that tries one plan tries it for all the time. A plan that the page does not have is left out.
    """
    plans = {one.contract.id: tuple(one.plans) for one in own if one.contract is not None}
    whole: list[Terms] = []
    findings: list[Finding] = []
    for terms in found:
        contract = terms.contract
        assert contract is not None, "a backtest is of contracts"
        others: dict[str, Terms] = {}
        for plan in () if change.plan else plans.get(contract.id, ()):
            if plan not in plans_of(page.node):
                continue
            under, told = terms_under(page, [contracts[contract.id]], change._replace(plan=plan))
            findings += [one for one in told if one.severity == "error" and one.code != "unknown-name"]
            bound = replace(contract, plan=plan, fees=contract.plan_fees.get(plan, {}))
            if under:
                others[plan] = replace(under[0], contract=bound)
        whole.append(replace(terms, plans=others) if others else terms)
    return tuple(whole), tuple(dict.fromkeys(findings))


def _wrong_options(terms: Terms, change: Change) -> Iterable[Finding]:
    """Options that an assumption does not have, or that nothing can execute."""
    for name, option in change.takes.items():
        known = terms.assumptions.get(name)
        takeable = [] if known is None else [one for one in known.options if one not in known.named_only]
        if known is not None and option not in takeable:
            way_out = did_you_mean(option, takeable) or f"take one of {', '.join(takeable)}"
            message = f"--take: `{option}` is no option of `{name}` that can be taken"
            yield Finding("unknown-option", message, (Place("--take"),), way_out)


def _strangers(option: str, what: str, given: Mapping[str, str], known: set[str]) -> Iterable[Finding]:
    for name in given:
        if name not in known:
            way_out = did_you_mean(name, sorted(known)) or f"there is {', '.join(sorted(known)) or 'none'}"
            message = f"{option} names `{name}`, and there is no such {what}"
            yield Finding("unknown-name", message, (Place(option),), way_out)


def _bound(contract: MapNode, page: Page, plan: str) -> MapNode:
    """A contract file that binds to the page, and to a plan if one is given."""
    row = contract.get("contract")
    if not isinstance(row, MapNode):
        return contract
    said = {"agreement": page.name, **({"version": page.version} if row.get("version") else {})}
    if plan:
        said["plan"] = plan
    entries: list[tuple[Scalar, Node]] = [(key, node) for key, node in row.entries if key.text not in said]
    for name, text in said.items():
        below = row.get(name)
        place = (below or row).place
        entries.append((Scalar(name, place), Scalar(text, place)))
    return _with(contract, "contract", MapNode(tuple(entries), row.place))


def _overridden(contract: MapNode, changes: MapNode) -> MapNode:
    """A contract file with changes laid over what it overrides already."""
    below = contract.get(OVERRIDE)
    if isinstance(below, MapNode):
        changes, _ = overlay(below, changes)
    return _with(contract, OVERRIDE, changes)


def _with(contract: MapNode, name: str, node: Node) -> MapNode:
    if contract.get(name) is None:
        return MapNode((*contract.entries, (Scalar(name, contract.place), node)), contract.place)
    return MapNode(
        tuple((key, node if key.text == name else old) for key, old in contract.entries), contract.place
    )


def _changes(terms: Terms, change: Change) -> MapNode:
    """The rows of an override: options of assumptions, levels and targets of what the contract has."""
    rows: dict[str, list[tuple[Scalar, Node]]] = {}
    for name, option in change.takes.items():
        if name in terms.assumptions:
            rows.setdefault("assume", []).append(_row("--take", name, "take", option))
    for rule in terms.commits:
        if rule.name in change.levels:
            text = _level_text(rule, change.levels[rule.name])
            rows.setdefault("commit", []).append(_row("--level", rule.name, "level", text))
    for clock in terms.clocks:
        if clock.name in change.levels:
            concept, field = ("every", "each") if clock.is_cadence else ("deadline", "within")
            row = _row("--level", clock.name, field, change.levels[clock.name])
            rows.setdefault(concept, []).append(row)
    place = Place("--level")
    return MapNode(
        tuple((Scalar(name, place), MapNode(tuple(found), place)) for name, found in rows.items()), place
    )


def _row(option: str, name: str, field: str, text: str) -> tuple[Scalar, Node]:
    place = Place(option)
    return Scalar(name, place), MapNode(((Scalar(field, place), Scalar(text, place)),), place)


def _level_text(rule: CommitRule, text: str) -> str:
    """A level as the page writes it: with the relation that it has there, unless another is said."""
    if text.startswith(_RELATIONS):
        return text
    return f"{rule.level.relation if rule.level else '>='} {text}"
