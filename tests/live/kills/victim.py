"""A process that is killed: it does what it is told, and works on what that changes.

It is forked from one that has loaded everything, and so is at work within milliseconds; its threads, its
connections and its files are its own.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from unittest.mock import patch

from django.conf import settings
from django.db import Error, close_old_connections
from django.db.backends.signals import connection_created

from tests.live.databases import use
from tests.live.kills.orders import Order
from tests.live.kills.unlasting import nothing_lasts
from tests.live.test_worker import channels_to
from upheld.app.crash import arm
from upheld.core.timeline.instant import Instant
from upheld.net.marks import EVERYBODY
from upheld.server import worker
from upheld.server.clock import FileClock
from upheld.server.databases import database
from upheld.server.environment import prepare
from upheld.server.signing import signer_in
from upheld.store.models import Provider
from upheld.store.reach import is_out_of_reach
from upheld.store.room import is_for_want_of_room
from upheld.store.sealed import lake_home

READY = b"ready"
REFUSED = b"refused"
"""What it says for an order of which it could not write what it does, and tries again."""
HURRY_S = {"look": 0.05, "wake": 0.05, "sign": 0.1, "keep": 0.25}
"""A loop looks again so soon: whoever dies young should have been at work."""
DEAD = 137
"""The exit code of who dies at a named point."""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.live.kills.mother"])


class Given(NamedTuple):
    """What a server is started with. `burst` and `key` are settings.

    It dies at a named `point`, or before so many statements are told to the database; by itself never. With
    `stops` it does not die at the point, but stands still until it is told to go on. Once it has acknowledged
    the number `lasts` of orders, nothing that it writes lasts any more.
    """

    address: str
    folder: Path
    port: int
    burst: int
    key: str
    alone: bool = True
    point: str = ""
    statement: int = 0
    stops: bool = False
    lasts: int | None = None


class Victim:
    """A server at work, until it is killed."""

    def __init__(self, given: Given) -> None:
        told, self._told = _FORKS.Pipe(duplex=False)
        self._says, says = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_live, args=(given, told, says))
        self._process.start()
        told.close()
        says.close()
        self.acknowledged: list[str] = []
        self.refused = 0
        self.is_gone = False
        assert self._says.poll(60)
        assert self._says.recv_bytes() == READY

    @property
    def is_dead(self) -> bool:
        """Whether it has come to its end."""
        return self._process.exitcode is not None

    @property
    def stands_still(self) -> bool:
        """Whether it was stopped in the middle of what it did."""
        state = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "T"

    def stand_still(self) -> None:
        """It is stopped in the middle of whatever it does."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """What stands still goes on, as if no time had passed."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def may_write(self, size: int = resource.RLIM_INFINITY) -> None:
        """Beyond so many bytes no file of it takes anything, until it is said otherwise."""
        assert self._process.pid is not None
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def tell(self, orders: Sequence[Order]) -> None:
        """As many as it takes before it dies."""
        try:
            for one in orders:
                self._told.send(one)
        except BrokenPipeError:
            pass

    def listen(self, within_s: float = 0) -> None:
        """Hears what it has acknowledged; waits so long for the first of it."""
        try:
            while self._says.poll(within_s):
                said, within_s = self._says.recv_bytes(), 0
                if said == REFUSED:
                    self.refused += 1
                else:
                    self.acknowledged.append(said.decode())
        except (EOFError, OSError):
            self._process.join(within_s)

    def has_acknowledged(self, number: int) -> bool:
        """Whether it has acknowledged so many orders, or can no more."""
        self.listen()
        return len(self.acknowledged) >= number or self.is_dead

    def kill(self) -> int:
        """Now, whatever it is doing; gives how it ended."""
        self._process.kill()
        return self.gone()

    def stop(self) -> int:
        """It comes to its end when it has done everything; gives how it ended."""
        self._told.close()
        return self.gone()

    def gone(self) -> int:
        """Waits until it is dead and all that it said has been heard; gives how it ended."""
        self._process.join(60)
        ended = self._process.exitcode
        assert ended is not None
        self.listen()
        for one in (self._told, self._says, self._process):
            one.close()
        self.is_gone = True
        return ended


def _live(given: Given, told: Connection, says: Connection) -> None:
    """Until it is told no more."""
    os.dup2(os.open(given.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    prepare(given.folder / "data")
    use(database(given.address, given.folder))
    settings.SECRET_KEY, settings.BURST = given.key, given.burst
    settings.PRIVATE_TARGETS = EVERYBODY  # whom it tells is on this machine
    if given.point:
        arm(given.point, _stand_still_once() if given.stops else lambda: os._exit(DEAD))
    clock, provider, pause = FileClock(given.folder / "now"), Provider.objects.get(), Event()
    channels = channels_to(given.port)
    with (
        signer_in(given.folder / "data", makes=True) as signer,
        patch.object(worker, "POLL_S", HURRY_S["wake"]),
        patch.dict(worker.WAITS_S, HURRY_S),
    ):
        assert (signer is None) <= (not given.alone), "another one has the memory of the signer"
        one = worker.Worker(clock, channels, given.alone, signer)
        says.send_bytes(READY)  # it may die as soon as it works
        if given.statement:
            connection_created.connect(_dying_before(given.statement), weak=False)
        one.start()
        with suppress(EOFError):
            for number in count():
                if number == given.lasts:
                    nothing_lasts()
                order: Order = told.recv()
                while not _is_done(order, provider.pk, clock.now(), lake_home()):
                    says.send_bytes(REFUSED)
                    pause.wait(0.01)
                says.send_bytes(order.id.encode())
        one.stop()


def _is_done(order: Order, provider_id: int, now: Instant, lake: Path) -> bool:
    """Whether an order could be; a desk tells it again if not."""
    try:
        order.do(provider_id, now, lake)
    except Error as fault:
        if not (is_out_of_reach(fault) or is_for_want_of_room(fault)):
            raise
        close_old_connections()
        return False
    return True


def _stand_still_once() -> Callable[[], None]:
    """Stops the whole process, the first time."""
    left = [signal.SIGSTOP]

    def stop() -> None:
        if left:
            os.kill(os.getpid(), left.pop())

    return stop


def _dying_before(statement: int) -> Callable[..., None]:
    """Counts what all connections tell the database, and dies before the statement of a number."""
    numbers = count(1)

    def counted(execute: Callable[..., Any], *told: Any) -> Any:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*told)

    def opened(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(counted)

    return opened
