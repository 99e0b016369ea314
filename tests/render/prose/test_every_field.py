"""Whatever an agreement can say of what is measured, excluded and owed changes its plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest

from tests.language.texts import terms_of
from tests.render.prose.reading import HEAD, read
from upheld.core.terms import indicator as measured
from upheld.core.terms import remedy as owed
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import CommitRule, Component, Exclusion, Indicator, Level, Signal, SliceRule
from upheld.core.terms.remedy import (
    Band,
    Bands,
    Base,
    Days,
    Exercise,
    Formula,
    Limit,
    Multiple,
    Pay,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.timeline.instant import HOUR
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.amount import parse_amount
from upheld.core.values.expression import Attribute, Compare, Literal
from upheld.core.values.rule import Citation, Modality
from upheld.core.values.value import Money
from upheld.core.worked import NO_EXAMPLES
from upheld.render.prose.agreement import Writer
from upheld.render.prose.exclusions import exclusions_section
from upheld.render.prose.measures import measures_section
from upheld.render.prose.remedies import remedies_section
from upheld.render.prose.tongue import Tongue

pytestmark = pytest.mark.slow

WRITERS: tuple[Writer, ...] = (measures_section, exclusions_section, remedies_section)
SLICES = (
    "calendar: {office: {open: Mon-Fri 09:00-17:00, holidays: none}}\n"
    "component: {service: {all: [api, voice]}, api: {}, voice: {}}\n"
    "signal: {probe: {of: [api, voice], checks: one request}, other: {of: api, states: what it says}}\n"
    "indicator:\n"
    "  uptime: {count: checks of service, per: {slice: 5m, run: 2}}\n"
    "  second: {count: checks of api, per: {slice: 1m}}\n"
    "exclude: {x: {of: maintenance, effect: not bad}}\n"
    'commit: {uptime: {level: ">= 99.9 %", per: calendar month},'
    ' second: {level: ">= 99.9 %", per: calendar month}}\n'
)  # fmt: skip
EACH = SLICES.replace("{all: [api, voice]}", "{each: [api, voice]}")
ITEMS = (
    "deadline: {start: {of: task, from: submitted, until: began, within: 15m},"
    " end: {of: task, from: submitted, until: finished, within: 2h}}\n"
    "indicator: {share: {count: outcomes of start}}\n"
    'commit: {share: {level: ">= 90 %", per: calendar month}}\n'
)  # fmt: skip
LATENCY = (
    "component: {api: {}}\nsignal: {api: {checks: one request}}\n"
    "indicator: {answers: {count: latency of api, combine: percentile 95}}\n"
    'commit: {answers: {level: "<= 0.5s", per: calendar month}}\n'
)  # fmt: skip
OWED = SLICES + (
    "remedy: {credit: {of: uptime, FORM, base: {fee: [month, phone]}, limits: {month: 50 % of base},"
    " group: all}, other: {of: second, formula: 5.00 EUR, group: all}}\n"
)  # fmt: skip
BANDS = OWED.replace("FORM", 'bands: {"[99.0 %, 99.9 %)": 10 %, "< 99.0 %": 20 %}')
STEPS = OWED.replace("FORM", "steps: {each: 30m, give: 1 %}")
MULTIPLE = OWED.replace("FORM", "multiple: 2")
FORMULA = OWED.replace("FORM", "formula: shortfall * 10")

MONTHLY = Compare("=", Attribute("contract.plan"), Literal("gold", "text"))
SLOW = Compare(">", Attribute("downtime"), Attribute("period"))
MADRID = terms_of("", head=HEAD.replace("UTC", "Europe/Madrid")).calendars["always"].rule.zone
TODAY = date(2026, 6, 5)
CITED = Citation(("7.3",), ("R",), ("R",))
BOUND = (
    "contract: {id: c-1, customer: Contoso, agreement: acme, version: 2026-01, from: 2026-02-01,"
    " fees: {month: 100 EUR, phone: 10 EUR, year: 900 EUR}}\n"
)
TERMS = {
    rows: terms_of(rows, head=HEAD, contract=BOUND)
    for rows in (SLICES, EACH, ITEMS, LATENCY, BANDS, STEPS, MULTIPLE, FORMULA)
}  # fmt: skip


CASES: Mapping[type, Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    Component: {
        "name": (SLICES, ("renamed",)),
        "tie": (SLICES, get_args(measured.Tie)),
        "parts": (SLICES, (("api",), ("voice", "api"))),
        "at_least": (SLICES, ()),  # beside `tie`, below
        "from_on": (SLICES, (TODAY,)),
        "until_on": (SLICES, (TODAY,)),
        "doc": (SLICES, ("all that customers use",)),
        "cited": (SLICES, (CITED,)),
    },
    Signal: {
        "name": (SLICES, ("renamed",)),
        "kind": (SLICES, get_args(measured.SignalKind)),
        "of": (SLICES, (("api",),)),
        "good": (
            SLICES,
            (Attribute("ok"), Compare("=", Attribute("status"), Literal(Fraction(200), "number"))),
        ),
        "degraded": (SLICES, (Attribute("ok"),)),
        "every_us": (SLICES, (HOUR, 2 * HOUR)),
        "max_age_us": (SLICES, (HOUR, 2 * HOUR)),
        "what": (SLICES, ("something else",)),
        "doc": (SLICES, ("from outside",)),
        "cited": (SLICES, (CITED,)),
    },
    SliceRule: {
        "slice_us": (SLICES, (HOUR, 2 * HOUR)),
        "good_when": (SLICES, (Compare(">", Attribute("good"), Literal(Fraction(0), "number")),)),
        "run": (SLICES, (1, 3)),
        "same_part": (SLICES, (True,)),
        "minimum": (SLICES, (2, 3)),
        "partly": (SLICES, get_args(measured.Partly)),
        "cut_at_period": (SLICES, (True,)),
    },
    Indicator: {
        "name": (SLICES, ("renamed",)),
        "basis": (SLICES, ("checks", "incidents", "outcomes", "latency")),
        "of": (SLICES, ("api",)),
        "signal": (SLICES, ("probe", "other")),
        "where": (ITEMS, (MONTHLY,)),
        "per": (SLICES, (None, SliceRule(HOUR))),
        "combine": (SLICES, ("bad time", "ratio of sums", "mean of ratios")),
        "percentile": (LATENCY, (Fraction(1, 2), Fraction("0.999"))),
        "across": (EACH, get_args(measured.Across)),
        "at_least": (EACH, ()),  # beside `across`, below
        "weights": (EACH, ()),  # beside `across`, below
        "on": (SLICES, ("office",)),
        "whole": (SLICES, (True,)),
        "gaps": (SLICES, get_args(measured.Gaps)),
        "lone": (SLICES, get_args(measured.Lone)),
        "unattributed": (SLICES, ("counts", "unknown")),
        "counted_at": (ITEMS, ("start", "end")),
        "empty_met": (SLICES, (False,)),
        "doc": (SLICES, ("as users see it",)),
        "cited": (SLICES, (CITED,)),
    },
    Exclusion: {
        "name": (SLICES, ("renamed",)),
        "of": (SLICES, get_args(measured.Source)),
        "effects": (
            SLICES,
            tuple(
                frozenset(each)
                for each in (
                    ["not bad"],
                    ["out of total"],
                    ["breaks run"],
                    ["not bad", "out of total"],
                    ["not bad", "breaks run"],
                    ["out of total", "breaks run"],
                )
            ),
        ),
        "where": (SLICES, (MONTHLY,)),
        "inside": (SLICES, ("office", "nights")),
        "announced_by": (SLICES, (Attribute("starts_at"), Attribute("ends_at"))),
        "lasts": (SLICES, ("announced", "actual", "both")),
        "takes": (SLICES, ("all", "bad")),
        "before_combining": (SLICES, (False,)),
        "indicators": (SLICES, (("uptime",), ("uptime", "second"))),
        "components": (SLICES, (("api",), ("api", "voice"))),
        "doc": (SLICES, ("at night",)),
        "cited": (SLICES, (CITED,)),
    },
    Level: {
        "relation": (SLICES, get_args(measured.Relation)),
        "value": (SLICES, (Fraction("0.99"), Fraction("0.5"))),
        "unit": (SLICES, ("ratio", "duration")),
        "decimals": (SLICES, (2, 3)),
    },
    CommitRule: {
        "name": (SLICES, ("renamed",)),
        "indicator": (SLICES, ("second",)),
        "period": (SLICES, ()),  # by its own fields
        "level": (SLICES, (None,)),
        "modality": (SLICES, get_args(Modality)),
        "compare": (SLICES, ("exact", "half up")),
        "unknown": (SLICES, ("bounds", "up", "down")),
        "doc": (SLICES, ("over the month",)),
        "cited": (SLICES, (CITED,)),
    },
    PeriodRule: {
        "kind": (SLICES, ("calendar month", "calendar quarter", "calendar year")),
        "zone": (
            SLICES,
            (terms_of("", head=HEAD.replace("UTC", "Europe/Madrid")).calendars["always"].rule.zone,),
        ),
        "anchor": (SLICES, ()),  # beside `kind`, below
    },
    RemedyRule: {
        "name": (BANDS, ("renamed",)),
        "of": (BANDS, ("second",)),
        "amount": (BANDS, (None, Multiple(Fraction(3)))),
        "when": (BANDS, (SLOW,)),
        "breaches": (BANDS, ()),  # beside `of_last`, below
        "of_last": (BANDS, (2, 3)),
        "unit": (BANDS, get_args(owed.Unit)),
        "base": (BANDS, ()),  # by its own fields
        "limits": (BANDS, ((),)),
        "least": (BANDS, (Money(Fraction(5), "EUR"), Share(Fraction(1, 100)), Days(Fraction(1)))),
        "group": (BANDS, ("", "some")),
        "combine": (BANDS, ("sum", "max", "first")),
        "pay": (BANDS, ()),  # by its own fields
        "exercise": (BANDS, ()),  # by its own fields
        "rounding": (BANDS, get_args(owed.Rounding)),
        "doc": (BANDS, ("a refund",)),
        "cited": (BANDS, (CITED,)),
    },
    Bands: {"bands": (BANDS, ((),))},
    Band: {
        "low": (BANDS, (None, Fraction("0.98"))),
        "high": (BANDS, (None, Fraction("0.998"))),
        "has_low": (BANDS, (False,)),
        "has_high": (BANDS, (True,)),
        "give": (BANDS, (Share(Fraction(1, 2)), Money(Fraction(5), "EUR"), Days(Fraction(2)))),
    },
    Steps: {
        "every": (STEPS, (Fraction(HOUR), Fraction(2 * HOUR))),
        "give": (STEPS, (Share(Fraction(1, 2)), Money(Fraction(5), "EUR"), Days(Fraction(2)))),
        "of": (STEPS, get_args(owed.StepsOf)),
        "begun": (STEPS, (True,)),
        "free": (STEPS, (Fraction(HOUR), Fraction(2 * HOUR))),
    },
    Formula: {
        "expr": (FORMULA, (Attribute("shortfall"), Literal(Fraction(1, 2), "ratio"))),
        "kind": (FORMULA, ("money", "ratio", "days")),
    },
    Multiple: {"times": (MULTIPLE, (Fraction(3), Fraction(1, 2)))},
    Base: {
        "kind": (BANDS, get_args(owed.BaseKind)),
        "fees": (BANDS, (("month",), ("phone",), ("year",))),
        "yearly": (BANDS, (("phone",),)),
        "invoiced_in_part": (BANDS, (True,)),
    },
    Limit: {
        "per": (BANDS, get_args(owed.LimitPer)),
        "most": (BANDS, (Share(Fraction(1)), Money(Fraction(5), "EUR"))),
    },
    Pay: {
        "instalments": (BANDS, (2, 3)),
        "starts": (BANDS, ("next invoice", "following month")),
        "of_each": (BANDS, (True,)),
        "floor": (BANDS, (Fraction(1, 2), Fraction(1, 4))),
        "one_at_a_time": (BANDS, (True,)),
        "after_end": (BANDS, ("paid out", "lost")),
    },
    Exercise: {
        "within": (BANDS, (None, parse_amount("30d"), parse_amount("1 month"))),
        "notice": (BANDS, (None, parse_amount("30d"), parse_amount("1 month"))),
        "within_on": (BANDS, ()),  # beside `within`, below
        "notice_on": (BANDS, ()),  # beside `notice`, below
        "ends": (BANDS, ("day", "month")),
    },
}
"""For every field: rows in which it matters, and the values whose words must all differ."""

TOGETHER: tuple[tuple[str, type, Mapping[str, Any], str, tuple[Any, ...]], ...] = (
    (SLICES, Component, {"tie": "at least"}, "at_least", (1, 2)),
    (EACH, Indicator, {"across": "at least"}, "at_least", (1, 2)),
    (EACH, Indicator, {"across": "weighted"}, "weights", ({"api": Fraction(2)}, {"api": Fraction(3)})),
    (SLICES, PeriodRule, {"kind": "billing cycle"}, "anchor", (1, 15)),
    (SLICES, PeriodRule, {"kind": "contract year"}, "anchor", (date(2026, 1, 1), date(2026, 3, 1))),
    (BANDS, RemedyRule, {"of_last": 3}, "breaches", (1, 2)),
    (BANDS, Exercise, {"within": parse_amount("30d")}, "within_on", ("always", "desk")),
    (BANDS, Exercise, {"notice": parse_amount("30d")}, "notice_on", ("always", "desk")),
)
"""Fields that say something only beside another."""


def _changed(terms: Terms, of: type, changes: Mapping[str, Any]) -> Terms:
    """The terms with fields changed in the first value of a class."""
    commit, first = terms.commits[0], next(iter(terms.indicators.values()))
    if of is Component:
        name = next(iter(terms.components))
        return replace(
            terms, components={**terms.components, name: replace(terms.components[name], **changes)}
        )
    if of is Signal:
        return replace(terms, signals=(replace(terms.signals[0], **changes), *terms.signals[1:]))
    if of in (Indicator, SliceRule):
        new = (
            replace(first, **changes)
            if of is Indicator
            else replace(first, per=replace(first.per, **changes))
        )
        return replace(terms, indicators={**terms.indicators, first.name: new})
    if of is Exclusion:
        return replace(terms, exclusions=(replace(terms.exclusions[0], **changes),))
    if of in (CommitRule, Level, PeriodRule):
        within = {Level: "level", PeriodRule: "period"}.get(of)
        inner = {within: replace(getattr(commit, within), **changes)} if within else changes
        return replace(terms, commits=(replace(commit, **inner), *terms.commits[1:]))
    return replace(terms, remedies=(_remedy(terms.remedies[0], of, changes), *terms.remedies[1:]))


def _remedy(remedy: RemedyRule, of: type, changes: Mapping[str, Any]) -> RemedyRule:
    if of is RemedyRule:
        return replace(remedy, **changes)
    if of is Base:
        return replace(remedy, base=replace(remedy.base, **changes))
    if of is Exercise:
        return replace(remedy, unit="termination", exercise=replace(remedy.exercise, **changes))
    if of is Pay:
        return replace(remedy, pay=replace(remedy.pay, **changes))
    if of is Limit:
        return replace(remedy, limits=(replace(remedy.limits[0], **changes),))
    if of is Band:
        bands = remedy.amount.bands  # type: ignore[union-attr]  # the rows have bands
        return replace(remedy, amount=Bands((replace(bands[0], **changes), *bands[1:])))
    return replace(remedy, amount=replace(remedy.amount, **changes))  # type: ignore[type-var]  # a form


def _words(terms: Terms, language: str) -> tuple[Any, ...]:
    """All that is said, with what it cites."""
    texts = tuple(read(writer, terms, language) for writer in WRITERS)
    sections = [writer(terms, Tongue(language), NO_EXAMPLES) for writer in WRITERS]
    return texts, tuple(block.cited for one in sections if one is not None for block in one.all_blocks())


def _said_alike(
    terms: Terms, of: type, beside: Mapping[str, Any], field: str, values: tuple[Any, ...]
) -> list[str]:
    """The languages in which two of the values are."""
    found = []
    for language in ("en", "nl"):
        said = {_words(_changed(terms, of, {**beside, field: value}), language) for value in values}
        found += [language] * (len(said) < len(values))
    return found


def test_every_field_has_its_values() -> None:
    """What a class may come to hold has to be said: a new field is no longer silent."""
    for of, known in CASES.items():
        assert set(known) == {field.name for field in fields(of)}, of.__name__


@pytest.mark.parametrize(
    ("of", "field"),
    [(of, field) for of, known in CASES.items() for field, (_, values) in known.items() if values],
)
def test_a_field_changes_the_words(of: type, field: str) -> None:
    """No two of its values are said alike, in any language."""
    rows, values = CASES[of][field]
    terms = TERMS[rows]
    before = getattr(_first(terms, of), field)
    assert not _said_alike(terms, of, {}, field, tuple(dict.fromkeys((before, *values))))


@pytest.mark.parametrize(("rows", "of", "beside", "field", "values"), TOGETHER)
def test_a_field_beside_another_changes_the_words(
    rows: str, of: type, beside: Mapping[str, Any], field: str, values: tuple[Any, ...]
) -> None:
    """A number of parts, weights, the anchor of a period, breaches of so many."""
    first = {field: values[0], **beside}
    assert not _said_alike(TERMS[rows], of, first, field, values)


def _first(terms: Terms, of: type) -> Any:
    indicator, commit = next(iter(terms.indicators.values())), terms.commits[0]
    remedy = terms.remedies[0] if terms.remedies else None
    amount = remedy.amount if remedy else None
    return {
        Component: next(iter(terms.components.values()), None),
        Signal: terms.signals[0] if terms.signals else None,
        SliceRule: indicator.per,
        Indicator: indicator,
        Exclusion: terms.exclusions[0] if terms.exclusions else None,
        Level: commit.level,
        CommitRule: commit,
        PeriodRule: commit.period,
        RemedyRule: remedy,
        Band: amount.bands[0] if isinstance(amount, Bands) else None,
        Base: remedy.base if remedy else None,
        Limit: remedy.limits[0] if remedy else None,
        Pay: remedy.pay if remedy else None,
        Exercise: remedy.exercise if remedy else None,
    }.get(of, amount)
