"""The text behind a value: where a rule says something, and under which readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from upheld.core.terms.agreement import Assumption, ClockRule
from upheld.core.values.finding import Finding, Place, Severity
from upheld.language.choice_point import BY, consulted_by
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Sequence
from upheld.language.overlay import removes
from upheld.language.readings import Readings
from upheld.language.report import Report
from upheld.language.whole import PlanText


class Field(NamedTuple):
    """A field of a row: the place of its key, its value as written, and the readings that it consults.

    Of a field that is not there `node` is None, and the place that of the nearest key above it.
    """

    place: Place
    node: Node | None
    readings: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """What nobody has decided is a warning; what an assumption decides, a note."""
        return "note" if self.readings else "warning"


class Option(NamedTuple):
    """One option of an assumption, and what a text is under it with every other reading as taken."""

    assumption: Assumption
    option: str
    node: Node

    @property
    def is_taken(self) -> bool:
        """Whether it is the option in force."""
        return self.option == self.assumption.take


def field_of(plan: PlanText, concept: str, row: str, *path: str) -> Field:
    """What a row says under the keys of a path; where a reading is consulted on the way, its option taken."""
    field, steps = _walked(plan, concept, row, path)
    return field if steps == len(path) else field._replace(node=None)


def nearest(plan: PlanText, concept: str, row: str, *path: str) -> Field:
    """As `field_of`; a path that ends earlier gives what stands where it ends."""
    return _walked(plan, concept, row, path)[0]


def concept_of(clock: ClockRule) -> str:
    """The concept under which a clock stands."""
    return "every" if clock.is_cadence else "deadline"


def amounts_field(clock: ClockRule) -> str:
    """The field in which a clock says how long."""
    return "each" if clock.is_cadence else "within"


def says(plan: PlanText, concept: str, row: str, name: str) -> bool:
    """Whether a row says a field at all."""
    return field_of(plan, concept, row, name).node is not None


def readings_in(node: Node) -> tuple[str, ...]:
    """The assumptions that a text consults, at any depth."""
    return tuple(dict.fromkeys(_consulted(node)))


def options_of(plan: PlanText, node: Node) -> Iterator[Option]:
    """What a text is under each option of each assumption that it consults; the ones taken too.

    Options that nothing can execute are left out.
    """
    readings = Readings(plan.terms.assumptions)
    for name in readings_in(node):
        assumption = plan.terms.assumptions[name]
        for option in assumption.options:
            if option not in assumption.named_only:
                with readings.instead(name, option):
                    yield Option(assumption, option, readings.resolved(node, Report()))


def stands_in(node: Node, place: Place) -> bool:
    """Whether a key at any depth of a text was written at a place."""
    entries = node.entries if isinstance(node, MapNode) else ()
    return any(key.place == place or stands_in(below, place) for key, below in entries)


def finding(
    severity: Severity, code: str, message: str, places: Iterable[Place | None], way_out: str
) -> Finding:
    """A finding with each of its places once."""
    kept = tuple(dict.fromkeys(place for place in places if place is not None))
    return Finding(code, message, kept, way_out, severity)


def named(names: Iterable[str]) -> str:
    """Names in a sentence: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names)]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _walked(plan: PlanText, concept: str, row: str, path: Iterable[str]) -> tuple[Field, int]:
    section = plan.text.get(concept)
    key = section.key(row) if isinstance(section, MapNode) else None
    node: Node | None = section.get(row) if isinstance(section, MapNode) else None
    place = key.place if key is not None else plan.text.place
    on_the_way: list[str] = []
    steps = 0
    for name in path:
        below = node
        while below is not None and (choice := consulted_by(below)) is not None:
            on_the_way.append(choice[0].text.removeprefix(BY))
            below = _taken(plan, on_the_way[-1], choice[1])
        found = below.key(name) if isinstance(below, MapNode) else None
        if found is None or not isinstance(below, MapNode):
            break
        place, node, steps = found.place, below.get(name), steps + 1
    readings = (*on_the_way, *(readings_in(node) if node is not None else ()))
    return Field(place, node, tuple(dict.fromkeys(readings))), steps


def _taken(plan: PlanText, name: str, options: Node) -> Node | None:
    taken = plan.terms.assumptions[name].take
    node = options.get(taken) if isinstance(options, MapNode) else None
    return None if node is None or removes(node) else node


def _consulted(node: Node) -> Iterator[str]:
    choice = consulted_by(node)
    if choice is not None:
        yield choice[0].text.removeprefix(BY)
    if isinstance(node, MapNode):
        for _, child in node.entries:
            yield from _consulted(child)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _consulted(item)
