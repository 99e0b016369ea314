"""A small version of `make bench forecast`: chances beat climatology and come true about as often as told."""

from __future__ import annotations

import pytest
from benchmarks.forecast import PROCESSES, Process, Told, deciles, ratio, told, widest

WORLDS, DRAWS, SEEDS = 60, 60, (1, 2)


@pytest.fixture(scope="module")
def found() -> dict[str, list[Told]]:
    """What was told of each process, over the seeds."""
    return {
        process.name: [one for seed in SEEDS for one in told(process, seed, WORLDS, DRAWS)]
        for process in PROCESSES
    }


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_chances_beat_the_known_rate(process: Process, found: dict[str, list[Told]]) -> None:
    """On each process the mean squared error is below that of telling the rate of its months."""
    assert ratio(found[process.name]) < 1


def test_chances_come_true_about_as_often_as_told(found: dict[str, list[Told]]) -> None:
    """Over all processes, each decile with fifty forecasts is within what so few of them can tell."""
    everything = [one for own in found.values() for one in own]
    assert len(everything) > 400
    distance, _ = widest(everything, least=50)
    assert distance < 0.2
    assert len(deciles(everything)) > 6
