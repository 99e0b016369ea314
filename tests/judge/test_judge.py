"""The second judge itself, held to hand-computed cases: what it says is the measure of `upheld.core`."""

from __future__ import annotations

from typing import Any

import pytest

from .cases import Case
from .worlds import make_world

pytestmark = pytest.mark.slow

ROUS = {"support": {"zone": "Africa/Johannesburg", "open": "Mon-Fri 09:00-17:00", "business day": "8h"}}
CENG = {
    "business": {
        "zone": "Europe/Amsterdam",
        "open": "Mon-Fri 08:30-17:00",
        "business day": "8h",
        "holidays": {"add": {"2026-04-27": "King's Day"}},
    }
}
DESK = {"desk": {"zone": "UTC", "open": "Mon-Fri 09:00-17:00", "business day": "8h"}}
SIVO = {"support": {"zone": "Europe/Madrid", "open": "Mon-Fri 09:00-18:00", "business day": "9h"}}
DAYS = {"weekdays": {"zone": "UTC", "open": "Mon-Fri 00:00-24:00", "business day": "end of day"}}


def clock(within: Any, on: str, until: str = "answered", **more: Any) -> dict[str, Any]:
    """A ticket clock from its opening."""
    return {"clock": {"from": ["opened"], "until": [until], "on": on, "within": within, **more}}


@pytest.mark.parametrize(
    ("zone", "calendar", "within", "opened", "due"),
    [
        ("Africa/Johannesburg", ROUS, "2h", "2026-06-05 16:30", "Mon 06-08 10:30"),
        ("Africa/Johannesburg", ROUS, "4h", "2026-06-05 16:30", "Mon 06-08 12:30"),
        ("Africa/Johannesburg", ROUS, "8h", "2026-06-05 16:30", "Mon 06-08 16:30"),
        ("Africa/Johannesburg", ROUS, "1 business day", "2026-06-02 14:00", "Wed 06-03 14:00"),
        ("Africa/Johannesburg", ROUS, "2 business days", "2026-06-04 14:00", "Mon 06-08 14:00"),
        ("Africa/Johannesburg", ROUS, "1 business day", "2026-06-06 11:00", "Mon 06-08 17:00"),
        ("UTC", DESK, "6h", "2026-06-02 13:00", "Wed 06-03 11:00"),
        ("UTC", DESK, "4h", "2026-06-02 15:00", "Wed 06-03 11:00"),
        ("UTC", DESK, "3 business days", "2026-06-01 10:00", "Thu 06-04 10:00"),
        ("Europe/Amsterdam", CENG, "1h", "2026-06-05 16:30", "Mon 06-08 09:00"),
        ("Europe/Amsterdam", CENG, "8h", "2026-06-08 10:00", "Tue 06-09 09:30"),
        ("Europe/Amsterdam", CENG, "1 business day", "2026-04-24 14:00", "Tue 04-28 13:30"),
        ("Europe/Madrid", SIVO, "4h", "2026-06-05 16:00", "Mon 06-08 11:00"),
        ("Europe/Madrid", SIVO, "4h", "2026-03-27 16:00", "Mon 03-30 11:00"),
        ("Europe/Madrid", SIVO, "48h", "2026-06-08 09:00", "Mon 06-15 12:00"),
        ("UTC", DAYS, "5 business days", "2026-06-11 15:00", "Fri 06-19 00:00"),
    ],
)
def test_the_worked_deadlines_of_the_five_agreements_come_out(
    zone: str, calendar: dict[str, Any], within: str, opened: str, due: str
) -> None:
    """A ticket opened then is due then."""
    case = Case(zone, calendar, opened[:10], 20, deadline=clock(within, next(iter(calendar))))
    row = case.tell("ticket.opened", opened, priority="P1").row(opened)
    assert (row["state"], row["due_at"]) == ("running", due)


@pytest.mark.parametrize(
    ("announced", "state"), [("2026-06-11 22:00", "met"), ("2026-06-11 22:01", "breached")]
)
def test_a_notice_is_in_time_at_the_due_instant_itself(announced: str, state: str) -> None:
    """ROUS: 48 hours before Saturday 22:00 is Thursday 22:00, and that minute still counts."""
    notice = {"notice": {"of": "maintenance", "until": ["announced"], "due": ["starts_at", "-", "48h", None]}}
    case = Case("Africa/Johannesburg", ROUS, "2026-06-10", 8, deadline=notice)
    case.tell("maintenance.announced", announced, "M1", starts_at=case.at_s("2026-06-13 22:00"))
    row = case.row("2026-06-14 00:00")
    assert (row["state"], row["due_at"]) == (state, "Thu 06-11 22:00")


def test_the_answer_to_a_claim_is_due_at_the_end_of_the_fifteenth_business_day() -> None:
    """SIVO: filed on 30 July, answered by the end of 20 August."""
    answer = {"of": "claim", "until": ["determined"], "due": ["filed", "+", "15 business days", "weekdays"]}
    case = Case("UTC", DAYS, "2026-07-30", 30, deadline={"answer": answer})
    row = case.tell("claim.filed", "2026-07-30 18:00", "C1").row("2026-08-01 00:00")
    assert row["due_at"] == "Fri 08-21 00:00"


def cadence(each: str, on: str, first: str, again: str, **more: Any) -> dict[str, Any]:
    """Updates of an incident or a ticket."""
    of = "incident" if first == "declared" else "ticket"
    return {
        "updates": {
            "of": of,
            "from": [first],
            "again": [again],
            "until": ["resolved"],
            "each": each,
            "on": on,
            **more,
        }
    }


def test_updates_at_0_14_31_minutes_miss_once() -> None:
    """CENG: every 15 minutes from the declaration, then from the last update."""
    case = Case(
        "Europe/Amsterdam", CENG, "2026-06-05", 2, every=cadence("15m", "always", "declared", "informed")
    )
    case.tell("incident.declared", "2026-06-05 10:00", "I1", severity="S1")
    case.tell("incident.updated", "2026-06-05 10:14", "I1").tell("incident.updated", "2026-06-05 10:31", "I1")
    case.tell("incident.resolved", "2026-06-05 10:40", "I1")
    rows = case.rows("2026-06-05 12:00")
    assert [row["state"] for row in rows] == ["met", "breached", "not applicable"]
    assert rows[1]["breached_at"] == "Fri 06-05 10:29"


@pytest.mark.parametrize(
    ("hours", "states", "due"),
    [
        (None, ["met", "breached", "running"], "Wed 06-03 00:00"),
        ("desk", ["met", "met", "running"], "Wed 06-03 09:00"),
    ],
)
def test_an_update_due_when_nobody_is_there_is_due_at_the_next_opening(
    hours: str | None, states: list[str], due: str
) -> None:
    """INTG: every four hours from the first response; clipped to the hours there is no miss."""
    rules = cadence("4h", "always", "answered", "answered", **({"hours": hours} if hours else {}))
    case = Case("UTC", DESK, "2026-06-02", 5, every=rules)
    case.tell("ticket.opened", "2026-06-02 15:00", priority="P1")
    for shown in ("2026-06-02 16:00", "2026-06-02 20:00", "2026-06-03 01:10"):
        case.tell("ticket.replied", shown)
    rows = case.rows("2026-06-03 02:00")
    assert [row["state"] for row in rows] == states
    assert rows[1]["due_at"] == due
    assert rows[2]["due_at"] == ("Wed 06-03 05:10" if hours is None else "Wed 06-03 09:00")


def test_an_answer_between_closing_and_opening_is_in_time_with_the_budget_just_used_up() -> None:
    """Late is strictly after the last instant with elapsed <= budget, whichever way the deadline is shown."""
    for closing, due in (("stay", "Fri 06-05 17:00"), ("next opening", "Mon 06-08 09:00")):
        calendar = {"desk": {**DESK["desk"], "closing": closing}}
        case = Case("UTC", calendar, "2026-06-05", 6, deadline=clock("1h", "desk"))
        case.tell("ticket.opened", "2026-06-05 16:00")
        assert case.row("2026-06-08 09:00")["state"] == "running"
        late = case.row("2026-06-08 09:01")
        assert (late["state"], late["due_at"], late["breached_at"]) == ("breached", due, "Mon 06-08 09:00")


def test_waits_stop_the_clock_while_the_calendar_is_open() -> None:
    """Overlapping waits are a union, an end that names a duty ends only waits for that duty."""
    rules = clock("2h", "desk", "resolved", pause=[{"waiting": ["=", "for", "customer"]}])
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=rules)
    case.tell("ticket.opened", "2026-06-02 10:00")
    case.tell("ticket.waiting_started", "2026-06-02 10:30", **{"for": "customer", "duty": "data"})
    case.tell("ticket.waiting_started", "2026-06-02 10:40", **{"for": "customer", "duty": "access"})
    case.tell("ticket.waiting_ended", "2026-06-02 11:00", duty="data")
    paused = case.row("2026-06-02 11:30")
    assert (paused["due_at"], paused["elapsed_s"], paused["paused_s"]) == (None, 1800, 3600)
    case.tell("ticket.waiting_ended", "2026-06-02 12:00")
    row = case.row("2026-06-02 12:30")
    assert (row["due_at"], row["elapsed_s"], row["paused_s"]) == ("Tue 06-02 13:30", 3600, 5400)


@pytest.mark.parametrize(
    ("change", "breached_at"),
    [
        ("keep start", "Tue 06-02 13:00"),
        ("restart", "Tue 06-02 15:00"),
        # Three of eight hours are three eighths; what is left of two hours is an hour and a quarter.
        ("pro rata", "Tue 06-02 14:15"),
        ({"by customer": "restart", "by provider": "keep start"}, "Tue 06-02 13:00"),
    ],
)
def test_a_change_of_priority_re_targets_by_its_rule(change: Any, breached_at: str) -> None:
    """After three hours of P3 (8 h) the provider makes it P1 (2 h)."""
    rules = clock({"P1": "2h", "P3": "8h", "other": "8h"}, "always", change=change)
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=rules)
    case.tell("ticket.opened", "2026-06-02 10:00", priority="P3")
    case.tell("ticket.classified", "2026-06-02 13:00", by="provider", priority="P1")
    row = case.row("2026-06-02 20:00")
    assert (row["state"], row["breached_at"]) == ("breached", breached_at)


def test_a_breach_stands_after_a_change_to_a_longer_target_and_a_cancellation() -> None:
    """What comes later excuses nothing."""
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=clock({"P1": "2h", "other": "8h"}, "always"))
    case.tell("ticket.opened", "2026-06-02 10:00", priority="P1")
    case.tell("ticket.classified", "2026-06-02 13:00", by="provider", priority="P4")
    case.tell("ticket.cancelled", "2026-06-02 14:00")
    row = case.row("2026-06-02 20:00")
    assert (row["state"], row["breached_at"], row["due_at"]) == (
        "breached",
        "Tue 06-02 12:00",
        "Tue 06-02 12:00",
    )


@pytest.mark.parametrize(
    ("reopening", "rows"),
    [
        ("continue", [("breached", "Tue 06-02 15:00")]),
        ("new cycle", [("met", None), ("running", None)]),
        ("ignore", [("met", None)]),
    ],
)
def test_a_reopening_goes_on_begins_anew_or_is_ignored(reopening: str, rows: list[Any]) -> None:
    """Resolved after one of two hours, reopened at 14:00: the time between does not count."""
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=clock("2h", "always", "resolved", reopening=reopening))
    case.tell("ticket.opened", "2026-06-02 10:00").tell("ticket.resolved", "2026-06-02 11:00")
    case.tell("ticket.reopened", "2026-06-02 14:00")
    assert [(row["state"], row["breached_at"]) for row in case.rows("2026-06-02 15:30")] == rows


def test_the_next_response_starts_with_the_customer_once_there_was_a_first() -> None:
    """A reply of the customer before the first answer starts nothing; more of them change nothing."""
    rules = {
        "clock": {"from": ["customer_replied"], "until": ["answered"], "after": ["answered"], "within": "1h"}
    }
    case = Case("UTC", DESK, "2026-06-02", 2, deadline=rules)
    case.tell("ticket.opened", "2026-06-02 10:00").tell("ticket.customer_replied", "2026-06-02 10:10")
    case.tell("ticket.replied", "2026-06-02 10:20").tell("ticket.customer_replied", "2026-06-02 11:00")
    case.tell("ticket.customer_replied", "2026-06-02 11:30").tell(
        "ticket.replied", "2026-06-02 11:40", by="automatic"
    )
    case.tell("ticket.replied", "2026-06-02 11:50", visibility="internal").tell(
        "ticket.replied", "2026-06-02 12:00"
    )
    row = case.row("2026-06-02 14:00")
    assert (row["state"], row["started_at"], row["stopped_at"]) == (
        "met",
        "Tue 06-02 11:00",
        "Tue 06-02 12:00",
    )


@pytest.mark.parametrize(
    ("by", "state"),
    [({}, "not applicable"), ({"by": "customer"}, "not applicable"), ({"by": "provider"}, "breached")],
)
def test_only_the_customer_can_excuse_by_cancelling(by: dict[str, str], state: str) -> None:
    """A cancellation by the provider leaves the clock running."""
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=clock("2h", "always"))
    case.tell("ticket.opened", "2026-06-02 10:00").tell("ticket.cancelled", "2026-06-02 11:00", **by)
    assert case.row("2026-06-02 20:00")["state"] == state


def test_a_target_is_undetermined_until_somebody_gives_the_priority() -> None:
    """Then it is counted from the start."""
    case = Case("UTC", DESK, "2026-06-02", 4, deadline=clock({"P1": "2h", "other": "8h"}, "always"))
    case.tell("ticket.opened", "2026-06-02 10:00")
    assert case.row("2026-06-02 11:00")["state"] == "undetermined"
    case.tell("ticket.classified", "2026-06-02 11:30", by="provider", priority="P1")
    assert case.row("2026-06-02 11:45")["due_at"] == "Tue 06-02 12:00"


def test_a_quota_overflows_by_order_and_is_refunded_when_the_provider_reclassifies() -> None:
    """INTG: the third P1 of the month is handled otherwise, unless one of the first two was none."""
    quota = {
        "urgent": {
            "where": ["=", "priority", "P1"],
            "allow": 2,
            "per": "calendar month",
            "overflow": "ordinary",
        }
    }
    quota["urgent"]["refund"] = "provider reclassifies"
    within = [
        {"where": ["=", "quota.urgent", "within"], "limit": "4h"},
        {"where": ["=", "kind", "incident"], "limit": "20h"},
    ]
    case = Case("UTC", DESK, "2026-06-02", 4, quota=quota, deadline=clock(within, "always"))
    for n in (1, 2, 3):
        case.tell("ticket.opened", f"2026-06-02 1{n}:00", f"T{n}", priority="P1")
    assert [row["due_at"][-5:] for row in case.rows("2026-06-02 14:00")] == ["15:00", "16:00", "09:00"]
    case.tell("ticket.classified", "2026-06-02 12:30", "T1", by="provider", priority="P2")
    assert [row["due_at"][-5:] for row in case.rows("2026-06-02 14:00")] == ["07:00", "16:00", "17:00"]


def test_a_request_of_somebody_not_named_starts_no_clock() -> None:
    """The earliest named come first; who was removed is named no more."""
    terms = {"entitlement": {"users": {"named contacts": 1}}, "deadline": clock("2h", "always")}
    case = Case("UTC", DESK, "2026-06-02", 4, **terms)
    case.contract["contacts"] = {"ada": {"from": "2026-05-01"}, "bob": {"from": "2026-05-02"}}
    case.tell("ticket.opened", "2026-06-02 10:00", "T1", requester="ada")
    case.tell("ticket.opened", "2026-06-02 10:00", "T2", requester="bob")
    case.tell("contact.removed", "2026-06-02 11:00", "ada", contract="acme")
    case.tell("ticket.opened", "2026-06-02 11:30", "T3", requester="bob")
    assert [row["state"] for row in case.rows("2026-06-02 11:45")] == ["running", "not applicable", "running"]


def test_an_obligation_is_met_when_done_often_enough_in_its_period() -> None:
    """Two health reviews per contract year, anchored at its first day."""
    case = Case("UTC", DESK, "2025-03-10", 700, obligation={"review": {"times": 2, "per": "contract year"}})
    for shown in ("2025-04-01 00:00", "2026-03-09 23:59", "2026-03-10 00:00"):
        case.tell("obligation.done", shown, "acme", contract="acme", obligation="review")
    assert [row["state"] for row in case.rows("2026-06-01 00:00")] == ["met", "running"]


def test_labels_decide_where_clocks_change() -> None:
    """A window in the hour that repeats counts twice, one in the hour that is skipped counts nothing."""
    calendar = {"night": {"zone": "Europe/Amsterdam", "open": "Mon-Sun 02:00-03:00", "business day": "1h"}}
    for day, minutes in (("2026-03-29", 0), ("2026-06-01", 60), ("2026-10-25", 120)):
        assert sum(Case("Europe/Amsterdam", calendar, day, 1).walls()["night"].open[: 23 * 60]) == minutes


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    """So a closed day is closed until the next morning's own hours, and its night is not another's."""
    row = {
        "zone": "UTC",
        "open": "Mon-Fri 22:00-06:00",
        "dates": {"2026-06-03": "closed"},
        "business day": "end of day",
    }
    night = Case("UTC", {"night": row}, "2026-06-02", 5).walls()["night"]
    shown = [(on.isoformat()[-2:], (night.last[on] - night.first[on]) // 60) for on in sorted(night.first)]
    assert shown == [("01", 6), ("02", 8), ("04", 8), ("05", 8)]


def test_worlds_are_made_of_their_seed() -> None:
    """The same seed gives the same texts; the texts and the plain values tell the same number of facts."""
    for seed in range(4):
        world, again = make_world(seed), make_world(seed)
        assert world == again
        assert world["start_s"] < world["at_s"] < world["start_s"] + world["steps"] * world["step_s"]
        assert len(set(world["facts_jsonl"].splitlines())) == len(world["facts"])
