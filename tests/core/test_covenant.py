"""Covenants: what is never to happen, judged by the report or by the month."""

from __future__ import annotations

import pytest

from .worlds import CONTRACT, Case, shown, text_at

SECRETS = "covenant:\n  secrets: {what: the keys of customers are never compromised}\n"
MONTHLY = SECRETS.replace("compromised}", "compromised, judged: each month}")
ENDS = CONTRACT.replace("}", ", until: 2026-08-01}")
REPORT = "covenant.compromise_reported"


def reported(case: Case, when: str, subject: str = "R-1", **data: object) -> Case:
    """A report of a compromise under the contract."""
    return case.tell(REPORT, when, subject, **{"contract": "c1", **data})


def rows(case: Case, when: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Subject, state and reasons of every verdict."""
    return [(one.key.subject, one.state, one.reasons) for one in case.ask(when).of("c1")]


def test_without_a_report_there_is_nothing_to_judge() -> None:
    """A covenant has no measure, so silence is no verdict."""
    assert rows(Case(SECRETS), "Fri 06-05 10:00") == []


def test_a_report_is_a_breach_with_its_record() -> None:
    """It began when it happened, and its record is the facts; it cannot be made good."""
    happened, learned = text_at("Mon 06-01 08:00"), text_at("Wed 06-03 09:00")
    case = reported(
        Case(SECRETS), "Wed 06-03 10:00", by="customer", credential="aws/acme",
        happened_at=happened, learned_at=learned,
    )  # fmt: skip
    (verdict,) = case.ask("Fri 06-05 10:00").of("c1")
    assert (verdict.kind, verdict.state, verdict.key.subject) == ("covenant", "breached", "R-1")
    assert shown(verdict.started_at) == "Mon 06-01 08:00"
    assert shown(verdict.stopped_at) == "Wed 06-03 10:00"
    assert [ref.id for ref in verdict.facts] == ["f000"]
    assert case.ask("Wed 06-03 09:59").of("c1") == ()


def test_when_it_happened_is_when_it_was_learned_of_as_long_as_nobody_knows() -> None:
    """And when it was reported, where that is not known either; the verdict says so."""
    case = reported(Case(SECRETS), "Wed 06-03 10:00", learned_at=text_at("Tue 06-02 10:00"))
    reported(case, "Wed 06-03 11:00", "R-2")
    first, second = case.ask("Fri 06-05 10:00").of("c1")
    assert (shown(first.started_at), shown(second.started_at)) == ("Tue 06-02 10:00", "Wed 06-03 11:00")
    assert first.reasons == ("when it happened is not known, so it counts when it was learned of",)


def test_a_report_told_again_holds_as_it_was_told_last() -> None:
    """It turns out that somebody else did it: the entry stays and is no breach any more."""
    case = reported(Case(SECRETS), "Wed 06-03 10:00", happened_at=text_at("Mon 06-01 08:00"))
    assert rows(case, "Wed 06-03 12:00")[0][1] == "breached"
    reported(case, "Thu 06-04 10:00", party="customer", happened_at=text_at("Mon 06-01 08:00"))
    assert rows(case, "Thu 06-04 12:00") == [("R-1", "not applicable", ("it was the doing of the customer",))]
    (verdict,) = case.ask("Thu 06-04 12:00").of("c1")
    assert [ref.id for ref in verdict.facts] == ["f000", "f001"]


@pytest.mark.parametrize("way", ["withdrawn", "corrected"])
def test_a_report_can_be_withdrawn_or_corrected(way: str) -> None:
    """What was withdrawn never happened; what was corrected happened as the correction says."""
    case = reported(Case(SECRETS), "Wed 06-03 10:00", happened_at=text_at("Mon 06-01 08:00"))
    common = {"corrects": {"source": "desk", "id": "f000"}, "by": "office", "reason": "a drill"}
    if way == "withdrawn":
        case.tell("correction.withdrawn", "Thu 06-04 10:00", "c", **common)
        assert rows(case, "Fri 06-05 10:00") == []
        return
    told = {"data": {"contract": "c1", "party": "third party", "happened_at": text_at("Mon 06-01 08:00")}}
    case.tell("correction.replaced", "Thu 06-04 10:00", "c", replacement=told, **common)
    assert rows(case, "Fri 06-05 10:00")[0][1:] == (
        "not applicable", ("it was the doing of the third party",)
    )  # fmt: skip


def test_reports_of_others_and_unverified_ones_do_not_count() -> None:
    """Another contract, a teller who is not known, a covenant that there is not."""
    case = reported(Case(SECRETS), "Wed 06-03 10:00", contract="another")
    reported(case, "Wed 06-03 10:00", "R-2", verified=False)
    reported(case, "Wed 06-03 10:00", "R-3", covenant="another")
    assert rows(case, "Fri 06-05 10:00") == []


def test_with_two_covenants_a_report_names_the_one_it_is_about() -> None:
    """One that names none is about neither."""
    two = SECRETS + "  data: {what: data are never sold, modality: objective}\n"
    case = reported(Case(two), "Wed 06-03 10:00")
    assert rows(case, "Fri 06-05 10:00") == []
    reported(case, "Wed 06-03 11:00", "R-2", covenant="data")
    assert [row[:2] for row in rows(case, "Fri 06-05 10:00")] == [("R-2", "missed")]


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ("2025-12-31T23:59:59.999999Z", "not applicable"),
        ("2026-01-01T00:00:00Z", "breached"),
        ("2026-07-31T23:59:59.999999Z", "breached"),
        ("2026-08-01T00:00:00Z", "not applicable"),
    ],
)
def test_it_holds_from_the_first_day_of_the_contract_to_the_last(happened: str, state: str) -> None:
    """A compromise outside the contract is in the register, and no breach."""
    case = reported(Case(SECRETS, ENDS), "Tue 09-01 10:00", happened_at=happened)
    assert rows(case, "Tue 09-01 12:00")[0][1] == state


def test_a_covenant_can_begin_later_than_the_contract() -> None:
    """`since` is its first day, in the zone of the contract."""
    since = SECRETS.replace("compromised}", "compromised, since: 2026-06-01}")
    case = reported(Case(since), "Wed 06-03 10:00", happened_at=text_at("Sun 05-31 23:59"))
    reported(case, "Wed 06-03 10:00", "R-2", happened_at=text_at("Mon 06-01 00:00"))
    assert [row[1] for row in rows(case, "Wed 06-03 12:00")] == ["not applicable", "breached"]


# -- by the month ------------------------------------------------------------------------------------------


def test_by_the_month_each_month_without_a_compromise_is_met() -> None:
    """It is running until the month ends; a report breaches at once, also a month that had been met."""
    case = Case(MONTHLY)
    assert dict(row[:2] for row in rows(case, "Fri 06-05 10:00")) == {
        **{f"2026-{month:02}": "met" for month in range(1, 6)}, "2026-06": "running",
    }  # fmt: skip
    reported(case, "Wed 06-10 10:00", happened_at=text_at("Thu 04-30 23:59"))
    found = dict(row[:2] for row in rows(case, "Wed 06-10 10:00"))
    assert (found["2026-04"], found["2026-05"], found["2026-06"]) == ("breached", "met", "running")
    (april,) = (one for one in case.ask("Wed 06-10 10:00").of("c1") if one.key.subject == "2026-04")
    assert (april.count, april.allowed, [ref.id for ref in april.facts]) == (1, 0, ["f000"])


def test_the_end_of_a_month_is_a_wake() -> None:
    """At that instant a month that was running is met."""
    case = Case(MONTHLY)
    ((wake, key),) = case.ask("Fri 06-05 10:00").wakes
    assert (shown(wake.at), key.subject) == ("Wed 07-01 00:00", "2026-06")


def test_the_last_month_ends_with_the_contract() -> None:
    """A contract that ends on the 15th owes half of the month, and it is met when that is over."""
    case = Case(MONTHLY, CONTRACT.replace("}", ", until: 2026-06-15}"))
    found = dict(row[:2] for row in rows(case, "Sun 06-14 23:59"))
    assert found["2026-06"] == "running"
    assert dict(row[:2] for row in rows(case, "Mon 06-15 00:00"))["2026-06"] == "met"
    reported(case, "Tue 06-16 10:00", happened_at=text_at("Mon 06-15 00:00"))
    assert dict(row[:2] for row in rows(case, "Tue 06-16 12:00"))["2026-06"] == "met"


def test_months_are_those_of_the_zone() -> None:
    """30 April 22:30 UTC is May in Madrid."""
    case = Case(MONTHLY.replace("judged", "zone: Europe/Madrid, judged"))
    reported(case, "Wed 06-10 10:00", happened_at=text_at("Thu 04-30 22:30"))
    found = dict(row[:2] for row in rows(case, "Wed 06-10 10:00"))
    assert (found["2026-04"], found["2026-05"]) == ("met", "breached")


def test_a_month_before_it_held_is_not_judged() -> None:
    """`since` is in March: January and February owe nothing."""
    case = Case(MONTHLY.replace("judged", "since: 2026-03-10, judged"))
    found = dict(row[:2] for row in rows(case, "Wed 04-01 10:00"))
    assert found == {
        "2026-01": "not applicable", "2026-02": "not applicable", "2026-03": "met", "2026-04": "running",
    }  # fmt: skip
