"""A world of which statements are made: tickets on a desk, incidents as downtime, exclusions, credits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.core.worlds import DESK, DOCUMENT, fact
from tests.core.worlds import at as at
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import parse_instant
from upheld.files.folder import Folder, read_book

AGREEMENT = (
    DOCUMENT
    + DESK
    + """
assume:
  hours: {ref: N1, issue: when hours count, options: [desk, always], take: desk, because: the page says so}
component:
  api: {}
  voice: {}
  service: {all: [api, voice]}
attribute:
  cause: {of: attribution, type: text, values: [carrier, provider]}
deadline:
  response:
    from: opened
    until: answered
    on: {by hours: {desk: desk, always: always}}
    within: {P1: 2h, P2: 4h, P3: 8h}
    pause: waiting where for = customer
    clause: "2"
indicator:
  uptime: {count: incidents of service, clause: "1"}
exclude:
  work:
    of: maintenance
    where: kind = scheduled
    announced by: "starts_at - 48h"
    effect: not bad
    clause: "1.1"
  carrier: {of: attribution, where: cause = carrier, effect: not bad, clause: "1.2"}
commit:
  uptime: {level: ">= 99.9 %", per: calendar month, clause: "1"}
remedy:
  credit:
    of: uptime
    bands: {"[99 %, top)": 10 %, "[98 %, 99 %)": 25 %, "< 98 %": 50 %}
    top: level
    base: {fee: month}
    limits: {month: 100 % of base}
    clause: "3"
  refund:
    of: uptime
    when: value < 98 %
    multiple: 2
    base: {invoice: month}
    clause: "3.1"
"""
)
OUTAGES = (
    DOCUMENT
    + """
scale: {severity: {of: incident, values: {S1: all, S2: some}}}
component:
  api: {}
  voice: {}
  service: {all: [api, voice]}
indicator:
  uptime: {count: incidents of service}
"""
)
"""An agreement that counts outages, and promises nothing yet."""
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01, currency: EUR, "
    "fees: {month: 1000.00 EUR}}\n"
)
AT = parse_instant("2026-07-20T00:00:00Z")


@cache
def _texts(agreement: str, contract: str) -> Folder:
    """A book of an agreement and a contract without facts, read from files as they are written."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "agreement.yaml").write_text(agreement)
        (Path(folder) / "contract.yaml").write_text(contract)
        found = read_book([Path(folder)])
    assert not [one for one in found.findings if one.severity == "error"], found.findings
    return found


def book(facts: Iterable[Fact], agreement: str = AGREEMENT, contract: str = CONTRACT) -> Folder:
    """A book of the contract and these facts."""
    return replace(_texts(agreement, contract), log=FactLog(facts))


def late(one: Fact, recorded: str) -> Fact:
    """A fact that was recorded later than it happened."""
    return replace(one, recorded_at=at(recorded))


def outage(n: int, start: str, end: str, *components: str) -> list[Fact]:
    """An incident from one instant to another, of the whole service unless components are named."""
    named = list(components) or ["api", "voice"]
    subject = f"I-{n}"
    return [
        fact("incident.declared", start, subject, f"i{n}-1", components=named, severity="S1"),
        fact("incident.resolved", end, subject, f"i{n}-2"),
    ]


def ticket(n: int, opened: str, answered: str | None, priority: str = "P1") -> list[Fact]:
    """A ticket that was opened and, if so, answered."""
    subject = f"T-{n}"
    told = [fact("ticket.opened", opened, subject, f"t{n}-1", priority=priority)]
    return told + ([fact("ticket.replied", answered, subject, f"t{n}-2")] if answered else [])


def withdrawn(of: str, recorded: str, reason: str = "it was a mistake", id_: str = "") -> Fact:
    """A correction that withdraws a fact of the desk."""
    data: dict[str, Any] = {"corrects": {"source": "desk", "id": of}, "by": "Ines", "reason": reason}
    return fact("correction.withdrawn", recorded, of, id_ or f"w-{of}", **data)


def replaced(
    of: str, recorded: str, reason: str = "it was another", id_: str = "", **replacement: Any
) -> Fact:
    """A correction that replaces parts of a fact of the desk."""
    data: dict[str, Any] = {"corrects": {"source": "desk", "id": of}, "by": "Ines", "reason": reason}
    return fact("correction.replaced", recorded, of, id_ or f"r-{of}", replacement=replacement, **data)
