"""The error budget and its fan: what is used, where it goes, and that it can be read."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from tests.render.drawings.figure_results import measured as random_measured
from tests.render.drawings.pictures import HOSTILE, SVG, assert_sound
from tests.render.figure_worlds import JUNE, LEVEL, measured, terms
from tests.seeds import seeds
from upheld.core.forecasting.forecast import Budget, Forecast
from upheld.core.timeline.instant import DAY, HOUR, MINUTE
from upheld.core.timeline.period import Period
from upheld.core.values.key import CellKey
from upheld.core.verdicts.measurement import Bounds
from upheld.render.drawings.budget import budget_fan, crossings
from upheld.render.drawings.drawing import Drawing

pytestmark = pytest.mark.slow

KEY = CellKey("c1", "uptime", "2026-06")


def forecast(**changes: object) -> Forecast:
    """The 16th of June: six of 21.6 minutes used; of ten continuations four lose the level, from day 2 on."""
    told: dict[str, object] = {
        "key": KEY, "state": "running", "period": JUNE, "at": JUNE.start_at + 15 * DAY, "level": LEVEL,
        "now": Bounds(Fraction(1), Fraction(1), Fraction(1)), "best": Fraction(9998, 10000),
        "worst": Fraction(1, 2), "elapsed": Fraction(1, 2), "counted": Fraction(1, 2),
        "budget": Budget(int(21.6 * MINUTE), Fraction(6 * MINUTE), "us"), "chance": Fraction(2, 5),
        "lost_in": (47, 95, 143, 191), "resamples": 10,
    }  # fmt: skip
    return Forecast(**{**told, **changes})  # type: ignore[arg-type]


def drawn(one: Forecast) -> Drawing:
    """Its picture: the six minutes were one outage, on the 8th."""
    return budget_fan(5, terms(), one, measured(6, not_yet=15 * 1440))


def test_tenths_cross_the_budget_when_their_continuations_do() -> None:
    """Of ten continuations four are lost, one every two days."""
    one = forecast()
    assert [(share, (at - one.at) // DAY) for share, at in crossings(one)] == [
        (Fraction(1, 10), 2), (Fraction(1, 5), 4), (Fraction(3, 10), 6), (Fraction(2, 5), 8)
    ]  # fmt: skip
    assert crossings(forecast(resamples=0)) == []


def test_the_description_and_the_table_have_the_numbers() -> None:
    """Budget, used, left, burn, chance, and by when."""
    drawing = drawn(forecast())
    rows = dict(drawing.table.rows)
    assert rows["budget"] == "21 min 36 s"
    assert rows["left"] == "15 min 36 s"
    assert rows["burn"] == "0.55 ×"
    assert rows["10 % have lost it by"] == "Wed 2026-06-17 24:00"
    assert "27.7 % of 21 min 36 s used; chance to lose the level 40 %" in drawing.description


def test_the_course_goes_up_by_the_outages() -> None:
    """A step of six minutes on the 8th; then it is flat up to the instant asked about."""
    root = assert_sound(drawn(forecast()), 1000)
    (path,) = (one for one in root.iter(f"{SVG}path") if one.get("class") == "course")
    points = [tuple(map(float, pair.split())) for pair in (path.get("d") or "")[1:].split("L")]
    heights = [y for _, y in points]
    assert heights[0] == heights[1] > heights[2] == heights[3]
    assert heights[0] - heights[2] == pytest.approx(200 * 6 / 21.6 / 1.6, abs=0.02)


def test_what_is_certain_has_no_fan() -> None:
    """A level that is lost has no fates left to draw."""
    text = drawn(forecast(chance=Fraction(1), resamples=0, lost_in=(), reason="lost", state="breached")).svg(
        360
    )
    assert '"fan"' not in text
    assert '"fan"' in drawn(forecast()).svg(360)


def test_without_a_budget_there_are_words_only() -> None:
    """Where durations are measured nothing is used up."""
    drawing = drawn(forecast(budget=None))
    assert "<path" not in drawing.svg(360)
    assert "Chance to lose the level 40 %." in drawing.description


def random_fan(seed: int) -> Drawing:
    """Any budget, at any instant, with any continuations."""
    rng = Random(seed)
    period = Period(JUNE.start_at, JUNE.start_at + rng.choice([DAY, 30 * DAY, 91 * DAY]), "p")
    at = period.start_at + rng.randrange(period.length_us + 1)
    found = random_measured(rng, "service", period, at)
    hours = max((period.end_at - at) // HOUR, 1)
    resamples = rng.choice([0, 10, 1000])
    lost = tuple(sorted(rng.randrange(hours) for _ in range(rng.randint(0, resamples)))) if resamples else ()
    whole = rng.choice([0, 1, 3, 20 * MINUTE, 200 * MINUTE, 10**12])
    used = rng.choice([Fraction(0), Fraction(rng.randrange(10**12), 7), Fraction(found.outages.length)])
    chance = Fraction(len(lost), resamples) if resamples else rng.choice([None, Fraction(0), Fraction(1)])
    unit = rng.choice(["us", "us", "count"])
    key = KEY._replace(subject=rng.choice(["2026-06", *HOSTILE[:7]]))
    state = rng.choice(["running", "at risk", "breached"])
    one = forecast(
        key=key, period=period, at=at, lost_in=lost, resamples=resamples, chance=chance, state=state,
        budget=Budget(whole, used, unit), counted=rng.choice([Fraction(0), Fraction(1, 3), Fraction(1)]),
    )  # fmt: skip
    return budget_fan(5, terms(), one, found)


def test_random_fans_can_be_read() -> None:
    """No label lies on another one or leaves the picture, on a telephone or a wide screen."""
    for seed in range(25):
        for width in (360, 1440):
            assert_sound(random_fan(seed), width)


@pytest.mark.slow
def test_many_random_fans_can_be_read() -> None:
    """As above, on many results."""
    for seed in seeds(25, 200):
        drawing = random_fan(seed)
        for width in (360, 1440):
            assert_sound(drawing, width)
