"""Whom to tell, and when: the marks of a clock, and the rows of `escalate` and `notify`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from upheld.core.terms.agreement import EntitlementRule, SubjectKind
from upheld.core.terms.telling import BEFORE_CLOSING, EscalateRule, Mark, MarkKind, NotifyRule
from upheld.core.values.amount import AmountError, parse_amount
from upheld.core.values.rule import Citation
from upheld.language.node import Node, Scalar, Sequence
from upheld.language.report import inside
from upheld.language.rows import Row, scalar
from upheld.language.suggestion import did_you_mean
from upheld.language.table import Field
from upheld.language.vocabulary import Context

_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%", re.ASCII)
_BESIDE: Final = re.compile(r"([a-z]+)(?:(\s*[+-]\s*)(.+?)(?:(\s+of\s+)(.+))?)?", re.ASCII | re.DOTALL)
_KINDS: Final[Mapping[str, MarkKind]] = {"start": "start", "goal": "goal", "limit": "limit"}
_WAY_OUT: Final = "marks are start, goal, limit, limit - 1h, limit + 4h of CALENDAR, and shares such as 75 %"


# -- marks -------------------------------------------------------------------------------------------------


def marks(known: Field, node: Node, cx: Context) -> tuple[Mark, ...]:
    """The marks that a field names: one of them, or a list."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items:
        cx.report.error("wrong-shape", f"`{known.name}` is empty", node.place, _WAY_OUT)
    found: dict[Mark, Scalar] = {}
    for item in items:
        text = scalar(known, item, cx.report)
        mark = _mark(text, cx) if text is not None else None
        if text is None or mark is None:
            continue
        if mark in found:
            first = found[mark].place
            cx.report.error("listed-twice", f"`{mark}` is listed twice", text.place, "keep one", first)
        found.setdefault(mark, text)
    return tuple(found)


def _mark(text: Scalar, cx: Context) -> Mark | None:
    if share := _SHARE.fullmatch(text.text.strip()):
        part = Fraction(share[1]) / 100
        if 0 < part <= 1:
            return Mark("share", part)
        message = f"{text.text} is no part of a budget"
        way_out = "a share lies above 0 % and goes up to 100 %; what is later is `limit + 1h`"
        cx.report.error("bad-mark", message, inside(text, 0), way_out)
        return None
    beside = _BESIDE.fullmatch(text.text.strip())
    kind = _KINDS.get(beside[1]) if beside else None
    if beside is None or kind is None:
        word = beside[1] if beside else text.text
        way_out = did_you_mean(word, _KINDS) or _WAY_OUT
        cx.report.error("bad-mark", f"`{text.text}` is no mark of a clock", inside(text, 0), way_out)
        return None
    if beside[3] is None:
        return Mark(kind)
    return _beside(text, kind, beside, cx)


def _beside(text: Scalar, kind: MarkKind, found: re.Match[str], cx: Context) -> Mark | None:
    """A mark so much before or after another."""
    offset = len(text.text) - len(text.text.lstrip())
    try:
        amount = parse_amount(found[3])
    except AmountError as fault:
        place = inside(text, offset + found.start(3) + fault.offset)
        cx.report.error("bad-amount", fault.message, place, "write it as 4h or 1 business day of CALENDAR")
        return None
    calendar = None
    if found[5] is not None:
        calendar = cx.calendar(found[5], inside(text, offset + found.start(5)))
    if amount.kind == "business days":
        place = inside(text, offset + found.start(3))
        if calendar is None:
            message = f"{amount} of which calendar? Clocks under one stage may have several"
            cx.report.error("bad-mark", message, place, f"write `{text.text} of CALENDAR`")
            return None
        cx.business_days(amount, calendar, place)
    return Mark(kind, None, 1 if found[2].strip() == "+" else -1, amount, calendar)


# -- rows --------------------------------------------------------------------------------------------------


class Watchable:
    """What stages can watch: commitments by name, with the kind of subject of the clocks, and remedies.

    `known` are all names that rows have, also of rows that are not there under the readings taken; of clocks
    that are not there, or are wrong, which is told of them, the kind is `untold`.
    """

    def __init__(
        self, known: Iterable[str], clocks: Mapping[str, SubjectKind], untold: Collection[str] = ()
    ) -> None:
        self.known = tuple(dict.fromkeys(known))
        self.clocks = clocks
        self.untold = untold

    def kind_of(self, row: Row) -> SubjectKind:
        """Whom the condition of a row is about: the subjects of the first clock that it watches."""
        kinds = [self.clocks[name] for name in _texts(row.node("of")) if name in self.clocks]
        return kinds[0] if kinds else "ticket"

    def check(self, row: Row, cx: Context) -> None:
        """Tell names that nothing has, and a condition on subjects of several kinds or of none."""
        node = row.node("of")
        for item in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(item, Scalar) and item.text and item.text not in self.known:
                way_out = did_you_mean(item.text, self.known) or "name rows of deadline, every or commit"
                message = f"there is no commitment `{item.text}`"
                cx.report.error("unknown-commitment", message, inside(item, 0), way_out)
        if "where" not in row.nodes:
            return
        names = [name for name in _texts(node) if name in self.known and name not in self.untold]
        kinds = {self.clocks.get(name, "") for name in names}
        if names and (len(kinds) > 1 or "" in kinds):
            message = f"`where` of `{row.name}` is about one kind of subject, and not all of these have it"
            way_out = "write a row for each kind; only deadlines and cadences have subjects"
            cx.report.error("mixed-subjects", message, row.place_of("where"), way_out, row.place_of("of"))


def escalate(
    row: Row,
    values: dict[str, Any],
    cited: Citation,
    watchable: Watchable,
    entitled: Mapping[str, EntitlementRule],
    cx: Context,
) -> EscalateRule:
    """Whom to tell at which points of which clocks."""
    watchable.check(row, cx)
    before = values.get("before closing")
    if "before closing" in row.nodes and "hours" not in row.nodes:
        message = f"`before closing` of `{row.name}` is before the closing of nothing"
        way_out = "add `hours`, the calendar in which somebody is there"
        cx.report.error("missing-field", message, row.place_of("before closing"), way_out)
    if before is not None and (before.calendar is not None or before.amount.kind != "time"):
        message = "a length of time before the closing is wanted"
        way_out = "write it as 30m or 1h"
        cx.report.error("bad-amount", message, row.place_of("before closing"), way_out)
        before = None
    return EscalateRule(
        name=row.name,
        of=values.get("of") or (),
        marks=values.get("at") or (),
        to=values.get("tell") or (),
        where=values.get("where"),
        audience=values.get("audience") or "provider",
        how=values.get("how") or "urgent",
        hours=values.get("hours"),
        before_closing=before.amount if before is not None and before.amount else BEFORE_CLOSING,
        channels_of=_channels_of(row, values, entitled, cx),
        doc=values.get("doc") or "",
        cited=cited,
    )


def notify(
    row: Row,
    values: dict[str, Any],
    cited: Citation,
    entitled: Mapping[str, EntitlementRule],
    cx: Context,
) -> NotifyRule:
    """Whom to tell of which event."""
    return NotifyRule(
        name=row.name,
        of=cx.of,
        upon=values.get("upon") or (),
        to=values.get("tell") or (),
        where=values.get("where"),
        repeat=values.get("repeat") or "once",
        audience=values.get("audience") or "provider",
        how=values.get("how") or "urgent",
        hours=values.get("hours"),
        channels_of=_channels_of(row, values, entitled, cx),
        doc=values.get("doc") or "",
        cited=cited,
    )


def _channels_of(
    row: Row, values: dict[str, Any], entitled: Mapping[str, EntitlementRule], cx: Context
) -> str:
    """The entitlement that gives the channels, told if it is none or gives none in any plan."""
    name: str = values.get("channels of") or ""
    if name and name not in entitled and "channels of" not in row.broken:
        way_out = did_you_mean(name, entitled) or "declare it under `entitlement`, with `channels`"
        node = row.node("channels of")
        place = inside(node, 0) if isinstance(node, Scalar) else row.place
        cx.report.error("unknown-entitlement", f"there is no entitlement `{name}`", place, way_out)
    return name


def _texts(node: Node | None) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(item.text for item in items if isinstance(item, Scalar))
