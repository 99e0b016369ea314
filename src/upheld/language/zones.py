"""Time zones by name, from the pinned `tzdata` package: never from the system, whose data nobody reviewed."""

import re
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from upheld.core.timeline.zone import Zone, parse_tzif

# What people write for a zone and where they probably are. IST and CST are three countries' each.
_ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "ACST": ("Australia/Adelaide",),
    "AEDT": ("Australia/Sydney",),
    "AEST": ("Australia/Sydney", "Australia/Brisbane"),
    "AKST": ("America/Anchorage",),
    "AST": ("America/Halifax", "Asia/Riyadh"),
    "AWST": ("Australia/Perth",),
    "BRT": ("America/Sao_Paulo",),
    "BST": ("Europe/London",),
    "CDT": ("America/Chicago",),
    "CEST": ("Europe/Amsterdam", "Europe/Madrid"),
    "CET": ("Europe/Amsterdam", "Europe/Madrid"),
    "CST": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "CST6CDT": ("America/Chicago",),
    "EAT": ("Africa/Nairobi",),
    "EDT": ("America/New_York",),
    "EEST": ("Europe/Athens", "Europe/Helsinki"),
    "EET": ("Europe/Athens", "Europe/Helsinki"),
    "EST": ("America/New_York", "America/Panama"),
    "EST5EDT": ("America/New_York",),
    "GMT": ("Europe/London", "UTC"),
    "HKT": ("Asia/Hong_Kong",),
    "HST": ("Pacific/Honolulu",),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "MDT": ("America/Denver",),
    "MET": ("Europe/Amsterdam", "Europe/Brussels"),
    "MSK": ("Europe/Moscow",),
    "MST": ("America/Phoenix", "America/Denver"),
    "MST7MDT": ("America/Denver",),
    "NZDT": ("Pacific/Auckland",),
    "NZST": ("Pacific/Auckland",),
    "PDT": ("America/Los_Angeles",),
    "PKT": ("Asia/Karachi",),
    "PST": ("America/Los_Angeles",),
    "PST8PDT": ("America/Los_Angeles",),
    "SAST": ("Africa/Johannesburg",),
    "SGT": ("Asia/Singapore",),
    "WAT": ("Africa/Lagos",),
    "WEST": ("Europe/Lisbon",),
    "WET": ("Europe/Lisbon",),
    "WIB": ("Asia/Jakarta",),
    "Z": ("UTC",),
}
# Short capitals that tzdata gives to a place or to universal time.
_PLACES: Final = frozenset({"GB", "NZ", "PRC", "ROC", "ROK", "UCT", "UTC"})


class UnknownZone(ValueError):  # noqa: N818 - it names the case, as StopIteration does
    """No zone has this name; the message suggests some that exist."""


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone name of the package, sorted."""
    from importlib import resources  # here: it brings much along, and a lock makes it needless

    return tuple(sorted(resources.files("tzdata").joinpath("zones").read_text("utf-8").split()))


def zone_named(name: str, start_year: int, end_year: int) -> Zone:
    """The zone for these years. UnknownZone with suggestions, also for an abbreviation that is not a zone."""
    return _parsed(name, start_year, end_year)


def is_abbreviation(name: str) -> bool:
    """Whether a name is an abbreviation such as CET, EST or SAST: it hides the place and its changes.

    Some are in the tz database all the same; an agreement should still name a place.
    """
    if name in _PLACES:
        return False
    return name.upper() in _ABBREVIATIONS or re.fullmatch(r"[A-Z]{2,5}(\d{1,2}[A-Z]{3,4})?", name) is not None


def zones_for_abbreviation(name: str) -> tuple[str, ...]:
    """The zones probably meant by an abbreviation; empty if it is not a known one."""
    return _ABBREVIATIONS.get(name.upper(), ())


@cache
def tzdata_version() -> str:
    """The release of the tz database in the package, such as 2026a."""
    return str(import_module("tzdata").IANA_VERSION)


def _data(name: str) -> bytes | None:
    # Only listed names are looked up: a name is text from outside and must not become a path of its own.
    if name not in zone_names():
        return None
    from importlib import resources

    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


@lru_cache(maxsize=1024)
def _parsed(name: str, start_year: int, end_year: int) -> Zone:
    data = _data(name)
    if data is None:
        raise UnknownZone(f"unknown zone {name!r}{_meant(name)}")
    return parse_tzif(name, data, start_year, end_year)


def _meant(name: str) -> str:
    probable = zones_for_abbreviation(name)
    if probable:
        return f" (an abbreviation); name a place: {' or '.join(probable)}"
    from difflib import get_close_matches  # here: only an unknown name pays for it

    names = zone_names()
    folded = {known.lower(): known for known in names}
    key = name.strip().lower().replace(" ", "_")
    close = [known for known in names if known.lower().rsplit("/", 1)[-1] == key.rsplit("/", 1)[-1]]
    close = close[:3] or [folded[match] for match in get_close_matches(key, folded, 3, 0.6)]
    return f"; did you mean {' or '.join(close)}?" if close else "; a zone is named as Europe/Amsterdam"
