"""Months, measurements and verdicts that the tests of amounts are about, made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from upheld.core.owing.bill import Bill, Invoice
from upheld.core.terms.indicator import Level
from upheld.core.terms.remedy import Band, Bands, Share
from upheld.core.timeline.instant import parse_instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.value import Money
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import State, Verdict

MINUTE = 60_000_000
HOUR = 60 * MINUTE
JUNE = Period(parse_instant("2026-06-01T00:00:00Z"), parse_instant("2026-07-01T00:00:00Z"), "2026-06")
KEY = CellKey("acme", "credit", "2026-06")


def percent(text: str) -> Fraction:
    """99.95 as a ratio, exactly."""
    return Fraction(text) / 100


def euros(text: str) -> Money:
    """An exact amount in euros."""
    return Money(Fraction(text), "EUR")


def bill(text: str | None = "1000", currency: str = "EUR", **fees: str) -> Bill:
    """A bill with that base; without one, it is not known."""
    named = {name: Money(Fraction(fee), currency) for name, fee in fees.items()}
    if text is None:
        return Bill(None, named, "the invoice of 2026-06 is not known")
    return Bill(Money(Fraction(text), currency), named, "", (FactRef("billing", "1"),))


def level(text: str, relation: str = ">=") -> Level:
    """A level in per cent."""
    return Level(relation, percent(text), decimals=len(text.partition(".")[2]))  # type: ignore[arg-type]


def outages(*hours: tuple[float, float]) -> Spans:
    """Outages by the hours of June in which they begin and end."""
    return Spans.of((JUNE.start_at + int(a * HOUR), JUNE.start_at + int(b * HOUR)) for a, b in hours)


def measured(
    value: Fraction | None,
    low: Fraction | None = None,
    high: Fraction | None = None,
    *,
    down: Spans = Spans.empty,
    unknown: Spans = Spans.empty,
    worst: Fraction | None = None,
    counted: int = 0,
) -> Measurement:
    """What was measured in June: a share of the time, or of `counted` items; `worst`: it is not over."""
    total = counted or JUNE.length_us
    bad = Fraction(0) if value is None else (1 - value) * total
    ends = [Fraction(0) if each is None else each for each in (value if low is None else low, high or value)]
    bounds = Bounds(value, *ends)
    return Measurement(
        indicator="uptime",
        component="service",
        period=JUNE,
        at=JUNE.end_at,
        unit="count" if counted else "time",
        parts=(Part("unknown", unknown.length, spans=unknown),),
        total=total,
        bad=bad,  # type: ignore[arg-type]  # any value may be asked about, also between two microseconds
        to_date=bounds,
        final=bounds,
        worst_final=ends[0] if worst is None else worst,
        is_settled=worst is None,
        outages=down,
        certain=down,
        possible=down | unknown,
    )


def verdict(found: Measurement | None, promised: Level | None, state: State | None = None) -> Verdict:
    """The verdict on it: by the bounds, as terms G3 says, unless a state is given."""
    if state is None:
        state = "undetermined"
        if found is not None and promised is not None:
            above = [each >= promised.value for each in (found.final.low, found.final.high)]
            state = "met" if all(above) else "undetermined" if any(above) else "breached"
            state = "running" if state != "breached" and not found.is_settled else state
    return Verdict(
        CellKey("acme", "uptime", "2026-06"),
        "measurement",
        1,
        state,
        "guarantee",
        measurement=found,
        level=promised,
    )


def bands(*rows: tuple[str | None, str | None, str]) -> Bands:
    """Bands [low, high) with the share that each gives, in per cent."""
    return Bands(tuple(_band(low, high, share) for low, high, share in rows))


def _band(low: str | None, high: str | None, share: str) -> Band:
    edges = [None if edge is None else percent(edge) for edge in (low, high)]
    return Band(edges[0], edges[1], low is not None, False, Share(percent(share)))


def invoices(*rows: tuple[str, str, str]) -> list[Invoice]:
    """Invoices: the month they are of, the date of issue, the amount in euros."""
    return [
        Invoice(
            f"I-{month}", parse_instant(f"{on}T09:00:00Z"), Decimal(amount), "EUR", month, FactRef("b", month)
        )
        for month, on, amount in rows
    ]


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Their sum."""
    return sum(amounts, Decimal(0))
