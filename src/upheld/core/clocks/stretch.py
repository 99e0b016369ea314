"""Which target is in force when: the stretches of a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from upheld.core.clocks.carrying import Carried
from upheld.core.clocks.scope import holds
from upheld.core.clocks.subject import Moment, Subject
from upheld.core.terms.agreement import ALWAYS, Branch, ChangeRule, ClockRule, Rows, Target, Terms, Tree
from upheld.core.timeline.instant import Instant
from upheld.core.values.amount import Amount
from upheld.core.values.frozen import replace
from upheld.core.values.value import Value as Known

T = TypeVar("T")


class Unknown:
    """The target in force cannot be told: something it depends on is not known."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


Promised: TypeAlias = tuple[Target | Unknown | None, str]
"""The target in force, and the calendar it counts on."""


class Stretch(NamedTuple):
    """One target in force until the next begins; `change` says from where it counts, if it is a change."""

    start_at: Instant
    target: Target | Unknown | None
    calendar: str
    change: ChangeRule

    @property
    def limit(self) -> Amount | None:
        """What is judged, if anything."""
        return self.target.limit if isinstance(self.target, Target) else None


# -- what is in force --------------------------------------------------------------------------------------


def in_force(rule: ClockRule, terms: Terms, moment: Moment, start_at: Instant) -> Promised:
    """The target for a subject with these attributes, and the calendar it counts on."""
    condition = rule.where is None or holds(rule.where, terms, moment.attributes)
    if is_refused(moment.attributes):
        return None, ALWAYS
    if condition is None:
        return UNKNOWN, ALWAYS
    on = _descend(rule.on, moment)
    if not condition or rule.within is None or on is None:
        return None, ALWAYS
    if isinstance(on, Unknown):
        return UNKNOWN, ALWAYS
    if isinstance(rule.within, Rows):
        target = _chosen(rule.within, terms, moment, start_at, on)
    else:
        target = _descend(rule.within, moment)
    if not isinstance(target, Target):
        return target, ALWAYS  # where nothing is promised, another calendar changes nothing
    # Two ways of writing one target are no change of it: the calendar is told apart from it.
    calendar = target.calendar or on
    goal_calendar = None if target.goal_calendar == calendar else target.goal_calendar
    if target.calendar is not None or goal_calendar != target.goal_calendar:
        target = replace(target, calendar=None, goal_calendar=goal_calendar)
    return target, calendar


def is_refused(attributes: Mapping[str, Known]) -> bool:
    """Whether a quota's overflow rule refuses the subject: then no clock runs."""
    return "refused" in attributes.values() and any(
        value == "refused" and name.startswith("quota.") for name, value in attributes.items()
    )


def _descend(tree: Tree[T] | None, moment: Moment) -> T | Unknown | None:
    while isinstance(tree, Branch):
        value = moment.attributes.get(tree.attribute)
        if value is None:
            return UNKNOWN
        tree = tree.rows.get(str(value), tree.other)
    return tree


def _chosen(rows: Rows, terms: Terms, moment: Moment, start_at: Instant, on: str) -> Target | Unknown | None:
    matching: list[Target | Unknown | None] = []
    for row in rows.rows:
        condition = holds(row.where, terms, moment.attributes)
        if condition is not False:
            found = _descend(row.target, moment)
            matching.append(UNKNOWN if condition is None else found)
            if rows.choose == "first":
                break
    if not matching or any(isinstance(target, Unknown) for target in matching):
        return UNKNOWN if matching else None
    limited = [t for t in matching if isinstance(t, Target) and t.limit is not None]
    if not limited:
        return matching[0]

    def due_at(target: Target) -> Instant:
        assert target.limit is not None
        return terms.calendars[target.calendar or on].deadline(start_at, target.limit)

    return min(limited, key=due_at)


def promised(
    rule: ClockRule, terms: Terms, moments: Sequence[Moment], start_at: Instant
) -> tuple[Promised, ...]:
    """What is in force from each moment on."""
    return tuple([in_force(rule, terms, moment, start_at) for moment in moments])


def stretches(
    rule: ClockRule,
    terms: Terms,
    subject: Subject,
    start_at: Instant,
    end_at: Instant,
    carried: Carried | None = None,
) -> list[Stretch]:
    """The stretches of one cycle, in order; a new one begins where the target in force changes."""
    first, last = subject.between(start_at, end_at)
    moments = subject.moments[first:last]
    return pieces_of(rule, moments, start_at, promised(rule, terms, moments, start_at), carried)


def pieces_of(
    rule: ClockRule,
    moments: Sequence[Moment],
    start_at: Instant,
    told: Sequence[Promised],
    carried: Carried | None = None,
) -> list[Stretch]:
    """The stretches of a cycle, by its moments and what is `promised` at each; the first is at its start.

    One that was carried over begins there: what was in force before was another's to judge.
    """
    target, calendar = told[0]
    found = [Stretch(start_at, target, calendar, "keep start")]
    for moment, promise in zip(moments[1:], told[1:], strict=True) if len(told) > 1 else ():
        if promise == (target, calendar):
            continue
        # What was not known before is told for the first time, not changed.
        change = "keep start" if isinstance(target, Unknown) else _change(rule, moment.by)
        target, calendar = promise
        found.append(Stretch(moment.at, target, calendar, change))
    if carried is None:
        return found
    later = [one for one in found if one.start_at > carried.at]
    begun = found[len(found) - len(later) - 1]
    return [begun._replace(start_at=carried.at, change="keep start"), *later]


def anchor_of(carried: Carried, pieces: Sequence[Stretch], terms: Terms) -> Instant:
    """From when a clock that was carried over counts, on the calendar of the first target there is."""
    targets = (piece for piece in pieces if isinstance(piece.target, Target))
    first = next(targets, pieces[0])
    return terms.calendars[first.calendar].before(carried.at, carried.elapsed)


def _change(rule: ClockRule, by: str) -> ChangeRule:
    """The rule for a change by somebody; where nobody is named, only one that holds for everybody does."""
    if by == "customer" or rule.change_by_customer == rule.change_by_provider:
        return rule.change_by_customer
    return rule.change_by_provider if by == "provider" else "keep start"
