"""Observations that remember what was asked: many contracts ask the same of the same components."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Final, TypeVar, cast

from upheld.core.indicator import Signal
from upheld.core.instant import Duration, Instant
from upheld.core.observation import Latency, Observations, Run, State, Stream
from upheld.core.spans import Spans

T = TypeVar("T", bound=Sized)

MOST_ROWS: Final = 200_000
"""How many rows are kept, so that memory is bounded however much is asked: the latest ones asked for."""


class Asked:
    """The same observations; an answer that was just given is given again. For one evaluation only."""

    def __init__(self, observations: Observations, most_rows: int = MOST_ROWS) -> None:
        self._observations = observations
        self._most_rows = most_rows
        self._rows = 0
        self._answers: OrderedDict[Hashable, Sized] = OrderedDict()

    def digest(self, stream: Stream) -> str:
        """As it is."""
        return self._observations.digest(stream)

    def slices(
        self, stream: Stream, signal: Signal, slice_us: Duration, start_at: Instant, end_at: Instant,
        without: Spans = Spans.empty,
    ) -> tuple[Run, ...]:  # fmt: skip
        """As they are."""
        asked = ("slices", stream, signal, slice_us, start_at, end_at, without)
        ask = self._observations.slices
        return self._answer(asked, lambda: ask(stream, signal, slice_us, start_at, end_at, without))

    def states(self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant) -> tuple[State, ...]:
        """As they are."""
        asked = ("states", stream, signal, start_at, end_at)
        return self._answer(asked, lambda: self._observations.states(stream, signal, start_at, end_at))

    def latencies(
        self, stream: Stream, signal: Signal, start_at: Instant, end_at: Instant, without: Spans = Spans.empty
    ) -> tuple[Latency, ...]:
        """As they are."""
        asked = ("latencies", stream, signal, start_at, end_at, without)
        ask = self._observations.latencies
        return self._answer(asked, lambda: ask(stream, signal, start_at, end_at, without))

    def _answer(self, asked: Hashable, ask: Callable[[], T]) -> T:
        if asked in self._answers:
            self._answers.move_to_end(asked)
            return cast(T, self._answers[asked])
        answer = ask()
        self._answers[asked] = answer
        self._rows += len(answer)
        while self._rows > self._most_rows and self._answers:
            self._rows -= len(self._answers.popitem(last=False)[1])
        return answer
