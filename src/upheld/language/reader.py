"""From bytes to nodes: a strict subset of YAML 1.2, read event by event under hard limits.

No object is ever constructed and no tree is composed by the parser: it is asked for one event at a time, and
the first event over a limit is the last one asked for. That matters, because the C parser crashes the process
when it composes 100,000 opening brackets, while its events are harmless.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from upheld.core.values.finding import Finding, Place, in_order, stopped
from upheld.core.values.frozen import dataclass
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.syntax import syntax_fault

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 256 * 1024
"""The size above which a text is refused before it is looked at; whoever reads a file asks no further."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a text may ask of its reader: bytes, nesting, nodes, what one list or map holds, and findings.

    The largest agreements that are known have a thousand nodes, and fifty rows in a map.
    """

    size_bytes: int = MAX_BYTES
    depth: int = 32
    nodes: int = 10_000
    entries: int = 1_000
    key_length: int = 200
    findings: int = 50

    @property
    def events(self) -> int:
        """The most parser events that any text costs: two for each node, and the rims."""
        return 2 * self.nodes + 8


@dataclass(frozen=True, slots=True)
class Reading:
    """The tree of a text (None if it could not be read to its end), what is wrong, parser events consumed."""

    node: Node | None
    findings: tuple[Finding, ...]
    events: int


def read_yaml(
    text: bytes | str, file: str, limits: Limits | None = None
) -> tuple[Node | None, tuple[Finding, ...]]:
    """The tree of `text` and everything wrong with it at once; a fault never raises.

    The tree is given wherever the text could be read to its end, also beside findings, so that what follows
    can add its own; whoever needs a sound text asks `has_errors` first.
    """
    reading = read(text, file, limits)
    return reading.node, reading.findings


def read(text: bytes | str, file: str, limits: Limits | None = None) -> Reading:
    """As `read_yaml`, with the number of parser events that it took."""
    report = _Report(file, limits or Limits())
    try:
        return _parsed(_decoded(text, report), report)
    except _Stop:
        return Reading(None, in_order(report.findings), report.events)


# Beside the control characters of ASCII and Latin-1: line and paragraph separators, which only YAML 1.1 takes
# for line ends; marks that reorder what a person sees; halves of surrogate pairs; what is no character.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BREAK = re.compile("\r\n|\r|\n")
_BOM = "\ufeff"
_WRITE_OUT = "write it out; an agreement < plan < contract overlay says what is shared"
_MEND_KEY = "write a word before the colon"


class _Stop(Exception):  # noqa: N818  no fault: reading cannot usefully go on, and the finding is filed
    pass


class _Report:
    """What one reading found so far, and what it cost."""

    def __init__(self, file: str, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self.findings: list[Finding] = []
        self.events = 0

    def add(self, code: str, message: str, way_out: str, *places: Place) -> None:
        self.findings.append(Finding(code, message, places, way_out))
        if len(self.findings) == self.limits.findings:
            self.findings.append(stopped(self.limits.findings, places[0]))
            raise _Stop

    def stop(self, code: str, message: str, way_out: str, *places: Place) -> NoReturn:
        self.add(code, message, way_out, *places)
        raise _Stop

    def control(self, character: str, place: Place) -> None:
        message = f"the character U+{ord(character):04X} cannot be seen and is not allowed"
        self.add("control-character", message, "remove it, or write it as words", place)


class _Text:
    """A text and the places of its characters; lines are counted as YAML 1.2 does, when one is asked for."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.file, line, offset - self._starts[line - 1] + 1)

    def at_mark(self, mark: yaml.Mark | None) -> tuple[Place, str]:
        """A parser's mark as a place and the character there; at the end parsers name a line that is not."""
        offset = len(self.text)
        if mark is not None and mark.line < len(self._starts):
            offset = min(offset, self._starts[mark.line] + mark.column)
        return self.place(offset), self.text[offset : offset + 1]


def _decoded(raw: bytes | str, report: _Report) -> _Text:
    size, limit = len(raw), report.limits.size_bytes
    if isinstance(raw, str) and size <= limit:
        size = len(raw.encode("utf-8", "surrogatepass"))
    if size > limit:
        message = f"{size:,} bytes are more than the {limit:,} that a text may have"
        report.stop("too-large", message, "split the text", Place(report.file))
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = _Text(fault.object[: fault.start].decode("utf-8").removeprefix(_BOM), report.file)
        message = f"byte {fault.object[fault.start]:#04x} is not UTF-8"
        report.stop("not-utf-8", message, "save the file as UTF-8", before.place(len(before.text)))
    source = _Text(text.removeprefix(_BOM), report.file)
    for match in _FORBIDDEN.finditer(source.text):
        report.control(match.group(), source.place(match.start()))
    # Replaced one by one, so that every column stays and the rest of the text can still be judged.
    return _Text(_FORBIDDEN.sub("�", source.text), report.file)


def _parsed(source: _Text, report: _Report) -> Reading:
    import yaml  # here: importing it costs more than all of a `check`, and only who reads YAML should pay

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = _Walk(yaml, loader(source.text), report).document()
    except yaml.MarkedYAMLError as fault:
        place, character = source.at_mark(fault.problem_mark or fault.context_mark)
        if "nesting depth" in (fault.problem or ""):  # from PyYAML 6.0.4 on the parser itself gives up
            report.stop("too-deep", _too_deep(report.limits), "flatten the text", place)
        message, way_out, told_by = syntax_fault(fault.context or "", fault.problem or "", character)
        opened, _ = source.at_mark(fault.context_mark) if fault.context_mark else (place, "")
        places = {"here": (place,), "both": (place, opened), "opening": (opened, place)}[told_by]
        report.stop("bad-yaml", message, way_out, *dict.fromkeys(places))
    except yaml.YAMLError as fault:
        report.stop("bad-yaml", f"this is not YAML: {fault}", "", Place(report.file))
    return Reading(node, in_order(report.findings), report.events)


def _too_deep(limits: Limits) -> str:
    return f"more than {limits.depth} levels are nested in each other here"


class _Parser(Protocol):
    def get_event(self) -> Any: ...


class _Walk:
    """The walk over the events of one text; a node is built when its last event has been seen."""

    def __init__(self, yaml: Any, parser: _Parser, report: _Report) -> None:
        self.get_event = parser.get_event
        self.report = report
        self.file = report.file
        self.nodes_left = report.limits.nodes
        self.most_events = report.limits.events
        self.alias, self.scalar = yaml.AliasEvent, yaml.ScalarEvent
        self.sequence_start, self.stream_end = yaml.SequenceStartEvent, yaml.StreamEndEvent
        self.ends = (yaml.SequenceEndEvent, yaml.MappingEndEvent)

    def next(self) -> Any:
        self.report.events += 1
        assert self.report.events <= self.most_events, "nodes and depth bound the events"
        return self.get_event()

    def document(self) -> Node:
        self.next()  # the start of the stream
        event = self.next()
        if isinstance(event, self.stream_end):
            self.empty()
        if event.version or event.tags:
            way_out = "remove it: every text here is YAML 1.2 without tags"
            self.report.add(
                "directive", "a line that begins with % is not allowed", way_out, self.place(event)
            )
        node = self.node(self.next(), 1)
        if isinstance(node, Scalar) and not node.text and not node.quoted:
            self.empty()
        self.next()  # the end of the document
        event = self.next()
        if not isinstance(event, self.stream_end):
            self.report.stop(
                "several-documents",
                "a second document begins here; one file holds one",
                "remove the `---`, or put the second one into a file of its own",
                self.place(event),
                node.place,
            )
        return node

    def empty(self) -> NoReturn:
        place = Place(self.file)
        self.report.stop(
            "empty-file", "there is nothing in this file", "write something, or remove it", place
        )

    def node(self, event: Any, depth: int) -> Node:
        place = self.place(event)
        limits = self.report.limits
        self.nodes_left -= 1
        if self.nodes_left < 0:
            message = f"there are more than {limits.nodes:,} values in this text"
            self.report.stop("too-many-nodes", message, "split the text", place)
        if isinstance(event, self.alias):
            self.report.add("alias", f"{_named('*', event.anchor)} repeats another part", _WRITE_OUT, place)
            return Scalar("", place)
        if event.anchor is not None:
            self.report.add("anchor", f"{_named('&', event.anchor)} names a part", _WRITE_OUT, place)
        if event.tag is not None:
            way_out = "remove it: every value is a text"
            self.report.add("tag", f"the tag {_named('', event.tag)} is not allowed", way_out, place)
        if isinstance(event, self.scalar):
            return self.text(event, place)
        if depth > limits.depth:
            self.report.stop("too-deep", _too_deep(limits), "flatten the text", place)
        if isinstance(event, self.sequence_start):
            return self.sequence(place, depth)
        return self.mapping(place, depth)

    def text(self, event: Any, place: Place) -> Scalar:
        text: str = event.value
        start, end = event.start_mark, event.end_mark
        if not event.style:
            return Scalar(text, place, False, end.index - start.index == len(text) and start.line == end.line)
        # A character may also come in as an escape, which the text does not show.
        if match := _FORBIDDEN.search(text):
            self.report.control(match.group(), place)
        exact = event.style in "'\"" and end.index - start.index == len(text) + 2 and start.line == end.line
        return Scalar(text, place, True, exact)

    def sequence(self, place: Place, depth: int) -> Sequence:
        items = []
        while not isinstance(event := self.next(), self.ends):
            items.append(self.node(event, depth + 1))
            if len(items) > self.report.limits.entries:
                self.too_wide("list", place)
        return Sequence(tuple(items), place)

    def mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := self.next(), self.ends):
            key = self.node(event, depth + 1)
            node = self.node(self.next(), depth + 1)
            if not isinstance(key, Scalar):
                self.report.add("key-not-text", "a key must be a text", _MEND_KEY, key.place)
            elif isinstance(event, self.scalar) and self.is_good_key(key, entries):
                entries[key.text] = (key, node)
                if len(entries) > self.report.limits.entries:
                    self.too_wide("map", place)
        return Mapping(tuple(entries.values()), place)

    def too_wide(self, what: str, place: Place) -> NoReturn:
        message = f"this {what} holds more than {self.report.limits.entries:,} values"
        self.report.stop("too-many-nodes", message, "leave out what nothing needs, or split it", place)

    def is_good_key(self, key: Scalar, entries: dict[str, tuple[Scalar, Node]]) -> bool:
        name, limit = key.text, self.report.limits.key_length
        if name == "<<" and not key.quoted:
            self.report.add("merge-key", "`<<` merges another part in", _WRITE_OUT, key.place)
        elif not name:
            self.report.add("key-not-text", "a key is empty", _MEND_KEY, key.place)
        elif len(name) > limit:
            message = f"a key of {len(name):,} characters is longer than {limit}"
            self.report.add("key-too-long", message, "is the colon missing?", key.place)
        elif name in entries:
            first = entries[name][0].place
            message = f"`{name}` is written twice in one map; the first is in line {first.line}"
            self.report.add("duplicate-key", message, "keep one of the two", key.place, first)
        else:
            return True
        return False

    def place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)


def _named(mark: str, name: str) -> str:
    return f"`{mark}{name if len(name) <= 40 else name[:39] + '…'}`"
