"""Who is on call: turns by the local clock, layers, overrides, gaps, and the next one if nobody answers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import at, shown
from upheld.core.alerting.rota import (
    Chain,
    Layer,
    Level,
    Override,
    Paged,
    Rota,
    gaps,
    next_gap,
    next_page_at,
    on_call,
    pages,
    turns,
)
from upheld.core.timeline.instant import DAY, HOUR, MINUTE, Instant
from upheld.core.timeline.spans import Spans
from upheld.language.world import World

WORLD = World(None, years=(2025, 2027))
UTC, AMSTERDAM = WORLD.zone("UTC"), WORLD.zone("Europe/Amsterdam")
WEEKLY = Layer(("ann", "bob", "eve"), "weekly", AMSTERDAM, date(2026, 6, 1), 9 * 3600)


def read(rota: Rota, start: str, end: str) -> list[tuple[str, str | None, str | None]]:
    """The turns as a person reads them, in UTC."""
    found = turns(rota, at(start), at(end))
    return [(turn.person, shown(turn.start_at), shown(turn.end_at)) for turn in found]


def test_a_week_is_handed_over_at_nine_by_the_local_clock() -> None:
    """Nine in Amsterdam is seven UTC in summer, and the rota begins with its first hand-over."""
    rota = Rota("noc", (WEEKLY,))
    assert read(rota, "Mon 06-01 00:00", "Mon 06-22 12:00") == [
        ("ann", "Mon 06-01 07:00", "Mon 06-08 07:00"),
        ("bob", "Mon 06-08 07:00", "Mon 06-15 07:00"),
        ("eve", "Mon 06-15 07:00", "Mon 06-22 07:00"),
        ("ann", "Mon 06-22 07:00", "Mon 06-22 12:00"),
    ]
    assert on_call(rota, at("Mon 06-01 06:59")) is None
    assert [on_call(rota, at(f"Mon 06-08 {clock}")) for clock in ("06:59", "07:00")] == ["ann", "bob"]


def test_a_turn_is_an_hour_longer_or_shorter_where_the_clocks_change() -> None:
    """The night of 25 October has 25 hours, that of 29 March 23."""
    layer = Layer(("ann", "bob"), "daily", AMSTERDAM, date(2026, 1, 1), 0)
    rota = Rota("noc", (layer,))
    for day, hours in ((date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 6, 1), 24)):
        start_at = AMSTERDAM.day_start(day)
        (turn,) = turns(rota, start_at, start_at + hours * HOUR)
        assert turn.end_at - turn.start_at == hours * HOUR
        assert on_call(rota, start_at + hours * HOUR) != turn.person


def test_a_hand_over_in_the_hour_that_is_skipped_happens_after_it() -> None:
    """02:30 on 29 March does not exist in Amsterdam: it is 03:30 there, 01:30 UTC."""
    layer = Layer(("ann", "bob"), "daily", AMSTERDAM, date(2026, 3, 28), 2 * 3600 + 1800)
    assert shown(layer.hand_over_at(1)) == "Sun 03-29 01:30"


def test_an_override_stands_above_all_layers_and_the_last_one_above_the_others() -> None:
    """Somebody takes a Saturday, and gives an hour of it to somebody else."""
    overrides = (
        Override("zoe", at("Sat 06-06 06:00"), at("Sat 06-06 18:00")),
        Override("max", at("Sat 06-06 10:00"), at("Sat 06-06 11:00")),
    )
    rota = Rota("noc", (WEEKLY,), overrides)
    assert read(rota, "Sat 06-06 00:00", "Sun 06-07 00:00") == [
        ("ann", "Sat 06-06 00:00", "Sat 06-06 06:00"),
        ("zoe", "Sat 06-06 06:00", "Sat 06-06 10:00"),
        ("max", "Sat 06-06 10:00", "Sat 06-06 11:00"),
        ("zoe", "Sat 06-06 11:00", "Sat 06-06 18:00"),
        ("ann", "Sat 06-06 18:00", "Sun 06-07 00:00"),
    ]


def test_a_layer_for_some_hours_leaves_the_rest_to_those_below() -> None:
    """The desk by day, the night watch otherwise."""
    hours = Spans.of([(at("Mon 06-08 09:00"), at("Mon 06-08 17:00"))])
    night = Layer(("nia",), "daily", UTC, date(2026, 6, 1))
    day = Layer(("dan", "dee"), "weekly", UTC, date(2026, 6, 1), hours=hours)
    rota = Rota("all", (night, day))
    assert read(rota, "Mon 06-08 00:00", "Tue 06-09 00:00") == [
        ("nia", "Mon 06-08 00:00", "Mon 06-08 09:00"),
        ("dee", "Mon 06-08 09:00", "Mon 06-08 17:00"),
        ("nia", "Mon 06-08 17:00", "Tue 06-09 00:00"),
    ]


def test_a_gap_is_a_stretch_and_the_next_one_is_found_ahead() -> None:
    """A layer that ends leaves nobody behind it."""
    layer = Layer(("ann",), "daily", UTC, date(2026, 6, 1), until_on=date(2026, 6, 10))
    rota = Rota("noc", (layer,), (Override("zoe", at("Fri 06-12 00:00"), at("Sat 06-13 00:00")),))
    assert [tuple(map(shown, gap)) for gap in gaps(rota, at("Mon 06-08 00:00"), at("Sun 06-14 00:00"))] == [
        ("Wed 06-10 00:00", "Fri 06-12 00:00"),
        ("Sat 06-13 00:00", "Sun 06-14 00:00"),
    ]
    assert next_gap(rota, at("Mon 06-08 00:00"), DAY) is None
    found = next_gap(rota, at("Mon 06-08 00:00"), 7 * DAY)
    assert found is not None
    assert shown(found[0]) == "Wed 06-10 00:00"


def test_a_layer_needs_people_and_an_hour_of_the_day() -> None:
    """Otherwise nobody could take over, or never."""
    with pytest.raises(ValueError, match="nobody"):
        Layer((), "daily", UTC, date(2026, 6, 1))
    with pytest.raises(ValueError, match="no second 86400"):
        Layer(("ann",), "daily", UTC, date(2026, 6, 1), 86_400)


# -- acknowledge -------------------------------------------------------------------------------------------

CHAIN = Chain((Level(Rota("noc", (WEEKLY,)), 15 * MINUTE), Level(("lead", "head"), 30 * MINUTE)), times=2)


def test_the_next_level_is_paged_until_somebody_acknowledges() -> None:
    """At once, after 15 minutes, after 45, after an hour."""
    paged_at = at("Mon 06-08 06:50")
    assert [(shown(one.at), one.level, one.person) for one in pages(CHAIN, paged_at)] == [
        ("Mon 06-08 06:50", 0, "ann"),
        ("Mon 06-08 07:05", 1, "lead"),
        ("Mon 06-08 07:05", 1, "head"),
        ("Mon 06-08 07:35", 0, "bob"),  # who is on call by then
        ("Mon 06-08 07:50", 1, "lead"),
        ("Mon 06-08 07:50", 1, "head"),
    ]


@pytest.mark.parametrize(
    ("acknowledged", "count"), [("06:50", 1), ("07:04", 1), ("07:05", 1), ("07:06", 3), ("07:35", 3)]
)
def test_who_acknowledges_in_time_spares_the_next_level(acknowledged: str, count: int) -> None:
    """At the very instant is in time."""
    assert len(pages(CHAIN, at("Mon 06-08 06:50"), at(f"Mon 06-08 {acknowledged}"))) == count


def test_a_level_with_nobody_is_passed_at_once_and_told() -> None:
    """The rota has a gap: the next level does not wait for it."""
    chain = Chain((Level(Rota("none"), 15 * MINUTE), Level(("lead",), 30 * MINUTE)))
    paged_at = at("Mon 06-08 06:50")
    assert pages(chain, paged_at) == (Paged(paged_at, 0, None), Paged(paged_at, 1, "lead"))
    assert next_page_at(chain, paged_at, paged_at) is None


def test_the_next_page_is_a_wake() -> None:
    """None after the last."""
    paged_at = at("Mon 06-08 06:50")
    assert shown(next_page_at(CHAIN, paged_at, paged_at)) == "Mon 06-08 07:05"
    assert next_page_at(CHAIN, paged_at, at("Mon 06-08 07:50")) is None


# -- against a slow one ------------------------------------------------------------------------------------

people = st.lists(st.sampled_from(["ann", "bob", "eve"]), min_size=1, max_size=3).map(tuple)
days = st.dates(date(2026, 3, 25), date(2026, 4, 2))


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    """Some layers around the change of the clocks, and overrides by the hour."""
    layers = []
    for _ in range(draw(st.integers(0, 3))):
        from_on = draw(days)
        until_on = draw(st.none() | st.dates(from_on, date(2026, 4, 5)))
        layers.append(
            Layer(
                draw(people), draw(st.sampled_from(["daily", "weekly"])), AMSTERDAM, from_on,
                3600 * draw(st.integers(0, 23)), until_on,
            )
        )  # fmt: skip
    hours = st.integers(0, 24 * 6).map(lambda hour: at("Fri 03-27 00:00") + hour * HOUR)
    overrides = st.builds(Override, st.sampled_from(["zoe", "max"]), hours, hours)
    return Rota("r", tuple(layers), tuple(draw(st.lists(overrides, max_size=3))))


@given(rotas())
def test_turns_say_what_is_true_of_every_half_hour(rota: Rota) -> None:
    """Turns, gaps and who is on call are one thing asked three ways."""
    start_at, end_at = at("Fri 03-27 00:00"), at("Thu 04-02 00:00")
    found = turns(rota, start_at, end_at)
    nobody = gaps(rota, start_at, end_at)

    def by_turns(instant: Instant) -> str | None:
        here = [one.person for one in found if one.start_at <= instant < one.end_at]
        assert len(here) <= 1
        return here[0] if here else None

    for instant in range(start_at, end_at, HOUR // 2):
        person = on_call(rota, instant)
        assert by_turns(instant) == person
        assert (instant in nobody) is (person is None)
