"""Components, signals, indicators, exclusions, levels and remedies compile to the values that they say."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.language.test_bad_measures import MEASURED, PARTS, SEEN
from tests.language.texts import CONTRACT, HEAD, findings_of, mapping, terms_of
from upheld.core.terms.indicator import Component, Exclusion, Indicator, Level, Signal, SliceRule
from upheld.core.terms.remedy import (
    Band,
    Bands,
    Base,
    Days,
    Formula,
    Limit,
    Multiple,
    Pay,
    RemedyRule,
    Share,
    Steps,
)
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.core.values.expression import Expr
from upheld.core.values.value import Money
from upheld.language.check import check_agreement
from upheld.language.layers import resolved
from upheld.language.writer import write_yaml

UPTIME = MEASURED + "commit:\n  uptime: '>= 99.95 % per calendar month'\n"
GOLD = CONTRACT.replace("from:", "plan: gold, fees: {month: 499.00 EUR}, from:")


def _text(expr: Expr | None) -> str:
    return "" if expr is None else str(expr)


def _remedy(fields: str, of: str = "uptime") -> RemedyRule:
    rows = UPTIME + "  starts: '>= 90 % per calendar month'\n  slow: <= 0.5s per calendar month\n"
    return terms_of(f"remedy: {{r: {{of: {of}, {fields}}}}}", head=rows).remedies[0]


# -- what is measured --------------------------------------------------------------------------------------


def test_components_are_leaves_or_ties() -> None:
    """A component without a tie is a leaf; its days, and the parts of each tie, are those written."""
    found = terms_of(
        "component:\n"
        "  service: {all: [api, trunks], clause: '1'}\n"
        "  trunks: {at least: 1, of: [t1, t2]}\n"
        "  either: {any: [t1, t2]}\n"
        "  both: {each: [api, either]}\n"
        "  api: {doc: the main one, from: 2026-01-01, until: 2026-07-01}\n"
        "  t1: {}\n  t2: {}\n"
    ).components
    assert [(c.tie, c.parts, c.at_least) for c in found.values()] == [
        ("all", ("api", "trunks"), 0),
        ("at least", ("t1", "t2"), 1),
        ("any", ("t1", "t2"), 0),
        ("each", ("api", "either"), 0),
        (None, (), 0),
        (None, (), 0),
        (None, (), 0),
    ]
    api = found["api"]
    assert api == Component("api", None, (), 0, date(2026, 1, 1), date(2026, 7, 1), "the main one", api.cited)
    assert found["service"].cited.clauses == ("1",)


def test_signals_observe_by_checks_counts_or_states() -> None:
    """What a signal records says its kind; without `of` it observes the component of its name."""
    http, voice, requests, power = terms_of(
        "signal:\n"
        '  http: {of: api, checks: HTTP, good: "status in 200..299 or code = moved", every: 1m}\n'
        "  voice: {checks: registration}\n"
        "  requests: {of: [api, voice], counts: requests}\n"
        '  power: {of: voice, states: state, good: "state in [up, low]", degraded: state = low,\n'
        "          max age: 26h}\n",
        head=PARTS,
    ).signals
    assert (http.kind, http.of, http.every_us, http.max_age_us) == ("checks", ("api",), MINUTE, None)
    assert _text(http.good) == "status >= 200 and status <= 299 or code = 'moved'"
    assert voice == Signal("voice", "checks", ("voice",), what="registration", cited=voice.cited)
    assert (requests.kind, requests.of) == ("counts", ("api", "voice"))
    assert (power.kind, power.max_age_us, _text(power.degraded)) == ("states", 26 * HOUR, "state = 'low'")


def test_an_indicator_has_its_five_stages() -> None:
    """Every stage of an indicator is the value written, and what is left out has its default."""
    found = terms_of(
        "indicator:\n"
        "  full:\n"
        "    count: checks of list\n"
        "    signal: http\n"
        "    per: {slice: 5m, good when: good / total >= 99 % or component = voice, run: 2,\n"
        "          run in: same part, minimum: 3, partly excluded: excluded whole, at period end: cut}\n"
        "    combine: bad time\n"
        "    across: weighted\n"
        "    weights: {api: 2, voice: 0.5}\n"
        "    total: whole period\n"
        "    on: always\n"
        "    gaps: out of total\n"
        "    lone: unknown\n"
        "    unattributed: unknown\n"
        "    empty: undetermined\n"
        "  plain: {count: checks of api, per: {slice: 1m}}\n"
        "  share: {count: outcomes of start, counted by: end}\n"
        "  slow: {count: latency of api, combine: percentile 99.9}\n"
        "  down: {count: incidents of both, where: share_of_users > 0.5, across: each}\n"
        "  two: {count: checks of list, per: {slice: 1m}, across: at least 2, combine: mean of ratios}\n",
        head=SEEN + "deadline: {start: {of: task, from: submitted, until: began, within: 15m}}\n",
    ).indicators
    full = found["full"]
    assert full.per is not None
    assert _text(full.per.good_when) == "good / total >= 99 % or component = 'voice'"
    rule = SliceRule(5 * MINUTE, full.per.good_when, 2, True, 3, "excluded whole", True)
    weights = {"api": Fraction(2), "voice": Fraction(1, 2)}
    assert full == Indicator(
        "full", "checks", "list", "http", None, rule, "bad time", None, "weighted", 0, weights, "always",
        True, "out of total", "unknown", "unknown", "start", False, "", full.cited,
    )  # fmt: skip
    plain = found["plain"]
    assert plain == Indicator("plain", "checks", "api", per=SliceRule(MINUTE), cited=plain.cited)
    share = found["share"]
    assert (share.basis, share.of, share.combine, share.counted_at) == (
        "outcomes",
        "start",
        "ratio of sums",
        "end",
    )
    assert (found["slow"].combine, found["slow"].percentile) == ("percentile", Fraction(999, 1000))
    assert (found["down"].basis, _text(found["down"].where)) == ("incidents", "share_of_users > 0.5")
    assert (found["two"].across, found["two"].at_least, found["two"].combine) == (
        "at least",
        2,
        "mean of ratios",
    )


def test_outcomes_are_picked_by_the_attributes_of_the_deadline_s_subject() -> None:
    """`where` of an indicator of outcomes knows what the subject of the deadline is known by."""
    rows = (
        "deadline: {r: {from: opened, until: answered, within: 2h}}\n"
        'indicator: {i: {count: outcomes of r, where: "priority in [P1, P2]"}}\n'
    )
    assert _text(terms_of(rows).indicators["i"].where) == "priority in ['P1', 'P2']"


def test_an_exclusion_is_what_is_written() -> None:
    """Source, condition, calendar, notice, stretch, effects, place in the order, and what it is for."""
    window, blame, hours, key, beta = terms_of(
        "exclude:\n"
        "  window:\n"
        "    of: maintenance\n"
        '    where: "kind in [scheduled] and interruption"\n'
        "    inside: night\n"
        "    announced by: starts_at - 48h\n"
        "    lasts: actual\n"
        "    effect: [not bad, breaks run]\n"
        "    taken: after combining\n"
        "    indicators: [uptime]\n"
        "    components: [api]\n"
        '    clause: ["2", "4"]\n'
        "  blame: {of: attribution, where: party = customer, effect: not bad}\n"
        "  hours: {of: hours, inside: night, effect: out of total}\n"
        '  key: {of: credential, where: "state in [expired, locked]", takes: bad, effect: not bad}\n'
        "  beta: {of: stage, where: stage = beta, effect: [out of total, not bad]}\n",
        head=MEASURED,
    ).exclusions
    assert (_text(window.where), _text(window.announced_by)) == (
        "kind in ['scheduled'] and interruption",
        "starts_at - 48h",
    )
    both = frozenset({"not bad", "breaks run"})
    assert window == Exclusion(
        "window", "maintenance", both, window.where, "night", window.announced_by, "actual", "all", False,
        ("uptime",), ("api",), "", window.cited,
    )  # fmt: skip
    assert window.cited.clauses == ("2", "4")
    assert (blame.takes, blame.before_combining, blame.lasts) == ("bad", True, "both")
    assert (hours.takes, hours.inside, hours.where) == ("all", "night", None)
    assert (key.takes, _text(key.where)) == ("bad", "state in ['expired', 'locked']")
    assert beta.effects == frozenset({"out of total", "not bad"})


# -- levels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (">= 99.95 %", Level(">=", Fraction(9995, 10000), "ratio", 2)),
        ("> 99 %", Level(">", Fraction(99, 100), "ratio", 0)),
        ("≥ 99.90 %", Level(">=", Fraction(999, 1000), "ratio", 2)),
        (">=99.9%", Level(">=", Fraction(999, 1000), "ratio", 1)),
    ],
)
def test_a_level_is_exact_with_its_printed_decimals(text: str, level: Level) -> None:
    """A ratio is read exactly; the decimals are those that are printed."""
    row = f"commit: {{uptime: {{level: '{text}', per: calendar month}}}}"
    assert terms_of(row, head=MEASURED).commits[0].level == level
    short = f"commit: {{uptime: '{text} per calendar month'}}"
    assert terms_of(short, head=MEASURED).commits[0].level == level


def test_a_commitment_is_what_is_written() -> None:
    """Level, period in its zone, indicator, modality and how it compares; `none` is only measured."""
    first, second, slow = terms_of(
        "commit:\n"
        "  first: {level: '>= 99 %', per: calendar quarter, zone: UTC, indicator: uptime,\n"
        "          modality: objective, compare: half up, unknown: up, clause: '1'}\n"
        "  uptime: {level: none, per: contract year}\n"
        "  slow: <= 0.5s per billing cycle from day 15\n",
        head=MEASURED,
    ).commits
    assert (first.indicator, first.modality, first.compare, first.unknown) == (
        "uptime",
        "objective",
        "half up",
        "up",
    )
    assert (first.period.kind, first.period.zone.name) == ("calendar quarter", "UTC")
    assert (second.level, second.indicator, second.period.kind) == (None, "uptime", "contract year")
    assert second.period.zone.name == "Europe/Madrid"
    assert slow.level == Level("<=", Fraction(SECOND, 2), "duration")
    assert (slow.period.kind, slow.period.anchor) == ("billing cycle", 15)


# -- what is owed ------------------------------------------------------------------------------------------


def test_bands_have_the_edges_written() -> None:
    """An edge is inside where its bracket is square; `top` is the level, or what it is said to be."""
    text = (
        "bands: {'[99.0 %, top)': 20 %, '(98 %, 99 %)': 5.00 EUR, '<= 98 %': 60 %}, base: {fee: month}, top: "
    )
    low, high = Fraction(98, 100), Fraction(99, 100)
    amount = _remedy(text + "level").amount
    assert amount == Bands(
        (
            Band(high, Fraction(9995, 10000), True, False, Share(Fraction(1, 5))),
            Band(low, high, False, False, Money(Fraction(5), "EUR")),
            Band(None, low, False, True, Share(Fraction(3, 5))),
        )
    )
    named = _remedy(text + "99.9 %").amount
    assert isinstance(named, Bands)
    assert named.bands[0].high == Fraction(999, 1000)


@pytest.mark.parametrize(
    ("of", "fields", "steps"),
    [
        ("uptime", "{each: 30m, give: 5 %}", Steps(Fraction(30 * MINUTE), Share(Fraction(1, 20)))),
        (
            "uptime",
            "{each: 1h, of: each outage, begun: true, give: 10.00 EUR, free: 0m}",
            Steps(Fraction(HOUR), Money(Fraction(10), "EUR"), "each outage", True),
        ),
        (
            "uptime",
            "{each: 0.1 %, of: shortfall, give: 1 %, free: 0.05 %}",
            Steps(Fraction(1, 1000), Share(Fraction(1, 100)), "shortfall", False, Fraction(5, 10000)),
        ),
        (
            "starts",
            "{each: 10, of: late items, give: 1 %, free: 5}",
            Steps(Fraction(10), Share(Fraction(1, 100)), "late items", False, Fraction(5)),
        ),
        (
            "slow",
            "{each: 0.1s, of: shortfall, give: 1 %}",
            Steps(Fraction(SECOND, 10), Share(Fraction(1, 100)), "shortfall"),
        ),
    ],
)
def test_steps_are_of_the_unit_of_what_is_cut(of: str, fields: str, steps: Steps) -> None:
    """Steps of time, of shortfall (a ratio, or time where time is measured), or of items."""
    assert _remedy(f"steps: {fields}, base: {{fee: month}}", of).amount == steps


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ("formula: 'min(10 * (level - value), 100 %)', base: {fee: month}", "ratio", None),
        ("formula: shortfall / 0.1 %, base: {fee: month}", "ratio", "shortfall / 0.1 %"),
        ("formula: base * shortfall, base: {invoice: month}", "money", "base * shortfall"),
        ("formula: fee.month / 30 + 5.00 EUR", "money", "fee.month / 30 + 5 EUR"),
        ("formula: downtime / 24h, unit: days of service", "days", "downtime / 24h"),
        ("formula: 'max(breaches, 2)', unit: days of service", "days", "max(breaches, 2)"),
    ],
)
def test_a_formula_is_money_a_ratio_or_days(fields: str, kind: str, text: str | None) -> None:
    """The type of a formula, with the unit of its remedy, says what it gives."""
    amount = _remedy(fields).amount
    assert isinstance(amount, Formula)
    assert amount.kind == kind
    assert text is None or str(amount.expr) == text


def test_a_remedy_is_what_is_written() -> None:
    """Condition, count of breaches, base, limits, least, group, way of paying and rounding."""
    found = _remedy(
        "when: value < level and complaints > 0, after: 2 of 3, multiple: 10, base: {fee: [month, year], "
        "yearly: [licence]}, limits: {month: 100 % of base, day: 50.00 EUR, term: 200 %}, least: 5.00 EUR, "
        "group: g, combine: max, pay: {instalments: 3, starts: following month, of: each invoice, "
        "floor: 10 %, several: one at a time, after end: lost}, round: down, clause: '5'"
    )
    assert (_text(found.when), found.breaches, found.of_last) == ("value < level and complaints > 0", 2, 3)
    assert found.amount == Multiple(Fraction(10))
    assert found.base == Base("fee", ("month", "year", "licence"), ("year", "licence"))
    in_part = _remedy("multiple: 1, base: {fee: month, in part: invoice}")
    assert in_part.base == Base("fee", ("month",), invoiced_in_part=True)
    euros = Money(Fraction(50), "EUR")
    assert found.limits == (
        Limit("month", Share(Fraction(1))),
        Limit("day", euros),
        Limit("term", Share(Fraction(2))),
    )
    assert found.least == Money(Fraction(5), "EUR")
    assert (found.group, found.combine, found.rounding, found.cited.clauses) == ("g", "max", "down", ("5",))
    assert found.pay == Pay(3, "following month", True, Fraction(1, 10), True, "lost")


def test_a_remedy_gives_days_or_the_right_to_terminate() -> None:
    """Days of service are days; a termination has no amount."""
    days = _remedy("unit: days of service, bands: {'< 99.95 %': 3 days}, limits: {month: 10 days}")
    assert (days.unit, days.limits) == ("days of service", (Limit("month", Days(Fraction(10))),))
    end = _remedy("unit: termination, after: 3 of 3")
    assert (end.unit, end.amount, end.rule_id, end.of_last) == (
        "termination",
        None,
        "credit.termination/1",
        3,
    )


def test_a_contract_s_fees_are_known_to_formulas() -> None:
    """With a contract a formula knows its fees, in their currency."""
    contract = CONTRACT.replace("from:", "fees: {month: 499.00 EUR}, from:")
    rows = UPTIME + "remedy: {r: {of: uptime, formula: fee.month * 2 + 1.00 EUR}}"
    assert terms_of("", head=rows, contract=contract).remedies[0].amount is not None


# -- layers ------------------------------------------------------------------------------------------------

LAYERED = UPTIME + (
    "remedy: {credit: {of: uptime, bands: {'< 99.9 %': 10 %}, base: {fee: month}}}\n"
    "exclude: {window: {of: maintenance, effect: not bad}}\n"
    "plan:\n"
    "  gold:\n"
    "    commit: {uptime: '>= 99.9 %'}\n"
    "    indicator: {uptime: {per: {run: 2}, gaps: up}}\n"
    "    component: {extra: {}}\n"
    "    signal: {http: {of: [api, voice, extra]}}\n"
    "    exclude: {window: none}\n"
    "  iron:\n"
    "    commit: {uptime: {level: none}}\n"
    "    remedy: {credit: none}\n"
)


def test_a_plan_lays_a_level_as_a_text_over_a_row() -> None:
    """A text over a map, or over another text, replaces the level and leaves the period as it is."""
    gold = terms_of("", head=LAYERED, plan="gold")
    commit = gold.commits[0]
    assert commit.level == Level(">=", Fraction(999, 1000), "ratio", 1)
    assert commit.period.kind == "calendar month"
    assert gold.indicators["uptime"].per == SliceRule(5 * MINUTE, run=2)
    assert gold.indicators["uptime"].gaps == "up"
    assert gold.signals[0].of == ("api", "voice", "extra")
    assert (set(gold.components) - {"api", "voice", "both", "list"}, gold.exclusions) == ({"extra"}, ())
    over_a_map = LAYERED.replace(
        "uptime: '>= 99.95 % per calendar month'",
        "uptime: {level: '>= 99.95 %', per: calendar month, modality: objective}",
    )
    same = terms_of("", head=over_a_map, plan="gold").commits[0]
    assert (same.level, same.modality, same.period.kind) == (commit.level, "objective", "calendar month")


def test_a_plan_can_leave_an_indicator_without_a_level() -> None:
    """`level: none` in a plan is a level; `none` for a row removes it."""
    iron = terms_of("", head=LAYERED, plan="iron")
    assert (iron.commits[0].level, iron.remedies) == (None, ())


def test_a_contract_overrides_both() -> None:
    """An override replaces the level, the period in a text included, and adds to remedies."""
    override = (
        GOLD + "override:\n"
        "  commit: {uptime: '>= 99.99 % per calendar quarter'}\n"
        "  remedy: {credit: {limits: {month: 50 %}, bands: {'< 99.9 %': 20 %, '[99.9 %, 99.99 %)': 1 %}}}\n"
    )
    terms = terms_of("", head=LAYERED, contract=override)
    assert terms.commits[0].level == Level(">=", Fraction(9999, 10000), "ratio", 2)
    assert terms.commits[0].period.kind == "calendar quarter"
    amount = terms.remedies[0].amount
    assert isinstance(amount, Bands)
    assert [band.give for band in amount.bands] == [Share(Fraction(1, 5)), Share(Fraction(1, 100))]
    assert terms.remedies[0].limits == (Limit("month", Share(Fraction(1, 2))),)


def test_a_text_merges_with_a_map_for_every_concept_that_has_a_short_form() -> None:
    """A duty or an entitlement as a text is the field that it stands for, over a map and below one."""
    text = (
        HEAD + "entitlement: {users: {value: ten, named contacts: 3}, review: yearly}\n"
        "plan: {gold: {entitlement: {users: twenty, review: {clause: '7'}}, duty: {data: other data}}}\n"
    )
    users, review = terms_of("", head=text, plan="gold").entitlements
    assert (users.value, users.named_contacts) == ("twenty", 3)
    assert (review.value, review.cited.clauses) == ("yearly", ("7",))
    shown = write_yaml(resolved(mapping(text), "gold"), origins=False)
    assert "data: other data" in shown


# -- readings ----------------------------------------------------------------------------------------------


def test_a_reading_can_stand_in_every_kind_of_field() -> None:
    """Measures, slices, effects, levels, bands, steps, bases, limits and payment may consult a reading."""
    terms = terms_of(
        "indicator:\n"
        "  uptime:\n"
        "    count: {by hours: {support: checks of both, all day: incidents of both}}\n"
        "    per: {by hours: {support: {slice: 5m}, all day: none}}\n"
        "    combine: {by hours: {support: bad time, all day: bad time}}\n"
        "    across: {by hours: {support: each, all day: each}}\n"
        "    gaps: {by hours: {support: up, all day: down}}\n"
        "  run:\n"
        "    count: checks of both\n"
        "    per: {slice: {by hours: {support: 1m, all day: 5m}},\n"
        "          run: {by hours: {support: 2, all day: 1}}}\n"
        "exclude:\n"
        "  window: {of: {by hours: {support: maintenance, all day: incident}},\n"
        "           effect: [not bad, {by hours: {support: none, all day: out of total}}]}\n"
        "commit:\n"
        "  uptime: {by hours: {support: '>= 99.9 % per calendar month', all day: none}}\n"
        "  run: {level: {by hours: {support: none, all day: '>= 1 %'}}, per: calendar month}\n"
        "remedy:\n"
        "  r: {of: uptime, top: {by hours: {support: level, all day: 99.5 %}},\n"
        "      bands: {by hours: {support: {'< top': 1 %}, all day: {'<= top': 2 %}}},\n"
        "      base: {by hours: {support: {fee: month}, all day: {invoice: month}}},\n"
        "      limits: {month: {by hours: {support: 10 %, all day: 20 %}}},\n"
        "      pay: {by hours: {support: {instalments: 2}, all day: none}}}\n"
        "  s: {of: uptime, steps: {each: 30m, give: {by hours: {support: 1 %, all day: 2 %}}},\n"
        "      base: {fee: m}, after: {by hours: {support: 1 of 2, all day: 2 of 2}}}\n",
        head=SEEN,
    )
    assert terms.indicators["uptime"].basis == "checks"
    assert terms.indicators["uptime"].per == SliceRule(5 * MINUTE)
    assert terms.indicators["run"].per == SliceRule(MINUTE, run=2)
    assert terms.exclusions[0].effects == frozenset({"not bad"})
    assert [commit.level for commit in terms.commits] == [Level(">=", Fraction(999, 1000), "ratio", 1), None]
    r, s = terms.remedies
    assert r.amount == Bands((Band(None, Fraction(999, 1000), False, False, Share(Fraction(1, 100))),))
    assert (r.base, r.pay) == (Base("fee", ("month",)), Pay(2))
    assert r.limits == (Limit("month", Share(Fraction(1, 10))),)
    assert (s.breaches, s.of_last) == (1, 2)
    rows = (*terms.indicators.values(), *terms.exclusions, *terms.commits, *terms.remedies)
    assert {row.cited.readings for row in rows} == {("hours",)}


def test_a_level_remembers_the_readings_below_it() -> None:
    """A commitment consulted what its indicator, components, signals and exclusions did; so did a remedy."""
    head = HEAD.replace(
        "assume: {",
        "assume: {tie: {issue: t, options: [all, any], take: all, because: b}, "
        "good: {issue: g, options: [two, three], take: two, because: b}, "
        "slot: {issue: s, options: [yes, no], take: yes, because: b}, ",
    )
    terms = terms_of(
        "component: {a: {}, both: {by tie: {all: {all: [a]}, any: {any: [a]}}}, c: {}}\n"
        "signal:\n"
        "  s: {of: a, checks: x, good: {by good: {two: status < 300, three: status < 400}}}\n"
        "exclude:\n"
        "  e: {of: maintenance, effect: {by slot: {yes: not bad, no: out of total}}, indicators: [i]}\n"
        "indicator: {i: {count: checks of both, per: {slice: 1m}}, j: {count: incidents of c}}\n"
        "commit: {i: '>= 99 % per calendar month', j: '>= 99 % per calendar month'}\n"
        "remedy: {r: {of: i, unit: termination}}\n",
        head=head,
    )
    assert terms.indicators["i"].cited.readings == ("tie", "good")
    assert [commit.cited.readings for commit in terms.commits] == [("tie", "good", "slot"), ()]
    assert terms.remedies[0].cited.readings == ("tie", "good", "slot")


def test_a_level_remembers_the_reading_that_leaves_an_exclusion_out() -> None:
    """Under the other option it would take something; of an indicator it is not for, it would not."""
    head = HEAD.replace("assume: {", "assume: {slot: {issue: s, options: [no, yes], take: no, because: b}, ")
    terms = terms_of(
        "component: {a: {}}\n"
        "signal: {s: {of: a, checks: x}}\n"
        "exclude:\n"
        "  e: {by slot: {no: none, yes: {of: maintenance, effect: not bad, indicators: [i]}}}\n"
        "indicator: {i: {count: checks of a, per: {slice: 1m}}, j: {count: incidents of a}}\n"
        "commit: {i: '>= 99 % per calendar month', j: '>= 99 % per calendar month'}\n",
        head=head,
    )
    assert terms.exclusions == ()
    assert [commit.cited.readings for commit in terms.commits] == [("slot",), ()]


NAMED_ONLY = HEAD.replace("take: support,", "take: support, named only: [all day],")


def test_an_option_that_is_only_named_is_not_executed() -> None:
    """It may be left out or be anything, is kept in the assumption, and asks no row to consult it."""
    duties = "duty: {a: {by hours: {support: a login}}, b: {text: {by hours: {support: x, all day: [y]}}}}"
    terms = terms_of(duties, head=NAMED_ONLY.partition("duty:")[0])
    assert terms.assumptions["hours"].named_only == ("all day",)
    assert terms.duties["a"].text == "a login"
    findings, _ = check_agreement(mapping(NAMED_ONLY))
    assert findings == ()
    findings, _ = check_agreement(mapping(HEAD))
    assert [finding.code for finding in findings] == ["assumption-not-consulted"]


# -- coverage and warnings ---------------------------------------------------------------------------------


def test_rows_of_measuring_cover_clauses() -> None:
    """A clause that any of these rows cites is encoded."""
    rows = MEASURED.replace("api: {},", "api: {clause: '1'},").replace(
        "checks: requests", "checks: x, clause: '2'"
    )
    text = rows + (
        "exclude: {e: {of: maintenance, effect: not bad, clause: '3'}}\n"
        "commit: {uptime: {level: '>= 99 %', per: calendar month, clause: '4'}}\n"
        "remedy: {r: {of: uptime, unit: termination, clause: '5'}}\n"
    )
    listed = "clauses: {" + ", ".join(f"'{n}': {{says: s}}" for n in "12345") + "}"
    findings, coverage = check_agreement(mapping(text), clauses=mapping(listed, "clauses.yaml"))
    assert coverage.count("encoded") == 5
    assert [f for f in findings if f.severity == "error"] == []


def test_an_alternative_that_is_not_taken_gives_no_warning() -> None:
    """A gap in the bands of the other reading pays nobody too little."""
    rows = UPTIME + (
        "remedy: {r: {of: uptime, base: {fee: month}, bands: {'< top': 1 %}, "
        "top: {by hours: {support: level, all day: 98 %}}}}"
    )
    assert findings_of(rows) == ()
