"""What a rule reads: the fact types that can change it, and the attributes its choices depend on."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.clocks.carrying import CARRIED
from upheld.core.clocks.subject import CANCELLING, CLASSIFYING, OPENING
from upheld.core.terms.agreement import (
    ALWAYS,
    Branch,
    ClockRule,
    EventMatch,
    QuotaRule,
    Rows,
    Target,
    Terms,
    Tree,
    leaves,
)
from upheld.core.values.expression import Expr, names_in, shifts_in

_WAITS = frozenset({"ticket.waiting_started", "ticket.waiting_ended", "ticket.resolved", "ticket.closed"})


def types_read(rule: ClockRule | QuotaRule) -> frozenset[str]:
    """Every fact type that can change the cells of a rule; a fact of any other type cannot."""
    read = {OPENING[rule.of], *CLASSIFYING[rule.of]}
    if isinstance(rule, QuotaRule):
        return frozenset(read)
    read.update(CANCELLING[rule.of])
    for match in _matches(rule):
        read |= match.types
    if any(pause.waiting for pause in rule.pauses):
        read |= _WAITS
    if rule.of == "ticket" and rule.reopening != "ignore":
        read.add("ticket.reopened")
    if rule.of == "ticket" and rule.due is None:
        read.add(CARRIED)
    if rule.due is not None:
        read |= {type_ for name in names_in(rule.due) for type_ in (name, f"{rule.of}.{name}")}
    return frozenset(read)


def attributes_read(rule: ClockRule) -> frozenset[str]:
    """Every attribute that decides whether the clock runs and what its target is."""
    names = {name for expr in _expressions(rule) for name in names_in(expr)}
    trees = [row.target for row in rule.within.rows] if isinstance(rule.within, Rows) else [rule.within]
    for tree in trees:
        names |= set(_branches(tree))
    return frozenset(names | set(_branches(rule.on)))


def calendars_read(rule: ClockRule) -> tuple[str, ...]:
    """The calendars on which it is told what a clock promises, each once; time is counted on others too."""
    found = [shift.calendar or ALWAYS for expr in _expressions(rule) for shift in shifts_in(expr)]
    if isinstance(rule.within, Rows):  # which is the strictest
        found += leaves(rule.on)
        found += [leaf.calendar for row in rule.within.rows for leaf in leaves(row.target) if leaf.calendar]
    return tuple(dict.fromkeys(found))


def calendars_counted(rule: ClockRule) -> tuple[str, ...]:
    """The calendars on which a clock may count time, each once."""
    rows = rule.within.rows if isinstance(rule.within, Rows) else ()
    targets = [leaf for row in rows for leaf in leaves(row.target)]
    targets += [] if isinstance(rule.within, Rows) else leaves(rule.within)
    named = [name for one in targets for name in (one.calendar, one.goal_calendar)]
    return tuple(dict.fromkeys(name for name in (ALWAYS, *leaves(rule.on), *named, rule.hours) if name))


def quotas_read(rule: ClockRule, terms: Terms) -> tuple[QuotaRule, ...]:
    """The quotas on which a clock depends: those it names, and those whose overflow refuses a subject."""
    names = attributes_read(rule)
    return tuple(
        quota
        for quota in terms.quotas
        if quota.of == rule.of and (f"quota.{quota.name}" in names or quota.overflow == "refused")
    )


def _expressions(rule: ClockRule) -> Iterator[Expr]:
    rows = rule.within.rows if isinstance(rule.within, Rows) else ()
    matches = (match.where for match in _matches(rule))
    found = (rule.where, rule.due, *matches, *(row.where for row in rows))
    return (expr for expr in found if expr is not None)


def _matches(rule: ClockRule) -> Iterator[EventMatch]:
    yield from (*rule.starts, *rule.stops, *rule.after, *rule.again)
    for pause in rule.pauses:
        yield from (*pause.starts, *pause.ends)


def _branches(tree: Tree[Target] | Tree[str] | None) -> Iterator[str]:
    if isinstance(tree, Branch):
        yield tree.attribute
        for row in (*tree.rows.values(), tree.other):
            yield from _branches(row)
