"""What is measured, promised at a level and owed: rows that name each other, read in that order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from upheld.core.terms.agreement import Contract, SubjectKind
from upheld.core.terms.indicator import CommitRule, Component, Exclusion, Indicator, Signal, SignalKind
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.rule import Citation
from upheld.core.values.value import Type
from upheld.language import exclusions, levels, measures, quantities, remedies, remedy_parts, ties
from upheld.language.concepts_of_measuring import MEASURING
from upheld.language.node import Scalar
from upheld.language.rows import Row
from upheld.language.table import Kind
from upheld.language.vocabulary import Context, Reader

Build: TypeAlias = Callable[[Row, dict[str, Any], Citation], Any]
PeriodOf: TypeAlias = Callable[[dict[str, Any]], PeriodRule | None]


class Measured:
    """The sound rows of each concept so far, and how the rows of the next one are read."""

    def __init__(
        self,
        cx: Context,
        contract: Contract | None,
        clock_kinds: Mapping[str, SubjectKind],
        clock_readings: Mapping[str, tuple[str, ...]],
        period_of: PeriodOf,
    ) -> None:
        self.cx = cx
        self.contract = contract
        self.clock_kinds = clock_kinds
        self.clock_readings = clock_readings
        self.period_of = period_of
        self.components: dict[str, Component] = {}
        self.signals: dict[str, Signal] = {}
        self.indicators: dict[str, Indicator] = {}
        self.exclusions: dict[str, Exclusion] = {}
        self.commits: dict[str, CommitRule] = {}
        self.remedies: dict[str, RemedyRule] = {}
        self.left_out: dict[
            str, tuple[str, ...]
        ] = {}  # exclusions that a reading takes away: what they consult
        self._instead: dict[str, list[Exclusion]] = {}
        self._beneath: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._leaves: dict[str, tuple[Component, ...]] = {}
        self._observers: Mapping[tuple[str, SignalKind], list[str]] = {}

    def read(self, every: Callable[[str, Build], Iterable[Any]]) -> None:
        """Read all rows in order; `every` gives the sound rows of a concept by what builds them."""
        into: dict[str, dict[str, Any]] = {
            "component": self.components,
            "signal": self.signals,
            "indicator": self.indicators,
            "exclude": self.exclusions,
            "commit": self.commits,
            "remedy": self.remedies,
        }
        for concept in MEASURING:
            for built in every(concept.name, self._builds()[concept.name]):
                into[concept.name][built.name] = built
            if concept.name == "signal":
                ties.tell(self.components, self.signals, self.cx)
                self._observers = ties.observers(self.signals)
            elif concept.name == "indicator":
                ties.tell_unobserved(self.components, self.signals, self.indicators, self.cx)
        ties.tell_groups(self.remedies, self.cx)

    def _builds(self) -> Mapping[str, Build]:
        cx = self.cx
        return {
            "component": lambda row, values, cited: measures.component(row, values, cited, cx),
            "signal": lambda row, values, cited: measures.signal(row, values, cited, cx),
            "indicator": self._indicator,
            "exclude": self._exclusion,
            "commit": lambda row, values, cited: levels.commit(
                row, values, cited, self.period_of(values), self.indicators, cx
            ),
            "remedy": lambda row, values, cited: remedies.remedy(row, values, cited, self._owed(row), cx),
        }

    def _indicator(self, row: Row, values: dict[str, Any], cited: Citation) -> Indicator | None:
        found = measures.indicator(row, values, cited, self.cx)
        if found is not None:
            ties.tell_across(row, found, self.components, self.cx)
            if found.of not in self._leaves:  # all components are read before the first indicator
                self._leaves[found.of] = ties.leaves_of(found.of, self.components)
            ties.tell_signal(row, found, self._leaves[found.of], self.signals, self._observers, self.cx)
        return found

    def _exclusion(self, row: Row, values: dict[str, Any], cited: Citation) -> Exclusion | None:
        found = exclusions.exclusion(row, values, cited, self.cx)
        if found is not None and row.name in self.left_out:
            self._instead.setdefault(row.name, []).append(found)
        return found

    def _owed(self, row: Row) -> remedies.Owed:
        node = row.node("of")
        commit = self.commits.get(node.text) if isinstance(node, Scalar) else None
        indicator = self.indicators.get(commit.indicator) if commit else None
        return remedies.Owed(commit, indicator, self.contract)

    def names(self, row: Row) -> dict[str, Type] | None:
        """What the expressions of a row know; None: what is known of its subject."""
        match row.concept.name:
            case "signal":
                return measures.names_of_signal(row)
            case "indicator":
                return self._names_of_indicator(row)
            case "exclude":
                return exclusions.names_of_exclusion(row, self.cx)
            case "remedy":
                return remedies.names_of_remedy(row, self._owed(row))
        return None

    def _names_of_indicator(self, row: Row) -> dict[str, Type]:
        count = measures.measure_text(row.node("count"))
        kind: SubjectKind = "incident"
        if count is not None and count.basis == "outcomes":
            kind = self.clock_kinds.get(count.of, "ticket")
        return self.cx.vocabulary.types(kind)

    def seen(self, row: Row, values: Mapping[str, Any]) -> Hashable | None:
        """All that a row sees of the rows it names but their readings; None: more than is told here."""
        match row.concept.name:
            case "commit":
                indicator = self.indicators.get(values.get("indicator") or row.name)
                return (None,) if indicator is None else (indicator.name, indicator.basis)
            case "remedy":
                commit, indicator, _ = self._owed(row)
                measured = indicator and (indicator.name, indicator.basis, indicator.combine)
                return commit is None, commit and commit.level, measured
        return None

    def beneath(self, row: Row, values: dict[str, Any]) -> Iterator[str]:
        """The readings behind what a row names."""
        match row.concept.name:
            case "component":
                for field in ("all", "any", "each", "of"):
                    for name in values.get(field) or ():
                        yield from _readings_of(self.components.get(name))
            case "indicator":
                yield from self._beneath_indicator(values.get("count"))
            case "commit":
                yield from self._beneath_commit(values.get("indicator") or row.name)
            case "remedy":
                yield from _readings_of(self.commits.get(values.get("of") or ""))

    def _beneath_indicator(self, count: measures.Measure | None) -> Iterator[str]:
        if count is None:
            return
        if count.basis == "outcomes":
            yield from self.clock_readings.get(count.of, ())
            return
        key = count.of, count.basis in measures.OBSERVING
        if key not in self._beneath:
            self._beneath[key] = tuple(dict.fromkeys(self._beneath_components(*key)))
        yield from self._beneath[key]

    def _beneath_components(self, of: str, observed: bool) -> Iterator[str]:
        names = set()
        for component in measures.reached(of, self.components):
            names.add(component.name)
            yield from component.cited.readings
        for signal in self.signals.values() if observed else ():
            if names.intersection(signal.of):
                yield from signal.cited.readings

    def _beneath_commit(self, indicator: str) -> Iterator[str]:
        yield from _readings_of(self.indicators.get(indicator))
        for exclusion in self.exclusions.values():
            if not exclusion.indicators or indicator in exclusion.indicators:
                yield from exclusion.cited.readings
        for name, readings in self.left_out.items():
            # Where one choice of readings is compiled alone, nobody saw what is left out: it may concern all.
            known = self._instead.get(name)
            if known is None or any(not one.indicators or indicator in one.indicators for one in known):
                yield from readings


def _readings_of(row: Component | Indicator | CommitRule | None) -> tuple[str, ...]:
    return row.cited.readings if row is not None else ()


def readers(cx: Context) -> Mapping[Kind, Reader]:
    """How the fields of these concepts are read."""
    report = cx.report
    return {
        "measure": lambda known, node: measures.measure(known, node, cx),
        "combining": lambda known, node: measures.combining(known, node, cx),
        "across": lambda known, node: measures.across(known, node, cx),
        "weights": lambda known, node: measures.weights(known, node, cx),
        "slices": lambda known, node: measures.slices(known, node, cx),
        "length": lambda known, node: quantities.length(known, node, report) or None,
        "number": lambda known, node: quantities.number(known, node, report),
        "ratio": lambda known, node: quantities.ratio(known, node, report),
        "truth": lambda known, node: quantities.truth(known, node, report),
        "level": lambda known, node: quantities.level(known, node, report),
        "edge": lambda known, node: quantities.edge(known, node, report),
        "after": lambda known, node: quantities.after(known, node, report),
        "bands": lambda known, node: quantities.bands(known, node, report),
        "steps": lambda known, node: remedy_parts.steps(known, node, cx),
        "give": lambda known, node: quantities.give(known, node, report),
        "sum": lambda known, node: quantities.give(known, node, report),
        "quantity": lambda known, node: _text(known, node, cx),
        "base": lambda known, node: remedy_parts.base(known, node, cx),
        "limits": lambda known, node: quantities.limits(known, node, report),
        "pay": lambda known, node: remedy_parts.pay(known, node, cx),
        "exercise": lambda known, node: remedy_parts.exercise(known, node, cx),
    }


def _text(known: Any, node: Any, cx: Context) -> Scalar | None:
    """A text whose type only the row knows."""
    if isinstance(node, Scalar):
        return node
    way_out = "write it on one line"
    cx.report.error("wrong-shape", f"`{known.name}` must be an expression", node.place, way_out)
    return None
