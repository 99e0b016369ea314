"""What the table of the language is made of: kinds of values, fields, concepts."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "text", "word", "words", "texts", "count", "choice", "choices", "date", "zone", "day", "path", "money",
    "expression", "instant", "quantity", "event", "pause", "target", "calendar tree", "calendar", "calendars",
    "hours", "windows", "amount", "period", "change", "holidays", "dates", "holidays to add",
    "holidays to leave out", "contacts", "stages", "definitions", "types", "measure", "combining", "across",
    "weights", "slices", "length", "number", "ratio", "truth", "level", "edge", "after", "bands", "steps",
    "give", "base", "limits", "pay", "exercise", "plan", "row", "rows", "finding", "fees of plans", "billing",
    "party", "marks", "sum",
]  # fmt: skip
"""What a field may hold; `KINDS` says how each is written."""

KINDS: dict[Kind, tuple[str, str]] = {
    "text": ("a text", "only staffed time is stated"),
    "word": ("a name without blanks", "rous"),
    "words": ("a text, or a list of texts", '["2.3", "3.1"]'),
    "texts": ("a list of texts", "[support hours, around the clock]"),
    "count": ("a whole number", "2"),
    "choice": ("one of the words given", "objective"),
    "choices": ("one of the words given, or a list of them", "[not bad, breaks run]"),
    "date": ("a day, as year-month-day", "2026-02-01"),
    "zone": ("a time zone by its IANA name", "Africa/Johannesburg"),
    "day": ("a number of hours, `end of day` or `same time`", "8h"),
    "path": ("a file, seen from the one that names it", "clauses/rous.yaml"),
    "money": ("an amount and its currency, by name", "{month: 499.00 EUR}"),
    "fees of plans": ("amounts by name, by plan", "{enterprise: {month: 1499.00 EUR}}"),
    "expression": ("an expression that is true or false", "priority = P1 and kind = incident"),
    "instant": ("an expression that is an instant", "starts_at - 48h"),
    "quantity": ("an expression that is money, a ratio or a number", "min(10 * shortfall, 100 %)"),
    "event": ("an event, `EVENT where EXPRESSION`, or a list of them",
              "[resolved, workaround where priority = P1]"),
    "pause": ("`waiting`, `waiting where EXPRESSION`, a map of `from` and `until`, or a list of them",
              "waiting where for = customer"),
    "target": ("a target, a decision tree of targets, or a list of rows",
               "{P1: 2h, P2: 4h, other: 1 business day}"),
    "calendar tree": ("a calendar, or a decision tree of calendars", "{P1: always, other: support}"),
    "calendar": ("the name of a calendar", "support"),
    "calendars": ("a list of calendars", "[amsterdam, singapore]"),
    "hours": ("hours of the week, or a list of them", "Mon-Fri 09:00-17:00"),
    "windows": ("hours of a day, or `closed`", "10:00-14:00"),
    "amount": ("an amount of time, or `none`", "1 business day"),
    "length": ("a length of time in hours, minutes, seconds", "5m"),
    "number": ("a number", "10"),
    "ratio": ("a ratio", "20 %"),
    "truth": ("`true` or `false`", "true"),
    "period": ("a period", "calendar month"),
    "change": ("a change rule, or a map of `by customer` and `by provider`", "restart"),
    "holidays": ("`none`, or a map (see *holidays*)", "{country: NL, remove: [2026-05-05]}"),
    "dates": ("hours, or `closed`, by day", '{2026-12-24: "09:00-13:00", 2026-12-27: closed}'),
    "holidays to add": ("names by day, or a list of days", "{2026-05-05: Liberation Day}"),
    "holidays to leave out": ("a list of days", "[2026-05-05]"),
    "contacts": ("people by name (see *contact*)", "{ada: {role: owner, from: 2026-03-01}}"),
    "stages": ("a stage with its days, by product (see *stage*)", "{flows: {beta: {until: 2026-09-01}}}"),
    "definitions": ("texts by name", "{P1: the system is down, P2: a feature is broken}"),
    "types": ("types by field name", "{engineer: text}"),
    "measure": ("`BASIS of NAME`: `checks`, `counts`, `states`, `incidents`, `latency` or `outcomes`",
                "checks of service"),
    "combining": ("`bad time`, `ratio of sums`, `mean of ratios`, or `percentile` with a number",
                  "percentile 95"),
    "across": ("`each`, `worst`, `mean`, `weighted`, `pooled`, or `at least` with a number", "at least 2"),
    "weights": ("numbers by component", "{api: 2, voice: 1}"),
    "slices": ("a map (see *slices*)", "{slice: 5m, good when: good / total >= 99 %, run: 2}"),
    "level": ("`>=`, `>`, `<=` or `<` with a ratio or a length of time; or `none`", ">= 99.95 %"),
    "edge": ("`level`, a ratio or a length of time", "level"),
    "after": ("so many of so many", "2 of 3"),
    "bands": ("what is given, by band of values", '{"[99 %, top)": 20 %, "< 99 %": 40 %}'),
    "steps": ("a map (see *steps*)", "{each: 30m, give: 5 %}"),
    "give": ("a share of the base, money or days", "50.00 EUR"),
    "sum": ("an amount of money", "500.00 EUR"),
    "base": ("a map (see *base*)", "{fee: month}"),
    "limits": ("the most by `incident`, `day`, `week`, `month`, `quarter`, `year`, `contract year` or `term`",
               "{month: 100 % of base}"),
    "pay": ("a map (see *pay*)", "{instalments: 3}"),
    "billing": ("a map (see *billing*)", "{entity: nw, tax: S, rate: 21 %, seller: {…}, buyer: {…}}"),
    "party": ("a map (see *party*)", "{name: Acme S.L., country: ES}"),
    "marks": ("`start`, `goal` or `limit`, perhaps `+` or `-` an amount; a share such as `75 %`; or a list",
              "[50 %, goal, limit - 1h, limit + 1 business day of support]"),
    "exercise": ("a map (see *exercise*)", "{within: 30d, notice: 30d}"),
    "plan": ("any of the concepts, laid over those of the agreement", "{quota: {urgent: {allow: 6}}}"),
    "finding": ("the code of a finding", "flagged-reading"),
    "row": ("a map of its fields", ""),
    "rows": ("rows by name", ""),
}  # fmt: skip


class Field(NamedTuple):
    """One field of a concept. `default` is what its absence means, as it would be written."""

    name: str
    kind: Kind
    doc: str
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


class Concept(NamedTuple):
    """One concept: rows by name, or a single row. `one_of` are fields of which exactly one is given.

    `short` is the field that a plain text in place of the row stands for. A part is a row inside a row.
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    example: str
    named: bool = True
    one_of: tuple[str, ...] = ()
    short: str = ""

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


MODALITIES = ("guarantee", "objective", "best effort")


def clause(what: str) -> Field:
    """The clauses that a row encodes."""
    return Field("clause", "words", f"the clauses of the page that {what} encodes")


def doc(what: str) -> Field:
    """A remark."""
    return Field("doc", "text", f"a remark about {what} for the reader")


def modality(late: str) -> Field:
    """How strongly a row promises."""
    return Field("modality", "choice", f"how strongly it is promised; {late}", False, "guarantee", MODALITIES)


def one_of(
    name: str, what: str, choices: tuple[str, ...], default: str = "", *, required: bool = False
) -> Field:
    """A field that holds one of some words."""
    return Field(name, "choice", what, required, default, choices)
