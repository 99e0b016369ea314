"""Who waits for an instant need not look again before it, as long as nobody else has committed anything."""

from __future__ import annotations

from django.db import connection

from upheld.core.timeline.instant import Instant


class Quiet:
    """What the loop of one thread knows: nothing is to be done before an instant, unless somebody commits.

    SQLite says whether another connection has committed since it was asked last (`PRAGMA data_version`),
    at a small part of what the questions of a loop take. PostgreSQL does not, so there nothing is known.
    """

    def __init__(self) -> None:
        self._asked: tuple[object, int] | None = None
        self._known: tuple[object, int] | None = None
        self._until: Instant | None = None

    def holds(self, now: Instant) -> bool:
        """Whether it is known that nothing is to be done now. What is asked after this is asked anew."""
        self._asked = _version()
        is_same = self._asked is not None and self._known is not None and self._asked == self._known
        return is_same and (self._until is None or now < self._until)

    def lasts(self, until: Instant | None) -> None:
        """Nothing was to be done, and will not be before an instant; None: ever."""
        self._known, self._until = self._asked, until


def _version() -> tuple[object, int] | None:
    """The connection of this thread, and a number that is another one after a commit by any other one."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        return connection.connection, cursor.execute("PRAGMA data_version").fetchone()[0]
