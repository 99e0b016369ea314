"""Plans in the order of the page, each dearer than the one before: what the dearer one promises less of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from upheld.core.terms.agreement import ClockRule, Rows, Scale
from upheld.core.timeline.words import count
from upheld.core.values.finding import Finding, Place
from upheld.language.lint.conditions import can_hold, domains_of, fixed_by
from upheld.language.lint.fields import amounts_field, concept_of, finding, nearest, stands_in
from upheld.language.lint.hours import calendars_of, fortnight
from upheld.language.targets import Counted, counted
from upheld.language.whole import PlanText, Whole


class Pair(NamedTuple):
    """Two plans, the cheaper one first."""

    less: PlanText
    more: PlanText

    def worse(self, what: str, places: list[Place]) -> Finding:
        """That the dearer plan promises less; its name is a place too if it inherits what it promises."""
        own = self.more.own
        if own is not None and not stands_in(own[1], places[0]):
            places = [*places, own[0].place]
        message = f"`{self.more.name}` promises less than `{self.less.name}`, which stands before it: {what}"
        way_out = "mend the dearer plan, or list the plans from the cheapest to the dearest"
        return finding("warning", "plan-promises-less", message, places, way_out)


def plan_promises_less(whole: Whole) -> Iterator[Finding]:
    """Whatever clock, allowance, duty or entitlement is worse in a plan than in the one before it."""
    for less, more in pairwise(whole.plans):
        pair = Pair(less, more)
        yield from _targets(pair)
        yield from _counts(pair)
        yield from _entitlements(pair)


def places_of(pair: Pair, concept: str, name: str, *path: str) -> list[Place]:
    """Where both plans say it, the dearer one first; a row that it lacks is shown in the cheaper one."""
    found = [nearest(plan, concept, name, *path).place for plan in (pair.more, pair.less)]
    return found if pair.more.row(concept, name) is not None else found[1:]


# -- targets -----------------------------------------------------------------------------------------------


def _targets(pair: Pair) -> Iterator[Finding]:
    after = {clock.name: clock for clock in pair.more.terms.clocks}
    for clock in pair.less.terms.clocks:
        if clock.within is None or isinstance(clock.within, Rows):
            continue
        other = after.get(clock.name)
        concept, field = concept_of(clock), amounts_field(clock)
        if other is None:
            yield pair.worse(f"`{clock.name}` is gone", places_of(pair, concept, clock.name, field))
            continue
        for values, was, now in _compared(pair, clock, other):
            value = next(iter(values.values()), "")
            of = f" for `{value}`" if value else ""
            places = places_of(pair, concept, clock.name, field, value)
            if now is None:
                where = nearest(pair.more, concept, clock.name, "where")
                places = [where.place, *places] if where.node is not None else places
                yield pair.worse(f"`{clock.name}` has no target{of}", places)
            elif _is_longer(pair, now, was):
                told = f"`{clock.name}`{of} takes {_counted(now)}, and took {_counted(was)}"
                yield pair.worse(told, places)


def _compared(
    pair: Pair, clock: ClockRule, other: ClockRule
) -> Iterator[tuple[dict[str, str], Counted, Counted | None]]:
    """For each value of the scales that a clock is decided by, what was allowed and what is."""
    for values in _cases(pair, clock, other):
        was = _limit(pair.less, clock, values)
        if was is not None:
            yield values, was, _limit(pair.more, other, values)


def _cases(pair: Pair, clock: ClockRule, other: ClockRule) -> list[dict[str, str]]:
    """The values of the one scale that tells targets apart in either plan; one case if there is none."""
    names = {name for one in (*counted(clock), *counted(other)) for name in one.reached.decided}
    scales: list[Scale] = [one for one in pair.less.terms.scales if one.of == clock.of and one.name in names]
    return [{scales[0].name: value} for value in scales[0].values] if len(scales) == 1 else [{}]


def _limit(plan: PlanText, clock: ClockRule, values: dict[str, str]) -> Counted | None:
    """The limit for some values; the first of several."""
    domains = domains_of(plan.terms, clock.of)
    if not can_hold([clock.where], domains, values):
        return None
    for one in counted(clock):
        if not one.is_limit or not all(
            _fits(by, values.get(name)) for name, by in one.reached.decided.items()
        ):
            continue
        if can_hold([clock.where, one.reached.where], domains, {**fixed_by(one.reached.decided), **values}):
            return one
    return None


def _fits(by: str | frozenset[str], value: str | None) -> bool:
    if value is None:
        return True
    return by == value if isinstance(by, str) else value not in by


def _is_longer(pair: Pair, now: Counted, was: Counted) -> bool:
    """Whether more time passes until a limit: on one calendar, or where one opens only with the other."""
    now_us, was_us = _axis(pair.more, now), _axis(pair.less, was)
    if now_us is None or was_us is None:
        same = now.amount.kind == was.amount.kind and now.calendar == was.calendar
        return same and now.amount.count > was.amount.count
    if now.calendar == was.calendar:
        return now_us > was_us
    return now_us >= was_us and _opens_less(pair, now.calendar, was.calendar)


def _axis(plan: PlanText, one: Counted) -> Fraction | None:
    """An amount as a length on its calendar's axis; None if it names an instant."""
    day = calendars_of(plan).text(one.calendar).business_day
    if one.amount.kind == "time":
        return Fraction(one.amount.count)
    if one.amount.kind == "business days" and day is not None and day.hours_us is not None:
        return one.amount.count * Fraction(day.hours_us)
    return None


def _opens_less(pair: Pair, name: str, other: str) -> bool:
    """Whether a calendar is only open while the other is, and not always then."""
    mine, its = fortnight(pair.more, name), fortnight(pair.less, other)
    return not (mine - its) and bool(its - mine)


def _counted(one: Counted) -> str:
    return f"{one.amount} of `{one.calendar}`"


# -- what is counted ---------------------------------------------------------------------------------------


def _counts(pair: Pair) -> Iterator[Finding]:
    quotas = {quota.name: quota for quota in pair.more.terms.quotas}
    for quota in pair.less.terms.quotas:
        now = quotas.get(quota.name)
        if now is not None and now.allow < quota.allow:
            places = places_of(pair, "quota", quota.name, "allow")
            yield pair.worse(f"`{quota.name}` allows {now.allow}, and allowed {quota.allow}", places)
    duties = {one.name: one for one in pair.more.terms.obligations}
    for duty in pair.less.terms.obligations:
        then = duties.get(duty.name)
        places = places_of(pair, "obligation", duty.name, "times")
        if then is None:
            yield pair.worse(f"`{duty.name}` is gone", places)
        elif then.period.kind == duty.period.kind and then.times < duty.times:
            yield pair.worse(
                f"`{duty.name}` is done {count(then.times, 'time')}, and was {duty.times}", places
            )


def _entitlements(pair: Pair) -> Iterator[Finding]:
    after = {one.name: one for one in pair.more.terms.entitlements}
    for one in pair.less.terms.entitlements:
        other = after.get(one.name)
        places = places_of(pair, "entitlement", one.name)
        if other is None:
            yield pair.worse(f"`{one.name}` is gone", places)
            continue
        limits = one.named_contacts, other.named_contacts
        if limits[0] is not None and limits[1] is not None and limits[1] < limits[0]:
            places = places_of(pair, "entitlement", one.name, "named contacts")
            yield pair.worse(f"`{one.name}` names {limits[1]} contacts, and named {limits[0]}", places)
        if len(other.channels) < len(one.channels):
            places = places_of(pair, "entitlement", one.name, "channels")
            told = f"`{one.name}` has {count(len(other.channels), 'channel')}, and had {len(one.channels)}"
            yield pair.worse(told, places)
