"""Limits of what is paid: per incident, day, week, month, year, year of the contract, and its term."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from upheld.core.amounts import Gross, Point, line, unit_of
from upheld.core.bill import Worth
from upheld.core.credit import Line
from upheld.core.pieces import Piece, pieces_of
from upheld.core.remedy import Limit, LimitPer, is_whole
from upheld.core.zone import Zone

_ORDER: Final[tuple[LimitPer, ...]] = (
    "incident", "day", "week", "month", "year", "contract year", "term",
)  # fmt: skip


class Limited(NamedTuple):
    """An amount that passes no limit, a line for each limit that bit, and what rounding may not pass."""

    amount: Fraction
    lines: tuple[Line, ...]
    ceiling: Fraction | None


def limited(
    limits: Iterable[Limit],
    found: Gross,
    point: Point,
    worth: Worth,
    zone: Zone | None,
    given_before: Mapping[LimitPer, Fraction],
) -> Limited:
    """The amount under all limits, the shortest first, whatever their order in the agreement.

    Limits per incident, day and week (and per month in a longer period) take the amount apart by the outages:
    as the form of amount tells, else by their length; without any outage it is all one part. The others take
    it whole, together with what was given before. UntoldError if a limit needs a base that is not known.
    """
    amount, lines, ceiling = found.amount, list[Line](), None
    pieces: tuple[tuple[Piece, Fraction], ...] | None = None
    for limit in sorted(limits, key=lambda limit: _ORDER.index(limit.per)):
        most = worth.amount(limit.most)
        before = amount
        if is_whole(limit.per, point.period):
            most = max(most - given_before.get(limit.per, Fraction(0)), Fraction(0))
            amount = min(amount, most)
        else:
            if pieces is None:
                pieces = found.pieces or _by_length(amount, point, zone)
            pieces, parts = _capped(pieces, limit.per, most)
            amount, most = sum((share for _, share in pieces), Fraction(0)), parts * most
        ceiling = most if ceiling is None else min(ceiling, most)
        if amount < before:
            lines.append(line(f"limit per {limit.per}", amount, unit_of(worth)))
    return Limited(amount, tuple(lines), ceiling)


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
    return piece.on.year, piece.on.month
