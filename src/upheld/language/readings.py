"""Readings: a value written `{by NAME: {option: value}}` is that of the option the assumption takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from upheld.core.terms.agreement import Assumption
from upheld.core.values.frozen import dataclass, field
from upheld.language.choice_point import BY, consulted_by
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.overlay import removes
from upheld.language.report import Report
from upheld.language.suggestion import did_you_mean


@dataclass(slots=True)
class Readings:
    """The assumptions of an agreement with the options taken; `consulted` grows while a row is resolved.

    `broken` are names whose own row has faults: what consults them is told nothing more. `lost` counts the
    values that are not known because of it.
    """

    assumptions: Mapping[str, Assumption]
    broken: frozenset[str] = frozenset()
    consulted: list[str] = field(default_factory=list)
    lost: int = 0
    _instead: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def instead(self, name: str, option: str) -> Iterator[None]:
        """For a while one assumption takes another of its options."""
        self._instead = {name: option}
        try:
            yield
        finally:
            self._instead = {}

    def resolved(self, node: Node, report: Report) -> Node:
        """The node with every consulted assumption replaced by the value of its option.

        Where the report got an error by it, or `lost` grew, an empty text stands in for what is not known.
        """
        if isinstance(node, Scalar):
            return node
        if isinstance(node, Sequence):
            items = [self.resolved(item, report) for item in node.items]
            if all(new is old for new, old in zip(items, node.items, strict=True)):
                return node
            # An option that is `none` is an item that is not there.
            pairs = zip(items, node.items, strict=True)
            return Sequence(tuple(new for new, old in pairs if new is old or not removes(new)), node.place)
        choice_point = consulted_by(node)
        if choice_point is not None:
            return self._taken(*choice_point, node, report)
        entries = tuple((key, self.resolved(child, report)) for key, child in node.entries)
        same = all(new is old for (_, new), (_, old) in zip(entries, node.entries, strict=True))
        return node if same else MapNode(entries, node.place)

    def _taken(self, key: Scalar, options: Node, whole: Node, report: Report) -> Node:
        """The value of the option in force."""
        name = key.text[len(BY) :]
        assumption = self.assumptions.get(name)
        if assumption is None:
            if name in self.broken:
                self.lost += 1
            else:
                way_out = did_you_mean(name, self.assumptions) or f"declare it under `assume`, as `{name}: …`"
                report.error("unknown-assumption", f"there is no assumption `{name}`", key.place, way_out)
            return _nothing(whole)
        if not isinstance(options, MapNode):
            report.error(
                "wrong-shape",
                f"`{key.text}` must give a value for each option of the assumption",
                options.place,
                f"write {{{key.text}: {{{', '.join(f'{option}: …' for option in assumption.options)}}}}}",
            )
            return _nothing(whole)
        self.consulted.append(name)
        given = {option.text: (option, value) for option, value in options.entries}
        for text, (option, _) in given.items():
            if text not in assumption.options:
                way_out = did_you_mean(text, assumption.options) or _one_of(assumption.options)
                report.error("unknown-option", f"`{name}` has no option `{text}`", option.place, way_out)
        needed = [option for option in assumption.options if option not in assumption.named_only]
        missing = [option for option in needed if option not in given]
        if missing:
            report.error(
                "option-missing",
                f"no value for {_one_of(missing)} of `{name}`: every option must stay executable",
                key.place,
                "add it, with the value that would hold",
            )
        taken = given.get(self._instead.get(name, assumption.take))
        return _nothing(whole) if taken is None else self.resolved(taken[1], report)


def _one_of(options: Iterable[str]) -> str:
    return " or ".join(f"`{option}`" for option in options)


def _nothing(node: Node) -> Node:
    return Scalar("", node.place, True)
