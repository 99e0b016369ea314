"""Named points at which a test can let the process die, so that every window is hit and not only likely ones.

Nothing is armed in a server: tests do, in the processes that they start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "apply.before_commit",
    "apply.after_commit",
    "observe.before_commit",
    "observe.after_commit",
    "record.before_commit",
    "record.after_commit",
    "wake.before_commit",
    "wake.after_commit",
    "ask.before_commit",
    "ask.after_commit",
    "coalesce.before_commit",
    "coalesce.after_commit",
    "send.taken",
    "send.before_send",
    "send.after_send",
    "send.marked",
    "fall_back.before_commit",
    "fall_back.after_commit",
    "acknowledge.before_commit",
    "acknowledge.after_commit",
    "pass_on.before_commit",
    "pass_on.after_commit",
    "sequence.signed",
    "sequence.kept",
)
"""Every point, in the order of a fact's way."""
_ARMED: Final[dict[str, Callable[[], None]]] = {}


def arm(name: str, die: Callable[[], None]) -> None:
    """The next time the point is passed, the process dies. ValueError for a point that is none."""
    if name not in POINTS:
        raise ValueError(f"`{name}` is no point at which to crash; there are {', '.join(POINTS)}")
    _ARMED[name] = die


def point(name: str) -> None:
    """Here a process may die."""
    if _ARMED and name in _ARMED:
        _ARMED[name]()
