"""What the outside world says of zones and holidays: out of the lock if there is one, else as installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from upheld.language.node import Scalar
from upheld.language.report import Report, inside

if TYPE_CHECKING:
    from upheld.core.timeline.calendar import BusinessDay, Calendar, Closing
    from upheld.core.timeline.opening import Rule
    from upheld.core.timeline.zone import Zone
    from upheld.language.lock import Lock

YEARS = (2015, 2035)
MOST_PROBABLE = 5
ZONES = "zones are named as Europe/Madrid"
_LOCK = "freeze them: upheld lock AGREEMENT CONTRACTS"
_RELOCK = "lock the agreement anew, with its contracts: upheld lock AGREEMENT CONTRACTS"


class HolidaySet(NamedTuple):
    """The holidays of a country, or of a part of it, of some categories."""

    country: str
    subdivision: str = ""
    categories: tuple[str, ...] = ("public",)

    @property
    def key(self) -> str:
        """The name under which a lock keeps the set, such as `NL`, `ES-MD` or `NL (optional, public)`."""
        where = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        return where if self.categories == ("public",) else f"{where} ({', '.join(sorted(self.categories))})"


class World:
    """Zones and holidays for a range of years. Nothing is imported or read before it is asked for."""

    def __init__(self, lock: Lock | None = None, years: tuple[int, int] = YEARS) -> None:
        self.lock = lock
        self.years = (lock.start_year, lock.end_year) if lock else years
        self._is_trial = False
        self._holidays: dict[str, Mapping[date, str]] = {}
        self._calendars: dict[str, list[Calendar]] = {}
        self._probable: dict[str, str] = {}

    @contextmanager
    def on_trial(self) -> Iterator[None]:
        """For a while only what a reading that is not taken would ask for: no library is loaded for it."""
        self._is_trial = True
        try:
            yield
        finally:
            self._is_trial = False

    def zone(self, name: str) -> Zone:
        """A zone that `has_zone` knows."""
        if self.lock is not None and name in self.lock.zones:
            return self.lock.zones[name]
        from upheld.language.zones import zone_named

        return zone_named(name, *self.years)

    def has_zone(self, name: Scalar, report: Report, is_held: bool = True) -> bool:
        """Whether there is such a zone, which a lock has to hold if there is one; if not, that is told.

        With `is_held` False that the lock lacks it is a warning.
        """
        if self.lock is not None and name.text in self.lock.zones:
            return True
        from upheld.language.zones import is_abbreviation, zone_names, zones_for_abbreviation

        text, place = name.text, inside(name, 0)
        if is_abbreviation(text):
            probable = zones_for_abbreviation(text)
            way_out = (
                f"name a place: {' or '.join(probable)}" if probable else "name a place, as Europe/Madrid"
            )
            message = f"`{text}` is an abbreviation: it names no place, so its changes of clocks are unknown"
            report.error("zone-abbreviation", message, place, way_out)
            return False
        if text not in zone_names():
            report.error("unknown-zone", f"there is no zone `{text}`", place, self._probable_zone(text))
            return False
        if self.lock is None:
            return True
        message = f"the lock does not hold the zone {text}"
        if is_held:
            report.error("lock-incomplete", message, place, _RELOCK)
        else:
            report.warn("lock-incomplete", f"{message}: it is that of the installed library", place, _RELOCK)
        return not is_held

    def _probable_zone(self, text: str) -> str:
        """What was meant: of the first few only, as each is compared with hundreds of names."""
        from upheld.language.zones import zone_names

        if text not in self._probable and len(self._probable) < MOST_PROBABLE:
            self._probable[text] = _probable(text, zone_names())
        return self._probable.get(text, ZONES)

    def has_holidays(self, wanted: HolidaySet, place: Scalar, report: Report) -> bool:
        """Whether there are such holidays; if not, that is told, and a warning if they are not locked."""
        if self.lock is not None:
            if wanted.key in self.lock.holidays:
                return True
            if not self._are_known(wanted, place, report):
                return False
            message = f"the lock does not hold the holidays {wanted.key}"
            report.error("lock-incomplete", message, place.place, _RELOCK)
            return False
        if self._is_trial:
            return True
        if not self._are_known(wanted, place, report):
            return False
        message = (
            f"the holidays {wanted.key} are those of the installed library: an update can move deadlines"
        )
        report.warn("no-lock", message, place.place, _LOCK)
        return True

    def calendar(self, name: str, rule: Rule, business_day: BusinessDay | None, closing: Closing) -> Calendar:
        """A calendar compiled for the years; one that was compiled before is given again."""
        from upheld.core.timeline.calendar import compile_calendar

        for found in self._calendars.get(name, ()):
            if (found.rule, found.business_day, found.closing) == (rule, business_day, closing):
                return found
        start_year, end_year = self.years
        made = compile_calendar(name, rule, start_year, end_year, business_day=business_day, closing=closing)
        self._calendars.setdefault(name, []).append(made)
        return made

    def _are_known(self, wanted: HolidaySet, place: Scalar, report: Report) -> bool:
        """Whether the installed library has such holidays; if not, that is told."""
        from upheld.language.holidays_of import HolidaysError

        try:
            self._resolved(wanted)
        except HolidaysError as fault:
            way_out = "countries are written as in ISO 3166-1, their parts as in ISO 3166-2"
            report.error("unknown-holidays", str(fault), inside(place, 0), way_out)
            return False
        return True

    def holidays(self, wanted: HolidaySet) -> Mapping[date, str]:
        """The holidays of a set that `has_holidays` knows, by day."""
        if self.lock is not None:
            return self.lock.holidays[wanted.key]
        return self._resolved(wanted)

    def _resolved(self, wanted: HolidaySet) -> Mapping[date, str]:
        """As the installed library has them. HolidaysError if it has none such."""
        if wanted.key not in self._holidays:
            from upheld.language.holidays_of import resolve_holidays

            years = range(self.years[0], self.years[1] + 1)
            self._holidays[wanted.key] = resolve_holidays(
                wanted.country, wanted.subdivision or None, wanted.categories, years
            )
        return self._holidays[wanted.key]


def _probable(text: str, names: tuple[str, ...]) -> str:
    from upheld.language.suggestion import did_you_mean

    if "/" not in text:
        key = text.strip().casefold().replace(" ", "_")
        ends = [name for name in names if name.casefold().rsplit("/", 1)[-1] == key]
        if ends:
            return f"did you mean `{ends[0]}`?"
    return did_you_mean(text, names, len(names)) or ZONES
