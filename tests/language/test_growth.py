"""What the rows of each section cost: twice as many of them take about twice the calls."""

from __future__ import annotations

import sys

import pytest

from tests.language.texts import HEAD, tree
from upheld.language.compile import compile_terms

ROWS = 120


def numbered(row: str, count: int) -> str:
    """So many rows, each with its number where it has a `#`, and the next one where it has a `+`."""
    return "".join(row.replace("#", str(n)).replace("+", str(n + 1)) + "\n" for n in range(count))


SECTIONS = {
    "assumptions": "assume:\n  a#: {issue: x, options: [a, b], take: a, because: x}",
    "attributes": "attribute:\n  a#: {of: ticket, type: text, values: [a#, b#]}",
    "events": "event:\n  visit.a#: {of: ticket, fields: {engineer: text}}",
    "scales": "scale:\n  s#: {of: ticket, values: {A#: x, B#: y}}",
    "duties": "duty:\n  d#: access",
    "calendars": "calendar:\n  c#: {open: Mon-Fri 09:00-18:00, business day: 8h}",
    "calendars of others": "calendar:\n  c#: {union: [always]}",
    "deadlines": "deadline:\n  d#: {from: opened, until: answered, within: 1h}",
    "conditions": "deadline:\n  d#: {from: opened, until: answered, within: 1h, where: priority = P1}",
    "cadences": "every:\n  u#: {of: incident, from: declared, again: informed, until: resolved, each: 30m}",
    "entitlements": "entitlement:\n  e#: 3",
    "obligations": "obligation:\n  o#: {times: 2, per: contract year}",
    "covenants": "covenant:\n  c#: {what: x}",
    "components": "component:\n  c#: {}",
    "components of the one before": "component:\n  c0: {}\n  c+: {all: [c#]}",
    "indicators": "component: {w: {}}\nsignal: {s: {of: w, checks: every minute}}\n"
    "indicator:\n  i#: {count: checks of w, per: {slice: 5m}}",
    "reminders": "remind:\n  r#: {what: x, from: 2027-01-01, until: 2027-04-01}",
    "escalations": "deadline: {d: {from: opened, until: answered, within: 2h}}\n"
    "escalate:\n  e#: {of: d, tell: support, at: limit}",
}


def calls(text: str) -> int:
    """How many calls within the program it takes to compile a text that is sound."""
    node, count = tree(text), 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        terms, _ = compile_terms(node)
    finally:
        sys.setprofile(None)
    assert terms is not None
    return count


@pytest.mark.slow
@pytest.mark.parametrize("name", SECTIONS)
def test_twice_the_rows_take_about_twice_the_work(name: str) -> None:
    """No section looks at all of its rows for each of them."""
    head, _, row = SECTIONS[name].rpartition("\n")
    alone = HEAD.split("\n")[0] + "\n" if name in ("assumptions", "scales", "duties") else HEAD
    one, two = (calls(f"{alone}{head}\n{numbered(row, count)}") for count in (ROWS, 2 * ROWS))
    assert two < 2.2 * one


@pytest.mark.slow
def test_indicators_of_many_components_look_below_them_once() -> None:
    """Twice the indicators of twice the components take less than four times the calls."""

    def wide(count: int) -> str:
        names = ", ".join(f"c{n}" for n in range(count))
        parts = "".join(f"  c{n}: {{}}\n" for n in range(count))
        rows = numbered("  i#: {count: checks of w, per: {slice: 5m}}", count)
        signal = f"signal: {{s: {{of: [{names}], checks: every minute}}}}\n"
        return f"{HEAD}component:\n  w: {{all: [{names}]}}\n{parts}{signal}indicator:\n{rows}"

    assert calls(wide(2 * ROWS)) < 3 * calls(wide(ROWS))
