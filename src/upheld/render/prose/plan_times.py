"""The times of a clock as rows that plans share: one for each case that some plan tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from upheld.core.clocks.scope import holds
from upheld.core.terms.agreement import ALWAYS, Branch, ClockRule, Rows, Target, Terms, Tree
from upheld.core.values.amount import Amount
from upheld.core.values.rule import Modality
from upheld.render.prose.clocks import CUSTOMERS_ACTS
from upheld.render.prose.conditions import Phrases, quoted
from upheld.render.prose.targets import Step, Targets
from upheld.render.prose.tongue import N_, Tongue

WEAKER: Final[Mapping[Modality, str]] = {
    "objective": N_("{promise} (an aim)"),
    "best effort": N_("{promise} (best effort)"),
}
T = TypeVar("T")


def weakened(promise: str, modality: Modality, tongue: Tongue) -> str:
    """A promise with what it is short of a guarantee."""
    return tongue.say(WEAKER[modality], promise=promise) if modality in WEAKER else promise


class PlanTimes:
    """The rows of one clock of one plan; `plans` are all that it is compared with."""

    def __init__(self, rule: ClockRule, terms: Terms, plans: Sequence[Terms], tongue: Tongue) -> None:
        self.rule = rule
        self.terms = terms
        self.tongue = tongue
        self.phrases = Phrases(terms, tongue, rule.of)
        self.targets = Targets(rule, terms, tongue)
        self._rules = [one for other in plans for one in other.clocks if one.name == rule.name]

    def rows(self) -> Iterator[tuple[str, str]]:
        """The name of each row with what this plan says there."""
        name = quoted(self.rule.name)
        if self.rule.due is not None:
            yield name, self._promised(self.phrases.instant(self.rule.due))
            return
        for label, target, calendar in self._cells():
            yield f"{name}: {label}" if label else name, self._target(target, calendar)

    def _cells(self) -> Iterator[tuple[str, Target | None, str | None]]:
        """What is allowed in each case, and on which calendar; rows with conditions go by these."""
        within, on = self.rule.within, self.rule.on
        if isinstance(within, Rows):
            for row in within.rows:
                for steps in self._cases([row.target, on]):
                    told = [self.phrases.condition(row.where), *map(self.targets.condition, steps)]
                    given = _given(steps)
                    yield self.tongue.listed(told), _at(row.target, given), _at(on, given)
            return
        trees = [tree for one in self._rules for tree in (one.within, one.on) if not isinstance(tree, Rows)]
        found = list(self._cases(trees))
        names = tuple(dict.fromkeys(step.attribute for steps in found for step in steps))
        for steps in found:
            given = _given(steps)
            applies = holds(self.rule.where, self.terms, given) is not False
            label = self.targets.label(steps, names) if steps else ""
            yield label, _at(within, given) if applies else None, _at(on, given)

    def _cases(
        self, trees: Sequence[Tree[Any] | None], steps: tuple[Step, ...] = ()
    ) -> Iterator[tuple[Step, ...]]:
        """The decisions under which every one of some trees comes to one leaf, value by value."""
        given = _given(steps)
        name = next((one for tree in trees if (one := _open(tree, given)) is not None), None)
        if name is None:
            yield steps
            return
        for value in self._values(name, trees):
            yield from self._cases(trees, (*steps, Step(name, value)))

    def _values(self, name: str, trees: Iterable[Tree[Any] | None]) -> tuple[str | None, ...]:
        """All that an attribute can be; of one that the language knows, what is named and anything else."""
        closed = self.targets.closed.get(name)
        if closed is not None:
            return closed
        named = dict.fromkeys(chain.from_iterable(_named(tree, name) for tree in trees))
        return (*named, None)

    def _target(self, target: Target | None, calendar: str | None) -> str:
        say = self.tongue.say
        if target is None or calendar is None or (target.limit is None and target.goal is None):
            return say("no time is promised")
        goal = None
        if target.goal is not None:
            goal = self._amount(target.goal, target.goal_calendar or target.calendar or calendar)
        if target.limit is None:
            assert goal is not None, "one of the two is there"
            return say("goal {goal}; no limit", goal=goal)
        text = self._amount(target.limit, target.calendar or calendar)
        if self.rule.is_cadence:
            text = say("every {amount}", amount=text)
        if goal is not None:
            text = say("{limit}; goal {goal}", limit=text, goal=goal)
        return self._promised(text)

    def _promised(self, text: str) -> str:
        """What a clock promises; one that the customer has to keep is no promise to the customer."""
        acts = self.rule.again or self.rule.stops
        if all(match.types <= CUSTOMERS_ACTS for match in acts):
            return self.tongue.say("{promise} (for you to keep)", promise=text)
        return weakened(text, self.rule.modality, self.tongue)

    def _amount(self, amount: Amount, calendar: str) -> str:
        if amount.count == 0:
            return self.tongue.say("no time ({hours})", hours=quoted(calendar))
        hours = self.tongue.say("around the clock") if calendar == ALWAYS else quoted(calendar)
        return self.tongue.say("{amount} ({hours})", amount=self.tongue.amount(amount), hours=hours)


def _given(steps: Iterable[Step]) -> dict[str, str | None]:
    """The decisions as attributes; one that is none of those named is not known."""
    return {step.attribute: step.value if isinstance(step.value, str) else None for step in steps}


def _open(tree: Tree[Any] | None, given: Mapping[str, str | None]) -> str | None:
    """The first attribute that a tree still has to decide by; None where it has come to a leaf."""
    while isinstance(tree, Branch):
        if tree.attribute not in given:
            return tree.attribute
        tree = _row(tree, given)
    return None


def _at(tree: Tree[T] | None, given: Mapping[str, str | None]) -> T | None:
    """The leaf of a decision tree under some attributes; None where nothing is in force."""
    while isinstance(tree, Branch):
        tree = _row(tree, given)
    return tree


def _row(branch: Branch[T], given: Mapping[str, str | None]) -> Tree[T] | None:
    value = given[branch.attribute]
    return branch.other if value is None else branch.rows.get(value, branch.other)


def _named(tree: Tree[Any] | None, name: str) -> Iterator[str]:
    """The values of an attribute that a tree has rows for."""
    if isinstance(tree, Branch):
        if tree.attribute == name:
            yield from tree.rows
        for row in (*tree.rows.values(), tree.other):
            yield from _named(row, name)
