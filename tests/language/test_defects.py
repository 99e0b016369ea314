"""Defects of the page itself: each is read by an assumption, or it is an error."""

from __future__ import annotations

import pytest

from tests.language.texts import HEAD, marked, tree
from upheld.core.values.finding import Finding
from upheld.language.check import check_agreement
from upheld.language.codes import CODES
from upheld.language.concepts import concept
from upheld.language.defect_kinds import DEFECT_KINDS

AGREEMENT = HEAD + "deadline: {r: {from: opened, until: answered, within: 2h, clause: '1'}}\n"
CLAUSES = "clauses: {'1': {says: response times}}\n"


def _found(defects: str) -> tuple[Finding, ...]:
    return check_agreement(tree(AGREEMENT), clauses=tree(CLAUSES + defects, "clauses.yaml"))[0]


def test_a_resolved_defect_is_a_note_that_names_the_reading() -> None:
    """The note says what is wrong, where, and how it is read; its assumption counts as consulted."""
    row = "hours: {kind: undefined-calendar, says: which hours, clause: '1', resolved by: hours}"
    (finding,) = _found(f"defects: {{{row}}}\n")
    assert str(finding) == (
        "clauses.yaml:2:11: note[undefined-calendar]: "
        "clause 1: which hours; it is read as `support` by `hours`\n"
        "    see also acme.yaml:2:10\n"
        "    way out: ask the provider to mend the page; until then the assumption says how it is read"
    )


def test_a_defect_may_be_of_the_page_as_a_whole_or_of_several_clauses() -> None:
    """Without clauses it is the page that has the defect; with several, all of them are named."""
    (finding,) = _found("defects: {d: {kind: blank-metadata, says: no date, resolved by: hours}}\n")
    assert finding.message == "the page: no date; it is read as `support` by `hours`"
    row = "d: {kind: blank-metadata, says: no date, clause: ['1', '2'], resolved by: hours}"
    (finding,) = check_agreement(
        tree(AGREEMENT.replace("clause: '1'", "clause: ['1', '2']")),
        clauses=tree(f"clauses: {{'1': {{says: a}}, '2': {{says: b}}}}\ndefects: {{{row}}}\n", "c.yaml"),
    )[0]
    assert finding.message == "clauses 1, 2: no date; it is read as `support` by `hours`"


@pytest.mark.parametrize(
    ("defects", "code", "message", "way_out"),
    [
        (
            "{⟦d: {kind: ragged-table, says: two values for three plans, clause: '1'}}",
            "unresolved-defect",
            "clause 1: two values for three plans; no assumption says how it is read",
            "declare an assumption in the agreement, and name it here: `resolved by: NAME`",
        ),
        (
            "{d: {kind: ragged-table, says: a, resolved by: ⟦houres}}",
            "unknown-assumption",
            "there is no assumption `houres`",
            "did you mean `hours`?",
        ),
        (
            "{⟦d: {kind: ragged-table, says: a, clause: '7', resolved by: hours}}",
            "unknown-clause",
            "the clause list has no clause `7`",
            "add it to the clause list",
        ),
        (
            "{d: {kind: ⟦raged-table, says: a, resolved by: hours}}",
            "unknown-choice",
            "`kind` cannot be `raged-table`",
            "did you mean `ragged-table`?",
        ),
        (
            "⟦[a]",
            "wrong-shape",
            "`defects` must be a map of defects by name",
            f"as in `{concept('defects').example.splitlines()[1].strip()}`",
        ),
    ],
)
def test_a_defect_that_is_not_resolved_is_an_error(
    defects: str, code: str, message: str, way_out: str
) -> None:
    """A defect needs an assumption that is there, clauses that are there, and a kind that is known."""
    text, line, column = marked(f"{CLAUSES}defects: {defects}\n")
    errors = [
        one
        for one in check_agreement(tree(AGREEMENT), clauses=tree(text, "clauses.yaml"))[0]
        if one.severity == "error"
    ]
    assert [(one.code, one.message, one.way_out) for one in errors] == [(code, message, way_out)]
    assert (errors[0].place.line, errors[0].place.column) == (line, column)


def test_a_broken_assumption_is_told_once() -> None:
    """A defect that a broken assumption resolves adds nothing to what is told of the assumption."""
    broken = AGREEMENT.replace("take: support", "take: suport")
    row = "d: {kind: blank-metadata, says: no date, resolved by: hours}"
    found = check_agreement(tree(broken), clauses=tree(f"{CLAUSES}defects: {{{row}}}\n", "c.yaml"))[0]
    assert [one.code for one in found] == ["unknown-option"]


def test_every_kind_of_defect_is_a_code_of_its_own() -> None:
    """A kind is a finding with a meaning, so that it can be looked up and acknowledged."""
    assert set(DEFECT_KINDS) <= set(CODES)
    assert len(set(DEFECT_KINDS)) == len(DEFECT_KINDS)


def test_a_flagged_reading_is_told_with_what_else_it_could_be() -> None:
    """A flagged assumption is a note that names its number, the issue, the choice and the others."""
    text = AGREEMENT.replace(
        "take: support, because: they are staffed",
        "take: support, ref: A1, flag: high, because: they are staffed",
    ).replace("options: [support, all day]", "options: [support, all day, mornings]")
    told = [one for one in check_agreement(tree(text))[0] if one.code == "flagged-reading"]
    assert [(one.severity, one.message, one.way_out) for one in told] == [
        (
            "note",
            "A1: which hours; taken as `support`, could be `all day` or `mornings`",
            "settle it with the other party; then leave out `flag: high`, or take the other option",
        )
    ]
