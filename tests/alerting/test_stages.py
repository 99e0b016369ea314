"""Stages: when somebody is told. The desk is open Mon-Fri 09:00-17:00 UTC."""

from __future__ import annotations

import pytest

from tests.core.worlds import Case, cadence, clock, shown
from upheld.core.alerting.stage import judged_in, next_at, stages

from .ladders import at, found, reached, told

LINES = ("from: opened", "until: answered", "on: desk")
LADDER = "escalate:\n  late: {{of: clock, at: [{}], tell: lead{}}}\n"


def desk(marks: str, *lines: str, rest: str = "", within: str = "2h") -> Case:
    """A deadline of two hours on the desk's calendar with one ladder."""
    rows = clock(*LINES, f"within: {within}", *lines)
    return Case(rows + LADDER.format(marks, rest))


def test_shares_goal_limit_and_after_are_counted_on_the_calendar() -> None:
    """Friday 16:30 with two hours: half an hour is left of Friday, the rest is Monday's."""
    case = desk(
        "start, 25 %, 50 %, goal, limit, limit + 4h, limit - 30m", within="{goal: 1h 30m, limit: 2h}"
    ).tell("opened", "Fri 06-05 16:30")
    assert told(case, "Fri 06-05 16:31") == [
        ("start", "Fri 06-05 16:30"),
        ("25 %", "Fri 06-05 17:00"),
        ("50 %", "Mon 06-08 09:30"),
        ("goal", "Mon 06-08 10:00"),
        ("limit - 30m", "Mon 06-08 10:00"),
        ("limit", "Mon 06-08 10:30:00.000001"),
        ("limit + 4h", "Mon 06-08 14:30"),
    ]


def test_an_amount_beside_a_limit_counts_on_the_calendar_that_it_names() -> None:
    """Four hours around the clock, and one business day of the desk."""
    case = desk("limit + 8h of always, limit + 1 business day of desk").tell("opened", "Fri 06-05 14:00")
    assert told(case, "Fri 06-05 14:01") == [
        ("limit + 8h of always", "Sat 06-06 00:00"),
        ("limit + 1 business day of desk", "Mon 06-08 16:00"),
    ]


def test_a_stage_has_no_instant_while_its_clock_stands_still() -> None:
    """What was reached before the pause stays; what lies after it waits for the end of the pause."""
    case = desk("25 %, 75 %, limit", "pause: waiting").tell("opened", "Mon 06-08 09:00")
    case.tell("waiting_started", "Mon 06-08 10:00", **{"for": "customer"})
    assert told(case, "Mon 06-08 11:00") == [("25 %", "Mon 06-08 09:30")]
    case.tell("waiting_ended", "Mon 06-08 12:00")
    assert told(case, "Mon 06-08 12:00") == [
        ("25 %", "Mon 06-08 09:30"),
        ("75 %", "Mon 06-08 12:30"),
        ("limit", "Mon 06-08 13:00:00.000001"),
    ]


def test_what_is_done_in_time_is_told_of_no_more() -> None:
    """Stages before the answer were reached; those after it never are, a breach excepted."""
    case = desk("50 %, 75 %, limit").tell("opened", "Mon 06-08 09:00").tell("replied", "Mon 06-08 10:10")
    assert told(case, "Mon 06-08 15:00") == [("50 %", "Mon 06-08 10:00")]
    late = (
        desk("50 %, limit, limit + 1h").tell("opened", "Mon 06-08 09:00").tell("replied", "Mon 06-08 11:20")
    )
    assert reached(late, "Mon 06-08 15:00") == ["50 %", "limit"]


def test_nobody_is_told_of_a_clock_that_does_not_run() -> None:
    """Withdrawn, or without a target."""
    case = desk("50 %, limit", within="{P1: 2h, other: none}").tell(
        "opened", "Mon 06-08 09:00", priority="P2"
    )
    assert told(case, "Mon 06-08 15:00") == []
    withdrawn = desk("50 %, limit").tell("opened", "Mon 06-08 09:00")
    withdrawn.tell("cancelled", "Mon 06-08 09:30", by="customer")
    assert told(withdrawn, "Mon 06-08 15:00") == []


def test_a_condition_is_asked_of_the_subject_as_it_is_now() -> None:
    """A ticket that becomes a P1 is told of at once: its stage was reached before it was one."""
    case = desk("25 %", rest=", where: priority = P1").tell("opened", "Mon 06-08 09:00", priority="P2")
    assert told(case, "Mon 06-08 10:00") == []
    case.tell("classified", "Mon 06-08 10:00", priority="P1", by="provider")
    assert told(case, "Mon 06-08 10:00") == [("25 %", "Mon 06-08 09:30")]


def test_an_unknown_condition_tells_nobody() -> None:
    """Nobody has said what its priority is."""
    case = desk("limit", rest=", where: priority = P1").tell("opened", "Mon 06-08 09:00")
    assert told(case, "Mon 06-08 15:00") == []


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("Mon 06-08 09:00", "Mon 06-08 12:00"),  # in hours: as it is
        ("Mon 06-08 14:00", "Mon 06-08 16:30"),  # due 18:00: half an hour before the closing
        ("Mon 06-08 05:00", "Mon 06-08 05:00"),  # due 09:00, and the last closing was before it: at once
    ],
)
def test_a_warning_comes_before_the_closing_where_nobody_is_there_later(opened: str, expected: str) -> None:
    """Four hours around the clock, with people from nine to five."""
    lines = ("from: opened", "until: answered", "on: always", "within: 4h")
    case = Case(clock(*lines) + LADDER.format("limit - 1h", ", hours: desk")).tell("opened", opened)
    assert told(case, "Mon 06-08 20:00") == [("limit - 1h", expected)]


def test_a_breach_outside_the_hours_waits_for_the_opening() -> None:
    """Whoever is told of what cannot be helped any more is told in the morning, even if it was done since."""
    lines = ("from: opened", "until: answered", "on: always", "within: 4h")
    case = Case(clock(*lines) + LADDER.format("limit", ", hours: desk")).tell("opened", "Fri 06-05 15:00")
    assert told(case, "Fri 06-05 20:00") == [("limit", "Mon 06-08 09:00")]
    case.tell("replied", "Fri 06-05 21:00")
    assert told(case, "Fri 06-05 22:00") == [("limit", "Mon 06-08 09:00")]


def test_every_round_of_a_cadence_has_stages_of_its_own() -> None:
    """And a round that an update learned later splits keeps the cause of the one that it was."""
    rows = cadence("from: declared", "again: informed", "until: resolved", "each: 30m")
    case = Case(rows + "escalate:\n  soon: {of: clock, at: limit - 5m, tell: noc, how: page}\n")
    case.tell("incident.declared", "Mon 06-08 10:00", "I-1").tell(
        "incident.updated", "Mon 06-08 10:28", "I-1"
    )
    before = found(case, "Mon 06-08 10:40")
    assert [shown(stage.at) for stage in before] == ["Mon 06-08 10:25", "Mon 06-08 10:53"]
    case.tell("incident.updated", "Mon 06-08 10:10", "I-1")
    assert [stage.key for stage in found(case, "Mon 06-08 10:40")] == [before[1].key]


def test_a_notice_is_warned_of_while_it_can_still_be_given() -> None:
    """48 hours before the work, a day before that; work that is moved is warned of anew."""
    rows = clock("until: announced", "due: starts_at - 48h", of="maintenance")
    case = Case(rows + LADDER.format("limit - 24h, limit", ""))
    case.tell("maintenance.changed", "Mon 06-01 09:00", "M-1", starts_at="2026-06-13T22:00:00Z")
    first = found(case, "Mon 06-01 10:00")
    assert [(one.name, shown(one.at)) for one in first] == [
        ("limit - 24h", "Wed 06-10 22:00"),
        ("limit", "Thu 06-11 22:00:00.000001"),
    ]
    case.tell("maintenance.changed", "Tue 06-02 09:00", "M-1", starts_at="2026-06-20T22:00:00Z")
    again = found(case, "Tue 06-02 10:00")
    assert shown(again[0].at) == "Wed 06-17 22:00"
    assert again[0].cause != first[0].cause


def test_a_goal_without_a_limit_is_an_alarm_and_no_breach() -> None:
    """Recorded, never judged, and yet somebody is told at a quarter of an hour (SIVO/S32)."""
    case = desk("goal, limit", within="{goal: 15m, limit: none}").tell("opened", "Mon 06-08 09:00")
    assert told(case, "Mon 06-08 09:05") == [("goal", "Mon 06-08 09:15")]


def test_the_strictest_reading_tells_the_provider_and_the_chosen_one_the_customer() -> None:
    """The same stage under two readings: the earlier one for the provider's people alone."""
    rows = LADDER.format("limit", "") + "  told: {of: clock, at: limit, tell: owner, audience: customer}\n"
    chosen = Case(clock(*LINES, "within: 2h") + rows).tell("opened", "Fri 06-05 16:30")
    strict = Case(clock("from: opened", "until: answered", "on: always", "within: 2h") + rows)
    strict.tell("opened", "Fri 06-05 16:30")
    when = "Fri 06-05 16:31"
    held = judged_in(chosen.terms[0], chosen.ask(when))
    both = stages(held, [judged_in(strict.terms[0], strict.ask(when), "always")])
    assert [(one.rule, shown(one.at), one.about.reading) for one in both] == [
        ("late", "Fri 06-05 18:30:00.000001", "always"),
        ("told", "Mon 06-08 10:30:00.000001", ""),
    ]


def test_an_act_has_one_cause_under_every_reading() -> None:
    """Due at two instants, it is one act: the earlier one warns of it, and once."""
    rows = clock("until: announced", "due: starts_at - {}", of="maintenance") + LADDER.format(
        "limit - 24h", ""
    )
    views = []
    for notice in ("48h", "72h"):
        case = Case(rows.replace("- {}", f"- {notice}"))
        case.tell("maintenance.planned", "Mon 06-01 09:00", "M-1", starts_at="2026-06-13T22:00:00Z")
        views.append(judged_in(case.terms[0], case.ask("Mon 06-01 10:00"), notice))
    (stage,) = stages(views[0], views[1:])
    assert (shown(stage.at), stage.about.reading) == ("Tue 06-09 22:00", "72h")
    assert stage.key == stages(views[0])[0].key


def test_which_stages_there_are_is_what_the_rules_say_as_they_are_read() -> None:
    """Another reading of a rule adds no stage; it is asked for its clocks alone."""
    held = desk("limit").tell("opened", "Mon 06-08 09:00")
    other = desk("25 %, limit", within="1h").tell("opened", "Mon 06-08 09:00")
    views = [judged_in(case.terms[0], case.ask("Mon 06-08 09:05")) for case in (held, other)]
    assert [(one.name, shown(one.at)) for one in stages(views[0], views[1:])] == [
        ("limit", "Mon 06-08 10:00:00.000001")
    ]


def test_the_next_wake_is_the_first_stage_still_ahead() -> None:
    """And none where all are reached."""
    case = desk("50 %, limit").tell("opened", "Mon 06-08 09:00")
    asked = found(case, "Mon 06-08 09:30")
    assert shown(next_at(asked, at("Mon 06-08 09:30"))) == "Mon 06-08 10:00"
    assert shown(next_at(asked, at("Mon 06-08 10:00"))) == "Mon 06-08 11:00:00.000001"
    assert next_at(asked, at("Mon 06-08 12:00")) is None


def test_an_event_is_told_once_or_each_time() -> None:
    """The first declaration or classification that meets the condition, or every update."""
    rows = cadence("from: declared", "again: informed", "until: resolved", "each: 30m") + (
        "notify:\n"
        "  major: {of: incident, where: severity = S1, upon: [declared, classified], tell: noc, how: page}\n"
        "  news: {of: incident, upon: updated, repeat: each time, tell: owner, audience: customer}\n"
    )
    case = Case(rows).tell("incident.declared", "Mon 06-08 10:00", "I-1", severity="S2")
    case.tell("incident.updated", "Mon 06-08 10:10", "I-1")
    case.tell("incident.classified", "Mon 06-08 10:20", "I-1", severity="S1", by="provider")
    case.tell("incident.updated", "Mon 06-08 10:30", "I-1")
    case.tell("incident.classified", "Mon 06-08 10:40", "I-1", severity="S1", by="provider")
    assert [(one.rule, shown(one.at)) for one in found(case, "Mon 06-08 11:00")] == [
        ("news", "Mon 06-08 10:10"),
        ("major", "Mon 06-08 10:20"),
        ("news", "Mon 06-08 10:30"),
    ]
    assert len({one.key for one in found(case, "Mon 06-08 11:00")}) == 3


def test_the_channels_are_those_of_the_entitlement() -> None:
    """None where no entitlement is named: then any channel will do."""
    rows = clock(*LINES, "within: 2h") + "entitlement: {news: {channels: [email]}}\nescalate:\n"
    rows += "  a: {of: clock, at: limit, tell: lead}\n"
    rows += "  b: {of: clock, at: limit, tell: owner, audience: customer, channels of: news}\n"
    case = Case(rows).tell("opened", "Mon 06-08 09:00")
    assert {one.rule: one.channels for one in found(case, "Mon 06-08 09:10")} == {"a": None, "b": ("email",)}


def test_a_recurring_duty_warns_before_its_period_ends() -> None:
    """Until it was done often enough."""
    rows = "obligation: {review: {times: 1, per: calendar month}}\n"
    rows += "escalate: {soon: {of: review, at: [limit - 7 days, limit], tell: lead}}\n"
    case = Case(rows)
    assert told(case, "Mon 06-08 10:00")[-2:] == [
        ("limit - 7 days", "Wed 06-24 00:00"),
        ("limit", "Wed 07-01 00:00"),
    ]
