"""Names of holidays in another language than the lock has them in."""

from __future__ import annotations

import pytest
from holidays import country_holidays

from tests.render.prose.reading import plain, read, terms
from upheld.render.prose.holidays import HOLIDAYS, holiday
from upheld.render.prose.hours import hours_section
from upheld.render.prose.tongue import Tongue

YEARS = range(2015, 2036)
DUTCH = Tongue("nl")


def named(country: str, language: str) -> dict[object, str]:
    """The public holidays of a country by day."""
    found = country_holidays(country, years=YEARS, language=language)
    return {on: found[on] for on in sorted(found)}


def test_the_holidays_of_the_netherlands_are_called_as_the_dutch_call_them() -> None:
    """Whatever the library says in Dutch, several of one day in any order."""
    dutch = named("NL", "nl")
    for on, name in named("NL", "en_US").items():
        assert sorted(holiday(name, DUTCH).split("; ")) == sorted(dutch[on].split("; "))


@pytest.mark.parametrize("country", ["BE", "DE", "LU", "FR", "AW", "CW", "SX", "SR"])
def test_holidays_of_other_countries_have_dutch_names_too(country: str) -> None:
    """Those of the neighbours and of where Dutch is spoken: none is left in English."""
    for name in named(country, "en_US").values():
        for part in name.split("; "):
            assert holiday(part, DUTCH) != part


def test_english_names_and_names_of_an_agreement_stay_as_they_are() -> None:
    """Only what is known as a holiday is looked up, even if a name is a message of another kind."""
    assert all(holiday(name, Tongue("en")) == name for name in HOLIDAYS)
    assert holiday("Founder's day", DUTCH) == "Founder's day"
    assert DUTCH.say("yes") == "ja"
    assert holiday("yes", DUTCH) == "yes"


def test_marks_and_several_names_are_told() -> None:
    """A day that is kept on another one, one that is estimated, and two on one day."""
    assert holiday("Christmas Day (observed)", DUTCH) == "Eerste kerstdag (vervangende vrije dag)"
    assert holiday("Eid al-Fitr (estimated)", DUTCH) == "Suikerfeest (geschat)"
    assert holiday("Ascension Day; Founder's day", DUTCH) == "Hemelvaartsdag; Founder's day"
    assert holiday("Founder's day (of the firm)", DUTCH) == "Founder's day (of the firm)"


def test_all_holidays_from_the_version_on_are_told() -> None:
    """A day that most years share is told once, with the years that have another; a moving one in full."""
    found = terms("calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00, holidays: {country: NL}}}\n")
    rows = dict(row.split(" | ") for row in read(hours_section, found) if " | " in row)
    assert "Holidays of “desk”, from 2026 to 2035" in read(hours_section, found)
    assert rows["Christmas Day"] == "25 December"
    assert rows["King's Day"] == "27 April, but 26 April 2031"
    assert rows["Good Friday"].startswith("3 April 2026, 26 March 2027, ")
    assert rows["Good Friday"].endswith(" and 23 March 2035")
    dutch = read(hours_section, found, "nl")
    assert "Feestdagen van “desk”, van 2026 tot en met 2035" in dutch
    assert "Koningsdag | 27 april, maar 26 april 2031" in dutch


def test_a_holiday_that_not_every_year_has_is_told_day_by_day() -> None:
    """A day of one year alone is not taken for one of every year."""
    found = terms(
        "calendar: {desk: {zone: UTC, open: Mon-Fri 09:00-17:00,"
        " holidays: {add: {2026-06-05: Feast, 2028-06-05: Feast}}}}\n"
    )
    assert "Feast | 5 June 2026 and 5 June 2028" in map(plain, read(hours_section, found))
