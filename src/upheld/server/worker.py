"""What goes on by itself: scopes wake, messages and events go out, what was lost is taken up."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import structlog
from django.db import close_old_connections, connection

from upheld.app.apart import apart
from upheld.app.due import next_decision, next_due
from upheld.app.owe import fall_back
from upheld.app.paging import ask_on
from upheld.app.pass_on import is_behind, pass_on
from upheld.app.probing import expect_anew, next_look
from upheld.app.retain import KEPT, Retention, retain
from upheld.app.seal import observed_providers, seal
from upheld.app.send import recover, still_at_it
from upheld.app.sequence import behind, sequence
from upheld.app.vitals import beat, leave, working
from upheld.app.wake import next_wake, wake
from upheld.app.watch_rotas import watch_rotas
from upheld.core.timeline.instant import SECOND, Duration, Instant
from upheld.evidence.signer import Signer
from upheld.notify.repeating import Way
from upheld.server.channels import Channels, ticks
from upheld.server.clock import Clock, draw
from upheld.server.prober import Prober
from upheld.server.quiet import Quiet
from upheld.server.room import FULL, NO_SIGN, ROOM
from upheld.server.sending import Sender
from upheld.server.stepping import Steps
from upheld.store.room import is_for_want_of_room
from upheld.store.signs_of_life import last_sign

POLL_S: Final = 1.0
"""So long a loop waits that has nothing to do; then it rests until there may be something, where it can."""
WAITS_S: Final = {"look": 0.5, "wake": 0.4, "keep": 10.0, "sign": 2.0, "seal": 600.0, "retain": 3600.0}
"""Loops that come round more often, or less: what is due is to be decided within a second."""
KEPT_OPEN_S: Final = 5.0
"""Who waits longer gives the connection back: a server of databases has few, and a worker many threads.
One to a file is dearer to open than to keep."""
NO_ROOM_S: Final = 0.5
"""So long a loop waits at least for which the disk has no room, then twice as long, at most `LONGEST_S`."""
LONGEST_S: Final = 5.0
LATE_US: Final[Duration] = 10 * SECOND
"""So much later than it should a loop may come round; later, it stands still."""
ENDS_WITHIN_S: Final = 25
"""So long what is being sent may take when all is to end; after it, a process is cut off soon."""
WAYS: Final[tuple[Way, ...]] = ("mail", "webhook", "service", "event")

NextOf: TypeAlias = Callable[[], Instant | None]
"""When a loop has something to do next, if nobody else commits anything; None: never."""

log = structlog.get_logger("upheld.worker")


class Worker:
    """The loops of one process, each a thread of its own. `alone`: no other process works on the database.

    `signer` is that of the server, in the one process that holds its memory. `prober` makes its looks.
    """

    def __init__(
        self,
        clock: Clock,
        channels: Channels,
        alone: bool = True,
        signer: Signer | None = None,
        retention: Retention = KEPT,
        prober: Prober | None = None,
    ) -> None:
        self._clock = clock
        self._prober = prober
        self._signer = signer
        self._alone = alone
        self._retention = retention
        self._stop = threading.Event()
        self._ends_at = 0
        self._threads: list[threading.Thread] = []
        self._channels = channels
        self._senders = {way: Sender(way, clock, channels, self._tally) for way in WAYS}
        self._lock = threading.Lock()
        self._name = f"{os.uname().nodename}/{os.getpid()}"
        self._done: Counter[str] = Counter()
        self._beats: dict[str, int] = {}
        self._steps = Steps(clock, ticks)
        self.quiet = Quiet(clock)

    def start(self) -> None:
        """Takes up what another one left, and starts the loops."""
        self._counted(recover(self._clock.now(), draw, everything=self._alone), "messages taken up")
        if self._alone or not working(self._clock.now()):  # a sign may be of one that was killed just now
            missed = expect_anew(self._clock.now(), last_sign() or 0)
            self._counted(missed, "heartbeats expected anew")
        self._signed(beat)
        if self._signer is not None:
            self.sign_by(self._signer)
        loops: dict[str, Callable[[], bool]] = {
            "wake": self._wake,
            "keep": self._keep,
            "seal": self._seal,
            "retain": self._retain,
        }
        loops |= {} if self._prober is None else {"probe": self._prober.round}
        loops |= {f"send {way}": sender.turn for way, sender in self._senders.items()}
        loops["send event"] = self._events
        next_of: dict[str, NextOf] = {"wake": next_decision, "probe": next_look}
        next_of |= {f"send {way}": sender.next_turn for way, sender in self._senders.items()}
        for sender in self._senders.values():
            sender.start()
        if self.quiet.is_kept:
            loops["look"] = self._look
        for name, turn in loops.items():
            self._begin(name, turn, next_of.get(name))

    def sign_by(self, signer: Signer) -> None:
        """Signs from now on: this process has come to hold the memory of the signer."""
        self._signer = signer
        for name, why in behind(signer).items():
            log.error("a log is behind what was signed of it: see upheld admin epoch", log=name, why=why)
        self._begin("sign", self._sign, _never)

    def _begin(self, name: str, turn: Callable[[], bool], next_of: NextOf | None) -> None:
        of = name, turn, next_of
        thread = threading.Thread(target=self._loop, args=of, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self, within_s: float = ENDS_WITHIN_S) -> None:
        """No loop begins another turn; what is being sent may come to its end, all of it within so long."""
        self._ends_at = ticks() + int(within_s * SECOND)
        self._stop.set()
        self.quiet.end()
        for sender in self._senders.values():
            sender.call()
        if self._prober is not None:
            self._prober.stop()
        for thread in [*self._threads, *(one for sender in self._senders.values() for one in sender.threads)]:
            thread.join(max(0, self._ends_at - ticks()) / SECOND)
        self._signed(leave)
        self._channels.tidy(everything=True)

    def standing_still(self) -> list[str]:
        """The loops that have not come round when they should: whatever the clock says."""
        now = ticks()
        return [
            name
            for name, at in list(self._beats.items())
            if now - at > WAITS_S.get(name, POLL_S) * SECOND + LATE_US
        ]

    def round(self) -> bool:
        """Decides and sends once what is due now, in the thread of the caller; whether that was anything.

        For scripted time: the loops need not run.
        """
        done = self._wake() | (self._pass_on() > 0)
        for sender in self._senders.values():
            done |= sender.round()
        self._channels.tidy(everything=True)
        return done

    def is_settled(self) -> bool:
        """Whether nothing is left to be done as of now."""
        now = self._clock.now()
        if any(one.under_way for one in self._senders.values()) or is_behind(now):
            return False
        due = next_due()
        return due is None or due > now

    # -- loops ---------------------------------------------------------------------------------------------

    def _loop(self, name: str, turn: Callable[[], bool], next_of: NextOf | None) -> None:
        refused_s = 0.0
        while not self._stop.is_set():
            close_old_connections()
            again, rests, before_s, refused_s = False, None, refused_s, 0.0
            try:
                commits = self.quiet.commits
                again = turn()
                if next_of is not None and not again and self.quiet.is_kept:
                    rests = commits, next_of()
            except Exception as fault:
                if is_for_want_of_room(fault):
                    refused_s = min(max(NO_ROOM_S, 2 * before_s), LONGEST_S)
                    self._refused(name)
                else:
                    log.exception("a loop failed, and goes on", loop=name)
            self._beats[name] = ticks()
            if not again:
                wait_s = max(WAITS_S.get(name, POLL_S), refused_s)
                if wait_s > KEPT_OPEN_S and connection.vendor != "sqlite":
                    connection.close()
                self._rest(name, wait_s)
                if rests is not None:
                    self.quiet.hold(name, *rests)
        if (sender := self._sender_of(name)) is not None:
            sender.end(self._ends_at)
        connection.close()

    def _refused(self, loop: str) -> None:
        """One line: as long as it lasts it comes again, in a log that needs room, too."""
        log.error("there is no room, and a loop tries again", loop=loop)
        ROOM.refused(FULL, ticks())

    def _look(self) -> bool:
        """Whoever rests does not stand still as long as this loop comes round, which wakes them."""
        for name in self.quiet.look():
            if name in self._beats:
                self._beats[name] = ticks()
        return False

    def _rest(self, name: str, wait_s: float) -> None:
        """Until a loop looks again: a sender also when it is called, or more may go."""
        if (sender := self._sender_of(name)) is None:
            self._stop.wait(wait_s)
        else:
            sender.rest(wait_s)

    def _sender_of(self, loop: str) -> Sender | None:
        return next((one for way, one in self._senders.items() if loop == f"send {way}"), None)

    def _wake(self) -> bool:
        """Each step by itself: one that fails does not keep the next from being done."""
        now = self._clock.now()
        woken = paged = 0
        with apart("scopes are woken"):
            due = next_wake()
            if due is not None and due <= now:
                woken = wake(now, decided=self._call, set_aside=lambda: self._tally("scopes not decided"))
        with apart("rotas are watched"):
            self._counted(watch_rotas(now), "rotas watched")
        with apart("people are woken"):
            asked = ask_on(now)
            self._counted(asked.unheard, "pages that nobody acknowledged")
            paged += self._counted(asked.written, "people woken")
        with apart("messages fall back"):
            paged += self._counted(fall_back(now), "messages fell back")
        if paged:
            self._call()
        return self._counted(woken, "scopes woken") + paged > 0

    def _call(self) -> None:
        """Whoever sends looks at once: what was written may be due."""
        for sender in self._senders.values():
            sender.call()
        self.quiet.tell()

    def _pass_on(self) -> int:
        return self._counted(pass_on(self._clock.now()), "changes passed on")

    def _events(self) -> bool:
        self._pass_on()
        return self._senders["event"].turn()

    def _sign(self) -> bool:
        assert self._signer is not None
        for name, why in sequence(self._signer, self._clock.now()).items():
            log.error("a log is not signed", log=name, why=why)
        return False

    def _seal(self) -> bool:
        now = self._clock.now()
        for provider_id in observed_providers():
            with apart("observations are sealed", provider_id):
                self._counted(len(seal(provider_id, now)), "files of observations sealed")
        return False

    def _retain(self) -> bool:
        return self._counted(retain(self._retention, self._clock.now()), "rows whose time is over") > 0

    def _keep(self) -> bool:
        now = self._clock.now()
        for sender in self._senders.values():
            still_at_it(sender.under_way, now)
        self._look_at_the_clock()
        self._counted(recover(now, draw), "messages taken up")
        self._channels.tidy()
        self._signed(beat)
        return False

    def _look_at_the_clock(self) -> None:
        """Says that the clock was set: what is due goes by what it says, and nothing by how long it took."""
        if step_us := self._steps.looked():
            log.error("clock.step", step_us=step_us)
            self._tally("clock steps")

    def _signed(self, sign: Callable[[str, Instant, Mapping[str, int]], None]) -> None:
        """Gives a sign, and what was done since the one before: where that cannot be written, with the next.

        Nobody is kept from their work by it, nor from coming to an end.
        """
        with self._lock:
            done, self._done = self._done, Counter()
        try:
            sign(self._name, self._clock.now(), done)
            if done or connection.vendor != "sqlite":  # there a sign alone needs no room
                ROOM.wrote()
        except Exception as fault:
            if is_for_want_of_room(fault):
                self._refused("sign of life")
            else:
                log.exception("no sign of life was given", worker=self._name)
                ROOM.refused(NO_SIGN, ticks())
            with self._lock:
                self._done += done

    def _counted(self, count: int, what: str) -> int:
        if count:
            log.info(what, count=count)
            self._tally(what, count)
        return count

    def _tally(self, what: str, count: int = 1) -> None:
        with self._lock:
            self._done[what] += count


def _never() -> None:
    """No instant makes anything to be signed, only what is recorded."""
