"""What core itself says of a remedy and of credits that are paid: its values built directly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from upheld.core.owing.bill import Bill, Invoice
from upheld.core.owing.credits import credit_of
from upheld.core.owing.instalments import Owed, scheduled
from upheld.core.owing.limits import Given
from upheld.core.owing.parts import Booked, SetOff
from upheld.core.terms.indicator import CommitRule, Level
from upheld.core.terms.remedy import (
    AmountRule,
    Band,
    Bands,
    Base,
    Days,
    Formula,
    Give,
    Limit,
    Multiple,
    Pay,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.timeline.period import Period, PeriodRule
from upheld.core.timeline.spans import Spans
from upheld.core.values.expression import Arithmetic, Attribute, Compare, Expr, Extreme, Literal
from upheld.core.values.key import CellKey, FactRef
from upheld.core.values.value import Money
from upheld.core.verdicts.credit import Credit, Grant
from upheld.core.verdicts.measurement import Bounds, Measurement, Part
from upheld.core.verdicts.verdict import Verdict

from .amounts_judge import state_of
from .measure_core import zone_named

Row = dict[str, Any]
MINUTE_US = 60_000_000
KEY = CellKey("acme", "uptime", "2026-06")


def ask_amount(world: Row) -> Credit:
    """The credit of core for a world of amounts."""
    start, end, label = world["period"]
    period = Period(start * MINUTE_US, end * MINUTE_US, label)
    level = Level(world["relation"], world["level"], "ratio", 2)
    zone = zone_named("UTC")
    commit = CommitRule(
        "uptime", "uptime", PeriodRule("calendar month", zone), level, unknown=world["unknown_as"]
    )
    total, bad, unknown = world["total"], world["bad"], world["unknown"]
    spans = Spans.of([(a * MINUTE_US, b * MINUTE_US) for a, b in world["outages"]])
    bounds = Bounds(
        Fraction(total - bad, total), Fraction(total - bad - unknown, total), Fraction(total - bad, total)
    )
    parts = (
        Part("up", (total - bad - unknown) * MINUTE_US),
        Part("down", bad * MINUTE_US, "", spans),
        Part("unknown", unknown * MINUTE_US),
    )
    measured = Measurement(
        "uptime", "api", period, period.end_at, "time", parts, total * MINUTE_US, bad * MINUTE_US,
        bounds, bounds, bounds.low, is_settled=True, outages=spans, certain=spans, possible=spans,
    )  # fmt: skip
    verdict = Verdict(KEY, "measurement", 1, state_of(world), "guarantee", measurement=measured, level=level)
    base = Money(world["base"], world["currency"])
    bill = Bill(base, {"month": base})
    return credit_of(
        _remedy(world),
        KEY,
        verdict,
        bill,
        commit=commit,
        kept_before=world["before"],
        complaints=world["complaints"],
        given_before={per: Given.sure(amount) for per, amount in world["given"].items()},
        zone=zone,
    )


def _remedy(world: Row) -> RemedyRule:
    when: Expr | None = None
    if world["when"] == "complaints > 0":
        when = Compare(">", Attribute("complaints"), Literal(Fraction(0), "number"))
    elif world["when"] == "value < level":
        when = Compare("<", Attribute("value"), Attribute("level"))
    breaches, of_last = world["after"] or (0, 0)
    return RemedyRule(
        "credit",
        "uptime",
        _rule(world),
        when,
        breaches,
        of_last,
        world["unit"],
        Base("fee", ("month",)),
        tuple(Limit(per, _give(world, most)) for per, most in world["limits"]),
        None if world["least"] is None else _give(world, world["least"]),
        rounding=world["rounding"],
    )


def _give(world: Row, give: tuple[str, Fraction]) -> Give:
    kind, count = give
    if kind == "share":
        return Share(count)
    return Days(count) if kind == "days" else Money(count, world["currency"])


def _rule(world: Row) -> AmountRule:
    rule = world["rule"]
    if rule["kind"] == "bands":
        return Bands(tuple(Band(*band[:4], _give(world, band[4])) for band in rule["bands"]))
    if rule["kind"] == "steps":
        unit = 1 if rule["of"] == "shortfall" else MINUTE_US
        return Steps(
            rule["every"] * unit, _give(world, rule["give"]), rule["of"], rule["begun"], rule["free"] * unit
        )
    if rule["kind"] == "multiple":
        return Multiple(rule["times"])
    short = Arithmetic("-", Attribute("level"), Attribute("value"))
    times = Arithmetic("*", Literal(Fraction(rule["factor"]), "number"), short)
    return Formula(Extreme("min", (times, Literal(rule["cap"], "ratio"))), "ratio")


def ask_invoices(world: Row) -> Row:
    """What core puts on each invoice, and what it leaves of each credit."""
    pay = Pay(
        world["instalments"],
        world["starts"],
        False,
        world["floor"],
        world["one_at_a_time"],
        world["after_end"],
    )
    rule = Bands((Band(None, Fraction(1), False, False, Share(Fraction(1))),))
    remedy = RemedyRule("credit", "uptime", rule, pay=pay, rounding=world["rounding"])
    owed = []
    for one in world["credits"]:
        start, end, label = one["period"]
        amount = one["amount"]
        credit = Credit(
            CellKey("acme", "credit", label), "uptime", "owed", "money", remedy.rule_id, amount, amount,
            amount, _decimal(amount), world["currency"], amount,
        )  # fmt: skip
        decided = () if one["decided"] is None else (Grant(one["decided"] * MINUTE_US, None),)
        decided += tuple(Grant(at * MINUTE_US, _decimal(given)) for at, given in one.get("later", ()))
        set_off = tuple(_set_off(*each) for each in one.get("set", ()))
        period = Period(start * MINUTE_US, end * MINUTE_US, label)
        owed.append(Owed(remedy, credit, decided, period, Booked(set_off=set_off)))
    invoices = [
        Invoice(
            one["id"], one["at"] * MINUTE_US, _decimal(one["amount"]), world["currency"], one["month"],
            FactRef("erp", one["id"]),
        )
        for one in world["invoices"]
    ]  # fmt: skip
    ended = None if world["ended"] is None else world["ended"] * MINUTE_US
    found = scheduled(owed, invoices, ended)
    applied: dict[str, Fraction] = {}
    left, states = [], []
    for credit in found:
        rest = Fraction(0)
        seen = set()
        for part in credit.instalments:
            # What was carried over stands on the invoice that it was carried to.
            if part.state in ("applied", "paid out") or (part.state == "carried over" and part.invoice):
                applied[part.invoice] = applied.get(part.invoice, Fraction(0)) + Fraction(part.amount)
            else:
                rest += Fraction(part.amount)
                seen.add(part.state)
        left.append(rest)
        states.append(seen)
    return {
        "applied": {key: amount for key, amount in applied.items() if amount},
        "left": left,
        "stamped": [
            sum((Fraction(part.amount) for part in credit.instalments if part.is_set_off), Fraction(0))
            for credit in found
        ],
        "states": states,
        "credits": found,
    }


def _set_off(
    at: int,
    amount: Fraction,
    invoice: str,
    slips: Mapping[int, Fraction] = MappingProxyType({}),
    name: str = "",
) -> SetOff:
    plan = tuple((number, _decimal(part)) for number, part in slips.items())
    return SetOff(at * MINUTE_US, _decimal(amount), invoice, plan, name)


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
