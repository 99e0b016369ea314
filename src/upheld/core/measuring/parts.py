"""The tree of components: what a component is made of, and while it exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from upheld.core.terms.indicator import Component
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.spans import Spans
from upheld.core.timeline.zone import Zone

Components = Mapping[str, Component]


def leaves_of(components: Components, name: str) -> tuple[str, ...]:
    """The leaves of a component, each once, in the order of the page."""
    return tuple(dict.fromkeys(_leaves(components, name)))


def _leaves(components: Components, name: str) -> Iterator[str]:
    component = components[name]
    if component.tie is None:
        yield name
    for part in component.parts:
        yield from _leaves(components, part)


def gone_over(components: Components, name: str) -> tuple[str, ...]:
    """What `across` goes over: the parts of an `each`, each once, or the component itself."""
    component = components[name]
    if component.tie != "each":
        return (name,)
    found = (one for part in component.parts for one in gone_over(components, part))
    return tuple(dict.fromkeys(found))


def wholes_of(components: Components, leaf: str) -> tuple[str, ...]:
    """The names under which something can be told about a leaf: "" (all), its own, and what it is part of."""
    ties = (name for name, one in components.items() if one.tie and leaf in leaves_of(components, name))
    return ("", leaf, *ties)


def needed(component: Component) -> int:
    """How many parts have to be good for a tie to be good."""
    if component.tie == "any":
        return 1
    return component.at_least if component.tie == "at least" else len(component.parts)


def exists(components: Components, name: str, zone: Zone, start_at: Instant, end_at: Instant) -> Spans:
    """While a component exists inside [start_at, end_at): on its days, and a tie while one of its parts does.

    `until_on` is the first day on which it is no more.
    """
    component = components[name]
    if component.from_on is not None:
        start_at = max(start_at, zone.day_start(component.from_on))
    if component.until_on is not None:
        end_at = min(end_at, zone.day_start(component.until_on))
    if end_at <= start_at:
        return Spans.empty
    if component.tie is None:
        return Spans.of([(start_at, end_at)])
    parts = [exists(components, part, zone, start_at, end_at) for part in component.parts]
    return Spans.overlay(parts, 1)
