"""What Upheld tells the author of a text: one value for every fault, with its places and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from upheld.core.values.frozen import dataclass
from upheld.core.values.ways_out import WAYS_OUT

Severity = Literal["error", "warning", "note"]
MOST_TOLD: Final = 100
"""Faults told at once of one text that somebody sends or writes: who has more mends these first, and looking
for the others, each with its way out, would cost more than the text is worth."""
_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text: file name as the user gave it, line and column counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def moved(self, columns: int) -> Place:
        """The place `columns` further on the same line (a fault inside a scalar)."""
        return Place(self.file, self.line, self.column + columns)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell an author: a stable code, what is wrong, every place involved and the way out.

    `acknowledged` is the author's reason to leave it as it is, if there is one. `field` is the column of a
    table, or the field of a record, that it is about. Without a way out of its own it has that of its code.
    """

    code: str
    message: str
    places: tuple[Place, ...]
    way_out: str = ""
    severity: Severity = "error"
    acknowledged: str = ""
    field: str = ""

    def __post_init__(self) -> None:
        if not self.way_out:
            object.__setattr__(self, "way_out", WAYS_OUT.get(self.code, ""))

    @property
    def cause(self) -> tuple[str, str, str, str]:
        """What many findings of one file have in common whose rows are wrong in one way."""
        return self.place.file, self.severity, self.code, self.field or self.message

    @property
    def place(self) -> Place:
        """The place to name first."""
        return self.places[0]

    @property
    def head(self) -> str:
        """The first line of the finding as text: where, how bad, what."""
        return f"{self.place}: {self.severity}[{self.code}]: {self.message}"

    @property
    def ends(self) -> tuple[str, ...]:
        """The last lines of the finding as text: the way out, and why it was not taken."""
        way_out = (f"    way out: {self.way_out}",) if self.way_out else ()
        return (*way_out, f"    acknowledged: {self.acknowledged}") if self.acknowledged else way_out

    @property
    def lines(self) -> tuple[str, ...]:
        """The finding as text: the fault, the other places, the way out."""
        return (self.head, *(f"    see also {place}" for place in self.places[1:]), *self.ends)

    def __str__(self) -> str:
        return "\n".join(self.lines)


class EnoughError(Exception):
    """As much is wrong as is told at once: nothing further is looked at."""


def stopped(most: int, place: Place) -> Finding:
    """What stands behind so many faults, where no more were looked for."""
    message = f"there are at least {most} faults; reading stops here"
    return Finding("too-many-findings", message, (place,), "mend these first")


def are_enough(findings: Sequence[Finding]) -> bool:
    """Whether as many errors are known as are told at once: then nothing further is looked at."""
    return len(findings) >= MOST_TOLD and sum(one.severity == "error" for one in findings) >= MOST_TOLD


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition, by place, then the worse first, then code and message."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.place, _RANK[f.severity], f.code, f.message)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error (the others do not stop anything)."""
    return any(finding.severity == "error" for finding in findings)
