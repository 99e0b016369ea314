"""Judge and core side by side on worlds that are measured, on remedies, and on credits that are paid."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

from .amount_worlds import make_amount_world, make_invoice_world
from .amounts_core import ask_amount, ask_invoices
from .amounts_judge import judge_amount, judge_invoices
from .levels import judge_measures
from .measure_core import ask_measures, ask_share
from .measure_worlds import make_measure_world
from .shares import judge_share, make_share_world

Row = dict[str, Any]


def judge_measured(seed: int) -> str:
    """What judge and core disagree about in the measured world of a seed; empty if nothing."""
    return _judged("measures", seed, make_measure_world, compare_measures)


def judge_shares(seed: int) -> str:
    """What they disagree about in the shares of a seed; empty if nothing."""
    return _judged("shares", seed, make_share_world, _shares)


def judge_owed(seed: int) -> str:
    """What they disagree about in the remedy and the invoices of a seed; empty if nothing."""
    amounts = _judged("amounts", seed, make_amount_world, _amounts)
    return amounts + _judged("amounts", seed, make_invoice_world, _invoices)


def _judged(kind: str, seed: int, make: Callable[[int], Row], compare: Callable[[Row], Iterator[str]]) -> str:
    world = make(seed)
    try:
        faults = list(compare(world))
    except Exception:
        faults = [traceback.format_exc()]
    if not faults:
        return ""
    lines = [f"== {kind}, seed {seed}: {len(faults)} disagreements", *(f"   {fault}" for fault in faults)]
    lines += [f"-- {name}: {value!r}" for name, value in world.items()]
    lines += [f"-- again: python -m tests.judge.campaign --kind {kind} --seed {seed} --worlds 1", ""]
    return "\n".join(lines)


def compare_measures(world: Row) -> Iterator[str]:
    """What judge and core disagree about in a measured world."""
    ours = {(row["commitment"], row["subject"]): row for row in judge_measures(world)}
    labels = {label for _, _, label in world["periods"]}  # the world ends with them; core goes on to `at`
    theirs = {
        (row["commitment"], row["subject"]): row
        for row in ask_measures(world)
        if row["subject"].partition("/")[0] in labels
    }
    for key in sorted(ours.keys() ^ theirs.keys()):
        yield f"{key}: only {'the judge' if key in ours else 'core'} has it"
    for key in sorted(ours.keys() & theirs.keys()):
        yield from (f"{key}: {line}" for line in _unlike(ours[key], theirs[key]))


def _unlike(ours: Row, theirs: Row) -> Iterator[str]:
    is_open = ours.get("can_reach_back") and not theirs["is_settled"]
    if "state" in ours and ours["state"] != theirs["state"] and not is_open:
        yield f"state: judge {ours['state']}, core {theirs['state']}"
    ours, theirs = (one | {"parts": _parts(one["parts"], is_open)} for one in (ours, theirs))
    if ours["parts"] is not None and ours["parts"] != theirs["parts"]:
        yield f"parts: judge {_shown(ours['parts'])}, core {_shown(theirs['parts'])}"
    for when in ("to_date", "final"):
        for name in ("value", "low", "high"):
            if ours[when][name] != theirs[when][name]:
                yield f"{when} {name}: judge {ours[when][name]}, core {theirs[when][name]}"
    for name in ("total", "bad"):
        if ours["parts"] is not None and ours["to_date"][name] != theirs[name]:
            yield f"{name}: judge {ours['to_date'][name]}, core {theirs[name]}"
    for own, other in zip(ours.get("of", []), theirs["of"], strict=False):
        yield from (f"{own['component']} {line}" for line in _unlike(own, other))


def _parts(parts: Row | None, is_open: bool) -> Row | None:
    """The parts; what comes after the end of a contract counts as to come while a run may go on over it."""
    after = ("outside hours", "after the end")
    if parts is None or not is_open or after not in parts:
        return parts
    found = {part: amount for part, amount in parts.items() if part != after}
    return found | {("not yet", ""): found.get(("not yet", ""), 0) + parts[after]}


def _shown(parts: Row) -> str:
    return ", ".join(
        f"{name}{'/' + by if by else ''} {amount}" for (name, by), amount in sorted(parts.items())
    )


def _shares(world: Row) -> Iterator[str]:
    ours, theirs = judge_share(world), ask_share(world)
    for name, value in ours.items():
        if value != theirs[name]:
            yield f"{name}: judge {value}, core {theirs[name]}"


def _amounts(world: Row) -> Iterator[str]:
    ours, theirs = judge_amount(world), ask_amount(world)
    for name in ("state", "low", "high", "exact", "amount"):
        if ours[name] != getattr(theirs, name):
            yield f"{name}: judge {ours[name]}, core {getattr(theirs, name)}"


def _invoices(world: Row) -> Iterator[str]:
    ours, theirs = judge_invoices(world), ask_invoices(world)
    for name in ("applied", "left", "stamped"):
        if ours[name] != theirs[name]:
            yield f"{name}: judge {ours[name]}, core {theirs[name]}"
