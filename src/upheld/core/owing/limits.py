"""Limits of what is paid: per incident, day, week, month, quarter, year, year of the contract, its term."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.owing.amounts import Gross, Point, line, unit_of
from upheld.core.owing.bill import Worth
from upheld.core.terms.remedy import Limit, LimitPer, is_whole
from upheld.core.timeline.period import quarter_of
from upheld.core.timeline.pieces import Piece, pieces_of
from upheld.core.timeline.zone import Zone
from upheld.core.verdicts.credit import Line

_ORDER: Final[tuple[LimitPer, ...]] = (
    "incident", "day", "week", "month", "quarter", "year", "contract year", "term",
)  # fmt: skip


class Given(NamedTuple):
    """What was given before in a month, quarter, year or term, and between what it lies in truth.

    As it stands, what cannot be told yet counts with the least that it may be. `by` are the subjects of the
    credits that gave it, with their amounts.
    """

    amount: Fraction
    low: Fraction
    high: Fraction
    by: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def sure(cls, amount: Fraction) -> Given:
        """What is known exactly."""
        return cls(amount, amount, amount)

    @property
    def is_sure(self) -> bool:
        """Whether it is known exactly."""
        return self.low is self.amount is self.high or self.low == self.amount == self.high

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was given, for sure."""
        return self is NOTHING_GIVEN or not (self.amount or self.low or self.high or self.by)

    def less(self) -> Given:
        """As if it was the least that it may be: the most is left for others."""
        return self if self is NOTHING_GIVEN else Given.sure(self.low)

    def more(self) -> Given:
        """As if it was the most that it may be."""
        return self if self is NOTHING_GIVEN else Given.sure(self.high)

    def surely(self, subject: str, amount: Fraction) -> Given:
        """With one credit more that is known exactly, as all before it."""
        if not amount:
            return self
        whole = self.amount + amount if self.amount else amount
        return Given(whole, whole, whole, (*self.by, (subject, amount)))

    def plus(self, subject: str, amount: Fraction, low: Fraction, high: Fraction) -> Given:
        """With one credit more, after which it is at least `low` and at most `high`."""
        by = (*self.by, (subject, amount)) if amount else self.by
        return Given(min(max(self.amount + amount, low), high), low, high, by)


NOTHING_GIVEN: Final = Given.sure(Fraction(0))
GIVERS: Final = 4
"""So many earlier credits are named one by one."""


class Limited(NamedTuple):
    """An amount that passes no limit, the lines of each limit that bit, and what rounding may not pass.

    `used_up` is the limit of which nothing was left.
    """

    amount: Fraction
    lines: tuple[Line, ...]
    ceiling: Fraction | None
    used_up: LimitPer | None = None


def limited(
    limits: Iterable[Limit],
    found: Gross,
    point: Point,
    worth: Worth,
    zone: Zone | None,
    given_before: Mapping[LimitPer, Given],
) -> Limited:
    """The amount under all limits, the shortest first, whatever their order in the agreement.

    Limits per incident, day and week (and per month or quarter in a longer period) take the amount apart by
    the outages: as the form of amount tells, else by their length; without any outage it is all one part. The
    others take it whole, together with what was given before. UntoldError if a limit needs a base that is not
    known.
    """
    amount, lines, ceiling, used_up = found.amount, list[Line](), None, None
    pieces: tuple[tuple[Piece, Fraction], ...] | None = None
    for limit in sorted(limits, key=lambda limit: _ORDER.index(limit.per)):
        most = worth.amount(limit.most)
        before, whole, given = amount, most, NOTHING_GIVEN
        if is_whole(limit.per, point.period):
            given = given_before.get(limit.per, NOTHING_GIVEN)
            most = max(most - given.amount, Fraction(0))
            amount = min(amount, most)
        else:
            if pieces is None:
                pieces = found.pieces or _by_length(amount, point, zone)
            pieces, parts = _capped(pieces, limit.per, most)
            amount, most = sum((share for _, share in pieces), Fraction(0)), parts * most
        ceiling = most if ceiling is None else min(ceiling, most)
        if amount < before:
            lines += _bitten(limit.per, amount, whole, given, unit_of(worth))
            used_up = limit.per if given.amount and not most else used_up
    return Limited(amount, tuple(lines), ceiling, used_up)


def _bitten(per: LimitPer, amount: Fraction, most: Fraction, given: Given, unit: str) -> Iterator[Line]:
    """The lines of a limit: what it is, who used some of it before, and what that left."""
    if not given.amount:
        yield line(f"limit per {per}", amount, unit)
        return
    yield line(f"limit per {per}", most, unit)
    if len(given.by) <= GIVERS and sum(part for _, part in given.by) == given.amount:
        for subject, part in given.by:
            yield line(f"given in {subject}", part, unit)._replace(subject=subject)
    else:
        yield line("given before", given.amount, unit)
    yield line(f"left of the limit per {per}", amount, unit)


def cut_by_limits(lines: Iterable[Line]) -> Fraction:
    """What limits took off the amount that a derivation comes to, before rounding; 0 where none bit."""
    told = {one.what: one.low for one in lines}
    left = [amount for what, amount in told.items() if what.startswith(("limit per ", "left of the limit "))]
    return told["amount"] - left[-1] if left and "amount" in told else Fraction(0)


def _by_length(amount: Fraction, point: Point, zone: Zone | None) -> tuple[tuple[Piece, Fraction], ...]:
    pieces = pieces_of(point.outages, zone)
    length_us = sum(piece.length_us for piece in pieces)
    if not length_us:
        return ((Piece(0, date.min, 0), amount),)
    return tuple((piece, amount * piece.length_us / length_us) for piece in pieces)


def _capped(
    pieces: tuple[tuple[Piece, Fraction], ...], per: LimitPer, most: Fraction
) -> tuple[tuple[tuple[Piece, Fraction], ...], int]:
    """The pieces, those of a part that passes the limit made smaller alike; and how many parts there are."""
    sums: dict[Hashable, Fraction] = {}
    for piece, share in pieces:
        sums[_part(piece, per)] = sums.get(_part(piece, per), Fraction(0)) + share
    factors = {part: most / total if total > most else Fraction(1) for part, total in sums.items()}
    return tuple((piece, share * factors[_part(piece, per)]) for piece, share in pieces), len(sums)


def _part(piece: Piece, per: LimitPer) -> Hashable:
    if per == "incident":
        return piece.outage
    if per == "day":
        return piece.on
    if per == "week":
        return piece.on - timedelta(days=piece.on.weekday())
    return (piece.on.year, piece.on.month) if per == "month" else quarter_of(piece.on)
