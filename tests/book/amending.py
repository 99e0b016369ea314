"""Versions, contracts and notices as texts, for asking from when a new version holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.book.diff_worlds import tree
from upheld.book.amend import Amendment, Asked, Succession, amend
from upheld.book.diff import Version
from upheld.core.facts.fact import Fact
from upheld.core.terms.agreement import ALWAYS
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.finding import Finding

ROWS = """
calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: end of day}}
component: {api: {}}
signal: {probe: {of: api, checks: a request}}
indicator: {uptime: {count: checks of api, per: {slice: 5m}}}
commit: {uptime: {level: ">= LEVEL %", per: calendar month}}
deadline:
  response: {from: opened, until: answered, within: RESPONSE}
"""


def version(
    name: str, amend_rule: str = "", level: str = "99.95", response: str = "4h", more: str = ""
) -> Version:
    """A version of a small agreement."""
    head = f"document: {{agreement: acme, version: '{name}', provider: Northwind, zone: UTC}}\n"
    rule = f"amend: {amend_rule}\n" if amend_rule else ""
    return Version(tree(head + ROWS.replace("LEVEL", level).replace("RESPONSE", response) + rule + more))


def contract(id_: str = "c1", **more: str) -> str:
    """A contract from 15 January 2026, signed under version 1, unless it says otherwise."""
    fields = {"version": "'1'", "from": "2026-01-15", **more}
    said = ", ".join(f"{key}: {value}" for key, value in fields.items() if value)
    return f"contract: {{id: {id_}, customer: Acme, agreement: acme, {said}}}"


def told(type_: str, at: str, subject: str, **data: str) -> Fact:
    """A fact of a notice, a publication or a renewal."""
    at_us = parse_instant(at)
    return Fact(f"{type_}-{at}-{subject}", "office", type_, at_us, at_us, subject, data)


def ask(
    new: Version,
    old: Version | Sequence[Version],
    *contracts: str,
    published: str | None = "2026-07-01",
    start: str | None = None,
    facts: Sequence[Fact] = (),
) -> tuple[Amendment | None, tuple[Finding, ...]]:
    """The amendment, and what is wrong with it."""
    return amend(
        Asked(
            new,
            [old] if isinstance(old, Version) else list(old),
            [tree(text) for text in contracts],
            tuple(sorted(facts, key=lambda fact: fact.order)),
            date.fromisoformat(published) if published else None,
            date.fromisoformat(start) if start else None,
        )
    )


def succession(found: tuple[Amendment | None, tuple[Finding, ...]], n: int = 0) -> Succession:
    """What it is for one contract; nothing may be wrong."""
    amendment, findings = found
    assert amendment is not None, findings
    return amendment.successions[n]


def days(one: Succession, name: str) -> list[tuple[str, str]]:
    """The versions of a commitment, each with the day from which it holds."""
    zone = one.terms.calendars[ALWAYS].rule.zone
    step = next(step for step in one.steps if step.commitment == name)
    return [(held.version, str(zone.date_at(held.from_at))) for held in step.versions]


def day(one: Succession, name: str) -> str:
    """A day of a contract: `starts_at`, `period_end_at`."""
    at = getattr(one, name)
    assert isinstance(at, int)
    return str(one.terms.calendars[ALWAYS].rule.zone.date_at(at))
