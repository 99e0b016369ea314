"""What states and parts look like: a sign, the same where there is only ASCII, and a colour of the terminal.

No two parts share a sign, and a state stands beside its sign in words: nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from upheld.core.verdicts.credit import CreditState
from upheld.core.verdicts.measurement import PartName
from upheld.core.verdicts.verdict import State


class Sign(NamedTuple):
    """How something is drawn: one column wide, in both alphabets."""

    block: str
    ascii: str
    style: str

    def on(self, has_blocks: bool) -> str:
        """The character for a terminal that has block characters, or has not."""
        return self.block if has_blocks else self.ascii


NO_SIGN: Final = Sign(" ", " ", "")

_STATES: Final[Mapping[State, Sign]] = {
    "met": Sign("✓", "+", "green"),
    "breached": Sign("✗", "X", "bold red"),
    "missed": Sign("✗", "x", "yellow"),
    "running": Sign("▸", ">", "cyan"),
    "at risk": Sign("!", "!", "bold magenta"),
    "undetermined": Sign("?", "?", "magenta"),
    "not applicable": Sign("-", "-", "dim"),
}
_CREDITS: Final[Mapping[CreditState, Sign]] = {
    "owed": Sign("●", "*", "bold yellow"),
    "open": Sign("○", "o", "yellow"),
    "undetermined": Sign("?", "?", "magenta"),
    "running": Sign("▸", ">", "cyan"),
    "not owed": Sign("-", "-", "dim"),
}
STATES: Final[Mapping[str, Sign]] = dict[str, Sign]([*_CREDITS.items(), *_STATES.items()])
"""Of verdicts and of credits; what both have looks the same."""

_PARTS: Final[Mapping[PartName, Sign]] = {
    "up": Sign("█", "#", "green"),
    "degraded": Sign("▒", "~", "yellow"),
    "down": Sign("╳", "X", "bold red"),
    "excluded": Sign("╱", "/", "blue"),
    "unknown": Sign("?", "?", "bold magenta"),
    "outside hours": Sign("░", "-", "dim"),
    "not yet": Sign("·", ".", "dim"),
    "before start": Sign("▁", "_", "dim"),
}

PARTS: Final[Mapping[str, Sign]] = dict[str, Sign](_PARTS.items())
SUM: Final = Sign("=", "=", "dim")

TIMES: Final[Mapping[str, Sign]] = {
    "counted": Sign("█", "#", "green"),
    "late": Sign("╳", "X", "bold red"),
    "waiting": Sign("╱", "/", "blue"),
    "closed": Sign("░", "-", "dim"),
    "ahead": Sign("·", ".", "dim"),
    "due": Sign("┃", "|", "bold"),
    "goal": Sign("┊", ":", "bold"),
    "done": Sign("◆", "*", "bold cyan"),
}
"""The stretches of a clock, and the instants marked on it."""

URGENCIES: Final[Mapping[str, Sign]] = {
    "used up": Sign("✗", "X", "bold red"),
    "urgent": Sign("!", "!", "bold red"),
    "soon": Sign("▲", "^", "yellow"),
    "later": Sign("▸", ">", "cyan"),
    "goal": Sign("◇", "o", "blue"),
    "end": Sign("-", "-", "dim"),
    "at risk": Sign("?", "?", "bold magenta"),
}

USED: Final = Sign("█", "#", "")
LEFT: Final = Sign("░", "-", "dim")
