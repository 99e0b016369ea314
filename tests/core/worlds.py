"""Small worlds for tests: an agreement and contracts as a person writes them, and what happened.

Instants are written as `Fri 06-05 16:30`, in UTC and in 2026; the weekday is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

from upheld.core.evaluating.evaluation import Evaluation, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import Terms
from upheld.core.timeline.instant import Instant, instant_of
from upheld.core.values.frozen import replace
from upheld.core.verdicts.verdict import Verdict
from upheld.language.compile import compile_terms
from upheld.language.node import Mapping
from upheld.language.reader import read_yaml

DOCUMENT = "document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}\n"
CONTRACT = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01}\n"
OTHER_CONTRACT = "contract: {id: c2, customer: Other, agreement: acme, from: 2026-01-01}\n"
DESK = """
scale:
  priority: {of: ticket, values: {P1: down, P2: broken, P3: a question}}
  severity: {of: incident, values: {S1: all, S2: some}}
calendar:
  desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h}
  night desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h, closing: next opening}
  days: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: end of day}
duty: {data: the data that show it, access: access to the systems}
"""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
YEAR = 2026


def at(text: str) -> Instant:
    """The instant of `Fri 06-05 16:30` (seconds and a fraction may follow)."""
    day, on, clock = text.split()
    found = datetime.fromisoformat(f"{YEAR}-{on}T{clock}+00:00")
    assert _DAYS[found.weekday()] == day, f"{text} is a {_DAYS[found.weekday()]}"
    return instant_of(found)


def shown(instant: Instant | None) -> str | None:
    """The text that `at` reads, as short as it goes."""
    if instant is None:
        return None
    found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    rest = f":{found:%S}" if found.second or found.microsecond else ""
    rest += f".{found.microsecond:06}".rstrip("0") if found.microsecond else ""
    return f"{_DAYS[found.weekday()]} {found:%m-%d %H:%M}{rest}"


def text_at(text: str) -> str:
    """The RFC 3339 text of an instant, for the data of facts."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at(text))).isoformat()


@cache
def bound(agreement: str, contract: str = CONTRACT) -> Terms:
    """The terms of an agreement for a contract, both as YAML. Nothing may be wrong with them."""
    nodes = []
    for text in (agreement if "document:" in agreement else DOCUMENT + agreement, contract):
        node, findings = read_yaml(text.encode(), "test.yaml")
        assert isinstance(node, Mapping), findings
        nodes.append(node)
    terms, findings = compile_terms(nodes[0], contract=nodes[1], years=(2024, 2028))
    assert terms is not None, "\n".join(map(str, findings))
    return terms


def with_plans(terms: Terms, **others: Terms) -> Terms:
    """The terms of a contract that may change to other plans, by their names."""
    return replace(terms, plans={plan: replace(other, plan=plan) for plan, other in others.items()})


def fact(type_: str, when: str | Instant, subject: str = "T-1", id_: str = "", **data: object) -> Fact:
    """A fact recorded when it happened. A ticket is of contract `c1` unless it says otherwise."""
    happened_at = at(when) if isinstance(when, str) else when
    if type_ in ("ticket.opened", "claim.filed", "task.submitted"):
        data = {"contract": "c1", **data}
    key = id_ or f"{subject}-{type_}-{happened_at}"
    return Fact(key, "desk", type_, happened_at, happened_at, subject, data)


class Case:
    """What happened under an agreement, told step by step and asked at any instant."""

    def __init__(self, agreement: str, *contracts: str) -> None:
        self.terms = tuple(bound(agreement, contract) for contract in contracts or (CONTRACT,))
        self.facts: list[Fact] = []

    def tell(self, type_: str, when: str, subject: str = "T-1", **data: object) -> Case:
        """One more fact; a type without a family is a ticket's."""
        named = type_ if "." in type_ else f"ticket.{type_}"
        n = len(self.facts)
        self.facts.append(fact(named, when, subject, f"f{n:03}", **data))
        return self

    def ask(self, when: str) -> Evaluation:
        """The evaluation at an instant of the facts up to it."""
        return evaluate(self.terms, FactLog(self.facts).effective(at(when)), at(when))

    def verdicts(self, when: str, commitment: str, subject: str = "T-1") -> list[Verdict]:
        """The cycles of a commitment on a subject."""
        found = self.ask(when).outcomes.items()
        rows = [o.verdicts for key, o in found if (key.commitment, key.subject) == (commitment, subject)]
        return [verdict for verdicts in rows for verdict in verdicts]

    def verdict(self, when: str, commitment: str = "clock", subject: str = "T-1") -> Verdict:
        """The only cycle of a commitment on a subject."""
        (found,) = self.verdicts(when, commitment, subject)
        return found

    def states(self, when: str, commitment: str = "clock", subject: str = "T-1") -> list[str]:
        """The states of all cycles."""
        return [verdict.state for verdict in self.verdicts(when, commitment, subject)]


def clock(*lines: str, of: str = "ticket") -> str:
    """An agreement with the desk and one deadline named `clock`, by the lines of its row."""
    rows = "".join(f"    {line}\n" for line in lines)
    return f"{DESK}deadline:\n  clock:\n    of: {of}\n{rows}"


def cadence(*lines: str, of: str = "incident") -> str:
    """An agreement with the desk and one cadence named `clock`."""
    rows = "".join(f"    {line}\n" for line in lines)
    return f"{DESK}every:\n  clock:\n    of: {of}\n{rows}"


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts as an evaluation wants them."""
    return tuple(sorted(facts, key=lambda one: one.order))
