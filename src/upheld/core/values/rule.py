"""What every rule of an agreement carries: where it comes from, and how strongly it is promised."""

from __future__ import annotations

from typing import Literal

from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field

Modality = Literal["guarantee", "objective", "best effort"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from: the clauses it encodes, the readings it rests on, its place in the file.

    `own` are the readings that the rule itself consulted, with its calendars and what its expressions name;
    `readings` are those and the ones behind the rules that it is about.
    """

    clauses: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)
