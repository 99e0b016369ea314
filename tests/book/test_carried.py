"""Tickets that were open at go-live, with clocks that another system had counted on."""

from __future__ import annotations

import pytest

from tests.core.worlds import CONTRACT, DESK, at, bound, fact, shown
from upheld.book.evaluate import evaluate
from upheld.book.explain import Explanation, explain
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.core.timeline.instant import HOUR, MINUTE
from upheld.core.verdicts.verdict import Verdict
from upheld.files.folder import Folder

AGREEMENT = (
    DESK
    + """
deadline:
  response: {from: opened, until: answered, on: desk, within: {P1: 2h, P2: 4h, P3: 8h}}
  resolution:
    from: opened
    until: resolved
    on: desk
    within: {P1: 8h, P2: 16h, P3: 40h}
    pause: waiting where for = customer
    change: {change}
every:
  news: {of: ticket, from: opened, until: resolved, again: answered, each: 4h, on: desk}
"""
)
OPENED = fact("ticket.opened", "Fri 05-29 10:00", id_="f1", priority="P1")


def carried(shown_at: str, elapsed: str, commitment: str = "resolution") -> Fact:
    """The clock comes from the old desk, which had counted so much."""
    of = {"commitment": commitment, "elapsed": elapsed}
    return fact("ticket.carried", shown_at, id_=f"{commitment} at {shown_at}", **of)


def book(*facts: Fact, change: str = "keep start") -> Folder:
    """Facts under one contract, on a desk that is open from nine to five."""
    terms = bound(AGREEMENT.replace("{change}", change), CONTRACT)
    return Folder(terms=(terms,), log=FactLog(facts))


def clock(*facts: Fact, now: str, name: str = "resolution", change: str = "keep start") -> Verdict:
    """The only verdict on a clock of that name."""
    report = evaluate(book(*facts, change=change), at(now))
    (found,) = [one for one in report.evaluation.of("c1") if one.key.commitment == name]
    return found


def test_a_clock_goes_on_from_what_was_counted_elsewhere() -> None:
    """Of eight hours an hour and a half were counted on Monday at ten: six and a half are left."""
    found = clock(OPENED, carried("Mon 06-01 10:00", "1h 30m"), now="Mon 06-01 11:00")
    assert (found.state, shown(found.due_at)) == ("running", "Mon 06-01 16:30")
    assert found.budget_us == 8 * HOUR
    assert found.reasons == ("it was carried over with the time that was counted elsewhere",)
    assert [ref.id for ref in found.facts] == ["f1", "resolution at Mon 06-01 10:00"]


def test_without_it_all_the_time_since_the_opening_would_count() -> None:
    """The same ticket, of which nobody says how long it waited before: it is late since Friday evening."""
    found = clock(OPENED, now="Mon 06-01 11:00")
    assert (found.state, shown(found.due_at)) == ("breached", "Mon 06-01 10:00")


@pytest.mark.parametrize(
    ("elapsed", "now", "state"),
    [
        ("8h", "Mon 06-01 10:00", "running"),
        ("8h", "Mon 06-01 10:01", "breached"),
        ("9h", "Mon 06-01 10:01", "breached"),
        ("0m", "Mon 06-01 10:01", "running"),
        ("1 business day", "Mon 06-01 10:01", "breached"),
    ],
)
def test_it_is_late_when_what_was_counted_is_more_than_the_budget(elapsed: str, now: str, state: str) -> None:
    """Not before it came here: whoever kept the clock until then judged it."""
    found = clock(OPENED, carried("Mon 06-01 10:00", elapsed), now=now)
    assert found.state == state
    if state == "breached":
        assert shown(found.late_after_at) == "Mon 06-01 10:00"


def test_what_was_used_up_when_it_came_says_so() -> None:
    """It is late from then on, and not for a change of the target."""
    found = clock(OPENED, carried("Mon 06-01 10:00", "9h"), now="Mon 06-01 10:30")
    assert found.reasons == ("its time was used up when it was carried over",)


def test_waits_from_before_are_in_what_was_counted() -> None:
    """A wait that goes on holds the clock from when it came; one that had ended holds nothing any more."""
    over = fact("ticket.waiting_started", "Fri 05-29 11:00", id_="w1", **{"for": "customer"})
    ended = fact("ticket.waiting_ended", "Fri 05-29 15:00", id_="w2")
    going = fact("ticket.waiting_started", "Fri 05-29 16:00", id_="w3", **{"for": "customer"})
    back = fact("ticket.waiting_ended", "Mon 06-01 12:00", id_="w4")
    here = carried("Mon 06-01 10:00", "1h")
    found = clock(OPENED, over, ended, going, back, here, now="Mon 06-01 13:00")
    assert shown(found.due_at) == "Tue 06-02 11:00"
    assert [(shown(one.start_at), shown(one.end_at)) for one in found.pauses] == [
        ("Mon 06-01 10:00", "Mon 06-01 12:00")
    ]


@pytest.mark.parametrize(
    ("change", "due"),
    [("keep start", "Tue 06-02 17:00"), ("restart", "Wed 06-03 12:00"), ("pro rata", "Tue 06-02 14:00")],
)
def test_a_change_afterwards_follows_the_rule_for_changes(change: str, due: str) -> None:
    """After an hour elsewhere and two here it gets sixteen hours: all, anew, or what is left of the share."""
    lower = fact("ticket.classified", "Mon 06-01 12:00", id_="f2", by="customer", priority="P2")
    found = clock(OPENED, carried("Mon 06-01 10:00", "1h"), lower, now="Mon 06-01 13:00", change=change)
    assert shown(found.due_at) == due


def test_a_change_before_is_not_judged_any_more() -> None:
    """It was a P1 and late on Friday; the old desk made it a P3 and says that four hours had been counted."""
    lower = fact("ticket.classified", "Mon 06-01 09:30", id_="f2", by="customer", priority="P3")
    found = clock(OPENED, lower, carried("Mon 06-01 10:00", "4h"), now="Mon 06-01 13:00")
    assert (found.state, shown(found.due_at)) == ("running", "Fri 06-05 14:00")


def test_the_first_time_counts() -> None:
    """A clock comes here once: what is told again does not set it back."""
    again = carried("Mon 06-01 12:00", "0m")
    found = clock(OPENED, carried("Mon 06-01 10:00", "1h"), again, now="Mon 06-01 13:00")
    assert shown(found.due_at) == "Mon 06-01 17:00"


def test_what_comes_after_the_end_changes_nothing() -> None:
    """The ticket was solved before its clock was carried over: it was judged by its own facts."""
    done = fact("ticket.resolved", "Fri 05-29 12:00", id_="f2")
    found = clock(OPENED, done, carried("Mon 06-01 10:00", "9h"), now="Mon 06-01 13:00")
    assert (found.state, found.reasons) == ("met", ())


def test_the_round_of_a_cadence_goes_on_too() -> None:
    """News is due every four hours, and the old desk had given the last three hours before."""
    found = clock(OPENED, carried("Mon 06-01 10:00", "3h", "news"), now="Mon 06-01 10:30", name="news")
    assert (found.state, shown(found.due_at)) == ("running", "Mon 06-01 11:00")
    assert clock(OPENED, carried("Mon 06-01 10:00", "1h"), now="Mon 06-01 09:30", name="news").is_late


def test_a_clock_that_nobody_has_is_told() -> None:
    """With the name that was probably meant; the verdicts are as without it."""
    report = evaluate(book(OPENED, carried("Fri 05-29 11:00", "1h", "resolutions")), at("Fri 05-29 12:00"))
    (finding,) = [one for one in report.findings if one.code == "unknown-commitment"]
    assert finding.message == "there is no clock `resolutions` on tickets, so nothing is carried over"
    assert finding.way_out == "did you mean `resolution`?"
    assert shown(clock(OPENED, now="Fri 05-29 12:00").due_at) == "Mon 06-01 10:00"


def test_the_explanation_counts_as_if_from_the_instant_before() -> None:
    """An hour and a half before Monday ten is Friday half past four; from there on every step is counted."""
    found = book(OPENED, carried("Mon 06-01 10:00", "1h 30m"))
    report = evaluate(found, at("Mon 06-01 11:00"))
    number = next(n for n, _, one in report.numbered() if one.key.commitment == "resolution")
    (trace,) = explain(found, report, str(number))
    assert isinstance(trace, Explanation)
    steps = [(shown(step.at), step.what, step.total_us) for step in trace.steps]
    assert ("Fri 05-29 16:30", "counts as if from here", 0) in steps
    carried_us = next(total for _, what, total in steps if what.startswith("carried"))
    assert carried_us == 90 * MINUTE
