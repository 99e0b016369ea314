"""A mapping file: how a table of events, or of states after each update, is told as facts or observations."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from upheld.core.facts.fact import Value
from upheld.core.facts.fact_check import suggestion
from upheld.core.facts.fact_types import COMMON_FIELDS, FACT_TYPES
from upheld.core.timeline.instant import FIRST_YEAR, LAST_YEAR
from upheld.core.timeline.zone import Zone
from upheld.core.values.finding import Finding, Place, Severity
from upheld.core.values.frozen import dataclass, replace
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.reader import read_yaml
from upheld.language.zones import UnknownZone, zone_named

RFC_3339: Final = "RFC 3339"
STATE_TESTS: Final = ("is", "is not", "was", "was not", "enters", "leaves")
CHANGE_TESTS: Final = ("changes", "stays", "increases", "decreases")
OBSERVED: Final = {
    "checks": ("ok", "status", "latency_ms", "latency_us", "code"),
    "counts": ("until", "good", "total"),
    "states": ("state",),
}
"""The columns of each kind of observations, beside `at`, `component`, `signal` and `provider`."""
KINDS: Final = ("text", "integer", "number", "truth", "instant", "list of text")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a mapping names, and where it names it."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a column or a constant, looked up in `map` if there is one."""

    column: Column | None
    constant: Value
    map: tuple[tuple[str, str], ...] | None
    otherwise: str | None
    kind: str
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one column against the row before; `words` are those of a test on states."""

    column: Column
    test: str
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """The rows that a rule is about: all, or the first of a subject, or those that meet every condition."""

    conditions: tuple[Condition, ...] = ()
    first_row: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of fact that rows give rise to. `at` overrides the column of the time."""

    name: str
    place: Place
    type: Source
    when: When
    once: bool
    at: Column | None
    data: tuple[tuple[str, Source], ...]
    private: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The time of the first or last fact of a rule beside a column; `column_decides` says which one holds."""

    name: str
    rule: str
    last: bool
    column: Column
    column_decides: bool


@dataclass(frozen=True, slots=True)
class Oddity:
    """Rows to remark on, and what to say of them."""

    name: str
    when: When
    says: str


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping file; `columns` lists every mention of a column.

    A table of observations (`observed` is their kind) has `values` and no rules.
    """

    source: str
    zone: Zone
    times: tuple[str, ...]
    missing: frozenset[str]
    delimiter: str
    subject: Column
    at: Column
    recorded: Column | None
    row_id: Column | None
    order: tuple[tuple[Column, str], ...]
    not_before: Column | None
    too_early: str
    rules: tuple[Rule, ...]
    comparisons: tuple[Comparison, ...]
    oddities: tuple[Oddity, ...]
    columns: tuple[Column, ...]
    observed: str = ""
    values: tuple[tuple[str, Source], ...] = ()


def read_mapping(text: bytes | str, file: str) -> tuple[TableMapping | None, tuple[Finding, ...]]:
    """The mapping, or None beside the findings that say why not; a warning alone does not stop it."""
    node, findings = read_yaml(text, file)
    reading = _Reading(list(findings))
    mapping = reading.mapping(node) if node is not None else None
    broken = any(finding.severity == "error" for finding in reading.findings)
    return None if broken else mapping, tuple(reading.findings)


_DELIMITERS: Final = {",": ",", ";": ";", "|": "|", "tab": "\t"}
_REQUIRED: Final = ("source", "zone", "times", "subject", "at")
_KEYS: Final = (
    *_REQUIRED,
    *(
        "facts",
        "observations",
        "missing",
        "delimiter",
        "recorded",
        "id",
        "order",
        "values",
        "not before",
        "compare",
        "oddities",
    ),
)


class _Reading:
    """One reading of one mapping: what is wrong so far, the named value maps and the columns named."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.maps: dict[str, tuple[tuple[str, str], ...]] = {}
        self.columns: list[Column] = []

    def say(
        self, code: str, message: str, place: Place, way_out: str = "", severity: Severity = "error"
    ) -> None:
        self.findings.append(Finding(code, message, (place,), way_out, severity))

    # -- shapes --------------------------------------------------------------------------------------------

    def record(self, node: Node, keys: tuple[str, ...], required: tuple[str, ...] = ()) -> dict[str, Node]:
        if not isinstance(node, Mapping):
            self.say("wrong-shape", f"here stands a map of {', '.join(keys)}", node.place)
            return {}
        for key, _ in node.entries:
            if key.text not in keys:
                way_out = suggestion(key.text, keys) or f"the keys here are {', '.join(keys)}"
                self.say("unknown-key", f"there is no key `{key.text}` here", key.place, way_out)
        for name in required:
            if node.get(name) is None:
                self.say("missing-key", f"`{name}` is missing", node.place)
        return {key.text: value for key, value in node.entries}

    def named(self, node: Node | None) -> list[tuple[Scalar, Node]]:
        if node is None:
            return []
        if not isinstance(node, Mapping):
            self.say("wrong-shape", "here stands a map, each entry with its name", node.place)
            return []
        return list(node.entries)

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not node.text:
            self.say("wrong-shape", "here stands one text", node.place)
            return ""
        return node.text

    def texts(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        texts = [item.text for item in items if isinstance(item, Scalar)]
        if len(texts) < len(items) or not items:
            self.say("wrong-shape", "here stands a text or a list of texts", node.place)
        return tuple(texts)

    def word(self, node: Node | None, words: tuple[str, ...], default: str) -> str:
        if node is None:
            return default
        text = self.text(node)
        if text and text not in words:
            way_out = suggestion(text, words) or f"one of {', '.join(words)}"
            self.say("unknown-word", f"`{text}` is not one of the words here", node.place, way_out)
        return text

    def column(self, node: Node) -> Column:
        column = Column(self.text(node), node.place)
        self.columns.append(column)
        return column

    def maybe_column(self, node: Node | None) -> Column | None:
        return None if node is None else self.column(node)

    # -- the whole -----------------------------------------------------------------------------------------

    def mapping(self, node: Node) -> TableMapping | None:
        entries = self.record(node, _KEYS, _REQUIRED)
        if any(entries.get(name) is None for name in _REQUIRED):
            return None
        if ("facts" in entries) == ("observations" in entries):
            way_out = "say what rows are told as: `facts: …`, or `observations: {states: …}`"
            self.say("wrong-shape", "a mapping has either `facts` or `observations`", node.place, way_out)
        for name, values in self.named(entries.get("values")):
            self.maps[name.text] = self.value_map(values)
        subject, at = self.column(entries["subject"]), self.column(entries["at"])
        zone = self.zone(entries["zone"])
        delimiter = self.word(entries.get("delimiter"), tuple(_DELIMITERS), ",")
        not_before, too_early = self.not_before(entries.get("not before"))
        rules = tuple(self.rule(name, rule) for name, rule in self.named(entries.get("facts")))
        names = tuple(rule.name for rule in rules)
        observed, observed_values = self.observations(entries.get("observations"))
        mapping = TableMapping(
            columns=(),
            observed=observed,
            values=observed_values,
            source=self.text(entries["source"]),
            zone=zone or _UTC,
            times=self.times(entries["times"]),
            missing=frozenset({"", *self.texts(entries.get("missing"))}),
            delimiter=_DELIMITERS.get(delimiter, ","),
            subject=subject,
            at=at,
            recorded=self.maybe_column(entries.get("recorded")),
            row_id=self.maybe_column(entries.get("id")),
            order=self.order(entries.get("order"), at),
            not_before=not_before,
            too_early=too_early,
            rules=rules,
            comparisons=tuple(self.comparison(*entry, names) for entry in self.named(entries.get("compare"))),
            oddities=tuple(self.oddity(*entry) for entry in self.named(entries.get("oddities"))),
        )
        return replace(mapping, columns=tuple(self.columns))

    def zone(self, node: Node) -> Zone | None:
        name = self.text(node)
        try:
            return zone_named(name, FIRST_YEAR, LAST_YEAR) if name else None
        except UnknownZone as fault:
            self.say("unknown-zone", str(fault)[:300], node.place)
            return None

    def times(self, node: Node) -> tuple[str, ...]:
        formats = self.texts(node)
        for text in formats:
            if text != RFC_3339 and not _is_good_format(text):
                way_out = f"write a full date and time such as %d-%m-%Y %H:%M, or {RFC_3339}"
                self.say(
                    "bad-time-format", f"`{text[:80]}` does not say a date and a time", node.place, way_out
                )
        return formats

    def order(self, node: Node | None, at: Column) -> tuple[tuple[Column, str], ...]:
        if node is None:
            return ((at, "time"),)
        items = node.items if isinstance(node, Sequence) else (node,)
        order = []
        for item in items:
            entries = self.record(item, ("column", "as"), ("column",))
            if "column" in entries:
                kind = self.word(entries.get("as"), ("text", "number", "time"), "text")
                order.append((self.column(entries["column"]), kind))
        return tuple(order)

    def not_before(self, node: Node | None) -> tuple[Column | None, str]:
        if node is None:
            return None, "keep"
        entries = self.record(node, ("column", "then"), ("column", "then"))
        column = self.column(entries["column"]) if "column" in entries else None
        return column, self.word(entries.get("then"), ("leave out", "move", "keep"), "keep")

    # -- facts ---------------------------------------------------------------------------------------------

    def rule(self, name: Scalar, node: Node) -> Rule:
        keys = ("type", "when", "once", "at", "data", "private")
        entries = self.record(node, keys, ("type", "when"))
        data = tuple((key.text, self.source(value)) for key, value in self.named(entries.get("data")))
        fact_type = self.type_source(entries["type"]) if "type" in entries else _constant("", node.place)
        rule = Rule(
            name=name.text,
            place=name.place,
            type=fact_type,
            when=self.when(entries.get("when")),
            once=self.word(entries.get("once"), ("yes", "no"), "no") == "yes",
            at=self.maybe_column(entries.get("at")),
            data=data,
            private=tuple(
                (key.text, self.source(value)) for key, value in self.named(entries.get("private"))
            ),
        )
        self.check_fields(rule, entries)
        return rule

    def type_source(self, node: Node) -> Source:
        """A plain text is the type itself; a map says which column holds it."""
        source = self.source(node) if isinstance(node, Mapping) else _constant(self.text(node), node.place)
        texts = [word for _, word in source.map or ()]
        if source.column is None and isinstance(source.constant, str):
            texts.append(source.constant)
        for text in texts:
            if text and text not in FACT_TYPES:
                near = suggestion(text, FACT_TYPES)
                severity: Severity = "error" if near else "warning"
                way_out = near or "an agreement that reads these facts must declare it"
                self.say(
                    "unknown-fact-type",
                    f"there is no fact type `{text[:80]}`",
                    source.place,
                    way_out,
                    severity,
                )
        return source

    def check_fields(self, rule: Rule, entries: dict[str, Node]) -> None:
        fact_type = FACT_TYPES.get(str(rule.type.constant))
        given = {name for name, _ in rule.data}
        known = [field.name for field in (*fact_type.fields, *COMMON_FIELDS)] if fact_type else []
        for field in fact_type.fields if fact_type else ():
            if field.required and field.name not in given:
                place = entries["data"].place if "data" in entries else rule.place
                self.say("missing-field", f"`{rule.type.constant}` needs `{field.name}`: {field.doc}", place)
        for name, source in rule.data:
            if known and name not in known and (near := suggestion(name, set(known) - given)):
                self.say("unknown-field", f"`{name}` is kept as an attribute", source.place, near, "warning")

    def source(self, node: Node) -> Source:
        """A plain text names a column; a map says more."""
        if not isinstance(node, Mapping):
            return Source(self.column(node), None, None, None, "text", node.place)
        entries = self.record(node, ("column", "always", "map", "otherwise", "as"))
        if ("column" in entries) == ("always" in entries):
            self.say("wrong-shape", "a value has either `column` or `always`", node.place)
        kind = self.word(entries.get("as"), KINDS, "text")
        return Source(
            column=self.maybe_column(entries.get("column")),
            constant=self.text(entries.get("always")) or None,
            map=self.map_of(entries["map"]) if "map" in entries else None,
            otherwise=self.text(entries.get("otherwise")) or None,
            kind=kind,
            place=node.place,
        )

    def map_of(self, node: Node) -> tuple[tuple[str, str], ...]:
        if isinstance(node, Mapping):
            return self.value_map(node)
        name = self.text(node)
        if name and name not in self.maps:
            way_out = suggestion(name, self.maps) or "write it under `values`"
            self.say("unknown-map", f"there is no map `{name[:80]}` under `values`", node.place, way_out)
        return self.maps.get(name, ())

    def value_map(self, node: Node) -> tuple[tuple[str, str], ...]:
        return tuple((key.text, self.text(value)) for key, value in self.named(node))

    def when(self, node: Node | None) -> When:
        if node is None:
            return When()
        if isinstance(node, Scalar):
            word = self.word(node, ("every row", "first row"), "every row")
            return When(first_row=word == "first row")
        conditions: list[Condition] = []
        for key, tests in self.named(node):
            column = self.column(key)
            if isinstance(tests, Scalar):
                conditions.append(Condition(column, self.word(tests, CHANGE_TESTS, "changes")))
                continue
            entries = self.record(tests, STATE_TESTS)
            conditions += [
                Condition(column, test, frozenset(self.texts(words))) for test, words in entries.items()
            ]
        return When(tuple(conditions))

    # -- observations --------------------------------------------------------------------------------------

    def observations(self, node: Node | None) -> tuple[str, tuple[tuple[str, Source], ...]]:
        """`{states: {state: COLUMN}}`: the kind of the observations, and where their values come from."""
        if node is None:
            return "", ()
        kinds = self.named(node)
        if len(kinds) != 1 or kinds[0][0].text not in OBSERVED:
            way_out = f"write one of {', '.join(OBSERVED)}, and under it its columns"
            self.say("wrong-shape", "observations are of one kind", node.place, way_out)
            return "", ()
        kind, values = kinds[0]
        known = (*OBSERVED[kind.text], "signal", "provider")
        entries = self.record(values, known)
        for name in ("until", "good", "total", "state"):
            if name in known and name not in entries:
                self.say("missing-key", f"{kind.text} need `{name}`", kind.place)
        return kind.text, tuple((name, self.source(value)) for name, value in entries.items())

    # -- remarks -------------------------------------------------------------------------------------------

    def comparison(self, name: Scalar, node: Node, rules: tuple[str, ...]) -> Comparison:
        keys = ("fact", "which", "with", "decides")
        entries = self.record(node, keys, ("fact", "with", "decides"))
        return Comparison(
            name=name.text,
            rule=self.word(entries.get("fact"), rules, ""),
            last=self.word(entries.get("which"), ("first", "last"), "last") == "last",
            column=self.column(entries["with"]) if "with" in entries else Column("", node.place),
            column_decides=self.word(entries.get("decides"), ("rows", "column"), "rows") == "column",
        )

    def oddity(self, name: Scalar, node: Node) -> Oddity:
        entries = self.record(node, ("when", "says"), ("when", "says"))
        return Oddity(name.text, self.when(entries.get("when")), self.text(entries.get("says")))


def _constant(text: str, place: Place) -> Source:
    return Source(None, text, None, None, "text", place)


def _is_good_format(text: str) -> bool:
    """Whether a format gives back every minute that it is told."""
    sample = datetime(2001, 11, 23, 19, 47)  # noqa: DTZ001  a label, not an instant
    try:
        read = datetime.strptime(sample.strftime(text), text)  # noqa: DTZ007  as above
    except ValueError:
        return False
    return read.replace(second=0, microsecond=0, tzinfo=None) == sample


_UTC: Final = Zone("UTC", (), (0,), ("UTC",), FIRST_YEAR, LAST_YEAR)
