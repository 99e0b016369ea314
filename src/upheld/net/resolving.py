"""From names to addresses, once for each request. The resolver is an argument of the guard."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final, TypeAlias

from upheld.core.timeline.instant import SECOND, Duration

Resolver: TypeAlias = Callable[[str, Duration], tuple[str, ...]]
"""The addresses of a name, found within so many microseconds. ResolveError, or TimeoutError."""

AT_ONCE: Final = 32
"""Look-ups that hang at the same time. The system's look-up cannot be stopped; its thread is left behind."""
MOST_ADDRESSES: Final = 8


class ResolveError(OSError):
    """There is no address for a name, or nobody could be asked."""


class SystemResolver:
    """Asks the system, in a thread of its own so that a name server that hangs stops nobody else."""

    def __init__(
        self, at_once: int = AT_ONCE, look_up: Callable[..., list[tuple[object, ...]]] | None = None
    ) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._look_up = look_up or socket.getaddrinfo

    def __call__(self, host: str, within_us: Duration) -> tuple[str, ...]:
        """The addresses of a name. ResolveError if there are none, TimeoutError if that takes too long."""
        if not self._free.acquire(timeout=within_us / SECOND):
            raise TimeoutError("too many names are being looked up")
        answers: SimpleQueue[tuple[str, ...] | ResolveError] = SimpleQueue()
        threading.Thread(target=self._ask, args=(host, answers), daemon=True, name="look-up").start()
        try:
            found = answers.get(timeout=within_us / SECOND)
        except Empty:
            raise TimeoutError("the name was not found in time") from None
        if isinstance(found, ResolveError):
            raise found
        return found

    def _ask(self, host: str, answers: SimpleQueue[tuple[str, ...] | ResolveError]) -> None:
        try:
            found = self._look_up(host, None, type=socket.SOCK_STREAM)
            addresses = dict.fromkeys(str(entry[4][0]) for entry in found)  # type: ignore[index]
            answers.put(tuple(addresses)[:MOST_ADDRESSES])
        except (OSError, UnicodeError) as fault:
            answers.put(ResolveError(getattr(fault, "strerror", None) or "the name cannot be looked up"))
        finally:
            self._free.release()
