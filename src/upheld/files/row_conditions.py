"""Which rows a rule of a mapping is about: a row is held against what its subject showed before."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from upheld.files.mapping import Condition, When

Before: TypeAlias = dict[str, str]
"""For each column the last value that was not missing in the rows before."""


def is_met(when: When, before: Before, now: Before, first: bool) -> bool:
    """Whether a row shows what a rule waits for; `now` holds its values that are not missing."""
    if when.first_row:
        return first
    return all(_holds(condition, before, now) for condition in when.conditions)


def _holds(condition: Condition, before: Before, now: Before) -> bool:
    """Whether a test holds. A missing value passes no test: nothing is known to have happened."""
    name, words = condition.column.name, condition.words
    old, new = before.get(name), now.get(name)
    if condition.test in ("was", "was not"):
        return old is not None and (old in words) == (condition.test == "was")
    if new is None:
        return False
    match condition.test:
        case "is":
            return new in words
        case "is not":
            return new not in words
        case "enters":
            return new in words and old not in words
    if old is None:
        return False
    match condition.test:
        case "leaves":
            return old in words and new not in words
        case "changes":
            return new != old
        case "stays":
            return new == old
    low, high = number_in(old), number_in(new)
    if low is None or high is None:
        return False
    return high > low if condition.test == "increases" else high < low


def number_in(text: str) -> Decimal | None:
    """The number that a text is, if it is one of ordinary size."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 40 else None
