"""`check` compiles for every plan, measures coverage, and notices a page that has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.language.texts import CONTRACT, HEAD, mapping, tree
from upheld.core.values.finding import has_errors
from upheld.language.check import check_agreement, lock_needs
from upheld.language.lock import HolidaySpec, make_lock
from upheld.language.page import check_page, paragraph_hash

ROOT = Path(__file__).resolve().parents[2]
PLANNED = (
    HEAD
    + "deadline: {r: {from: opened, until: answered, clause: '1'}}\n"
    + "plan:\n"
    + "  iron: {deadline: {r: {within: {by hours: {support: 2h, all day: 3h}}}}}\n"
    + "  gold: {deadline: {r: {within: 1h}}, entitlement: {users: {named contacts: 3, clause: '2'}}}\n"
)
CLAUSES = """\
clauses:
  "1": {says: response times}
  "2": {says: named people, later: status, part: that they are told}
  "3": {says: who we are, informative: nothing to do}
  "4": {says: credits, later: claims}
"""


def test_coverage_counts_citations_of_every_plan() -> None:
    """A clause is encoded if any plan's row cites it; others are left to a later part or informative."""
    findings, coverage = check_agreement(tree(PLANNED), clauses=tree(CLAUSES, "clauses.yaml"))
    assert [(one.clause.number, one.state, one.rest) for one in coverage.clauses] == [
        ("1", "encoded", ""),
        ("2", "encoded", "status: that they are told"),
        ("3", "informative", ""),
        ("4", "later", "claims: credits"),
    ]
    assert str(coverage) == "4 clauses: 2 encoded, 1 later, 1 informative"
    assert [(f.code, f.severity, f.place.line) for f in findings] == [
        ("not-executed-yet", "note", 3),
        ("not-executed-yet", "note", 5),
    ]


def test_a_fault_is_told_once_whatever_the_plans() -> None:
    """A fault of a row that every plan has is told once, one of a plan's own row where the plan says it."""
    text = PLANNED.replace("until: answered", "until: anwered").replace("within: 1h", "within: 1x")
    findings, _ = check_agreement(tree(text))
    assert [(f.code, f.place.line) for f in findings] == [("unknown-event", 5), ("bad-amount", 8)]


def test_an_assumption_that_nothing_consults_is_noted() -> None:
    """An assumption is consulted if any plan consults it; one left to a later part is noted as such."""
    more = (
        "assume: {rounding: {issue: i, options: [a, b], take: a, because: c, executed by: claims}, "
        "lost: {issue: i, options: [a, b], take: a, because: c}, "
    )
    text = HEAD.replace("assume: {", more)
    told = [(f.code, f.severity, f.message.split("`")[1]) for f in check_agreement(tree(text))[0]]
    assert sorted(told) == [
        ("assumption-not-consulted", "note", "hours"),
        ("assumption-not-consulted", "note", "lost"),
        ("not-executed-yet", "note", "rounding"),
    ]
    assert check_agreement(tree(PLANNED))[0] == ()


@pytest.mark.parametrize(
    "row",
    [
        "until: resolved, within: 2 days, reopening: new cycle",
        "until: resolved, within: 2 days, reopening: ignore",
        "until: answered, within: 2 days",
        "until: resolved, within: 48h",
        "until: resolved, within: {by hours: {support: 48h, all day: 2 days}}",
    ],
)
def test_a_reopened_ticket_that_can_go_on_is_no_concern(row: str) -> None:
    """Reopening needs no choice where hours count, where nothing resolves, or under a reading not taken."""
    told = {
        finding.code
        for finding in check_agreement(tree(HEAD + f"deadline: {{r: {{from: opened, {row}}}}}"))[0]
    }
    assert told <= {"assumption-not-consulted"}


def test_what_a_lock_needs() -> None:
    """A lock needs the zones and holidays of every plan, every reading and the contracts given."""
    text = (
        HEAD
        + "calendar:\n"
        + "  c:\n    zone: UTC\n    open: Mon-Fri 09:00-17:00\n"
        + "    holidays: {by hours: {support: none, all day: {country: NL}}}\n"
        + "plan: {gold: {calendar: {c: {zone: Asia/Tokyo}}}, iron: {}}\n"
    )
    contract = mapping(
        CONTRACT.replace("from:", "plan: iron, zone: Europe/Oslo, from:")
        + "override: {calendar: {c: {holidays: {country: ES, subdivision: MD, categories: [public]}}}}\n"
    )
    zones, holidays, _ = lock_needs(mapping(text), [contract])
    assert zones == {"Europe/Madrid", "UTC", "Asia/Tokyo", "Europe/Oslo"}
    assert holidays == {"NL": HolidaySpec("NL"), "ES-MD": HolidaySpec("ES", "MD")}
    lock = make_lock("acme", zones, holidays, (2026, 2026))
    assert not has_errors(check_agreement(tree(text), lock=lock)[0])


# -- the page ----------------------------------------------------------------------------------------------

SOURCE = "Terms\n\n  We answer   within\n two hours.\n\nAnd again.\n"


@pytest.mark.parametrize(
    "paragraph", ["Terms", "We answer within two hours.", "Terms We answer within two hours."]
)
def test_a_paragraph_is_found_over_lines(paragraph: str) -> None:
    """A paragraph is found as a line or a run of lines, whatever its white space."""
    clauses = tree(f"clauses: {{'1': {{says: a, paragraph: {paragraph_hash(paragraph)}}}}}", "clauses.yaml")
    assert check_page(clauses, SOURCE, "page.txt") == ()


def test_a_changed_page_is_told() -> None:
    """A clause whose paragraph is gone is a warning that names the page; one without is not asked."""
    digest = hashlib.sha256(b"We answer within three hours.").hexdigest()
    clauses = tree(f"clauses:\n  '1': {{says: a, paragraph: {digest}}}\n  '2': {{says: b}}\n", "clauses.yaml")
    findings = check_page(clauses, SOURCE, "page.txt")
    assert [(f.code, f.severity, f.place.line) for f in findings] == [("page-changed", "warning", 2)]
    assert findings[0].places[1].file == "page.txt"


# -- what ships --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rous", "intg", "ceng", "sivo", "just"])
def test_the_shipped_agreements_check(name: str) -> None:
    """Each of the five agreements compiles for all its plans and covers every clause of its page."""
    folder = ROOT / "agreements"
    agreement = tree((folder / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")
    clauses = tree((folder / "clauses" / f"{name}.yaml").read_text(encoding="utf-8"), "clauses.yaml")
    from upheld.language.lock import load

    lock_file = folder / f"{name}.lock.json"
    lock = load(lock_file.read_text(encoding="utf-8")) if lock_file.exists() else None
    findings, coverage = check_agreement(agreement, clauses=clauses, lock=lock)
    assert [f for f in findings if f.severity == "error"] == []
    assert coverage.count("missing") == 0
    assert coverage.count("encoded") > 0
