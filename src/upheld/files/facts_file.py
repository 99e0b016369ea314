"""Facts in files: CloudEvents 1.0 as JSON, one a line, read all at once with a finding for every fault.

A line is a fact or it is left out; a broken one never stops the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from upheld.core.facts.fact import NO_DATA, Data, Fact, Value, number_text
from upheld.core.facts.fact_check import NO_TYPES, Fault, faults_of, suggestion
from upheld.core.facts.fact_types import FactType
from upheld.core.facts.fact_versions import VersionError, newest
from upheld.core.timeline.instant import Instant, format_instant, parse_instant
from upheld.core.timeline.words import count, plural
from upheld.core.values.canonical_order import in_canonical_order
from upheld.core.values.finding import MOST_TOLD, Finding, Place, in_order, stopped
from upheld.files.json_place import depth_of, elements, offsets, second_name
from upheld.language.lines import LINE_BYTES, lines_of

DEPTH: Final = 16
DIGITS: Final = 40
FINDINGS: Final = 1_000
"""Findings listed for one file; the faults after them are counted in one more."""
MOST_FACTS: Final = 10_000
"""Facts in one list, or lines in one text, that somebody sends."""

_REQUIRED: Final = ("specversion", "id", "source", "type", "time", "subject")
_KNOWN: Final = frozenset({*_REQUIRED, "recordedtime", "data", "datacontenttype"})
_STAND_IN: Final = "2199-12-31T00:00:00Z"
_TEXTS: Final = ("id", "source", "type", "subject")


def read_facts(
    paths: Iterable[Path | str], declared: Mapping[str, FactType] = NO_TYPES
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """The facts of all files, as they stand there, and what is wrong, by file, line and column.

    `declared` are the types that agreements add. Every line with an error is left out. OSError if a file
    cannot be opened.
    """
    facts: list[Fact] = []
    findings: list[Finding] = []
    for path in paths:
        with Path(path).open("rb") as file:
            findings += _capped(list(_read(lines_of(file, str(path), _TOO_LONG), declared, facts)))
    return tuple(facts), in_order(findings)


def read_fact_lines(
    body: bytes, name: str, declared: Mapping[str, FactType] = NO_TYPES
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """As `read_facts`, from the bytes of a text under a name."""
    if body.count(b"\n") + (not body.endswith(b"\n")) > MOST_FACTS:
        message = f"these are more than {MOST_FACTS:,} lines"
        return (), (Finding("too-large", message, (Place(name, MOST_FACTS + 1),), "send fewer at once"),)
    facts: list[Fact] = []
    found = _first(_read(lines_of(BytesIO(body), name, _TOO_LONG, "text"), declared, facts))
    return tuple(facts), in_order(found)


def read_fact(
    body: bytes, name: str, declared: Mapping[str, FactType] = NO_TYPES
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """The one fact of a text, which may stand on many lines, and what is wrong with it."""
    whole = _whole(body, name)
    facts: list[Fact] = []
    found = [whole] if isinstance(whole, Finding) else list(_read([_limited(whole)], declared, facts))
    return tuple(facts), in_order(found)


def read_fact_list(
    body: bytes, name: str, declared: Mapping[str, FactType] = NO_TYPES
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """The facts of a JSON list, in its order, and what is wrong with them or with the list."""
    whole = _whole(body, name)
    if isinstance(whole, Finding):
        return (), (whole,)
    found = elements(whole.text, MOST_FACTS, DEPTH)
    if isinstance(found, int):
        place = place_in(whole.place, whole.text, found)
        return (), (Finding("bad-json", "this is no list of facts", (place,), "write [{…}, {…}]"),)
    places = places_in(whole.place, whole.text)
    if len(found) > MOST_FACTS:
        message = f"these are more than {MOST_FACTS:,} facts"
        return (), (Finding("too-large", message, (places(found[-1][0]),), "send fewer at once"),)
    facts: list[Fact] = []
    lines = (_limited(Line(places(begin), whole.text[begin:end])) for begin, end in found)
    told = in_order(_first(_read(lines, declared, facts)))
    return tuple(facts), told


def place_in(place: Place, text: str, offset: int) -> Place:
    """The place of a character of a text that begins at `place`."""
    return places_in(place, text)(offset)


def places_in(place: Place, text: str) -> Callable[[int], Place]:
    """As `place_in`, for many characters of one text in their order: no line of it is counted twice."""
    line, begin, last = 0, 0, 0

    def place_of(offset: int) -> Place:
        nonlocal line, begin, last
        if offset < last:
            line, begin, last = 0, 0, 0
        line += text.count("\n", last, offset)
        begin = text.rfind("\n", last, offset) + 1 or begin
        last = offset
        return Place(place.file, place.line + line, offset - begin + 1) if line else place.moved(offset)

    return place_of


def fact_line(fact: Fact) -> str:
    """One fact as `write_facts` writes it, without the end of the line."""
    return _canonical(_attributes(fact))


def write_facts(facts: Iterable[Fact]) -> str:
    """The facts as JSON lines by (time, source, id), each in one canonical form (names sorted, no spaces).

    As RFC 8785, but a number is its exact decimal text, not that of the nearest double. `recordedtime` is
    left out where it is the time.
    """
    return "".join(f"{fact_line(fact)}\n" for fact in sorted(facts, key=lambda fact: fact.order))


# -- reading -----------------------------------------------------------------------------------------------


class _Refused(Exception):  # noqa: N818  not an error of the program: the line is left out and the reason is filed
    def __init__(self, code: str, message: str, offset: int = 0, way_out: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.offset, self.way_out = code, message, offset, way_out

    def at(self, place: Place, text: str) -> Finding:
        return Finding(self.code, self.message, (place_in(place, text, self.offset),), self.way_out)


class Line(NamedTuple):
    """The text of one fact, and where it begins."""

    place: Place
    text: str


_TOO_LONG: Final = "one fact stands on one line; keep what is large elsewhere"


def _whole(body: bytes, name: str) -> Line | Finding:
    """A text as a whole, or why it is none."""
    try:
        return Line(Place(name), body.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as fault:
        before = body[: fault.start].decode("utf-8")
        message = f"byte {body[fault.start]:#04x} is not UTF-8"
        place = place_in(Place(name), before, len(before))
        return Finding("not-utf-8", message, (place,), "send the text as UTF-8")


def _limited(line: Line) -> Line | Finding:
    """The text of a fact, if it is no longer than a line may be: what is longer is not even read."""
    if len(line.text) <= LINE_BYTES and len(line.text.encode()) <= LINE_BYTES:
        return line
    message = f"this fact is longer than {LINE_BYTES // 1024} KiB"
    return Finding("line-too-long", message, (line.place,), "keep what is large elsewhere")


def _first(found: Iterator[Finding]) -> list[Finding]:
    """The first findings; what comes behind them is not even read."""
    first = list(islice(found, MOST_TOLD))
    return first if len(first) < MOST_TOLD else [*first, stopped(MOST_TOLD, first[-1].place)]


def _capped(found: list[Finding]) -> list[Finding]:
    """The first findings, and how many there are besides."""
    if len(found) <= FINDINGS:
        return found
    more = len(found) - FINDINGS
    message = f"there {plural(more, 'is', 'are')} {count(more, 'more finding')} in this file"
    places = (found[FINDINGS].place,)
    return [*found[:FINDINGS], Finding("too-many-findings", message, places, "mend the first ones first")]


def _read(
    lines: Iterable[tuple[Place, str] | Finding], declared: Mapping[str, FactType], facts: list[Fact]
) -> Iterator[Finding]:
    for line in lines:
        if isinstance(line, Finding):
            yield line
            continue
        place, text = line
        if not text or text.isspace():
            continue
        try:
            attributes = _parsed(text)
        except _Refused as refused:
            yield refused.at(place, text)
            continue
        faults = list(islice(_attribute_faults(attributes), MOST_TOLD))
        wrong = {fault.path[:1] for fault in faults if fault.severity == "error"}
        if wrong <= {("time",), ("recordedtime",)}:
            # What is in the data can be told even of a fact whose time cannot: it stands in for late.
            dated = {**attributes, **{name: _STAND_IN for (name,) in wrong}}
            fact, more = _fact(dated, place, declared)
            faults += more
            if fact is not None and not wrong:
                facts.append(fact)
        where = offsets(text) if faults else None
        for fault in faults[:MOST_TOLD]:
            assert where is not None
            at = place_in(place, text, where(fault.path))
            field = ".".join(fault.path)
            yield Finding(fault.code, fault.message, (at,), fault.way_out, fault.severity, field=field)


class _RepeatedError(ValueError):
    pass


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise _RepeatedError
    return entries


class _NumberError(ValueError):
    def __init__(self, text: str, message: str) -> None:
        super().__init__(message)
        self.text = text


def _integer(text: str) -> int:
    if len(text) > DIGITS:
        raise _NumberError(text, f"a number of {len(text):,} characters is too long")
    return int(text)


def _decimal(text: str) -> Decimal:
    # Wider than the digits allow, so that every number can be written out and read again.
    if len(text) > 3 * DIGITS:
        raise _NumberError(text, f"a number of {len(text):,} characters is too long")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _NumberError(text, f"{text} is too large or too fine a number") from None
    if number and (abs(number.adjusted()) >= DIGITS - 1 or len(number.as_tuple().digits) > DIGITS):
        raise _NumberError(text, f"{text} is too large or too fine a number")
    return number


def _constant(text: str) -> NoReturn:
    raise _NumberError(text, f"{text} is not a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_constant
)


def _parsed(text: str) -> dict[str, object]:
    # Counting is quick and never too low; only a line that could be too deep is walked.
    if text.count("[") + text.count("{") > DEPTH and (offset := depth_of(text, DEPTH)) is not None:
        raise _Refused("too-deep", f"more than {DEPTH} levels are nested here", offset, "flatten the data")
    try:
        attributes = _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        way_out = "one fact is one JSON object on one line"
        raise _Refused("bad-json", f"this is not JSON: {_plain(fault.msg)}", fault.pos, way_out) from None
    except _RepeatedError:
        name, offset = second_name(text) or ("a name", 0)
        raise _Refused(
            "duplicate-key", f"`{name[:80]}` is there twice", offset, "keep one of the two"
        ) from None
    except _NumberError as fault:
        way_out = "write what is not a plain number as a text"
        raise _Refused("bad-number", str(fault), text.find(fault.text), way_out) from None
    if "\\ud" in text.lower() and (offset := _half_character(text, attributes)) is not None:
        message = "half of a surrogate pair is no character"
        raise _Refused("bad-text", message, offset, "write the character itself, in UTF-8")
    if not isinstance(attributes, dict):
        raise _Refused(
            "not-an-object", "a fact is a JSON object", way_out='begin the line with {"specversion":"1.0",'
        )
    return attributes


def _half_character(text: str, attributes: object) -> int | None:
    """Where the first escape stands, if the line holds a text that UTF-8 cannot say."""
    try:
        json.dumps(attributes, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        return text.lower().index("\\ud")
    return None


def _plain(message: str) -> str:
    """The decoder's words, made to go on after a colon."""
    return message[:1].lower() + message[1:]


def _attribute_faults(attributes: Mapping[str, object]) -> Iterator[Fault]:
    """What CloudEvents asks of the outermost names."""
    for name in _REQUIRED:
        if name not in attributes:
            near = [other for other in attributes if other not in _KNOWN and other.lower() == name]
            way_out = f"is `{near[0]}` meant? names are in lower case" if near else _MISSING.get(name, "")
            yield Fault("missing-attribute", f"`{name}` is missing", (), way_out)
    for name in _TEXTS:
        value = attributes.get(name, "-")
        if not isinstance(value, str) or not value:
            yield Fault("bad-attribute", f"`{name}` must be a text that is not empty", (name,))
    if attributes.get("specversion", "1.0") != "1.0":
        yield Fault("bad-attribute", "`specversion` must be the text 1.0", ("specversion",), 'write "1.0"')
    for name in ("time", "recordedtime"):
        if name in attributes and (fault := _time_fault(name, attributes[name])):
            yield fault
    data = attributes.get("data", {})
    if not isinstance(data, dict):
        yield Fault("bad-attribute", "`data` must be an object", ("data",))
    elif not isinstance(data.get("private", {}), dict):
        yield Fault("bad-attribute", "`data.private` must be an object", ("data", "private"))
    if attributes.get("datacontenttype", "application/json") != "application/json":
        yield Fault("bad-attribute", "`datacontenttype` must be application/json", ("datacontenttype",))
    for name in attributes.keys() - _KNOWN:
        yield from _extension_faults(name)


_MISSING: Final = {
    "specversion": 'every fact says "specversion":"1.0"',
    "id": "an id tells this fact from the others of its source",
    "source": "a source is who tells it, such as /desk",
    "type": "a type is such as ticket.opened",
    "time": "the time is when it happened, such as 2026-06-05T14:30:00Z",
    "subject": "the subject is the ticket, incident or contract that it is about",
}


def _time_fault(name: str, value: object) -> Fault | None:
    if not isinstance(value, str):
        return Fault("bad-time", f"`{name}` must be a text such as 2026-06-05T14:30:00Z", (name,))
    try:
        parse_instant(value)
    except ValueError as fault:
        return Fault("bad-time", f"`{name}`: {fault}", (name,))
    return None


def _extension_faults(name: str) -> Iterator[Fault]:
    if not (name.isascii() and name.isalnum() and name == name.lower()):
        way_out = suggestion(name.lower(), _KNOWN) or "names outside `data` are lower-case letters and digits"
        yield Fault("bad-attribute-name", f"`{name[:80]}` cannot be a name here", (name,), way_out)
    elif near := suggestion(name, _KNOWN):
        yield Fault("unknown-attribute", f"`{name}` is ignored", (name,), near, "warning")


def _fact(
    attributes: Mapping[str, object], place: Place, declared: Mapping[str, FactType]
) -> tuple[Fact | None, list[Fault]]:
    """The fact of sound attributes, or why there is none."""
    entries = attributes.get("data")
    assert isinstance(entries, dict | None)
    private = entries.pop("private", None) if entries else None
    data: Mapping[str, Value] = Data(entries) if entries else NO_DATA
    try:
        name, data = newest(str(attributes["type"]), data)
    except VersionError as fault:
        return None, [Fault("unknown-version", str(fault), ("type",))]
    at = _instant(attributes["time"])
    fact = Fact(
        id=str(attributes["id"]),
        source=str(attributes["source"]),
        type=name,
        at=at,
        recorded_at=_instant(attributes["recordedtime"]) if "recordedtime" in attributes else at,
        subject=str(attributes["subject"]),
        data=data,
        private=Data(private) if private else NO_DATA,
        place=place,
    )
    faults = list(faults_of(fact, declared))
    return (None if any(fault.severity == "error" for fault in faults) else fact), faults


def _instant(value: object) -> Instant:
    return parse_instant(str(value))


# -- writing -----------------------------------------------------------------------------------------------


def _attributes(fact: Fact) -> Data:
    attributes: dict[str, object] = {
        "specversion": "1.0",
        "id": fact.id,
        "source": fact.source,
        "type": fact.type,
        "time": format_instant(fact.at),
        "subject": fact.subject,
    }
    if fact.recorded_at != fact.at:
        attributes["recordedtime"] = format_instant(fact.recorded_at)
    data: dict[str, object] = dict(fact.data)
    if fact.private:
        data["private"] = fact.private
    if data:
        attributes["data"] = data
    return Data(attributes)


_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


def _canonical(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Data):
        names: Iterable[str] = value
        if not all(map(str.isascii, value)):
            names = in_canonical_order(value)
        return "{" + ",".join([f"{_quoted(name)}:{_canonical(value[name])}" for name in names]) + "}"
    if isinstance(value, tuple):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, Decimal):
        return number_text(value)
    return json.dumps(value)
