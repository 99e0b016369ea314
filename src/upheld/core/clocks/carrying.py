"""Clocks carried over from another system, with the time that it had counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from upheld.core.clocks.subject import Subject, known_value
from upheld.core.timeline.instant import Instant
from upheld.core.values.amount import Amount
from upheld.core.values.key import FactRef
from upheld.core.verdicts.verdict import Pause

CARRIED: Final = "ticket.carried"


class Carried(NamedTuple):
    """At `at` a clock had counted `elapsed`, as the fact `ref` tells.

    From then on it counts as if it had begun so much earlier and nothing had held it. What it would have
    counted before is not asked: whoever kept it then knew of waits and changes that were not recorded here.
    """

    at: Instant
    elapsed: Amount
    ref: FactRef


def carried_of(name: str, subject: Subject, start_at: Instant, stop_at: Instant | None) -> Carried | None:
    """The carrying over of the clock of that name in a cycle; the first, since a clock comes here once."""
    if subject.kind != "ticket":
        return None
    for event in subject.events:
        if event.fact.type == CARRIED and event.fact.data.get("commitment") == name:
            elapsed = known_value(event.fact.data.get("elapsed"), "duration")
            is_open = start_at <= event.at and (stop_at is None or event.at < stop_at)
            if is_open and isinstance(elapsed, Amount):
                return Carried(event.at, elapsed, event.ref)
    return None


def held_since(pauses: Iterable[Pause], at: Instant) -> tuple[Pause, ...]:
    """What holds a clock from an instant on: what held it before is in the time that was counted."""
    return tuple(
        one._replace(start_at=max(one.start_at, at))
        for one in pauses
        if one.end_at is None or one.end_at > at
    )
