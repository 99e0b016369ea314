"""Rows of one text, read one after the other under the readings that are taken, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from upheld.core.terms.agreement import (
    ALWAYS,
    Assumption,
    Contract,
    Terms,
)
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.rule import Citation
from upheld.language import declarations as declare
from upheld.language import kinds, tellings
from upheld.language.concepts import concept
from upheld.language.names import SUBJECT_KINDS
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.readings import Readings
from upheld.language.report import BETWEEN_ROWS, Report
from upheld.language.row_memory import AsRead, RowMemory
from upheld.language.rows import Row, read_row, read_values
from upheld.language.vocabulary import Context, Vocabulary
from upheld.language.world import HolidaySet, World

if TYPE_CHECKING:
    from upheld.language.measured import Measured

T = TypeVar("T")
Build: TypeAlias = Callable[[Row, dict[str, Any], Citation], T | None]
"""Makes the value of a row; None if it is not right, which the report says."""


@dataclass(slots=True)
class Compiled:
    """What one compilation gave: the terms (None beside errors), the text of them, and what they rest on."""

    terms: Terms | None = None
    text: MapNode | None = None
    cited: dict[str, Place] = field(default_factory=dict)
    consulted: set[str] = field(default_factory=set)
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    zones: set[str] = field(default_factory=set)
    holidays: dict[str, HolidaySet] = field(default_factory=dict)


class RowPass:
    """Reads rows of one resolved text. What it finds is collected in `result` and told to the report."""

    def __init__(
        self,
        text: MapNode,
        plans: tuple[str, ...],
        contract: Contract | None,
        world: World,
        report: Report,
        memory: RowMemory | None = None,
        taking: Mapping[str, str] | None = None,
    ) -> None:
        self.text = text
        self._memory = memory
        self._taking = taking or {}
        self._takes: dict[str, str] = {}
        self.contract = contract
        self.world = world
        self.report = report
        self.readings = Readings({})
        self.words = Vocabulary(plans=plans)
        self.cx = Context(self.words, report)
        self.document: dict[str, Any] = {}
        self._consulted: tuple[str, ...] = ()
        self._elsewhere: frozenset[str] = frozenset()  # readings of what the row names: calendars, rows
        self._as_read: AsRead | None = None
        self._seen_by_all: tuple[str, ...] = ()  # what rows see of others that no reading of theirs tells
        self._document_readings: tuple[str, ...] = ()
        self._calendars_cited: dict[str, Citation] = {}
        self._absent: dict[str, dict[str, None]] = {}  # by concept, the readings that leave a row out
        self.result = Compiled(text=text)
        self.measured: Measured | None = None
        self._watchable: tellings.Watchable | None = None
        self.readers = kinds.readers(self.cx, world, self.result.zones)
        self.cx.readers = self.readers

    def _section(self, name: str) -> Iterator[tuple[Scalar, Node]]:
        node = self.text.get(name)
        if node is None:
            return
        if not isinstance(node, MapNode):
            example = concept(name).example.replace("\n ", "")
            message = f"`{name}` must be a map of rows by name"
            self.report.error("wrong-shape", message, node.place, f"as in `{example}`")
            return
        for key, child in node.entries:
            if declare.is_good_name(key, name, self.report):
                yield key, child

    def _row(self, name: str, key: Scalar, node: Node, build: Build[T]) -> T | None:
        """One row under the readings taken; then, for its faults alone, under each alternative.

        With a memory the faults have been told.
        """
        if self._memory is not None:
            return self._remembered(self._memory, name, key, node, build)
        built = self._built(name, key, node, build)
        elsewhere = self._elsewhere
        for assumption in self._consulted:
            known = self.readings.assumptions[assumption]
            for option in known.options:
                if option == known.take or option in known.named_only:
                    continue
                self.cx.is_alternative, before = True, len(self.report.findings)
                with self.readings.instead(assumption, option), self.world.on_trial():
                    self._built(name, key, node, build)
                if assumption in elsewhere | self._elsewhere:
                    self.report.forget(before, BETWEEN_ROWS)
                self.cx.is_alternative = False
        return built

    def _remembered(self, memory: RowMemory, name: str, key: Scalar, node: Node, build: Build[T]) -> T | None:
        """A row as it was built before under the same options of the readings behind it, if it was.

        Not after an error: a row that is not there because of it shows nothing of the readings behind it.
        """
        takes, row = self._takes, (name, key.text, *self._seen_by_all)
        known = None
        if not self.report.errors:
            known = self._alike(memory, row) or memory.find(row, takes, self.words.absent)
        if known is None:
            built = self._built(name, key, node, build)
            known = tuple(self.cx.readings) or self._consulted, built
            if not self.report.errors and not self._is_kept_as_read(memory, row, built):
                memory.keep(row, takes, *known, frozenset(self.cx.asked))
        self.cx.readings = list(known[0])
        if known[1] is None:
            self._leave_out(name, key, self.cx.readings)
        found: T | None = known[1]
        return found

    def _is_kept_as_read(self, memory: RowMemory, name: tuple[str, ...], built: Any) -> bool:
        """Remembers a row by what it consulted itself, if all that it sees of the rows it names is told."""
        read = self._as_read
        if read is None or built is None or self.measured is None:
            return False
        seen = self.measured.seen(read.row, read.values)
        if seen is None:
            return False
        behind = dict.fromkeys((*read.own, *self._named(read.row, read.values)))
        building = tuple(self.cx.readings[len(behind) :])
        read = read._replace(building=building, asked=frozenset(self.cx.asked))
        memory.keep_as_read(name, self._takes, seen, read, built)
        return True

    def _alike(self, memory: RowMemory, name: tuple[str, ...]) -> tuple[tuple[str, ...], Any] | None:
        """A row that reads the same and sees the same of the rows that it names, whatever these consulted."""
        if self.measured is None:
            return None
        read = memory.as_read(name, self._takes, self.words.absent)
        if read is None:
            return None
        seen = self.measured.seen(read.row, read.values)
        behind = tuple(dict.fromkeys((*read.own, *self._named(read.row, read.values))))
        built = memory.citing(read, seen, behind)
        return None if built is None else ((*behind, *read.building), built)

    def _built(self, name: str, key: Scalar, node: Node, build: Build[T]) -> T | None:
        before = self.report.errors
        self.cx.readings, self.cx.of, self.cx.names, self.cx.asked = [], "ticket", None, set()
        self._elsewhere, self._as_read = frozenset(), None
        self.cx.before_quotas = name in ("quota", "escalate", "notify")
        known = concept(name)
        if name == "calendar" and key.text == ALWAYS:
            known = known._replace(one_of=())
        row = read_row(known, key, node, self.report, self.readings)
        of = row.node("of")
        if isinstance(of, Scalar) and of.text in SUBJECT_KINDS:
            self.cx.of = of.text
        if row.absent:
            if not self.cx.is_alternative:
                self._leave_out(name, key, row.readings)
            self._consulted = tuple(row.readings)
            self.result.consulted.update(row.readings)
            return None
        if name == "escalate" and self._watchable is not None:
            self.cx.of = self._watchable.kind_of(row)
        if self.measured is not None:
            self.cx.names = self.measured.names(row)
        values = read_values(row, self.readers, self.report)
        self._consulted = tuple(row.readings)
        implied, named = self._implied(name, row, values), self._named(row, values)
        self._elsewhere = frozenset((*self.cx.readings, *implied, *named))
        own = tuple(dict.fromkeys((*row.readings, *self.cx.readings, *implied)))
        self.cx.readings = list(dict.fromkeys((*own, *named)))
        self._as_read = AsRead(row, values, own)
        clauses: tuple[str, ...] = values.get("clause") or ()
        built = build(row, values, Citation(clauses, tuple(self.cx.readings), own, row.place))
        self.result.consulted.update(self.cx.readings)
        if name != "assume":
            for clause in clauses:
                self.result.cited.setdefault(clause, row.place_of("clause"))
        return built if self.report.errors == before else None

    def _leave_out(self, name: str, key: Scalar, readings: Sequence[str]) -> None:
        """Remember a row that is not there under the readings taken."""
        self._absent.setdefault(name, {}).update(dict.fromkeys(readings))
        self.words.absent.add(("clock" if name in ("deadline", "every") else name, key.text))
        if self.measured is not None and name == "exclude":
            self.measured.left_out[key.text] = tuple(readings)

    def _named(self, row: Row, values: dict[str, Any]) -> tuple[str, ...]:
        """The readings behind the rows that a row names."""
        return tuple(self.measured.beneath(row, values)) if self.measured is not None else ()

    def _implied(self, name: str, row: Row, values: dict[str, Any]) -> tuple[str, ...]:
        """The readings behind what a row leaves to be understood: its zone, its calendar."""
        if name in ("quota", "obligation", "covenant", "commit") and not values.get("zone"):
            return self._document_readings
        return self.words.calendars[ALWAYS] if name in ("deadline", "every") and "on" not in row.nodes else ()
