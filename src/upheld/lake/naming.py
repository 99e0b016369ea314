"""Whose observations: the provider and the signal of a row, given or as the agreements have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from upheld.core.facts.fact_check import suggestion
from upheld.core.measuring.good import TYPES, good_of
from upheld.core.measuring.parts import leaves_of
from upheld.core.terms.agreement import Terms
from upheld.core.terms.indicator import Signal, SignalKind
from upheld.core.timeline.instant import Duration
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Severity
from upheld.core.values.frozen import dataclass

KINDS: Final[tuple[SignalKind, ...]] = ("checks", "counts", "states")


EVERY: Final = ""
"""The signal of a row that names none: it is an observation for every signal of its kind."""


class Named(NamedTuple):
    """Whose a row is."""

    provider: str
    signal: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Why it cannot be said whose a row is, or why nobody asks for it."""

    code: str
    message: str
    way_out: str
    severity: Severity = "error"
    column: str = "component"


class Names:
    """The components and signals of the agreements.

    A row without a signal is an observation for every signal of its kind that observes its component. With
    `keep_unknown`, rows that name their provider are kept though no agreement knows their component.
    """

    def __init__(self, terms: Iterable[Terms], keep_unknown: bool = False) -> None:
        self.keep_unknown = keep_unknown
        self._named: dict[tuple[str | None, str, str | None, SignalKind], Named] = {}
        self.signals: dict[tuple[str, str], dict[str, Signal]] = {}
        self.providers: dict[str, set[str]] = {}
        self.components: set[tuple[str, str]] = set()
        self.grids: dict[tuple[str, str, str], set[Duration]] = {}
        """The lengths of the slices that counts of a component by a signal are added up in."""
        for one in terms:
            self.components.update((one.provider, name) for name in one.components)
            for counted, component, slice_us in _grids(one):
                for name in (counted, EVERY):
                    self.grids.setdefault((one.provider, component, name), set()).add(slice_us)
            for signal in one.signals:
                for component in signal.of:
                    of_component = self.signals.setdefault((one.provider, component), {})
                    of_component[signal.name] = signal
                    self.providers.setdefault(component, set()).add(one.provider)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The columns by which any signal of checks goes."""
        signals = (one for of_component in self.signals.values() for one in of_component.values())
        return frozenset(
            name for one in signals if one.kind == "checks" for name in names_in(good_of(one)) & TYPES.keys()
        )

    def name(
        self, provider: str | None, component: str, signal: str | None, kind: SignalKind
    ) -> Named | Unnamed:
        """Whose the rows are that say this."""
        said = provider, component, signal, kind
        known = self._named.get(said)
        if known is not None:
            return known
        found = self._named_by(*said)
        if isinstance(found, Named) and not self.keep_unknown:  # of what nobody knows there is no end
            self._named[said] = found
        return found

    def _named_by(
        self, provider: str | None, component: str, signal: str | None, kind: SignalKind
    ) -> Named | Unnamed:
        if provider and self.keep_unknown and (provider, component) not in self.signals:
            return Named(provider, signal or EVERY)
        if provider is None:
            found = self.providers.get(component, set())
            if len(found) > 1:
                message = f"`{component}` is a component of {_listed(found)}"
                return Unnamed("ambiguous-component", message, "add a column `provider`")
            if not found:
                return self._unknown(component)
            (provider,) = found
        elif (provider, component) not in self.signals:
            return self._unknown(component, provider)
        return self._signal(provider, component, signal, kind)

    def _signal(self, provider: str, component: str, signal: str | None, kind: SignalKind) -> Named | Unnamed:
        signals = self.signals[provider, component]
        if signal is None:
            if any(one.kind == kind for one in signals.values()):
                return Named(provider, EVERY)
            (some, *_) = signals.values()
            message = f"these are {kind}, and `{component}` is observed by {_kinds(signals.values())}"
            return Unnamed("wrong-kind", message, f"`{some.name}` takes {some.kind}")
        if signal not in signals:
            message = f"`{component}` has no signal `{signal}`"
            way_out = suggestion(signal, signals) or f"it has {_listed(signals)}"
            return Unnamed("unknown-signal", message, way_out, column="signal")
        if signals[signal].kind != kind:
            message = f"these are {kind}, and signal `{signal}` takes {signals[signal].kind}"
            return Unnamed(
                "wrong-kind", message, "bring its columns, or name another signal", column="signal"
            )
        return Named(provider, signal)

    def _unknown(self, component: str, provider: str | None = None) -> Unnamed:
        known = [name for of, name in self.signals if provider in (None, of)]
        if not known and not self.components:
            message = f"no agreement says whose component `{component}` is"
            return Unnamed("unknown-component", message, "name the agreement, or add a column `provider`")
        tied = any(name == component and provider in (None, of) for of, name in self.components)
        whose = f" of {provider}" if provider else ""
        message = (
            f"no signal observes `{component}`{whose}; its rows are not asked for"
            if tied
            else f"no agreement has a component `{component}`{whose}; its rows are not asked for"
        )
        return Unnamed("unknown-component", message, suggestion(component, known) or "", "warning")


def counting_of(terms: Terms) -> Iterator[tuple[Signal, frozenset[str], Duration]]:
    """Each signal that indicators count in slices, of which components, and how long the slices are."""
    for indicator in terms.indicators.values():
        if indicator.per is None or indicator.basis not in ("checks", "counts"):
            continue
        leaves = set(leaves_of(terms.components, indicator.of))
        for signal in terms.signals:
            mine = frozenset(leaves.intersection(signal.of))
            if mine and signal.kind == indicator.basis and indicator.signal in ("", signal.name):
                yield signal, mine, indicator.per.slice_us


def _grids(terms: Terms) -> Iterator[tuple[str, str, Duration]]:
    for signal, components, slice_us in counting_of(terms):
        if signal.kind == "counts":
            yield from ((signal.name, component, slice_us) for component in components)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _kinds(signals: Iterable[Signal]) -> str:
    return " and ".join(sorted({signal.kind for signal in signals}))
