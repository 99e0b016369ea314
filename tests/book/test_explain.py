"""What an explanation says of each kind of promise, and of what was corrected, moved or not known."""

from __future__ import annotations

import pytest

from tests.core.worlds import CONTRACT, DESK, at, bound, fact, shown, text_at
from upheld.book.evaluate import evaluate
from upheld.book.explain import Explanation, UnknownVerdict, explain
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.files.folder import Folder
from upheld.render.explanation import explanation_record, promised

FIX = f"{DESK}deadline:\n  fix: {{from: opened, until: resolved, on: desk, within: {{P1: 8h, P2: 16h}}"
OPENED = fact("ticket.opened", "Mon 06-01 10:00", id_="f1", priority="P1")


def explained(agreement: str, when: str, *facts: Fact, asked: str = "T-1") -> Explanation:
    """The first explanation of a subject under one contract."""
    found = Folder(terms=(bound(agreement, CONTRACT),), log=FactLog(facts))
    return explain(found, evaluate(found, at(when)), asked)[0]


def said(one: Explanation) -> list[str]:
    """What each step says."""
    return [step.what for step in one.steps]


def test_a_due_instant_that_was_moved_is_said_to_be() -> None:
    """18:00 lies after closing; the promise names the hours."""
    agreement = (
        f"{DESK}every:\n  updates: {{from: opened, again: answered, until: resolved, each: 8h, hours: desk}}"
    )
    replied = fact("ticket.replied", "Tue 06-02 08:30")
    one = explained(agreement, "Tue 06-02 08:45", OPENED, replied)
    moved = [shown(step.at) for step in one.steps if "outside desk: moved to its opening" in step.what]
    assert moved == ["Mon 06-01 18:00"]
    assert promised(one.rule, one.verdict).endswith("a due instant outside desk moves to its opening")


def test_a_quota_says_what_was_decided_on_each_subject() -> None:
    """The second is beyond; after the first is given back, the third is within again."""
    agreement = DESK + (
        "quota:\n  urgent: {where: priority = P1, allow: 1, per: calendar month, overflow: ordinary, "
        "refund: provider reclassifies}\n"
    )
    facts = [
        fact("ticket.opened", f"Mon 06-01 1{hour}:00", f"T-{n}", priority="P1")
        for n, hour in ((1, 0), (2, 1), (3, 3))
    ]
    refund = fact("ticket.classified", "Mon 06-01 12:00", "T-1", priority="P2", by="provider")
    one = explained(agreement, "Tue 06-02 08:45", *facts, refund, asked="2026-06")
    assert [(step.what.partition(" ")[0], step.what.partition("; ")[2]) for step in one.steps] == [
        ("T-1", "within, 1 of 1 used"),
        ("T-2", "beyond, 1 of 1 used"),
        ("T-1", "refunded, 0 of 1 used"),
        ("T-3", "within, 1 of 1 used"),
    ]
    assert one.steps[2].fact == refund


def test_a_corrected_fact_says_by_whom_and_why() -> None:
    """The correction that holds, not one that was withdrawn itself."""
    told = {"by": "ada", "reason": "wrong clock", "corrects": {"source": "desk", "id": "f1"}}
    replaced = fact(
        "correction.replaced",
        "Tue 06-02 09:00",
        "c",
        "c1",
        **told,
        replacement={"time": text_at("Mon 06-01 11:00")},
    )
    one = explained(FIX + "}\n", "Wed 06-03 08:45", OPENED, replaced)
    assert shown(one.steps[0].at) == "Mon 06-01 11:00"
    assert said(one)[0].endswith("(corrected by ada: wrong clock, [desk c1])")
    record = explanation_record(
        one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.at
    )["steps"]
    assert isinstance(record, list)
    assert record[0]["fact"]["corrected_by"] == {"source": "desk", "id": "c1"}
    undone = fact(
        "correction.withdrawn",
        "Tue 06-02 10:00",
        "c",
        "c2",
        **{**told, "corrects": {"source": "desk", "id": "c1"}},
    )
    one = explained(FIX + "}\n", "Wed 06-03 08:45", OPENED, replaced, undone)
    assert shown(one.steps[0].at) == "Mon 06-01 10:00"
    assert one.steps[0].corrected_by is None


def test_what_is_not_known_is_named() -> None:
    """A target by priority, of a ticket without one."""
    one = explained(FIX + "}\n", "Mon 06-01 12:00", fact("ticket.opened", "Mon 06-01 10:00"))
    assert (one.verdict.state, said(one)[-1]) == ("undetermined", "not known: priority")


def test_the_share_used_before_a_change_pro_rata_is_told() -> None:
    """Two of eight hours, when sixteen became the target."""
    changed = fact("ticket.classified", "Mon 06-01 12:00", priority="P2", by="customer")
    one = explained(FIX + ", change: pro rata}\n", "Mon 06-01 15:00", OPENED, changed)
    (note,) = (step for step in one.steps if "share" in step.what)
    assert (note.fact, note.what.partition("; ")[2]) == (changed, "the share used so far: 2 h of 8h")


def test_a_computed_due_instant_tells_what_it_is_counted_from() -> None:
    """Two business days before a Monday evening."""
    agreement = DESK + (
        "deadline:\n  notice: {of: maintenance, until: announced, due: starts_at - 2 business days of days}\n"
    )
    announced = fact(
        "maintenance.announced",
        "Mon 06-01 10:00",
        "M-1",
        starts_at=text_at("Mon 06-08 20:00"),
        ends_at=text_at("Mon 06-08 22:00"),
    )
    one = explained(agreement, "Tue 06-02 08:45", announced, asked="M-1")
    assert said(one)[-1] == "due: counted back from Mon 2026-06-08 20:00 on days"


def test_the_holidays_between_are_named() -> None:
    """Whit Monday lies between the due instant and the Tuesday from which it is counted back."""
    office = (
        "calendar:\n  office: {zone: UTC, open: Mon-Fri 09:00-17:00, business day: 8h, "
        "holidays: {add: {2026-05-25: Whit Monday}}}\n"
    )
    agreement = office + (
        "deadline:\n  notice:\n"
        "    {of: maintenance, until: announced, due: starts_at - 2 business days of office}\n"
    )
    starts_at, ends_at = text_at("Tue 05-26 20:00"), text_at("Tue 05-26 22:00")
    announced = fact("maintenance.announced", "Mon 05-18 10:00", "M-1", starts_at=starts_at, ends_at=ends_at)
    one = explained(agreement, "Tue 06-02 08:45", announced, asked="M-1")
    assert said(one)[-1] == "due: counted back from Tue 2026-05-26 20:00 on office; closed: Whit Monday"


def test_the_holidays_of_a_combined_calendar_are_named() -> None:
    """Each office has its own; those of what a difference takes away close nothing."""
    calendars = (
        "calendar:\n"
        "  north: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: {add: {2026-05-25: Whit Monday}}}\n"
        "  south: {zone: UTC, open: Mon-Fri 08:00-16:00, holidays: {add: {2026-05-25: Whit Monday}}}\n"
        "  training: {zone: UTC, open: Fri 09:00-10:00, holidays: {add: {2026-05-24: Nobody trains}}}\n"
        "  desk: {union: [north, south]}\n"
        "  staffed: {difference: [desk, training]}\n"
    )
    agreement = calendars + "deadline: {fix: {from: opened, until: resolved, within: 8h, on: staffed}}\n"
    one = explained(agreement, "Wed 05-27 12:00", fact("ticket.opened", "Fri 05-22 16:30"))
    assert "staffed opens after Whit Monday" in said(one)


def test_a_clock_that_is_late_and_runs_ends_with_its_due() -> None:
    """Openings after it tell nothing; facts do."""
    replied = fact("ticket.replied", "Wed 06-10 10:00")
    one = explained(FIX + "}\n", "Mon 06-15 12:00", OPENED, replied)
    assert said(one)[-2:] == ["due", "replied"]
    assert one.verdict.is_late


def test_an_unknown_verdict_says_what_there_is() -> None:
    """The commitments of the subject, or where verdicts are listed."""
    found = Folder(terms=(bound(FIX + "}\n", CONTRACT),), log=FactLog([OPENED]))
    report = evaluate(found, at("Mon 06-01 12:00"))
    with pytest.raises(UnknownVerdict, match=r"^T-1 has no verdict of `nope`; it has fix$"):
        explain(found, report, "T-1", "nope")
    with pytest.raises(UnknownVerdict, match="no verdict T-9; `upheld evaluate` lists them"):
        explain(found, report, "T-9", "nope")
