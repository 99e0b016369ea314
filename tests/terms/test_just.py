"""JUST: every number that is a deadline; its share of the month joins with measurement."""

from __future__ import annotations

import pytest

from upheld.core.timeline.instant import datetime_of

from .small import Small, Under


@pytest.fixture
def just(under: Under) -> Small:
    """A contract under JUST, without a zone of its own."""
    return under("just", "UTC")


def complained(just: Small, issue: str, at: str) -> Small:
    """A complaint about something that happened at `issue`."""
    return just.tell("claim.filed", "C-1", at, issue_at=datetime_of(just.instant(issue)).isoformat())


def test_just_5_j10_a_late_task_of_thursday_is_complained_about_by_the_next_thursday(just: Small) -> None:
    """Five days Monday to Friday, to the end of the fifth."""
    complained(just, "Thu 2026-06-11 10:20", "Fri 2026-06-12 09:00")
    assert just.due("complaint", "C-1") == "Thu 2026-06-18 24:00"
    assert just.state("complaint", "C-1") == "met"


@pytest.mark.parametrize(
    ("at", "state"), [("Thu 2026-06-18 24:00", "met"), ("Fri 2026-06-19 00:00:01", "missed")]
)
def test_just_5_j10_the_end_of_the_fifth_day_is_in_time(just: Small, at: str, state: str) -> None:
    """A late complaint is missed by the customer and nobody's breach."""
    assert complained(just, "Thu 2026-06-11 10:20", at).state("complaint", "C-1") == state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("Thu 2026-06-18 22:00", "met"),
        ("Thu 2026-06-18 24:00", "met"),
        ("Fri 2026-06-19 00:00:01", "missed"),
    ],
)
def test_just_5_j10_the_fifth_day_ends_in_the_zone_of_the_contract(under: Under, at: str, state: str) -> None:
    """In New York the fifth day lasts to its own midnight, four hours after that of UTC."""
    customer = under("just", "America/New_York", more="zone: America/New_York")
    complained(customer, "Thu 2026-06-11 10:20", at)
    assert customer.due("complaint", "C-1") == "Thu 2026-06-18 24:00"
    assert customer.state("complaint", "C-1") == state


@pytest.mark.parametrize(
    ("began", "state"), [("Thu 2026-06-11 10:15", "met"), ("Thu 2026-06-11 10:15:01", "missed")]
)
def test_just_2_j1_a_task_has_fifteen_minutes_to_start(just: Small, began: str, state: str) -> None:
    """Fifteen minutes and no second more; a single late task is a miss, since one in ten may be late."""
    just.tell("task.submitted", "K-1", "Thu 2026-06-11 10:00")
    assert just.due("task start", "K-1") == "Thu 2026-06-11 10:15"
    assert just.tell("task.began", "K-1", began).state("task start", "K-1") == state


def test_just_2_j3_a_task_that_never_starts_is_late(just: Small) -> None:
    """Late from the end of the fifteenth minute on."""
    just.tell("task.submitted", "K-1", "Thu 2026-06-11 10:00")
    assert just.state("task start", "K-1", at="Thu 2026-06-11 10:16") == "missed"


@pytest.mark.parametrize(
    ("at", "state"), [("Thu 2026-06-11 10:14", "not applicable"), ("Thu 2026-06-11 10:16", "missed")]
)
def test_just_2_j3_a_task_cancelled_by_the_customer_before_that_is_out(
    just: Small, at: str, state: str
) -> None:
    """Afterwards it is late already."""
    just.tell("task.submitted", "K-1", "Thu 2026-06-11 10:00")
    assert just.tell("task.cancelled", "K-1", at, by="customer").state("task start", "K-1") == state


def test_just_6_2_j11_the_details_of_a_cause_have_no_limit(just: Small) -> None:
    """Five business days ring an alarm; the reasonable time has no number to miss."""
    complained(just, "Thu 2026-06-11 10:20", "Fri 2026-06-12 09:00")
    assert just.goal("cause details", "C-1") == "Fri 2026-06-19 24:00"
    assert just.state("cause details", "C-1", at="Fri 2026-07-31 09:00") == "not applicable"
