"""What an author gets wrong of measuring, levels and remedies is told at its place, with a way out."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.language.texts import CONTRACT, HEAD, findings_of, marked
from upheld.core.values.finding import Finding

BASE = (
    HEAD
    + """\
calendar: {night: {zone: UTC, open: Sun 02:00-05:00}}
"""
)
PARTS = BASE + "component: {api: {}, voice: {}, both: {all: [api, voice]}, list: {each: [api, voice]}}\n"
SEEN = PARTS + "signal: {http: {of: [api, voice], checks: requests}}\n"
DEADLINE = "deadline: {start: {of: task, from: submitted, until: began, within: 15m}}\n"
MEASURED = (
    SEEN
    + DEADLINE
    + "indicator:\n"
    + "  uptime: {count: checks of both, per: {slice: 5m}}\n"
    + "  starts: {count: outcomes of start}\n"
    + "  slow: {count: latency of api, combine: percentile 95}\n"
)
PROMISED = (
    MEASURED + "commit:\n"
    "  uptime: '>= 99.9 % per calendar month'\n"
    "  starts: '>= 90 % per calendar month'\n"
    "  slow: <= 0.5s per calendar month\n"
    "  shown: {level: none, per: calendar month, indicator: uptime}\n"
)
IND = "indicator: {i: "
R = "remedy: {r: {of: uptime, "
BANDS = "bands: {'< 99.9 %': 10 %}"
FEE = "base: {fee: month}"


class Bad(NamedTuple):
    """Rows with their mark after those of a head, the code expected there, and what is said."""

    code: str
    head: str
    rows: str
    says: str = ""
    severity: str = "error"


COMPONENTS = [
    Bad("unknown-component", BASE, "component: {api: {}, all of it: {all: [⟦apis]}}", "`api`"),
    Bad("too-many-forms", BASE, "component: {a: {}, b: {}, c: {all: [a, b], ⟦any: [a]}}", "tie"),
    Bad("missing-field", BASE, "component: {a: {}, c: {⟦at least: 1}}", "`of`"),
    Bad("missing-field", BASE, "component: {a: {}, c: {⟦of: [a]}}", "`at least`"),
    Bad("bad-number", BASE, "component: {a: {}, b: {}, c: {⟦at least: 3, of: [a, b]}}", "1 to 2"),
    Bad("bad-number", BASE, "component: {a: {}, b: {}, c: {at least: ⟦two, of: [a, b]}}", "whole number"),
    Bad("component-cycle", BASE, "component: {⟦a: {all: [b]}, b: {any: [a]}}", "itself"),
    Bad("each-in-a-tie", BASE, "component: {a: {}, b: {each: [a]}, ⟦c: {all: [b]}}", "name its parts"),
    Bad("wrong-order", BASE, "component: {a: {from: 2026-02-01, ⟦until: 2026-02-01}}", "first day"),
    Bad("bad-date", BASE, "component: {a: {from: ⟦2026-02}}", "2026-02-01"),
    Bad("listed-twice", BASE, "component: {a: {}, b: {all: [a, ⟦a]}}", "keep one"),
    Bad("unknown-component", BASE,
        "component: {a: {by hours: {support: none, all day: {}}}, b: {all: [⟦a]}}", "readings"),
    Bad("unknown-component", PARTS, "signal: {http: {of: [api, ⟦vioce], checks: requests}}", "`voice`"),
    Bad("unknown-component", PARTS, "signal: {⟦http: {checks: requests}}", "of: …"),
    Bad("signal-on-tie", PARTS, "signal: {⟦http: {of: both, checks: requests}}", "api, voice"),
    Bad("missing-field", PARTS, "signal: {⟦http: {of: api}}", "`checks`"),
    Bad("too-many-forms", PARTS, "signal: {http: {of: api, checks: a, ⟦states: b}}", "exactly one"),
    Bad("too-many-forms", PARTS, "signal: {n: {of: api, counts: a, ⟦good: ok}}", "counts"),
    Bad("too-many-forms", PARTS, "signal: {n: {of: api, checks: a, ⟦max age: 1h}}", "states"),
    Bad("unknown-name", PARTS, "signal: {n: {of: api, checks: a, good: ⟦stats = 200}}", "`status`"),
    Bad("unknown-name", PARTS, "signal: {n: {of: api, states: a, good: ⟦status = 200}}", "`state`"),
    Bad("unit-mismatch", PARTS, "signal: {n: {of: api, checks: a, good: latency < ⟦500}}", "unit"),
    Bad("bad-expression", PARTS,
        "signal: {n: {of: api, checks: a, good: 'status in ⟦299..200'}}", "200..299"),
    Bad("bad-amount", PARTS, "signal: {n: {of: api, states: a, max age: ⟦2 days}}", "48h"),
    Bad("bad-amount", PARTS, "signal: {n: {of: api, checks: a, every: ⟦0m}}", "1m"),
    Bad("too-many-forms", PARTS, "signal: {n: {of: api, counts: a, ⟦every: 1m}}", "how much a count"),
    Bad("bad-amount", PARTS, "signal: {n: {of: api, checks: a, every: 5 ⟦minutes}}", "'minutes'"),
]  # fmt: skip

INDICATORS = [
    Bad("bad-measure", SEEN, IND + "{count: ⟦cheks of api, per: {slice: 5m}}}", "`checks`"),
    Bad("bad-measure", SEEN, IND + "{count: ⟦checks, per: {slice: 5m}}}", "of NAME"),
    Bad("bad-measure", SEEN, IND + "{count: ⟦uptime of api}}", "checks, counts"),
    Bad("unknown-component", SEEN, IND + "{count: checks of ⟦apii, per: {slice: 5m}}}", "`api`"),
    Bad("unknown-commitment", SEEN + DEADLINE, IND + "{count: outcomes of ⟦starts}}", "`start`"),
    Bad("missing-field", SEEN, IND + "{⟦count: checks of api}}", "slice: 5m"),
    Bad("missing-field", SEEN, IND + "{count: checks of api, per: ⟦{run: 2}}}", "`slice`"),
    Bad("missing-field", SEEN, IND + "{⟦count: latency of api}}", "percentile 95"),
    Bad("bad-number", SEEN, IND + "{count: checks of api, per: {slice: 5m, ⟦run: 0}}}", "1 or more"),
    Bad("unknown-choice", SEEN,
        IND + "{count: checks of api, per: {slice: 5m, run in: ⟦same parts}}}", "same part"),
    Bad("unit-mismatch", SEEN,
        IND + "{count: checks of api, per: {slice: 5m, good when: good / total >= ⟦2h}}}", "quotient"),
    Bad("unknown-value", SEEN,
        IND + "{count: checks of api, per: {slice: 5m, good when: component = ⟦apii}}}", "`api`"),
    Bad("unknown-field", SEEN, IND + "{count: checks of api, per: {⟦slices: 5m, slice: 5m}}}", "`slice`"),
    Bad("combine-mismatch", SEEN,
        IND + "{count: checks of api, per: {slice: 5m}, ⟦combine: percentile 95}}", "latency of api"),
    Bad("combine-mismatch", SEEN + DEADLINE,
        IND + "{count: outcomes of start, ⟦combine: bad time}}", "ratio of sums"),
    Bad("unknown-choice", SEEN,
        IND + "{count: checks of api, per: {slice: 5m}, combine: ⟦mean of ratio}}", "`mean of ratios`"),
    Bad("bad-number", SEEN, IND + "{count: latency of api, combine: percentile ⟦101}}", "up to 100"),
    Bad("unknown-choice", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, across: ⟦worse}}", "`worst`"),
    Bad("weights-missing", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, ⟦across: weighted}}", "weights"),
    Bad("weights-missing", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, across: weighted, ⟦weights: {api: 2}}}", "`voice`"),
    Bad("bad-number", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, across: weighted, weights: {api: ⟦0, voice: 1}}}",
        "above 0"),
    Bad("too-many-forms", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, ⟦weights: {api: 2, voice: 1}}}", "across: weighted"),
    Bad("bad-number", SEEN,
        IND + "{count: checks of list, per: {slice: 5m}, ⟦across: at least 3}}", "1 to 2"),
    Bad("nothing-across", SEEN,
        IND + "{count: checks of both, per: {slice: 5m}, ⟦across: worst}}", "each", "warning"),
    Bad("too-many-forms", SEEN,
        IND + "{count: checks of api, per: {slice: 5m}, ⟦where: severity = S1}}", "incidents"),
    Bad("unknown-name", SEEN, IND + "{count: incidents of api, where: ⟦severty = S1}}", "`severity`"),
    Bad("too-many-forms", SEEN,
        IND + "{count: checks of api, per: {slice: 5m}, ⟦counted by: end}}", "outcomes"),
    Bad("too-many-forms", SEEN,
        IND + "{count: checks of api, per: {slice: 5m, ⟦good when: good = total}, combine: mean of ratios}}",
        "bad time"),
    Bad("unknown-calendar", SEEN, IND + "{count: checks of api, per: {slice: 5m}, on: ⟦nights}}", "`night`"),
    Bad("unknown-signal", SEEN, IND + "{count: checks of api, per: {slice: 5m}, signal: ⟦htp}}", "`http`"),
    Bad("unknown-signal", SEEN + "  \n",
        IND + "{count: states of api, signal: ⟦http}}", "http"),
    Bad("ambiguous-signal", PARTS + "signal: {a: {of: api, checks: x}, b: {of: api, checks: y}}\n",
        IND + "{⟦count: checks of api, per: {slice: 5m}}}", "signal: a"),
    Bad("component-unobserved", BASE + "signal: {h: {of: b, checks: x}}\n",
        IND + "{count: checks of a, per: {slice: 5m}}}\ncomponent: {⟦a: {}, b: {}}", "by checks", "warning"),
]  # fmt: skip

EXCLUSIONS = [
    Bad("missing-field", MEASURED, "exclude: {⟦x: {of: maintenance}}", "`effect`"),
    Bad("missing-field", MEASURED, "exclude: {⟦x: {effect: not bad}}", "`of`"),
    Bad("unknown-choice", MEASURED, "exclude: {x: {of: ⟦maintenence, effect: not bad}}", "`maintenance`"),
    Bad("unknown-choice", MEASURED,
        "exclude: {x: {of: maintenance, effect: [not bad, ⟦break run]}}", "`breaks run`"),
    Bad("unknown-value", MEASURED,
        "exclude: {x: {of: maintenance, where: kind = ⟦schedule, effect: not bad}}", "scheduled"),
    Bad("unknown-name", MEASURED,
        "exclude: {x: {of: attribution, where: ⟦case = ddos, effect: not bad}}", "`cause`"),
    Bad("unknown-name", MEASURED,
        "exclude: {x: {of: stage, where: ⟦kind = beta, effect: not bad}}", "`kind`"),
    Bad("unknown-value", MEASURED,
        "exclude: {x: {of: credential, where: state = ⟦lost, effect: not bad}}", "locked"),
    Bad("too-many-forms", MEASURED,
        "exclude: {x: {of: attribution, ⟦announced by: starts_at - 48h, effect: not bad}}", "maintenance"),
    Bad("too-many-forms", MEASURED,
        "exclude: {x: {of: stage, ⟦lasts: actual, effect: not bad}}", "leave it out"),
    Bad("unit-mismatch", MEASURED,
        "exclude: {x: {of: maintenance, announced by: ⟦48h, effect: not bad}}", "an instant"),
    Bad("missing-field", MEASURED, "exclude: {x: {⟦of: hours, effect: out of total}}", "inside"),
    Bad("unknown-calendar", MEASURED,
        "exclude: {x: {of: hours, inside: ⟦nihgt, effect: out of total}}", "`night`"),
    Bad("unknown-indicator", MEASURED,
        "exclude: {x: {of: maintenance, effect: not bad, indicators: [⟦uptimes]}}", "`uptime`"),
    Bad("unknown-component", MEASURED,
        "exclude: {x: {of: maintenance, effect: not bad, components: [api, ⟦voise]}}", "`voice`"),
]  # fmt: skip

LEVELS = [
    Bad("bad-level", MEASURED, "commit: {uptime: {level: ⟦99.9 %, per: calendar month}}", ">= 99.9 %"),
    Bad("bad-level", MEASURED, "commit: {uptime: {level: '>= ⟦0.999', per: calendar month}}", "99.9 %"),
    Bad("bad-level", MEASURED, "commit: {uptime: {level: '>= ⟦101 %', per: calendar month}}", "100 %"),
    Bad("bad-level", MEASURED, "commit: {uptime: '⟦> 100 % per calendar month'}", ">= 100 %"),
    Bad("bad-level", MEASURED, "commit: {uptime: '⟦<= 0.1 % per calendar month'}", "error rate", "warning"),
    Bad("bad-level", MEASURED, "commit: {starts: {level: ⟦< 90 %, per: calendar month}}", "the most",
        "warning"),
    Bad("bad-level", MEASURED, "commit: {slow: '⟦>= 0.5s per calendar month'}", "latencies", "warning"),
    Bad("bad-level", MEASURED, "commit: {uptime: '>= 99⟦,9 % per calendar month'}", "99.95 %"),
    Bad("bad-level", MEASURED,
        "commit: {uptime: {level: '>= 99.9 % ⟦per calendar month', per: calendar month}}", "per: …"),
    Bad("missing-field", MEASURED, "commit: {⟦uptime: '>= 99.9 %'}", "`per`"),
    Bad("missing-field", MEASURED, "commit: {⟦uptime: {per: calendar month}}", "`level`"),
    Bad("bad-period", MEASURED, "commit: {uptime: '>= 99.9 % per ⟦rolling 30 days'}", "calendar month"),
    Bad("bad-period", MEASURED, "commit: {uptime: {level: '>= 99 %', per: ⟦month}}", "calendar month"),
    Bad("unknown-indicator", MEASURED, "commit: {⟦uptimes: '>= 99.9 % per calendar month'}", "`uptime`"),
    Bad("unknown-indicator", MEASURED,
        "commit: {c: {level: '>= 99 %', per: calendar year, indicator: ⟦uptim}}", "`uptime`"),
    Bad("unit-mismatch", MEASURED, "commit: {slow: '⟦>= 99.9 % per calendar month'}", "0.5s"),
    Bad("unit-mismatch", MEASURED, "commit: {uptime: {level: ⟦<= 2h, per: calendar month}}", "99.9 %"),
    Bad("unknown-choice", MEASURED,
        "commit: {uptime: {level: '>= 99 %', per: calendar month, compare: ⟦half-up}}", "`half up`"),
    Bad("duplicate-name", PROMISED, "quota:\n  ⟦uptime: {where: priority = P1, allow: 1, per: calendar year, "
        "overflow: ordinary}", "choose another"),
]  # fmt: skip

REMEDIES = [
    Bad("unknown-commitment", PROMISED,
        "remedy: {r: {of: ⟦uptimes, " + BANDS + ", " + FEE + "}}", "`uptime`"),
    Bad("level-missing", PROMISED, "remedy: {r: {of: ⟦shown, " + BANDS + ", " + FEE + "}}", "none"),
    Bad("level-missing", PROMISED, "remedy: {r: {of: ⟦start, " + BANDS + ", " + FEE + "}}", "outcomes"),
    Bad("missing-field", PROMISED, "remedy: {⟦r: {of: uptime, base: {fee: month}}}", "`bands`"),
    Bad("too-many-forms", PROMISED, R + BANDS + ", ⟦formula: 10 %, " + FEE + "}}", "group"),
    Bad("too-many-forms", PROMISED, R + "unit: termination, ⟦" + BANDS + "}}", "terminate"),
    Bad("too-many-forms", PROMISED, R + BANDS + ", " + FEE + ", ⟦exercise: {within: 30d}}}", "terminat"),
    Bad("bad-amount", PROMISED, R + "unit: termination, exercise: {within: 30 ⟦sunsets}}}"),
    Bad("unknown-calendar", PROMISED, R + "unit: termination, exercise: {notice: 2h of ⟦nigt}}}", "night"),
    Bad("no-business-day", PROMISED,
        R + "unit: termination, exercise: {⟦within: 2 business days of night}}}"),
    Bad("missing-field", PROMISED, R + "bands: {'< 99.9 %': ⟦10 %}}}", "{fee: NAME}"),
    Bad("missing-field", PROMISED, R + "formula: ⟦shortfall * 2}}", "{fee: NAME}"),
    Bad("bad-money", PROMISED, R + "bands: {'< 99.9 %': 5 ⟦EUT}, " + FEE + "}}", "ISO 4217"),
    Bad("bad-expression", PROMISED, R + "formula: 'min(base, 5 ⟦EUT)', " + FEE + "}}", "ISO 4217"),
    Bad("bad-band", PROMISED, R + "bands: {⟦99 to 98: 10 %, '< 99.9 %': 5 %}, " + FEE + "}}", "[98 %, 99 %)"),
    Bad("bad-band", PROMISED,
        R + "bands: {'⟦[99.9 %, 99 %)': 10 %, '< 99 %': 5 %}, " + FEE + "}}", "lower edge"),
    Bad("bad-band", PROMISED, R + "bands: {'< ⟦99': 10 %}, " + FEE + "}}", "`99 %`"),
    Bad("unit-mismatch", PROMISED, R + "bands: {'< ⟦2h': 10 %}, " + FEE + "}}", "a ratio"),
    Bad("band-overlap", PROMISED,
        R + "bands: {'[99 %, 99.9 %)': 5 %, '⟦<= 99 %': 10 %}, " + FEE + "}}", "`[a, b)`"),
    Bad("band-gap", PROMISED, R + "⟦bands: {'[98 %, 99 %)': 5 %, '< 98 %': 10 %}, " + FEE + "}}",
        "from 99 % up to 99.9 %", "warning"),
    Bad("band-gap", PROMISED,
        "remedy: {r: {of: slow, ⟦bands: {'(0.5s, 1s)': 1.00 EUR}}}", "exactly 1", "warning"),
    Bad("missing-field", PROMISED, R + "bands: {'⟦< top': 10 %}, " + FEE + "}}", "top: level"),
    Bad("top-unused", PROMISED, R + BANDS + ", ⟦top: level, " + FEE + "}}", "top"),
    Bad("bad-band", PROMISED, R + "bands: {'< top': 10 %}, top: ⟦levle, " + FEE + "}}", "`level`"),
    Bad("bad-amount", PROMISED, R + "bands: {'< 99.9 %': ⟦ten}, " + FEE + "}}", "20 %"),
    Bad("unit-mismatch", PROMISED, R + "bands: {'< 99.9 %': ⟦3 days}, " + FEE + "}}", "50.00 EUR"),
    Bad("unit-mismatch", PROMISED, R + "unit: days of service, bands: {'< 99.9 %': ⟦10 %}}}", "3 days"),
    Bad("unit-mismatch", PROMISED,
        R + "unit: days of service, bands: {'< 99.9 %': 3 days}, ⟦base: {fee: month}}}", "money"),
    Bad("currency-mismatch", PROMISED,
        R + "bands: {'< 99.9 %': 5.00 EUR}, least: ⟦1.00 USD}}", "one currency"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", after: ⟦3 of 2}}", "2 of 3"),
    Bad("unknown-choice", PROMISED, R + BANDS + ", " + FEE + ", limits: {⟦moth: 10 %}}}", "`month`"),
    Bad("unknown-name", PROMISED, R + "formula: base * ⟦shortfal, " + FEE + "}}", "`shortfall`"),
    Bad("unit-mismatch", PROMISED, R + "formula: ⟦downtime, " + FEE + "}}", "money or a ratio"),
    Bad("unit-mismatch", PROMISED,
        "remedy: {r: {of: uptime, when: value < ⟦99, " + BANDS + ", " + FEE + "}}", "%"),
    Bad("unit-mismatch", PROMISED, R + "steps: {each: ⟦1 %, give: 5 %}, " + FEE + "}}", "30m"),
    Bad("unit-mismatch", PROMISED,
        R + "steps: {each: 1, ⟦of: late items, give: 5 %}, " + FEE + "}}", "downtime"),
    Bad("unit-mismatch", PROMISED, "remedy: {r: {of: starts, ⟦multiple: 10, " + FEE + "}}", "no downtime"),
    Bad("missing-field", PROMISED, R + "steps: ⟦{each: 30m}, " + FEE + "}}", "`give`"),
    Bad("unknown-choice", PROMISED,
        R + "steps: {each: 30m, give: 5 %, begun: ⟦yes}, " + FEE + "}}", "true or false"),
    Bad("bad-number", PROMISED, R + "multiple: ⟦0, " + FEE + "}}", "above 0"),
    Bad("missing-field", PROMISED, R + BANDS + ", " + FEE + ", ⟦combine: max}}", "group"),
    Bad("too-many-forms", PROMISED, R + BANDS + ", base: {fee: month, ⟦invoice: month}}}", "keep one"),
    Bad("too-many-forms", PROMISED, R + BANDS + ", base: {invoice: month, ⟦in part: fee}}}", "leave it out"),
    Bad("missing-field", PROMISED, R + BANDS + ", base: {⟦}}}".replace("{⟦}", "⟦{}"), "{fee: NAME}"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", pay: {⟦instalments: 0}}}", "1 or more"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", pay: {⟦instalments: 999999999}}}", "1,200"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", pay: {instalments: ⟦9999999999}}}", "digits"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", pay: {floor: ⟦half}}}", "20 %"),
    Bad("bad-number", PROMISED, R + BANDS + ", " + FEE + ", pay: {⟦floor: 101 %}}}", "up to 100 %"),
    Bad("group-mismatch", PROMISED,
        "remedy: {a: {of: uptime, group: g, combine: max, unit: termination}, "
        "⟦b: {of: uptime, group: g, unit: termination}}", "`combine: max`"),
]  # fmt: skip

READINGS = [
    Bad("reading-not-executable", "", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "assume: {h: {issue: i, options: [one, two], take: ⟦two, because: b, named only: [two]}}",
        "take one of one"),
    Bad("unknown-option", "", "document: {agreement: a, version: '1', provider: N, zone: UTC}\n"
        "assume: {h: {issue: i, options: [one, two], take: one, because: b, named only: [⟦tow]}}",
        "one, two"),
    Bad("bad-level", MEASURED,
        "commit: {uptime: {level: {by hours: {support: '>= 99 %', all day: ⟦99 %}}, per: calendar month}}",
        ">= 99 %"),
    Bad("unknown-choice", MEASURED, "exclude: {x: {of: maintenance, effect: "
        "[not bad, {by hours: {support: none, all day: ⟦brakes run}}]}}",
        "`breaks run`"),
    Bad("unknown-indicator", SEEN, "indicator: {i: {by hours: {support: none, all day: "
        "{count: checks of api, per: {slice: 5m}}}}}\ncommit: {⟦i: '>= 99 % per calendar month'}",
        "readings"),
]  # fmt: skip

EVERY = [*COMPONENTS, *INDICATORS, *EXCLUSIONS, *LEVELS, *REMEDIES, *READINGS]


def _assert_told(bad: Bad, findings: tuple[Finding, ...], line: int, column: int) -> None:
    told = [(f.code, f.place.line, f.place.column, f.severity) for f in findings]
    assert told == [(bad.code, line, column, bad.severity)], [str(finding) for finding in findings]
    said = f"{findings[0].message} {findings[0].way_out}"
    assert bad.says in said
    assert findings[0].way_out


@pytest.mark.parametrize("bad", EVERY, ids=lambda bad: f"{bad.code}: {bad.rows[:60]}")
def test_a_bad_row_is_told_at_its_place(bad: Bad) -> None:
    """A bad row gives exactly one finding: this code, at this line and column, with a way out."""
    text, line, column = marked(bad.head + bad.rows)
    _assert_told(bad, findings_of(text), line, column)


BOUND = CONTRACT.replace("from:", "fees: {month: 499.00 EUR, setup: 10.00 USD}, from:")


@pytest.mark.parametrize(
    "bad",
    [
        Bad("unknown-fee", PROMISED, R + BANDS + ", base: {fee: ⟦monht}}}", "`month`"),
        Bad("currency-mismatch", PROMISED, R + "bands: {'< 99.9 %': 5.00 USD}, base: {fee: ⟦month}}}", "USD"),
        Bad("currency-mismatch", PROMISED, R + BANDS + ", base: {fee: [month, ⟦setup]}}}", "one currency"),
        Bad("unknown-name", PROMISED, R + "formula: ⟦fee.years * 2}}", "fee.years"),
        Bad("unit-mismatch", PROMISED, R + "formula: fee.month + ⟦fee.setup}}", "USD"),
    ],
    ids=lambda bad: f"{bad.code}: {bad.rows[:60]}",
)
def test_what_a_contract_does_not_have_is_told(bad: Bad) -> None:
    """Fees that are missing or of another currency are told where the remedy names them."""
    text, line, column = marked(bad.head + bad.rows)
    _assert_told(bad, findings_of(text, contract=BOUND), line, column)


def test_who_pays_by_the_year_is_told_how_a_twelfth_is_taken() -> None:
    """The page speaks of the fee of the month; the contract says by an override what that is."""
    paid = CONTRACT.replace("from:", "fees: {year: 5000.00 EUR}, from:")
    text = PROMISED + R + BANDS + ", " + FEE + "}}"
    (found,) = (one for one in findings_of(text, contract=paid) if one.code == "unknown-fee")
    own = "override: {remedy: {r: {base: {fee: year}}}}"
    assert found.way_out.endswith(f"or take a twelfth of `year`: write `{own}` beside `contract`")
    assert "unknown-fee" not in {one.code for one in findings_of(text, contract=f"{paid}\n{own}\n")}


def test_a_negative_fee_is_told() -> None:
    """A fee below nothing is no fee."""
    text, line, column = marked(CONTRACT.replace("from:", "fees: {month: ⟦-1.00 EUR}, from:"))
    findings = findings_of(HEAD, contract=text)
    assert [(f.code, f.place.line, f.place.column) for f in findings] == [("bad-money", line, column)]
    assert "negative" in f"{findings[0].message} {findings[0].way_out}"


def test_a_fee_in_another_currency_than_the_invoices_is_told() -> None:
    """No credit of it could ever be set against one of them."""
    fees = "currency: EUR, fees: {month: 1.00 EUR, setup: ⟦1.00 USD}, from:"
    text, line, column = marked(CONTRACT.replace("from:", fees))
    (finding,) = findings_of(HEAD, contract=text)
    assert (finding.code, finding.severity) == ("currency-mismatch", "warning")
    assert (finding.place.line, finding.place.column) == (line, column)
    assert "USD" in finding.message
    assert "EUR" in finding.message


def test_everything_is_told_at_once() -> None:
    """Faults of every concept of measuring come in one answer."""
    text = BASE + (
        "component: {a: {all: [b]}}\n"
        "signal: {s: {of: a, checks: x, every: 2 days}}\n"
        "indicator: {i: {count: checks of c, per: {slice: 5m, run: 0}}}\n"
        "exclude: {e: {of: hour, effect: bad}}\n"
        "commit: {i: {level: 99 %, per: months, indicator: j}}\n"
        "remedy: {r: {of: k, bands: {x: y}}}\n"
    )
    codes = [finding.code for finding in findings_of(text)]
    assert codes == [
        "unknown-component", "bad-amount", "unknown-component", "bad-number", "unknown-choice",
        "unknown-choice", "bad-level", "bad-period", "unknown-indicator", "unknown-commitment", "bad-amount",
    ]  # fmt: skip
