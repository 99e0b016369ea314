"""Periods in plain words: each calendar month, the month, a month of 30 days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import DAY, Duration
from upheld.core.timeline.period import PeriodKind, PeriodRule
from upheld.core.values.amount import Amount
from upheld.render.prose.tongue import N_, Tongue

_EACH: Final[Mapping[PeriodKind, str]] = {
    "calendar month": N_("each calendar month ({zone})"),
    "calendar quarter": N_("each calendar quarter ({zone})"),
    "calendar year": N_("each calendar year ({zone})"),
    "contract year": N_("each contract year (from {anchor}; {zone})"),
    "billing cycle": N_("each billing cycle (from day {anchor} of the month; {zone})"),
    "rolling": N_("any period of {anchor} ({zone})"),
}
_THE: Final[Mapping[PeriodKind, str]] = {
    "calendar month": N_("the month"),
    "calendar quarter": N_("the quarter"),
    "calendar year": N_("the year"),
    "contract year": N_("the contract year"),
    "billing cycle": N_("the billing cycle"),
    "rolling": N_("the period"),
}
_LASTING: Final[Mapping[PeriodKind, tuple[str, int]]] = {
    "calendar month": (N_("a month of {number} days"), 30),
    "calendar quarter": (N_("a quarter of {number} days"), 90),
    "calendar year": (N_("a year of {number} days"), 365),
    "contract year": (N_("a year of {number} days"), 365),
    "billing cycle": (N_("a billing cycle of {number} days"), 30),
}
_DAYS: Final = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def each_period(rule: PeriodRule, terms: Terms, tongue: Tongue) -> str:
    """All periods of a rule and where they are local: each calendar month (UTC).

    Without a contract nobody knows when its years begin: the anchor is made up then.
    """
    anchor = rule.anchor
    if rule.kind == "contract year" and terms.contract is None:
        return tongue.say("each year of your contract ({zone})", zone=rule.zone.name)
    if isinstance(anchor, date):
        said = tongue.day_of_year(anchor)
    elif isinstance(anchor, Amount):
        said = tongue.amount(anchor)
    else:
        said = "" if anchor is None else tongue.number(anchor)
    return tongue.say(_EACH[rule.kind], anchor=said, zone=rule.zone.name)


def the_period(rule: PeriodRule, tongue: Tongue) -> str:
    """The one that is spoken of: the month."""
    return tongue.say(_THE[rule.kind])


def lasting(rule: PeriodRule, tongue: Tongue) -> tuple[str, Duration]:
    """One of usual length in words, and how long that is, without a change of clocks."""
    if isinstance(rule.anchor, Amount):
        count, kind = rule.anchor.count, rule.anchor.kind
        length_us = int(count * (1 if kind == "time" else _DAYS.get(kind, 1) * DAY))
        return tongue.say("a period of {length}", length=tongue.amount(rule.anchor)), length_us
    message, days = _LASTING[rule.kind]
    if rule.kind == "calendar quarter" and len(set(rule.zone.offsets_s)) > 1:
        message = N_("a quarter of {number} days without a change of clocks")
    return tongue.say(message, number=tongue.number(days)), days * DAY
