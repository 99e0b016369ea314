"""Which plans facts say that contracts change to, so that the terms under them can be made ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from upheld.core.facts.fact import Data, Fact, Key, Value, freeze
from upheld.core.facts.fact_types import REPLACED
from upheld.core.terms.life import PLAN_CHANGED
from upheld.core.values.currency import parse_money
from upheld.core.values.value import Money


def plans_named(facts: Iterable[Fact]) -> Mapping[str, Mapping[str, Mapping[str, Money]]]:
    """By contract the plans that facts name, each with the fees told for it, in the order of the facts.

    `facts` are all that were recorded, by position, corrections too: what one of them says holds, or held, as
    of some position.
    """
    found: dict[str, dict[str, dict[str, Money]]] = {}
    about: dict[Key, str] = {}
    for fact in facts:
        data: Value = freeze(fact.data)
        contract: str | None
        if fact.type == REPLACED:
            contract = about.get(_target(fact))
            data = fact.data.get("replacement")
            if isinstance(data, Data) and isinstance(data.get("subject"), str):
                contract = str(data["subject"])
        elif fact.type == PLAN_CHANGED:
            contract = fact.subject
        else:
            continue
        if contract is None:
            continue
        about[fact.key] = contract
        for plan, fees in _told(data):
            found.setdefault(contract, {}).setdefault(plan, {}).update(fees)
    return found


def _target(correction: Fact) -> Key:
    corrects = correction.data.get("corrects")
    return (str(corrects.get("source")), str(corrects.get("id"))) if isinstance(corrects, Data) else ("", "")


def _told(data: Value) -> Iterator[tuple[str, Mapping[str, Money]]]:
    """The plans in some data, or in those of a replacement within it."""
    if not isinstance(data, Data):
        return
    plan, fees = data.get("plan"), data.get("fees")
    if isinstance(plan, str):
        told = {name: parse_money(str(text)) for name, text in fees.items()} if isinstance(fees, Data) else {}
        yield plan, {name: money for name, money in told.items() if money is not None}
    for name in ("data", "replacement"):
        yield from _told(data.get(name))
