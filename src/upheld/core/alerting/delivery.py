"""When and by which channel a message goes out: quiet hours, bursts as digests, fallback channels.

A message is never lost here: it goes out, waits, or is told of in a digest, and which of them is recorded.
Source: design 9, messages; safety R3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple

from upheld.core.terms.telling import Urgency
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.frozen import dataclass

Result = Literal["accepted", "refused", "unknown"]
"""What became of a try: unknown is what may have arrived, or not."""

CLASS_DEADLINES: Final[Mapping[Urgency, Duration]] = {
    "page": 2 * MINUTE,
    "urgent": 15 * MINUTE,
    "planned": 4 * HOUR,
}
"""How long a channel has to accept a message before the next one is tried."""


# -- quiet hours -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quiet:
    """When somebody wants to hear nothing but pages: from one second of the local day until another.

    The hours go over midnight if they end before they begin; equal ends are no quiet hours. `digest_s` is
    the second of the local day at which what is planned is told.
    """

    zone: Zone
    from_s: int = 0
    until_s: int = 0
    digest_s: int = 8 * 3600


def heard_at(at: Instant, urgency: Urgency, quiet: Quiet) -> Instant:
    """When a message that is due at `at` goes out: a page then, anything else not in quiet hours.

    What is planned goes out with the next digest. BeyondHorizon outside the years of the zone.
    """
    if urgency == "page":
        return at
    if urgency == "planned":
        return _awake_at(_next_at(at, quiet.digest_s, quiet.zone), quiet)
    return _awake_at(at, quiet)


def _awake_at(at: Instant, quiet: Quiet) -> Instant:
    of_day_s = quiet.zone.label_at(at) % DAY // SECOND
    if quiet.from_s <= quiet.until_s:
        is_quiet = quiet.from_s <= of_day_s < quiet.until_s
    else:
        is_quiet = of_day_s >= quiet.from_s or of_day_s < quiet.until_s
    return _next_at(at, quiet.until_s, quiet.zone) if is_quiet else at


def _next_at(at: Instant, of_day_s: int, zone: Zone) -> Instant:
    """The first instant from `at` on at which a local clock shows a second of the day."""
    day = zone.label_at(at) // DAY
    labels = [(day + days) * DAY + of_day_s * SECOND for days in range(3)]
    shown = [zone.at_label(label) for label in labels]
    # An hour that a clock repeats shows twice: who is in the second one waits for its end, not for a day.
    again = [(label, zone.last_at_label(label)) for label in labels]
    shown += [instant for label, instant in again if zone.label_at(instant) == label]
    return min(instant for instant in shown if instant >= at)


# -- bursts ------------------------------------------------------------------------------------------------


class Burst(NamedTuple):
    """So many messages within a time go out by themselves; what comes then waits for a digest."""

    most: int
    within_us: Duration
    wait_us: Duration


BURST: Final = Burst(5, 10 * MINUTE, 5 * MINUTE)
"""What one recipient is sent by one way before digests begin."""


class Budget(NamedTuple):
    """So many messages, but for pages, go out within a time: of one provider, and of the whole server."""

    of_provider: int
    of_server: int
    within_us: Duration = 10 * MINUTE


BUDGET: Final = Budget(1_000, 10_000)


class Waiting(NamedTuple):
    """A message for one recipient by one channel: its key, and when it is to go out."""

    key: str
    at: Instant
    urgency: Urgency = "urgent"


class Sent(NamedTuple):
    """How a message goes out: by itself at `at`, or suppressed and told of in the `digest` of that instant.

    A digest goes by the key of the first message in it.
    """

    key: str
    at: Instant
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What one recipient was sent by one channel: when messages went out by themselves, and the last digest.

    A digest that is not out yet takes whatever is to go out before it.
    """

    alone: tuple[Instant, ...] = ()
    digest: str = ""
    digest_at: Instant = -1

    def after(self, one: Sent) -> Past:
        """With a message more. A digest of its own instant is out with it."""
        if one.digest:
            return Past(self.alone, one.digest, one.at)
        return Past((*self.alone, one.at), self.digest, self.digest_at)


def gathered(messages: Sequence[Waiting], past: Past, burst: Burst = BURST) -> tuple[Sent, ...]:
    """How messages go out that are to at one instant, in their order; every one is in the result once.

    A page goes by itself, and counts for nothing. What is planned comes in one digest, then, if there is more
    than one of it. What exceeds a burst waits for a digest. ValueError for a burst of none.
    """
    if burst.most < 1:
        raise ValueError("at least one message goes out by itself")
    planned = [one for one in messages if one.urgency == "planned"]
    found: list[Sent] = []
    for message in messages:
        if message.urgency == "page":
            found.append(Sent(message.key, message.at))
        elif message.urgency == "planned" and len(planned) > 1 and past.digest_at <= message.at:
            found.append(Sent(message.key, message.at, planned[0].key))
        else:
            found.append(_next(message, past, burst))
            past = past.after(found[-1])
    return tuple(found)


def _next(message: Waiting, past: Past, burst: Burst) -> Sent:
    if message.at < past.digest_at:
        return Sent(message.key, past.digest_at, past.digest)
    if sum(at > message.at - burst.within_us for at in past.alone) < burst.most:
        return Sent(message.key, message.at)
    return Sent(message.key, message.at + burst.wait_us, message.key)


def coalesced(messages: Sequence[Waiting], burst: Burst) -> tuple[Sent, ...]:
    """How each message goes out, in the order of their instants; every one of them is in the result once.

    What was decided of the first ones never changes when later ones follow. ValueError for a burst of none.
    """
    found = list(gathered((), past := Past(), burst))
    ordered = sorted(messages, key=lambda one: (one.at, one.key))
    for _, some in groupby(ordered, key=lambda one: one.at):
        now = list(some)
        decided = gathered(now, past, burst)
        for message, one in zip(now, decided, strict=True):
            past = past if message.urgency == "page" else past.after(one)
        found += decided
    return tuple(found)


# -- fallback channels -------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What became of a try by a channel, and when that was known."""

    channel: str
    at: Instant
    result: Result


class Try(NamedTuple):
    """A message is tried by a channel."""

    channel: str
    at: Instant


def tries(
    channels: Sequence[str], start_at: Instant, urgency: Urgency, told: Sequence[Told] = ()
) -> tuple[Try, ...]:
    """By which channels a message goes out when, as far as that is known: one after the other.

    The next channel is tried as soon as one refuses, and when the deadline of the class has passed without
    a word or without certainty. Whatever accepts it ends it. Without channels nothing is tried.
    """
    found: list[Try] = []
    at = start_at
    for channel in channels:
        found.append(Try(channel, at))
        of_it = [one for one in told if one.channel == channel and one.at >= at]
        deadline_at = at + CLASS_DEADLINES[urgency]
        if any(one.result == "accepted" and one.at <= deadline_at for one in of_it):
            break
        refused = [one.at for one in of_it if one.result == "refused" and one.at <= deadline_at]
        at = min(refused, default=deadline_at)
    return tuple(found)


def is_accepted(told: Sequence[Told]) -> bool:
    """Whether any channel has accepted a message, however late."""
    return any(one.result == "accepted" for one in told)
