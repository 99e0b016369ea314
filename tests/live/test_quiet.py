"""What a loop need not ask: nothing is to be done before an instant, unless somebody commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from django.db import connection

from tests.live.test_messages import OPENED_AT
from tests.live.test_worker import channels_to
from upheld.app.vitals import beat
from upheld.core.timeline.instant import MINUTE, SECOND, Instant
from upheld.server import worker
from upheld.server.clock import SystemClock
from upheld.server.quiet import Quiet
from upheld.store.models import Provider

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
SOON_AT = OPENED_AT + MINUTE
WITHIN_S = 30


class Loops:
    """Loops that come to rest, at a time that is told; this thread looks for them."""

    def __init__(self) -> None:
        self.at = OPENED_AT
        self.quiet = Quiet(self)
        self.quiet.look()
        self._ended: dict[str, Event] = {}

    def now(self) -> Instant:
        return self.at

    def begin(self, name: str, until: Instant | None, commits: int | None = None) -> Event:
        """A loop that has nothing to do until an instant comes to rest, or goes on: then that is set."""
        known = self.quiet.commits if commits is None else commits
        ended = self._ended[name] = Event()

        def hold() -> None:
            self.quiet.hold(name, known, until)
            ended.set()

        Thread(target=hold, daemon=True).start()
        return ended

    def rest(self, name: str, until: Instant | None, commits: int | None = None) -> bool:
        """Whether such a loop comes to rest."""
        ended = self.begin(name, until, commits)
        while name not in self.quiet.look():
            if ended.is_set():
                return False
        return True

    def woken(self) -> set[str]:
        """Who does not rest any more after one look; each goes on."""
        woken = self._ended.keys() - set(self.quiet.look())
        assert all(self._ended[name].wait(WITHIN_S) for name in woken)
        return woken


@pytest.fixture
def loops(address: str) -> Iterator[Loops]:
    """None rests yet."""
    found = Loops()
    yield found
    found.quiet.end()


def _a_provider() -> None:
    Provider.objects.create(name="Elsewhere", key="elsewhere")


def _elsewhere(act: Callable[[], object] = _a_provider) -> None:
    """Something is done by another connection."""

    def does() -> None:
        act()
        connection.close()

    thread = Thread(target=does)
    thread.start()
    thread.join()


@on_sqlite
def test_each_rests_until_its_instant(loops: Loops) -> None:
    """Who waits for a later one, or for none, rests on."""
    assert loops.rest("soon", SOON_AT)
    assert loops.rest("later", SOON_AT + 1)
    assert loops.rest("ever", None)
    loops.at = SOON_AT - 1
    assert loops.woken() == set()
    loops.at = SOON_AT
    assert loops.woken() == {"soon"}


@on_sqlite
def test_an_instant_that_has_come_since_it_was_looked_holds_nobody(loops: Loops) -> None:
    """Nobody looks again here, so whoever came to rest would rest for ever."""
    loops.at = SOON_AT
    assert loops.begin("soon", SOON_AT).wait(WITHIN_S)


@on_sqlite
def test_all_are_woken_when_another_connection_commits(loops: Loops) -> None:
    """A fact that came through the API, say, or by another process: what is due may be earlier now."""
    assert loops.rest("soon", SOON_AT)
    assert loops.rest("ever", None)
    assert loops.woken() == set()
    _elsewhere()
    assert loops.woken() == {"soon", "ever"}


@on_sqlite
def test_what_is_committed_while_a_loop_asks_is_not_missed(loops: Loops) -> None:
    """The loop began to ask, somebody committed and it was looked, and then it found nothing to do."""
    commits = loops.quiet.commits
    _elsewhere()
    loops.quiet.look()
    assert not loops.rest("late", None, commits)


@on_sqlite
def test_who_is_told_of_a_commit_does_not_wait_for_a_look(loops: Loops) -> None:
    """Whoever rests goes on at once, and who was about to rest does not."""
    assert loops.rest("ever", None)
    commits = loops.quiet.commits
    loops.quiet.tell()
    assert loops.woken() == {"ever"}
    assert not loops.rest("late", None, commits)


@on_sqlite
def test_another_connection_knows_nothing(loops: Loops) -> None:
    """The numbers of two connections say nothing of each other."""
    assert loops.rest("ever", None)
    connection.close()
    assert loops.woken() == {"ever"}


@on_sqlite
def test_a_sign_of_life_wakes_nobody(loops: Loops) -> None:
    """It is no commit, unless something was done that is to be counted."""
    assert loops.rest("ever", None)
    _elsewhere(lambda: beat("one/1", OPENED_AT, {}))
    assert loops.woken() == set()
    _elsewhere(lambda: beat("one/1", OPENED_AT, {"scopes woken": 1}))
    assert loops.woken() == {"ever"}


@on_sqlite
def test_who_rests_does_not_stand_still_while_somebody_looks(
    loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop with nothing to do for a week does not come round; the one that would wake it does."""
    works = worker.Worker(loops, channels_to(1))
    works.quiet = loops.quiet
    works._beats = {"look": 0, "wake": 0, "send mail": 0}
    assert loops.rest("wake", None)
    assert loops.rest("demo", None), "it is no loop of a worker"
    monkeypatch.setattr(worker, "ticks", lambda: 12 * SECOND)
    assert works.standing_still() == ["look", "wake", "send mail"], "nobody would wake it"
    works._look()
    assert works.standing_still() == ["look", "send mail"]


@on_sqlite
def test_nobody_rests_when_all_is_to_end(loops: Loops) -> None:
    """Who rests is woken, and nobody comes to rest any more."""
    assert loops.rest("ever", None)
    loops.quiet.end()
    assert loops.woken() == {"ever"}
    assert not loops.rest("ever", None)


@pytest.mark.parametrize("databases", [pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
def test_nobody_rests_where_nobody_says_who_committed(address: str) -> None:
    """PostgreSQL does not: a loop is back at once, and asks again after a while."""
    quiet = Quiet(SystemClock())
    assert not quiet.is_kept
    quiet.hold("ever", quiet.commits, None)
