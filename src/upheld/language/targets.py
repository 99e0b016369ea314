"""Which targets a clock has, for which values, and on which calendars they count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from upheld.core.terms.agreement import Branch, ClockRule, Rows, Target, Tree, leaves
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr

Decided: TypeAlias = Mapping[str, "str | frozenset[str]"]
"""How a row of a decision tree was reached: by a value, or by none of several (`other`)."""


class Reached(NamedTuple):
    """A target, the values that lead to it, and the condition of its row where rows tell targets apart."""

    target: Target
    decided: Decided
    where: Expr | None = None


class Counted(NamedTuple):
    """An amount of a target on one of the calendars on which it can count."""

    amount: Amount
    calendar: str
    is_limit: bool
    reached: Reached


def targets_of(within: Tree[Target] | Rows | None) -> Iterator[Reached]:
    """Every target, in the order of the page."""
    if isinstance(within, Rows):
        for row in within.rows:
            for one in _reached(row.target, {}):
                yield one._replace(where=row.where)
    else:
        yield from _reached(within, {})


def counted(rule: ClockRule) -> Iterator[Counted]:
    """Every amount with the calendars on which it can count: a row for P1 counts on the calendars for P1."""
    for reached in targets_of(rule.within):
        target = reached.target
        for amount, own, is_limit in (
            (target.goal, target.goal_calendar or target.calendar, False),
            (target.limit, target.calendar, True),
        ):
            if amount is not None:
                names = [own] if own else dict.fromkeys(still_open(rule.on, reached.decided))
                for calendar in names:
                    yield Counted(amount, calendar, is_limit, reached)


def still_open(tree: Tree[str] | None, decided: Decided) -> Iterator[str]:
    """The leaves that can be reached once these values are decided."""
    if not isinstance(tree, Branch):
        yield from leaves(tree)
        return
    by = decided.get(tree.attribute, frozenset())
    if isinstance(by, str):
        yield from still_open(tree.rows.get(by, tree.other), decided)
        return
    for value, row in tree.rows.items():
        if value not in by:
            yield from still_open(row, decided)
    yield from still_open(tree.other, decided)


def _reached(tree: Tree[Target] | None, decided: Decided) -> Iterator[Reached]:
    if isinstance(tree, Branch):
        for value, row in tree.rows.items():
            yield from _reached(row, {**decided, tree.attribute: value})
        yield from _reached(tree.other, {**decided, tree.attribute: frozenset(tree.rows)})
    elif tree is not None:
        yield Reached(tree, decided)
