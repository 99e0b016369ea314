"""A backtest as text: what flips, the money of it, and what could have been promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from upheld.core.forecasting.promise import KEPT, PromisedLevel, TargetPromise
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.instant import Instant, format_instant
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit, OwedSum
from upheld.core.verdicts.verdict import Kind, State, Verdict
from upheld.render import figures, words

T = TypeVar("T")
FIRST_FLIPS = 40
"""So many flips stand on a page, and so many deadlines that move; JSON has all of them."""
_ALL = " (--format json has all)"


class Change(NamedTuple):
    """One verdict on both sides."""

    number_before: int
    number_after: int
    terms: Terms
    before: Verdict
    after: Verdict


class CreditChange(NamedTuple):
    """One credit on both sides; None: it is not there."""

    key: CellKey
    before: Credit | None
    after: Credit | None


class OneSide(NamedTuple):
    """Verdicts of a commitment that one side has; `is_whole`: the other side has no such commitment."""

    contract: str
    commitment: str
    kind: Kind
    verdicts: int
    is_whole: bool


class Target(NamedTuple):
    """What could have been promised of one clock."""

    agreement: str
    commitment: str
    target: str
    calendar: str
    promise: TargetPromise


class Compared(NamedTuple):
    """Everything of a backtest, ready to be shown."""

    at: Instant
    before: Sequence[str]
    after: Sequence[str]
    same: int
    changes: Sequence[Change]
    moves: Sequence[Change]
    counts: Sequence[tuple[Kind, State, State, int]]
    only_before: Sequence[OneSide]
    only_after: Sequence[OneSide]
    credits: Sequence[CreditChange]
    sums: Sequence[OwedSum]
    levels: Sequence[PromisedLevel]
    targets: Sequence[Target]


def side_text(terms: Terms) -> str:
    """Which contract, under which agreement, version and plan."""
    assert terms.contract is not None
    plan = f", plan {terms.plan}" if terms.plan else ""
    return f"{terms.contract.id}: {terms.agreement} {terms.version}{plan}"


def backtest_lines(found: Compared) -> list[str]:
    """The page of `upheld backtest`."""
    lines = [
        f"As of {format_instant(found.at)}",
        *(f"  before  {text}" for text in found.before),
        *(f"  after   {text}" for text in found.after),
        "",
        _headline(found),
    ]
    if found.counts:
        rows = [[kind, f"{was} -> {now}", f"{number:,}"] for kind, was, now, number in found.counts]
        lines += ["", "What flips, by kind", *words.table(rows, frozenset({2}))]
    if found.changes:
        lines += ["", f"Verdicts that flip: {len(found.changes)}"]
        lines += first_rows(found.changes, _change_row, where=_ALL)
    if found.moves:
        lines += ["", f"Deadlines that move: {len(found.moves)}"]
        lines += first_rows(found.moves, _move_row, where=_ALL)
    lines += _money(found)
    lines += _one_sided("before", found.only_before)
    lines += _one_sided("after", found.only_after)
    return [*lines, *_promises(found)]


def _headline(found: Compared) -> str:
    flips, on_both = len(found.changes), len(found.changes) + len(found.moves) + found.same
    if on_both == found.same and not found.credits:
        return f"Nothing flips: {words.count(found.same, 'verdict')} and every amount are the same."
    return (
        f"{words.count(flips, 'verdict')} of {on_both:,} on both sides "
        f"{words.plural(flips, 'flips', 'flip')}, and {words.count(len(found.credits), 'amount')}."
    )


def first_rows(
    rows: Sequence[T], cells: Callable[[T], list[str]], indent: str = "  ", where: str = ""
) -> list[str]:
    """The first of rows as a table, and how many more there are, and `where`."""
    first, more = [cells(one) for one in rows[:FIRST_FLIPS]], len(rows) - FIRST_FLIPS
    return words.table(first, indent=indent) + [f"{indent}and {more} more{where}"] * (more > 0)


def _change_row(one: Change) -> list[str]:
    told = f"{one.before.state} -> {one.after.state}"
    return [*_named(one), told, _why(one.before, one.after)]


def _move_row(one: Change) -> list[str]:
    before, after = (
        [None if at is None else format_instant(at) for at in (side.due_at, side.goal_at)]
        for side in (one.before, one.after)
    )
    return [*_named(one), *move_cells(before, after)]


def move_cells(before: Sequence[str | None], after: Sequence[str | None]) -> list[str]:
    """What of a limit and a goal, given for both sides as texts, is another instant."""
    return [
        f"{what} {was or 'none'} -> {now or 'none'}"
        for what, was, now in zip(("due", "goal"), before, after, strict=True)
        if was != now
    ]


def _named(one: Change) -> list[str]:
    key = one.after.key
    return [
        key.contract,
        key.commitment,
        key.subject + (f" ({one.after.cycle})" if one.after.cycle > 1 else ""),
    ]


def _why(before: Verdict, after: Verdict) -> str:
    """What each side was held to, and the value where one was measured."""
    was, now = held_to(before), held_to(after)
    held = was if was == now else f"{was} -> {now}"
    if before.measurement is None or after.measurement is None:
        return held
    values = [_value(before), _value(after)]
    shown = values[0] if values[0] == values[1] else " -> ".join(values)
    return f"{shown}, promised {held}"


def held_to(verdict: Verdict) -> str:
    """The level, target or allowance of a verdict."""
    if verdict.level is not None:
        return figures.promised(verdict.level)
    if verdict.target is not None and verdict.target.limit is not None:
        return f"{verdict.target.limit} of {verdict.target.calendar or verdict.calendar}"
    if verdict.allowed is not None:
        return str(verdict.allowed)
    return "no target"


def _value(verdict: Verdict) -> str:
    found = verdict.measurement
    assert found is not None
    bounds = found.final if found.is_settled else found.to_date
    unit: figures.ValueUnit = (
        "duration" if verdict.level is not None and verdict.level.unit == "duration" else "ratio"
    )
    return figures.bounded(bounds, verdict.level, unit)


# -- money -------------------------------------------------------------------------------------------------


def _money(found: Compared) -> list[str]:
    if not found.sums:
        return []
    lines: list[str] = []
    if found.credits:
        lines += ["", f"Amounts that change: {len(found.credits)}"]
        lines += words.table([_credit_row(one) for one in found.credits])
    rows = [["", "before", "after", "difference"]]
    for one in found.sums:
        difference = one.after - one.before
        sign = "+" if difference > 0 else ""
        amounts = [figures.money(amount, one.currency) for amount in (one.before, one.after, difference)]
        rows.append(["", amounts[0], amounts[1], sign + amounts[2]])
    lines += ["", "Owed in all", *words.table(rows, frozenset({1, 2, 3}))]
    for one in found.sums:
        if one.undecided_before or one.undecided_after:
            lines.append(
                f"  not decided, and in neither sum: {one.undecided_before} before, "
                f"{one.undecided_after} after ({one.currency or 'days of service'})"
            )
    return lines


def _credit_row(one: CreditChange) -> list[str]:
    return [
        one.key.contract, one.key.commitment, one.key.subject,
        f"{_owed(one.before)} -> {_owed(one.after)}",
    ]  # fmt: skip


def _owed(credit: Credit | None) -> str:
    if credit is None:
        return "none"
    if credit.state == "not owed":
        return "not owed"
    if credit.unit == "termination":
        return f"termination {credit.state}"
    amount = figures.money(credit.amount, credit.currency)
    return amount if credit.state == "owed" else f"{amount} ({credit.state})"


# -- one side ----------------------------------------------------------------------------------------------


def _one_sided(side: str, rows: Sequence[OneSide]) -> list[str]:
    if not rows:
        return []
    told = [
        [
            one.contract,
            one.commitment,
            words.count(one.verdicts, "verdict"),
            "the commitment is not on the other side" if one.is_whole else "its cycles are others there",
        ]
        for one in rows
    ]
    return ["", f"Only {side}", *words.table(told, frozenset({2}))]


# -- promises ----------------------------------------------------------------------------------------------


def _promises(found: Compared) -> list[str]:
    lines: list[str] = []
    kept = f"{figures.cut(KEPT * 100, 0)} %"
    if found.levels:
        lines += [
            "",
            f"What could have been promised: the level kept in {kept} of periods drawn from the past",
        ]
        lines += words.table([_level_row(one) for one in found.levels])
        drawn = [one.promise for one in found.levels if one.promise.exact is not None]
        if drawn:
            lines.append(
                f"  {words.count(drawn[0].periods, 'period')} each, of past days put back with equal weights "
                f"(whole weeks where bad days follow each other); seed {drawn[0].seed}"
            )
    if found.targets:
        lines += ["", f"The shortest target kept by {kept} of cycles, on its own calendar"]
        lines += words.table([_target_row(one) for one in found.targets])
    return lines


def _level_row(one: PromisedLevel) -> list[str]:
    rule = one.terms.rule(one.key.commitment)
    assert isinstance(rule, CommitRule)
    component = one.key.subject.partition("/")[2]
    promise = one.promise
    told, from_ = promise.reason, f"from {words.count(promise.past_days, 'day')}"
    if promise.exact is not None and promise.printed is not None and rule.level is not None:
        decimals = rule.level.decimals
        told = f"{rule.level.relation} {figures.cut(promise.printed * 100, decimals)} %"
        told += f" (exactly {figures.value(promise.exact, rule.level, 'ratio')})"
        from_ += " in weeks" if promise.block_days > 1 else ""
    promised = f"promised {figures.promised(rule.level)}"
    return [one.key.contract, one.key.commitment, component, promised, told, from_]


def _target_row(one: Target) -> list[str]:
    promise = one.promise
    told = f"{promise.unended} have not ended"
    if promise.printed_us is not None and promise.exact_us is not None:
        told = f"{words.length(promise.printed_us)} (exactly {words.length(promise.exact_us)})"
        if promise.exact_us == promise.printed_us:
            told = words.length(promise.printed_us)
    few = " (each counts: fewer than 100)" if promise.cycles < 100 else ""
    return [
        one.agreement, one.commitment, f"{one.target} of {one.calendar}", told,
        f"from {words.count(promise.cycles, 'cycle')}{few}",
    ]  # fmt: skip
