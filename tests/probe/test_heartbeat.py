"""Heartbeats: those that come are checks, and so are those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.core.measuring.observation import Stream
from upheld.core.timeline.instant import FOREVER, HOUR, MINUTE, format_instant, parse_instant
from upheld.probe.heartbeat import Beat, HeartbeatRule, checks, heartbeat_rule, late_at
from upheld.probe.settings import SettingsError

STREAM = Stream("northwind", "backup", "beats")
AT = parse_instant("2026-06-05T14:00:00Z")
HOURLY = HeartbeatRule(HOUR, 5 * MINUTE)


def _told(beats: list[Beat], hours: int) -> list[tuple[str, str]]:
    found = checks(HOURLY, STREAM, AT, beats, AT, AT + hours * HOUR)
    return [(format_instant(each.at)[11:16], "ok" if each.ok else each.code) for each in found]


def test_a_night_of_backups() -> None:
    """In time, at the last instant in time, late, failed, and silent."""
    beats = [
        Beat(AT + HOUR), Beat(AT + 2 * HOUR + 5 * MINUTE), Beat(AT + 4 * HOUR, False),
        Beat(AT + 5 * HOUR + MINUTE),
    ]  # fmt: skip
    assert _told(beats, 9) == [
        ("15:00", "ok"), ("16:05", "ok"), ("17:10", "late"), ("18:00", "failed"), ("19:01", "ok"),
        ("20:06", "late"), ("21:06", "late"), ("22:06", "late"),
    ]  # fmt: skip


def test_what_never_came_is_late_from_the_start() -> None:
    """The first one is expected after the heartbeat was armed, not before."""
    assert _told([], 3) == [("15:05", "late"), ("16:05", "late")]
    assert _told([Beat(AT - MINUTE)], 2) == [("15:05", "late")]


def test_two_at_one_instant_are_one_check() -> None:
    """Good if both are."""
    assert _told([Beat(AT + HOUR, False), Beat(AT + HOUR)], 2) == [("15:00", "failed")]


def test_a_late_instant_is_known_before() -> None:
    """It is what a wake is armed for; a beat moves it."""
    assert late_at(HOURLY, AT, [], AT) == AT + HOUR + 5 * MINUTE
    assert late_at(HOURLY, AT, [Beat(AT + 30 * MINUTE)], AT + 40 * MINUTE) == AT + 95 * MINUTE
    assert late_at(HOURLY, AT, [], AT + HOUR + 5 * MINUTE) == AT + HOUR + 5 * MINUTE
    assert late_at(HOURLY, AT, [], AT + 4 * HOUR) == AT + 4 * HOUR + 5 * MINUTE


RULES = st.builds(HeartbeatRule, st.integers(1, 12), st.integers(0, 6))
BEATS = st.lists(st.builds(Beat, st.integers(0, 80), st.booleans()), max_size=12)


def _instant_by_instant(
    rule: HeartbeatRule, armed_at: int, beats: list[Beat], end: int
) -> list[tuple[int, bool]]:
    """The same, asked of every instant."""
    found, last, missed = [], armed_at, 0
    for at in range(armed_at, end):
        here = [beat.ok for beat in beats if beat.at == at]
        if here:
            found.append((at, all(here)))
            last, missed = at, 0
        elif at == last + rule.every_us * (missed + 1) + rule.grace_us:
            found.append((at, False))
            missed += 1
    return found


@given(rule=RULES, armed_at=st.integers(0, 20), beats=BEATS, cut=st.integers(0, 90), data=st.randoms())
def test_it_is_what_asking_every_instant_gives(
    rule: HeartbeatRule, armed_at: int, beats: list[Beat], cut: int, data: object
) -> None:
    """In any order of arrival, in any pieces, and the same whatever comes later."""
    data.shuffle(beats)  # type: ignore[attr-defined]
    whole = [(each.at, each.ok) for each in checks(rule, STREAM, armed_at, beats, armed_at, 90)]
    assert whole == _instant_by_instant(rule, armed_at, beats, 90)
    pieces = [
        *checks(rule, STREAM, armed_at, beats, armed_at, cut),
        *checks(rule, STREAM, armed_at, beats, cut, 90),
    ]
    assert [(each.at, each.ok) for each in pieces if each.at >= armed_at] == whole
    before = [beat for beat in beats if beat.at < cut]
    early = [(each.at, each.ok) for each in checks(rule, STREAM, armed_at, before, armed_at, cut)]
    assert early == [each for each in whole if each[0] < cut]
    silent = [at for at, _ in _instant_by_instant(rule, armed_at, before, 200) if at >= max(cut, armed_at)]
    assert late_at(rule, armed_at, before, max(cut, armed_at)) == silent[0]


def test_far_ahead_costs_nothing() -> None:
    """A window long after the last beat is found without going through what lies between."""
    rule = HeartbeatRule(1)
    found = list(checks(rule, STREAM, 0, [], FOREVER - 3, FOREVER - 1))
    assert [each.at for each in found] == [FOREVER - 3, FOREVER - 2]


TOO_LONG = {"every": "9600h 1s"}


def test_settings_of_a_heartbeat() -> None:
    """How often, and how much later is late."""
    assert heartbeat_rule({"every": "1h", "grace": "5m"}) == HOURLY
    assert heartbeat_rule({"every": "24h"}) == HeartbeatRule(24 * HOUR)
    for said in ({}, {"every": "0s"}, {"every": "1d"}, {"every": "1h", "grase": "5m"}, TOO_LONG):
        with pytest.raises(SettingsError):
            heartbeat_rule(said)
    assert heartbeat_rule({"every": "9600h", "grace": "9600h"}).every_us == 9600 * HOUR
    for every_us, grace_us in ((0, 0), (1, -1)):
        with pytest.raises(ValueError, match="not negative"):
            HeartbeatRule(every_us, grace_us)
