"""Faults of meaning: names, units, what does not go together."""

from __future__ import annotations

from scripts.finding_pages import changes
from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, swapped
from scripts.finding_pages.structure import BOUND, RESPONSE, SCALE

HOURS = (
    "assume:\n  hours:\n    {issue: which hours, options: [support, all day], take: support, "
    "because: they are staffed}\n"
)
DESK = "calendar:\n  desk: {open: Mon-Fri 09:00-17:00, business day: 8h}\n"
BY_PRIORITY = SCALE + "deadline:\n  response: {from: opened, until: answered, within: {P1: 2h, P2: 4h}}\n"
READ = HOURS + (
    "deadline:\n  response: {from: opened, until: answered, within: {by hours: {support: 2h, all day: 3h}}}\n"
)
SEEN = (
    "component:\n  api: {}\n  voice: {}\n  both: {all: [api, voice]}\n  list: {each: [api, voice]}\n"
    "signal:\n  probe: {of: [api, voice], checks: requests, every: 1m}\n"
)
MEASURED = SEEN + "indicator:\n  uptime: {count: checks of both, per: {slice: 5m}}\n"
LEVEL = MEASURED + 'commit:\n  uptime: ">= 99.9 % per calendar month"\n'
CREDIT = LEVEL + (
    'remedy:\n  credit:\n    of: uptime\n    bands: {"[99 %, 99.9 %)": 10 %, "< 99 %": 20 %}\n'
    "    base: {fee: month}\n"
)
TOLD = RESPONSE + "escalate:\n  late: {of: response, at: 75 %, tell: team lead, where: priority = P1}\n"
FEES = "contract: {id: c-7, customer: Acme, agreement: acme, from: 2026-02-01, fees: {month: 499.00 EUR}}\n"
PLANNED = RESPONSE + "plan:\n  basic: {}\n  gold: {deadline: {response: {within: 1h}}}\n"


_UPDATES = "every:\n  updates: {of: incident, from: declared, again: informed, until: resolved, each: 1h}\n"


def _bound(code: str, why: str, right: str, wrong: str, agreement: str = RESPONSE) -> Case:
    """The case of a contract."""
    good = FEES.replace("from:", "version: 2026-01, from:")
    if agreement is PLANNED:
        good = good.replace("from:", "plan: gold, from:")
    return swapped(
        code,
        why,
        good,
        right,
        wrong,
        command=BOUND,
        file="contract.yaml",
        beside={AGREEMENT: DOCUMENT + agreement},
    )


_NAMES: tuple[Case, ...] = (
    _bound(
        "agreement-mismatch",
        "Facts of this customer would be judged by the terms of another agreement.",
        "agreement: acme",
        "agreement: acne",
    )._replace(
        instead="Whoever reads a folder of files looks for the agreement by name, and tells "
        "`unknown-agreement` instead. It is told to programs that compile one agreement for one "
        "contract.",
        bad="",
        good="",
    ),
    swapped(
        "unknown-assumption",
        "A value that consults nothing has no reading that holds.",
        READ,
        "by hours",
        "by houres",
        also=("assumption-not-consulted",),
    ),
    swapped(
        "unknown-calendar",
        "Without it nobody can say when time counts.",
        DESK + RESPONSE.replace("2h", "2h, on: desk"),
        "on: desk",
        "on: desks",
    ),
    swapped(
        "unknown-commitment", "The credit would follow from nothing.", CREDIT, "of: uptime", "of: uptimes"
    ),
    swapped(
        "unknown-component",
        "What is measured would be nothing that can fail.",
        MEASURED,
        "checks of both",
        "checks of bot",
    ),
    swapped(
        "unknown-decision",
        "Nothing would ever have one of these values, so no target would be in force.",
        BY_PRIORITY,
        "{P1: 2h, P2: 4h}",
        "{S1: 2h, other: 4h}",
    ),
    swapped(
        "unknown-entitlement",
        "A message could go out by no channel, or by one that the plan does not give.",
        "entitlement:\n  news: {channels: [email]}\n"
        + TOLD.replace("where: priority = P1", "channels of: news"),
        "channels of: news",
        "channels of: nwes",
    ),
    swapped(
        "unknown-event",
        "The clock would never start, or never stop.",
        RESPONSE,
        "until: answered",
        "until: anwsered",
    ),
    swapped(
        "unknown-fee",
        "A share of a fee that nobody pays is nothing.",
        CREDIT,
        "fee: month",
        "fee: monht",
        command=BOUND,
        beside={"contract.yaml": FEES},
    ),
    swapped(
        "unknown-indicator",
        "A level of nothing can be neither met nor missed.",
        LEVEL,
        "commit:\n  uptime:",
        "commit:\n  uptimes:",
    ),
    swapped(
        "unknown-name",
        "A condition on what is not known would never hold, or always.",
        SCALE + RESPONSE.replace("{from", "{where: priority = P1, from"),
        "priority = P1",
        "prio = P1",
    ),
    swapped(
        "unknown-option",
        "A reading that is not one of the options decides nothing.",
        READ,
        "take: support",
        "take: suport",
    ),
    _bound("unknown-plan", "Nobody could say what was bought.", "plan: gold", "plan: golden", PLANNED),
    swapped(
        "unknown-signal",
        "Nothing would be measured, and nothing is not 100 %.",
        MEASURED.replace("per: {", "signal: probe, per: {"),
        "signal: probe,",
        "signal: prob,",
    ),
    swapped(
        "unknown-value",
        "A condition on a value that nothing can have never holds.",
        BY_PRIORITY,
        "P2: 4h",
        "P3: 4h, other: 8h",
    ),
    _bound(
        "version-mismatch",
        "The customer signed another version than the one that is read.",
        "version: 2026-01",
        "version: 2025-01",
    )._replace(
        instead="Whoever reads a folder of files looks for the version by name, and tells `unknown-version` "
        "instead. It is told to programs that compile one agreement for one contract.",
        bad="",
        good="",
    ),
    Case(
        "plan-missing",
        "Without a plan nobody can say which of several promises was bought.",
        {AGREEMENT: DOCUMENT + PLANNED, "contract.yaml": FEES},
        {"contract.yaml": FEES.replace("from:", "plan: gold, from:")},
        BOUND,
    ),
)

_TIME: tuple[Case, ...] = (
    swapped(
        "bad-amount",
        "An amount that can be read in two ways is two promises.",
        RESPONSE,
        "within: 2h",
        "within: 2 hours",
    ),
    swapped(
        "bad-event",
        "One event too many, or half a condition, and the clock would stop at something else.",
        RESPONSE,
        "until: answered",
        "until: answered or resolved",
    ),
    swapped(
        "bad-expression",
        "A condition that breaks off is no condition.",
        SCALE + RESPONSE.replace("{from", "{where: priority = P1, from"),
        "priority = P1",
        "priority = P1 and",
    ),
    swapped(
        "bad-hours", "Hours that can be read in two ways move every deadline.", DESK, "09:00-17:00", "9-17"
    ),
    swapped(
        "bad-period",
        "Months of a contract and of the calendar end on different days.",
        SCALE
        + "quota:\n  urgent: {where: priority = P1, allow: 2, per: calendar month, overflow: refused}\n",
        "per: calendar month",
        "per: month",
    ),
    swapped(
        "broken-business-day",
        "A part of a business day has a length only where the day has hours.",
        DESK.replace("8h", "same time") + RESPONSE.replace("2h", "1 business day, on: desk"),
        "within: 1 business",
        "within: 1/2 business",
    ),
    swapped(
        "calendar-cycle",
        "Calendars that are made of each other are open at no time that could be said.",
        "calendar:\n  desk: {open: Mon-Fri 09:00-17:00}\n  both: {union: [desk, always]}\n",
        "desk: {open: Mon-Fri 09:00-17:00}",
        "desk: {union: [both]}",
    ),
    swapped(
        "goal-after-limit",
        "The warning would come after what it warns of.",
        RESPONSE.replace("2h", "{goal: 1h, limit: 2h}"),
        "goal: 1h",
        "goal: 4h",
    ),
    swapped(
        "bad-mark",
        "The stage would never be reached, and nobody would hear of it.",
        SCALE + TOLD,
        "at: 75 %",
        "at: 175 %",
    ),
    swapped(
        "mixed-subjects",
        "A condition on the priority of tickets says nothing of incidents, so one of them would be told of "
        "by chance.",
        SCALE + TOLD.replace("escalate", _UPDATES + "escalate"),
        "of: response",
        "of: [response, updates]",
    ),
    swapped(
        "never-open",
        "A clock on it never runs, so nothing is ever late.",
        "calendar:\n  desk: {open: Mon-Fri 09:00-17:00, breaks: Mon-Fri 12:00-13:00}\n",
        "breaks: Mon-Fri 12:00-13:00",
        "breaks: Mon-Fri 08:00-18:00",
    ),
    swapped(
        "no-business-day",
        "Eight hours, the end of the day and the same time of the next one are three different promises.",
        DESK + RESPONSE.replace("2h", "1 business day, on: desk"),
        ", business day: 8h",
        "",
    ),
    swapped(
        "pause-without-axis",
        "Waiting for an instant on a calendar counts nothing that could stand still.",
        RESPONSE.replace("2h", "48h, pause: waiting"),
        "48h",
        "2 days",
    ),
    swapped(
        "pro-rata-without-axis",
        "Of an instant no part is used up.",
        RESPONSE.replace("2h", "48h, change: pro rata"),
        "48h",
        "2 days",
    ),
    swapped(
        "reopening-without-axis",
        "After two days of the calendar the instant has passed, and the reopened ticket is late at once.",
        RESPONSE.replace("answered, within: 2h", "resolved, within: 2 days, reopening: new cycle"),
        ", reopening: new cycle",
        "",
    ),
    swapped(
        "severity-without-target",
        "A ticket of that value has no clock, and nobody notices that it has none.",
        BY_PRIORITY,
        "{P1: 2h, P2: 4h}",
        "{P1: 2h}",
    ),
    swapped(
        "ambiguous-decision",
        "The same values belong to two attributes, which may differ.",
        BY_PRIORITY + "attribute:\n  rank: {of: ticket, type: text, values: [low, high]}\n",
        "[low, high]",
        "[P1, P2]",
    ),
)

_MEASURING: tuple[Case, ...] = (
    swapped(
        "ambiguous-signal",
        "Two signals of one component rarely agree, and the figure would depend on which one is read.",
        SEEN + "  edge: {of: api, checks: requests at the edge}\n"
        "indicator:\n  uptime: {count: checks of api, per: {slice: 5m}, signal: probe}\n",
        ", signal: probe",
        "",
    ),
    swapped(
        "bad-level",
        "A level without a direction, or above all, says nothing that could be met.",
        LEVEL,
        ">= 99.9 %",
        "99.9 %",
    ),
    swapped(
        "bad-measure",
        "Without what is counted of what there is no figure.",
        MEASURED,
        "checks of both",
        "uptime of both",
    ),
    swapped(
        "combine-mismatch",
        "A percentile of counts, or bad time of latencies, is no figure.",
        MEASURED,
        "slice: 5m}",
        "slice: 5m}, combine: percentile 95",
    ),
    swapped(
        "component-cycle",
        "A component that is made of itself is neither up nor down.",
        "component:\n  api: {}\n  site: {all: [api]}\n",
        "api: {}",
        "api: {any: [site]}",
    ),
    swapped(
        "component-unobserved",
        "Time without observations is unknown, so no level is ever met.",
        MEASURED,
        "of: [api, voice]",
        "of: api",
    ),
    swapped(
        "each-in-a-tie",
        "Each of several things is not one thing that is up or down.",
        "component:\n  api: {}\n  voice: {}\n  parts: {all: [api, voice]}\n  site: {all: [parts]}\n",
        "parts: {all",
        "parts: {each",
    ),
    swapped(
        "nothing-across",
        "What would be compared across several components is one.",
        MEASURED.replace("both", "list")
        .replace("list: {all", "both: {all")
        .replace("slice: 5m}", "slice: 5m}, across: worst"),
        "checks of list",
        "checks of both",
    ),
    swapped(
        "signal-on-tie",
        "A tie is worked out of its parts; seen by itself as well, it would have two states.",
        SEEN,
        "of: [api, voice]",
        "of: both",
    ),
    swapped("unit-mismatch", "A ratio and a length of time cannot be compared.", LEVEL, ">= 99.9 %", "<= 2h"),
    swapped(
        "weights-missing",
        "A weighted mean without weights is another mean.",
        MEASURED.replace("of both", "of list").replace(
            "slice: 5m}", "slice: 5m}, across: weighted, weights: {api: 2, voice: 1}"
        ),
        "{api: 2, voice: 1}",
        "{api: 2}",
    ),
)

_OWED: tuple[Case, ...] = (
    swapped("bad-band", "A band that holds no value never pays.", CREDIT, "[99 %, 99.9 %)", "[99.9 %, 99 %)"),
    swapped(
        "band-gap",
        "The level is missed and nothing is owed, which the customer will dispute.",
        CREDIT,
        "[99 %, 99.9 %)",
        "[99 %, 99.5 %)",
    ),
    swapped("band-overlap", "For a value in two bands two amounts are owed.", CREDIT, "< 99 %", "<= 99 %"),
    swapped(
        "currency-mismatch",
        "Euros and dollars cannot be added without a rate that the agreement does not name.",
        CREDIT.replace("    base: {fee: month}\n", "    least: 1.00 EUR\n")
        .replace("10 %", "5.00 EUR")
        .replace("20 %", "9.00 EUR"),
        "least: 1.00 EUR",
        "least: 1.00 USD",
    ),
    swapped(
        "group-mismatch",
        "Of a group one amount is owed, so its rows have to agree which.",
        LEVEL + "remedy:\n  leave: {of: uptime, unit: termination, group: exit, combine: max}\n"
        "  go: {of: uptime, unit: termination, group: exit, combine: max}\n",
        "go: {of: uptime, unit: termination, group: exit, combine: max}",
        "go: {of: uptime, unit: termination, group: exit, combine: sum}",
    ),
    swapped(
        "level-missing",
        "What has no level cannot be missed, so nothing is ever owed.",
        CREDIT,
        '">= 99.9 % per calendar month"',
        "{level: none, per: calendar month}",
    ),
    swapped(
        "top-unused",
        "The edge that `top` sets is nowhere, so the bands say something else than meant.",
        CREDIT.replace('99.9 %)"', 'top)"') + "    top: level\n",
        'top)"',
        '99.9 %)"',
    ),
)

_READINGS: tuple[Case, ...] = (
    swapped(
        "one-option",
        "A reading without another is a statement, not a choice.",
        READ,
        "options: [support, all day]",
        "options: [support]",
    ),
    swapped(
        "option-missing",
        "The reading that is left out could not be tried, nor taken later.",
        READ,
        "{support: 2h, all day: 3h}",
        "{support: 2h}",
    ),
    swapped(
        "reading-not-executable",
        "It is only written down, so nothing could be computed by it.",
        HOURS.replace("because: they", "named only: [all day], because: they"),
        "take: support",
        "take: all day",
    ),
)

CASES: tuple[Case, ...] = (*_NAMES, *_TIME, *_MEASURING, *_OWED, *_READINGS, *changes.CASES)
