"""What the facts say of one subject: its events in order, and what was known of it from moment to moment."""

from __future__ import annotations

from typing import Any, NamedTuple

Fact = dict[str, Any]
FIRST = {"opened": "ticket", "declared": "incident", "announced": "maintenance", "filed": "claim"}
TELLING = ("opened", "declared", "announced", "filed", "classified", "changed")
NOT_TOLD = ("by", "contract", "contacted_at", "sent_at", "received_at", "verified")


class Moment(NamedTuple):
    """From `at_s` on these attributes hold; `by` is who said so."""

    at_s: int
    attributes: dict[str, Any]
    by: str


class Subject(NamedTuple):
    """One subject with its verified facts in the order (time, source, id)."""

    kind: str
    id: str
    contract: str
    facts: list[Fact]
    moments: list[Moment]

    @property
    def start_s(self) -> int:
        """The instant from which the subject exists."""
        return self.moments[0].at_s


def holds(expr: Any, known: dict[str, Any]) -> bool | None:
    """Three-valued truth of a condition: None is unknown, because what decides it was never told."""
    if expr is None:
        return True
    op, *rest = expr
    if op == "and":
        answers = [holds(part, known) for part in rest]
        return False if False in answers else None if None in answers else True
    if op == "or":
        answers = [holds(part, known) for part in rest]
        return True if True in answers else None if None in answers else False
    if op == "not":
        answer = holds(rest[0], known)
        return None if answer is None else not answer
    name, wanted = rest
    value = known.get(name)
    if op == "is":
        return (value is None) == (wanted == "missing")
    if value is None:
        return None
    if op == "=":
        return bool(value == wanted)
    if op == "!=":
        return bool(value != wanted)
    assert op == "in"
    return value in wanted


def verb(fact: Fact) -> str:
    """`opened` of `ticket.opened`."""
    return str(fact["type"]).partition(".")[2]


def effective_s(fact: Fact) -> int:
    """When a fact counts: the true contact time, or when a claim was sent, goes before its time."""
    data = fact["data"]
    if fact["type"] == "ticket.opened":
        return int(data.get("contacted_at", fact["time"]))
    if fact["type"] == "claim.filed":
        return int(
            min((data[name] for name in ("sent_at", "received_at") if name in data), default=fact["time"])
        )
    return int(fact["time"])


def is_event(fact: Fact, events: list[Any], kind: str, attributes: dict[str, Any]) -> bool:
    """Whether a fact is one of these events; each is a name, or [name, condition]."""
    for event in events:
        name, where = (event, None) if isinstance(event, str) else event
        data = fact["data"]
        if name in ("answered", "informed"):
            spoken = data.get("by", "human") == "human" and data.get("visibility", "public") == "public"
            named = spoken and verb(fact) == {"answered": "replied", "informed": "updated"}[name]
        else:
            named = fact["type"] == (name if "." in name else f"{kind}.{name}")
        if named and holds(where, {**attributes, **data}) is True:
            return True
    return False


def is_excuse(fact: Fact) -> bool:
    """Whether a fact ends what is promised of its subject: merged, or cancelled by the customer."""
    if fact["type"] == "ticket.merged":
        return True
    return verb(fact) == "cancelled" and fact["data"].get("by", "customer") == "customer"


def gather(facts: list[Fact], at_s: int, defaults: dict[str, dict[str, Any]]) -> list[Subject]:
    """The subjects that exist at `at_s`, each with what was known of it over time."""
    ordered = sorted(facts, key=lambda fact: (fact["time"], fact["source"], fact["id"]))
    seen = [f for f in ordered if f["time"] <= at_s and f["data"].get("verified", True)]
    subjects = []
    for first in seen:
        kind = FIRST.get(verb(first), "")
        if first["type"].partition(".")[0] != kind:
            continue
        own = [fact for fact in seen if fact["subject"] == first["subject"]]
        moments: list[Moment] = []
        known = dict(defaults.get(kind, {}))
        for fact in own:
            if verb(fact) in TELLING and fact["type"].startswith(kind):
                told = {name: value for name, value in fact["data"].items() if name not in NOT_TOLD}
                known = {**known, **told}
                moments.append(Moment(effective_s(fact), known, fact["data"].get("by", "")))
        subjects.append(Subject(kind, first["subject"], first["data"].get("contract", ""), own, moments))
    return subjects
