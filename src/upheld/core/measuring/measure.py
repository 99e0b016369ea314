"""Measuring: one indicator over one period, as of an instant, from observations and what exclusions take.

The five stages of an indicator (count what, good when, per what, combined how, across what) are in the
modules `leaf` and `tally`, `downtime` and `counts`, `across`; deadlines' cycles are counted in `items`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from upheld.core.measuring.across import combined
from upheld.core.measuring.counts import measured_counts
from upheld.core.measuring.downtime import Downtime
from upheld.core.measuring.items import measure_items as measure_items
from upheld.core.measuring.observation import Stream
from upheld.core.measuring.parts import gone_over, leaves_of
from upheld.core.measuring.question import Matter as Matter
from upheld.core.measuring.question import Question, ask, stream_of
from upheld.core.measuring.question import settled_by as settled_by
from upheld.core.measuring.share import Figure
from upheld.core.measuring.taken import Taken
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans
from upheld.core.verdicts.measurement import Measurement

_NOBODY: Final[Mapping[str, Spans]] = MappingProxyType({})


def measure(
    indicator: Indicator,
    matter: Matter,
    period: Period,
    at: Instant,
    in_force: Spans,
    taken: Sequence[Taken],
    incidents: Mapping[str, Spans] = _NOBODY,
    attributed: Mapping[str, Spans] = _NOBODY,
) -> tuple[Measurement, ...]:
    """Measure an indicator: one measurement, or one for each component where `across` keeps them apart.

    `in_force` is when the contract is; `taken` are the exclusions in the agreement's order; `incidents` are
    the bad stretches by component for an indicator that counts them, `attributed` those whose cause is
    recorded, for one to which others are unknown ("" is every component in both).
    ValueError for an indicator of outcomes (`measure_items` measures those), or one that cannot be measured.
    """
    if indicator.basis == "outcomes":
        raise ValueError(f"indicator {indicator.name} counts the outcomes of a deadline, not components")
    question = ask(indicator, matter, period, at, in_force, taken, incidents, attributed)
    if indicator.across == "pooled" and indicator.combine == "percentile":
        # Latencies of several are pooled check by check, so there is one figure and nothing to combine.
        return (measured_counts(question, indicator.of).measurement,)
    figures = _figures(question)
    if indicator.across == "each":
        return tuple(figure.measurement for figure in figures)
    return (combined(indicator, figures),)


def _figures(question: Question) -> list[Figure]:
    indicator = question.indicator
    names = gone_over(question.components, indicator.of)
    if indicator.combine != "bad time" or indicator.basis == "latency":
        return [measured_counts(question, name) for name in names]
    work = Downtime.of(question)
    return [work.measured(name) for name in names]


def streams_of(indicator: Indicator, matter: Matter) -> tuple[Stream, ...]:
    """Every stream of observations that measuring the indicator reads."""
    if indicator.basis in ("outcomes", "incidents"):
        return ()
    found = (stream_of(indicator, matter, leaf) for leaf in leaves_of(matter.components, indicator.of))
    return tuple(one[0] for one in found if one is not None)
