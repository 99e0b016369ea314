"""Who waits for an instant need not look again before it, as long as nobody has committed anything."""

from __future__ import annotations

from threading import Condition

from django.db import connection

from upheld.core.timeline.instant import Instant
from upheld.server.clock import Clock


class Quiet:
    """Where the loops of a process rest that have nothing to do before an instant, unless somebody commits.

    SQLite says whether another connection has committed since it was asked last (`PRAGMA data_version`). One
    thread asks it again and again by `look`, for all of them: each by itself would cost as much as it does.
    PostgreSQL does not say it. So nobody looks there, and nobody is held.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = Condition()
        self._seen: tuple[object, int] | None = None
        self._resting: dict[str, Instant | None] = {}
        self.is_kept = connection.vendor == "sqlite"
        """Whether anybody can rest here: the database says who commits, and the process is not to end."""
        self.commits = 0
        """How often it was seen that somebody had committed. Who reads it before asking misses nothing."""

    def look(self) -> list[str]:
        """Wakes all if anybody has committed, and else those whose instant has come; gives who rests on.

        Only one thread may call it: its own connection is one to compare with.
        """
        now = self._clock.now()
        with connection.cursor() as cursor:
            seen = connection.connection, cursor.execute("PRAGMA data_version").fetchone()[0]
        with self._changed:
            is_same, self._seen = seen == self._seen, seen
            if not is_same:
                self.tell()
            self._keep({one: at for one, at in self._resting.items() if at is None or now < at})
            return list(self._resting)

    def tell(self) -> None:
        """Wakes all: somebody has committed."""
        with self._changed:
            self.commits += 1
            self._keep({})

    def hold(self, name: str, commits: int, until: Instant | None) -> None:
        """Comes back when somebody has committed since there were so many commits, or at an instant, if any.

        An instant that has come holds nobody: whoever rested would learn that by the next look only.
        """
        with self._changed:
            has_come = until is not None and until <= self._clock.now()
            if not self.is_kept or commits != self.commits or has_come:
                return
            self._resting[name] = until
            self._changed.wait_for(lambda: name not in self._resting)

    def end(self) -> None:
        """From now on nobody rests."""
        with self._changed:
            self.is_kept = False
            self._keep({})

    def _keep(self, resting: dict[str, Instant | None]) -> None:
        if len(resting) < len(self._resting):
            self._resting = resting
            self._changed.notify_all()
