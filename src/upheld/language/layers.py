"""The layers of an agreement: its own rows, those of a plan, those of one customer, laid over each other."""

from __future__ import annotations

from typing import Final

from upheld.language.choice_point import BY, consulted_by
from upheld.language.concepts import AGREEMENT, CONTRACT, IN_A_PLAN, IN_AN_OVERRIDE, Concept, concept
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.overlay import NONE, overlay, removes
from upheld.language.report import Report
from upheld.language.rows import in_full
from upheld.language.suggestion import did_you_mean

PLAN = "plan"
MOST_PLANS: Final = 20
"""Plans of an agreement: under each of them it is compiled as a whole, and few providers have five."""
OVERRIDE = "override"
_TREES = frozenset({"within", "each", "on"})
_LEVEL = "level"


def plans_of(agreement: Mapping) -> dict[str, tuple[Scalar, Node]]:
    """The plans of an agreement by name, with their keys."""
    node = agreement.get(PLAN)
    entries = node.entries if isinstance(node, Mapping) else ()
    return {key.text: (key, value) for key, value in entries}


def resolved(agreement: Mapping, plan: str = "", contract: Mapping | None = None) -> Mapping:
    """The agreement as it holds for a plan and a contract, every node with the place where it was written."""
    return laid(agreement, plan, contract, Report())


def laid(agreement: Mapping, plan: str, contract: Mapping | None, report: Report) -> Mapping:
    """As `resolved`; what cannot be laid over something is told."""
    whole = Mapping(tuple(entry for entry in agreement.entries if entry[0].text != PLAN), agreement.place)
    plans = plans_of(agreement)
    if plan in plans:
        whole = _over(whole, *plans[plan], IN_A_PLAN, report)
    if contract is not None:
        for key, node in contract.entries:
            if key.text == OVERRIDE:
                whole = _over(whole, key, node, IN_AN_OVERRIDE, report)
    return whole


def _over(whole: Mapping, name: Scalar, node: Node, allowed: tuple[str, ...], report: Report) -> Mapping:
    what = f"the plan `{name.text}`" if allowed is IN_A_PLAN else "an override"
    if isinstance(node, Scalar) and not node.text:
        return whole  # a plan that changes nothing
    if not isinstance(node, Mapping):
        way_out = (
            f"write the concepts that it changes, as in `{concept(PLAN).example.split(chr(10))[-1].strip()}`"
        )
        report.error("wrong-shape", f"{what} must be a map", node.place, way_out)
        return whole
    over = []
    for key, section in node.entries:
        if key.text not in allowed:
            way_out = did_you_mean(key.text, allowed) or f"it may hold {', '.join(allowed)}"
            report.error("unknown-concept", f"{what} cannot hold `{key.text}`", key.place, way_out)
        else:
            over.append((key, _kept(section)))
    whole, top = _in_full(whole, Mapping(tuple(over), node.place))
    result, findings = overlay(whole, top)
    report.take(findings)
    return Mapping(tuple((key, _restored(section)) for key, section in result.entries), result.place)


def _in_full(whole: Mapping, over: Mapping) -> tuple[Mapping, Mapping]:
    """Both with rows in full that stand as a text in one of them, so that they are laid over each other."""
    for key, section in over.entries:
        known, below = concept(key.text), whole.get(key.text)
        if known.short and isinstance(section, Mapping) and isinstance(below, Mapping):
            names = {name.text for name, node in section.entries if _mixes(known, node, below.get(name.text))}
            whole = _with(whole, key.text, _rows_in_full(known, below, names))
            over = _with(over, key.text, _rows_in_full(known, section, names))
    return whole, over


def _mixes(known: Concept, over: Node, below: Node | None) -> bool:
    """Whether a row must be in full to be laid over another: one is a text, and not all that the row is."""
    if below is None or any(consulted_by(node) or removes(node) for node in (over, below)):
        return False
    both_texts = isinstance(over, Scalar) and isinstance(below, Scalar)
    return not both_texts or known.field("per") is not None


def _rows_in_full(known: Concept, section: Mapping, names: set[str]) -> Mapping:
    return Mapping(
        tuple(
            (key, in_full(known, node) if key.text in names and isinstance(node, Scalar) else node)
            for key, node in section.entries
        ),
        section.place,
    )


def _with(whole: Mapping, name: str, section: Mapping) -> Mapping:
    entries = ((key, section if key.text == name else node) for key, node in whole.entries)
    return Mapping(tuple(entries), whole.place)


def _kept(node: Node, is_value: bool = False, depth: int = 0) -> Node:
    """The node with every `none` inside a decision or an option put in quotes, so that it stays.

    There it is a value (nothing is in force, the field is absent under that reading) and removes nothing; so
    is it as a level, which is then only measured.
    """
    if isinstance(node, Scalar):
        return Scalar(node.text, node.place, True, False) if is_value and removes(node) else node
    if not isinstance(node, Mapping):
        return node
    entries = []
    for key, child in node.entries:
        within = is_value or (key.text in _TREES and isinstance(child, Mapping)) or key.text.startswith(BY)
        within = within or (depth == 1 and key.text == _LEVEL and isinstance(child, Scalar))
        entries.append((key, _kept(child, within, depth + 1)))
    return Mapping(tuple(entries), node.place)


def _restored(node: Node) -> Node:
    """The node with every `none` that was kept as it was written."""
    if isinstance(node, Scalar):
        is_kept = node.text == NONE and node.quoted and not node.exact
        return Scalar(NONE, node.place) if is_kept else node
    if isinstance(node, Mapping):
        return Mapping(tuple((key, _restored(child)) for key, child in node.entries), node.place)
    return node


def tell_strangers(text: Mapping, of_contract: bool, report: Report) -> None:
    """Top-level keys that are no concept."""
    concepts = CONTRACT if of_contract else AGREEMENT
    known = [one.name for one in concepts]
    for key, _ in text.entries:
        if key.text not in known:
            way_out = did_you_mean(key.text, known) or f"the concepts are {', '.join(known)}"
            report.error("unknown-concept", f"there is no concept `{key.text}`", key.place, way_out)
