"""Who is on call: rotations that hand over by the local clock, layers over each other, overrides, gaps.

Who is on call is never a state that a clock moves: it is computed of the rota and an instant.
Source: design 9, on-call rotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from upheld.core.timeline.instant import Duration, Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass

Pace = Literal["daily", "weekly"]
_DAYS: dict[Pace, int] = {"daily": 1, "weekly": 7}


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns from `from_on` on, handing over at a second of the local day.

    Weekly turns hand over on the weekday of `from_on`. `until_on` is the first day without; None: it goes
    on. With `hours` there is only somebody then. ValueError without people, or outside the day.
    """

    people: tuple[str, ...]
    pace: Pace
    zone: Zone
    from_on: date
    hand_over_s: int = 0
    until_on: date | None = None
    hours: Spans | None = None

    def __post_init__(self) -> None:
        if not self.people:
            raise ValueError("a layer without people has nobody to take turns")
        if not 0 <= self.hand_over_s < 86_400:
            raise ValueError(f"a day has no second {self.hand_over_s}")

    def hand_over_at(self, turn: int) -> Instant:
        """When a turn begins, the first one being 0. In the hour that a clock skips: after it."""
        on = date.fromordinal(self.from_on.toordinal() + turn * _DAYS[self.pace])
        return self.zone.instant_at(on, self.hand_over_s)

    def covers(self) -> tuple[Instant, Instant | None]:
        """From when, and until when, somebody is there."""
        until_at = None if self.until_on is None else self.zone.instant_at(self.until_on, self.hand_over_s)
        return self.hand_over_at(0), until_at

    def turn_at(self, at: Instant) -> int:
        """The number of the turn that holds an instant; negative before the first."""
        days = self.zone.date_at(at).toordinal() - self.from_on.toordinal()
        turn = days // _DAYS[self.pace]
        return turn if self.hand_over_at(turn) <= at else turn - 1


class Override(NamedTuple):
    """Somebody who is on call over [start_at, end_at), whatever the layers say."""

    person: str
    start_at: Instant
    end_at: Instant


@dataclass(frozen=True, slots=True)
class Rota:
    """Layers, of which a later one stands above those before it, and overrides, the last one on top."""

    name: str
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()


class Turn(NamedTuple):
    """Somebody is on call over [start_at, end_at)."""

    person: str
    start_at: Instant
    end_at: Instant


def on_call(rota: Rota, at: Instant) -> str | None:
    """Who is on call at an instant; None if nobody is. BeyondHorizon outside the years of a zone."""
    for override in reversed(rota.overrides):
        if override.start_at <= at < override.end_at:
            return override.person
    for layer in reversed(rota.layers):
        from_at, until_at = layer.covers()
        is_held = from_at <= at and (until_at is None or at < until_at)
        if is_held and (layer.hours is None or at in layer.hours):
            return layer.people[layer.turn_at(at) % len(layer.people)]
    return None


def turns(rota: Rota, start_at: Instant, end_at: Instant) -> tuple[Turn, ...]:
    """Who is on call when between two instants, in order; turns of one person that touch are one."""
    found: list[Turn] = []
    covered = Spans.empty
    for layer in _from_the_top(rota, start_at, end_at):
        above = covered
        for turn, spans in layer:
            left = spans.clip(start_at, end_at) - above
            found += [Turn(turn, *one) for one in left]
            covered |= left
    return tuple(_joined(sorted(found, key=lambda turn: turn.start_at)))


def gaps(rota: Rota, start_at: Instant, end_at: Instant) -> Spans:
    """When nobody is on call between two instants: of a rota around the clock each is an alarm."""
    covered = Spans.of((turn.start_at, turn.end_at) for turn in turns(rota, start_at, end_at))
    return covered.complement(start_at, end_at)


def next_gap(rota: Rota, at: Instant, ahead_us: Duration) -> tuple[Instant, Instant] | None:
    """The first stretch without anybody that begins, or goes on, within a time ahead; None if none does."""
    return next(iter(gaps(rota, at, at + ahead_us)), None)


def _from_the_top(rota: Rota, start_at: Instant, end_at: Instant) -> Iterator[Sequence[tuple[str, Spans]]]:
    """What lies above first: each override by itself, then each layer with its turns."""
    for override in reversed(rota.overrides):
        if override.start_at < override.end_at:
            yield [(override.person, Spans.of([(override.start_at, override.end_at)]))]
    for layer in reversed(rota.layers):
        yield list(_turns_of(layer, start_at, end_at))


def _turns_of(layer: Layer, start_at: Instant, end_at: Instant) -> Iterator[tuple[str, Spans]]:
    from_at, until_at = layer.covers()
    first_at = max(from_at, start_at)
    last_at = end_at if until_at is None else min(until_at, end_at)
    if first_at >= last_at:
        return
    turn = layer.turn_at(first_at)
    while layer.hand_over_at(turn) < last_at:
        begins_at, ends_at = layer.hand_over_at(turn), layer.hand_over_at(turn + 1)
        spans = Spans.of([(max(begins_at, first_at), min(ends_at, last_at))])
        yield (
            layer.people[turn % len(layer.people)],
            spans if layer.hours is None else spans & layer.hours,
        )
        turn += 1


def _joined(found: Sequence[Turn]) -> Iterator[Turn]:
    last: Turn | None = None
    for turn in found:
        if last is not None and last.person == turn.person and last.end_at == turn.start_at:
            last = last._replace(end_at=turn.end_at)
            continue
        if last is not None:
            yield last
        last = turn
    if last is not None:
        yield last


# -- acknowledge, and the next one -------------------------------------------------------------------------


class Level(NamedTuple):
    """Who is asked, and how long they have until the next level is: a rota, or people by name."""

    whom: Rota | tuple[str, ...]
    within_us: Duration


@dataclass(frozen=True, slots=True)
class Chain:
    """Levels one after the other, gone through so many times until somebody acknowledges."""

    levels: tuple[Level, ...]
    times: int = 1


class Paged(NamedTuple):
    """Somebody is paged; `person` None: the level had nobody, so the next one is asked at once."""

    at: Instant
    level: int
    person: str | None


class Asked(NamedTuple):
    """Who is paged when a level is reached, and when the next one is if nobody acknowledges."""

    level: int
    people: tuple[str, ...]
    next_at: Instant


def asked(chain: Chain, number: int, at: Instant) -> Asked | None:
    """The level that is reached at an instant after `number` others; None: the chain has ended.

    Whoever is on call then is paged. A level with nobody is followed at once.
    """
    if number >= len(chain.levels) * chain.times:
        return None
    level = number % len(chain.levels)
    whom, within_us = chain.levels[level]
    people = _people(whom, at)
    return Asked(level, people, at + within_us if people else at)


def pages(chain: Chain, paged_at: Instant, acknowledged_at: Instant | None = None) -> tuple[Paged, ...]:
    """Every page that goes out for one cause, until it is acknowledged or the chain ends.

    Whoever is on call when a level is reached is paged, not who was when the first one was. What is
    acknowledged at the instant of the next level is in time.
    """
    found: list[Paged] = []
    at, number = paged_at, 0
    while (reached := asked(chain, number, at)) is not None:
        if acknowledged_at is not None and number and acknowledged_at <= at:
            break
        level, people, next_at = reached
        found += [Paged(at, level, person) for person in people] or [Paged(at, level, None)]
        at, number = next_at, number + 1
    return tuple(found)


def next_page_at(chain: Chain, paged_at: Instant, at: Instant) -> Instant | None:
    """The first instant after `at` at which somebody is paged if nobody acknowledges; None if nobody is."""
    return min((one.at for one in pages(chain, paged_at) if one.at > at), default=None)


def _people(whom: Rota | tuple[str, ...], at: Instant) -> tuple[str, ...]:
    if not isinstance(whom, Rota):
        return whom
    person = on_call(whom, at)
    return () if person is None else (person,)
