"""Quiet hours, bursts and fallback channels: nothing is lost, and everything has its instant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import at, shown
from upheld.core.alerting.delivery import (
    CLASS_DEADLINES,
    Burst,
    Past,
    Quiet,
    Sent,
    Told,
    Try,
    Waiting,
    coalesced,
    gathered,
    heard_at,
    is_accepted,
    tries,
)
from upheld.core.terms.telling import Urgency
from upheld.core.timeline.instant import HOUR, MINUTE, SECOND
from upheld.language.world import World

WORLD = World(None, years=(2025, 2027))
UTC, AMSTERDAM = WORLD.zone("UTC"), WORLD.zone("Europe/Amsterdam")
NIGHT = Quiet(UTC, 22 * 3600, 7 * 3600)
NOON = Quiet(UTC, 12 * 3600, 13 * 3600, 12 * 3600 + 1800)


@pytest.mark.parametrize(
    ("quiet", "when", "urgency", "expected"),
    [
        (NIGHT, "Mon 06-08 23:00", "page", "Mon 06-08 23:00"),
        (NIGHT, "Mon 06-08 23:00", "urgent", "Tue 06-09 07:00"),
        (NIGHT, "Tue 06-09 03:00", "urgent", "Tue 06-09 07:00"),
        (NIGHT, "Tue 06-09 07:00", "urgent", "Tue 06-09 07:00"),
        (NIGHT, "Tue 06-09 12:00", "urgent", "Tue 06-09 12:00"),
        (NIGHT, "Tue 06-09 07:30", "planned", "Tue 06-09 08:00"),
        (NIGHT, "Tue 06-09 08:00", "planned", "Tue 06-09 08:00"),
        (NIGHT, "Tue 06-09 08:01", "planned", "Wed 06-10 08:00"),
        (NOON, "Tue 06-09 12:00", "urgent", "Tue 06-09 13:00"),
        (NOON, "Tue 06-09 12:00", "planned", "Tue 06-09 13:00"),
        (Quiet(UTC), "Tue 06-09 03:00", "urgent", "Tue 06-09 03:00"),
    ],
)
def test_quiet_hours_hold_back_everything_but_pages(
    quiet: Quiet, when: str, urgency: Urgency, expected: str
) -> None:
    """Over midnight or within a day; what is planned comes with the digest."""
    assert shown(heard_at(at(when), urgency, quiet)) == expected


def test_quiet_hours_end_by_the_local_clock_where_it_changes() -> None:
    """Until 07:00 in Amsterdam: 06:00 UTC in winter, 05:00 in summer; the repeated hour is not skipped."""
    quiet = Quiet(AMSTERDAM, 22 * 3600, 7 * 3600)
    assert shown(heard_at(at("Sat 03-28 23:00"), "urgent", quiet)) == "Sun 03-29 05:00"
    assert shown(heard_at(at("Sat 10-24 23:00"), "urgent", quiet)) == "Sun 10-25 06:00"
    short = Quiet(AMSTERDAM, 2 * 3600, 2 * 3600 + 2700)
    assert shown(heard_at(at("Sun 10-25 01:30"), "urgent", short)) == "Sun 10-25 01:45"


@given(
    st.integers(0, 86_399), st.integers(0, 86_399), st.integers(0, 86_399),
    st.integers(0, 370 * 24 * 60), st.sampled_from(["page", "urgent", "planned"]),
)  # fmt: skip
def test_a_message_is_never_early_and_waits_at_most_two_days(
    from_s: int, until_s: int, digest_s: int, minute: int, urgency: Urgency
) -> None:
    """And what went out once quiet hours were over would go out at once."""
    quiet = Quiet(AMSTERDAM, from_s, until_s, digest_s)
    due_at = at("Thu 01-01 12:00") + minute * MINUTE
    heard = heard_at(due_at, urgency, quiet)
    assert due_at <= heard <= due_at + 50 * HOUR
    assert heard_at(heard, "urgent", quiet) == heard or urgency == "page"


# -- bursts ------------------------------------------------------------------------------------------------

BURST = Burst(2, 10 * MINUTE, 5 * MINUTE)


def waiting(*minutes: int) -> list[Waiting]:
    """Messages at minutes after ten."""
    return [Waiting(f"m{n}", at("Mon 06-08 10:00") + minute * MINUTE) for n, minute in enumerate(minutes)]


def test_what_exceeds_a_burst_comes_in_one_digest() -> None:
    """Two by themselves; the third and whatever follows within five minutes together."""
    found = coalesced(waiting(0, 1, 2, 3, 6, 7, 11), BURST)
    assert [(one.key, shown(one.at), one.digest) for one in found] == [
        ("m0", "Mon 06-08 10:00", ""),
        ("m1", "Mon 06-08 10:01", ""),
        ("m2", "Mon 06-08 10:07", "m2"),
        ("m3", "Mon 06-08 10:07", "m2"),
        ("m4", "Mon 06-08 10:07", "m2"),
        ("m5", "Mon 06-08 10:12", "m5"),
        ("m6", "Mon 06-08 10:12", "m5"),
    ]


def test_a_burst_of_none_is_refused() -> None:
    """Everything would wait, the first message too."""
    with pytest.raises(ValueError, match="at least one"):
        coalesced([], Burst(0, MINUTE, MINUTE))


def test_pages_are_never_held_back_and_count_for_nothing() -> None:
    """In the middle of a burst, and while a digest is open."""
    now = at("Mon 06-08 10:00")
    pages = [Waiting(f"p{n}", now, "page") for n in range(9)]
    past = Past((now, now), "m2", now + MINUTE)
    assert gathered(pages, past, BURST) == tuple(Sent(one.key, now) for one in pages)
    found = gathered([*pages, *waiting(0, 0)], Past(), BURST)
    assert [one.digest for one in found] == [""] * 11


def test_what_is_planned_comes_together_at_once() -> None:
    """One goes by itself, more in one digest of that instant; a digest that is open takes them, too."""
    now = at("Mon 06-08 10:00")
    planned = [Waiting(f"p{n}", now, "planned") for n in range(3)]
    assert gathered(planned[:1], Past(), BURST) == (Sent("p0", now),)
    assert gathered(planned, Past(), BURST) == tuple(Sent(one.key, now, "p0") for one in planned)
    open_one = Past((), "m9", now + MINUTE)
    assert gathered(planned, open_one, BURST) == tuple(Sent(one.key, now + MINUTE, "m9") for one in planned)


def slow(messages: list[Waiting]) -> list[Sent]:
    """The same by reading all that was decided, for each message anew."""
    found: list[Sent] = []
    pages = {one.key for one in messages if one.urgency == "page"}
    for message in messages:
        planned = [one for one in messages if (one.at, one.urgency) == (message.at, "planned")]
        others = [one for one in found if one.key not in pages]
        open_ones = [one for one in others if one.digest and one.at > message.at]
        lately = [one for one in others if not one.digest and one.at > message.at - BURST.within_us]
        if message.urgency == "page":
            found.append(Sent(message.key, message.at))
        elif open_ones:
            found.append(Sent(message.key, open_ones[-1].at, open_ones[-1].digest))
        elif message.urgency == "planned" and len(planned) > 1:
            found.append(Sent(message.key, message.at, planned[0].key))
        elif len(lately) < BURST.most:
            found.append(Sent(message.key, message.at))
        else:
            found.append(Sent(message.key, message.at + BURST.wait_us, message.key))
    return found


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["page", "urgent", "planned"])), max_size=25))
def test_every_mixture_goes_out_as_the_slow_one_says(mixture: list[tuple[int, Urgency]]) -> None:
    """Pages, urgent and planned ones, many at one instant."""
    messages = [
        Waiting(f"m{n:02}", at("Mon 06-08 10:00") + minute * MINUTE, urgency)
        for n, (minute, urgency) in enumerate(sorted(mixture))
    ]
    assert list(coalesced(messages, BURST)) == slow(messages)


@given(st.lists(st.integers(0, 60), max_size=30).map(sorted), st.integers(0, 30))
def test_nothing_is_lost_and_what_was_decided_stays(minutes: list[int], first: int) -> None:
    """Every message is in the result once, never early, and the first ones do not depend on the later."""
    messages = waiting(*minutes)
    found = coalesced(messages, BURST)
    assert sorted(one.key for one in found) == sorted(one.key for one in messages)
    due = {one.key: one.at for one in messages}
    assert all(due[one.key] <= one.at <= due[one.key] + BURST.wait_us for one in found)
    assert {one.digest for one in found} - {""} <= {one.key for one in found}
    alone = [one.at for one in found if not one.digest]
    for one in alone:
        assert sum(1 for other in alone if one <= other < one + BURST.within_us) <= BURST.most
    in_order = sorted(messages, key=lambda one: (one.at, one.key))
    assert coalesced(in_order[:first], BURST) == found[: len(in_order[:first])]


def test_a_digest_goes_by_its_first_message() -> None:
    """So that it is known however many follow."""
    assert coalesced(waiting(0, 0, 0), BURST)[-1] == Sent("m2", at("Mon 06-08 10:05"), "m2")


# -- channels ----------------------------------------------------------------------------------------------

START = at("Mon 06-08 10:00")
CHANNELS = ("email", "sms", "voice")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], [("email", 0), ("sms", 120), ("voice", 240)]),
        ([("email", 30, "accepted")], [("email", 0)]),
        ([("email", 30, "refused")], [("email", 0), ("sms", 30), ("voice", 150)]),
        ([("email", 30, "unknown")], [("email", 0), ("sms", 120), ("voice", 240)]),
        ([("email", 121, "accepted")], [("email", 0), ("sms", 120), ("voice", 240)]),
        ([("email", 10, "refused"), ("email", 40, "accepted")], [("email", 0)]),
        ([("email", 30, "refused"), ("sms", 40, "accepted")], [("email", 0), ("sms", 30)]),
    ],
)
def test_the_next_channel_is_tried_when_one_refuses_or_says_nothing(
    told: list[tuple[str, int, str]], expected: list[tuple[str, int]]
) -> None:
    """A page has two minutes a channel; what may have arrived is no certainty."""
    results = [Told(channel, START + s * SECOND, result) for channel, s, result in told]  # type: ignore[arg-type]
    assert tries(CHANNELS, START, "page", results) == tuple(
        Try(channel, START + s * SECOND) for channel, s in expected
    )


def test_who_has_no_channel_is_tried_by_none() -> None:
    """And nothing is accepted where nothing was."""
    assert tries((), START, "urgent") == ()
    assert not is_accepted([Told("email", START, "unknown")])
    assert is_accepted([Told("email", START + 9 * HOUR, "accepted")])


def test_less_urgent_messages_wait_longer_for_a_channel() -> None:
    """Each class has its own deadline."""
    waits = [tries(CHANNELS, 0, urgency)[1].at for urgency in ("page", "urgent", "planned")]
    assert waits == sorted(CLASS_DEADLINES.values()) == [2 * MINUTE, 15 * MINUTE, 4 * HOUR]
