"""Measuring: one indicator over one period, from observations, exclusions and incidents to its figures.

A pure function of its arguments; whoever keeps the observations is asked for integers only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from upheld.core.across import across
from upheld.core.downtime import Downtime
from upheld.core.indicator import Indicator
from upheld.core.instant import Instant
from upheld.core.items import measure_items
from upheld.core.measurement import Measurement
from upheld.core.observation import Stream
from upheld.core.parts import gone_over, leaves_of
from upheld.core.percentile import Percentile
from upheld.core.period import Period
from upheld.core.question import Matter, ask, settled_by, stream_of
from upheld.core.ratio import Ratio
from upheld.core.spans import Spans
from upheld.core.taken import Taken

__all__ = ["Matter", "measure", "measure_items", "settled_by", "streams_of"]

_NOWHERE: Final[Mapping[str, Spans]] = MappingProxyType({})


def measure(
    indicator: Indicator,
    matter: Matter,
    period: Period,
    at: Instant,
    in_force: Spans,
    taken: Sequence[Taken],
    incidents: Mapping[str, Spans] = _NOWHERE,
    provider_caused: Mapping[str, Spans] = _NOWHERE,
) -> tuple[Measurement, ...]:
    """The figure of each component that the indicator goes over, or the one that it makes of them.

    `incidents` are the bad stretches by component (`""`: all), for indicators that count incidents;
    `provider_caused` those that somebody attributed to the provider, for indicators to which the others are
    unknown. KeyError for a component or calendar that is not there, BeyondHorizon outside its years.
    """
    question = ask(indicator, matter, period, at, in_force, taken, incidents, provider_caused)
    work: Downtime | Ratio | Percentile
    if indicator.basis == "latency" or indicator.combine == "percentile":
        work = Percentile(question)
    elif indicator.combine == "bad time":
        work = Downtime.of(question)
    else:
        work = Ratio(question)
    figures = [work.measured(name) for name in gone_over(matter.components, indicator.of)]
    return across(question, figures)


def streams_of(indicator: Indicator, matter: Matter) -> tuple[Stream, ...]:
    """Every stream that measuring an indicator reads."""
    if indicator.of not in matter.components:
        return ()
    found = (stream_of(indicator, matter, leaf) for leaf in leaves_of(matter.components, indicator.of))
    return tuple(one[0] for one in found if one is not None)
