"""Time zones of the installed tz database package, the same on every machine that has the same lock file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from upheld.core.instant import FIRST_YEAR, LAST_YEAR
from upheld.core.zone import Zone, parse_tzif


@cache
def load_zone(name: str) -> Zone | None:
    """The zone of an IANA name for all the years that instants can have, or None if there is none."""
    parts = name.split("/")
    if not all(part.isascii() and part.replace("_", "").replace("-", "").isalnum() for part in parts):
        return None
    try:
        data = files("tzdata").joinpath("zoneinfo", *parts).read_bytes()
        return parse_tzif(name, data, FIRST_YEAR, LAST_YEAR)
    except (OSError, ValueError):
        return None
