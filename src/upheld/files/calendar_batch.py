"""Questions about calendars as JSON lines, so that other programs can ask, in the language's own form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NoReturn

from upheld.core.timeline.calendar import BusinessDayError, Calendar
from upheld.core.timeline.instant import SECOND, Instant, format_instant, parse_instant
from upheld.core.timeline.zone import BeyondHorizon
from upheld.core.values.amount import Amount, parse_amount
from upheld.core.values.finding import Finding, Place, has_errors
from upheld.language.compile import compile_terms
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.reader import MAX_BYTES

Answer = dict[str, object]
_NAME = "calendar"
DEPTH = 16
BATCH_YEARS = (1990, 2040)
"""The years that can be asked about if no others are given."""
DIGITS = 40


class Refused(ValueError):  # noqa: N818 - it names the case: the question is not answered
    """A question that cannot be answered; `code` is stable."""

    def __init__(self, code: str, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.findings = findings


class Batch:
    """Answers lines one after the other. Calendars of an earlier line, or given at the start, have names.

    `failed` tells whether a line could not be answered.
    """

    def __init__(self, calendars: Mapping[str, Calendar], years: tuple[int, int] = BATCH_YEARS) -> None:
        self.failed = False
        self._named: dict[str, Calendar] = {}
        self._given = calendars
        self._years = years
        self._compiled: dict[str, Calendar] = {}

    def answer(self, line: bytes, file: str, number: int) -> str:
        """The answer to one line as one line of JSON; empty for a blank line."""
        if not line.strip():
            return ""
        place = Place(file, number)
        name: object = None
        try:
            question = _question(line)
            name = _id(question)
            told = self._told(question, place)
        except Refused as refused:
            told = {"error": _error(refused, place)}
            self.failed = True
        except (BeyondHorizon, BusinessDayError) as fault:
            code = "beyond-horizon" if isinstance(fault, BeyondHorizon) else "no-business-day"
            told = {"error": _error(Refused(code, str(fault)), place)}
            self.failed = True
        return json.dumps({**({} if name is None else {"id": name}), **told})

    def _told(self, question: dict[str, object], place: Place) -> Answer:
        if "calendars" in question:
            return self._define(question, place)
        ask = question.get("ask")
        if not isinstance(ask, str) or ask not in QUESTIONS:
            raise Refused("unknown-question", f"`ask` is one of {', '.join(QUESTIONS)}")
        needed, function = QUESTIONS[ask]
        allowed = {"id", "ask", "calendar", "zone", *needed}
        if strangers := sorted(question.keys() - allowed):
            raise Refused(
                "unknown-field",
                f"`{strangers[0]}` is not a part of `{ask}`; its parts are {', '.join(needed)}",
            )
        calendar = self._calendar(question, place)
        return function(calendar, *(_part(question, name) for name in needed))

    def _calendar(self, question: dict[str, object], place: Place) -> Calendar:
        asked = question.get("calendar")
        if isinstance(asked, str):
            if found := self._named.get(asked) or self._given.get(asked):
                return found
            known = ", ".join([*self._named, *self._given]) or "none yet"
            raise Refused("unknown-calendar", f"there is no calendar `{asked}`; there is {known}")
        if not isinstance(asked, dict):
            raise Refused("no-calendar", "`calendar` is the name of one, or a map in the language's form")
        key = json.dumps([asked, question.get("zone")], sort_keys=True)
        if key not in self._compiled:
            self._compiled[key] = self._terms({_NAME: asked}, question.get("zone"), place)[_NAME]
        return self._compiled[key]

    def _define(self, question: dict[str, object], place: Place) -> Answer:
        given = question["calendars"]
        if not isinstance(given, dict) or not given:
            raise Refused("no-calendar", "`calendars` is a map of names to calendars")
        compiled = self._terms(given, question.get("zone"), place)
        self._named.update({name: compiled[name] for name in given})
        return {"calendars": list(given)}

    def _terms(self, rules: dict[str, object], zone: object, place: Place) -> Mapping[str, Calendar]:
        """The calendars, through the same compiler as those of an agreement."""
        document = {"agreement": "batch", "version": "1", "provider": "batch", "zone": zone or "UTC"}
        node = _node({"document": document, "calendar": rules}, place)
        assert isinstance(node, MapNode)
        terms, findings = compile_terms(node, years=self._years)
        if terms is None or has_errors(findings):
            errors = tuple(finding for finding in findings if finding.severity == "error")
            raise Refused(errors[0].code, errors[0].message, errors)
        return terms.calendars


# -- the questions -----------------------------------------------------------------------------------------


def _elapsed(calendar: Calendar, start: str, end: str) -> Answer:
    return {"elapsed_s": _seconds(calendar.elapsed(_instant(start), _instant(end)))}


def _deadline(calendar: Calendar, start: str, amount: str) -> Answer:
    start_at, budget = _instant(start), _amount(amount)
    return {
        "due_at": format_instant(calendar.deadline(start_at, budget)),
        "last_in_time_at": format_instant(calendar.last_in_time(start_at, budget)),
    }


def _before(calendar: Calendar, end: str, amount: str) -> Answer:
    return {"from_at": format_instant(calendar.before(_instant(end), _amount(amount)))}


def _is_open(calendar: Calendar, at: str) -> Answer:
    return {"open": calendar.is_open(_instant(at))}


def _next_opening(calendar: Calendar, at: str) -> Answer:
    return {"opens_at": format_instant(calendar.next_opening(_instant(at)))}


def _next_closing(calendar: Calendar, at: str) -> Answer:
    return {"closes_at": format_instant(calendar.next_closing(_instant(at)))}


def _business_days(calendar: Calendar, start: str, end: str) -> Answer:
    return {"business_days": calendar.business_days(_instant(start), _instant(end))}


def _openings(calendar: Calendar, start: str, end: str) -> Answer:
    start_at, end_at = _instant(start), _instant(end)
    calendar.elapsed(start_at, end_at)  # refuses what lies beyond the years, where nothing is open
    spans = calendar.spans.clip(start_at, end_at)
    return {"open": [[format_instant(a), format_instant(b)] for a, b in spans]}


QUESTIONS: dict[str, tuple[tuple[str, ...], Callable[..., Answer]]] = {
    "elapsed": (("from", "to"), _elapsed),
    "deadline": (("from", "amount"), _deadline),
    "before": (("to", "amount"), _before),
    "is open": (("at",), _is_open),
    "next opening": (("at",), _next_opening),
    "next closing": (("at",), _next_closing),
    "business days": (("from", "to"), _business_days),
    "openings": (("from", "to"), _openings),
}
"""What can be asked, and with which parts."""


# -- reading -----------------------------------------------------------------------------------------------


def _question(line: bytes) -> dict[str, object]:
    if len(line) > MAX_BYTES:
        raise Refused("too-large", f"a line has at most {MAX_BYTES:,} bytes")
    try:
        # Numbers stay texts: the language reads its own numbers, and 8.50 is not 8.5.
        found = json.loads(
            line, parse_float=_Number, parse_int=_Number, parse_constant=_none, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError) as fault:
        if isinstance(fault, Refused):
            raise
        reason = "nested too deeply" if isinstance(fault, RecursionError) else str(fault)
        raise Refused("bad-json", f"not a line of JSON: {reason}") from None
    if not isinstance(found, dict):
        raise Refused("bad-json", "a question is a JSON object")
    return found


def _id(question: dict[str, object]) -> str | int | None:
    """What the answer is known by: given back as it came, a number as a number."""
    name = question.get("id")
    if name is None or (isinstance(name, str) and not isinstance(name, _Number)):
        return name
    if isinstance(name, _Number) and len(name) <= DIGITS and name.removeprefix("-").isdigit():
        return int(name)
    raise Refused("bad-id", "`id` is a text or a whole number")


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _none(constant: str) -> NoReturn:
    raise Refused("bad-json", f"not a line of JSON: {constant} is no number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("duplicate-key", "a name stands twice in one object")
    return found


def _part(question: dict[str, object], name: str) -> str:
    value = question.get(name)
    if not isinstance(value, str):
        raise Refused("missing-field", f"`{name}` is missing or no text")
    return value


def _instant(text: str) -> Instant:
    try:
        return parse_instant(text)
    except ValueError as fault:
        raise Refused("bad-instant", f"{text[:80]}: {fault}") from None


def _amount(text: str) -> Amount:
    try:
        return parse_amount(text)
    except ValueError as fault:
        raise Refused("bad-amount", f"{text[:80]}: {fault}") from None


def _seconds(duration_us: int) -> int | str:
    whole, rest = divmod(abs(duration_us), SECOND)
    sign = -1 if duration_us < 0 else 1
    return f"{'-' * (sign < 0)}{whole}.{rest:06}".rstrip("0") if rest else sign * whole


def _node(value: object, place: Place, depth: int = 0) -> Node:
    """A JSON value as the reader of YAML would give it; every part is at the place of its line."""
    if depth > DEPTH:
        raise Refused("too-deep", f"nested deeper than {DEPTH}")
    if isinstance(value, dict):
        entries = ((Scalar(name, place), _node(inner, place, depth + 1)) for name, inner in value.items())
        return MapNode(tuple(entries), place)
    if isinstance(value, list):
        return Sequence(tuple(_node(inner, place, depth + 1) for inner in value), place)
    if isinstance(value, str):
        return Scalar(value, place)
    raise Refused("bad-value", f"{json.dumps(value)} cannot stand in a calendar; write a text")


def _error(refused: Refused, place: Place) -> Answer:
    told: Answer = {"code": refused.code, "message": refused.message, "line": place.line}
    if len(refused.findings) > 1:
        told["findings"] = [
            {"code": f.code, "message": f.message, "way_out": f.way_out} for f in refused.findings
        ]
    elif refused.findings and refused.findings[0].way_out:
        told["way_out"] = refused.findings[0].way_out
    return told
