"""One way out of a server: one loop speaks with the database, and several threads with the other side.

So a way needs one connection to the database, however much goes out by it, and what ended at the same time is
marked at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

import structlog
from django.db import InterfaceError, OperationalError

from upheld.app.crash import point
from upheld.app.due import next_sending
from upheld.app.line import Line
from upheld.app.send import Taken, give_back, mark, take
from upheld.core.timeline.instant import SECOND, Instant
from upheld.notify.breaker import Breaker
from upheld.notify.message import Delivery
from upheld.notify.repeating import Way
from upheld.server.channels import Channels, ticks
from upheld.server.clock import Clock, draw
from upheld.store.reach import is_out_of_reach

AT_ONCE: Final = 8
"""Messages of one way that are being sent at the same time: a way that hangs holds up no other."""
AHEAD: Final = 8
"""So many more are taken for a way that is quick, for as many questions. No more: of what is taken when the
server is killed nobody knows whether it arrived."""
AGAIN_S: Final = 1.0
"""Who ends marks again after so long what a database that was away kept from being marked."""
TOGETHER_S: Final = 0.05
"""So long those that are under way may take to end together: they are marked, and as many taken, at once."""

Ended: TypeAlias = tuple[Taken, Delivery | None]
"""What became of an attempt; None: it was broken off by a fault of ours."""

log = structlog.get_logger("upheld.worker")


class Sender:
    """Sends by one way. `tally` counts what was done.

    Only one thread may call `turn`, `round`, `mark` and `end`; what is under way anybody may ask.
    """

    def __init__(self, way: Way, clock: Clock, channels: Channels, tally: Callable[[str], None]) -> None:
        self._called = threading.Event()
        self._all_ended = threading.Event()
        self.threads = [
            threading.Thread(target=self._deliver, name=f"send {way} {number}", daemon=True)
            for number in range(AT_ONCE)
        ]
        self._way = way
        self._clock = clock
        self._channels = channels
        self._tally = tally
        self._breaker = Breaker()
        self._line = Line(way)
        self._has_just_taken = False
        self._waiting: SimpleQueue[Taken | None] = SimpleQueue()
        self._ended: SimpleQueue[Ended] = SimpleQueue()
        self._unmarked: list[tuple[Taken, Delivery]] = []
        self._under_way: dict[tuple[int, int], Taken] = {}
        self._lock = threading.Lock()

    @property
    def under_way(self) -> list[Taken]:
        """What was taken and is not marked yet."""
        with self._lock:
            return list(self._under_way.values())

    def start(self) -> None:
        """The threads that send."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """The threads end when they have sent what was taken; what became of that is still to be marked."""
        for _ in self.threads:
            self._waiting.put(None)

    def end(self, until: int) -> None:
        """Takes nothing more: gives back what nobody has begun, and marks what ends until so many ticks.

        What goes on for longer stays held, and is taken up later as what was lost.
        """
        try:
            self._give_back()
        except Exception:
            log.exception("what nobody has begun is not given back, and is taken up later", way=self._way)
        self.stop()
        self.mark()
        while self.under_way and (left_us := until - ticks()) > 0:
            self.rest(min(left_us / SECOND, AGAIN_S))
            self.mark()

    def next_turn(self) -> Instant | None:
        """When there is something to do next, unless somebody commits; long ago while anything is sent.

        An attempt may end at any time, also at one that the clock does not say yet after it was set back.
        """
        return 0 if self.under_way else next_sending()

    def turn(self) -> bool:
        """Marks what ended, and takes as many as may begin; whether that was anything."""
        is_together = bool(self.under_way) and self._all_ended.wait(TOGETHER_S)
        is_quick = is_together and self._has_just_taken
        marked = self.mark()
        if not (marked or self._unmarked):
            self._give_back()
        most = AT_ONCE + AHEAD if is_quick else AT_ONCE
        may = self._breaker.most(self._clock.now(), most - len(self.under_way))
        taken = self._taken(may) if may > 0 else []
        self._has_just_taken = bool(taken)
        self._all_ended.clear()
        for one in taken:
            self._waiting.put(one)
        return marked or bool(taken)

    def call(self) -> None:
        """Whoever rests looks again: something was written that may be due, or all is to end."""
        self._called.set()

    def rest(self, within_s: float) -> None:
        """Waits for the end of an attempt, after which more may go, or until it is called."""
        self._called.wait(within_s)
        self._called.clear()

    def round(self) -> bool:
        """Sends what is due in the thread of the caller, one after the other; whether that was anything."""
        taken = self._taken(AT_ONCE)
        for one in taken:
            self._attempt(one)
            self.mark()
        return bool(taken)

    def mark(self) -> bool:
        """Marks what became of the attempts that ended; whether any is done with."""
        ended: list[Ended] = []
        with suppress(Empty):
            while True:
                ended.append(self._ended.get_nowait())
        self._tell(ended)
        nobody_asked = [taken for taken, delivery in ended if delivery is None]
        self._unmarked += [(taken, delivery) for taken, delivery in ended if delivery is not None]
        of_provider: dict[int, list[tuple[Taken, Delivery]]] = {}
        for taken, delivery in self._unmarked:
            of_provider.setdefault(taken.provider_id, []).append((taken, delivery))
        done = [*nobody_asked, *(taken for own in of_provider.values() for taken in self._marked(own))]
        with self._lock:
            for taken in done:
                self._under_way.pop((taken.id, taken.hold), None)
            self._unmarked = [one for one in self._unmarked if one[0] not in done]
        return bool(done)

    # -- in the thread that marks ----------------------------------------------------------------------------

    def _taken(self, most: int) -> list[Taken]:
        taken = take(self._way, self._clock.now(), most, self._line)
        with self._lock:
            self._under_way |= {(one.id, one.hold): one for one in taken}
        self._breaker.began(len(taken))
        return taken

    def _give_back(self) -> None:
        """What no thread has begun is kept from nobody: a way that was quick hangs, and a page may come.

        Where the database is not there it is taken up later, as what was lost.
        """
        given: list[Taken] = []
        with suppress(Empty):
            while (one := self._waiting.get_nowait()) is not None:
                given.append(one)
            self._waiting.put(None)  # it tells a thread to end
        with self._lock:
            for one in given:
                del self._under_way[one.id, one.hold]
        give_back(given, self._clock.now())

    def _tell(self, ended: Iterable[Ended]) -> None:
        """What the attempts say of the way."""
        was_open = self._breaker.is_open
        for _, delivery in ended:
            self._breaker.told(delivery, self._clock.now())
        if was_open != self._breaker.is_open:
            log.warning("a way is there again" if was_open else "a way is down", way=self._way)

    def _marked(self, ended: Sequence[tuple[Taken, Delivery]]) -> list[Taken]:
        """Marks attempts for one provider, together or each by itself; gives those of which that is over.

        What a database that is not there keeps from being marked is tried again.
        """
        try:
            kept = mark(ended, self._clock.now(), draw)
        except Exception as fault:
            if isinstance(fault, (OperationalError, InterfaceError)) or is_out_of_reach(fault):
                log.warning("attempts are not marked, which is tried again", way=self._way, why=str(fault))
                return []
            if len(ended) > 1:
                return [taken for one in ended for taken in self._marked([one])]
            log.exception("a message was not marked, and is taken up later", way=self._way)
            return [ended[0][0]]
        for taken, delivery in ended:
            self._tally(f"attempt {taken.way} {delivery.state}")
            is_kept = taken.id in kept
            log.info("sent", way=taken.way, key=taken.text.key[:12], state=delivery.state, kept=is_kept)
        return [taken for taken, _ in ended]

    # -- in the threads that send ----------------------------------------------------------------------------

    def _deliver(self) -> None:
        """Sends what comes, one after the other, until nothing more will."""
        while (taken := self._waiting.get()) is not None:
            self._attempt(taken)
            if self._ended.qsize() >= len(self.under_way):
                self._all_ended.set()
            self._called.set()

    def _attempt(self, taken: Taken) -> None:
        delivery: Delivery | None = None
        try:
            began = self._clock.now()
            channel = self._channels.to(taken.way, taken.address, taken.is_marked)
            if channel is None:
                delivery = Delivery(
                    "failed", began, "this server has no mail relay: set UPHELD_MAIL", of_channel=True
                )
            else:
                point("send.before_send")
                delivery = channel.send(taken.text, began)
                point("send.after_send")
        except Exception:
            log.exception("a message was not sent, and is taken up later", way=taken.way)
        self._ended.put((taken, delivery))
