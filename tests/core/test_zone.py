"""Zones against the standard library's own reader, on the same bytes."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from upheld.core.timeline.instant import DAY, HOUR, MINUTE, SECOND, datetime_of, instant_of, parse_instant
from upheld.core.timeline.zone import BeyondHorizon, Zone, parse_tzif
from upheld.language.zones import zone_named, zone_names

FIRST, LAST = 1990, 2037


@cache
def reference(name: str) -> ZoneInfo:
    """The standard library's zone, from the package's bytes and not the system's."""
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def assert_same(zone: Zone, at: int) -> None:
    local = datetime_of(at).astimezone(reference(zone.name))
    assert timedelta(seconds=zone.offset_at(at)) == local.utcoffset(), (zone.name, at)
    assert zone.abbreviation_at(at) == local.tzname(), (zone.name, at)
    assert zone.local_of(at) == (local.date(), local.hour * 3600 + local.minute * 60 + local.second)


def assert_label_read(zone: Zone, label: int) -> None:
    naive = datetime_of(label).replace(tzinfo=reference(zone.name))
    assert zone.at_label(label) == instant_of(naive), (zone.name, label)


def assert_last_at_label(zone: Zone, label: int) -> None:
    at = zone.last_at_label(label)
    assert zone.label_at(at) <= label, (zone.name, label)
    later = [at + 1, *(t for t in zone.transitions if at < t <= at + 2 * DAY)]
    assert all(zone.label_at(t) > label for t in later), (zone.name, label)


def test_every_zone_on_a_sample() -> None:
    """Every zone of the package agrees with the standard library on sampled instants and labels."""
    rng = random.Random(20260605)
    low, high = parse_instant(f"{FIRST}-01-01T00:00:00Z"), parse_instant(f"{LAST + 1}-01-01T00:00:00Z")
    names = zone_names()
    assert len(names) > 500
    for name in names:
        zone = zone_named(name, FIRST, LAST)
        probes = [rng.randrange(low, high) for _ in range(3)]
        if zone.transitions:
            at = rng.choice(zone.transitions)
            probes += [at - 1, at, at + rng.randrange(-3 * HOUR, 3 * HOUR)]
        for at in probes:
            assert_same(zone, at)
            assert_label_read(zone, zone.label_at(at))
            assert_last_at_label(zone, zone.label_at(at))


@pytest.mark.slow
def test_every_transition_of_every_zone() -> None:
    """Around every transition of every zone, instants and labels are read as the standard library does."""
    for name in zone_names():
        zone = zone_named(name, 1901, LAST)
        for at in zone.transitions:
            for by in (-DAY, -SECOND, -1, 0, 1, HOUR, DAY):
                assert_same(zone, at + by)
            label = zone.label_at(at)
            for by in range(-150 * MINUTE, 150 * MINUTE, 15 * MINUTE):
                assert_label_read(zone, label + by)
                assert_last_at_label(zone, label + by)


def test_gaps_and_folds() -> None:
    """In a gap the offset before it counts, in a fold the first occurrence; 24:00 is the next day's 00:00."""
    zone = zone_named("Europe/Amsterdam", 2026, 2026)
    assert zone.instant_at(date(2026, 3, 29), 9000) == parse_instant("2026-03-29T01:30:00Z")
    assert zone.instant_at(date(2026, 10, 25), 9000) == parse_instant("2026-10-25T00:30:00Z")
    assert zone.last_at_label(zone.label_at(parse_instant("2026-10-25T00:30:00Z"))) == parse_instant(
        "2026-10-25T01:30:00Z"
    )
    assert zone.instant_at(date(2026, 6, 5), 86_400) == zone.instant_at(date(2026, 6, 6), 0)


@pytest.mark.parametrize(
    ("name", "on", "start"),
    [
        ("Europe/Amsterdam", date(2026, 3, 29), "2026-03-28T23:00:00Z"),
        ("America/Sao_Paulo", date(1998, 10, 11), "1998-10-11T03:00:00Z"),  # 00:00 was 01:00
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z"),  # the day that was not
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00:00Z"),
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00Z"),  # 23:30 was 00:30
    ],
)
def test_day_starts(name: str, on: date, start: str) -> None:
    """A day starts at its first instant, with or without a midnight."""
    assert zone_named(name, on.year, on.year).day_start(on) == parse_instant(start)


@pytest.mark.parametrize(
    ("footer", "probes"),
    [
        (
            "<+03>-3",
            {
                "2026-06-05T00:00:00Z": (10800, "+03"),
            },
        ),
        (
            "UTC0",
            {
                "2026-06-05T00:00:00Z": (0, "UTC"),
            },
        ),
        (
            "IST-1GMT0,M10.5.0,M3.5.0/1",
            {
                "2026-01-05T00:00:00Z": (0, "GMT"),
                "2026-07-05T00:00:00Z": (3600, "IST"),
            },
        ),
        (
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            {"2026-03-29T00:59:59Z": (-7200, "-02"), "2026-03-29T01:00:00Z": (-3600, "-01")},
        ),
        (
            "EET-2EEST,M3.4.4/50,M10.4.4/50",
            {"2026-03-27T23:59:59Z": (7200, "EET"), "2026-03-28T00:00:00Z": (10800, "EEST")},
        ),
        (
            "AAA5BBB,J60/0,J300",
            {
                "2024-03-01T04:59:59Z": (-18000, "AAA"),
                "2024-03-01T05:00:00Z": (-14400, "BBB"),
            },
        ),
        (
            "AAA5BBB,59/0,300",
            {
                "2024-02-29T04:59:59Z": (-18000, "AAA"),
                "2024-02-29T05:00:00Z": (-14400, "BBB"),
            },
        ),
        (
            "XXX3EDT4,0/0,J365/23",
            {
                "2026-01-01T00:00:00Z": (-14400, "EDT"),
                "2026-12-31T23:30:00Z": (-14400, "EDT"),
            },
        ),
        (
            "AAA1:30:15BBB0:30,M1.1.1,M7.1.1",
            {
                "2026-12-05T00:00:00Z": (-5415, "AAA"),
            },
        ),
    ],
)
def test_footers(footer: str, probes: dict[str, tuple[int, str]]) -> None:
    """The rules in the footer of a TZif file are understood in every form."""
    head = b"TZif2" + bytes(15)
    block = head + (0).to_bytes(4, "big") * 4 + (1).to_bytes(4, "big") + (4).to_bytes(4, "big")
    body = bytes(4) + b"\0\0" + b"LMT\0"
    zone = parse_tzif("Test/Rule", block + body + block + body + b"\n" + footer.encode() + b"\n", 2020, 2030)
    for text, (offset_s, abbreviation) in probes.items():
        at = parse_instant(text)
        assert (zone.offset_at(at), zone.abbreviation_at(at)) == (offset_s, abbreviation)


def test_bytes_that_are_no_zone() -> None:
    """Bytes that are not TZif, are cut short or have an unreadable footer are refused."""
    good = resources.files("tzdata").joinpath("zoneinfo", "Europe", "Amsterdam").read_bytes()
    first_version = good[:4] + b"\0" + good[5:]
    for data in (b"", b"TZif", b"GIF89a" + bytes(60), good[:44], good[:900], good[:-5], first_version):
        with pytest.raises(ValueError, match="zone Test/Bad"):
            parse_tzif("Test/Bad", data, 2020, 2030)
    with pytest.raises(ValueError, match="cannot read"):
        parse_tzif("Test/Bad", good.replace(b"CET-1CEST", b"CET-1C,,T"), 2020, 2030)


def test_horizon() -> None:
    """A question outside the years is refused, with the years and the way out."""
    zone = zone_named("Europe/Amsterdam", 2020, 2030)
    for question in (
        lambda: zone.offset_at(parse_instant("2031-06-05T00:00:00Z")),
        lambda: zone.instant_at(date(2019, 6, 5), 0),
        lambda: zone.last_at_label(-1),
        lambda: zone.abbreviation_at(10**20),
        lambda: list(zone.regimes(0, 1)),
    ):
        with pytest.raises(BeyondHorizon, match=r"2020 to 2030.*Europe/Amsterdam.*widen"):
            question()


def test_values() -> None:
    """A zone is a value whose parts must fit; its regimes cover what is asked without a hole."""
    zone = zone_named("Australia/Lord_Howe", 2026, 2026)
    assert zone == Zone(zone.name, zone.transitions, zone.offsets_s, zone.abbreviations, 2026, 2026)
    low, high = instant_of(datetime(2026, 1, 1, tzinfo=UTC)), instant_of(datetime(2027, 1, 1, tzinfo=UTC))
    regimes = list(zone.regimes(low, high))
    assert [r.end_at for r in regimes] == [*(r.start_at for r in regimes[1:]), high]
    assert {r.offset_us for r in regimes} == {11 * HOUR, 10 * HOUR + 30 * MINUTE}
    for wrong in (((1,), (0,), ("A",), 2026, 2026), ((2, 1), (0,) * 3, ("A",) * 3, 2026, 2026)):
        with pytest.raises(ValueError, match="zone Bad"):
            Zone("Bad", *wrong)
    with pytest.raises(ValueError, match="not years"):
        Zone("Bad", (), (0,), ("A",), 2027, 2026)
