"""Public holidays by country, region and category, from the `holidays` library. The lock freezes them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


class HolidaysError(ValueError):
    """The country, subdivision or category is not known; the message suggests those that are."""


def resolve_holidays(
    country: str, subdivision: str | None, categories: Sequence[str], years: Iterable[int]
) -> dict[date, str]:
    """The holidays of these years in order, with English names where there are any; days in lieu included.

    `country` is an ISO 3166-1 code, `subdivision` as in ISO 3166-2 without the country (`MD` of ES),
    `categories` such as `public` and `optional` (none means public). HolidaysError with suggestions.
    """
    import holidays  # slow to import, and only a lock needs it

    kind = _library_class(country)
    wanted = tuple(categories) or ("public",)
    _check_known("category", wanted, kind.supported_categories, country)
    region = None
    if subdivision is not None:
        region = subdivision.removeprefix(f"{country.upper()}-")
        _check_known("subdivision", (region,), kind.subdivisions, country)
    asked = sorted(set(years))
    found = holidays.country_holidays(
        country.upper(),
        subdiv=region,
        years=asked,
        categories=wanted,
        language="en_US" if "en_US" in kind.supported_languages else None,
    )
    return {on: str(found[on]) for on in sorted(found) if on.year in asked}


def holidays_version() -> str:
    """The version of the `holidays` library."""
    return str(import_module("holidays").__version__)


def _library_class(country: str) -> "type[HolidayBase]":
    import holidays
    from holidays.registry import COUNTRIES

    names = {code: name for name, *codes in COUNTRIES.values() for code in codes}
    if country.upper() in names:
        return type(holidays.country_holidays(country.upper()))
    by_name = {
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower(): codes[0] for name, *codes in COUNTRIES.values()
    }
    close = get_close_matches(country.lower(), by_name, 1, 0.7)
    codes = [by_name[match] for match in close] or get_close_matches(country.upper(), names, 3, 0.5)
    hint = f"did you mean {' or '.join(codes)}?" if codes else "countries are ISO 3166-1 codes such as NL"
    raise HolidaysError(f"no holidays are known for country {country!r}; {hint}")


def _check_known(what: str, wanted: Sequence[str], known: Sequence[str], country: str) -> None:
    for name in wanted:
        if name in known:
            continue
        if not known:
            raise HolidaysError(f"{country} has no {what} {name!r}: none is known")
        folded = {each.lower(): each for each in known}
        close = [folded[match] for match in get_close_matches(name.lower(), folded, 1, 0.6)]
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
        raise HolidaysError(f"{country} has no {what} {name!r}; {hint}")
