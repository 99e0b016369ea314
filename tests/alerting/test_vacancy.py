"""Gaps of a rota are told before they come, each once, whenever one looks."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.alerting.test_rota import AMSTERDAM, rotas
from tests.core.worlds import at, shown
from upheld.core.alerting.rota import Layer, Override, Rota, on_call
from upheld.core.alerting.vacancy import AHEAD, vacancies
from upheld.core.timeline.instant import DAY, HOUR

SINCE = at("Mon 06-01 00:00")
ENDING = Layer(("ann", "bob"), "weekly", AMSTERDAM, date(2026, 6, 1), until_on=date(2026, 6, 22))
GOES_ON = Layer(("eve",), "daily", AMSTERDAM, date(2026, 6, 24))


def told(rota: Rota, now: str) -> list[tuple[str | None, str]]:
    """When which warning is told."""
    found = vacancies(rota, SINCE, at(now), SINCE + 40 * DAY)
    return [(shown(one.at), one.urgency) for one in found]


def test_a_gap_is_told_a_week_and_a_day_before_it_begins() -> None:
    """Nobody follows Bob on 22 June, until Eve begins on the 24th; when that is over nothing is told."""
    rota = Rota("desk", (ENDING, GOES_ON))
    assert told(rota, "Tue 06-02 00:00") == [("Sun 06-14 22:00", "urgent"), ("Sat 06-20 22:00", "page")]
    assert told(rota, "Tue 06-23 21:59") == told(rota, "Tue 06-02 00:00")
    assert told(rota, "Tue 06-23 22:00") == []


def test_who_fills_a_gap_ends_its_warnings() -> None:
    """Half of it filled, it begins later; all of it, there is none."""
    night = Override("zoe", at("Sun 06-21 22:00"), at("Mon 06-22 10:00"))
    rest = Override("max", at("Mon 06-22 10:00"), at("Tue 06-23 22:00"))
    half = told(Rota("desk", (ENDING, GOES_ON), (night,)), "Tue 06-02 00:00")
    assert half == [("Mon 06-15 10:00", "urgent"), ("Sun 06-21 10:00", "page")]
    assert told(Rota("desk", (ENDING, GOES_ON), (night, rest)), "Tue 06-02 00:00") == []


def test_a_gap_that_is_near_when_a_rota_is_made_is_told_at_once() -> None:
    """A rota without anybody is one: what should have been told before there was a rota is told then."""
    assert told(Rota("desk"), "Mon 06-01 00:00") == [
        ("Mon 06-01 00:00", "urgent"),
        ("Mon 06-01 00:00", "page"),
    ]


@given(rotas(), st.integers(0, 24 * 6), st.integers(0, 24 * 6))
def test_whenever_one_looks_the_gaps_are_the_same(rota: Rota, first: int, second: int) -> None:
    """Each half hour without anybody is in a gap that is told; what was seen first is seen later as well."""
    since = at("Fri 03-27 00:00")
    earlier, later = (since + hours * HOUR for hours in sorted((first, second)))
    until = since + 6 * DAY
    found = vacancies(rota, since, earlier, until)
    for now in range(later, until, HOUR // 2):
        inside = {one.urgency for one in found if one.start_at <= now < one.end_at}
        assert inside == (set(AHEAD) if on_call(rota, now) is None else set())
    assert vacancies(rota, since, later, until) == tuple(one for one in found if one.end_at > later)
    assert all(one.at == max(one.start_at - AHEAD[one.urgency], since) for one in found)
