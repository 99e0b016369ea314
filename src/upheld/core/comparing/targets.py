"""How the targets of two clocks compare: in every case of the attributes, at every start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, TypeVar

from upheld.core.clocks.cycle import is_resolving
from upheld.core.comparing.cases import OTHER, Case, Cases, Side, TooManyCasesError, truth
from upheld.core.comparing.comparison import Example, Order, Part, both, order_of
from upheld.core.comparing.time import Budget, Lateness
from upheld.core.comparing.versions import Versions
from upheld.core.terms.agreement import Branch, ClockRule, Rows, Target, Terms, Tree
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr
from upheld.core.values.value import Value

REFUSED = "refused"
"""The answer of a quota after which no clock runs."""
T = TypeVar("T")


class Held(NamedTuple):
    """A target with the name of the calendar that it counts on."""

    target: Target
    calendar: str

    def __str__(self) -> str:
        limit, goal = self.target.limit, self.target.goal
        on = "" if self.calendar == "always" else f" on {self.calendar}"
        said = [] if limit is None else [f"{limit}{on}"]
        said += [] if goal is None else [f"goal {goal}{on}"]
        return ", ".join(said) or "recorded"


class _Unknown:
    """What holds cannot be told: something that decides it is not known."""


UNKNOWN = _Unknown()
Outcome: TypeAlias = "tuple[Held, ...] | _Unknown | None"
"""What holds in one case: one target, or several of which the strictest does; None: nothing is promised."""
_Pairs: TypeAlias = "dict[tuple[Outcome, Outcome], list[Case]]"


def compare_targets(before: ClockRule, after: ClockRule, versions: Versions) -> Iterator[Part]:
    """The parts in which the targets of two clocks of one kind of subject differ."""
    if before.of != after.of or _is_written_alike(before, after, versions):
        return
    try:
        pairs = _pairs(before, after, versions)
    except TooManyCasesError as fault:
        yield Part("target", "incomparable", "not compared", str(fault))
        return
    is_plain = before.change_by_customer == before.change_by_provider == "keep start"
    is_plain = is_plain and after.change_by_customer == after.change_by_provider == "keep start"
    if not is_plain and not _is_one_to_one(pairs):
        yield Part("target", "incomparable", "changes restart the clock", "other changes restart it")
    can_stand = not is_plain or any(map(_can_stand, (before, after)))
    found: list[Part] = []
    for (one, other), cases in pairs.items():
        what = f"target{_said(cases, pairs)}"
        found += _compared(one, other, what, _Two(before, after, versions, can_stand))
    yield from found
    if not found and _differs_where_unknown(before, after, versions):
        yield Part("target", "incomparable", "told without it", "depends on what may be unknown")


def _is_written_alike(before: ClockRule, after: ClockRule, versions: Versions) -> bool:
    fields = ("where", "within", "on", "hours")
    return not versions.apart and all(getattr(before, f) == getattr(after, f) for f in fields)


def _can_stand(rule: ClockRule) -> bool:
    """Whether a clock can stand still: in a pause, or while its ticket is resolved."""
    if rule.is_cadence:
        return False
    return bool(rule.pauses) or (is_resolving(rule) and rule.reopening == "continue")


def _is_one_to_one(pairs: _Pairs) -> bool:
    """Whether what holds changes in both at the same changes of attributes."""
    if any(isinstance(outcome, tuple) and len(outcome) > 1 for pair in pairs for outcome in pair):
        return False
    return len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)


# -- every case --------------------------------------------------------------------------------------------


def _pairs(before: ClockRule, after: ClockRule, versions: Versions, *, unknown: bool = False) -> _Pairs:
    """The different pairs of what holds, with the cases in which they do. TooManyCasesError."""
    cases = Cases(versions.names(before.of), versions.apart)
    one, other = _Asked(before, 0, cases), _Asked(after, 1, cases)
    found: _Pairs = {}
    for case in cases.all(unknown=unknown):
        found.setdefault((one.outcome(case), other.outcome(case)), []).append(case)
    return found


def _differs_where_unknown(before: ClockRule, after: ClockRule, versions: Versions) -> bool:
    try:
        pairs = _pairs(before, after, versions, unknown=True)
    except TooManyCasesError:
        return True
    return any((one is UNKNOWN) != (other is UNKNOWN) for one, other in pairs)


class _Asked:
    """A rule whose conditions can be asked of any case."""

    def __init__(self, rule: ClockRule, side: Side, cases: Cases) -> None:
        self._rule = rule
        self._where = cases.add(rule.where, side)
        self._rows: list[tuple[Expr | None, Tree[Target] | None]] = []
        _add_branches(rule.on, cases)
        if isinstance(rule.within, Rows):
            for row in rule.within.rows:
                self._rows.append((cases.add(row.where, side), row.target))
                _add_branches(row.target, cases)
        else:
            _add_branches(rule.within, cases)

    def outcome(self, case: Case) -> Outcome:
        """What holds in a case. Source: `core/stretch.in_force`."""
        rule = self._rule
        holds = truth(self._where, case)
        if holds is None:
            return UNKNOWN
        on = _reached(rule.on, case)
        if not holds or rule.within is None or on is None:
            return None
        if isinstance(on, _Unknown):
            return UNKNOWN
        if isinstance(rule.within, Rows):
            return self._chosen(rule.within, case, on)
        target = _reached(rule.within, case)
        return (_held(target, on),) if isinstance(target, Target) else target

    def _chosen(self, rows: Rows, case: Case, on: str) -> Outcome:
        matching: list[Target | _Unknown | None] = []
        for where, tree in self._rows:
            holds = truth(where, case)
            if holds is not False:
                reached = _reached(tree, case)
                matching.append(UNKNOWN if holds is None else reached)
                if rows.choose == "first":
                    break
        if any(isinstance(target, _Unknown) for target in matching):
            return UNKNOWN
        held = [_held(target, on) for target in matching if isinstance(target, Target)]
        limited = tuple(one for one in held if one.target.limit is not None)
        if limited or not matching:
            return limited or None
        return None if matching[0] is None else tuple(held[:1])


def _held(target: Target, on: str) -> Held:
    return Held(target, target.calendar or on)


def _add_branches(tree: Tree[Target] | Tree[str] | None, cases: Cases) -> None:
    if isinstance(tree, Branch):
        cases.branch(tree.attribute, tree.rows)
        for row in (*tree.rows.values(), tree.other):
            _add_branches(row, cases)


def _reached(tree: Tree[T] | None, case: Case) -> T | _Unknown | None:
    while isinstance(tree, Branch):
        value = case.get(tree.attribute)
        if value is None:
            return UNKNOWN
        tree = tree.rows.get(str(value), tree.other)
    return tree


def answered(rule: ClockRule, terms: Terms, quota: str, one: str, other: str) -> Order:
    """What it is for a clock to get another answer of a quota, all else being the same. TooManyCasesError."""
    versions = Versions(terms, terms)
    cases = Cases(versions.names(rule.of))
    asked = _Asked(rule, 0, cases)
    name = f"quota.{quota}"
    orders: list[Order] = []
    two = _Two(rule, rule, versions, _can_stand(rule))
    for case in cases.all():
        if case.get(name, one) == one:
            outcomes = [
                None if answer == REFUSED else asked.outcome({**case, name: answer})
                for answer in (one, other)
            ]
            parts = _compared(outcomes[0], outcomes[1], "target", two)
            orders.append(both(part.order for part in parts))
    return both(orders)


# -- one case ----------------------------------------------------------------------------------------------


class _Two(NamedTuple):
    """What two targets are compared under."""

    before: ClockRule
    after: ClockRule
    versions: Versions
    can_stand: bool

    def budgets(
        self, one: Held, other: Held, amounts: tuple[Amount, Amount], goal: bool
    ) -> tuple[Budget, Budget]:
        """Two amounts, each on its calendar."""
        budgets = []
        sides: tuple[tuple[Held, ClockRule, Side], ...] = ((one, self.before, 0), (other, self.after, 1))
        for (held, rule, side), amount in zip(sides, amounts, strict=True):
            name = held.target.goal_calendar if goal and held.target.goal_calendar else held.calendar
            moved_to = None if rule.hours is None else self.versions.calendar(rule.hours, side)
            budgets.append(Budget(amount, self.versions.calendar(name, side), moved_to))
        return budgets[0], budgets[1]


def _compared(one: Outcome, other: Outcome, what: str, two: _Two) -> Iterator[Part]:
    """The parts in which two outcomes differ."""
    if isinstance(one, _Unknown) or isinstance(other, _Unknown):
        if one is not other:
            yield Part(what, "incomparable", _text(one), _text(other))
        return
    if one is None or other is None:
        if one is not other:
            yield Part(what, order_of(one is None, other is None), _text(one), _text(other))
        return
    if len(one) == len(other) == 1:
        yield from _held_parts(one[0], other[0], what, two)
        return
    # The strictest of several: it is no later if each has one in the other that is no later.
    table = [[both(p.order for p in _held_parts(a, b, what, two)) for b in other] for a in one]
    no_later = all(any(order in ("better", "equal") for order in row) for row in table)
    no_sooner = all(
        any(order in ("worse", "equal") for order in column) for column in zip(*table, strict=True)
    )
    if not (no_later and no_sooner):
        order: Order = "better" if no_later else "worse" if no_sooner else "incomparable"
        yield Part(what, order, _text(one), _text(other))


def _held_parts(one: Held, other: Held, what: str, two: _Two) -> Iterator[Part]:
    """Limit and goal of two targets compared."""
    for goal, a, b in (
        (False, one.target.limit, other.target.limit),
        (True, one.target.goal, other.target.goal),
    ):
        name = what.replace("target", "goal", 1) if goal else what
        if a is None or b is None:
            if a is not b:
                yield Part(name, order_of(a is None, b is None), str(one), str(other))
            continue
        budgets = two.budgets(one, other, (a, b), goal)
        found = two.versions.lateness(*budgets, two.can_stand)
        was, now = str(one), str(other)
        if was == now and two.before.hours != two.after.hours:
            was, now = (f"{was}, in {rule.hours or 'any hours'}" for rule in (two.before, two.after))
        for order, example in _sides(found):
            yield Part(name, order, was, now, example)
        closing = [f"closing: {budget.calendar.closing}" for budget in budgets]
        if found.order == "equal" and closing[0] != closing[1]:
            # Late at the same instant; but whoever is told when it is due is told another one.
            yield Part(f"{name}, as shown", "incomparable", closing[0], closing[1])


def _sides(found: Lateness) -> Iterator[tuple[Order, Example | None]]:
    """One part for each direction in which it differs."""
    if found.order == "incomparable" and found.later and found.earlier:
        yield "better", found.earlier
        yield "worse", found.later
    elif found.order != "equal":
        yield found.order, found.earlier if found.order == "better" else found.later


def _text(outcome: Outcome) -> str:
    if isinstance(outcome, _Unknown):
        return "unknown"
    return "no target" if outcome is None else " or ".join(map(str, outcome))


def _said(cases: list[Case], pairs: _Pairs) -> str:
    """Of which cases it is, by the names that decide it: `, priority in P1, P2`."""
    if len(pairs) == 1:
        return ""
    every = [case for of_pair in pairs.values() for case in of_pair]
    names = [name for name in every[0] if len({case[name] for case in every}) > 1]
    said = []
    for name in names:
        values = list(dict.fromkeys(case[name] for case in cases))
        if len(values) < len({case[name] for case in every}):
            said.append(f"{name} {'=' if len(values) == 1 else 'in'} {', '.join(map(_value, values))}")
    return f" ({' and '.join(said)})" if said else ""


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "another" if value == OTHER else str(value)
