"""The first screen and the contracts in full: what a reader is told of each verdict."""

from __future__ import annotations

from tests.core.worlds import CONTRACT, DESK, at, bound, fact
from upheld.book.due import due
from upheld.book.evaluate import evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.terms.agreement import EntitlementRule
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.files.folder import Folder
from upheld.render import words
from upheld.render.blocks import lines_of
from upheld.render.summary import Coming, Numbered, entitled, in_full, summary

UPDATES = f"{DESK}every:\n  updates: {{of: ticket, from: opened, again: answered, until: resolved, each: 8h"


def shown(agreement: str, when: str, *facts: Fact) -> tuple[list[str], list[str]]:
    """The first screen and the only contract in full."""
    terms = bound(agreement, CONTRACT)
    report = evaluate(Folder(terms=(terms,), log=FactLog(facts)), at(when))
    verdicts = [Numbered(*one) for one in report.numbered()]
    coming = [Coming(d.wake, d.key, d.terms, d.remaining_us) for d in due(report)]
    blocks = summary(verdicts, coming, report.at)
    return lines_of(blocks), lines_of(in_full(terms, verdicts, report.at))


def test_what_is_left_until_a_moved_due_instant_is_real_time() -> None:
    """Due at 18:00, moved to 09:00 of the next day; told at 08:30, so half an hour was left."""
    _, rows = shown(
        UPDATES + ", hours: desk}\n",
        "Tue 06-02 08:45",
        fact("ticket.opened", "Mon 06-01 10:00", priority="P1"),
        fact("ticket.replied", "Tue 06-02 08:30"),
    )
    (row,) = (row for row in rows if " met " in row)
    assert row.endswith("30 min left")
    assert "-" not in row.rpartition("done")[2].split("  ")[-1]


def test_the_next_due_is_of_what_runs_and_not_the_end_of_a_quota() -> None:
    """A quota's month ends in a minute; the clock that runs is due in eight hours."""
    quota = "quota: {urgent: {where: priority = P1, allow: 5, per: calendar month, overflow: ordinary}}\n"
    lines, _ = shown(
        f"{UPDATES}}}\n{quota}",
        "Tue 06-30 23:59",
        fact("ticket.opened", "Tue 06-30 23:59", priority="P2"),
    )
    assert lines[0].endswith("Running: 1, the next is due in 8 h 00 min.")
    lines, _ = shown(quota + DESK, "Tue 06-30 23:59")
    assert lines[0].endswith("Running: 0.")


def test_a_gap_before_a_reopening_is_told_as_such() -> None:
    """Not as the reason of a pause."""
    _, rows = shown(
        f"{DESK}deadline:\n  fix: {{from: opened, until: resolved, within: 8h}}\n",
        "Tue 06-02 08:45",
        fact("ticket.opened", "Mon 06-01 10:00", priority="P1"),
        fact("ticket.resolved", "Mon 06-01 11:00"),
        fact("ticket.reopened", "Mon 06-01 12:00"),
        fact("ticket.resolved", "Mon 06-01 13:00"),
    )
    (row,) = (row for row in rows if " met " in row)
    assert row.endswith("6 h 00 min left; was resolved and reopened")


def test_a_condition_of_a_remedy_is_no_promise() -> None:
    """It is named, counted nowhere, and no row of it says promised; the promise beside it is counted."""
    rows = (
        "component: {api: {}}\nindicator: {uptime: {count: incidents of api}}\n"
        "commit:\n  tried: {indicator: uptime, level: '>= 99 %', per: calendar month,"
        " modality: best effort}\n"
        "  month: {indicator: uptime, level: '>= 99 %', per: calendar month}\n"
        "remedy: {credit: {of: tried, formula: 10.00 EUR}}\n"
    )
    first, whole = shown(rows + DESK, "Wed 07-01 00:00")
    assert first[0] == "Judged: 6 promises, 6 kept, none broken. Running: 1."
    assert "A condition of a remedy, and no promise of its own: tried" in first
    assert sum("promised >= 99 %" in line for line in whole) == 7
    assert sum("condition >= 99 %" in line for line in whole) == 7


def test_clocks_that_cannot_be_judged_are_told_in_one_row_for_each_reason() -> None:
    """With the number of their subjects, most first; the row does not name each of them."""
    rules = "deadline:\n  fix: {from: opened, until: resolved, within: {P1: 8h}}\n"
    rules += "  word: {from: opened, until: answered, within: 8h}\n"
    tickets = [fact("ticket.opened", "Mon 06-01 10:00", f"T-{n}", priority="P1") for n in range(2)]
    lost = fact("ticket.opened", "Mon 06-01 10:00", "T-9", requester="ada")
    limit = "entitlement: {users: {named contacts: 1}}\n"
    ada = fact("contact.named", "Mon 06-01 09:00", "ada", contract="c1")
    lines, _ = shown(DESK + rules + limit, "Mon 06-01 11:00", ada, *tickets, lost)
    start = lines.index("Undetermined: 5, and what is not known")
    assert lines[start + 1 : start + 4] == [
        "  c1  fix   2 subjects  who asked is not known, and only named contacts may",
        "  c1  word  2 subjects  who asked is not known, and only named contacts may",
        "  c1  fix   1 subject   what the target depends on is not known",
    ]
    assert not any(line.startswith("Undetermined") for line in shown(DESK + rules, "Mon 06-01 11:00")[0])


def test_an_entitlement_tells_all_it_gives() -> None:
    """Its value, how many people may ask, and by which channels."""
    assert entitled(EntitlementRule("x", "24/7", 3, ("email", "chat"))) == (
        "24/7; named contacts: 3; channels: email, chat"
    )
    assert entitled(EntitlementRule("x", ("a", "b"))) == "a, b"


def test_what_lies_far_ahead_is_told_in_days() -> None:
    """Up to three days in hours."""
    assert words.ahead(14 * DAY + 22 * HOUR + 5 * MINUTE) == "14 d 22 h"
    assert words.ahead(3 * DAY) == "72 h 00 min"
    assert words.ahead(5 * MINUTE) == "5 min"
