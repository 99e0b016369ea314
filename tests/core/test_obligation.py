"""Obligations: what has to be done so many times in a period, though nobody asks."""

from __future__ import annotations

from .worlds import Case

REVIEWS = "obligation:\n  reviews: {times: 2, per: contract year}\n"
SINCE_MARCH = "contract: {id: c1, customer: Acme, agreement: acme, from: 2025-03-01, until: 2027-03-01}\n"


def done(case: Case, when: str, **data: object) -> Case:
    """One review."""
    return case.tell("obligation.done", when, "R", **{"contract": "c1", "obligation": "reviews", **data})


def rows(case: Case, when: str) -> list[tuple[str, str, int | None]]:
    """Period, state and count."""
    return [(v.key.subject, v.state, v.count) for v in case.ask(when).of("c1")]


def test_a_contract_year_is_met_as_soon_as_it_was_done_often_enough() -> None:
    """Nothing in the first year, two in the second; others' facts and unverified ones do not count."""
    case = done(Case(REVIEWS, SINCE_MARCH), "Tue 03-03 10:00")
    done(case, "Wed 03-04 10:00", verified=False)
    done(case, "Wed 03-04 11:00", contract="another")
    done(case, "Wed 03-04 12:00", obligation="something else")
    years = ("contract year 2025-03-01", "contract year 2026-03-01")
    assert rows(case, "Thu 04-30 10:00") == [(years[0], "breached", 0), (years[1], "running", 1)]
    done(case, "Fri 05-01 10:00")
    assert rows(case, "Fri 05-01 10:00")[1] == (years[1], "met", 2)


def test_a_period_is_open_until_it_ends() -> None:
    """A month that ends with the last instant before the first of the next."""
    case = Case("obligation:\n  reviews: {times: 1, per: calendar month, modality: objective}\n", SINCE_MARCH)
    before = dict(row[:2] for row in rows(case, "Thu 04-30 23:59:59"))
    after = dict(row[:2] for row in rows(case, "Fri 05-01 00:00"))
    assert (before["2026-04"], "2026-05" in before) == ("running", False)
    assert (after["2026-04"], after["2026-05"]) == ("missed", "running")


def test_a_review_counts_in_the_month_of_the_zone() -> None:
    """30 April 23:00 UTC is May in Amsterdam."""
    rule = "obligation:\n  reviews: {times: 1, per: calendar month, zone: Europe/Amsterdam}\n"
    case = done(Case(rule, SINCE_MARCH), "Thu 04-30 23:00")
    found = dict(row[:2] for row in rows(case, "Fri 05-01 12:00"))
    assert (found["2026-04"], found["2026-05"]) == ("breached", "met")


def test_nothing_is_owed_before_or_after_the_contract() -> None:
    """One period for each year in force; what falls due after the contract's end is not owed."""
    later = "contract: {id: c1, customer: Acme, agreement: acme, from: 2026-06-01, until: 2026-09-01}\n"
    case = Case(REVIEWS, later)
    assert rows(case, "Sun 05-31 23:59") == []
    assert [row[1] for row in rows(case, "Mon 08-31 12:00")] == ["running"]
    assert [row[1] for row in rows(case, "Thu 12-31 12:00")] == ["not applicable"]
