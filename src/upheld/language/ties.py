"""What shows only between rows: cycles of components, who observes them, remedies that are combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from upheld.core.terms.indicator import Component, Indicator, Signal, SignalKind
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.words import count
from upheld.core.values.finding import MOST_TOLD, Place
from upheld.language.measures import OBSERVING, reached
from upheld.language.node import Node, Scalar
from upheld.language.parts import bottom_up
from upheld.language.report import inside
from upheld.language.rows import Row
from upheld.language.vocabulary import Context

_NOWHERE = Place("")


def tell(components: Mapping[str, Component], signals: Mapping[str, Signal], cx: Context) -> None:
    """Components tied of themselves or of what ties nothing, and signals of what is no leaf."""
    _, cycles = bottom_up({component.name: component.parts for component in components.values()})
    round_about = {name for cycle in cycles for name in cycle}
    for component in components.values():
        place = component.cited.place or _NOWHERE
        if component.name in round_about:
            message = f"`{component.name}` is tied of itself"
            way_out = "tie it of parts that do not depend on it"
            cx.report.error("component-cycle", message, place, way_out)
            return
        for part in component.parts:
            if ("component", part) in cx.vocabulary.absent:
                cx.row("component", part, place)
            elif part in components and components[part].tie == "each":
                message = f"`{part}` only names its parts together, so it is not good or bad itself"
                way_out = f"tie `{part}` by `all`, `any` or `at least`, or name its parts here"
                also = components[part].cited.place or _NOWHERE
                cx.report.error("each-in-a-tie", message, place, way_out, also)
    for signal in signals.values():
        for name in signal.of:
            if name in components and components[name].tie is not None:
                message = f"`{name}` is a tie of other components, so it is not observed itself"
                way_out = f"observe its parts: {', '.join(components[name].parts)}"
                cx.report.error("signal-on-tie", message, signal.cited.place or _NOWHERE, way_out)


def observers(signals: Mapping[str, Signal]) -> Mapping[tuple[str, SignalKind], list[str]]:
    """The signals that observe a component, by its name and what they are made of."""
    found: dict[tuple[str, SignalKind], list[str]] = {}
    for signal in signals.values():
        for name in signal.of:
            found.setdefault((name, signal.kind), []).append(signal.name)
    return found


def tell_unobserved(
    components: Mapping[str, Component],
    signals: Mapping[str, Signal],
    indicators: Mapping[str, Indicator],
    cx: Context,
) -> None:
    """Leaves that an indicator needs and no signal observes, as many as are told at once."""
    if len(signals) < len(cx.vocabulary.named.get("signal", ())):
        return  # one that has faults, or is not there under a reading, may be the one
    seen = observers(signals)
    unseen: dict[tuple[str, SignalKind], list[Component]] = {}
    told = 0
    for indicator in indicators.values():
        if indicator.basis not in OBSERVING:
            continue
        kind = _kind(indicator)
        key = indicator.of, kind
        if key not in unseen:
            leaves = leaves_of(indicator.of, components)
            unseen[key] = [leaf for leaf in leaves if (leaf.name, kind) not in seen]
        for leaf in unseen[key]:
            message = f"nobody observes `{leaf.name}` by {kind}, so `{indicator.name}` is unknown there"
            way_out = f"declare a signal: `{{of: {leaf.name}, {kind}: …}}`"
            place, also = leaf.cited.place or _NOWHERE, indicator.cited.place or _NOWHERE
            cx.report.warn("component-unobserved", message, place, way_out, also)
            told += 1
            if told == MOST_TOLD:
                return


def _kind(indicator: Indicator) -> SignalKind:
    if indicator.basis == "counts" or indicator.basis == "states":
        return indicator.basis
    return "checks"


def leaves_of(of: str, components: Mapping[str, Component]) -> tuple[Component, ...]:
    """The components below one, or it alone, that tie no others."""
    return tuple(component for component in reached(of, components) if component.tie is None)


def tell_across(row: Row, indicator: Indicator, components: Mapping[str, Component], cx: Context) -> None:
    """What goes over the parts of a component that names none, or only some of them."""
    if "across" not in row.nodes or indicator.across == "each" or indicator.of not in components:
        return
    over = components[indicator.of]
    if over.tie != "each":
        if not cx.is_alternative:
            message = f"`{over.name}` is one component, so there is nothing to go across"
            way_out = f"name the parts of `{over.name}` by `each`"
            also = over.cited.place or _NOWHERE
            cx.report.warn("nothing-across", message, row.place_of("across"), way_out, also)
        return
    if indicator.at_least > len(over.parts):
        message = f"`{over.name}` has {count(len(over.parts), 'part')}, not {indicator.at_least}"
        way_out = f"write 1 to {len(over.parts)}"
        cx.report.error("bad-number", message, row.place_of("across"), way_out)
    missing = [part for part in over.parts if part not in indicator.weights]
    if indicator.weights and missing and "weights" not in row.broken:
        message = f"no weight for {', '.join(f'`{part}`' for part in missing)}"
        way_out = "give every part a weight"
        cx.report.error("weights-missing", message, row.place_of("weights"), way_out)


def tell_signal(
    row: Row,
    indicator: Indicator,
    leaves: Sequence[Component],
    signals: Mapping[str, Signal],
    seen: Mapping[tuple[str, SignalKind], list[str]],
    cx: Context,
) -> None:
    """A signal that does not observe what is measured, or several between which nothing decides.

    `leaves` are those of what is measured, `seen` the `observers`.
    """
    if indicator.basis not in OBSERVING:
        return
    kind = _kind(indicator)
    named = signals.get(indicator.signal)
    if named is not None and leaves:
        place = _place(row.node("signal"), row.place_of("signal"))
        also = named.cited.place or _NOWHERE
        if named.kind != kind:
            message = f"`{named.name}` is {named.kind}, and `{row.name}` counts {indicator.basis}"
            cx.report.error("unknown-signal", message, place, f"name a signal of {kind}", also)
        elif not {leaf.name for leaf in leaves}.intersection(named.of):
            message = f"`{named.name}` observes no part of `{indicator.of}`"
            cx.report.error("unknown-signal", message, place, "name a signal of one of its parts", also)
    for leaf in leaves:
        found = seen.get((leaf.name, kind), [])
        if len(found) > 1 and indicator.signal not in found:
            names = " and ".join(f"`{name}`" for name in found)
            message = f"{names} both observe `{leaf.name}` by {kind}"
            way_out = f"say which one is meant: `signal: {found[0]}`"
            cx.report.error("ambiguous-signal", message, row.place_of("count"), way_out)
            return


def _place(node: Node | None, otherwise: Place) -> Place:
    return inside(node, 0) if isinstance(node, Scalar) else otherwise


def tell_groups(remedies: Mapping[str, RemedyRule], cx: Context) -> None:
    """Remedies of one group that are combined in two ways, or give two kinds of thing."""
    first: dict[str, RemedyRule] = {}
    for remedy in remedies.values():
        if not remedy.group:
            continue
        other = first.setdefault(remedy.group, remedy)
        places = remedy.cited.place or _NOWHERE, other.cited.place or _NOWHERE
        if other.combine != remedy.combine or other.unit != remedy.unit:
            ways = "combined in one way" if other.combine != remedy.combine else "of one unit"
            message = f"the remedies of `{remedy.group}` must be {ways}, as `{other.name}` is"
            way_out = f"write `combine: {other.combine}` and `unit: {other.unit}`"
            cx.report.error("group-mismatch", message, places[0], way_out, places[1])
