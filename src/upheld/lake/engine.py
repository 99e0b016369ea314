"""What whoever computes with rows must be able to do; a further engine is one more of these."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from upheld.core.terms.indicator import Signal
from upheld.core.timeline.instant import Duration, Instant
from upheld.lake.naming import EVERY
from upheld.lake.parts import RowFile
from upheld.lake.runs import Integers, Rows, Runs

UNKNOWN = -1


class Counted(NamedTuple):
    """The slices of every component of a file; `Runs.stream` is the number of its name, names in order."""

    names: tuple[str, ...]
    runs: Runs


class States(NamedTuple):
    """States of one stream in order of time; `good` is 1, 0 or UNKNOWN, `degraded` 1 or 0."""

    at: Integers
    good: NDArray[np.int8]
    degraded: NDArray[np.int8]


class Engine(Protocol):
    """Answers about one file of rows and one signal. Only whole numbers come out, and all give the same."""

    def counts(self, file: RowFile, signal: Signal, slice_us: Duration) -> Counted:
        """The slices that have checks or counts, of every component."""
        ...

    def rows(self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant) -> Rows:
        """The checks or counts of one component with `at` in [start_at, end_at).

        A check has a total of 1, or of 0 if it is not known whether it is good.
        """
        ...

    def states(
        self, file: RowFile, component: str, signal: Signal, start_at: Instant, end_at: Instant
    ) -> States:
        """The states of one component with `at` in [start_at, end_at)."""
        ...

    def latencies(
        self, file: RowFile, signal: Signal, start_at: Instant, end_at: Instant
    ) -> dict[str, dict[int, int]]:
        """How many checks in [start_at, end_at) lie in each bucket, of every component."""
        ...


def takes_all(file: RowFile, signal: Signal) -> bool:
    """Whether every row of a file is an observation for the signal (of whatever component)."""
    return file.signals <= {signal.name, EVERY} and file.kinds <= {signal.kind}
