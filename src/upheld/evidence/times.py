"""Instants as entries write them: one text for each."""

from upheld.core.timeline.instant import Instant, datetime_of, parse_instant


def entry_time(at: Instant) -> str:
    """An instant in UTC, always with six digits of a second."""
    return f"{datetime_of(at).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def entry_instant(text: object) -> Instant:
    """The instant of such a text. ValueError if it is none, or written in another way."""
    at = parse_instant(text) if isinstance(text, str) else 0
    if text != entry_time(at):
        raise ValueError(f"{str(text)[:40]!r} is not a time such as {entry_time(0)}")
    return at
