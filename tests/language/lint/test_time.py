"""Calendars, clocks and cadences: what is told in each form of a finding, and what is not told."""

from __future__ import annotations

import pytest

from tests.language.lint.told import places, told

SUPPORT = "calendar:\n  support: {open: Mon-Fri 09:00-17:00, holidays: none, business day: 8h}\n"
NIGHTS = "calendar:\n  nights: {open: Mon-Fri 22:00-06:00, holidays: none, business day: 8h}\n"
PRIORITY = "scale:\n  priority: {of: ticket, values: {P1: down, P2: slow, P3: odd}}\n"
HOURS = "assume:\n  hours: {issue: which, options: [few, many], take: few, because: they are}\n"
KIND = "attribute:\n  kind: {of: ticket, type: text, values: [incident, question]}\n"


_OTHERS = "  s: {from: opened, until: answered, where: 'priority in [P2, P3]', within: 8h}"


def clock(rest: str, head: str = SUPPORT) -> str:
    """An agreement with one deadline."""
    return head + f"deadline:\n  r: {{from: opened, until: answered, {rest}}}\n"


# -- calendars ---------------------------------------------------------------------------------------------


def test_a_clock_without_a_calendar_among_others_that_have_one() -> None:
    """Hours that run around the clock by default are told where others like it count on a calendar."""
    rows = clock("on: support, within: 2h") + "  s: {from: opened, until: resolved, within: 8h}\n"
    said = "`s` names no calendar, so its 8h run around the clock, and others count on `support`"
    assert told(rows, "undefined-calendar") == [f"warning: {said}"]
    assert places(rows, "undefined-calendar") == [[(6, 38), (5, 38)]]


@pytest.mark.parametrize(
    "rows",
    [
        clock("on: support, within: 2h") + "  s: {from: opened, until: resolved, on: always, within: 8h}\n",
        clock("within: 2h"),
        clock("within: 2h of support") + "  s: {from: opened, until: resolved, within: 8h}\n",
        clock("on: support, within: 2h") + "  s: {of: claim, from: filed, until: determined, within: 8h}\n",
        clock("within: 2 business days", "calendar:\n  always: {business day: 24h}\n"),
        clock("within: 2 days"),
    ],
)
def test_around_the_clock_may_be_said(rows: str) -> None:
    """Nothing is told where `always` is named or declared, or no other clock has a calendar, or of days."""
    assert told(rows, "undefined-calendar") == []


@pytest.mark.parametrize(
    ("calendars", "names"),
    [
        ("support: {open: Mon-Fri 09:00-17:00}", ["support"]),
        ("support: {union: [a, b]}\n  a: {open: Mon 09:00-17:00}\n  b: {open: Tue 09:00-17:00}", ["a", "b"]),
        ("support: {open: Mon-Fri 09:00-17:00, dates: {2026-12-25: closed}}", []),
        ("support: {open: Mon-Sun 00:00-24:00}", []),
        ("support: {open: Mon-Fri 09:00-17:00, holidays: {add: [2026-12-25]}}", []),
        ("support: {open: Mon 09:00-17:00, holidays: none}\n  other: {open: Mon 09:00-17:00}", []),
    ],
)
def test_calendars_that_say_nothing_of_holidays(calendars: str, names: list[str]) -> None:
    """It is told of every calendar that a clock counts on, also as a part; days of its own say it."""
    rows = clock("on: support, within: 2h", f"calendar:\n  {calendars}\n")
    said = "says nothing of holidays, so each is a day like any other to `r`"
    assert told(rows, "holiday-set-missing") == [f"warning: `{name}` {said}" for name in names]


@pytest.mark.parametrize(
    ("hours", "day", "said"),
    [
        ("Mon-Fri 09:00-17:00", "8h", ""),
        ("Mon-Fri 22:00-06:00", "8h", ""),
        ("[Mon-Thu 09:00-17:00, Fri 09:00-13:00]", "4h", ""),
        ("Mon-Fri 09:00-17:00", "9h", "opens for 8 h a day: each ends 1 h later in the day than it began"),
        (
            "[Mon-Thu 09:00-17:00, Fri 09:00-13:00]",
            "6h",
            "opens for 4 h or 8 h a day: no day is one business day",
        ),
    ],
)
def test_business_days_of_another_length_than_any_day(hours: str, day: str, said: str) -> None:
    """A business day as long as some day of the calendar is not told, also over midnight; others are."""
    head = f"calendar:\n  support: {{open: {hours}, holidays: none, business day: {day}}}\n"
    found = told(clock("on: support, within: 1 business day", head), "business-day-not-support-day")
    assert found == ([f"warning: a business day of `support` is {day[:-1]} h, and it {said}"] if said else [])
    assert told(clock("on: support, within: 8h", head), "business-day-not-support-day") == []


def test_a_business_day_that_a_reading_decides_is_a_note() -> None:
    """What an assumption decides was seen by the author: a note."""
    head = HOURS + "calendar:\n  support:\n    {open: Mon-Fri 09:00-17:00, holidays: none, business day: "
    rows = clock("on: support, within: 1 business day", head + "{by hours: {few: 7h, many: 8h}}}\n")
    assert [one.partition(":")[0] for one in told(rows, "business-day-not-support-day")] == ["note"]


def test_days_in_hours() -> None:
    """48 hours on short days are told, with what they are; around the clock they are not, nor 20 hours."""
    said = "48h of `r` on `support` are 6 days of 8 h, not 2"
    assert told(clock("on: support, within: 48h"), "hours-for-days") == [f"warning: {said}"]
    said = "24h of `r` on `support` are 3 days of 8 h, not 1"
    assert told(clock("on: support, within: {goal: 24h, limit: 30h}"), "hours-for-days") == [
        f"warning: {said}"
    ]
    assert told(clock("on: always, within: 48h"), "hours-for-days") == []
    assert told(clock("on: support, within: 20h"), "hours-for-days") == []
    rows = clock("on: support, within: {by hours: {few: 48h, many: 2 business days}}", HOURS + SUPPORT)
    assert [one.partition(":")[0] for one in told(rows, "hours-for-days")] == ["note"]


# -- starts and stops --------------------------------------------------------------------------------------


def test_starts_and_stops_that_never_come() -> None:
    """Conditions are tried for every value that the attributes can have."""
    head = KIND + PRIORITY
    rows = (
        head
        + "deadline:\n  r: {from: opened where kind = question, where: kind = incident, until: answered, "
        "within: 2h}\n"
    )
    said = "nothing starts `r`: `opened` never meets its conditions"
    assert told(rows, "clock-without-start") == [f"warning: {said}"]
    rows = (
        head
        + "deadline:\n  r: {from: opened, until: replied where by = human and by = automatic, within: 2h}\n"
    )
    said = "nothing stops `r`: `replied` never meets its conditions"
    assert told(rows, "clock-without-stop") == [f"warning: {said}"]
    rows = head + "deadline:\n  r: {from: answered, until: answered, within: 2h}\n"
    said = "what starts `r` also stops it: only the second `answered` would"
    assert told(rows, "clock-without-stop") == [f"warning: {said}"]


@pytest.mark.parametrize(
    "row",
    [
        "from: opened, until: answered where to = 'a' and to = 'b', within: 2h",
        "where: component is known, from: opened, until: answered, within: 2h",
        "where: component is missing, from: opened, until: answered, within: 2h",
        "where: kind != incident or priority = P1, from: opened, until: answered, within: 2h",
        "of: maintenance, from: announced, until: started, within: 2h",
        "of: maintenance, until: announced, due: starts_at - 48h",
        "from: reopened, until: resolved, within: 2h",
    ],
)
def test_what_can_happen_is_not_told(row: str) -> None:
    """What is free text, or known or not, can be anything; announcements can come again."""
    row = row.replace("answered where to = 'a' and to = 'b'", "escalated where to = 'a'")
    rows = KIND + PRIORITY + f"deadline:\n  r: {{{row}}}\n"
    assert told(rows, "clock-without-start") == []
    assert told(rows, "clock-without-stop") == []


# -- ranges ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "goal", "limit"),
    [
        ("4-8h", "4h", "8h"),
        ("4 – 8 h", "4h", "8h"),
        ("30m - 1h", "30m", "1h"),
        ("2 to 3 business days", "2 business days", "3 business days"),
        ("2-3 days of support", "2 days", "3 days"),
    ],
)
def test_a_range_in_place_of_an_amount_is_an_error(written: str, goal: str, limit: str) -> None:
    """A range is told as such, and the way out shows both of its ends."""
    amount = written.removesuffix(" of support")
    assert told(clock(f"within: {written}"), "range-target") == [
        f"error: `{amount}` is a range, and one time is needed"
    ]
    rows = clock(f"within: {{goal: {goal}, limit: {limit}}}")
    assert told(rows, "range-target") == []


def test_a_range_of_which_a_reading_takes_an_end() -> None:
    """Options that take the lower end, the upper end or both are one range; other options are not."""
    both = "{by hours: {few: {goal: 4h, limit: 8h}, many: 8h}}"
    said = (
        "`r` is promised within a range, 4h to 8h: `hours` takes `few`, so after 4h it warns and after "
        "8h it is late"
    )
    assert told(clock(f"within: {both}", HOURS), "range-target") == [f"note: {said}"]
    for other in (
        "{few: 4h, many: 8h}",
        "{few: {goal: 4h, limit: none}, many: 4h}",
        "{few: 8h, many: 1 day}",
    ):
        assert told(clock(f"within: {{by hours: {other}}}", HOURS), "range-target") == []
    assert told(clock("within: {goal: 4h, limit: 8h}"), "range-target") == []


# -- severities and quotas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clocks", "values"),
    [
        ("r: {from: opened, until: answered, where: priority = P1, within: 2h}", ["P2", "P3"]),
        ("r: {from: opened, until: answered, where: priority != P3, within: {P1: 1h, other: 2h}}", ["P3"]),
        ("r: {from: opened, until: answered, within: [{where: priority = P1, limit: 2h}]}", ["P2", "P3"]),
        ("r: {from: opened, until: answered, within: {P1: 2h, P2: none, other: none}}", []),
        ("r: {from: opened, until: answered, within: 2h}", []),
        ("r: {of: claim, from: filed, until: determined, within: 2h}", []),
        ("r: {where: priority = P1, from: opened, until: answered, within: 2h}\n" + _OTHERS, []),
    ],
)
def test_values_for_which_no_clock_counts(clocks: str, values: list[str]) -> None:
    """A value that every clock leaves out is told, unless one says `none` for it."""
    found = told(PRIORITY + f"deadline:\n  {clocks}\n", "severity-without-clock")
    said = "of `priority`: `r` leaves it out"
    assert found == [f"warning: no clock counts for `{value}` {said}" for value in values]


@pytest.mark.parametrize(
    ("overflow", "where", "is_told"),
    [
        ("ordinary", "quota.urgent = within", True),
        ("charged", "quota.urgent in [within, beyond]", True),
        ("charged", "quota.urgent in [within, charged]", False),
        ("refused", "quota.urgent = within", False),
        ("ordinary", "quota.urgent != within", False),
        ("ordinary", "priority = P1", False),
    ],
)
def test_what_exceeds_a_quota_needs_a_clock(overflow: str, where: str, is_told: bool) -> None:
    """One more is told if clocks ask the quota and none of them is for it; refused ones need no clock."""
    rows = PRIORITY + (
        f"quota:\n  urgent: {{where: priority = P1, allow: 2, per: calendar month, overflow: {overflow}}}\n"
        f'deadline:\n  r: {{where: "{where}", from: opened, until: answered, within: 2h}}\n'
    )
    assert bool(told(rows, "quota-overflow-undefined")) is is_told


# -- cadences ----------------------------------------------------------------------------------------------


def updates(rest: str, response: str = "on: support, within: 2h") -> str:
    """A desk with updates."""
    return clock(response, SUPPORT + PRIORITY) + (
        f"every:\n  u: {{of: ticket, from: answered, again: answered, until: resolved, {rest}}}\n"
    )


def test_rounds_longer_than_the_day_they_are_due_in() -> None:
    """It is told of rounds on the calendar, and of elapsed ones that wait for its opening."""
    said = "`u` is due every 12h, longer than a day of `support` (8 h): "
    assert told(updates("each: 12h, on: support"), "cadence-longer-than-day") == [
        f"warning: {said}a round takes 1.5 of its days"
    ]
    assert told(updates("each: 12h, on: always, hours: support"), "cadence-longer-than-day") == [
        f"warning: {said}every round ends outside its hours or after a night, and waits for an opening"
    ]
    for each in ("each: 8h, on: support", "each: 12h, on: always", "each: 2 business days, on: support"):
        assert told(updates(each), "cadence-longer-than-day") == []


@pytest.mark.parametrize(
    ("rest", "response", "is_told"),
    [
        ("each: 4h, on: always", "on: support, within: 2h", True),
        ("each: 4h, on: support", "on: support, within: 2h", False),
        ("each: 4h, on: always, hours: support", "on: support, within: 2h", False),
        ("each: 72h, on: always", "on: support, within: 2h", False),
        ("each: 4h, on: always", "on: always, within: 2h", False),
        ("each: {P1: 4h, other: none}, on: always", "on: {P1: always, other: support}, within: 2h", False),
        ("each: {P2: 4h, other: none}, on: always", "on: {P1: always, other: support}, within: 2h", True),
        (
            "where: priority = P1, each: 4h, on: always",
            "where: priority != P1, on: support, within: 2h",
            False,
        ),
    ],
)
def test_rounds_around_the_clock_need_somebody_there(rest: str, response: str, is_told: bool) -> None:
    """It is told where everything else about the same tickets waits for office hours."""
    assert bool(told(updates(rest, response), "cadence-unwatched")) is is_told


def test_the_first_update_comes_after_the_first_answer() -> None:
    """A cadence from the opening is told if its first round ends before the answer is due, value by value."""
    rows = updates("each: 1h, on: support").replace("from: answered, again", "from: opened, again")
    assert len(told(rows, "update-before-response")) == 1
    assert told(rows.replace("each: 1h", "each: 2h"), "update-before-response") == []
    assert told(rows.replace("on: support}", "on: always}"), "update-before-response") == []
    rows = rows.replace("each: 1h", "where: priority = P1, each: 1h")
    rows = rows.replace("within: 2h", "within: {P1: 1h, other: 4h}")
    assert told(rows, "update-before-response") == []
