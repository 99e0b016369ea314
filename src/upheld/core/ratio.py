"""Shares of what was counted: the ratio of sums, and the mean of the ratios of slices. Source: design 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from upheld.core.frozen import dataclass
from upheld.core.grid import outward
from upheld.core.leaf import is_thin
from upheld.core.measurement import Bounds, Measurement, Part
from upheld.core.method import method_of
from upheld.core.observation import Run
from upheld.core.partition import in_order
from upheld.core.parts import leaves_of
from upheld.core.question import Counted, Question, counted, stream_of
from upheld.core.share import ALL, NOTHING, Figure, Share, Shares
from upheld.core.spans import Spans, union
from upheld.core.taken import Taken


class Tally(NamedTuple):
    """What was counted of one leaf: observations, slices with the sum of their ratios, and what is missing.

    `missing` is how many observations the gaps would have had; None if nobody says how many to expect.
    """

    good: int
    total: int
    slices: int
    ratios: Fraction
    gaps: Spans
    gap_slices: int
    missing: int | None
    excluded: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The work on one question. Parts of a tie are pooled: a request has no tie."""

    question: Question

    def measured(self, name: str) -> Figure:
        """The figure of one component."""
        question, time = self.question, counted(self.question, name)
        tallies = [tallied(question, leaf, time) for leaf in leaves_of(question.components, name)]
        indicator = question.indicator
        is_mean = indicator.combine == "mean of ratios"
        shares = _mean(tallies, indicator.gaps) if is_mean else _sum(tallies, indicator.gaps)
        to_date = shares.bounds(indicator.empty_met)
        is_over = question.over_at >= question.period.end_at
        final = shares if is_over else shares._replace(high=Share(shares.high.of, shares.high.of))
        total, good = sum(one.total for one in tallies), sum(one.good for one in tallies)
        gaps = sum(one.gap_slices for one in tallies)
        measurement = Measurement(
            indicator=indicator.name,
            component=name,
            period=question.period,
            at=question.at,
            unit="count",
            parts=_parts(tallies),
            total=total,
            bad=total - good,
            to_date=to_date,
            final=to_date if is_over else Bounds(to_date.value, to_date.low, ALL),
            worst_final=to_date.low if is_over else NOTHING,
            is_settled=is_over,
            method=method_of(question, name),
            notes=(f"{gaps} slices without observations",) if gaps else (),
            final_total=total,
        )
        return Figure(measurement, shares, final, final.low if is_over else Share(0, 1))


def tallied(question: Question, leaf: str, time: Counted) -> Tally:
    """What was counted of a leaf in the time that is over and not excluded.

    A slice that is bad and touched by a cause is counted again without what happened in its stretches.
    """
    rule, found = question.indicator.per, stream_of(question.indicator, question.matter, leaf)
    if rule is None:
        raise ValueError(f"indicator {question.indicator.name} counts without a slice")
    windows = [(one, question.taken_from(one, leaf)) for one in question.taken if _removes(one)]
    out = union([spans for one, spans in windows if one.rule.takes == "all"])
    cause = union([spans for one, spans in windows if one.rule.takes == "bad"])
    asked = time.over - out
    runs: list[Run] = []
    if found is not None and asked:
        runs = list(_without_causes(question, leaf, asked, cause))
    runs = [run for run in runs if not is_thin(rule, run.total)]
    n = rule.slice_us
    gaps = asked - Spans.of((run.first * n, (run.first + run.slices) * n) for run in runs)
    every_us = found[1].every_us if found else None
    return Tally(
        good=sum(run.slices * run.good for run in runs),
        total=sum(run.slices * run.total for run in runs),
        slices=sum(run.slices for run in runs),
        ratios=sum((run.slices * _ratio(run) for run in runs), Fraction(0)),
        gaps=gaps,
        gap_slices=outward(gaps, n).length // n,
        missing=-(-gaps.length // every_us) if every_us else (None if gaps else 0),
        excluded=tuple(_excluded(question, leaf, time, windows)),
    )


def _removes(one: Taken) -> bool:
    return bool(one.rule.effects & {"not bad", "out of total"})


def _ratio(run: Run) -> Fraction:
    """A slice in which there was nothing has lost nothing."""
    return Fraction(run.good, run.total) if run.total else ALL


def _asked(question: Question, leaf: str, time: Spans) -> tuple[Run, ...]:
    """The slices of a leaf, of what was observed inside a time."""
    found, rule = stream_of(question.indicator, question.matter, leaf), question.indicator.per
    assert found is not None, "somebody observes the leaf"
    assert rule is not None, "what is counted is counted in slices"
    if not time:
        return ()
    start_at, end_at = time.starts[0], time.ends[-1]
    stream, signal = found
    return question.matter.observations.slices(
        stream, signal, rule.slice_us, start_at, end_at, time.complement(start_at, end_at)
    )


def _without_causes(question: Question, leaf: str, time: Spans, cause: Spans) -> Iterator[Run]:
    runs, rule = _asked(question, leaf, time), question.indicator.per
    assert rule is not None, "what is counted is counted in slices"
    n = rule.slice_us
    bad = Spans.of((run.first * n, (run.first + run.slices) * n) for run in runs if run.good < run.total)
    touched = outward(bad & cause, n)
    if not touched:
        yield from runs
        return
    yield from _asked(question, leaf, time - touched)
    yield from _asked(question, leaf, (time & touched) - cause)


def _excluded(
    question: Question, leaf: str, time: Counted, windows: Sequence[tuple[Taken, Spans]]
) -> Iterator[tuple[str, int]]:
    """How many observations each exclusion takes, in the order of the agreement."""
    if stream_of(question.indicator, question.matter, leaf) is None:
        return
    left = time.over
    for one, spans in windows:
        runs = _asked(question, leaf, spans & left)
        bad_alone = one.rule.takes == "bad"
        yield one.rule.name, sum(run.slices * (run.total - run.good * bad_alone) for run in runs)
        left = left - spans


def _sum(tallies: Sequence[Tally], gaps: str) -> Shares:
    """Good of all, and with what is missing as good and as bad."""
    good, total = sum(one.good for one in tallies), sum(one.total for one in tallies)
    known = Share(good, total)
    missing = [one.missing for one in tallies]
    if any(one is None for one in missing):
        # How many there would have been is anybody's guess: enough to decide anything.
        most = max(total, 1)
        return Shares(known, Share(0, most), Share(most, most)) if gaps == "unknown" else Shares(*[known] * 3)
    more = sum(one or 0 for one in missing)
    return _chosen(known, Share(good, total + more), Share(good + more, total + more), gaps)


def _mean(tallies: Sequence[Tally], gaps: str) -> Shares:
    ratios = sum((one.ratios for one in tallies), Fraction(0))
    slices, more = sum(one.slices for one in tallies), sum(one.gap_slices for one in tallies)
    low, high = Share(ratios, slices + more), Share(ratios + more, slices + more)
    return _chosen(Share(ratios, slices), low, high, gaps)


def _chosen(known: Share, low: Share, high: Share, gaps: str) -> Shares:
    """The value is by what is known, unless the agreement says what the missing count as."""
    return Shares({"up": high, "down": low}.get(gaps, known), low, high)


def _parts(tallies: Sequence[Tally]) -> tuple[Part, ...]:
    names = dict.fromkeys(name for one in tallies for name, _ in one.excluded)
    excluded = [
        Part("excluded", sum(count for one in tallies for by, count in one.excluded if by == name), name)
        for name in names
    ]
    good, total = sum(one.good for one in tallies), sum(one.total for one in tallies)
    missing = sum(one.missing or 0 for one in tallies)
    return in_order([Part("up", good), Part("down", total - good), *excluded, Part("unknown", missing)])
