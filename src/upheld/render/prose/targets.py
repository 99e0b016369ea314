"""How long a clock allows, in plain words: one time, or a table of times by what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from upheld.core.clocks.scope import holds
from upheld.core.terms.agreement import ALWAYS, Branch, ClockRule, Rows, Target, Terms, Tree, leaves
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Attribute, Expr, ListOf, Literal, Member
from upheld.core.values.frozen import replace
from upheld.render.prose.conditions import Phrases, quoted
from upheld.render.prose.document import Grid
from upheld.render.prose.tongue import Tongue

T = TypeVar("T")


class Step(NamedTuple):
    """One decision on the way to a leaf: the value of an attribute, one of several, or any other (None)."""

    attribute: str
    value: str | tuple[str, ...] | None


class Case(NamedTuple, Generic[T]):
    """What holds under some decisions; None: nothing."""

    steps: tuple[Step, ...]
    leaf: T | None


class Targets:
    """The times of one clock in words."""

    def __init__(self, rule: ClockRule, terms: Terms, tongue: Tongue) -> None:
        self.rule = rule
        self.terms = terms
        self.tongue = tongue
        self.phrases = Phrases(terms, tongue, rule.of)
        self.closed = {scale.name: tuple(scale.values) for scale in terms.scales if scale.of == rule.of} | {
            one.name: one.values for one in terms.attributes if one.of == rule.of and one.values
        }

    @property
    def only(self) -> Target | None:
        """The target, if there is one and it depends on nothing."""
        return self.rule.within if isinstance(self.rule.within, Target) else None

    def all(self) -> Iterator[Target]:
        """Every target, whatever it depends on."""
        within = self.rule.within
        for tree in [row.target for row in within.rows] if isinstance(within, Rows) else [within]:
            yield from leaves(tree)

    def amount(self, amount: Amount, calendar: str | None = None) -> str:
        """An amount, with the hours that count where the target itself names them."""
        text = self.tongue.amount(amount)
        if calendar is None:
            return text
        return self.tongue.say("{amount} ({hours})", amount=text, hours=self.hours(calendar))

    def hours(self, calendar: str) -> str:
        """Which hours count, for a cell."""
        return self.tongue.say("around the clock") if calendar == ALWAYS else quoted(calendar)

    # -- tables --------------------------------------------------------------------------------------------

    def grids(self) -> Iterator[Grid]:
        """The table of the times, and one of the hours that count where it is not the same decision."""
        within, on = self.rule.within, self.rule.on
        if isinstance(within, Rows):
            yield self._of_rows(within)
        elif isinstance(within, Branch):
            merged = isinstance(on, Branch) and _attributes(on) == (within.attribute,)
            yield self._of_tree(within, on if merged else None)
            if merged:
                return
        if isinstance(on, Branch):
            rows = tuple(
                (self.label(case.steps, _attributes(on)), self._on(case)) for case in self._shown(on)
            )
            headers = (self._header(_attributes(on)), self.tongue.say("Hours that count"))
            yield Grid(self.tongue.say("Which hours count"), headers, rows, self.rule.cited)

    def _of_tree(self, within: Branch[Target], on: Tree[str] | None) -> Grid:
        found = list(self._split(within, on) if isinstance(on, Branch) else self._shown(within))
        has_goal = any(case.leaf is not None and case.leaf.goal is not None for case in found)
        names = _attributes(within)
        rows = [(self.label(case.steps, names), *self._cells(case.leaf, has_goal)) for case in found]
        headers = (self._header(names), *self._headers(has_goal))
        if on is not None:
            headers = (*headers, self.tongue.say("Hours that count"))
            rows = [
                (*row, "" if case.leaf is None else self._hours_at(on, case.steps))
                for row, case in zip(rows, found, strict=True)
            ]
        return Grid(self.caption, headers, tuple(rows), self.rule.cited)

    def _split(self, within: Branch[Target], on: Branch[str]) -> Iterator[Case[Target]]:
        """The cases of the times, with a case of its own for each value that only the hours name."""
        whole = replace(
            within, rows={**within.rows, **{v: within.other for v in on.rows if v not in within.rows}}
        )
        yield from self._shown(whole)

    def _hours_at(self, on: Tree[str], steps: Sequence[Step]) -> str:
        tree: Tree[str] | None = on
        known = {step.attribute: step.value for step in steps}
        while isinstance(tree, Branch):
            value = known.get(tree.attribute)
            tree = tree.rows.get(value, tree.other) if isinstance(value, str) else tree.other
        return self._on(Case((), tree))

    def _on(self, case: Case[str]) -> str:
        return self.tongue.say("none") if case.leaf is None else self.hours(case.leaf)

    def _of_rows(self, within: Rows) -> Grid:
        found: list[tuple[str, Target | None]] = []
        for row in within.rows:
            target = row.target
            shown = self._shown(target) if isinstance(target, Branch) else iter([Case((), target)])
            for case in shown:
                conditions = [self.phrases.condition(row.where), *map(self.condition, case.steps)]
                found.append((self.tongue.listed(conditions), case.leaf))
        has_goal = any(target is not None and target.goal is not None for _, target in found)
        rows = tuple((label, *self._cells(target, has_goal)) for label, target in found)
        return Grid(self.caption, (self.tongue.say("If"), *self._headers(has_goal)), rows, self.rule.cited)

    # -- cells ---------------------------------------------------------------------------------------------

    @property
    def caption(self) -> str:
        """What the table of times is called."""
        return self.tongue.say("Times of {what}", what=quoted(self.rule.name))

    def _headers(self, has_goal: bool) -> tuple[str, ...]:
        say = self.tongue.say
        limit = say("At least every") if self.rule.is_cadence else say("Within")
        return (limit, say("Goal")) if has_goal else (limit,)

    def _cells(self, target: Target | None, has_goal: bool) -> tuple[str, ...]:
        limit, goal = self.tongue.say("no time is promised"), ""
        if target is not None:
            limit = (
                self.tongue.say("no limit; it is recorded")
                if target.limit is None
                else self.amount(target.limit, target.calendar)
            )
            if target.goal is not None:
                goal = self.amount(target.goal, target.goal_calendar or target.calendar)
        return (limit, goal) if has_goal else (limit,)

    def _shown(self, tree: Branch[T]) -> Iterator[Case[T]]:
        """Every leaf of a tree with the decisions that lead to it; the rest of each decision last.

        The rest goes by its values where these are known, and not without any.
        """
        rest = self._rest(tree)
        rows: list[tuple[str | tuple[str, ...] | None, Tree[T] | None]] = [*tree.rows.items()]
        if rest is None or rest:
            rows.append((rest, tree.other))
        for value, row in rows:
            below = self._shown(row) if isinstance(row, Branch) else iter([Case((), row)])
            for case in below:
                yield Case((Step(tree.attribute, value), *case.steps), case.leaf)

    def _rest(self, tree: Branch[T]) -> tuple[str, ...] | None:
        """The values that no row names and that the clock runs for; None if the set is not closed."""
        values = self.closed.get(tree.attribute)
        if values is None:
            return None
        return tuple(
            value for value in values if value not in tree.rows and self._runs_for(tree.attribute, value)
        )

    def _runs_for(self, attribute: str, value: str) -> bool:
        """Whether the clock can run for a value, by what the rule says of it alone."""
        return holds(self.rule.where, self.terms, {attribute: value}) is not False

    def _header(self, names: Sequence[str]) -> str:
        if len(names) > 1:
            return self.tongue.say("Case")
        return self.tongue.say("If {noun} is", noun=self.phrases.value(Attribute(names[0])))

    def label(self, steps: Sequence[Step], names: Sequence[str]) -> str:
        if len(names) > 1:
            return self.tongue.listed([self.condition(step) for step in steps])
        value = steps[0].value
        if value is None:
            return self.tongue.say("any other")
        values = (value,) if isinstance(value, str) else value
        return self.tongue.listed([self.phrases.value(Literal(one, "text")) for one in values], "or")

    def condition(self, step: Step) -> str:
        if step.value is None:
            noun = self.phrases.value(Attribute(step.attribute))
            return self.tongue.say("{noun} is any other", noun=noun)
        return self.phrases.condition(_is(step.attribute, step.value))


def _is(attribute: str, value: str | tuple[str, ...]) -> Expr:
    values = (value,) if isinstance(value, str) else value
    return Member(Attribute(attribute), ListOf(tuple(Literal(one, "text") for one in values)))


def _attributes(tree: object) -> tuple[str, ...]:
    """The attributes that a tree decides by, each once."""
    found: dict[str, None] = {}
    if isinstance(tree, Branch):
        found[tree.attribute] = None
        for row in (*tree.rows.values(), tree.other):
            found.update(dict.fromkeys(_attributes(row)))
    return tuple(found)
