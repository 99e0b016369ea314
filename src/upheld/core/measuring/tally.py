"""Observations counted instead of time: how many were good, are missing, were excluded, can still come."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from upheld.core.measuring.leaf import is_thin
from upheld.core.measuring.observation import Run, Stream
from upheld.core.measuring.partition import in_order
from upheld.core.measuring.parts import leaves_of
from upheld.core.measuring.question import Counted, Question, stream_of
from upheld.core.terms.indicator import Indicator, Signal
from upheld.core.timeline.grid import outward
from upheld.core.timeline.instant import HOUR, Duration
from upheld.core.timeline.spans import Spans, union
from upheld.core.verdicts.measurement import Part


class Tally(NamedTuple):
    """The observations of a component in the time that counts, outside of what is excluded.

    `ratios` is the sum of good / total over `slices`, those that had observations. `missing` and `to_come`
    are how many were and will be expected, `missing_slices` and `slices_to_come` in how many slices;
    `is_expected`: it is known for all signals how often to expect one. `latencies` are by bucket. `failing`
    are the slices in which some were not good, `gap` is the time without any, `taken` what exclusions took.
    """

    good: int = 0
    total: int = 0
    ratios: Fraction = Fraction(0)
    slices: int = 0
    missing: int = 0
    to_come: int = 0
    missing_slices: int = 0
    slices_to_come: int = 0
    is_expected: bool = True
    failing: Spans = Spans.empty
    gap: Spans = Spans.empty
    has_future: bool = False
    excluded: Mapping[str, int] = {}
    taken: Mapping[str, Spans] = {}
    latencies: Mapping[int, int] = {}

    def parts(self, bad: int) -> tuple[Part, ...]:
        """The partition of what was counted and expected."""
        taken = [
            Part("excluded", amount, by, self.taken.get(by, Spans.empty))
            for by, amount in self.excluded.items()
        ]
        return in_order([
            Part("up", self.total - bad), Part("down", bad, "", self.failing if bad else Spans.empty), *taken,
            Part("unknown", self.missing, "", self.gap), Part("not yet", self.to_come),
        ])  # fmt: skip


def tally_of(question: Question, name: str, time: Counted) -> Tally:
    """The observations of all the leaves of a component together."""
    leaves = leaves_of(question.components, name)
    return _added([_Counting.of(question, leaf, time).tally() for leaf in leaves])


def _added(tallies: Sequence[Tally]) -> Tally:
    if len(tallies) == 1:
        return tallies[0]
    excluded: Counter[str] = Counter()
    latencies: Counter[int] = Counter()
    for tally in tallies:
        excluded.update(tally.excluded)
        latencies.update(tally.latencies)
    return Tally(
        good=sum(one.good for one in tallies),
        total=sum(one.total for one in tallies),
        ratios=sum((one.ratios for one in tallies), Fraction(0)),
        slices=sum(one.slices for one in tallies),
        missing=sum(one.missing for one in tallies),
        to_come=sum(one.to_come for one in tallies),
        missing_slices=sum(one.missing_slices for one in tallies),
        slices_to_come=sum(one.slices_to_come for one in tallies),
        is_expected=all(one.is_expected for one in tallies),
        failing=union([one.failing for one in tallies]),
        gap=union([one.gap for one in tallies]),
        has_future=any(one.has_future for one in tallies),
        excluded=excluded,
        taken={name: union([one.taken[name] for one in tallies if name in one.taken]) for name in excluded},
        latencies=latencies,
    )


class _Counting(NamedTuple):
    """The counting of one leaf. `windows` and `causes` are what each exclusion has for it."""

    question: Question
    found: tuple[Stream, Signal] | None
    time: Counted
    slice_us: Duration
    windows: Sequence[Spans]
    causes: Sequence[Spans]

    @classmethod
    def of(cls, question: Question, leaf: str, time: Counted) -> _Counting:
        found = stream_of(question.indicator, question.matter, leaf)
        windows, causes = [
            [
                question.taken_from(one, leaf) & time.time
                if one.rule.takes == takes and one.rule.effects & {"not bad", "out of total"}
                else Spans.empty
                for one in question.taken
            ]
            for takes in ("all", "bad")
        ]
        return cls(question, found, time, _slice_of(question.indicator, found), windows, causes)

    def tally(self) -> Tally:
        window = union(self.windows)
        runs = list(self._runs(window))
        caused, causes_took = self._caused(window)
        thin = self.question.indicator.per
        seen = [run for run in runs if thin is None or not is_thin(thin, run.total)]
        good = total = slices = 0
        ratios = Fraction(0)
        for run in _without_caused(seen, caused):
            good += run.good * run.slices
            total += run.total * run.slices
            slices += run.slices
            ratios += Fraction(run.good, run.total) * run.slices if run.total else run.slices
        n = self.slice_us
        known = Spans.of((run.first * n, (run.first + run.slices) * n) for run in seen)
        over, to_come = self.time.over - window, self.time.to_come - window
        missing = over - known
        every_us = self.found[1].every_us if self.found and self.found[1].kind == "checks" else None
        return Tally(
            good=good,
            total=total,
            ratios=ratios,
            slices=slices,
            missing=_expected(missing, every_us),
            to_come=_expected(to_come, every_us),
            missing_slices=(outward(over, n) - known).length // n,
            slices_to_come=(outward(to_come, n) - outward(over, n)).length // n,
            is_expected=every_us is not None,
            failing=_failing(seen, n) & self.time.over,
            gap=missing,
            has_future=bool(to_come),
            excluded=self._excluded(causes_took),
            taken=self._taken(),
            latencies=self._latencies(window),
        )

    def _runs(self, without: Spans, inside: Spans | None = None) -> tuple[Run, ...]:
        """The slices with observations in the time that is over, and only inside some of it."""
        over = self.time.over if inside is None else self.time.over & inside
        if self.found is None or not over:
            return ()
        whole = outward(Spans.of([(over.starts[0], over.ends[-1])]), self.slice_us)
        start_at, end_at = whole.starts[0], whole.ends[0]
        outside = (without | over.complement(start_at, end_at)).clip(start_at, end_at)
        stream, signal = self.found
        observations = self.question.matter.observations
        return observations.slices(stream, signal, self.slice_us, start_at, end_at, outside)

    def _caused(self, window: Spans) -> tuple[dict[int, int], dict[str, int]]:
        """The bad observations that causes take, by slice and by exclusion."""
        by_slice: Counter[int] = Counter()
        by_name: Counter[str] = Counter()
        earlier = window
        for one, spans in zip(self.question.taken, self.causes, strict=True):
            if not spans - earlier:
                continue
            for run in self._runs(earlier, spans):
                if run.total > run.good:
                    by_name[one.rule.name] += (run.total - run.good) * run.slices
                    by_slice.update(
                        dict.fromkeys(range(run.first, run.first + run.slices), run.total - run.good)
                    )
            earlier = earlier | spans
        return by_slice, by_name

    def _excluded(self, causes_took: Mapping[str, int]) -> dict[str, int]:
        """How many observations each exclusion takes, those of several by the first."""
        taken: Counter[str] = Counter()
        earlier = Spans.empty
        for one, spans in zip(self.question.taken, self.windows, strict=True):
            if spans - earlier:
                taken[one.rule.name] += sum(run.total * run.slices for run in self._runs(earlier, spans))
            earlier = earlier | spans
        taken.update(causes_took)
        return taken

    def _taken(self) -> dict[str, Spans]:
        """The stretches that each exclusion takes of the time that is over, those of several by the first."""
        taken: dict[str, Spans] = {}
        left = self.time.over
        for one, windows, causes in zip(self.question.taken, self.windows, self.causes, strict=True):
            spans = (windows | causes) & left
            if spans:
                taken[one.rule.name] = taken.get(one.rule.name, Spans.empty) | spans
            left = left - windows
        return taken

    def _latencies(self, window: Spans) -> dict[int, int]:
        """The latencies by bucket, for those who ask for them; causes take all of their stretches."""
        over = self.time.over
        if self.question.indicator.basis != "latency" or self.found is None or not over:
            return {}
        start_at, end_at = over.starts[0], over.ends[-1]
        outside = (window | union(self.causes) | over.complement(start_at, end_at)).clip(start_at, end_at)
        stream, signal = self.found
        found = self.question.matter.observations.latencies(stream, signal, start_at, end_at, outside)
        return {bucket: checks for bucket, checks in found if checks}


def _slice_of(indicator: Indicator, found: tuple[Stream, Signal] | None) -> Duration:
    """The slices by which gaps are found: those of the indicator, or one for each expected observation."""
    if indicator.per is not None:
        return indicator.per.slice_us
    return (found[1].every_us if found else None) or HOUR


def _failing(runs: Iterable[Run], slice_us: Duration) -> Spans:
    """The slices in which not all was good."""
    found = (run for run in runs if run.good < run.total)
    return Spans.of((run.first * slice_us, (run.first + run.slices) * slice_us) for run in found)


def _expected(spans: Spans, every_us: Duration | None) -> int:
    return sum((end - start) // every_us for start, end in spans) if every_us else 0


def _without_caused(runs: Iterable[Run], caused: Mapping[int, int]) -> Iterator[Run]:
    """The runs without the bad observations taken of some slices; a slice emptied by that vanishes."""
    numbers = sorted(caused)
    for run in runs:
        first, end = run.first, run.first + run.slices
        for number in numbers[bisect_left(numbers, first) : bisect_left(numbers, end)]:
            if number > first:
                yield run._replace(first=first, slices=number - first)
            if run.total > caused[number]:
                yield run._replace(first=number, slices=1, total=run.total - caused[number])
            first = number + 1
        if end > first:
            yield run._replace(first=first, slices=end - first)
