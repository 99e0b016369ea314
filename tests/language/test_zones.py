"""Zones by name."""

import pytest

from upheld.language.zones import (
    UnknownZone,
    is_abbreviation,
    tzdata_version,
    zone_named,
    zone_names,
    zones_for_abbreviation,
)


def test_named_zones_are_kept() -> None:
    """A zone is read once for the same years."""
    assert zone_named("Europe/Amsterdam", 2015, 2035) is zone_named("Europe/Amsterdam", 2015, 2035)
    assert tzdata_version()[:2] == "20"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Amsterdm", "did you mean Europe/Amsterdam"),
        ("europe/amsterdam", "did you mean Europe/Amsterdam"),
        ("Johannesburg", "did you mean Africa/Johannesburg"),
        ("New York", "did you mean America/New_York"),
        ("SAST", "name a place: Africa/Johannesburg"),
        ("../../etc/passwd", "a zone is named as"),
        ("/etc/localtime", "a zone is named as"),
        ("", "a zone is named as"),
        ("Europe", "unknown zone"),
    ],
)
def test_unknown_zones(name: str, hint: str) -> None:
    """An unknown name is refused with a suggestion, and never read as a path."""
    with pytest.raises(UnknownZone, match=hint):
        zone_named(name, 2020, 2030)


def test_abbreviations() -> None:
    """Abbreviations are known as such, also where the tz database has a file; places and UTC are not."""
    for name in ("CET", "CEST", "EST", "SAST", "PST8PDT", "GMT", "XYZT", "cet"):
        assert is_abbreviation(name), name
    for name in ("UTC", "Europe/Amsterdam", "Etc/GMT+3", "NZ", "PRC", "Cuba", "Navajo"):
        assert not is_abbreviation(name), name
    known = set(zone_names())
    for name in ("CET", "EST", "SAST", "IST", "GMT"):
        assert zones_for_abbreviation(name)
        assert set(zones_for_abbreviation(name)) <= known
    assert zones_for_abbreviation("XYZT") == ()
