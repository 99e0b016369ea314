"""Languages: catalogues that are whole, and figures as their readers write them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from scripts.messages import CATALOGUES, messages, text

from upheld.core.values.amount import parse_amount
from upheld.core.values.value import Money
from upheld.render.prose.tongue import LANGUAGES, Tongue


def test_every_language_has_its_catalogue() -> None:
    """English is in the code; the others have a file each."""
    assert {path.stem for path in CATALOGUES.glob("*.po")} | {"en"} == set(LANGUAGES)


@pytest.mark.slow
@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_catalogue_has_every_message_and_no_other(language: str) -> None:
    """It is as `python -m scripts.messages` writes it, and nothing in it is left untranslated."""
    path = CATALOGUES / f"{language}.po"
    assert path.read_bytes() == text(path), "run `python -m scripts.messages` and translate what is new"
    with path.open("rb") as source:
        told = [one for one in read_po(source, locale=language) if one.id]
    assert len(told) == len([one for one in messages() if one.id])
    for message in told:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        for one in texts:
            assert one, f"{message.id!r} is not translated"
            assert _names(one) == _names(asked[-1]), message.id


def _names(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_figures_are_written_as_their_readers_write_them() -> None:
    """Comma or point, names of days, currency before or after; nothing is rounded."""
    english, dutch = Tongue("en"), Tongue("nl")
    assert (english.percent(Fraction("0.9995")), dutch.percent(Fraction("0.9995"))) == ("99.95 %", "99,95 %")
    assert english.percent(Fraction(99, 100), 1) == "99.0 %"
    assert english.number(Fraction(1, 3)) == "1/3"
    long = Fraction("123456789012345678901234567890.123456789")
    assert english.number(long) == "123,456,789,012,345,678,901,234,567,890.123456789"
    assert english.percent(Fraction(10**9), 2) == "100,000,000,000.00 %"
    assert dutch.number(-100_000_000) == "-100.000.000"
    assert dutch.money(Money(Fraction("1234.5"), "EUR")).replace("\xa0", " ") == "€ 1.234,50"
    assert english.money(Money(Fraction("12.345"), "EUR")) == "€12.345"
    assert dutch.on(date(2026, 6, 5)) == "vrijdag 5 juni 2026"
    assert english.amount(parse_amount("1h 30m")) == "1 hour and 30 minutes"
    assert dutch.amount(parse_amount("1 business day")) == "1 werkdag"
    assert dutch.amount(parse_amount("15 days")) == "15 dagen"


def test_a_number_is_one_however_it_is_kept_and_many_if_it_is_broken() -> None:
    """A whole fraction is a whole number; half of something is in the plural."""
    days = ("{number} day of service", "{number} days of service")
    assert [Tongue("en").plural(n, *days) for n in (1, Fraction(1), Fraction(1, 2), Fraction(4, 2))] == [
        "1 day of service",
        "1 day of service",
        "0.5 days of service",
        "2 days of service",
    ]


def test_a_fraction_below_two_has_the_singular_in_dutch_and_the_plural_in_english() -> None:
    """0,8 seconde and 1,5 werkdag, but 2,5 werkdagen and 0 seconden."""
    english, dutch = Tongue("en"), Tongue("nl")
    lengths = [(english.length(us), dutch.length(us)) for us in (0, 800_000, 1_000_000, 1_500_000, 2_500_000)]
    assert lengths == [
        ("0 seconds", "0 seconden"),
        ("0.8 seconds", "0,8 seconde"),
        ("1 second", "1 seconde"),
        ("1.5 seconds", "1,5 seconde"),
        ("2.5 seconds", "2,5 seconden"),
    ]
    amounts = [parse_amount(text) for text in ("1.5 business days", "2.5 business days")]
    assert list(map(dutch.amount, amounts)) == ["1,5 werkdag", "2,5 werkdagen"]
    assert english.amount(amounts[0]) == "1.5 business days"


def test_an_interval_of_one_unit_has_no_number() -> None:
    """Every minute and every hour, but every 5 minutes."""
    english, dutch = Tongue("en"), Tongue("nl")
    assert [english.interval(us) for us in (1_000_000, 60_000_000, 3_600_000_000, 300_000_000)] == [
        "second",
        "minute",
        "hour",
        "5 minutes",
    ]
    assert [dutch.interval(us) for us in (60_000_000, 300_000_000)] == ["minuut", "5 minuten"]


def test_a_language_without_a_catalogue_is_refused() -> None:
    """With the ones that there are."""
    with pytest.raises(ValueError, match="only in en, nl"):
        Tongue("fr")


def test_figures_take_the_separators_of_the_language_and_nothing_else_does() -> None:
    """A comma between two figures of a band is no part of either."""
    assert Tongue("nl").digits("[50 %, 99.95 %) of 1,417.89") == "[50 %, 99,95 %) of 1.417,89"
    assert Tongue("en").digits("1,417.89") == "1,417.89"
