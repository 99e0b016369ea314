"""kill -9 at every named point, and at any moment: nothing acknowledged is lost, no message lost or doubled
but where it is recorded that nobody knows. `make sim` kills ten thousand: see `tests.live.kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.databases import Postgres, Sqlite
from tests.live.kills.judging import hold
from tests.live.kills.victim import DEAD
from tests.live.kills.world import EVERYTHING, STEP_US, living, until
from upheld.app.crash import POINTS

pytestmark = pytest.mark.slow
KILLS = 15
"""On each kind of database."""


def test_a_death_at_any_named_point_loses_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    """It dies at each of them, is started again without a hand, and all is as if it had not."""
    with living(1, EVERYTHING, sqlite, tmp_path) as world:
        for point in POINTS:
            world.open(2)
            world.reply(world.unanswered()[0])
            victim = world.start(point)
            for _ in range(8):
                until(lambda victim=victim: victim.is_dead or world.is_done(victim))
                if victim.is_dead:
                    break
                world.put(world.now + STEP_US)
            assert victim.is_dead, f"nothing passes {point}"
            assert victim.gone() == DEAD
            world.buried(victim)
        world.survive()
        hold(world)


def test_a_death_at_any_moment_loses_nothing(databases: Sqlite | Postgres, tmp_path: Path) -> None:
    """Killed again and again, at moments drawn from a seed, while facts come and mail goes out."""
    with living(2, EVERYTHING, databases, tmp_path) as world:
        for _ in range(KILLS):
            world.pass_some_time(KILLS)
            world.kill()
        world.survive()
        hold(world)
    assert world.hit["nothing"] < world.hit["looked at"], "some of them were at work"
