"""Plans side by side: one row a promise, one column a plan, what differs marked, the clauses beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from upheld.book.diff import Version
from upheld.book.plans import plans
from upheld.core.terms.agreement import Terms
from upheld.files.folder import read_agreement_file
from upheld.language.reader import read_yaml
from upheld.render.prose.document import Grid
from upheld.render.prose.plans import GROUPS, PlanRow, plan_rows, plans_prose
from upheld.render.prose.tongue import Tongue

AGREEMENTS = Path(__file__).parents[3] / "agreements"
SMALL = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}
scale:
  priority: {of: ticket, values: {P1: all stands still, P2: everything else}}
calendar:
  support: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none, business day: 8h}
deadline:
  answer: {from: opened, until: answered, on: support, within: 2 business days, clause: "1"}
component: {web: {}}
signal: {page: {of: web, checks: the page loads, every: 1m}}
indicator: {uptime: {count: checks of web, per: {slice: 1m}}}
commit:
  uptime: {level: ">= 99 %", per: calendar month, clause: "2"}
entitlement:
  channels: {channels: [mail], clause: "3"}
obligation:
  review: {times: 1, per: calendar year, modality: objective, clause: "4"}
quota:
  urgent: {of: ticket, where: priority = P1, per: calendar month, allow: 1, overflow: refused, clause: "5"}
plan:
  bronze: {obligation: {review: none}}
  gold:
    deadline:
      answer: {on: {P1: always, other: support}, within: {P1: {goal: 30m, limit: 1h}, P2: 1 business day}}
    commit: {uptime: {level: ">= 99.9 %"}}
    quota: {urgent: {allow: 4, overflow: charged}}
    entitlement: {channels: {channels: [mail, phone]}, contacts: {named contacts: 3, clause: "6"}}
"""


def small(text: str = SMALL) -> tuple[Terms, ...]:
    """The plans of a small agreement."""
    node, findings = read_yaml(text, "acme.yaml")
    assert node is not None, findings
    found, told = plans(Version(node))  # type: ignore[arg-type]  # a text with concepts is a map
    assert found, told
    return found


def rows(language: str = "en") -> dict[str, PlanRow]:
    """Its rows by name."""
    return {row.name: row for row in plan_rows(small(), Tongue(language))}


def test_a_promise_has_a_row_and_each_plan_a_cell() -> None:
    """Numbers are those of the terms; a plan without a promise has an empty cell."""
    found = rows()
    assert found["“answer”: P1"].cells == (
        "2 business days (“support”)",
        "1 hour (around the clock); goal 30 minutes (around the clock)",
    )
    assert found["“answer”: P2"].cells == ("2 business days (“support”)", "1 business day (“support”)")
    assert found["“review”"].cells == ("", "1 in each calendar year (UTC) (an aim)")
    assert found["“contacts”"].cells == ("", "3 named contacts")
    assert found["“channels”"].cells == ("mail", "mail and phone")
    assert found["“urgent”"].cells == (
        "1 in each calendar month (UTC); more are refused",
        "4 in each calendar month (UTC); more are charged",
    )
    assert found["“uptime”: downtime allowed in a month of 30 days"].cells == (
        "7 hours and 12 minutes",
        "43 minutes and 12 seconds",
    )


def test_a_row_names_the_clauses_behind_it() -> None:
    """Those of every plan that says something there."""
    found = rows()
    assert found["“answer”: P1"].clauses == ("1",)
    assert found["“contacts”"].clauses == ("6",)


def test_what_differs_is_marked_and_what_does_not_is_not() -> None:
    """By a sign that needs no colour."""
    node = SMALL.replace('    commit: {uptime: {level: ">= 99.9 %"}}\n', "")
    shown = plans_prose(small(node), Tongue("en"))
    names = [row[0] for block in shown.all_blocks() if isinstance(block, Grid) for row in block.rows]
    assert "≠ “answer”: P1" in names
    assert "“uptime”: downtime allowed in a month of 30 days" in names


def test_a_row_that_a_plan_adds_stands_where_it_does_there() -> None:
    """The contacts come behind the channels, though the first plan has none."""
    assert [name for name in rows() if name in ("“contacts”", "“channels”", "“review”")] == [
        "“review”", "“channels”", "“contacts”",
    ]  # fmt: skip


def test_rows_are_said_in_the_language_asked_for() -> None:
    """Numbers and words alike."""
    found = rows("nl")
    assert found["“answer”: P2"].cells == ("2 werkdagen (“support”)", "1 werkdag (“support”)")
    assert found["“uptime”: toegestane uitvaltijd in een maand van 30 dagen"].cells[1] == (
        "43 minuten en 12 seconden"
    )


def test_targets_told_apart_by_conditions_go_by_them() -> None:
    """As the condition says it in words."""
    by_condition = SMALL.replace(
        "within: 2 business days,",
        "within: [{where: priority = P1, limit: 2h}, {where: priority = P2, limit: 4h}],",
    ).partition("plan:")[0]
    found = {row.name: row.cells for row in plan_rows(small(by_condition), Tongue("en"))}
    assert found["“answer”: the priority is P1"] == ("2 hours (“support”)",)
    assert found["“answer”: the priority is P2"] == ("4 hours (“support”)",)


CASES = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}
scale:
  priority: {of: ticket, values: {P1: all stands still, P2: everything else}}
attribute:
  kind: {of: ticket, type: text, values: [incident, question]}
calendar:
  support: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none}
deadline:
  answer: {from: opened, until: answered, ANSWER}
plan:
  bronze: {}
  gold: {deadline: {answer: {GOLD}}}
"""


def answers(bronze: str, gold: str = "modality: guarantee") -> dict[str, tuple[str, ...]]:
    """What two plans say of one deadline, by row."""
    found = small(CASES.replace("ANSWER", bronze).replace("GOLD", gold))
    return {row.name.removeprefix("“answer”: "): row.cells for row in plan_rows(found, Tongue("en"))}


def test_decisions_within_decisions_have_a_row_each() -> None:
    """However deep they lie; what is decided no further has one row for all that is below it."""
    assert answers("within: {incident: {P1: 1h, P2: 2h}, question: 3h}") == {
        "the kind of ticket is “incident” and the priority is P1": ("1 hour (around the clock)",) * 2,
        "the kind of ticket is “incident” and the priority is P2": ("2 hours (around the clock)",) * 2,
        "the kind of ticket is “question”": ("3 hours (around the clock)",) * 2,
    }


def test_hours_that_another_attribute_decides_are_told_with_the_times() -> None:
    """Time and calendar are two decisions; where no calendar holds, nothing is promised."""
    found = answers("within: {P1: 1h, P2: 2h}, on: {incident: always, question: support}")
    assert found["the priority is P1 and the kind of ticket is “question”"] == ("1 hour (“support”)",) * 2
    assert found["the priority is P2 and the kind of ticket is “incident”"] == (
        ("2 hours (around the clock)",) * 2
    )  # fmt: skip


def test_what_one_plan_tells_apart_the_other_says_in_each_row() -> None:
    """A plan that decides nothing says the same everywhere."""
    assert answers("within: 4h", "within: {incident: {P1: 1h, other: 2h}, question: 3h}") == {
        "the kind of ticket is “incident” and the priority is P1": (
            "4 hours (around the clock)", "1 hour (around the clock)",
        ),
        "the kind of ticket is “incident” and the priority is P2": (
            "4 hours (around the clock)", "2 hours (around the clock)",
        ),
        "the kind of ticket is “question”": ("4 hours (around the clock)", "3 hours (around the clock)"),
    }  # fmt: skip


def test_a_row_with_a_condition_and_a_decision_has_a_row_for_each_case() -> None:
    """None of them takes the place of another."""
    found = answers("within: [{where: priority = P1, within: {incident: 1h, question: 9h}}]")
    assert found == {
        "the priority is P1 and the kind of ticket is “incident”": ("1 hour (around the clock)",) * 2,
        "the priority is P1 and the kind of ticket is “question”": ("9 hours (around the clock)",) * 2,
    }


def test_edges_of_bands_say_whether_they_are_inside() -> None:
    """As the words of the agreement do."""
    node = SMALL.partition("entitlement:")[0] + (
        'remedy: {credit: {of: uptime, bands: {"[98.0 %, 98.5 %]": 5.00 EUR, "< 98.0 %": 9.00 EUR}}}\n'
    )
    found = [row.name for row in plan_rows(small(node), Tongue("en")) if row.group == "remedies"]
    assert found == ["“credit”: from 98.0 % up to and including 98.5 %", "“credit”: less than 98.0 %"]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ["sivo", "rous", "ceng", "intg", "just"])
def test_every_promise_of_the_shipped_agreements_has_a_row(name: str, language: str) -> None:
    """Each clock, level, remedy, allowance, duty and entitlement of each plan is in some row."""
    file, _ = read_agreement_file(AGREEMENTS / f"{name}.yaml")
    assert file is not None
    found, findings = plans(Version(file.node, file.lock))
    assert not [one for one in findings if one.severity == "error"]
    told = plan_rows(found, Tongue(language))
    assert {row.group for row in told} <= set(GROUPS)
    for number, terms in enumerate(found):
        wanted = [*terms.clocks, *terms.commits, *terms.remedies, *terms.quotas, *terms.obligations]
        for rule in (*wanted, *terms.entitlements):
            cells = [row.cells[number] for row in told if row.name.startswith(f"“{rule.name}”")]
            assert any(cells), rule.name


def test_the_credits_of_sivo_stand_side_by_side() -> None:
    """The band that reaches the commitment goes by that word, since the commitments differ."""
    file, _ = read_agreement_file(AGREEMENTS / "sivo.yaml")
    assert file is not None
    found, _ = plans(Version(file.node, file.lock))
    told = {row.name: row for row in plan_rows(found, Tongue("en"))}
    row = told["“credit”: from 99.0 % up to but not including the level"]
    assert row.cells == ("", "10 % of your monthly fee", "20 % of your monthly fee")
    assert row.differs
    assert told["“credit”: less than 98.0 %"].cells[1:] == (
        "30 % of your monthly fee",
        "60 % of your monthly fee",
    )


APART = """\
document: {agreement: acme, version: 2026-01, provider: Northwind, zone: UTC}
calendar: {weekdays: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: none}}
deadline:
  answer: {from: opened, until: answered, on: weekdays, within: 2h, clause: "1"}
  solution: {from: opened, until: resolved, on: weekdays, within: 8h, clause: "1"}
  notice: {of: maintenance, until: announced, due: starts_at - 2 days}
component: {web: {}}
signal: {page: {of: web, checks: the page loads, every: 1m}}
indicator: {uptime: {count: checks of web, per: {slice: 1m}}}
commit: {uptime: {level: ">= 99 %", per: calendar month, clause: "2"}}
exclude:
  maintenance: {of: maintenance, announced by: starts_at - 2 days, effect: out of total, clause: "3"}
remedy:
  credit: {of: uptime, bands: {"< 99 %": 10 %}, base: {fee: month}, clause: "4"}
  leaving: {of: uptime, after: 2 of 3, unit: termination, clause: "5"}
plan:
  bronze: {}
  gold:
    calendar: {weekdays: {open: Mon-Fri 08:00-18:00}}
    deadline: {answer: {pause: waiting}}
    indicator: {uptime: {per: {slice: 1m, run: 5}}}
    exclude: {maintenance: {announced by: starts_at - 5 days}}
    remedy:
      leaving: {after: 6 of 12}
      credit: {pay: {instalments: 3}}
"""
"""Two plans whose numbers are the same, and which mean something else all the same."""


def test_plans_that_mean_something_else_are_not_called_the_same() -> None:
    """Conditions and payment have rows where they differ; a row of a rule that differs otherwise says so."""
    found = {row.name: row for row in plan_rows(small(APART), Tongue("en"))}
    assert found["“leaving”: when"].cells == tuple(
        "You may terminate the contract after each calendar month (UTC) in which “uptime” is not kept. "
        f"This holds only if “uptime” was not kept in at least {number} of the last {count} periods, the one "
        "in question included."
        for number, count in ((2, 3), (6, 12))
    )
    assert [cell[:50] for cell in found["“credit”: how it is paid"].cells] == [
        "You do not have to claim it. It is set off against",
        "You do not have to claim it. It is paid in 3 equal",
    ]
    assert found["“answer”"].differs
    assert found["“answer”"].cells == ("2 hours (“weekdays”); more differs",) * 2
    assert found["“uptime”: downtime allowed in a month of 30 days"].differs
    assert {name for name, row in found.items() if not row.differs} == {
        "“solution”", "“notice”", "“credit”: less than the level", "“leaving”"
    }  # fmt: skip


def test_what_no_row_shows_is_named_by_the_part_of_the_words_that_tells_it() -> None:
    """Pauses, slices, notices and opening hours stand in no table: the page says where to look."""
    plans_section = plans_prose(small(APART), Tongue("en")).sections[0]
    grid = next(block for block in plans_section.blocks if isinstance(block, Grid))
    assert grid.caption == "The plans also differ in what the tables do not show: see upheld words"
    assert grid.rows == (
        ("What happens by when", "“answer”"),
        ("How it is measured", "“uptime”"),
        ("What does not count", "“maintenance”"),
        ("When time counts", "“weekdays”"),
    )
    dutch = plans_prose(small(APART), Tongue("nl")).sections[0]
    assert "zie upheld words" in next(one for one in dutch.blocks if isinstance(one, Grid)).caption


def test_plans_that_are_one_promise_differ_in_nothing() -> None:
    """Plans that change nothing are the same row for row, and no part of the words is named."""
    alike = APART.partition("  gold:")[0] + "  gold: {}\n"
    assert not [row.name for row in plan_rows(small(alike), Tongue("en")) if row.differs]
    section = plans_prose(small(alike), Tongue("en")).sections[0]
    assert not [block for block in section.blocks if isinstance(block, Grid)]
