"""What an agreement declares that its rows can name, and the context in which one row is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from upheld.core.terms.agreement import ALWAYS, Attribute, Duty, EventType, Scale, SubjectKind
from upheld.core.timeline.calendar import BusinessDay
from upheld.core.values.amount import Amount
from upheld.core.values.expression import Expr, Literal, Shift, calendars_in, names_in, parts
from upheld.core.values.finding import Place
from upheld.core.values.frozen import dataclass, field
from upheld.core.values.value import DURATION, INSTANT, NUMBER, TEXT, TRUTH, Type, choice
from upheld.language.names import QUOTA_ANSWERS, attributes_of
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import Report, inside
from upheld.language.rows import Row
from upheld.language.suggestion import did_you_mean
from upheld.language.table import Field, Kind

Reader: TypeAlias = Callable[[Field, Node], Any]

DECLARED_TYPES: Mapping[str, Type] = {
    "text": TEXT,
    "truth": TRUTH,
    "number": NUMBER,
    "duration": DURATION,
    "instant": INSTANT,
}


@dataclass(slots=True)
class Vocabulary:
    """The names that rows of one resolved agreement may use.

    `calendars` and `readings_of` give, by calendar and by attribute, the assumptions that it consulted;
    `named` the names of the rows of each concept, sound or not; `absent` are rows, by concept and name, that
    are not there under the readings taken.
    """

    scales: tuple[Scale, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    events: Mapping[str, EventType] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    plans: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()
    calendars: dict[str, tuple[str, ...]] = field(default_factory=dict)
    business_days: dict[str, BusinessDay | None] = field(default_factory=dict)
    readings_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    absent: set[tuple[str, str]] = field(default_factory=set)
    _types: dict[SubjectKind, dict[str, Type]] = field(default_factory=dict)

    def types(self, kind: SubjectKind) -> dict[str, Type]:
        """The names that expressions about this kind of subject know, with their types."""
        if kind not in self._types:
            found = {name: type_ for name, (type_, _) in attributes_of(kind).items()}
            if self.plans:
                found["contract.plan"] = choice(*self.plans)
            for attribute in self.attributes:
                if attribute.of == kind:
                    closed = attribute.type == "text" and attribute.values
                    found[attribute.name] = (
                        choice(*attribute.values) if closed else DECLARED_TYPES.get(attribute.type, TEXT)
                    )
            for scale in self.scales:
                if scale.of == kind:
                    found[scale.name] = choice(*scale.values)
            if kind == "ticket":
                found |= {f"quota.{name}": choice(*QUOTA_ANSWERS) for name in self.quotas}
            self._types[kind] = found
        return self._types[kind]

    def is_scale(self, name: str, kind: SubjectKind) -> bool:
        """Whether a name is a scale of this kind of subject."""
        return any(scale.name == name and scale.of == kind for scale in self.scales)


@dataclass(slots=True)
class Context:
    """Where a row is read: what it may name, whom it is about, and what it used.

    `asked` are the rows that it named, by concept and name, and that are there.
    """

    vocabulary: Vocabulary
    report: Report
    of: SubjectKind = "ticket"
    readings: list[str] = field(default_factory=list)
    before_quotas: bool = False
    is_alternative: bool = False
    names: dict[str, Type] | None = None
    asked: set[tuple[str, str]] = field(default_factory=set)
    readers: Mapping[Kind, Reader] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, Type]:
        """The names that expressions know here: `names`, else what is known of the subject.

        What a quota says is not yet known where quotas count.
        """
        if self.names is not None:
            return self.names
        types = self.vocabulary.types(self.of)
        if not self.before_quotas:
            return types
        return {name: type_ for name, type_ in types.items() if not name.startswith("quota.")}

    def used(self, names: Iterable[str]) -> None:
        """Remember the readings behind attributes that the row depends on."""
        for name in names:
            self.readings += self.vocabulary.readings_of.get(name, ())

    def expression(self, node: Node, names: Mapping[str, Type], expect: Type, what: str) -> Expr | None:
        """The expression that a text says, of the type wanted; its faults are told."""
        if not isinstance(node, Scalar):
            way_out = "write it on one line, joined by `and` and `or`"
            self.report.error("wrong-shape", f"`{what}` must be an expression", node.place, way_out)
            return None
        return self.parsed(node, 0, node.text, names, expect)

    def parsed(
        self, node: Scalar, offset: int, text: str, names: Mapping[str, Type], expect: Type
    ) -> Expr | None:
        """The expression in a part of a text that begins at `offset`."""
        return self.typed(node, offset, text, names, (expect,))[0]

    def typed(
        self, node: Scalar, offset: int, text: str, names: Mapping[str, Type], among: tuple[Type, ...]
    ) -> tuple[Expr | None, Type | None]:
        """As `parsed`, of the first of several types that fits."""
        from upheld.language.expression import parse_typed  # here: a text without any need not load it

        before = self.report.errors
        expr, type_, findings = parse_typed(
            text, inside(node, offset), names, among=among, calendars=self.vocabulary.calendars
        )
        if not node.exact:
            from upheld.core.values.frozen import replace

            findings = tuple(replace(finding, places=(node.place,)) for finding in findings)
        self.report.take(findings)
        if expr is None or self.report.errors > before:
            return None, None
        self.used(names_in(expr))
        for calendar in calendars_in(expr):
            self.readings += self.vocabulary.calendars.get(calendar, ())
        for amount, on in _counted_in(expr):
            self.business_days(amount, on or ALWAYS, inside(node, offset))
        return expr, type_

    def business_days(self, amount: Amount, calendar: str, place: Place, *also: Place) -> str:
        """The sense of a business day on a calendar; empty where it has none, which is told."""
        day = self.vocabulary.business_days.get(calendar)
        if day is None:
            if calendar in self.vocabulary.business_days:
                message = f"{amount} cannot be counted: `{calendar}` does not say what a business day is"
                way_out = f"add `business day: 8h` (or `end of day`, `same time`) to `{calendar}`"
                self.report.error("no-business-day", message, place, way_out, *also)
            return ""
        if not isinstance(amount.count, int) and day.sense != "hours":
            message = f"{amount} cannot be told: `{calendar}` counts business days by {day.sense}"
            way_out = "count whole business days, or define the business day in hours"
            self.report.error("broken-business-day", message, place, way_out, *also)
        return day.sense

    def calendar(self, name: str, place: Place) -> str:
        """The name of a calendar, told if there is none of that name; its readings are remembered."""
        known = self.vocabulary.calendars
        if name not in known:
            way_out = did_you_mean(name, known) or "declare it under `calendar`"
            self.report.error("unknown-calendar", f"there is no calendar `{name}`", place, way_out)
        self.readings += known.get(name, ())
        return name

    def row(self, concept: str, name: str, place: Place, way_out: str = "") -> bool:
        """Whether there is a row of that name, which is told if there is none."""
        known = self.vocabulary.named.get(concept, ())
        what = "commitment" if concept in ("commit", "clock") else concept
        if name not in known:
            way_out = did_you_mean(name, known) or way_out or f"declare it under `{concept}`"
            self.report.error(f"unknown-{what}", f"there is no {what} `{name}`", place, way_out)
            return False
        if (concept, name) in self.vocabulary.absent and not self.is_alternative:
            message = f"there is no {what} `{name}` under the readings taken"
            way_out = "let this depend on the same assumption, with `none` where that is not there"
            self.report.error(f"unknown-{what}", message, place, way_out)
            return False
        self.asked.add((concept, name))
        return True

    def rows(self, concept: str, row: Row, field: str) -> None:
        """Every row of a concept that a field names, told where there is none of that name."""
        node = row.node(field)
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar) and item.text:
                self.row(concept, item.text, inside(item, 0))


def _counted_in(expr: Expr) -> Iterator[tuple[Amount, str | None]]:
    """The business days that an expression adds to an instant, with their calendars."""
    if isinstance(expr, Shift) and isinstance(expr.amount, Literal):
        amount = expr.amount.value
        if isinstance(amount, Amount) and amount.kind == "business days":
            yield amount, expr.calendar
    for one in parts(expr):
        yield from _counted_in(one)
