"""Whether a fact says what facts of its type must say, and nothing impossible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from upheld.core.facts.fact import Data, Fact, Value
from upheld.core.facts.fact_types import COMMON_FIELDS, FACT_TYPES, REPLACED, FactType, Field, FieldKind
from upheld.core.timeline.instant import Instant, parse_instant
from upheld.core.values.amount import parse_amount
from upheld.core.values.currency import CURRENCIES, parse_money
from upheld.core.values.finding import Finding, Severity

NO_TYPES: Final[Mapping[str, FactType]] = MappingProxyType({})


class Fault(NamedTuple):
    """Something wrong inside a fact, before anybody looks up the column: `path` leads to it from the top."""

    code: str
    message: str
    path: tuple[str, ...]
    way_out: str = ""
    severity: Severity = "error"


def check_fact(fact: Fact, declared: Mapping[str, FactType] = NO_TYPES) -> tuple[Finding, ...]:
    """Findings at the place of the fact. `declared` are the types that agreements add to the known ones."""
    return tuple(
        Finding(fault.code, fault.message, (fact.where,), fault.way_out, fault.severity)
        for fault in faults_of(fact, declared)
    )


def faults_of(fact: Fact, declared: Mapping[str, FactType] = NO_TYPES) -> Iterator[Fault]:
    """As `check_fact`, for whoever can name a place better than the whole line."""
    fact_type = declared.get(fact.type) or FACT_TYPES.get(fact.type)
    if fact_type is None:
        yield _unknown_type(fact.type, declared)
        return
    data = dict(fact.data.items())  # asked for each of the many fields that most facts do not have
    for field in (*fact_type.fields, *COMMON_FIELDS):
        if field.name in data:
            value = data[field.name]
            if field.kind != "text" or not _is_text(value):  # nearly all are texts
                yield from _value_faults(field, value)
        elif field.required:
            yield _missing(fact_type, field, data)
    if fact_type.not_after:
        yield from _order_faults(fact, fact_type)
    if fact.type == "attribution.recorded" and "starts_at" not in data:
        yield from _interval_faults(data)
    if fact.type == REPLACED:
        yield from _replacement_faults(data.get("replacement"))


def instant_in(fact: Fact, field: str) -> Instant | None:
    """The instant that a checked fact gives in a field; `time` is that of the fact itself."""
    if field == "time":
        return fact.at
    return _instant_or_none(fact.data.get(field))


def _instant_or_none(value: Value) -> Instant | None:
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except ValueError:
        return None


def latest_told_at(fact: Fact) -> Instant:
    """The last instant at which something happens as a fact has it: what it replaces may happen later."""
    latest_at, parts = fact.at, fact.data.get("replacement") if fact.type == REPLACED else None
    while isinstance(parts, Data):  # one of a correction holds the replacement of that
        moved_at = _instant_or_none(parts.get("time"))
        latest_at = latest_at if moved_at is None else max(latest_at, moved_at)
        data = parts.get("data")
        parts = data.get("replacement") if isinstance(data, Data) else None
    return latest_at


def interval_of(text: str) -> tuple[Instant, Instant] | None:
    """The half-open interval that a text names, `START/END`; None if it names none, or an empty one."""
    start, _, end = text.partition("/")
    try:
        start_at, end_at = parse_instant(start), parse_instant(end)
    except ValueError:
        return None
    return (start_at, end_at) if start_at < end_at else None


def suggestion(word: str, words: Iterable[str]) -> str:
    """A question that names the nearest of `words`, or nothing when none is near."""
    near = _nearest(word, words)
    return f"did you mean `{near}`?" if near else ""


def _nearest(word: str, words: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # here: only who made a mistake pays for it

    return next(iter(get_close_matches(word[:80], list(words), n=1, cutoff=0.7)), None)


def _unknown_type(name: str, declared: Mapping[str, FactType]) -> Fault:
    way_out = suggestion(name, (*FACT_TYPES, *declared)) or "an agreement can declare event types of its own"
    return Fault("unknown-fact-type", f"there is no fact type `{name[:80]}`", ("type",), way_out)


def _missing(fact_type: FactType, field: Field, data: Mapping[str, Value]) -> Fault:
    known = {known.name for known in (*fact_type.fields, *COMMON_FIELDS)}
    near = _nearest(field.name, (name for name in data if name not in known))
    way_out = f"is `{near}` meant to be `{field.name}`?" if near else f"`{field.name}` is {field.doc}"
    return Fault("missing-field", f"`{fact_type.name}` needs `{field.name}`", ("data",), way_out)


def _value_faults(field: Field, value: Value) -> Iterator[Fault]:
    path = ("data", field.name)
    if field.kind == "choice":
        if not isinstance(value, str):
            yield Fault("bad-field", f"`{field.name}` must be a text", path, _one_of(field))
        elif value not in field.choices:
            way_out = suggestion(value, field.choices) or _one_of(field)
            yield Fault("unknown-choice", f"`{field.name}` cannot be `{value[:80]}`", path, way_out)
        return
    test, expected = _KINDS[field.kind]
    try:
        good = test(value)
    except ValueError as fault:
        yield Fault("bad-field", f"`{field.name}`: {fault}", path)
        return
    if not good:
        yield Fault("bad-field", f"`{field.name}` must be {expected}", path, field.doc)
    elif isinstance(value, int | Decimal):
        yield from _bound_faults(field, value, path)


def _bound_faults(field: Field, value: int | Decimal, path: tuple[str, ...]) -> Iterator[Fault]:
    if field.least is not None and value < field.least:
        yield Fault("bad-field", f"`{field.name}` is less than {field.least}", path, field.doc)
    if field.most is not None and value > field.most:
        yield Fault("bad-field", f"`{field.name}` is more than {field.most}", path, field.doc)


def _one_of(field: Field) -> str:
    return f"one of {', '.join(field.choices)}"


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def _is_instant(value: Value) -> bool:
    return isinstance(value, str) and parse_instant(value) is not None


def _is_date(value: Value) -> bool:
    if not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day {value}") from None
    return True


def _is_interval(value: Value) -> bool:
    return isinstance(value, str) and interval_of(value) is not None


def _is_month(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII) is not None


def _is_reference(value: Value) -> bool:
    return isinstance(value, Data) and set(value) == {"source", "id"} and all(map(_is_text, value.values()))


def _is_amount(value: Value) -> bool:
    return isinstance(value, str) and parse_amount(value) is not None


def _are_fees(value: Value) -> bool:
    if not isinstance(value, Data):
        return False
    for name, fee in value.items():
        if fee != "none" and (not isinstance(fee, str) or parse_money(fee) is None):
            raise ValueError(f"`{str(fee)[:80]}` of `{name[:80]}` is no amount of money, such as 499.00 EUR")
    return True


_KINDS: Final[Mapping[FieldKind, tuple[Callable[[Value], bool], str]]] = MappingProxyType(
    {
        "text": (_is_text, "a text that is not empty"),
        "truth": (lambda value: isinstance(value, bool), "true or false"),
        "integer": (lambda value: type(value) is int, "a whole number"),
        "number": (lambda value: isinstance(value, Decimal) or type(value) is int, "a number"),
        "instant": (_is_instant, "a text such as 2026-06-05T14:30:00Z"),
        "date": (_is_date, "a text such as 2026-06-05"),
        "month": (_is_month, "a text such as 2026-06"),
        "currency": (
            lambda value: isinstance(value, str) and value in CURRENCIES,
            "the code of a currency in ISO 4217, such as EUR",
        ),
        "list of text": (
            lambda value: isinstance(value, tuple) and all(map(_is_text, value)),
            "a list of texts that are not empty",
        ),
        "list of intervals": (
            lambda value: isinstance(value, tuple) and all(map(_is_interval, value)),
            "a list of intervals such as 2026-06-05T14:30:00Z/2026-06-05T14:55:00Z",
        ),
        "reference": (_is_reference, "an object of two texts, `source` and `id`"),
        "object": (lambda value: isinstance(value, Data), "an object"),
        "fees": (
            _are_fees,
            "an object of amounts by name, such as `499.00 EUR`",
        ),
        "amount": (_is_amount, "a text such as 1h 30m"),
    }
)


def _order_faults(fact: Fact, fact_type: FactType) -> Iterator[Fault]:
    for earlier, later in fact_type.not_after:
        first, second = instant_in(fact, earlier), instant_in(fact, later)
        if first is not None and second is not None and first > second:
            yield Fault("wrong-order", f"`{earlier}` is later than `{later}`", ("data", earlier))


def _interval_faults(data: Mapping[str, Value]) -> Iterator[Fault]:
    """An attribution that is about a stretch of time, and does not say from when."""
    if data.get("target") == "interval" or "ends_at" in data:
        message = "an attribution of an interval needs `starts_at`"
        yield Fault("missing-field", message, ("data",), "say from when it had that cause")


_PARTS: Final[Mapping[str, tuple[Callable[[Value], bool], str]]] = MappingProxyType(
    {
        "type": (_is_text, "a text"),
        "time": (_is_instant, "a text such as 2026-06-05T14:30:00Z"),
        "subject": (_is_text, "a text"),
        "data": (lambda value: isinstance(value, Data), "an object"),
    }
)


def _replacement_faults(replacement: Value) -> Iterator[Fault]:
    path = ("data", "replacement")
    if not isinstance(replacement, Data):
        return
    if not replacement:
        yield Fault(
            "bad-correction", "the replacement says nothing", path, "give type, time, subject or data"
        )
    for name, value in replacement.items():
        if name not in _PARTS:
            way_out = suggestion(name, _PARTS) or "a replacement has type, time, subject and data"
            yield Fault("bad-correction", f"a replacement has no `{name[:80]}`", (*path, name), way_out)
            continue
        test, expected = _PARTS[name]
        try:
            good = test(value)
        except ValueError as fault:
            yield Fault("bad-correction", f"`{name}`: {fault}", (*path, name))
            continue
        if not good:
            yield Fault("bad-correction", f"`{name}` must be {expected}", (*path, name))
        elif name == "data" and isinstance(value, Data) and "private" in value:
            way_out = "put personal text into `data.private` of the correction itself"
            yield Fault(
                "bad-correction", "a replacement cannot hold private text", (*path, name, "private"), way_out
            )
