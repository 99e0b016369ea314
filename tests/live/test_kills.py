"""kill -9 at every named point, and at any moment: nothing acknowledged is lost, no message lost or doubled
but where it is recorded that nobody knows. `make sim` kills ten thousand: see `tests.live.kills`.

And who stands still for longer than it may hold anything, and goes on, changes nothing of what another one
took up meanwhile. Source: safety.md, fault model.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Q

from tests.live.databases import Postgres, Sqlite
from tests.live.kills.judging import hold
from tests.live.kills.victim import DEAD
from tests.live.kills.world import EVERYTHING, STEP_US, Setting, World, living, until
from upheld.app.crash import POINTS
from upheld.app.send import HOLD_US
from upheld.store.models import Attempt, Change, Message, RecordedFact, ScopeRow

pytestmark = pytest.mark.slow
KILLS = 15
"""On each kind of database."""
STANDS_STILL_AT = (
    "record.before_commit", "wake.before_commit", "send.taken", "send.before_send", "send.after_send"
)  # fmt: skip


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


def test_who_stood_still_for_too_long_changes_nothing(postgres: Postgres, tmp_path: Path) -> None:
    """What it was writing is given up, what it was sending is sent by another, and recorded as unknown."""
    with living(3, Setting(endpoint=True, alone=False), postgres, tmp_path) as world:
        for where in STANDS_STILL_AT:
            world.open(1)
            stopped = world.start(where, stops=True)
            for _ in range(8):
                until(lambda stopped=stopped: stopped.stands_still or world.is_done(stopped))
                if stopped.stands_still:
                    break
                world.put(world.now + STEP_US)
            assert stopped.stands_still, f"nothing passes {where}"
            other, untold = world.start(), len(world.untold())
            world.put(world.now + 3 * HOLD_US)
            until(lambda other=other, untold=untold: other.has_acknowledged(untold) and _is_sent(world))
            assert stopped.stands_still
            before = _everything()
            stopped.go_on()
            assert stopped.stop() == 0, "it ends by itself, when it has marked what it sent"
            assert _everything() == before, f"it stood still at {where}"
            assert other.stop() == 0
            for one in (stopped, other):
                world.buried(one)
        world.survive()
        assert hold(world).unknown >= sum(where.startswith("send.") for where in STANDS_STILL_AT)


def _is_sent(world: World) -> bool:
    """Whether nothing is left to be decided, and nobody is sending, or may."""
    goes = Q(state="sending") | Q(state="waiting", next_at__lte=world.now)
    return world.is_decided() and not Message.objects.filter(goes).exists()


def _everything() -> list[list[tuple[object, ...]]]:
    """What is recorded and decided, who is told, and what was tried."""
    tables = (RecordedFact, ScopeRow, Change, Message, Attempt)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]
