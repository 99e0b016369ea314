"""Better, worse, equal or incomparable: how two promises compare, seen from whoever they are made to.

The four orders are the answers that two questions leave open: can the second ever be less than the first, and
can it ever be more. Everything compared is put together from such answers by one rule, `both`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from upheld.core.timeline.instant import Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass
from upheld.core.values.rule import Citation

Order: TypeAlias = Literal["equal", "better", "worse", "incomparable"]
"""What the second is, beside the first."""

T = TypeVar("T")
Number = TypeVar("Number", int, Fraction)
_FLIPPED: dict[Order, Order] = {
    "equal": "equal",
    "better": "worse",
    "worse": "better",
    "incomparable": "incomparable",
}


def flipped(order: Order) -> Order:
    """The order of the first beside the second."""
    return _FLIPPED[order]


def order_of(can_be_more: bool, can_be_less: bool) -> Order:
    """The order of something that can be more, or less, than what it is compared with."""
    if can_be_more:
        return "incomparable" if can_be_less else "better"
    return "worse" if can_be_less else "equal"


def both(orders: Iterable[Order]) -> Order:
    """The order of a whole whose parts have these: one part that gets worse takes no other's gain away."""
    found = set(orders)
    if "incomparable" in found:
        return "incomparable"
    return order_of("better" in found, "worse" in found)


def by_size(before: T, after: T, is_less: Callable[[T, T], bool], *, more: Order = "better") -> Order:
    """The order of two values of which the greater one is `more`."""
    if is_less(before, after):
        return more
    return flipped(more) if is_less(after, before) else "equal"


def by_rank(before: T, after: T, *upwards: T) -> Order:
    """The order of two of the values named, from the worst to the best; incomparable if one is not named."""
    if before == after:
        return "equal"
    if before not in upwards or after not in upwards:
        return "incomparable"
    return "better" if upwards.index(after) > upwards.index(before) else "worse"


@dataclass(frozen=True, slots=True)
class Example:
    """One case that shows a difference: what begins at `start_at` was due then, and is now due then."""

    start_at: Instant
    before_at: Instant
    after_at: Instant
    zone: Zone


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of a promise compares; `before` and `after` are it in words.

    `but` says what can go the other way in a rare case that the order does not count: then it is no theorem.
    """

    what: str
    order: Order
    before: str = ""
    after: str = ""
    example: Example | None = None
    but: str = ""

    @property
    def flipped(self) -> Part:
        """The same part of what is promised to the other side."""
        return Part(self.what, flipped(self.order), self.before, self.after, self.example, self.but)


def changed(what: str, order: Order, before: object, after: object, but: str = "") -> Iterator[Part]:
    """The part, if it is not equal."""
    if order != "equal":
        yield Part(what, order, str(before), str(after), None, but)


def different(what: str, before: T, after: T, say: Callable[[T], object] = str) -> Iterator[Part]:
    """A part of which nothing but a difference can be told."""
    yield from changed(what, "equal" if before == after else "incomparable", say(before), say(after))


def sized(
    what: str, before: Number, after: Number, *, more: Order = "better", say: Callable[[Number], object] = str
) -> Iterator[Part]:
    """A part that is a number, of which the greater one is `more`."""
    yield from changed(what, by_size(before, after, lambda a, b: a < b, more=more), say(before), say(after))


def ranked(what: str, before: T, after: T, *upwards: T, say: Callable[[T], object] = str) -> Iterator[Part]:
    """A part that is one of the values named, from the worst to the best."""
    yield from changed(what, by_rank(before, after, *upwards), say(before), say(after))


How: TypeAlias = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """How one commitment of a version compares with that of another, by the parts that differ.

    `before` and `after` say which clauses it encodes in each, and where; None where it is not.
    """

    name: str
    kind: str
    how: How
    order: Order
    parts: tuple[Part, ...] = ()
    before: Citation | None = None
    after: Citation | None = None

    @property
    def is_proved(self) -> bool:
        """Whether the order holds in every case."""
        return not any(part.but for part in self.parts)


def order_of_changes(changes: Iterable[Change]) -> Order:
    """The order of a whole version."""
    return both(change.order for change in changes)


class TextChange(NamedTuple):
    """A value that differs: where it stands by its keys, what it was and is (None: it was not there)."""

    path: tuple[str, ...]
    before: str | None
    after: str | None
    before_place: Place | None
    after_place: Place | None
