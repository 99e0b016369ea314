"""The time of a cycle on one line, and how much of it is used, from facts made by hand."""

from __future__ import annotations

from fractions import Fraction

from tests.core.worlds import CONTRACT, DESK, at, bound, fact, shown
from upheld.book.due import due, shares_used
from upheld.book.evaluate import Report, evaluate
from upheld.core.facts.fact import Fact
from upheld.core.facts.facts import FactLog
from upheld.files.folder import Folder
from upheld.render.forecast import Ahead
from upheld.render.terminal.clock import clock_line, stretches_of
from upheld.render.terminal.due import due_page, urgency
from upheld.render.terminal.sheet import Sheet

RESPONSE = f"{DESK}deadline:\n  response: {{from: opened, until: answered, on: desk, within: 2h}}\n"
FIX = f"""{DESK}deadline:
  fix:
    {{from: opened, until: resolved, on: desk, within: {{P1: {{goal: 4h, limit: 8h}}}}, pause: waiting}}
"""
LATE = (
    fact("ticket.opened", "Fri 06-05 16:30", priority="P1"),
    fact("ticket.replied", "Mon 06-08 10:45"),
)
WAITED = (
    fact("ticket.opened", "Mon 06-01 10:00", priority="P1"),
    fact("ticket.waiting_started", "Mon 06-01 12:00", **{"for": "customer"}),
    fact("ticket.waiting_ended", "Tue 06-02 11:00"),
)


def report(agreement: str, when: str, *facts: Fact) -> Report:
    """The only contract, evaluated at an instant."""
    terms = bound(agreement, CONTRACT)
    return evaluate(Folder(terms=(terms,), log=FactLog(facts)), at(when))


def line(found: Report, columns: int = 42, encoding: str = "utf-8") -> list[str]:
    """The line of the first verdict, and what its signs mean."""
    _, terms, verdict = next(found.numbered())
    drawn = clock_line(Sheet(columns, encoding=encoding), terms, verdict, found.at)
    assert drawn is not None
    return [one.plain for one in drawn.lines(columns)]


def stretches(found: Report) -> list[tuple[str | None, str]]:
    """Where each stretch of the first verdict begins, and of what kind it is."""
    _, terms, verdict = next(found.numbered())
    return [(shown(one.start_at), one.kind) for one in stretches_of(terms, verdict, found.at)]


def test_a_late_cycle_shows_when_it_was_closed_due_and_done() -> None:
    """Half an hour on Friday, an hour and a half on Monday, and a quarter of an hour too late."""
    assert line(report(RESPONSE, "Tue 06-09 09:00", *LATE)) == [
        "  ████████░░████████████████████████┃╳╳╳╳◆",
        "  from Fri 2026-06-05 16:30",
        "  to Mon 2026-06-08 10:45",
        "  █ counted 2 h 00 min  ╳ late 15 min",
        "  ░ closed, drawn short",
        "  ┃ due Mon 2026-06-08 10:30",
        "  ◆ done Mon 2026-06-08 10:45",
    ]


def test_without_block_characters_it_says_the_same() -> None:
    """In ASCII; and where there is room, the ends stand below the ends."""
    assert line(report(RESPONSE, "Tue 06-09 09:00", *LATE), 60, "ascii") == [
        "  ############--####################################|XXXXXX*",
        "  Fri 2026-06-05 16:30                  Mon 2026-06-08 10:45",
        "  # counted 2 h 00 min  X late 15 min  - closed, drawn short",
        "  | due Mon 2026-06-08 10:30  * done Mon 2026-06-08 10:45",
    ]


def test_a_running_cycle_shows_what_waited_and_what_lies_ahead() -> None:
    """Two hours counted, ten waited (of which the night is closed), one more; due in five hours."""
    found = report(FIX, "Tue 06-02 12:00", *WAITED)
    assert stretches(found) == [
        ("Mon 06-01 10:00", "counted"),
        ("Mon 06-01 12:00", "waiting"),
        ("Mon 06-01 17:00", "closed"),
        ("Tue 06-02 09:00", "waiting"),
        ("Tue 06-02 11:00", "counted"),
        ("Tue 06-02 12:00", "ahead"),
        ("Tue 06-02 13:00", "ahead"),
    ]
    drawn = line(found, 80)
    assert drawn[0].strip().replace("█", "c").replace("·", "a").count("┊") == 1
    assert "╱ waiting 7 h 00 min" in drawn[2]
    assert "┊ goal Tue 2026-06-02 13:00" in " ".join(drawn)
    assert "· ahead 5 h 00 min" in " ".join(drawn)


def test_a_cycle_that_stands_still_ends_now() -> None:
    """Nobody knows when it is due."""
    found = report(FIX, "Mon 06-01 13:00", *WAITED)
    assert stretches(found) == [("Mon 06-01 10:00", "counted"), ("Mon 06-01 12:00", "waiting")]


def test_a_long_cycle_is_drawn_to_scale() -> None:
    """Forty nights have no room of their own; the due instant still stands where it is."""
    long = RESPONSE.replace("within: 2h", "within: 300h")
    found = report(long, "Fri 07-31 12:00", fact("ticket.opened", "Mon 06-01 09:00", priority="P1"))
    drawn = line(found, 60)
    assert len(drawn[0]) == 60
    assert drawn[0].count("┃") == 1
    assert "drawn short" not in " ".join(drawn)


def test_what_never_started_has_no_line() -> None:
    """A notice that is due before the work it is about is announced has no time that runs."""
    found = report(f"{DESK}obligation: {{review: {{times: 1, per: calendar year}}}}\n", "Mon 06-01 10:00")
    _, terms, verdict = next(found.numbered())
    assert clock_line(Sheet(80), terms, verdict, found.at) is None


# -- what is due -------------------------------------------------------------------------------------------


def ahead(found: Report) -> list[Ahead]:
    """What is due, with the share of it that is used."""
    things = due(found)
    return [
        Ahead(one.wake.due_at, one.key, one.terms, one.remaining_us, one.wake, used=used)
        for one, used in zip(things, shares_used(found, things), strict=True)
    ]


def test_what_is_used_is_counted_time() -> None:
    """Three of four hours until the goal, three of eight until the limit; the wait is not among them."""
    found = report(FIX, "Tue 06-02 12:00", *WAITED)
    assert [one.used for one in ahead(found)] == [Fraction(3, 4), Fraction(3, 8)]


def test_of_a_quota_the_allowance_is_used() -> None:
    """Two of five; of one that allows nothing there is no share."""
    quota = "quota: {urgent: {where: priority = P1, allow: 5, per: calendar month, overflow: ordinary}}\n"
    facts = [fact("ticket.opened", "Mon 06-01 10:00", f"T-{n}", contract="c1", priority="P1") for n in (1, 2)]
    found = report(DESK + quota, "Tue 06-02 12:00", *facts)
    assert [one.used for one in ahead(found)] == [Fraction(2, 5)]
    none = report(DESK + quota.replace("allow: 5", "allow: 0"), "Tue 06-02 12:00", *facts)
    assert [one.used for one in ahead(none)] == [None]


def test_urgency_follows_time_and_budget() -> None:
    """Under an hour or nine tenths is urgent, under eight hours or three quarters soon; a goal only warns."""
    opened = fact("ticket.opened", "Mon 06-01 09:00", priority="P1")

    def told(agreement: str, when: str) -> list[str]:
        return [urgency(one) for one in ahead(report(agreement, when, opened))]

    week = RESPONSE.replace("within: 2h", "within: 40h")
    assert told(week, "Mon 06-01 10:00") == ["later"]
    assert told(week, "Thu 06-04 16:00") == ["soon"]
    assert told(week, "Fri 06-05 13:00") == ["urgent"]
    assert told(RESPONSE, "Mon 06-01 10:30") == ["urgent"]
    assert told(RESPONSE, "Mon 06-01 09:30") == ["soon"]
    assert told(FIX, "Mon 06-01 10:00") == ["goal", "soon"]


def test_a_due_list_says_how_urgent_how_long_and_how_much() -> None:
    """The sign and the word beside the bar, so that nothing is told by colour alone."""
    found = report(FIX, "Tue 06-02 12:00", *WAITED)
    assert due_page(Sheet(80), found.at, ahead(found)).splitlines() == [
        "As of 2026-06-02T12:00:00Z: 2 things due",
        "",
        "  ◇ goal  in 1 h 00 min  ███████░░░  75 %  fix of T-1",
        "      Tue 2026-06-02 13:00 UTC  c1  goal",
        "  ▲ soon  in 5 h 00 min  ███░░░░░░░  37 %  fix of T-1",
        "      Tue 2026-06-02 17:00 UTC  c1",
        "",
        "  bars: how much is used of the time, the allowance or the error budget",
    ]
    assert due_page(Sheet(80), found.at, []) == "As of 2026-06-02T12:00:00Z: nothing is due\n"
