"""kill -9 at every named point, and at any moment: nothing acknowledged is lost, no message lost or doubled
but where it is recorded that nobody knows. `make sim` kills ten thousand: see `tests.live.kills`.

And who stands still for longer than it may hold anything, and goes on, changes nothing of what another one
took up meanwhile. Source: safety.md, fault model.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models import Q

from tests.live.databases import Postgres, Sqlite
from tests.live.kills.judging import hold
from tests.live.kills.victim import DEAD, Victim
from tests.live.kills.world import DATABASE, EVERYTHING, STEP_US, Setting, World, living, until
from upheld.app.crash import POINTS
from upheld.app.send import HOLD_US
from upheld.store.embedded.base import DISK_FAILED
from upheld.store.models import Attempt, Change, Message, RecordedFact, ScopeRow

pytestmark = pytest.mark.slow
KILLS = 15
"""On each kind of database."""
STANDS_STILL_AT = ("record.before_commit", "wake.before_commit", "send.before_send", "send.after_send")


def test_a_death_at_any_named_point_loses_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    """It dies at each of them, is started again without a hand, and all is as if it had not."""
    with living(1, EVERYTHING, sqlite, tmp_path) as world:
        for point in POINTS:
            world.open(2)
            world.reply(world.unanswered()[0])
            world.see()
            if point.startswith("acknowledge."):
                assert world.take_a_page()
            if point.startswith("apply."):
                world.apply()
            victim = world.start(point)
            assert _comes_to_that(world, victim, lambda one=victim: one.is_dead), f"nothing passes {point}"
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
            assert _comes_to_that(world, stopped, lambda one=stopped: one.stands_still), (
                f"nothing passes {where}"
            )
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


def test_what_a_disk_does_not_take_is_not_acknowledged(sqlite: Sqlite, tmp_path: Path) -> None:
    """Writes fail here and there in its files; what is refused is tried again, and all is well with room."""
    with living(4, Setting(endpoint=True), sqlite, tmp_path) as world:
        world.open(1)
        victim = world.start()
        until(lambda: world.is_done(victim))
        for share in (0, 0.5, 1):
            world.open(1)
            world.put(world.now + STEP_US)
            victim.may_write(round(share * (tmp_path / DATABASE).stat().st_size))
            victim.tell(world.orders[-1:])
            enough, told = victim.refused + 20, len(world.orders)
            until(lambda enough=enough, told=told: victim.refused > enough or victim.has_acknowledged(told))
            victim.may_write()
            until(lambda: world.is_done(victim))
        assert victim.refused > 20
        assert victim.stop() == 0
        world.buried(victim)
        world.survive()
        hold(world)


def test_a_server_whose_disk_does_not_sync_ends(sqlite: Sqlite, tmp_path: Path) -> None:
    """Nothing can be synced any more: it ends by itself, acknowledges nothing, and none before is lost."""
    with living(5, Setting(), sqlite, tmp_path) as world:
        for lasts in range(3):
            world.open(lasts + 1)
            victim = world.start(lasts=lasts)
            until(lambda one=victim: one.is_dead)
            assert victim.gone() == DISK_FAILED
            assert (len(victim.acknowledged), victim.refused) == (lasts, 0)
            world.buried(victim)
        world.survive()
        hold(world)


def _comes_to_that(world: World, victim: Victim, is_there: Callable[[], bool]) -> bool:
    """Whether it gets there, now or in one of the next steps of the clock."""
    for _ in range(8):
        until(lambda: is_there() or world.is_done(victim))
        if is_there():
            return True
        world.put(world.now + STEP_US)
    return False


def _is_sent(world: World) -> bool:
    """Whether nothing is left to be decided, and nobody is sending, or may."""
    goes = Q(state="sending") | Q(state="waiting", next_at__lte=world.now)
    return world.is_decided() and not Message.objects.filter(goes).exists()


def _everything() -> list[list[tuple[object, ...]]]:
    """What is recorded and decided, who is told, and what was tried."""
    tables = (RecordedFact, ScopeRow, Change, Message, Attempt)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]
