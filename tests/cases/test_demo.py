"""The month that ships with the project: what its README tells comes out, and nothing late is left untold."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from upheld.book.evaluate import Report, evaluate
from upheld.cli.book_arguments import book_of
from upheld.core.clocks.counting import measured
from upheld.core.timeline.instant import parse_instant
from upheld.files.folder import Folder

pytestmark = pytest.mark.slow  # opens a month of probes

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo"
PROVIDERS = ("rous", "intg", "ceng", "sivo", "just")
ROW = re.compile(r"\| (\S+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|")
KINDS = {"scheduled", "emergency", "non-disruptive", "high risk"}


@cache
def month() -> tuple[Folder, Report]:
    """The shipped agreements on the shipped facts."""
    book = book_of([ROOT / "agreements", DEMO])
    return book, evaluate(book, parse_instant("2026-07-01T00:00:00Z"))


@cache
def told() -> set[tuple[str, str, str]]:
    """What the README tells: subject, promise, state."""
    rows = ROW.findall((DEMO / "README.md").read_text(encoding="utf-8"))
    return {(what, promise, state) for what, promise, state in rows if what != "what"}


@cache
def came_out() -> set[tuple[str, str, str]]:
    """What evaluating says: subject, promise, state."""
    _, report = month()
    return {(v.key.subject, v.key.commitment, v.state) for _, _, v in report.numbered()}


def test_the_month_has_no_findings() -> None:
    """Contracts and facts are without fault."""
    book, report = month()
    assert (*book.findings, *report.findings) == ()


def test_what_the_readme_tells_comes_out() -> None:
    """Every row of its tables is a verdict."""
    assert len(told()) > 40
    assert told() - came_out() == set()


def test_nothing_late_is_left_untold() -> None:
    """Whatever was missed or breached stands in the README; of single tasks, how many there were."""
    late = {row for row in came_out() if row[2] in ("missed", "breached")}
    tasks = {row for row in late if row[1] == "task start"}
    assert len(late) > 10
    assert late - tasks - told() == set()
    assert f"{len(tasks)} of them here" in (DEMO / "README.md").read_text(encoding="utf-8")


def test_the_month_pays_and_leaves_something_open() -> None:
    """A breach that pays, one that a reading decides, one that the missing data leave undetermined."""
    _, report = month()
    found = {(credit.key.contract, credit.key.subject): credit for _, _, credit in report.numbered_credits()}
    refund = found["acme-just", "2026-05"]
    assert [(part.amount, part.state) for part in refund.instalments] == [
        (Decimal(200), "applied"),
        (Decimal(200), "planned"),
        (Decimal(200), "planned"),
    ]
    assert found["contoso-sivo", "2026-06"].amount == Decimal("480.00")
    undecided = found["acme-sivo", "2026-06"]
    assert (undecided.state, undecided.low, undecided.high) == ("undetermined", 0, Fraction("49.90"))


def test_the_month_has_a_near_miss_and_a_wait_that_excuses() -> None:
    """Met with less than a tenth of the budget left; met only because time stood still."""
    _, report = month()
    near, excused = [], []
    for _, terms, verdict in report.numbered():
        elapsed_us, _ = measured(verdict, terms.calendars, report.at)
        if (
            verdict.state != "met"
            or not verdict.budget_us
            or elapsed_us is None
            or verdict.kind != "deadline"
        ):
            continue
        assert verdict.anchor_at is not None
        assert verdict.stopped_at is not None
        if elapsed_us > 0.9 * verdict.budget_us:
            near.append(verdict.key.subject)
        unpaused_us = terms.calendars[verdict.calendar].elapsed(verdict.anchor_at, verdict.stopped_at)
        if unpaused_us > verdict.budget_us:
            excused.append(verdict.key.subject)
    assert {"RS-4118", "INT-2215", "CE-7308", "SV-9022"} <= set(near)
    assert "RS-4111" in excused


def test_a_month_holds_maintenance_of_every_kind() -> None:
    """Scheduled, emergency, non-disruptive and high risk."""
    book, _ = month()
    found = {fact.data["kind"] for fact in book.log if fact.type == "maintenance.announced"}
    assert found == KINDS


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_has_some_hundred_facts_in_the_order_of_keys(provider: str) -> None:
    """They are data to read: one object a line, always in the same order."""
    lines = (DEMO / provider / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    assert 150 <= len(lines) <= 300
    order = ["specversion", "id", "source", "type", "subject", "time", "data"]
    for line in lines:
        keys = list(json.loads(line))
        assert keys == [key for key in order if key in keys]


def test_names_of_people_are_private() -> None:
    """No name that stands in `private` anywhere is written outside of it."""
    book, _ = month()
    names = {str(fact.private["name"]) for fact in book.log if "name" in fact.private}
    public = json.dumps([str(dict(fact.data)) for fact in book.log], ensure_ascii=False)
    assert len(names) > 20
    assert [name for name in names if name in public] == []
