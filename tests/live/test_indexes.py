"""What is asked of tables that grow is found by an index, also before a database has counted their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from tests.core.worlds import CONTRACT, DESK, DOCUMENT
from tests.live.desk import Northwind
from upheld.core.facts.fact import Data, Fact
from upheld.core.timeline.instant import HOUR, parse_instant
from upheld.store.walls import between

AT = parse_instant("2026-06-08T10:00:00Z")
GROWING = ("store_recordedfact", "store_standingfact", "store_scoperow", "store_restrow")
ASKED = ("fact_id", "input", "subject", "dependency")
"""What is asked for, of these tables."""
MANY = 20
QUOTA = """
quota: {urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: charged}}
deadline:
  response:
    from: opened
    until: answered
    on: desk
    within: [{where: quota.urgent = within, limit: 1h}, {where: "priority in [P1, P2, P3]", limit: 4h}]
"""


def _fact(type_: str, number: int, at: int, **data: str) -> Fact:
    return Fact(f"{type_} {number}", "desk", type_, at, at, f"T-{number}", Data(data))


def _plans(asked: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Of each question about a table that grows how it would be answered, a line at a time."""
    how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    for question, values in asked:
        if question.startswith(("SELECT", "UPDATE", "DELETE")) and any(one in question for one in GROWING):
            with connection.cursor() as cursor:
                cursor.execute(f"{how} {question}", values)
                yield from ((question, str(row[-1] if how == "EXPLAIN" else row[3])) for row in cursor)


def _reads_all(line: str) -> bool:
    """Whether all rows, or all of a provider, are read to find those that are asked for."""
    if connection.vendor == "postgresql":
        return "Filter:" in line and any(f"{one})::text = '" in line for one in ASKED)
    if line.startswith("SCAN"):
        return any(one in line for one in GROWING)
    return any(f" {one} " in line for one in GROWING) and re.search(r"\(provider_id=\?\)$", line) is not None


def test_no_question_of_facts_reads_all_of_a_provider(address: str) -> None:
    """A fact told alone, and on SQLite many at once: each question is answered by what it asks for.

    PostgreSQL answers questions for many by what it has counted, which nobody waits for here.
    """
    desk = Northwind(DOCUMENT + DESK, CONTRACT)
    opened = [_fact("ticket.opened", n, AT, contract="c1", priority="P1") for n in range(MANY)]
    desk.tell(*opened, at=AT)
    asked: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], question: str, values: Any, *rest: Any) -> Any:
        asked.append((question, values))
        return execute(question, values, *rest)

    with connection.execute_wrapper(note):
        desk.tell(_fact("ticket.replied", 1, AT + HOUR, by="human"), at=AT + HOUR)
        replies = (_fact("ticket.replied", n, AT + HOUR, by="human") for n in range(2, MANY))
        if connection.vendor == "sqlite":
            desk.tell(*replies, at=AT + HOUR)
    of_contracts = [question for question, _ in asked if 'FROM "store_boundcontract"' in question]
    assert of_contracts
    assert all('"contract" = ' in one for one in of_contracts), "not every contract is read"
    with between(desk.provider.pk), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # which is best of few rows
        plans = list(_plans(asked))
    assert {one for one in GROWING for _, line in plans if one in line} == {*GROWING}
    assert [(question, line) for question, line in plans if _reads_all(line)] == []


def test_a_quota_asks_for_its_tickets_together(address: str) -> None:
    """What a reply asks the database is as many questions beside forty tickets as beside twenty."""
    desk = Northwind(DOCUMENT + DESK + QUOTA, CONTRACT)
    counted: list[int] = []
    for first in (0, MANY):
        opened = [
            _fact("ticket.opened", n, AT, contract="c1", priority="P1") for n in range(first, first + MANY)
        ]
        desk.tell(*opened, at=AT)
        asked: list[str] = []

        def note(execute: Callable[..., Any], question: str, *rest: Any, asked: list[str] = asked) -> Any:
            asked.append(question)
            return execute(question, *rest)

        with connection.execute_wrapper(note):
            desk.tell(_fact("ticket.replied", first, AT + HOUR, by="human"), at=AT + HOUR)
        counted.append(len(asked))
    assert counted[0] == counted[1] < 2 * MANY
