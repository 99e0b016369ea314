"""Plans in the order of the page, each dearer than the one before: what the dearer one promises less of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from upheld.core.agreement import ClockRule, Rows, Scale
from upheld.core.finding import Finding, Place
from upheld.core.indicator import Level
from upheld.core.remedy import Band, Bands, Give
from upheld.language.lint.bands import given
from upheld.language.lint.caps import size
from upheld.language.lint.conditions import can_hold, domains_of, fixed_by
from upheld.language.lint.fields import amounts_field, concept_of, finding, nearest
from upheld.language.lint.hours import calendars_of, fortnight
from upheld.language.quantities import shown
from upheld.language.targets import Counted, counted
from upheld.language.whole import PlanText, Whole


class _Pair(NamedTuple):
    """Two plans, the cheaper one first."""

    less: PlanText
    more: PlanText

    def worse(self, what: str, places: list[Place]) -> Finding:
        """That the dearer plan promises less."""
        message = f"`{self.more.name}` promises less than `{self.less.name}`, which stands before it: {what}"
        way_out = "mend the dearer plan, or list the plans from the cheapest to the dearest"
        return finding("warning", "plan-promises-less", message, places, way_out)


def plan_promises_less(whole: Whole) -> Iterator[Finding]:
    """Whatever is worse in a plan than in the one before it."""
    for less, more in pairwise(whole.plans):
        pair = _Pair(less, more)
        yield from _levels(pair)
        yield from _targets(pair)
        yield from _counts(pair)
        yield from _entitlements(pair)
        yield from _bands(pair)


def _places(pair: _Pair, concept: str, name: str, *path: str) -> list[Place]:
    found = [nearest(plan, concept, name, *path).place for plan in (pair.more, pair.less)]
    # A row that the dearer plan lacks is shown where the plan itself begins.
    section = pair.more.text.get(concept)
    has = section is not None and pair.more.row(concept, name) is not None
    return found if has else found[1:]


# -- levels ------------------------------------------------------------------------------------------------


def _levels(pair: _Pair) -> Iterator[Finding]:
    after = {commit.name: commit for commit in pair.more.terms.commits}
    for commit in pair.less.terms.commits:
        if commit.level is None:
            continue
        places = _places(pair, "commit", commit.name, "level")
        other = after.get(commit.name)
        if other is None or other.level is None:
            yield pair.worse(f"`{commit.name}` has no level", places)
        elif _is_lower(other.level, commit.level):
            yield pair.worse(
                f"`{commit.name}` is {_level(other.level)}, and was {_level(commit.level)}", places
            )
        elif commit.modality == "guarantee" and other.modality != "guarantee":
            places = _places(pair, "commit", commit.name, "modality")
            yield pair.worse(f"`{commit.name}` is no longer guaranteed ({other.modality})", places)


def _is_lower(one: Level, other: Level) -> bool:
    if one.unit != other.unit or one.relation[0] != other.relation[0]:
        return False
    if one.value != other.value:
        return (one.value < other.value) == (one.relation[0] == ">")
    return len(one.relation) > len(other.relation)


def _level(level: Level) -> str:
    return f"{level.relation} {shown(level.value, level.unit)}"


# -- targets -----------------------------------------------------------------------------------------------


def _targets(pair: _Pair) -> Iterator[Finding]:
    after = {clock.name: clock for clock in pair.more.terms.clocks}
    for clock in pair.less.terms.clocks:
        if clock.within is None or isinstance(clock.within, Rows):
            continue
        other = after.get(clock.name)
        concept, field = concept_of(clock), amounts_field(clock)
        if other is None:
            yield pair.worse(f"`{clock.name}` is gone", _places(pair, concept, clock.name, field))
            continue
        for values, was, now in _compared(pair, clock, other):
            value = next(iter(values.values()), "")
            of = f" for `{value}`" if value else ""
            places = _places(pair, concept, clock.name, field, value)
            if now is None:
                where = nearest(pair.more, concept, clock.name, "where")
                places = [where.place, *places] if where.node is not None else places
                yield pair.worse(f"`{clock.name}` has no target{of}", places)
            elif _is_longer(pair, now, was):
                told = f"`{clock.name}`{of} takes {_counted(now)}, and took {_counted(was)}"
                yield pair.worse(told, places)


def _compared(
    pair: _Pair, clock: ClockRule, other: ClockRule
) -> Iterator[tuple[dict[str, str], Counted, Counted | None]]:
    """For each value of the scales that a clock is decided by, what was allowed and what is."""
    for values in _cases(pair, clock, other):
        was = _limit(pair.less, clock, values)
        if was is not None:
            yield values, was, _limit(pair.more, other, values)


def _cases(pair: _Pair, clock: ClockRule, other: ClockRule) -> list[dict[str, str]]:
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


def _is_longer(pair: _Pair, now: Counted, was: Counted) -> bool:
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


def _opens_less(pair: _Pair, name: str, other: str) -> bool:
    """Whether a calendar is only open while the other is, and not always then."""
    mine, its = fortnight(pair.more, name), fortnight(pair.less, other)
    return not (mine - its) and bool(its - mine)


def _counted(one: Counted) -> str:
    return f"{one.amount} of `{one.calendar}`"


# -- what is counted ---------------------------------------------------------------------------------------


def _counts(pair: _Pair) -> Iterator[Finding]:
    quotas = {quota.name: quota for quota in pair.more.terms.quotas}
    for quota in pair.less.terms.quotas:
        now = quotas.get(quota.name)
        if now is not None and now.allow < quota.allow:
            places = _places(pair, "quota", quota.name, "allow")
            yield pair.worse(f"`{quota.name}` allows {now.allow}, and allowed {quota.allow}", places)
    duties = {one.name: one for one in pair.more.terms.obligations}
    for duty in pair.less.terms.obligations:
        then = duties.get(duty.name)
        places = _places(pair, "obligation", duty.name, "times")
        if then is None:
            yield pair.worse(f"`{duty.name}` is gone", places)
        elif then.period.kind == duty.period.kind and then.times < duty.times:
            yield pair.worse(f"`{duty.name}` is done {then.times} times, and was {duty.times}", places)


def _entitlements(pair: _Pair) -> Iterator[Finding]:
    after = {one.name: one for one in pair.more.terms.entitlements}
    for one in pair.less.terms.entitlements:
        other = after.get(one.name)
        places = _places(pair, "entitlement", one.name)
        if other is None:
            yield pair.worse(f"`{one.name}` is gone", places)
            continue
        limits = one.named_contacts, other.named_contacts
        if limits[0] is not None and limits[1] is not None and limits[1] < limits[0]:
            places = _places(pair, "entitlement", one.name, "named contacts")
            yield pair.worse(f"`{one.name}` names {limits[1]} contacts, and named {limits[0]}", places)
        if len(other.channels) < len(one.channels):
            places = _places(pair, "entitlement", one.name, "channels")
            told = f"`{one.name}` has {len(other.channels)} channels, and had {len(one.channels)}"
            yield pair.worse(told, places)


# -- bands -------------------------------------------------------------------------------------------------


def _bands(pair: _Pair) -> Iterator[Finding]:
    after = {remedy.name: remedy for remedy in pair.more.terms.remedies}
    for remedy in pair.less.terms.remedies:
        other = after.get(remedy.name)
        places = _places(pair, "remedy", remedy.name, "bands")
        if other is None:
            yield pair.worse(f"`{remedy.name}` is gone", places)
        elif isinstance(remedy.amount, Bands) and isinstance(other.amount, Bands):
            found = _paid_less(other.amount.bands, remedy.amount.bands)
            if found is not None:
                at, now, was = found
                unit = "ratio" if at <= 1 else "duration"
                told = (
                    f"`{remedy.name}` gives {given(now) if now else 'nothing'} for {shown(at, unit)}, and "
                    f"gave {given(was)}"
                )
                yield pair.worse(told, places)


def _paid_less(
    bands: tuple[Band, ...], before: tuple[Band, ...]
) -> tuple[Fraction, Give | None, Give] | None:
    """The first value for which less is given; amounts of two units are not compared."""
    edges = sorted({edge for one in (*bands, *before) for edge in (one.low, one.high) if edge is not None})
    probes = [*edges, *((a + b) / 2 for a, b in pairwise([Fraction(0), *edges]))]
    for at in sorted(probes):
        now = next((one.give for one in bands if one.holds(at)), None)
        was = next((one.give for one in before if one.holds(at)), None)
        if was is not None and (now is None or (type(now) is type(was) and size(now) < size(was))):
            return at, now, was
    return None
