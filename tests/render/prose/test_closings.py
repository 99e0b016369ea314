"""What is said of times that end at a closing, and of later versions: small agreements with their words."""

from __future__ import annotations

import pytest

from tests.render.prose.reading import read, terms
from upheld.render.prose.changes import changes_section
from upheld.render.prose.hours import hours_section
from upheld.render.prose.left_open import left_open_section

USED_UP = "A time that is used up at the end of the opening hours lasts until the next opening."
VERBRUIKT = (
    "Een termijn die precies aan het einde van de openingsuren is verbruikt, loopt door tot de volgende "
    "opening."
)


def desk(within: str, more: str) -> str:
    """A desk of weekdays on which one deadline runs."""
    return (
        f"calendar: {{desk: {{open: Mon-Fri 09:00-17:00, holidays: none{more}}}}}\n"
        f"deadline: {{fix: {{from: opened, until: resolved, on: desk, within: {within}}}}}\n"
    )


@pytest.mark.parametrize(
    ("within", "more", "english", "dutch"),
    [
        ("4h", "", USED_UP, VERBRUIKT),
        ("2 business days", ", business day: 8h", USED_UP, VERBRUIKT),
        ("2 business days", ", business day: end of day", "", ""),
        ("2 business days", ", business day: end of day, closing: next opening", "", ""),
        (
            "{goal: 4h, limit: 2 business days}",
            ", business day: end of day",
            (
                "A time in hours or minutes that is used up at the end of the opening hours lasts until "
                "the next opening; one in business days does not."
            ),
            (
                "Een termijn in uren of minuten die precies aan het einde van de openingsuren is verbruikt, "
                "loopt door tot de volgende opening; een termijn in werkdagen niet."
            ),
        ),
        (
            "4h",
            ", closing: next opening",
            "A deadline that falls at the end of the opening hours moves to the next opening.",
            "Een termijn die aan het einde van de openingsuren afloopt, schuift naar de volgende opening.",
        ),
        (
            "{goal: 4h, limit: 2 business days}",
            ", business day: end of day, closing: next opening",
            (
                "A deadline in hours or minutes that falls at the end of the opening hours moves to the next "
                "opening; one in business days does not."
            ),
            (
                "Een termijn in uren of minuten die aan het einde van de openingsuren afloopt, schuift naar "
                "de volgende opening; een termijn in werkdagen niet."
            ),
        ),
    ],
)
def test_the_end_of_the_hours_is_told_of_amounts_that_are_counted_in_them(
    within: str, more: str, english: str, dutch: str
) -> None:
    """A number of business days that names a day ends with that day: nothing is said of a next opening."""
    of = terms(desk(within, more))
    for language, text, ending in (("en", english, "next opening"), ("nl", dutch, "volgende opening")):
        told = [one for one in read(hours_section, of, language) if ending in one]
        assert told == ([text] if text else [])


@pytest.mark.parametrize(
    ("applies", "english", "dutch"),
    [
        (
            "end of the notice",
            "It holds from the day after you are told of it at the earliest.",
            "Zij geldt op zijn vroegst vanaf de dag nadat u ervan op de hoogte bent gesteld.",
        ),
        (
            "next month",
            "It holds from the first day of the month after you are told of it at the earliest.",
            (
                "Zij geldt op zijn vroegst vanaf de eerste dag van de maand nadat u ervan op de hoogte bent "
                "gesteld."
            ),
        ),
    ],
)
def test_without_a_notice_a_version_holds_from_the_next_day_on(
    applies: str, english: str, dutch: str
) -> None:
    """There is no notice that could end."""
    of = terms(f"amend: {{notice: none, applies from: {applies}}}\n")
    assert english in read(changes_section, of)
    assert dutch in read(changes_section, of, "nl")


def test_a_reading_of_the_amendments_bears_on_them() -> None:
    """It is not called a reading on which nothing rests."""
    rows = (
        "assume: {notice: {ref: A/1, issue: how long, options: [short, long], take: short, because: so}}\n"
        "amend: {notice: {by notice: {short: 30d, long: 60d}}}\n"
    )
    of = terms(rows)
    assert of.amend is not None
    assert of.amend.cited.own == ("notice",)
    assert "It bears on how this agreement may change." in read(left_open_section, of)
    assert "Dit raakt hoe deze overeenkomst kan veranderen." in read(left_open_section, of, "nl")


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("", ""),
        (", flag: high", "This point is marked as important."),
        (", flag: low", "This point is marked as a minor one."),
    ],
)
def test_how_much_a_reader_should_be_told_of_a_reading_is_said_in_words(flag: str, told: str) -> None:
    """Not by the word that the file has for it."""
    text = f"assume: {{hours: {{ref: N1, issue: which, options: [a, b], take: a, because: so{flag}}}}}\n"
    english = " ".join(read(left_open_section, terms(text)))
    assert ("marked" in english) == bool(told)
    assert told in english
