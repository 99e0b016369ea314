"""A percentile of latencies by integer buckets: that of the least one up to which so many lie."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from upheld.core.frozen import dataclass
from upheld.core.latency import LONGEST_US, bucket_bounds
from upheld.core.measurement import Bounds, Measurement, Part
from upheld.core.method import method_of
from upheld.core.parts import leaves_of
from upheld.core.question import Question, counted, stream_of
from upheld.core.share import Figure
from upheld.core.spans import union


@dataclass(frozen=True, slots=True)
class Percentile:
    """The work on one question; the latencies of all leaves are merged."""

    question: Question

    def measured(self, name: str) -> Figure:
        """The figure of one component, in microseconds."""
        question, time = self.question, counted(self.question, name)
        indicator, buckets = question.indicator, self._buckets(name)
        checks = sum(buckets.values())
        to_date = _bounds(buckets, indicator.percentile or Fraction(1), indicator.empty_met)
        is_over = question.at >= question.period.end_at
        open_end = Bounds(to_date.value, Fraction(0), Fraction(LONGEST_US))
        final = to_date if is_over or not time.to_come else open_end
        measurement = Measurement(
            indicator=indicator.name,
            component=name,
            period=question.period,
            at=question.at,
            unit="count",
            parts=(Part("up", checks),) if checks else (),
            total=checks,
            bad=0,
            to_date=to_date,
            final=final,
            worst_final=final.high,
            is_settled=is_over,
            method=method_of(question, name),
            final_total=checks,
        )
        return Figure(measurement)

    def _buckets(self, name: str) -> Counter[int]:
        question, buckets = self.question, Counter[int]()
        for leaf in leaves_of(question.components, name):
            found, time = stream_of(question.indicator, question.matter, leaf), counted(question, leaf)
            out = [
                question.taken_from(one, leaf)
                for one in question.taken
                if one.rule.takes == "all" and one.rule.effects & {"not bad", "out of total"}
            ]
            asked = time.over - union(out)
            if found is None or not asked:
                continue
            start_at, end_at = asked.starts[0], asked.ends[-1]
            without = asked.complement(start_at, end_at)
            for one in question.matter.observations.latencies(*found, start_at, end_at, without):
                buckets[one.bucket] += one.checks
        return buckets


def _bounds(buckets: Counter[int], share: Fraction, empty_met: bool) -> Bounds:
    """The latency below which (or at which) so great a share of the checks was: that of its whole bucket."""
    checks = sum(buckets.values())
    if not checks:
        return Bounds(None, Fraction(0), Fraction(0 if empty_met else LONGEST_US))
    rank, so_far = max(1, -(-share.numerator * checks // share.denominator)), 0
    for bucket in sorted(buckets):
        so_far += buckets[bucket]
        if so_far >= rank:
            first_us, beyond_us = bucket_bounds(bucket)
            return Bounds(Fraction(beyond_us - 1), Fraction(first_us), Fraction(beyond_us - 1))
    raise AssertionError("the last bucket holds every rank")
