"""Signals of which there is no observation at all: a path forgotten, a name misspelt, a probe that is off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from upheld.core.measuring.measure import Matter, streams_of
from upheld.core.measuring.observation import Observations
from upheld.core.terms.agreement import ALWAYS, Terms
from upheld.core.values.finding import Finding, Place
from upheld.core.verdicts.verdict import Verdict

NAMED: Final = 5
"""So many components are named; the others are counted."""


def unobserved(
    terms: Iterable[Terms], verdicts: Iterable[Verdict], observations: Observations
) -> Iterator[Finding]:
    """A warning for each signal that something was measured by, and that observed none of some components."""
    open_ = {
        (one.key.contract, one.measurement.indicator)
        for one in verdicts
        if one.measurement is not None and any(part.name == "unknown" for part in one.measurement.parts)
    }
    told: dict[Place, tuple[str, set[str]]] = {}
    for one in terms:
        assert one.contract is not None
        zone = one.calendars[ALWAYS].rule.zone
        matter = Matter(one.provider, one.components, one.signals, one.calendars, zone, observations)
        places = {signal.name: signal.cited.place for signal in one.signals}
        for name, indicator in one.indicators.items():
            for stream in streams_of(indicator, matter) if (one.contract.id, name) in open_ else ():
                if not observations.digest(stream):
                    place = places[stream.signal] or Place(one.agreement)
                    told.setdefault(place, (stream.signal, set()))[1].add(stream.component)
    for place, (signal, components) in told.items():
        names = [f"`{name}`" for name in sorted(components)]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        message = f"signal `{signal}` has no observation at all of {', '.join(names[:NAMED])}{more}"
        way_out = "give the files too (NAME.observations.csv, .jsonl, .parquet), or the lake that has them"
        yield Finding("unobserved", message, (place,), way_out, "warning")
