"""When an attempt is made again, and when it is over: a pure function of what became of the ones before.

Randomness is an argument: without it, all that failed together would come back together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from upheld.core.values.frozen import dataclass
from upheld.notify.message import Delivery

Way = Literal["mail", "webhook", "service", "event"]
"""How a message goes out; an event goes by a webhook, to a program that nobody waits for."""
DRAWN_FROM: Final = 1_000_000
"""A draw is a number from 0 to here, without the end."""
AMBIGUOUS_US: Final = 10 * MINUTE
"""So long a relay may think about a mail after the final dot; sooner, it would get it twice for sure."""

_PAGE: Final = (15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE)
_HOOK: Final = (5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR)
_WAITS: Final[dict[Way, tuple[Duration, ...]]] = {
    "mail": (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR),
    "service": (30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR),
    "webhook": _HOOK,
    "event": _HOOK,
}
_LIMITS: Final[dict[Way, Duration]] = {"mail": DAY, "service": DAY, "webhook": 3 * DAY, "event": 3 * DAY}
_BY_ID: Final = ("webhook", "event")
"""Whose receiver knows a repetition by its id."""


@dataclass(frozen=True, slots=True)
class Again:
    """Not before this instant."""

    at: Instant


@dataclass(frozen=True, slots=True)
class Over:
    """No more attempts: it was accepted, or refused, or the time is over. `disables`: the recipient rests."""

    reason: Literal["accepted", "refused", "time"]
    disables: bool = False


def next_step(way: Way, attempts: Sequence[Delivery], draw: int, is_page: bool = False) -> Again | Over:
    """What follows the attempts made so far, the first of them first. ValueError for none, or a bad draw.

    After the n-th attempt it is 3/4 to 5/4 of the n-th wait, and no less than the other side asked for. Where
    it is unknown whether mail or a message by a service arrived, at least ten minutes, except for a page:
    better twice than not at all. The receiver of a webhook knows a repetition by its id.
    """
    if not attempts or not 0 <= draw < DRAWN_FROM:
        raise ValueError("there was an attempt, and a draw is from 0 to a million")
    first, last = attempts[0], attempts[-1]
    if last.state == "accepted":
        return Over("accepted")
    if last.state == "refused":
        return Over("refused", last.disables)
    waits = _PAGE if is_page else _WAITS[way]
    base = waits[min(len(attempts), len(waits)) - 1]
    spread = base * draw // (2 * DRAWN_FROM)
    wait = base * 3 // 4 + spread
    if last.state == "unknown" and way not in _BY_ID and not is_page:
        wait = max(wait, AMBIGUOUS_US + spread)
    at = last.at + max(wait, last.retry_after_us or 0)
    if at > first.at + _LIMITS[way]:
        return Over("time", disables=way in _BY_ID)
    return Again(at)
