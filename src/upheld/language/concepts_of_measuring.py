"""The table, second part: what is measured, what does not count, what is promised at a level and owed."""

from __future__ import annotations

from typing import Final, get_args

from upheld.core.terms.remedy import LimitPer
from upheld.language.table import Concept, Field, clause, doc, modality, one_of

BASES = ("checks", "counts", "states", "incidents", "outcomes", "latency")
SOURCES = ("maintenance", "attribution", "incident", "stage", "suspension", "credential", "hours")
EFFECTS = ("not bad", "out of total", "breaks run")
LIMITS: Final = get_args(LimitPer)

_COMPONENT = (
    Field("all", "texts", "the parts that must all be good"),
    Field("any", "texts", "the parts of which one good one is enough"),
    Field("each", "texts", "parts that are named together; `across` goes over them"),
    Field("at least", "count", "how many of the parts in `of` must be good"),
    Field("of", "texts", "the parts that `at least` counts"),
    Field("from", "date", "the first day on which it exists; absent: from the beginning"),
    Field("until", "date", "the first day on which it no longer exists; absent: it goes on"),
    clause("the component"),
    doc("the component"),
)
_SIGNAL = (
    Field("of", "words", "the components observed; absent: the one of the same name"),
    Field("checks", "text", "what is tried, each time with a result of its own"),
    Field("counts", "text", "what is counted, in good ones and in all"),
    Field("states", "text", "what is in a state that holds until the next one is told"),
    Field("good", "expression", "which observations are good; absent: checks that are `ok`, the state `up`"),
    Field("degraded", "expression", "which of the good ones are degraded"),
    Field(
        "every", "length", "how often a check, or a state, is told; absent: nobody knows how many are missing"
    ),
    Field("max age", "length", "how long a state holds without a new one; absent: until the next"),
    clause("the signal"),
    doc("the signal"),
)
_INDICATOR = (
    Field("count", "measure", "what is counted, of which component or deadline", required=True),
    Field("signal", "text", "which signal, where a component has several of the kind"),
    Field("where", "expression", "which incidents or outcomes, by the attributes of the subject"),
    Field("per", "slices", "how time is cut and each slice is judged"),
    Field("combine", "combining", "how the slices of a period become one value", default="bad time"),
    Field("across", "across", "how the values of several components become one", default="each"),
    Field("weights", "weights", "the weights of the components, for `weighted`"),
    one_of("total", "of which time it is a share", ("part in force", "whole period"), "part in force"),
    Field("on", "calendar", "the calendar outside which nothing is measured", default="always"),
    one_of("gaps", "what time without observations is", ("unknown", "up", "down", "out of total"), "unknown"),
    one_of("lone", "what a bad slice is that stands in no run", ("degraded", "down", "unknown"), "degraded"),
    one_of("unattributed", "what bad time or a late item without a recorded cause is",
           ("counts", "unknown"), "counts"),
    one_of("counted by", "whether an item belongs to the period of its start or of its end",
           ("start", "end"), "start"),
    one_of("empty", "what a period is in which there was nothing to count", ("met", "undetermined"), "met"),
    clause("the indicator"),
    doc("the indicator"),
)  # fmt: skip
_EXCLUDE = (
    one_of("of", "what it is that does not count", SOURCES, required=True),
    Field("where", "expression", "which of them, by their attributes"),
    Field("inside", "calendar", "a calendar of which only the covered part is taken"),
    Field("announced by", "instant", "the instant by which a window must have been announced"),
    one_of("lasts", "how long a window is: as announced, as it was, or what both cover",
           ("announced", "actual", "both"), "both"),
    one_of("takes", "all that it covers, or only what is bad there; absent: `bad` of an attribution or an "
           "incident, else `all`", ("all", "bad")),
    Field("effect", "choices", "gives bad time back, leaves the total, ends a run of bad slices", True, "",
          EFFECTS),
    one_of("taken", "whether it is taken from the parts of a component or from the component as a whole",
           ("before combining", "after combining"), "before combining"),
    Field("indicators", "texts", "the indicators it is for; absent: all"),
    Field("components", "texts", "the components it is for; absent: all"),
    clause("the exclusion"),
    doc("the exclusion"),
)  # fmt: skip
_COMMIT = (
    Field("level", "level", "the level that the indicator must reach, times in seconds (`<= 0.8s`, no `ms`); "
          "`none`: it is only measured", required=True),
    Field("per", "period", "the period that is measured", required=True),
    Field("zone", "zone", "where the period is local, if not in the document's zone"),
    Field("indicator", "text", "what is measured; absent: the indicator of the same name"),
    modality("a period below a guaranteed level is breached, any other missed"),
    one_of("compare", "whether the exact value is compared, or one rounded to the decimals of the level",
           ("exact", "half up"), "exact"),
    one_of("unknown", "what decides where something is unknown: the bounds, or it is up or down",
           ("bounds", "up", "down"), "bounds"),
    clause("the commitment"),
    doc("the commitment"),
)  # fmt: skip
_REMEDY = (
    Field("of", "text", "the commitment that was not kept", required=True),
    Field("when", "expression", "when it is owed; absent: when the commitment was not kept"),
    Field("after", "after", "owed only if so many of the last so many periods were not kept"),
    one_of("unit", "what is owed", ("money", "days of service", "termination"), "money"),
    Field("bands", "bands", "what is given for a value in each band"),
    Field("top", "edge", "what `top` stands for in a band"),
    Field("steps", "steps", "so much for each step"),
    Field("formula", "quantity", "what is given: money, a share of the base, or a number of days"),
    Field("multiple", "number", "so many times the part of the base that the downtime is of the period"),
    Field("base", "base", "what a share is taken of"),
    Field("limits", "limits", "the most that is given"),
    Field("least", "give", "a smaller amount is not paid"),
    Field("group", "text", "the name of the remedies that are combined"),
    one_of("combine", "how the remedies of a group are combined", ("sum", "max", "first"), "sum"),
    Field("pay", "pay", "how it is paid; absent: at once, with the next invoice"),
    Field("exercise", "exercise", "how a right to terminate is used; absent: whenever, and at once"),
    one_of("round", "how money is rounded to its smallest unit, once", ("half up", "half even", "down", "up"),
           "half up"),
    clause("the remedy"),
    doc("the remedy"),
)  # fmt: skip

MEASURING: tuple[Concept, ...] = (
    Concept("component", "A part of the service that can fail: observed itself, or a tie of other parts.",
            _COMPONENT,
            "component:\n  service: {all: [api, trunks]}\n  trunks: {at least: 2, of: [t1, t2, t3]}\n"
            "  api: {doc: the main REST API}\n  t1: {}\n  t2: {}\n  t3: {}"),
    Concept("signal", "A stream of observations of one kind about one or several components.", _SIGNAL,
            'signal:\n  http: {of: [api], checks: HTTP requests, good: "status in 200..299", every: 1m}',
            one_of=("checks", "counts", "states")),
    Concept("indicator", "What is measured: what is counted, when it is good, per what, combined how over "
            "time and across components.", _INDICATOR,
            'indicator:\n  uptime: {count: checks of api, per: {slice: 5m, good when: "good / total >= 99 %"'
            ", run: 2}}"),
    Concept("exclude", "What does not count, and with which effect.", _EXCLUDE,
            'exclude:\n  announced: {of: maintenance, where: kind = scheduled, announced by: "starts_at - '
            '48h", effect: not bad}'),
    Concept("commit", "An indicator that is promised at a level for every period. `LEVEL per PERIOD` in "
            "place of the row gives both.", _COMMIT,
            'commit:\n  uptime: {level: ">= 99.95 %", per: calendar month, zone: UTC}', short="level"),
    Concept("remedy", "What is owed where a commitment was not kept.", _REMEDY,
            'remedy:\n  credit: {of: uptime, bands: {"[99 %, top)": 20 %, "< 99 %": 40 %}, top: level, '
            "base: {fee: month}, limits: {month: 100 % of base}}"),
)  # fmt: skip
"""The concepts of measuring, in the order in which their rows are read: each names rows of those before."""

MEASURING_PARTS: tuple[Concept, ...] = (
    Concept("slices", "How time is cut, on a fixed grid in UTC, and how each slice is judged.",
            (Field("slice", "length", "the length of a slice", required=True),
             Field("good when", "expression", "when a slice is good; absent: when all in it are"),
             Field("run", "count", "how many bad slices in a row are down", default="1"),
             one_of("run in", "whether the slices of a run may be bad in different parts",
                    ("any part", "same part"), "any part"),
             Field("minimum", "count", "with fewer observations a slice is unknown", default="1"),
             one_of("partly excluded", "what becomes of a slice that an exclusion covers in part",
                    ("judged on the rest", "excluded whole", "not excluded"), "judged on the rest"),
             one_of("at period end", "whether a run goes on over the ends of the period",
                    ("continuous", "cut"), "continuous")),
            'per: {slice: 5m, good when: "good / total >= 99 %", run: 2}', named=False),
    Concept("steps", "So much for each step of time, of shortfall or of late items.",
            (Field("each", "text", "the step: a length of time, a ratio of shortfall, a number of items",
                   required=True),
             one_of("of", "what is cut into steps",
                    ("downtime", "each outage", "each day", "shortfall", "late items"), "downtime"),
             Field("begun", "truth", "whether a step that has only begun counts", default="false"),
             Field("give", "give", "what each step gives", required=True),
             Field("free", "text", "what is not counted; as `each`", default="0")),
            "steps: {each: 30m, of: downtime, begun: true, give: 5 %}", named=False),
    Concept("base", "What shares are taken of: fees of the contract for one month, also where a quarter or a "
            "year was missed, or the invoices of the months of the period, added up.",
            (Field("fee", "words", "the fees by their names in the contract; `year` counts a twelfth"),
             Field("yearly", "texts", "further fees that are paid by the year, and count a twelfth"),
             one_of("invoice", "the invoice of the month, of a quarter the sum of its three, before earlier "
                    "credits", ("month",)),
             one_of("in part", "what it is, if a fee, for a period that the contract shares only in part",
                    ("fee", "invoice"), "fee")),
            "base: {fee: [month, support], yearly: [licence]}", named=False),
    Concept("pay", "How a credit reaches the customer.",
            (Field("instalments", "count", "in how many equal parts", default="1"),
             one_of("starts", "on which invoice it begins", ("next invoice", "following month"),
                    "next invoice"),
             one_of("of", "whether an instalment is its part of the base or of the invoice it stands on",
                    ("the base", "each invoice"), "the base"),
             Field("floor", "ratio", "the share of itself below which no invoice falls", default="0 %"),
             one_of("several", "what a further credit does while one is being paid",
                    ("add up", "one at a time"), "add up"),
             one_of("after end", "what becomes of the rest after the last invoice", ("paid out", "lost"),
                    "paid out")),
            "pay: {instalments: 3, starts: next invoice, after end: paid out}", named=False),
    Concept("exercise", "How a right to terminate is used, once the period that gives it is over.",
            (Field("within", "amount", "how long after the end of the period; absent: without a limit",
                   default="none"),
             Field("notice", "amount", "how long before the end notice is given; absent: it ends at once",
                   default="none"),
             one_of("ends", "whether it ends with the day on which the notice has passed, or with its month",
                    ("day", "month"), "day")),
            "exercise: {within: 30d, notice: 30d, ends: month}", named=False),
)  # fmt: skip
"""The rows inside rows of these concepts."""
