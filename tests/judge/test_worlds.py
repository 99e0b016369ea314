"""Judge and core side by side: on seeded worlds, and around the transitions of a seeded sample of zones."""

from __future__ import annotations

import pytest

from tests.seeds import seeds

from .campaign import judge_world, judge_zones, main, sample_of_zones
from .worlds import make_world

pytestmark = pytest.mark.slow

FAST, ALL = (*range(12), 2000072, 2001475, 3000998, 3001483), seeds(12, 48)
"""The first worlds of the campaign, and of the others those on which judge and core once disagreed."""


@pytest.mark.parametrize("seed", FAST)
def test_judge_and_core_agree_on_a_world(seed: int) -> None:
    """The first worlds of the campaign: a failing one prints itself with both answers."""
    told = judge_world(seed)
    assert not told, told


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_judge_and_core_agree_on_more_worlds(seed: int) -> None:
    """Sixty worlds in all; `make sim` judges more."""
    told = judge_world(seed)
    assert not told, told


@pytest.mark.slow
@pytest.mark.parametrize("zone", sample_of_zones(8, seed=2026))
def test_judge_and_core_agree_around_every_transition_of_a_zone(zone: str) -> None:
    """Is-open, elapsed and deadlines within two days of each transition from 1990 to 2037."""
    assert judge_zones(zone) == []


def test_a_world_on_which_the_answers_differ_prints_itself_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The seed, the files, both answers, and the command that plays it again."""
    monkeypatch.setattr("multiprocessing.pool.Pool.imap", lambda _, call, seeds, __: map(call, seeds))
    monkeypatch.setattr(f"{judge_world.__module__}.ask_core", lambda _: [])
    assert main(["--kind", "clocks", "--seed", "3", "--worlds", "1"]) == 1
    printed = capsys.readouterr().out
    world = make_world(3)
    assert "only the judge has it" in printed
    assert world["agreement_yaml"] in printed
    assert world["facts_jsonl"] in printed
    assert "python -m tests.judge.campaign --kind clocks --seed 3 --worlds 1" in printed
