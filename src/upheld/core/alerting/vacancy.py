"""Gaps of a rota around the clock are told before they come: who keeps it can still fill them.

Source: design 9, on-call rotations; an alarm for gaps in a 24/7 rota.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from upheld.core.alerting.rota import Rota, gaps
from upheld.core.terms.telling import Urgency
from upheld.core.timeline.instant import DAY, Duration, Instant

AHEAD: Final[Mapping[Urgency, Duration]] = {"urgent": 7 * DAY, "page": DAY}
"""How long before a gap somebody is told of it, and how."""


class Vacancy(NamedTuple):
    """Nobody is on call over [start_at, end_at), which is told at `at`.

    `end_at` is the end of what was looked at, where the gap goes on beyond it.
    """

    start_at: Instant
    end_at: Instant
    at: Instant
    urgency: Urgency


def vacancies(
    rota: Rota, since_at: Instant, at: Instant, until_at: Instant, ahead: Mapping[Urgency, Duration] = AHEAD
) -> tuple[Vacancy, ...]:
    """What is told of the gaps that are not over at an instant and begin before another, the first one first.

    A gap begins where it does, but not before `since_at`, from which on the rota is kept. What should have
    been told before that is told then.
    """
    found = [
        Vacancy(start_at, end_at, max(start_at - before_us, since_at), urgency)
        for start_at, end_at in gaps(rota, since_at, until_at)
        if end_at > at
        for urgency, before_us in ahead.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.start_at, -ahead[one.urgency])))
