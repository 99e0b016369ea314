"""Findings that an agreement acknowledges: which, where, why; and what it acknowledges in vain."""

from __future__ import annotations

import pytest

from tests.language.texts import HEAD, marked, tree
from upheld.core.values.finding import Finding, has_errors
from upheld.language.check import check_agreement

IDLE = HEAD.replace(
    "assume: {",
    "assume: {lost: {issue: i, options: [a, b], take: a, because: c}, "
    "told: {ref: A7, issue: who is told, options: [all, some], take: all, because: c, flag: high}, ",
)
"""An agreement of which three notes are told that nothing consults an assumption, and one of a flag."""


def _found(rows: str, head: str = IDLE, clauses: str = "") -> tuple[Finding, ...]:
    listed = tree(clauses, "clauses.yaml") if clauses else None
    return check_agreement(tree(head + rows), clauses=listed)[0]


def _reasons(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """What was acknowledged: the first name in the message, and the reason."""
    return [(one.message.split("`")[1], one.acknowledged) for one in found if one.acknowledged]


def test_what_is_acknowledged_has_its_reason() -> None:
    """A finding about the named row carries the reason; the others of its code are told as before."""
    found = _found("acknowledge: {a: {finding: assumption-not-consulted, of: lost, because: later}}\n")
    assert _reasons(found) == [("lost", "later")]
    assert [one.code for one in found if not one.acknowledged] == [
        "assumption-not-consulted",
        "flagged-reading",
        "assumption-not-consulted",
    ]
    assert "    acknowledged: later" in next(one for one in found if one.acknowledged).lines


def test_several_rows_or_all_of_them_can_be_meant() -> None:
    """A list names several rows; without `of` every finding of the code is meant."""
    row = "acknowledge: {a: {finding: assumption-not-consulted, of: [lost, hours], because: later}}\n"
    assert [name for name, _ in _reasons(_found(row))] == ["lost", "hours"]
    row = "acknowledge: {a: {finding: assumption-not-consulted, because: later}}\n"
    assert [name for name, _ in _reasons(_found(row))] == ["lost", "told", "hours"]


def test_the_first_reason_stands() -> None:
    """A finding that two acknowledgements mean has the reason of the first, and both are of use."""
    rows = (
        "acknowledge:\n"
        "  a: {finding: assumption-not-consulted, of: lost, because: one}\n"
        "  b: {finding: assumption-not-consulted, because: all}\n"
    )
    found = _found(rows)
    assert _reasons(found) == [("lost", "one"), ("told", "all"), ("hours", "all")]
    assert "acknowledged-nothing" not in {one.code for one in found}


def test_a_plan_and_a_clause_can_be_meant() -> None:
    """What stands in a plan is known by the plan as well, and a clause by its number."""
    rows = (
        "deadline: {r: {from: opened, until: answered, within: 2h, clause: '1'}}\n"
        "plan: {gold: {quota: {q: none}}, iron: {quota: {q: none}}}\n"
        "acknowledge:\n"
        "  a: {finding: nothing-to-remove, of: gold, because: kept for the page}\n"
        "  b: {finding: not-executed-yet, of: '2', because: soon}\n"
    )
    clauses = "clauses: {'1': {says: response}, '2': {says: credits, later: claims}}\n"
    found = [(one.code, one.acknowledged) for one in _found(rows, HEAD, clauses)]
    assert sorted(found) == [
        ("assumption-not-consulted", ""),
        ("not-executed-yet", "soon"),
        ("nothing-to-remove", ""),
        ("nothing-to-remove", "kept for the page"),
    ]


@pytest.mark.parametrize(
    ("row", "message", "way_out"),
    [
        (
            "⟦a: {finding: assumption-not-consulted, of: mislaid, because: later}",
            "there is no `assumption-not-consulted` in `mislaid` to acknowledge",
            "mend `of`, or remove it: `assumption-not-consulted` is found at acme.yaml:2:10",
        ),
        (
            "⟦a: {finding: clause-missing, because: later}",
            "there is no `clause-missing` to acknowledge",
            "remove the acknowledgement: what it excused is gone",
        ),
    ],
)
def test_what_is_acknowledged_in_vain_is_told(row: str, message: str, way_out: str) -> None:
    """An acknowledgement of what is not found is a warning that says where such a finding is."""
    text, line, column = marked(IDLE + f"acknowledge:\n  {row}\n")
    found = [one for one in check_agreement(tree(text))[0] if one.code == "acknowledged-nothing"]
    assert [(one.message, one.way_out, one.severity) for one in found] == [(message, way_out, "warning")]
    assert (found[0].place.line, found[0].place.column) == (line, column)


def test_an_error_cannot_be_acknowledged() -> None:
    """An error stays one, and beside it nothing is said of acknowledgements: not all was asked."""
    rows = (
        "deadline: {r: {from: opened, until: answered, within: 2x}}\n"
        "acknowledge: {a: {finding: bad-amount, because: later}, b: {finding: page-changed, because: c}}\n"
    )
    found = _found(rows)
    assert has_errors(found)
    assert [one.acknowledged for one in found if one.code == "bad-amount"] == [""]
    assert "acknowledged-nothing" not in {one.code for one in found}


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        ("{finding: ⟦flaged-reading, because: c}", "unknown-finding", "there is no finding `flaged-reading`"),
        (
            "{⟦find: flagged-reading, finding: flagged-reading, because: c}",
            "unknown-field",
            "an acknowledgement has no field `find`",
        ),
    ],
)
def test_a_fault_of_an_acknowledgement_is_told(row: str, code: str, message: str) -> None:
    """A code that does not exist and a field that does not are errors, where they stand."""
    text, line, column = marked(IDLE + f"acknowledge: {{a: {row}}}\n")
    found = [one for one in check_agreement(tree(text))[0] if one.severity == "error"]
    assert (found[0].code, found[0].message) == (code, message)
    assert (found[0].place.line, found[0].place.column) == (line, column)


def test_acknowledgements_are_a_map_of_the_agreement_itself() -> None:
    """A list is told, and a plan cannot acknowledge anything."""
    found = _found("acknowledge: [a]\n")
    assert [one.message for one in found if one.severity == "error"] == [
        "`acknowledge` must be a map of rows by name"
    ]
    found = _found("plan: {gold: {acknowledge: {}}}\n")
    assert "the plan `gold` cannot hold `acknowledge`" in [one.message for one in found]


def test_a_plan_is_named_though_it_says_nothing_itself() -> None:
    """That the dearer plan promises less is acknowledged by its name, also where it inherits the less."""
    rows = (
        "deadline: {r: {from: opened, until: answered, on: always, within: 4h}}\n"
        "plan: {basic: {deadline: {r: {within: 2h}}}, gold: {}}\n"
        "acknowledge: {a: {finding: plan-promises-less, of: gold, because: for others}}\n"
    )
    assert _reasons(_found(rows)) == [("gold", "for others")]
