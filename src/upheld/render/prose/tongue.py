"""A language to write in: its catalogue of messages, and its forms of numbers, dates, lengths and money.

Messages are written in English in the code and looked up in `catalogues/CODE.po`; placeholders have names, so
that a translation may put them in its own order. Figures are exact: nothing is rounded to be shown.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from upheld.core.timeline.instant import DAY, HOUR, SECOND, Duration, Instant
from upheld.core.timeline.zone import Zone
from upheld.core.values.amount import Amount
from upheld.core.values.value import Money

LANGUAGES: Final = ("en", "nl")
"""The languages that have a catalogue; English is that of the messages themselves."""
_DECIMALS: Final = 20
_SEPARATOR: Final = re.compile(r"(?<=\d)[.,](?=\d)", re.ASCII)
"""What separates figures; a comma behind a sign stands between two of them."""
_OTHER: Final = {",": ".", ".": ","}
"""So many decimals are looked at: what has more has no end in practice, and is written as a fraction."""


def N_(message: str) -> str:  # noqa: N802  # the name by which message tools know it
    """Marks a message that is looked up elsewhere than where it is written."""
    return message


_ONE_BELOW_TWO: Final = frozenset({"nl"})
"""The languages in which a fraction below two has the singular."""
_UNITS: Final[Mapping[Duration, str]] = {HOUR: N_("hour"), 60 * SECOND: N_("minute"), SECOND: N_("second")}


class Tongue:
    """One language. ValueError if there is no catalogue of it."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"there are no words in {language!r}, only in {', '.join(LANGUAGES)}")
        self.language = language
        self.locale = Locale.parse("en_GB" if language == "en" else language)
        self._messages = catalogue(language)

    # -- messages ------------------------------------------------------------------------------------------

    def say(self, message: str, **words: str) -> str:
        """A message in this language, with its words in their places."""
        return self._messages.gettext(message).format(**words)

    def plural(self, number: int | Fraction, one: str, many: str, **words: str) -> str:
        """A message that depends on a number, which is its word `number`."""
        text = self._messages.ngettext(one, many, self._form_of(number))
        return text.format(number=self.number(number), **words)

    def _form_of(self, number: int | Fraction) -> int:
        """A whole number that is counted as this one is, by the rules of the language.

        English has the plural of every fraction (0.8 seconds), Dutch from two on (2,5 werkdagen, but 0,8
        seconde and 1,5 werkdag). Trap: the plural rules of Unicode do not know that.
        """
        exact = Fraction(number)
        if exact.denominator == 1:
            return exact.numerator
        return 1 if self.language in _ONE_BELOW_TWO and abs(exact) < 2 else 2

    def listed(self, items: Iterable[str], how: Literal["and", "or"] = "and") -> str:
        """One, two and three; or: one, two or three."""
        return format_list(list(items), "standard" if how == "and" else "or", locale=self.locale)

    # -- figures -------------------------------------------------------------------------------------------

    def number(self, value: int | Fraction | Decimal) -> str:
        """An exact number; one that has no end in decimals is a fraction (1/3)."""
        exact = _decimal(Fraction(value))
        return f"{Fraction(value)}" if exact is None else self._written(exact)

    def percent(self, ratio: Fraction, decimals: int = 0) -> str:
        """A ratio as a percentage, with at least so many decimals (99.95 %)."""
        exact = _decimal(ratio * 100)
        if exact is None:
            return f"{ratio * 100} %"
        return f"{self._written(exact, decimals)} %"

    def _written(self, exact: Decimal, decimals: int = 0) -> str:
        """All digits of a number, and at least so many decimals."""
        pattern = "#,##0." + "0" * decimals + "#" * (_DECIMALS - decimals)
        with localcontext(prec=exact.adjusted() + 2 * _DECIMALS):  # Babel quantizes to all of the pattern
            return str(format_decimal(exact, pattern, self.locale))

    def digits(self, text: str) -> str:
        """Figures written the English way, with the separators of the language."""
        return text if self.language == "en" else _SEPARATOR.sub(lambda one: _OTHER[one[0]], text)

    def money(self, money: Money) -> str:
        """Money by the rules of its currency, with all its decimals."""
        exact = _decimal(Fraction(money.amount))
        if exact is None:
            return f"{money.amount} {money.currency}"
        return str(format_currency(exact, money.currency, locale=self.locale, decimal_quantization=False))

    # -- time ----------------------------------------------------------------------------------------------

    def on(self, day: date) -> str:
        """A date with its day of the week: Friday 5 June 2026."""
        return str(format_date(day, "EEEE d MMMM y", self.locale))

    def day(self, day: date) -> str:
        """A date: 5 June 2026."""
        return str(format_date(day, "d MMMM y", self.locale))

    def day_of_year(self, day: date) -> str:
        """A day that comes back every year: 5 June."""
        return str(format_date(day, "d MMMM", self.locale))

    def at(self, at: Instant, zone: Zone) -> str:
        """An instant by the clock of a zone: Friday 5 June 2026 at 16:30."""
        day, of_day_us = zone.local_of(at)[0], zone.label_at(at) % DAY
        return self.say("{day} at {time}", day=self.on(day), time=self.clock(of_day_us // SECOND))

    def clock(self, of_day_s: int) -> str:
        """A time of day, 24:00 for its end."""
        if of_day_s >= 86_400:
            return "24:00" if of_day_s == 86_400 else self.clock(of_day_s - 86_400)
        minutes, seconds = divmod(of_day_s, 60)
        of_day = time(minutes // 60, minutes % 60, seconds)
        return str(format_time(of_day, "HH:mm:ss" if seconds else "HH:mm", locale=self.locale))

    def days_of_week(self) -> Sequence[str]:
        """Monday to Sunday."""
        names = get_day_names("wide", locale=self.locale)
        return [names[n] for n in range(7)]

    def length(self, duration_us: Duration) -> str:
        """A length of time in hours, minutes and seconds: 21 minutes and 36 seconds."""
        hours, rest = divmod(duration_us, HOUR)
        minutes, rest = divmod(rest, 60 * SECOND)
        seconds = Fraction(rest, SECOND)
        parts = []
        if hours:
            parts.append(self.plural(hours, "{number} hour", "{number} hours"))
        if minutes:
            parts.append(self.plural(minutes, "{number} minute", "{number} minutes"))
        if seconds or not parts:
            parts.append(self.plural(seconds, "{number} second", "{number} seconds"))
        return self.listed(parts)

    def interval(self, duration_us: Duration) -> str:
        """A length after every: minute, 5 minutes, 1 hour and 30 minutes."""
        name = _UNITS.get(duration_us)
        return self.say(name) if name else self.length(duration_us)

    def amount(self, amount: Amount) -> str:
        """An amount of time as agreements write it: 2 hours, 1 business day, 15 days."""
        if amount.kind == "time":
            return self.length(int(amount.count))
        match amount.kind:
            case "business days":
                return self.plural(amount.count, "{number} business day", "{number} business days")
            case "days":
                return self.plural(amount.count, "{number} day", "{number} days")
            case "weeks":
                return self.plural(amount.count, "{number} week", "{number} weeks")
            case "months":
                return self.plural(amount.count, "{number} month", "{number} months")
            case "years":
                return self.plural(amount.count, "{number} year", "{number} years")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of a language, read from its catalogue once."""
    if language == "en":
        return gettext.NullTranslations()
    with files(__package__).joinpath("catalogues", f"{language}.po").open("rb") as source:
        read = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _decimal(value: Fraction) -> Decimal | None:
    """The decimal that is exactly this, if one ends within 20 places."""
    shifted = value * 10**_DECIMALS
    if shifted.denominator != 1:
        return None
    # Trap: arithmetic of decimals rounds to 28 digits unless it is told otherwise.
    with localcontext(prec=len(str(shifted.numerator)) + 1):
        return Decimal(shifted.numerator).scaleb(-_DECIMALS).normalize()
