"""Heartbeats: a job says by itself that it ran. One that does not come is a failed check.

A pure function of what came: the same beats give the same checks, whenever they are asked for, and a later
beat never changes an earlier check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import FOREVER, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.probe.observation import Observation
from upheld.probe.settings import SELDOM_US, Settings

LATE: Final = "late"
FAILED: Final = "failed"


class Beat(NamedTuple):
    """A heartbeat as it came in, at an instant of ours. `ok` False: the job says itself that it failed."""

    at: Instant
    ok: bool = True


@dataclass(frozen=True, slots=True)
class HeartbeatRule:
    """A beat is expected `every_us` after the one before, and so much later it is late."""

    every_us: Duration
    grace_us: Duration = 0

    def __post_init__(self) -> None:
        if self.every_us <= 0 or self.grace_us < 0:
            raise ValueError("a heartbeat comes every so often, with a grace that is not negative")

    def due_at(self, last_at: Instant) -> Instant:
        """The last instant in time for the beat after the one at `last_at`."""
        return last_at + self.every_us + self.grace_us


def checks(
    rule: HeartbeatRule, stream: Stream, armed_at: Instant, beats: Sequence[Beat],
    from_at: Instant, until_at: Instant,
) -> Iterator[Observation]:  # fmt: skip
    """The checks of [from_at, until_at), in order, by all beats since `armed_at` in any order.

    A beat is a check at its instant. Where none has come by the last instant in time there is a failed one at
    that instant, and again each `every_us` until one comes. Before `armed_at` nothing is expected. Beats at
    one instant are one check, which is good if all of them are.
    """
    came: dict[Instant, bool] = {}
    for beat in beats:
        if beat.at >= armed_at:
            came[beat.at] = came.get(beat.at, True) and beat.ok
    last_at = armed_at
    for at in [*sorted(came), FOREVER]:
        missing_at = rule.due_at(last_at)
        if missing_at < from_at:
            missing_at += -(-(from_at - missing_at) // rule.every_us) * rule.every_us
        while missing_at < min(at, until_at):
            yield Observation(stream, missing_at, False, code=LATE)
            missing_at += rule.every_us
        if at >= until_at:
            return
        if at >= from_at:
            yield Observation(stream, at, came[at], code="" if came[at] else FAILED)
        last_at = at


def late_at(rule: HeartbeatRule, armed_at: Instant, beats: Sequence[Beat], now: Instant) -> Instant:
    """The next instant, from `now` on, at which a check fails if no beat comes."""
    last_at = max([armed_at, *(beat.at for beat in beats if armed_at <= beat.at <= now)])
    due_at = rule.due_at(last_at)
    return due_at if due_at >= now else due_at - (due_at - now) // rule.every_us * rule.every_us


def heartbeat_rule(said: Mapping[str, object]) -> HeartbeatRule:
    """The rule in the settings of a heartbeat. SettingsError."""
    settings = Settings(said)
    every_us = settings.duration("every", 0, longest_us=SELDOM_US)
    grace_us = settings.duration("grace", 0, longest_us=SELDOM_US)
    if "every" not in said:
        settings.fault("every", "`every` is missing: it is a duration, as 1h")
    settings.done()
    return HeartbeatRule(every_us, grace_us)
