"""What a clock means, one rule at a time. The desk is open Mon-Fri 09:00-17:00 UTC; all instants by hand."""

from __future__ import annotations

import pytest

from upheld.core.clocks.clock import Clock, judge
from upheld.core.clocks.subject import fold_subject
from upheld.core.timeline.instant import HOUR, MINUTE

from .worlds import DESK, OTHER_CONTRACT, Case, at, bound, clock, fact, shown, text_at

ANSWER = ("from: opened", "until: answered", "on: desk")
SOLVE = ("from: opened", "until: resolved", "on: desk")
BY_PRIORITY = "within: {P1: 2h, P2: 4h, P3: 8h}"


def opened(agreement: str, when: str = "Mon 06-01 10:00", **data: object) -> Case:
    """One ticket under an agreement."""
    return Case(agreement).tell("opened", when, **data)


def test_a_clock_judges_each_subject_as_if_it_were_its_first() -> None:
    """By texts, truths and numbers, told and untold, in whichever order they come."""
    terms = bound(
        DESK
        + """
scale: {priority: {of: ticket, values: {P1: down, P2: broken, P3: a question}}}
attribute: {size: {of: ticket, type: number}, gold: {of: ticket, type: truth}}
deadline:
  clock:
    from: opened
    until: answered
    where: priority in [P1, P2] and (gold or size >= 2)
    on: {P1: always, other: desk}
    within: {P1: 2h, P2: 4h, P3: none}
"""
    )
    told: list[dict[str, object]] = [
        {"priority": priority, **more}
        for more in ({}, {"gold": True}, {"gold": False, "size": 1}, {"size": 1}, {"size": 2}, {"gold": True})
        for priority in ("P1", "P2", "P3", "P1")
    ]
    one, now = Clock(terms.clocks[0], terms), at("Mon 06-01 15:00")
    seen = set()
    for data in told:
        subject = fold_subject("ticket", "T-1", [fact("ticket.opened", "Mon 06-01 10:00", **data)], terms)
        assert subject is not None
        assert one.judge(subject, now) == judge(terms.clocks[0], terms, subject, now)
        seen |= {verdict.state for verdict in one.judge(subject, now).verdicts}
    assert seen == {"breached", "not applicable", "undetermined"}


# -- late, and when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "state"),
    [("Mon 06-01 12:00", "met"), ("Mon 06-01 12:00:00.000001", "breached"), ("Mon 06-01 10:00", "met")],
)
def test_an_answer_at_the_limit_itself_is_in_time(answered: str, state: str) -> None:
    """Late is strictly after the last instant with elapsed <= budget."""
    case = opened(clock(*ANSWER, "within: 2h")).tell("replied", answered)
    verdict = case.verdict("Tue 06-02 09:00")
    assert (verdict.state, shown(verdict.due_at)) == (state, "Mon 06-01 12:00")


def test_an_open_clock_is_late_a_microsecond_after_its_limit() -> None:
    """A cycle that is open and late is already breached, with the last instant in time told."""
    case = opened(clock(*ANSWER, "within: 2h"))
    assert case.states("Mon 06-01 12:00") == ["running"]
    late = case.verdict("Mon 06-01 12:00:00.000001")
    assert (late.state, shown(late.late_after_at)) == ("breached", "Mon 06-01 12:00")


@pytest.mark.parametrize(
    ("calendar", "due"), [("desk", "Mon 06-01 17:00"), ("night desk", "Tue 06-02 09:00")]
)
@pytest.mark.parametrize(
    ("answered", "state"),
    [("Tue 06-02 03:00", "met"), ("Tue 06-02 09:00", "met"), ("Tue 06-02 09:01", "breached")],
)
def test_a_budget_used_up_at_closing_lasts_until_the_next_opening(
    calendar: str, due: str, answered: str, state: str
) -> None:
    """`closing` decides what is shown as due, never what is late."""
    rule = clock("from: opened", "until: answered", f"on: {calendar}", "within: 2h")
    verdict = opened(rule, "Mon 06-01 15:00").tell("replied", answered).verdict("Wed 06-03 09:00")
    assert (shown(verdict.due_at), verdict.state) == (due, state)


def test_a_clock_begun_while_closed_counts_from_the_opening() -> None:
    """Saturday does not count: two hours end on Monday at eleven."""
    verdict = opened(clock(*ANSWER, "within: 2h"), "Sat 06-06 11:00").verdict("Sat 06-06 12:00")
    assert (verdict.state, shown(verdict.due_at)) == ("running", "Mon 06-08 11:00")


@pytest.mark.parametrize(
    ("amount", "due"),
    [
        ("1 business day of days", "Tue 06-02 17:00"),
        ("2d", "Wed 06-03 10:00"),
        ("1 month", "Wed 07-01 10:00"),
        ("2h of always", "Mon 06-01 12:00"),
    ],
)
def test_an_amount_that_names_an_instant_is_late_after_it(amount: str, due: str) -> None:
    """The end of a business day and civil amounts are instants; the instant itself is in time."""
    case = opened(clock(*ANSWER, f"within: {amount}"))
    verdict = case.verdict(due)
    assert (verdict.state, shown(verdict.due_at)) == ("running", due)
    case.tell("replied", f"{due}:00.000001")
    assert case.states("Thu 07-02 12:00") == ["breached"]


@pytest.mark.parametrize(
    ("modality", "state"), [("guarantee", "breached"), ("objective", "missed"), ("best effort", "missed")]
)
def test_only_a_guarantee_is_breached(modality: str, state: str) -> None:
    """A late objective or best effort is missed."""
    case = opened(clock(*ANSWER, "within: 2h", f"modality: {modality}"))
    assert case.states("Tue 06-02 12:00") == [state]


def test_the_goal_warns_and_the_limit_is_judged() -> None:
    """Running, at risk after the goal, breached after the limit."""
    case = opened(clock(*ANSWER, "within: {goal: 1h, limit: 2h}"))
    whens = ("Mon 06-01 11:00", "Mon 06-01 11:00:01", "Mon 06-01 12:00:01")
    assert [case.states(when) for when in whens] == [["running"], ["at risk"], ["breached"]]
    assert shown(case.verdict("Mon 06-01 10:30").goal_at) == "Mon 06-01 11:00"
    kept = case.tell("replied", "Mon 06-01 11:30").verdict("Mon 06-01 12:00")
    assert (kept.state, kept.reasons) == ("met", ("the goal was passed",))


def test_without_a_limit_a_clock_is_recorded_and_never_judged() -> None:
    """A goal alone warns nobody about a promise that is not made."""
    case = opened(clock(*ANSWER, "within: {goal: 1h, limit: none}"))
    assert case.states("Fri 06-05 12:00") == ["not applicable"]
    assert "goal was passed" in " ".join(case.verdict("Fri 06-05 12:00").reasons)


# -- what starts and stops ---------------------------------------------------------------------------------


def test_only_a_public_answer_of_a_person_is_an_answer() -> None:
    """Automatic and internal replies stop nothing."""
    case = opened(clock(*ANSWER, "within: 2h"))
    case.tell("replied", "Mon 06-01 10:01", by="automatic")
    case.tell("replied", "Mon 06-01 10:02", visibility="internal")
    assert case.states("Mon 06-01 11:00") == ["running"]
    case.tell("replied", "Mon 06-01 10:30", by="human", visibility="public")
    assert case.states("Mon 06-01 11:00") == ["met"]


def test_a_fact_that_is_not_verified_moves_no_clock() -> None:
    """Neither starts nor stops nor changes."""
    case = opened(clock(*ANSWER, BY_PRIORITY), priority="P3")
    case.tell("replied", "Mon 06-01 10:30", verified=False)
    case.tell("classified", "Mon 06-01 10:40", by="customer", priority="P1", verified=False)
    case.tell("opened", "Mon 06-01 10:50", "T-2", priority="P3", verified=False)
    verdict = case.verdict("Mon 06-01 11:00")
    assert (verdict.state, shown(verdict.due_at)) == ("running", "Tue 06-02 10:00")
    assert case.verdicts("Mon 06-01 11:00", "clock", "T-2") == []


def test_the_true_contact_time_starts_the_clock() -> None:
    """Written down at ten, called at half past nine: two hours end at half past eleven."""
    verdict = opened(clock(*ANSWER, "within: 2h"), contacted_at=text_at("Mon 06-01 09:30")).verdict(
        "Mon 06-01 10:30"
    )
    assert (shown(verdict.started_at), shown(verdict.due_at)) == ("Mon 06-01 09:30", "Mon 06-01 11:30")


def test_an_answer_on_the_telephone_counts_though_the_ticket_was_written_later() -> None:
    """Called and answered at half past nine, written down at ten: the answer is not before the start."""
    case = opened(clock(*ANSWER, "within: 2h"), contacted_at=text_at("Mon 06-01 09:30"))
    case.tell("replied", "Mon 06-01 09:35")
    verdict = case.verdict("Mon 06-01 18:00")
    assert (verdict.state, shown(verdict.stopped_at)) == ("met", "Mon 06-01 09:35")


def test_a_next_response_starts_only_after_the_first() -> None:
    """`after`: what the customer writes before the first answer starts nothing."""
    rule = clock("from: customer_replied", "until: answered", "after: answered", "on: desk", "within: 1h")
    case = opened(rule).tell("customer_replied", "Mon 06-01 10:05").tell("replied", "Mon 06-01 10:10")
    assert case.verdicts("Mon 06-01 12:00", "clock") == []
    case.tell("customer_replied", "Mon 06-01 11:00").tell("customer_replied", "Mon 06-01 11:50")
    case.tell("replied", "Mon 06-01 12:01").tell("customer_replied", "Mon 06-01 13:00")
    found = case.verdicts("Mon 06-01 13:30", "clock")
    assert [(v.cycle, v.state, shown(v.due_at)) for v in found] == [
        (1, "breached", "Mon 06-01 12:00"),
        (2, "running", "Mon 06-01 14:00"),
    ]


def test_another_start_while_open_is_ignored() -> None:
    """An escalation twice is one cycle from the first."""
    rule = clock("from: escalated", "until: answered", "on: desk", "within: 1h")
    case = opened(rule).tell("escalated", "Mon 06-01 11:00").tell("escalated", "Mon 06-01 11:30")
    assert [shown(v.due_at) for v in case.verdicts("Mon 06-01 11:45", "clock")] == ["Mon 06-01 12:00"]


def test_an_event_of_the_agreement_starts_a_clock() -> None:
    """A declared type with a number in its data that the condition compares."""
    rule = clock("from: visit.arrived where people > 1", "until: resolved", "on: desk", "within: 2h")
    rule += "event:\n  visit.arrived: {of: ticket, fields: {people: number}}\n"
    case = opened(rule).tell("visit.arrived", "Mon 06-01 11:00", people=1)
    assert case.verdicts("Mon 06-01 12:00", "clock") == []
    case.tell("visit.arrived", "Mon 06-01 12:00", people=2)
    assert shown(case.verdict("Mon 06-01 12:30").due_at) == "Mon 06-01 14:00"


# -- pauses ------------------------------------------------------------------------------------------------

PAUSED = (*SOLVE, "within: 4h", "pause: waiting where for = customer and duty in [data, access]")


def test_a_wait_for_a_duty_of_the_customer_does_not_count() -> None:
    """An hour of waiting moves the deadline by an hour."""
    case = opened(clock(*PAUSED)).tell(
        "waiting_started", "Mon 06-01 11:00", **{"for": "customer"}, duty="data"
    )
    held = case.verdict("Mon 06-01 11:30")
    assert (held.state, held.due_at) == ("running", None)
    case.tell("waiting_ended", "Mon 06-01 12:00", duty="data").tell("resolved", "Mon 06-01 15:00")
    done = case.verdict("Mon 06-01 16:00")
    assert (done.state, shown(done.due_at)) == ("met", "Mon 06-01 15:00")
    assert [(shown(p.start_at), shown(p.end_at)) for p in done.pauses] == [
        ("Mon 06-01 11:00", "Mon 06-01 12:00")
    ]


@pytest.mark.parametrize(
    "wait", [{"for": "vendor", "duty": "data"}, {"for": "customer"}, {"for": "third party", "duty": "access"}]
)
def test_a_wait_that_the_rule_does_not_admit_counts(wait: dict[str, str]) -> None:
    """Waiting for a vendor, or for nothing that is owed, is the provider's time."""
    case = opened(clock(*PAUSED)).tell("waiting_started", "Mon 06-01 11:00", **wait)
    assert shown(case.verdict("Mon 06-01 12:00").due_at) == "Mon 06-01 14:00"


def test_the_end_of_one_duty_leaves_the_wait_for_another() -> None:
    """Overlapping waits are a union: 10:30 to 12:00 stands still, so four hours end at 15:30."""
    case = opened(clock(*PAUSED))
    case.tell("waiting_started", "Mon 06-01 10:30", **{"for": "customer"}, duty="data")
    case.tell("waiting_started", "Mon 06-01 11:00", **{"for": "customer"}, duty="access")
    case.tell("waiting_ended", "Mon 06-01 11:30", duty="data")
    assert case.verdict("Mon 06-01 11:45").due_at is None
    case.tell("waiting_ended", "Mon 06-01 12:00")
    verdict = case.verdict("Mon 06-01 12:30")
    assert shown(verdict.due_at) == "Mon 06-01 15:30"
    assert len(verdict.pauses) == 1


def test_a_wait_over_night_takes_only_what_was_open() -> None:
    """From 16:00 to 10:00 the next day two open hours stand still."""
    case = opened(clock(*PAUSED), "Mon 06-01 15:00")
    case.tell("waiting_started", "Mon 06-01 16:00", **{"for": "customer"}, duty="data")
    case.tell("waiting_ended", "Tue 06-02 10:00")
    assert shown(case.verdict("Tue 06-02 11:00").due_at) == "Tue 06-02 13:00"


def test_a_clock_on_hold_never_becomes_late() -> None:
    """A wait without an end holds the budget, and nothing wakes."""
    case = opened(clock(*PAUSED)).tell(
        "waiting_started", "Mon 06-01 11:00", **{"for": "customer"}, duty="data"
    )
    evaluation = case.ask("Fri 06-26 12:00")
    assert [v.state for v in evaluation.of("c1")] == ["running"]
    assert evaluation.wakes == ()


def test_a_wait_begun_too_late_excuses_nothing() -> None:
    """The breach at 14:00 stands whatever is waited for afterwards."""
    case = opened(clock(*PAUSED)).tell(
        "waiting_started", "Mon 06-01 14:01", **{"for": "customer"}, duty="data"
    )
    verdict = case.verdict("Tue 06-02 12:00")
    assert (verdict.state, shown(verdict.due_at)) == ("breached", "Mon 06-01 14:00")


def test_a_wait_begun_at_the_last_instant_in_time_holds_the_clock() -> None:
    """At 14:00 the budget is used up but not exceeded."""
    case = opened(clock(*PAUSED)).tell(
        "waiting_started", "Mon 06-01 14:00", **{"for": "customer"}, duty="data"
    )
    assert case.states("Tue 06-02 12:00") == ["running"]


def test_a_wait_after_the_stop_does_not_touch_a_finished_cycle() -> None:
    """The due instant of an answer given at eleven is that of eleven."""
    rule = clock(*ANSWER, "within: 4h", "pause: waiting")
    case = opened(rule).tell("replied", "Mon 06-01 11:00")
    case.tell("waiting_started", "Mon 06-01 11:30", **{"for": "vendor"})
    verdict = case.verdict("Mon 06-01 16:00")
    assert (verdict.state, shown(verdict.due_at), verdict.pauses) == ("met", "Mon 06-01 14:00", ())


def test_a_pause_runs_between_two_events_of_the_agreement() -> None:
    """A list of pauses: waits, and the time at a vendor."""
    rule = clock(
        *SOLVE, "within: 4h", "pause: [waiting where for = customer, {from: vendor_case, until: answered}]"
    )
    case = (
        opened(rule).tell("vendor_case", "Mon 06-01 11:00", vendor="Big").tell("replied", "Mon 06-01 12:30")
    )
    case.tell("waiting_started", "Mon 06-01 12:00", **{"for": "customer"})
    case.tell("waiting_ended", "Mon 06-01 13:00")
    assert shown(case.verdict("Mon 06-01 13:30").due_at) == "Mon 06-01 16:00"


# -- reopening ---------------------------------------------------------------------------------------------


def reopened(*lines: str) -> Case:
    """Solved after two hours, reopened after one more."""
    case = opened(clock(*SOLVE, "within: 4h", *lines)).tell("resolved", "Mon 06-01 12:00")
    return case.tell("reopened", "Mon 06-01 13:00")


def test_a_reopened_cycle_goes_on_without_the_time_between() -> None:
    """Two hours used, two left from 13:00 on."""
    verdict = reopened().verdict("Mon 06-01 14:00")
    assert (verdict.state, shown(verdict.due_at)) == ("running", "Mon 06-01 15:00")
    assert verdict.stopped_at is None


def test_a_reopening_can_begin_a_new_cycle_with_the_whole_budget() -> None:
    """The first cycle is kept."""
    case = reopened("reopening: new cycle")
    found = case.verdicts("Mon 06-01 14:00", "clock")
    assert [(v.cycle, v.state, shown(v.due_at)) for v in found] == [
        (1, "met", "Mon 06-01 14:00"),
        (2, "running", "Mon 06-01 17:00"),
    ]


def test_a_reopening_can_be_ignored() -> None:
    """Solved is solved."""
    assert reopened("reopening: ignore").states("Tue 06-02 14:00") == ["met"]


def test_a_response_does_not_begin_again_with_a_reopening() -> None:
    """`until: answered` has nothing to do with what was solved, unless `from` lists `reopened`."""
    case = opened(clock(*ANSWER, "within: 2h")).tell("replied", "Mon 06-01 10:30")
    case.tell("resolved", "Mon 06-01 11:00").tell("reopened", "Mon 06-01 12:00")
    assert case.states("Mon 06-01 13:00") == ["met"]
    again = Case(clock("from: [opened, reopened]", "until: answered", "on: desk", "within: 2h"))
    again.facts = case.facts
    found = again.verdicts("Mon 06-01 13:00", "clock")
    assert [(v.state, shown(v.due_at)) for v in found] == [
        ("met", "Mon 06-01 12:00"),
        ("running", "Mon 06-01 14:00"),
    ]


def test_nothing_becomes_late_while_solved() -> None:
    """A target shortened between solution and reopening is late from the reopening on, if then at all."""
    case = opened(clock(*SOLVE, BY_PRIORITY), priority="P3").tell("resolved", "Mon 06-01 14:00")
    case.tell("classified", "Mon 06-01 14:30", by="customer", priority="P1")
    assert case.states("Mon 06-01 15:00") == ["met"]
    case.tell("reopened", "Mon 06-01 16:00")
    verdict = case.verdict("Mon 06-01 16:30")
    assert (verdict.state, shown(verdict.late_after_at)) == ("breached", "Mon 06-01 16:00")


# -- changes of the target ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ("keep start", "Mon 06-01 14:00"),  # 4 h from 10:00
        ("restart", "Mon 06-01 15:00"),  # 4 h from 11:00
        ("pro rata", "Mon 06-01 14:30"),  # 1/8 used, 7/8 of 4 h from 11:00
    ],
)
def test_a_change_of_priority_follows_its_rule(change: str, due: str) -> None:
    """P3 (8 h) becomes P2 (4 h) after one hour."""
    case = opened(clock(*SOLVE, BY_PRIORITY, f"change: {change}"), priority="P3")
    case.tell("classified", "Mon 06-01 11:00", by="customer", priority="P2")
    verdict = case.verdict("Mon 06-01 12:00")
    assert (verdict.state, shown(verdict.due_at)) == ("running", due)
    assert case.states(due) == ["running"]
    assert case.states(f"{due}:01") == ["breached"]


@pytest.mark.parametrize(("by", "due"), [("customer", "Mon 06-01 15:00"), ("provider", "Mon 06-01 14:00")])
def test_a_change_follows_the_rule_of_who_made_it(by: str, due: str) -> None:
    """Restarted by the customer, kept by the provider."""
    rule = clock(*SOLVE, BY_PRIORITY, "change: {by customer: restart, by provider: keep start}")
    case = opened(rule, priority="P3").tell("classified", "Mon 06-01 11:00", by=by, priority="P2")
    assert shown(case.verdict("Mon 06-01 12:00").due_at) == due


def test_a_change_that_names_nobody_follows_a_rule_for_all() -> None:
    """The severity of an incident changes; its facts do not say who changed it."""
    rule = clock(
        "from: declared",
        "until: resolved",
        "on: desk",
        "within: {S1: 2h, S2: 4h}",
        "change: restart",
        of="incident",
    )
    case = Case(rule).tell("incident.declared", "Mon 06-01 10:00", "I-1", severity="S2")
    case.tell("incident.classified", "Mon 06-01 11:00", "I-1", severity="S1")
    assert shown(case.verdict("Mon 06-01 11:30", subject="I-1").due_at) == "Mon 06-01 13:00"


def test_a_target_already_used_up_is_late_from_the_change_on() -> None:
    """P3 becomes P1 (2 h) after three hours: in time at the change itself, late right after."""
    case = opened(clock(*SOLVE, BY_PRIORITY), priority="P3")
    case.tell("classified", "Mon 06-01 13:00", by="customer", priority="P1")
    evaluation = case.ask("Mon 06-01 13:00")
    assert [v.state for v in evaluation.of("c1")] == ["running"]
    assert [(shown(wake.at), shown(wake.due_at)) for wake, _ in evaluation.wakes] == [
        ("Mon 06-01 13:00:00.000001", "Mon 06-01 12:00")
    ]
    verdict = case.verdict("Mon 06-01 13:30")
    assert (verdict.state, shown(verdict.late_after_at)) == ("breached", "Mon 06-01 13:00")


def test_a_breach_stands_after_a_reclassification() -> None:
    """P1 is late at 12:00; that it becomes P3 at 13:00 does not undo it."""
    case = opened(clock(*SOLVE, BY_PRIORITY), priority="P1")
    case.tell("classified", "Mon 06-01 13:00", by="provider", priority="P3").tell(
        "resolved", "Mon 06-01 14:00"
    )
    verdict = case.verdict("Mon 06-01 15:00")
    assert (verdict.state, shown(verdict.due_at), verdict.budget_us) == (
        "breached",
        "Mon 06-01 12:00",
        2 * HOUR,
    )


def test_what_is_promised_at_the_end_decides_whether_a_cycle_is_judged() -> None:
    """A ticket that comes down to a priority without a target is nobody's promise any more."""
    case = opened(clock(*SOLVE, "within: {P1: 2h, P2: 4h, P3: none}"), priority="P2")
    case.tell("classified", "Mon 06-01 11:00", by="customer", priority="P3")
    verdict = case.verdict("Mon 06-01 12:00")
    assert (verdict.state, verdict.due_at) == ("not applicable", None)
    assert verdict.reasons == ("no target is promised any more",)
    assert case.tell("resolved", "Tue 06-02 16:00").states("Tue 06-02 17:00") == ["not applicable"]


def test_what_no_target_is_for_starts_to_count_from_the_beginning() -> None:
    """A question becomes an incident after an hour: two hours from the opening, with `keep start`."""
    rule = clock(*SOLVE, "where: kind = incident", "within: 2h")
    case = opened(rule, kind="question")
    assert case.states("Fri 06-05 12:00") == ["not applicable"]
    case.tell("classified", "Mon 06-01 11:00", by="provider", kind="incident")
    assert shown(case.verdict("Mon 06-01 11:30").due_at) == "Mon 06-01 12:00"


# -- endings that are nobody's merit -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "data", "state", "reason"),
    [
        ("cancelled", {}, "not applicable", "cancelled by the customer"),
        ("cancelled", {"by": "customer"}, "not applicable", "cancelled by the customer"),
        ("cancelled", {"by": "provider"}, "breached", ""),
        ("merged", {"into": "T-9"}, "not applicable", "merged"),
    ],
)
def test_the_customer_may_cancel_and_the_provider_may_not(
    ending: str, data: dict[str, str], state: str, reason: str
) -> None:
    """A ticket cancelled or merged before it is late is judged by nobody, unless the provider cancels it."""
    verdict = (
        opened(clock(*SOLVE, "within: 2h")).tell(ending, "Mon 06-01 11:00", **data).verdict("Tue 06-02 12:00")
    )
    assert (verdict.state, " ".join(verdict.reasons)) == (state, reason)


@pytest.mark.parametrize(("ending", "data"), [("cancelled", {}), ("merged", {"into": "T-9"})])
def test_a_breach_stands_after_a_cancellation(ending: str, data: dict[str, str]) -> None:
    """Late at 12:00, cancelled at 13:00."""
    case = opened(clock(*SOLVE, "within: 2h")).tell(ending, "Mon 06-01 13:00", **data)
    assert case.states("Tue 06-02 12:00") == ["breached"]


# -- which target ------------------------------------------------------------------------------------------

KINDS = "attribute:\n  kind: {of: ticket, type: text, values: [incident, question, change]}\n"


@pytest.mark.parametrize(
    ("data", "due"),
    [
        ({"priority": "P1"}, "Mon 06-01 12:00"),
        ({"priority": "P2"}, "Mon 06-01 14:00"),
        ({"kind": "question"}, "Tue 06-02 10:00"),
        ({"kind": "change", "priority": "P1"}, "Mon 06-01 16:00"),
    ],
)
def test_a_decision_tree_gives_the_target(data: dict[str, str], due: str) -> None:
    """By kind, then by priority, `other` for the rest."""
    rule = (
        clock(*SOLVE, "within: {incident: {P1: 2h, other: 4h}, question: 1 business day, other: 6h}") + KINDS
    )
    assert shown(opened(rule, **data).verdict("Mon 06-01 10:30").due_at) == due


def test_none_in_a_tree_promises_nothing() -> None:
    """Whatever `other` says."""
    rule = clock(*SOLVE, "within: {P3: none, other: 2h}")
    verdict = opened(rule, priority="P3").verdict("Fri 06-05 12:00")
    assert (verdict.state, verdict.reasons) == ("not applicable", ("no target is promised here",))
    assert opened(rule, priority="P2").states("Fri 06-05 12:00") == ["breached"]


@pytest.mark.parametrize("line", [BY_PRIORITY, "within: {P1: 2h, other: 4h}"])
def test_a_target_that_depends_on_what_nobody_told_is_undetermined(line: str) -> None:
    """`other` is for other values, not for none."""
    case = opened(clock(*SOLVE, line))
    assert case.states("Fri 06-05 12:00") == ["undetermined"]
    case.tell("classified", "Mon 06-01 11:00", by="provider", priority="P1")
    assert case.states("Mon 06-01 11:30") == ["running"]


def test_a_condition_on_what_nobody_told_is_undetermined() -> None:
    """Unless the rest of it decides."""
    case = opened(clock(*SOLVE, "where: priority = P1", "within: 2h"))
    assert case.states("Mon 06-01 11:00") == ["undetermined"]
    sure = opened(clock(*SOLVE, "where: priority = P1 and kind = question", "within: 2h"))
    assert sure.states("Mon 06-01 11:00") == ["not applicable"]


@pytest.mark.parametrize(
    ("choose", "data", "due"),
    [
        ("first", {"channel": "phone", "priority": "P1"}, "Mon 06-01 14:00"),
        ("worst", {"channel": "phone", "priority": "P1"}, "Mon 06-01 12:00"),
        ("worst", {"channel": "mail", "priority": "P2"}, "Tue 06-02 10:00"),
        ("first", {"channel": "mail", "priority": "P3"}, None),
    ],
)
def test_rows_are_told_apart_by_expressions(choose: str, data: dict[str, str], due: str | None) -> None:
    """The first that matches, or the worst: the one that is due earliest."""
    rows = "[{where: channel = phone, limit: 4h}, {where: priority = P1, limit: 2h}, "
    rows += "{where: priority = P2, limit: 8h}]"
    case = opened(clock(*SOLVE, f"within: {rows}", f"choose: {choose}"), **data)
    assert shown(case.verdict("Mon 06-01 10:30").due_at) == due


def test_the_calendar_can_depend_on_the_priority() -> None:
    """P1 around the clock, the rest at the desk."""
    rule = clock("from: opened", "until: answered", "on: {P1: always, other: desk}", "within: 2h")
    for priority, due in (("P1", "Mon 06-01 18:00"), ("P2", "Tue 06-02 10:00")):
        assert (
            shown(opened(rule, "Mon 06-01 16:00", priority=priority).verdict("Mon 06-01 16:30").due_at) == due
        )


# -- instants that the agreement computes ------------------------------------------------------------------

NOTICE = clock("until: announced", "due: starts_at - 48h", of="maintenance")
WINDOW = {
    "kind": "scheduled",
    "components": ["web"],
    "starts_at": text_at("Sat 06-13 22:00"),
    "ends_at": text_at("Sun 06-14 02:00"),
}


@pytest.mark.parametrize(
    ("announced", "state"), [("Thu 06-11 22:00", "met"), ("Thu 06-11 22:00:01", "breached")]
)
def test_a_notice_at_the_due_instant_itself_is_in_time(announced: str, state: str) -> None:
    """48 hours before Saturday 22:00."""
    case = Case(NOTICE).tell("maintenance.announced", announced, "M-1", **WINDOW)
    verdict = case.verdict("Sun 06-14 00:00", subject="M-1")
    assert (verdict.state, shown(verdict.due_at)) == (state, "Thu 06-11 22:00")


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        ("Sat 06-13 22:00", "Sun 06-14 03:00", "breached"),  # wider: announced anew, too late
        ("Sat 06-13 21:00", "Sun 06-14 02:00", "breached"),  # earlier: likewise
        ("Sat 06-13 23:00", "Sun 06-14 01:00", "met"),  # narrower: what was announced holds
    ],
)
def test_a_wider_window_is_announced_anew(starts: str, ends: str, state: str) -> None:
    """Announced a week before, changed on the day before."""
    case = Case(NOTICE).tell("maintenance.announced", "Fri 06-05 12:00", "M-1", **WINDOW)
    case.tell(
        "maintenance.changed", "Fri 06-12 12:00", "M-1", starts_at=text_at(starts), ends_at=text_at(ends)
    )
    assert case.states("Sun 06-14 00:00", subject="M-1") == [state]


def test_work_begun_without_notice_is_late_at_once() -> None:
    """It was due 48 hours before it began."""
    case = Case(NOTICE).tell("maintenance.started", "Sat 06-13 22:00", "M-1")
    verdict = case.verdict("Sat 06-13 22:00", subject="M-1")
    assert (verdict.state, shown(verdict.due_at)) == ("breached", "Thu 06-11 22:00")


def test_a_condition_on_a_truth_of_the_announcement() -> None:
    """Only work that interrupts the service needs notice."""
    rule = clock("until: announced", "where: interruption", "due: starts_at - 48h", of="maintenance")
    case = Case(rule).tell("maintenance.announced", "Fri 06-12 12:00", "M-1", **WINDOW, interruption=True)
    case.tell("maintenance.announced", "Fri 06-12 12:00", "M-2", **WINDOW, interruption=False)
    assert case.states("Sun 06-14 00:00", subject="M-1") == ["breached"]
    assert case.verdicts("Sun 06-14 00:00", "clock", "M-2") == []


@pytest.mark.parametrize(
    ("cancelled", "state"), [("Thu 06-11 20:00", "not applicable"), ("Fri 06-12 20:00", "breached")]
)
def test_cancelled_work_needs_no_report_unless_it_was_late_before(cancelled: str, state: str) -> None:
    """A report due two days before the start, on work that is cancelled before or after that."""
    rule = clock("until: started", "due: starts_at - 48h", of="maintenance")
    case = Case(rule).tell("maintenance.announced", "Fri 06-05 12:00", "M-1", **WINDOW)
    assert case.states("Sat 06-06 00:00", subject="M-1") == ["running"]
    case.tell("maintenance.cancelled", cancelled, "M-1")
    assert case.states("Mon 06-15 00:00", subject="M-1") == [state]


CLAIM = clock("until: determined", "due: filed + 5 business days of days", of="claim")


@pytest.mark.parametrize(
    ("data", "due"),
    [
        ({}, "Mon 06-15 17:00"),
        ({"received_at": "Fri 06-05 12:00"}, "Fri 06-12 17:00"),
        ({"sent_at": "Thu 06-04 12:00", "received_at": "Fri 06-05 12:00"}, "Thu 06-11 17:00"),
    ],
)
def test_a_claim_is_filed_when_it_was_sent_or_received(data: dict[str, str], due: str) -> None:
    """Whichever is earliest; entered on Monday the 8th."""
    told = {name: text_at(value) for name, value in data.items()}
    case = Case(CLAIM).tell("claim.filed", "Mon 06-08 10:00", "C-1", **told)
    verdict = case.verdict("Mon 06-08 11:00", subject="C-1")
    assert (verdict.state, shown(verdict.due_at)) == ("running", due)


def test_the_first_answer_to_a_claim_counts() -> None:
    """Determined in time, and determined again much later."""
    case = Case(CLAIM).tell("claim.filed", "Mon 06-01 10:00", "C-1")
    case.tell("claim.determined", "Tue 06-02 10:00", "C-1", outcome="rejected")
    case.tell("claim.determined", "Tue 06-30 10:00", "C-1", outcome="accepted")
    verdict = case.verdict("Wed 07-01 00:00", subject="C-1")
    assert (verdict.state, shown(verdict.stopped_at)) == ("met", "Tue 06-02 10:00")


@pytest.mark.parametrize(
    ("about", "due"), [("2026-05", "Sun 06-14 00:00"), ("2026-Q1", "Tue 04-14 00:00"), ("the outage", None)]
)
def test_a_claim_is_due_by_the_period_it_is_about(about: str, due: str | None) -> None:
    """A fortnight after the end of the month or quarter; unknown if it names none."""
    rule = clock("until: filed", "due: about.end + 13d", of="claim")
    case = Case(rule).tell("claim.filed", "Mon 06-08 10:00", "C-1", about=about)
    verdict = case.verdict("Tue 06-09 00:00", subject="C-1")
    states = {"Sun 06-14 00:00": "met", "Tue 04-14 00:00": "breached", None: "undetermined"}
    assert (shown(verdict.due_at), verdict.state) == (due, states[due])


def test_a_ticket_cancelled_by_the_provider_is_still_due() -> None:
    """An instant excuses no more than an amount does."""
    rule = clock("until: closed", "due: opened + 5d")
    case = opened(rule).tell("cancelled", "Tue 06-02 10:00", by="provider")
    assert case.states("Mon 06-08 10:00") == ["breached"]
    assert opened(rule).tell("cancelled", "Tue 06-02 10:00").states("Mon 06-08 10:00") == ["not applicable"]


# -- whose clock -------------------------------------------------------------------------------------------


def test_a_ticket_outside_the_term_of_its_contract_starts_no_clock() -> None:
    """The contract begins on 1 June and ends with 30 June."""
    term = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-06-01, until: 2026-07-01}\n"
    whens = ("Sun 05-31 23:59:59", "Mon 06-01 00:00", "Tue 06-30 23:59:59", "Wed 07-01 00:00")
    case = Case(clock(*ANSWER, "within: 2h"), term)
    for n, when in enumerate(whens):
        case.tell("opened", when, f"T-{n}")
    states = [case.states("Fri 07-31 00:00", subject=f"T-{n}") for n in range(4)]
    assert states == [["not applicable"], ["breached"], ["breached"], ["not applicable"]]


def test_an_incident_concerns_every_contract_of_the_provider_in_force() -> None:
    """One declaration, a verdict for each customer whose contract has begun."""
    rule = clock("from: declared", "until: resolved", "within: {S1: 2h, S2: 4h}", of="incident")
    later = "contract: {id: c3, customer: Late, agreement: acme, from: 2026-06-15}\n"
    case = Case(
        rule, "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-01-01}\n", OTHER_CONTRACT, later
    )
    case.tell("incident.declared", "Mon 06-01 10:00", "I-1", severity="S1")
    case.tell("incident.declared", "Mon 06-01 10:00", "I-2", severity="S1", provider="Somebody else")
    evaluation = case.ask("Mon 06-01 11:00")
    assert [(key.contract, key.subject) for key in evaluation.outcomes] == [("c1", "I-1"), ("c2", "I-1")]


def test_a_ticket_belongs_to_the_contract_that_it_names() -> None:
    """And to no other of the same provider."""
    case = Case(
        clock(*ANSWER, "within: 2h"),
        OTHER_CONTRACT,
        "contract: {id: c1, customer: A, agreement: acme, from: 2026-01-01}\n",
    )
    case.tell("opened", "Mon 06-01 10:00", "T-1").tell("opened", "Mon 06-01 10:00", "T-2", contract="c2")
    case.tell("opened", "Mon 06-01 10:00", "T-3", contract="none of these")
    evaluation = case.ask("Mon 06-01 10:30")
    assert [(key.contract, key.subject) for key in evaluation.outcomes] == [("c2", "T-2"), ("c1", "T-1")]


def test_subjects_are_shown_by_their_numbers() -> None:
    """T-9 before T-10, however long the numbers are."""
    long = "T-" + "9" * 5_000
    case = Case(clock(*ANSWER, "within: 2h"))
    for subject in ("T-10", long, "T-9"):
        case.tell("opened", "Mon 06-01 10:00", subject)
    assert [key.subject for key in case.ask("Mon 06-01 10:00").outcomes] == ["T-9", "T-10", long]


def test_elapsed_time_is_told_up_to_the_stop() -> None:
    """What was counted and by how much it is late, from the verdict alone."""
    from upheld.core.clocks.counting import measured

    case = opened(clock(*ANSWER, "within: 2h")).tell("replied", "Mon 06-01 12:30")
    verdict = case.verdict("Mon 06-01 18:00")
    assert measured(verdict, case.terms[0].calendars, 0) == (150 * MINUTE, 30 * MINUTE)


def test_a_clock_beyond_the_years_is_undetermined_and_the_others_are_told() -> None:
    """Twenty years of office hours end after the compiled ones; the answer due in two hours does not."""
    rules = (
        "deadline:\n"
        "  far: {from: opened, until: resolved, on: always, within: 200000h}\n"
        "  near: {from: opened, until: answered, on: always, within: 2h}\n"
    )
    case = Case(rules).tell("ticket.opened", "Mon 06-01 10:00")
    verdict = case.verdict("Mon 06-01 11:00", "far")
    assert verdict.state == "undetermined"
    assert "outside the years" in verdict.reasons[0]
    assert case.verdict("Mon 06-01 11:00", "near").state == "running"


def test_a_late_notice_of_cancelled_work_is_late_and_over() -> None:
    """The notice was due 48 hours ahead and never came; the cancellation a day ahead ends it."""
    case = Case("deadline: {r: {of: maintenance, until: started, due: starts_at - 48h}}\n")
    window = {"starts_at": "2026-06-03T09:00:00Z", "ends_at": "2026-06-03T10:00:00Z"}
    case.tell("maintenance.announced", "Mon 06-01 10:00", "M-1", kind="scheduled", **window)
    case.tell("maintenance.cancelled", "Tue 06-02 10:00", "M-1")
    verdict = case.verdict("Fri 06-05 10:00", "r", "M-1")
    assert (verdict.state, shown(verdict.stopped_at)) == ("breached", "Tue 06-02 10:00")


def test_one_wait_hands_over_to_another_at_one_instant() -> None:
    """The end of the first and the beginning of the second in the same minute, in the order of facts."""
    case = Case(clock("from: opened", "until: resolved", "on: always", "within: 4h", "pause: waiting"))
    case.tell("opened", "Mon 06-01 10:00").tell("waiting_started", "Mon 06-01 11:00", **{"for": "customer"})
    case.tell("waiting_ended", "Mon 06-01 12:00").tell(
        "waiting_started", "Mon 06-01 12:00", **{"for": "vendor"}
    )
    case.tell("waiting_ended", "Mon 06-01 15:00").tell("resolved", "Mon 06-01 17:30")
    verdict = case.verdict("Mon 06-01 18:00")
    assert (verdict.state, shown(verdict.due_at)) == ("met", "Mon 06-01 18:00")


def test_an_opening_comes_first_of_its_instant_whatever_its_id() -> None:
    """A desk that opens and answers in one second under ids that sort the other way."""
    case = Case(clock("from: opened", "until: answered", "on: always", "within: 2h"))
    case.tell("replied", "Mon 06-01 10:00").tell("opened", "Mon 06-01 10:00")
    assert case.states("Tue 06-02 10:00") == ["met"]
