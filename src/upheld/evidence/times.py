"""Instants as entries write them: one text for each."""

from functools import lru_cache

from upheld.core.timeline.instant import SECOND, Instant, datetime_of, parse_instant


def entry_time(at: Instant) -> str:
    """An instant in UTC, always with six digits of a second."""
    second, rest_us = divmod(at, SECOND)
    return f"{_second_text(second)}.{rest_us:06}Z"


@lru_cache(maxsize=1_024)
def _second_text(second: int) -> str:
    """A whole second: what is told at once happens within a few of them."""
    return datetime_of(second * SECOND).replace(tzinfo=None).isoformat()


def entry_instant(text: object) -> Instant:
    """The instant of such a text. ValueError if it is none, or written in another way."""
    at = parse_instant(text) if isinstance(text, str) else 0
    if text != entry_time(at):
        raise ValueError(f"{str(text)[:40]!r} is not a time such as {entry_time(0)}")
    return at
