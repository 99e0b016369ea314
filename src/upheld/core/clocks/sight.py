"""What each part of a clock sees of the terms, so that it can be told where two readings give it the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final, NamedTuple

from upheld.core.clocks.selection import calendars_counted, calendars_read, quotas_read, types_read
from upheld.core.terms.agreement import ALWAYS, ClockRule, Terms
from upheld.core.values.rule import Modality


class Sight(NamedTuple):
    """A number for each part of a clock: under two readings with the same one, the part is the same.

    `begun`: its subject and whether it may start the clock. `cycles` of it, their `pauses`, the `targets` in
    force, and how far those are `counted` to reach. `clock`: all of it but its modality; None if it also sees
    what quotas decide.
    """

    begun: int = 0
    cycles: int = 0
    pauses: int = 0
    targets: int = 0
    counted: int = 0
    clock: int | None = None
    modality: Modality = "guarantee"


NOWHERE: Final = Sight()
"""The sight of one who remembers nothing."""


def sight_of(rule: ClockRule, terms: Terms, number: Callable[[Hashable], int]) -> Sight:
    """The sight of a clock. `number` gives the same number to what is equal.

    What is equal in the terms of a contract must be one object (see `interning`), as long as numbers count.
    """
    told = terms.attributes, terms.scales, terms.quotas, terms.contract, terms.calendars[ALWAYS]
    said = _ids(terms.events, *(terms.calendars[name] for name in calendars_read(rule)))
    events = _ids(rule.starts, rule.stops, rule.after, rule.again)
    targets = _ids(rule.where, rule.on, rule.within)
    moment = terms.claim.counts_from if rule.of == "claim" and terms.claim is not None else ""
    counted = _ids(*(terms.calendars[name] for name in calendars_counted(rule)))
    in_force = number(("targets", targets, said))
    changes = rule.change_by_customer, rule.change_by_provider
    seen = Sight(
        begun=number((rule.of, moment, types_read(rule), terms.plan, terms.named_contacts, _ids(*told))),
        cycles=number(("cycles", events, rule.reopening, said)),
        pauses=number(("pauses", id(rule.pauses), said)),
        targets=in_force,
        counted=number(("counted", in_force, changes, rule.hours, counted)),
    )
    resting = _ids(*(one for one in terms.exclusions if one.of == "suspension"))
    clock = None if quotas_read(rule, terms) else number(("clock", seen, id(rule.due), resting))
    return seen._replace(clock=clock, modality=rule.modality)


def _ids(*of: object) -> tuple[int, ...]:
    return tuple(map(id, of))
