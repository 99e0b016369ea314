"""What applying other texts changes, as records for programs and as text made of those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from upheld.core.comparing.comparison import Change, How, Order
from upheld.core.terms.agreement import Terms
from upheld.render.backtest import first_rows, move_cells
from upheld.render.differences import change_record
from upheld.render.record_values import Record
from upheld.render.words import count, plural, table


def effect_record(
    how: How, before: Terms | None, after: Terms | None, order: Order | None, changes: Iterable[Change]
) -> Record:
    """One contract under other terms than before."""
    terms = after or before
    assert terms is not None
    assert terms.contract is not None
    return {
        "contract": terms.contract.id,
        "customer": terms.contract.customer,
        "how": how,
        "order": order,
        "before": _side(before),
        "after": _side(after),
        "changes": [change_record(one) for one in changes],
    }


def _side(terms: Terms | None) -> Record | None:
    if terms is None:
        return None
    return {"agreement": terms.agreement, "version": terms.version or None, "plan": terms.plan or None}


def applied_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What was applied, or would be, from the record of it."""
    for what in ("added", "changed", "removed"):
        for path in told[what]:
            yield f"{what} {path}"
    effects: Sequence[Mapping[str, Any]] = told.get("effects") or ()
    for effect in effects:
        yield from _effect_lines(effect)
    if told.get("flips"):
        yield from _flip_lines(told["flips"])
    verb = "would hold" if told["dry_run"] else "hold" if len(told["contracts"]) != 1 else "holds"
    yield f"revision {told['revision']}: {count(len(told['contracts']), 'contract')} {verb}"


def _effect_lines(effect: Mapping[str, Any]) -> Iterator[str]:
    before, after = _terms_text(effect["before"]), _terms_text(effect["after"])
    under = f"{before} -> {after}" if before and after and before != after else after or before
    order = effect["order"]
    said = effect["how"] if order is None else "the same in meaning" if order == "equal" else order
    yield f"{effect['contract']} ({effect['customer']}), {under}: {said}"
    for change in effect["changes"]:
        how = "" if change["how"] == "changed" else f"{change['how']}, "
        yield f"    {change['commitment']} ({change['kind']}): {how}{change['order']}"
        rows = [[part["part"], f"{part['before']} -> {part['after']}"] for part in change["parts"]]
        yield from table(rows, indent="        ")


def _terms_text(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return ""
    plan = f" on {side['plan']}" if side["plan"] else ""
    return f"{side['agreement']} {side['version'] or ''}".rstrip() + plan


def _flip_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """What of the verdicts, deadlines and amounts there are is another one."""
    if told["flips"]:
        yield f"By the facts until now {count(len(told['flips']), 'verdict')} would be another one:"
        yield from first_rows(told["flips"], _flip_row, "    ")
    if told["moves"]:
        runs = plural(len(told["moves"]), "runs", "run")
        yield f"{count(len(told['moves']), 'deadline')} that {runs} would move:"
        yield from first_rows(told["moves"], _move_row, "    ")
    for one in told["owed"]:
        if one["before"] != one["after"]:
            currency = f" {one['currency']}" if one["currency"] else ""
            yield f"Owed by then{currency}: {one['before']} -> {one['after']}"


def _named(one: Mapping[str, Any]) -> list[str]:
    return [one["contract"], one["commitment"], one["subject"]]


def _flip_row(one: Mapping[str, Any]) -> list[str]:
    before, after = one["before"], one["after"]
    return [
        *_named(one),
        f"{before['state']} -> {after['state']}",
        f"{before['held_to']} -> {after['held_to']}",
    ]


def _move_row(one: Mapping[str, Any]) -> list[str]:
    before, after = ([one[side]["due_at"], one[side]["goal_at"]] for side in ("before", "after"))
    return [*_named(one), *move_cells(before, after)]
