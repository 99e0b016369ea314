"""What a fact says and by which method a figure is measured, in the words of a reader.

A record has both by their names: those of the data of facts, and those of the steps of a method. Here each
has its word; what the agreement or somebody wrote stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from upheld.core.timeline.instant import parse_instant
from upheld.render.prose.tongue import N_
from upheld.render.statement.telling import Telling

NAMES: Final[Mapping[str, str]] = {
    "about": N_("about"),
    "account": N_("account"),
    "actor": N_("by"),
    "amount": N_("amount"),
    "as_of": N_("as of"),
    "by": N_("by"),
    "cause": N_("cause"),
    "channel": N_("channel"),
    "commitment": N_("promise"),
    "component": N_("component"),
    "contacted_at": N_("contacted on"),
    "contracted_by": N_("contracted by"),
    "covenant": N_("covenant"),
    "credential": N_("credential"),
    "currency": N_("currency"),
    "duty": N_("duty"),
    "ends_at": N_("until"),
    "entity": N_("legal entity"),
    "evidence": N_("evidence"),
    "filed_by": N_("by"),
    "for": N_("for"),
    "from": N_("from"),
    "from_on": N_("from"),
    "happened_at": N_("happened on"),
    "how": N_("by"),
    "impact": N_("impact"),
    "into": N_("into"),
    "invoice": N_("invoice"),
    "issue_at": N_("happened on"),
    "kind": N_("kind"),
    "learned_at": N_("learned of on"),
    "metrics": N_("measured"),
    "month": N_("month"),
    "months": N_("months"),
    "number": N_("number"),
    "obligation": N_("obligation"),
    "on": N_("on"),
    "outcome": N_("outcome"),
    "party": N_("party"),
    "period": N_("period"),
    "plan": N_("plan"),
    "position": N_("position"),
    "previous": N_("statement before"),
    "priority": N_("priority"),
    "provider": N_("provider"),
    "reason": N_("reason"),
    "received_at": N_("received on"),
    "reminder": N_("reminder"),
    "remedy": N_("remedy"),
    "requester": N_("requester"),
    "role": N_("role"),
    "sent_at": N_("sent on"),
    "sequence": N_("place in the sequence"),
    "severity": N_("severity"),
    "sha256": N_("hash"),
    "share_of_users": N_("share of the users"),
    "starts_at": N_("from"),
    "target": N_("of"),
    "tax": N_("tax"),
    "to": N_("to"),
    "until": N_("until"),
    "urgency": N_("urgency"),
    "vendor": N_("vendor"),
    "version": N_("version"),
    "visibility": N_("visible to"),
}
"""The names of the data of facts that a step of what happened tells."""
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "by": {
        "human": N_("somebody"),
        "automatic": N_("a machine"),
        "customer": N_("the customer"),
        "provider": N_("the provider"),
        "third party": N_("a third party"),
    },
    "contracted_by": {"provider": N_("the provider"), "customer": N_("the customer")},
    "for": {
        "customer": N_("the customer"),
        "vendor": N_("a vendor"),
        "third party": N_("a third party"),
    },
    "how": {"api": N_("a program"), "link": N_("the link in a message")},
    "kind": {
        "scheduled": N_("scheduled"),
        "emergency": N_("emergency"),
        "non-disruptive": N_("non-disruptive"),
        "high risk": N_("high risk"),
        "incident": N_("incident"),
        "question": N_("question"),
        "change": N_("change"),
    },
    "outcome": {
        "accepted": N_("accepted"),
        "rejected": N_("rejected"),
        "partly": N_("partly accepted"),
    },
    "party": {
        "provider": N_("the provider"),
        "customer": N_("the customer"),
        "third party": N_("a third party"),
        "none": N_("nobody"),
    },
    "visibility": {"public": N_("everybody"), "internal": N_("the provider only")},
}
"""The words that a name can have, where they are not those of an agreement."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_STEPS: Final[Mapping[str, str]] = {
    "basis": N_("measured from"),
    "signal": N_("signal"),
    "slice": N_("in slices of"),
    "good when": N_("a slice is good when"),
    "least observations": N_("observations in a slice, at least"),
    "run": N_("a run is"),
    "alone": N_("a bad slice alone is"),
    "partly excluded": N_("a slice that is partly excluded is"),
    "at period end": N_("a run at the end of the period is"),
    "combination": N_("the figure is"),
    "counted by": N_("counted by its"),
    "across": N_("over the components"),
    "total": N_("measured against"),
    "hours": N_("in the hours of"),
    "out of total": N_("taken out of the total"),
    "gaps": N_("what was not observed counts as"),
    "unattributed": N_("what has no recorded cause"),
}
"""What the steps of a method are called."""
_TAKEN: Final[Mapping[str, str]] = {
    "cut": N_("cut"),
    "bad time": N_("what the bad time leaves"),
    "ratio of sums": N_("the ratio of the sums"),
    "mean of ratios": N_("the mean of the ratios"),
    "items in time of items": N_("items in time, of all items"),
    "worst": N_("the worst"),
    "mean": N_("the mean"),
    "weighted": N_("the weighted mean"),
    "pooled": N_("all together"),
    "at least": N_("as many as it takes"),
    "start": N_("start"),
    "end": N_("end"),
    "whole period": N_("the whole period"),
    "part in force": N_("the part of the period in which the contract was in force"),
    "unknown": N_("unknown"),
    "up": N_("up"),
    "down": N_("down"),
    "degraded": N_("degraded"),
    "out of total": N_("no part of the total"),
    "counts": N_("counts"),
    "excluded whole": N_("excluded whole"),
    "not excluded": N_("not excluded"),
}
"""What the steps of a method can say in words of ours."""
_BASES: Final[Mapping[str, str]] = {
    "checks": N_("checks of {of}"),
    "counts": N_("counts of {of}"),
    "states": N_("states of {of}"),
    "incidents": N_("incidents of {of}"),
    "outcomes": N_("the outcomes of {of}"),
    "latency": N_("response times of {of}"),
}
_COUNTS: Final[Mapping[str, str]] = {"good": N_("good checks"), "total": N_("all checks")}
_FREE: Final = frozenset({"signal", "slice", "least observations", "hours", "out of total"})
"""Steps that say a name, a length, a condition or a number."""


def said(told: Telling, name: str, value: str) -> str:
    """One thing that a fact says: `priority: P1`, `until: Sun 14 Jun 2026 05:00`."""
    label = told.say(NAMES[name]) if name in NAMES else name.replace("_", " ")
    return told.say("{name}: {value}", name=label, value=_value(told, name, value))


def _value(told: Telling, name: str, value: str) -> str:
    words = WORDS.get(name, {})
    if value in words:
        return told.say(words[value])
    if _DAY.match(value):
        try:
            return told.on(date.fromisoformat(value)) if len(value) == 10 else told.at(parse_instant(value))
        except ValueError:
            return value
    return value


def method(told: Telling, rows: list[Mapping[str, Any]]) -> str:
    """How a figure came about, step by step."""
    return "; ".join(_step(told, row["name"], row["value"]) for row in rows)


def _step(told: Telling, name: str, value: str) -> str:
    label = told.say(_STEPS[name]) if name in _STEPS else name
    return told.say("{step} {value}", step=label, value=_taken(told, name, value))


def _taken(told: Telling, name: str, value: str) -> str:
    first, _, rest = value.partition(" of ")
    if name == "basis" and first in _BASES:
        return told.say(_BASES[first], of=rest)
    if name == "combination" and value.startswith("percentile "):
        return told.say("percentile {number}", number=told.tongue.digits(value.removeprefix("percentile ")))
    if name == "run":
        number, _, same = value.partition(" in a row")
        if same:
            return told.say("{number} slices in a row of the same part", number=number)
        return told.say("{number} slices in a row", number=number)
    if name == "good when":
        if value == "all are good":
            return told.say("all checks in it are")
        return re.sub(r"\b(good|total)\b", lambda word: told.say(_COUNTS[word[0]]), told.tongue.digits(value))
    if name in _FREE or value not in _TAKEN:
        return value
    return told.say(_TAKEN[value])
