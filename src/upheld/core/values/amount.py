"""Amounts of time as agreements write them: '2h', '1 business day', '15 days', '3 months'."""

import re
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from upheld.core.timeline.instant import DurationError, format_duration, parse_duration
from upheld.core.values.frozen import dataclass

AmountKind: TypeAlias = Literal["time", "business days", "days", "weeks", "months", "years"]
KINDS: Final[tuple[AmountKind, ...]] = ("time", "business days", "days", "weeks", "months", "years")

_WORDS: Final[dict[str, AmountKind]] = {
    "bd": "business days",
    "business day": "business days",
    "business days": "business days",
    "d": "days",
    "day": "days",
    "days": "days",
    "w": "weeks",
    "week": "weeks",
    "weeks": "weeks",
    "month": "months",
    "months": "months",
    "year": "years",
    "years": "years",
}
_TIME_WORDS: Final = {"h", "m", "min", "s"}
_PART = re.compile(r"\s*(\d+(?:\.\d+|/\d+)?)\s*((?:business\s+)?[A-Za-z]*)", re.ASCII)


class AmountError(ValueError):
    """A text is not an amount; `offset` is the character of the text at which that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of one kind: `time` in microseconds on an axis, business days, or civil days to years.

    Only business days may be broken, and then only on a calendar whose business day is a number of hours.
    ValueError if the count is negative or broken where it may not be.
    """

    kind: AmountKind
    count: int | Fraction

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a kind of amount")
        if self.count < 0:
            raise ValueError(f"an amount is not negative: {self.count} {self.kind}")
        if isinstance(self.count, Fraction) and self.count.denominator == 1:
            object.__setattr__(self, "count", self.count.numerator)
        if self.kind != "business days" and not isinstance(self.count, int):
            raise ValueError(f"{self.count} {self.kind}: only business days may be broken")

    def __str__(self) -> str:
        """The canonical text, which `parse_amount` reads back."""
        if self.kind == "time":
            return format_duration(int(self.count)).replace(" h", "h").replace(" min", "m").replace(" s", "s")
        return f"{self.count} {self.kind[:-1] if self.count == 1 else self.kind}"


def time_amount(duration_us: int) -> Amount:
    """An amount of time in microseconds."""
    return Amount("time", duration_us)


def parse_amount(text: str) -> Amount:
    """Read '2h', '30 min', '1h 30m', '2 business days', '2bd', '1/2 business day', '15 days', '3 months'.

    AmountError says what is wrong and at which character.
    """
    match = _PART.match(text)
    if match is None:
        raise AmountError("expected a number and a unit, as in 2h or 15 days", len(text) - len(text.lstrip()))
    number, word = match.group(1), " ".join(match.group(2).split())
    if word in _TIME_WORDS:
        try:
            return Amount("time", parse_duration(text))
        except DurationError as fault:
            raise AmountError(fault.message, fault.offset) from None
    kind = _WORDS.get(word)
    if kind is None:
        raise AmountError(_unknown_unit(number, word), match.start(2))
    if text[match.end() :].strip():
        raise AmountError(f"an amount of {kind} stands alone", match.end())
    try:
        count = Fraction(number)
    except ZeroDivisionError:
        raise AmountError(f"{number} is no number", match.start(1)) from None
    if kind != "business days" and count.denominator != 1:
        raise AmountError(f"{kind} are whole; only business days may be broken", match.start(1))
    return Amount(kind, count)


def _unknown_unit(number: str, word: str) -> str:
    if not word:
        return f"{number} has no unit; write it as {number}h, {number}m or {number} days"
    if word in ("hour", "hours", "minute", "minutes", "mins", "second", "seconds", "sec"):
        return f"write {word!r} as {word[:3] if word.startswith('min') else word[0]}"
    if word in ("bh", "business hour", "business hours"):
        return f"business hours are hours on a calendar: write {number}h and name the calendar"
    units = "h, m (or min), s, business days (bd), days (d), weeks (w), months, years"
    return f"unknown unit {word!r}; units are {units}"
