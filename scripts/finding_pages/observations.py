"""Observations."""

from __future__ import annotations

from scripts.finding_pages.case import AGREEMENT, DOCUMENT, Case, swapped

SEAL = "upheld lake seal . --out lake"
EVALUATE = "upheld evaluate . --at 2026-07-02T12:00:00Z --summary"
MEASURED = DOCUMENT + (
    "component:\n  api: {}\n"
    "signal:\n  probe: {of: api, checks: requests, every: 1m}\n  edge: {of: api, counts: requests}\n"
    "indicator:\n  uptime: {count: checks of api, per: {slice: 5m}, signal: probe}\n"
    "  share: {count: counts of api, per: {slice: 5m}, signal: edge, combine: ratio of sums}\n"
    'commit:\n  uptime: ">= 99.9 % per calendar month"\n  share: ">= 99 % per calendar month"\n'
)
CONTRACT = "contract: {id: c-7, customer: Acme, agreement: acme, from: 2026-02-01}\n"
BOOK = {
    AGREEMENT: MEASURED,
    "contract.yaml": CONTRACT,
}
CHECKS = "at,component,ok\n2026-06-05T09:00:00Z,api,true\n2026-06-05T09:01:00Z,api,true\n"
COUNTS = "at,component,for,good,total\n2026-06-05T09:00:00Z,api,1m,9,10\n2026-06-05T09:01:00Z,api,1m,10,10\n"
FILE = "june.observations.csv"


def _seen(code: str, why: str, right: str, wrong: str, table: str = CHECKS) -> Case:
    """The case of a file of observations."""
    return swapped(code, why, table, right, wrong, command=EVALUATE, file=FILE, beside=BOOK)


CASES: tuple[Case, ...] = (
    Case(
        "ambiguous-component",
        "Checks of one customer's service would count for another's.",
        {
            **BOOK,
            "other.yaml": MEASURED.replace("acme", "other").replace("Northwind", "Southwind"),
            "other-contract.yaml": CONTRACT.replace("c-7", "c-8").replace("acme", "other"),
            FILE: CHECKS,
        },
        {FILE: CHECKS.replace("ok\n", "ok,provider\n").replace("true", "true,Northwind")},
        EVALUATE,
    ),
    Case(
        "bad-lake",
        "What the manifest does not say cannot be verified.",
        instead="A lake has to be sealed first, and its manifest cut off or edited.",
    ),
    Case(
        "bad-parquet",
        "What is cut off is missing, and missing time would look like no time.",
        instead="A file of columns has no text to be shown; cut one off, and the finding says where it ends.",
    ),
    _seen("bad-truth", "Yes is not true for every program.", "09:01:00Z,api,true", "09:01:00Z,api,yes"),
    _seen(
        "clock-backwards",
        "A count that ends before it begins covers no time.",
        "09:01:00Z,api,1m",
        "09:01:00Z,api,0m",
        COUNTS,
    ),
    _seen(
        "conflicting-rows",
        "A check that succeeded and failed at one instant did one of both; neither counts.",
        "09:01:00Z,api,true",
        "09:01:00Z,api,true\n2026-06-05T09:01:00Z,api,false",
    ),
    _seen(
        "count-over-slices",
        "Nobody knows which part of it belongs to which five minutes.",
        "09:01:00Z,api,1m",
        "09:04:00Z,api,2m",
        COUNTS,
    ),
    _seen(
        "duplicate-row",
        "It counts once; perhaps a file was written twice.",
        "09:01:00Z,api,true",
        "09:01:00Z,api,true\n2026-06-05T09:01:00Z,api,true",
    )._replace(command=SEAL),
    _seen(
        "good-above-total",
        "More successes than requests make more than 100 %.",
        "1m,10,10",
        "1m,11,10",
        COUNTS,
    ),
    _seen(
        "missing-column",
        "Without an instant nothing can be placed in time.",
        CHECKS,
        "component,ok\napi,true\n",
    ),
    _seen("missing-component", "Nobody knows what was up.", "09:01:00Z,api,true", "09:01:00Z,,true"),
    _seen(
        "missing-good", "A count of requests says nothing of those that failed.", "1m,10,10", "1m,,10", COUNTS
    ),
    _seen("missing-total", "Of a share one number is not enough.", "1m,10,10", "1m,10,", COUNTS),
    _seen(
        "missing-until",
        "A count without an end covers no time.",
        "09:01:00Z,api,1m",
        "09:01:00Z,api,",
        COUNTS,
    ),
    _seen(
        "mixed-kinds",
        "A row is a check, a count or a state; of two it would count twice.",
        CHECKS,
        "at,component,ok,state\n2026-06-05T09:00:00Z,api,true,up\n",
    ),
    _seen("negative-number", "Fewer than none cannot be.", "1m,9,10", "1m,-1,10", COUNTS),
    Case(
        "not-as-sealed",
        "Somebody changed what verdicts rest on.",
        instead="A lake has to be sealed first, and a file of it changed: "
        "[commands](../reference/commands.md#upheld-lake-verify) says how it is verified.",
    ),
    _seen(
        "nothing-observed",
        "A row without a value would count as neither up nor down.",
        "09:01:00Z,api,true",
        "09:01:00Z,api,",
    ),
    _seen(
        "overlapping-counts",
        "The same requests would count twice.",
        "09:01:00Z,api,1m",
        "09:00:30Z,api,1m",
        COUNTS,
    ),
    Case(
        "overlapping-lakes",
        "The same checks would count twice.",
        instead="Two lakes have to be sealed from observations of the same days first.",
    ),
    _seen(
        "text-too-long", "No name is so long; perhaps a quote is missing.", "api,true\n2026", "api,true\n2026"
    )._replace(
        bad={**BOOK, FILE: "at,component,code\n2026-06-05T09:00:00Z,api," + "x" * 201 + "\n"},
        good={FILE: "at,component,code\n2026-06-05T09:00:00Z,api,timeout\n"},
    ),
    Case(
        "wrong-kind",
        "A check cannot say how many requests were good.",
        {**BOOK, FILE: CHECKS.replace("ok\n", "ok,signal\n").replace("true", "true,edge")},
        {FILE: CHECKS.replace("ok\n", "ok,signal\n").replace("true", "true,probe")},
        EVALUATE,
    ),
    Case(
        "unobserved",
        "Nothing is known of the time, and a report without its observations looks like one with gaps.",
        {**BOOK, FILE: "at,component,ok,signal\n2026-06-05T09:00:00Z,api,true,probe\n"},
        {"edge.observations.csv": COUNTS},
        EVALUATE,
    ),
    _seen(
        "untold-good",
        "A check that says nothing of what its signal goes by is neither up nor down, and time is missing.",
        CHECKS,
        "at,component,status\n2026-06-05T09:00:00Z,api,200\n",
    ),
)
