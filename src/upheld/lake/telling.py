"""Checks of which nobody can say whether they are good: what their signal asks for is not in the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from upheld.core.measuring.good import TYPES, good_of
from upheld.core.terms.indicator import Signal
from upheld.core.timeline.words import count, plural
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Place
from upheld.lake.arrow import codes, numbers
from upheld.lake.naming import EVERY, Names
from upheld.lake.rows import Chunk, Told
from upheld.lake.truths import UNSURE, Truths


class _Met(NamedTuple):
    place: Place
    rows: int


class Telling:
    """What the rows of a file leave untold, once for each choice of signals with how many rows it is.

    A row that names no signal is for every signal of checks that observes its component: it is told of only
    if it tells none of them anything.
    """

    def __init__(self, names: Names, told: Told) -> None:
        self.names, self.told = names, told
        self.truths: dict[str, Truths] = {}
        self.met: dict[tuple[str, ...], _Met] = {}
        self.signals: dict[str, Signal] = {}

    def look(self, rows: pa.Table, chunk: Chunk, sound: Any) -> None:
        """Looks at the sound rows of a chunk, their providers and signals named."""
        if not any(rows[field].null_count for field in self.names.asked):
            return
        checks = sound & ~(numbers(rows["total"].is_valid()) | numbers(rows["state"].is_valid()))
        if not checks.any():
            return
        said = [codes(rows[name]) for name in ("provider", "component", "signal")]
        (p, providers), (c, components), (s, signals) = said
        key = (p.astype(np.int64) * len(components) + c) * len(signals) + s
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        unsure: dict[str, Any] = {}
        by_asked: dict[tuple[str, ...], tuple[Sequence[Signal], list[int]]] = {}
        for i, row in enumerate(first.tolist()):
            asked = self._asked(str(providers[p[row]]), str(components[c[row]]), str(signals[s[row]]))
            for signal in asked:
                if signal.name not in unsure:
                    unsure[signal.name] = self._unsure(signal, rows)
            if asked and all(unsure[signal.name] is not None for signal in asked):
                names = tuple(sorted(signal.name for signal in asked))
                by_asked.setdefault(names, (asked, []))[1].append(i)
        for asked, keys in by_asked.values():
            mine = checks & np.isin(inverse, keys)
            for signal in asked:
                mine = mine & unsure[signal.name]
            if mine.any():
                self._meet(asked, chunk.place(int(np.argmax(mine)), "at"), int(mine.sum()))

    def tell(self) -> None:
        """The findings."""
        for names, (place, rows) in self.met.items():
            fields = sorted({field for name in names for field in _fields(self.signals[name])})
            message = (
                f"{count(rows, 'row does', 'rows do')} not tell whether what {plural(rows, 'it', 'they')} "
                f"observed is good; {plural(rows, 'it counts', 'they count')} neither way"
            )
            asked = " or ".join(f"`{name}`" for name in names)
            need = ", ".join(f"`{field}`" for field in fields)
            way_out = f"signal {asked} goes by {need}: give that, or say `good` by what the rows have"
            self.told.say("untold-good", message, place, way_out=way_out, severity="warning")

    def _asked(self, provider: str, component: str, signal: str) -> Sequence[Signal]:
        known = self.names.signals.get((provider, component), {}).values()
        return [one for one in known if one.kind == "checks" and signal in (EVERY, one.name)]

    def _unsure(self, signal: Signal, rows: pa.Table) -> Any:
        """Which rows leave it open whether they are good; None: no row does."""
        if not any(rows[field].null_count for field in _fields(signal)):
            return None
        key = str(good_of(signal))
        if key not in self.truths:
            self.truths[key] = Truths(good_of(signal))
        return self.truths[key].of(rows) == UNSURE

    def _meet(self, asked: Sequence[Signal], place: Place, rows: int) -> None:
        self.signals.update((signal.name, signal) for signal in asked)
        names = tuple(sorted(signal.name for signal in asked))
        place, before = self.met.get(names, _Met(place, 0))
        self.met[names] = _Met(place, before + rows)


def _fields(signal: Signal) -> list[str]:
    return sorted(names_in(good_of(signal)) & TYPES.keys())
