"""Quantities written out: ratios, lengths of time, levels, what is given, bands of values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from upheld.core.terms.indicator import Level, Relation
from upheld.core.terms.remedy import Band, Days, Give, Share
from upheld.core.timeline.instant import DAY, format_duration
from upheld.core.values.amount import AmountError, parse_amount
from upheld.core.values.currency import CURRENCY_WAY_OUT, currency_fault
from upheld.core.values.expression import Literal as Written
from upheld.core.values.value import Money
from upheld.language.concepts import Field
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node, Scalar
from upheld.language.report import Report, inside
from upheld.language.rows import entries, is_none, scalar
from upheld.language.suggestion import did_you_mean

_RATIO = re.compile(r"(\d+(?:\.(\d+))?)\s*%", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_MONEY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Z]{3})", re.ASCII)
_DAYS = re.compile(r"(\d+(?:\.\d+)?)\s*days?", re.ASCII)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%(?:\s+of\s+base)?", re.ASCII)
_RELATION = re.compile(r"(>=|<=|>|<|≥|≤)\s*(.+)", re.DOTALL)
_RELATIONS: Mapping[str, Relation] = {">=": ">=", ">": ">", "<=": "<=", "<": "<", "≥": ">=", "≤": "<="}
_BETWEEN = re.compile(r"([\[(])\s*([^,]+?)\s*,\s*([^,]+?)\s*([\])])", re.DOTALL)
TOP = "top"
GIVEN = "write a share (20 %), money (50.00 EUR) or days (3 days)"

QuantityUnit = Literal["ratio", "duration", "count"]


class Quantity(NamedTuple):
    """An exact ratio, length of time (microseconds) or count, with the decimals written."""

    value: Fraction
    unit: QuantityUnit
    decimals: int = 0

    def __str__(self) -> str:
        return shown(self.value, self.unit)


def shown(value: Fraction, unit: str) -> str:
    """A quantity as it would be written."""
    if unit == "duration":
        return format_duration(int(value))
    return str(Written(value, "ratio" if unit == "ratio" else "number"))


class Part(NamedTuple):
    """A part of a text with its offset, to be pointed at."""

    text: str
    whole: Scalar
    offset: int = 0

    def tell(self, code: str, message: str, way_out: str, report: Report) -> None:
        """A fault of this part."""
        report.error(code, message, inside(self.whole, self.offset), way_out)


QUANTITY = "write a ratio (99.95 %) or a length of time (30m)"
LENGTH = "write a length of time, such as 30m or 1h"


def quantity(
    part: Part, code: str, report: Report, *, counts: bool = False, way_out: str = QUANTITY
) -> Quantity | None:
    """The ratio or length of time (or count) that a part of a text says; under `code` told if none."""
    text = part.text
    if match := _RATIO.fullmatch(text):
        return Quantity(Fraction(match[1]) / 100, "ratio", len(match[2] or ""))
    if number := _NUMBER.fullmatch(text):
        if counts:
            return Quantity(Fraction(number[0]), "count")
        value = Fraction(text)
        as_share = shown(value if value <= 1 else value / 100, "ratio")
        part.tell(
            code, f"`{text}` has no unit", f"write a ratio as `{as_share}`, a length as `{text}s`", report
        )
        return None
    try:
        amount = parse_amount(text)
    except AmountError as fault:
        moved = part._replace(offset=part.offset + fault.offset)
        moved.tell(code, f"`{text}` is no quantity: {fault.message}", way_out, report)
        return None
    if amount.kind != "time":
        part.tell(code, f"{amount} have no fixed length", _in_hours(amount.kind, int(amount.count)), report)
        return None
    return Quantity(Fraction(amount.count), "duration")


def _in_hours(kind: str, count: int) -> str:
    days = {"days": 1, "weeks": 7}.get(kind)
    return f"write hours: {24 * days * count}h" if days else "write hours"


def length(known: Field, node: Node, report: Report) -> int:
    """A length of time in microseconds, more than nothing."""
    found = scalar(known, node, report)
    if found is None:
        return 0
    part = Part(found.text, found)
    read = quantity(part, "bad-amount", report, way_out=LENGTH)
    if read is not None and read.unit != "duration":
        part.tell("bad-amount", f"`{found.text}` is no length of time", "write it as 5m or 26h", report)
    elif read is not None and not read.value:
        part.tell("bad-amount", f"`{known.name}` cannot be nothing", "write a length such as 1m", report)
    return int(read.value) if read is not None and read.unit == "duration" else 0


def ratio(known: Field, node: Node, report: Report) -> Fraction | None:
    """A ratio."""
    found = scalar(known, node, report)
    if found is None:
        return None
    match = _RATIO.fullmatch(found.text)
    if match is None:
        report.error("bad-number", f"`{found.text}` is no ratio", inside(found, 0), "write it as 20 %")
        return None
    return Fraction(match[1]) / 100


def number(known: Field, node: Node, report: Report) -> Fraction | None:
    """An exact number, more than nothing."""
    found = scalar(known, node, report)
    if found is None:
        return None
    if not _NUMBER.fullmatch(found.text) or not Fraction(found.text):
        message = f"`{known.name}` must be a number above 0, not `{found.text}`"
        report.error("bad-number", message, inside(found, 0), "write it as 10 or 2.5")
        return None
    return Fraction(found.text)


def truth(known: Field, node: Node, report: Report) -> bool | None:
    """`true` or `false`."""
    found = scalar(known, node, report)
    if found is None:
        return None
    if found.text not in ("true", "false"):
        message = f"`{known.name}` cannot be `{found.text}`"
        report.error("unknown-choice", message, found.place, "it is true or false")
        return None
    return found.text == "true"


def after(known: Field, node: Node, report: Report) -> tuple[int, int] | None:
    """`2 of 3`."""
    found = scalar(known, node, report)
    if found is None:
        return None
    match = re.fullmatch(r"(\d{1,4})\s+of\s+(\d{1,4})", found.text, re.ASCII)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        message = f"`{found.text}` does not say so many of so many"
        report.error("bad-number", message, inside(found, 0), "write it as 2 of 3")
        return None
    return int(match[1]), int(match[2])


# -- levels ------------------------------------------------------------------------------------------------


def level(known: Field, node: Node, report: Report) -> Level | None:
    """`>= 99.95 %`, `<= 500m`; None for `none`."""
    if is_none(node):
        return None
    found = scalar(known, node, report)
    if found is None:
        return None
    match = _RELATION.fullmatch(found.text)
    if match is None:
        way_out = f"write `>= {found.text}`" if _RATIO.fullmatch(found.text) else "write it as >= 99.95 %"
        report.error("bad-level", f"`{found.text}` does not compare", inside(found, 0), way_out)
        return None
    text = match[2].rstrip()
    if " per " in text:
        place = inside(found, match.start(2) + text.index(" per ") + 1)
        way_out = "a row of fields says the period in `per: …`"
        report.error("bad-level", "a level is said without its period here", place, way_out)
        return None
    part = Part(text, found, match.start(2))
    read = quantity(part, "bad-level", report)
    if read is None or read.unit == "count":
        return None
    if read.unit == "ratio" and read.value > 1:
        part.tell("bad-level", "no share is more than 100 %", "write a ratio up to 100 %", report)
        return None
    return Level(_RELATIONS[match[1]], read.value, read.unit, read.decimals)


def is_kept(level: Level, value: Fraction) -> bool:
    """Whether a value reaches a level."""
    if level.relation in (">=", ">"):
        return value > level.value or (value == level.value and level.relation == ">=")
    return value < level.value or (value == level.value and level.relation == "<=")


def edge(known: Field, node: Node, report: Report) -> Quantity | Literal["level"] | None:
    """What `top` stands for: the level, or a quantity."""
    found = scalar(known, node, report)
    if found is None:
        return None
    if found.text == "level":
        return "level"
    near = did_you_mean(found.text, ["level"])
    if near:
        report.error("bad-band", f"`{found.text}` is no edge", inside(found, 0), near)
        return None
    return quantity(Part(found.text, found), "bad-band", report)


# -- what is given -----------------------------------------------------------------------------------------


def give(known: Field, node: Node, report: Report) -> Give | None:
    """A share, money or days."""
    found = scalar(known, node, report)
    if found is None:
        return None
    if match := _SHARE.fullmatch(found.text):
        return Share(Fraction(match[1]) / 100)
    if match := _MONEY.fullmatch(found.text):
        if fault := currency_fault(match[2]):
            report.error("bad-money", fault, inside(found, match.start(2)), CURRENCY_WAY_OUT)
            return None
        return Money(Fraction(match[1]), match[2])
    if match := _DAYS.fullmatch(found.text):
        return Days(Fraction(match[1]))
    report.error("bad-amount", f"`{found.text}` can be given to nobody", inside(found, 0), GIVEN)
    return None


class Given(NamedTuple):
    """What is given, and where that is written."""

    give: Give
    key: Scalar
    node: Node


def gives(known: Field, node: Node, report: Report) -> dict[str, Given]:
    """What is given by the keys of a map."""
    found: dict[str, Given] = {}
    for key, child in entries(known, node, report):
        one = give(known, child, report)
        if one is not None:
            found[key.text] = Given(one, key, child)
    return found


def limits(known: Field, node: Node, report: Report) -> dict[str, Given]:
    """What is given at most, by what."""
    from upheld.language.concepts_of_measuring import LIMITS

    for key in (key for key, _ in node.entries) if isinstance(node, MapNode) else ():
        if key.text not in LIMITS:
            way_out = did_you_mean(key.text, LIMITS) or f"a limit is per {', '.join(LIMITS)}"
            report.error("unknown-choice", f"there is no limit per `{key.text}`", key.place, way_out)
    return gives(known, node, report)


# -- bands -------------------------------------------------------------------------------------------------


MOST_BANDS: Final = 500


class BandText(NamedTuple):
    """A band before `top` is known: its edges as parts of the key; None is no edge."""

    low: Part | None
    high: Part | None
    has_low: bool
    has_high: bool
    given: Given


def bands(known: Field, node: Node, report: Report) -> tuple[BandText, ...]:
    """The bands of a map, as texts."""
    found = []
    if isinstance(node, MapNode) and len(node.entries) > MOST_BANDS:
        message = f"these are {len(node.entries):,} bands, and {MOST_BANDS} are read at most"
        report.error("too-large", message, node.place, "leave out those that nothing falls into")
        return ()
    for given in gives(known, node, report).values():
        key = given.key
        text = key.text.strip()
        if match := _BETWEEN.fullmatch(text):
            low, high = (Part(match[n], key, match.start(n)) for n in (2, 3))
            found.append(BandText(low, high, match[1] == "[", match[4] == "]", given))
        elif match := _RELATION.fullmatch(text):
            one, relation = Part(match[2], key, match.start(2)), _RELATIONS[match[1]]
            is_high = relation in ("<", "<=")
            low_, high_ = (None, one) if is_high else (one, None)
            found.append(BandText(low_, high_, relation == ">=", relation == "<=", given))
        else:
            way_out = 'write it as "[98 %, 99 %)" or "< 98 %"'
            report.error("bad-band", f"`{key.text}` is no band", inside(key, 0), way_out)
    return tuple(found)


def band(text: BandText, top: Quantity | None, unit: str, report: Report) -> Band | None:
    """A band with its edges as quantities of a unit; faults are told at its key."""
    read: list[Quantity | None] = []
    for part in (text.low, text.high):
        if part is None:
            read.append(None)
            continue
        one = top if part.text == TOP else quantity(part, "bad-band", report)
        if one is None:
            return None
        if one.unit != unit:
            a = {"ratio": "a ratio", "duration": "a length of time", "count": "a number"}
            message = f"the level is {a[unit]}, and this edge {a[one.unit]}"
            part.tell("unit-mismatch", message, f"write {a[unit]}", report)
            return None
        read.append(one)
    low, high = read
    if low and high and (low.value > high.value or (low.value == high.value and not _both(text))):
        message = f"no value lies between {low} and {high}"
        report.error("bad-band", message, inside(text.given.key, 0), "write the lower edge first")
        return None
    return Band(
        low.value if low else None,
        high.value if high else None,
        text.has_low,
        text.has_high,
        text.given.give,
    )


def _both(text: BandText) -> bool:
    return text.has_low and text.has_high


def overlap(one: Band, other: Band) -> bool:
    """Whether two bands share a value."""
    return not _is_below(one, other) and not _is_below(other, one)


def _is_below(one: Band, other: Band) -> bool:
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and not (one.has_high and other.has_low))


def gap(level: Level, found: tuple[Band, ...]) -> str:
    """The first values that miss the level and lie in no band, in words; empty if there are none."""
    edges = {level.value} | {e for band in found for e in (band.low, band.high) if e is not None}
    if level.unit == "ratio":
        edges |= {Fraction(0), Fraction(1)}
    at = sorted(edges)
    unit = level.unit
    probes = [(e, f"exactly {shown(e, unit)}") for e in at]
    probes += [((a + b) / 2, f"between {shown(a, unit)} and {shown(b, unit)}") for a, b in pairwise(at)]
    if unit == "duration":
        probes.append((at[-1] + DAY, f"above {shown(at[-1], unit)}"))
    probes.sort()
    for (value, words), (after, _) in zip(probes, [*probes[1:], probes[-1]], strict=True):
        if _is_missing(level, found, value):
            both = after != value and value in edges and _is_missing(level, found, after)
            above = next((edge for edge in at if edge > after), None) if both else None
            return words if above is None else f"from {shown(value, unit)} up to {shown(above, unit)}"
    return ""


def _is_missing(level: Level, found: tuple[Band, ...], value: Fraction) -> bool:
    return not is_kept(level, value) and not any(band.holds(value) for band in found)
