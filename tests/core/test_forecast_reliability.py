"""A small version of `make bench forecast`: chances beat climatology and come true about as often as told."""

from __future__ import annotations

import pytest
from benchmarks.forecast import PROCESSES, Told, deciles, ratio, told, widest

pytestmark = pytest.mark.slow

WORLDS, DRAWS, SEEDS = 40, 50, (1, 2)


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, int], list[Told]]:
    """What was told of each kind of world, by seed."""
    return {
        (process.name, seed): told(process, seed, WORLDS, DRAWS) for process in PROCESSES for seed in SEEDS
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_chances_beat_the_known_rate(seed: int, found: dict[tuple[str, int], list[Told]]) -> None:
    """Over all kinds of worlds the mean squared error is below that of telling each its known rate."""
    assert ratio([one for (_, own), rows in found.items() if own == seed for one in rows]) < 1


def test_chances_come_true_about_as_often_as_told(found: dict[tuple[str, int], list[Told]]) -> None:
    """Over all processes, each decile with fifty forecasts is within what so few of them can tell."""
    everything = [one for own in found.values() for one in own]
    assert len(everything) > 400
    distance, _ = widest(everything, least=50)
    assert distance < 0.2
    assert len(deciles(everything)) > 6
