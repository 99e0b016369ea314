"""A month of figures made by hand: one contract, one service of two parts, and what was measured of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.core.worlds import CONTRACT, DESK, at, bound
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Component, Exclusion, Indicator, Level, Signal, SliceRule
from upheld.core.terms.remedy import Bands, Base, RemedyRule
from upheld.core.timeline.instant import MINUTE
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Literal
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.rule import Citation
from upheld.core.verdicts.credit import Credit, Instalment, Line
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import State, Verdict

JUNE = Period(at("Mon 06-01 00:00"), at("Wed 07-01 00:00"), "2026-06")
LEVEL = Level(">=", Fraction(9995, 10000), decimals=2)
GOOD = Compare(
    ">=",
    Arithmetic("/", Attribute("good"), Attribute("total")),
    Literal(Fraction(99, 100), "ratio"),
)


def terms() -> Terms:
    """The desk with a service of api and voice, promised at 99.95 % a month."""
    bare = bound(DESK, CONTRACT)
    components = {
        "service": Component("service", "all", ("api", "voice")),
        "api": Component("api"),
        "voice": Component("voice"),
    }
    rule = SliceRule(5 * MINUTE, GOOD, run=2)
    window = Exclusion(
        "window", "maintenance", frozenset({"not bad", "out of total"}), cited=Citation(("4",))
    )
    commit = CommitRule(
        "uptime", "uptime", PeriodRule("calendar month", bare.calendars["always"].rule.zone), LEVEL,
        cited=Citation(("1",)),
    )  # fmt: skip
    remedy = RemedyRule("credit", "uptime", Bands(()), base=Base("fee", ("month",)), cited=Citation(("5",)))
    return replace(
        bare,
        components=components,
        signals=(Signal("http", "checks", ("api", "voice")),),
        indicators={"uptime": Indicator("uptime", "checks", "service", per=rule)},
        exclusions=(window,),
        commits=(commit,),
        remedies=(remedy,),
    )


def span(start: str, minutes: int) -> Spans:
    """So many minutes from an instant on."""
    return Spans.of([(at(start), at(start) + minutes * MINUTE)])


def measured(down: int, unknown: int = 0, excluded: int = 0, not_yet: int = 0) -> Measurement:
    """A month of 43,200 minutes with so many of them down (from the 8th at 10:00 on), and so on."""
    total = 43_200 - excluded - not_yet
    parts = [
        Part("up", (total - down - unknown) * MINUTE),
        Part("down", down * MINUTE, "", span("Mon 06-08 10:00", down)),
        Part("excluded", excluded * MINUTE, "window", span("Sun 06-14 02:00", excluded)),
        Part("unknown", unknown * MINUTE, "", span("Tue 06-09 12:00", unknown)),
        Part("not yet", not_yet * MINUTE),
    ]
    whole = total + not_yet
    return Measurement(
        indicator="uptime",
        component="service",
        period=JUNE,
        at=JUNE.end_at - not_yet * MINUTE,
        unit="time",
        parts=tuple(part for part in parts if part.amount),
        total=total * MINUTE,
        bad=down * MINUTE,
        to_date=_bounds(total, down, unknown),
        final=_bounds(whole, down, unknown),
        worst_final=Fraction(total - down - unknown, whole),
        is_settled=not not_yet,
        method=(("basis", "checks of service"), ("slice", "5 min"), ("run", "2 in a row")),
        outages=span("Mon 06-08 10:00", down),
        final_total=whole * MINUTE,
    )


def _bounds(total: int, down: int, unknown: int) -> Bounds:
    value = Fraction(total - down, total)
    return Bounds(value, Fraction(total - down - unknown, total), value)


def verdict(state: State, found: Measurement, *facts: FactRef, commitment: str = "uptime") -> Verdict:
    """What was measured against the level."""
    key = CellKey("c1", commitment, "2026-06")
    start_at, end_at = JUNE.start_at, JUNE.end_at
    return Verdict(
        key, "measurement", 1, state, "guarantee", started_at=start_at, due_at=end_at,
        measurement=found, level=LEVEL, facts=facts,
    )  # fmt: skip


def credit(state: str = "owed", **changes: object) -> Credit:
    """Twenty per cent of 499.00 euro."""
    amount = Fraction(9980, 100)
    made = Credit(
        CellKey("c1", "credit", "2026-06"), "uptime", "owed", "money", "credit.bands/1",
        amount, amount, amount, Decimal("99.80"), "EUR", Fraction(499),
        (
            Line("value", Fraction(43_175, 43_200), Fraction(43_175, 43_200), "ratio"),
            Line("level", LEVEL.value, LEVEL.value, "ratio"),
            Line("band [99 %, 99.95 %)", Fraction(1, 5), Fraction(1, 5), "ratio"),
            Line("base", Fraction(499), Fraction(499), "EUR", FactRef("billing", "i7")),
            Line("amount", amount, amount, "EUR"),
        ),
        (Instalment(1, Decimal("99.80")),),
        (),
        (FactRef("billing", "i7"),),
    )  # fmt: skip
    return replace(made, state=state, **changes)  # type: ignore[arg-type]
