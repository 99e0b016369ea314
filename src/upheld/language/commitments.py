"""What an agreement promises: deadlines, cadences, quotas, entitlements, obligations, each from its row."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from upheld.core.terms.agreement import (
    ALWAYS,
    Branch,
    ChangeRule,
    ClockRule,
    EntitlementRule,
    ObligationRule,
    QuotaRule,
)
from upheld.core.terms.duty import ENTRIES, CovenantRule, ReminderRule
from upheld.core.timeline.period import PeriodKind, PeriodRule
from upheld.core.values.amount import Amount
from upheld.core.values.rule import Citation
from upheld.language.concepts import Field
from upheld.language.node import Node
from upheld.language.report import Report, inside
from upheld.language.rows import Row as TextRow
from upheld.language.rows import scalar
from upheld.language.suggestion import did_you_mean
from upheld.language.targets import counted
from upheld.language.trees import branches, with_choice
from upheld.language.vocabulary import Context

if TYPE_CHECKING:
    from upheld.core.timeline.zone import Zone
    from upheld.core.values.finding import Place

_RESOLVING = frozenset({"ticket.resolved", "ticket.closed"})
_WITHOUT_DUE = ("from", "on", "after", "pause", "change", "choose", "reopening")


def deadline(row: TextRow, values: dict[str, Any], cited: Citation, cx: Context) -> ClockRule:
    """A clock, or an act due at an instant."""
    if "due" in row.nodes:
        for name in _WITHOUT_DUE:
            if name in row.nodes and "within" not in row.nodes:
                code = "pause-without-axis" if name == "pause" else "too-many-forms"
                message = f"`{name}` and `due` do not go together in `{row.name}`"
                way_out = "an instant is not counted: leave it out, or say `from`, `on` and `within`"
                cx.report.error(code, message, row.place_of(name), way_out, row.place_of("due"))
    elif "from" not in row.nodes and "from" not in row.broken:
        way_out = "name the event that starts the clock, such as `from: opened`"
        cx.report.error("missing-field", f"a deadline needs `from`: `{row.name}`", row.place, way_out)
    changes: tuple[ChangeRule, ChangeRule] = values.get("change") or ("keep start", "keep start")
    rule = ClockRule(
        name=row.name,
        of=cx.of,
        where=values.get("where"),
        starts=values.get("from") or (),
        stops=values.get("until") or (),
        after=values.get("after") or (),
        pauses=values.get("pause") or (),
        on=values.get("on") or ALWAYS,
        within=with_choice(values.get("within"), values.get("choose") or "first"),
        due=values.get("due"),
        change_by_customer=changes[0],
        change_by_provider=changes[1],
        reopening=values.get("reopening") or "continue",
        modality=values.get("modality") or "guarantee",
        doc=values.get("doc") or "",
        cited=cited,
    )
    _tell_targets(row, rule, "within", cx)
    _tell_late_at_once(row, rule, cx)
    return rule


def cadence(row: TextRow, values: dict[str, Any], cited: Citation, cx: Context) -> ClockRule:
    """A clock that begins again each time it is satisfied."""
    rule = ClockRule(
        name=row.name,
        of=cx.of,
        where=values.get("where"),
        starts=values.get("from") or (),
        again=values.get("again") or (),
        stops=values.get("until") or (),
        on=values.get("on") or ALWAYS,
        within=with_choice(values.get("each"), values.get("choose") or "first"),
        hours=values.get("hours"),
        modality=values.get("modality") or "guarantee",
        doc=values.get("doc") or "",
        cited=cited,
    )
    _tell_targets(row, rule, "each", cx)
    return rule


def quota(
    row: TextRow, values: dict[str, Any], cited: Citation, period: PeriodRule | None
) -> QuotaRule | None:
    """A counted allowance per period."""
    if values.get("where") is None or period is None or values.get("overflow") is None:
        return None
    return QuotaRule(
        name=row.name,
        where=values["where"],
        allow=values.get("allow") or 0,
        period=period,
        overflow=values["overflow"],
        refund=values.get("refund") or "never",
        modality=values.get("modality") or "guarantee",
        doc=values.get("doc") or "",
        cited=cited,
    )


def entitlement(row: TextRow, values: dict[str, Any], cited: Citation, report: Report) -> EntitlementRule:
    """What a plan gives."""
    given: tuple[str, ...] = values.get("value") or ()
    if not any(name in row.nodes or name in row.broken for name in ("value", "named contacts", "channels")):
        way_out = "add `value`, `named contacts` or `channels`"
        report.error("missing-field", f"the entitlement `{row.name}` gives nothing", row.place, way_out)
    return EntitlementRule(
        name=row.name,
        value=given[0] if len(given) == 1 else given or "",
        named_contacts=values.get("named contacts"),
        channels=values.get("channels") or (),
        doc=values.get("doc") or "",
        cited=cited,
    )


def obligation(
    row: TextRow, values: dict[str, Any], cited: Citation, period: PeriodRule | None, report: Report
) -> ObligationRule | None:
    """A duty of the provider that returns every period."""
    if values.get("times") == 0 and "times" not in row.broken:
        way_out = "say how often; remove the row with `none` where it is not promised"
        report.error("bad-number", f"`{row.name}` is never to be done", row.place_of("times"), way_out)
    if period is None:
        return None
    return ObligationRule(
        name=row.name,
        times=values.get("times") or 1,
        period=period,
        modality=values.get("modality") or "guarantee",
        doc=values.get("doc") or "",
        cited=cited,
    )


def covenant(
    row: TextRow, values: dict[str, Any], cited: Citation, month: PeriodRule | None, report: Report
) -> CovenantRule | None:
    """Something that is never to happen."""
    by_month = values.get("judged") == "each month"
    if "zone" in row.nodes and not by_month:
        way_out = "leave it out, or say `judged: each month`"
        message = f"`zone` is about months, and `{row.name}` is judged by the report"
        report.error("too-many-forms", message, row.place_of("zone"), way_out)
    if not values.get("what") or (by_month and month is None):
        return None
    return CovenantRule(
        name=row.name,
        what=values["what"],
        period=month if by_month else None,
        since=values.get("since"),
        register=tuple(one for one in ENTRIES if one in (values.get("register") or ENTRIES)),
        modality=values.get("modality") or "guarantee",
        doc=values.get("doc") or "",
        cited=cited,
    )


def reminder(row: TextRow, values: dict[str, Any], cited: Citation, report: Report) -> ReminderRule | None:
    """Something that was announced for a time and not promised."""
    from_on, until_on = values.get("from"), values.get("until")
    if from_on is None or not values.get("what"):
        return None
    if until_on is not None and until_on <= from_on:
        way_out = "give the day of the reminder, and the first day after the time that was announced"
        places = row.place_of("until"), way_out, row.place_of("from")
        report.error("wrong-order", f"`{row.name}` ends before it begins", *places)
        return None
    return ReminderRule(row.name, values["what"], from_on, until_on, values.get("doc") or "", cited)


# -- periods -----------------------------------------------------------------------------------------------

_PERIODS: tuple[PeriodKind, ...] = (
    "calendar month",
    "calendar quarter",
    "calendar year",
    "contract year",
    "billing cycle",
)
PERIODS = (*_PERIODS, "billing cycle from day 15")
"""How periods are written."""


class PeriodText(NamedTuple):
    """A period before its zone and its contract are known."""

    kind: PeriodKind
    anchor: int | None = None


def period_text(known: Field, node: Node, report: Report) -> PeriodText | None:
    """The period that a text names."""
    text = scalar(known, node, report)
    if text is None:
        return None
    for kind in _PERIODS:
        if text.text == kind:
            return PeriodText(kind)
    if match := re.fullmatch(r"billing cycle from day (\d{1,2})", text.text, re.ASCII):
        if 1 <= int(match[1]) <= 31:
            return PeriodText("billing cycle", int(match[1]))
        report.error("bad-period", f"no month has a day {match[1]}", inside(text, match.start(1)), "1 to 31")
        return None
    if text.text.split()[:1] == ["rolling"]:
        way_out = "count it per calendar month, quarter or year, or per contract year"
        report.error("bad-period", "rolling periods overlap, so none of them ends", inside(text, 0), way_out)
        return None
    way_out = did_you_mean(text.text, _PERIODS) or f"periods are {', '.join(PERIODS)}"
    report.error("bad-period", f"`{text.text}` is no period", inside(text, 0), way_out)
    return None


def period_rule(text: PeriodText, zone: Zone, from_on: date, billing_day: int | None = None) -> PeriodRule:
    """The period in a zone; contract years begin with the contract, billing cycles on its day for them."""
    if text.kind == "contract year":
        return PeriodRule(text.kind, zone, from_on)
    if text.kind == "billing cycle" and text.anchor is None:
        return PeriodRule(text.kind, zone, billing_day or from_on.day)
    return PeriodRule(text.kind, zone, text.anchor)


# -- what does not go together -----------------------------------------------------------------------------


def _tell_targets(row: TextRow, rule: ClockRule, field: str, cx: Context) -> None:
    if row.broken:
        return
    if field in row.nodes:
        _tell_gaps(row, rule, field, cx)
    is_pro_rata = "pro rata" in (rule.change_by_customer, rule.change_by_provider)
    for amount, calendar in dict.fromkeys((one.amount, one.calendar) for one in counted(rule)):
        if not _names_an_instant(amount, calendar, row.place_of(field), cx):
            continue
        if rule.pauses:
            message = (
                f"{amount} on `{calendar}` names an instant, so nothing is counted that a pause could stop"
            )
            way_out = "count hours, or leave `pause` out"
            cx.report.error(
                "pause-without-axis", message, row.place_of("pause"), way_out, row.place_of(field)
            )
        if is_pro_rata:
            message = f"{amount} on `{calendar}` names an instant, which has no parts"
            way_out = "count hours, or choose `keep start` or `restart`"
            cx.report.error(
                "pro-rata-without-axis", message, row.place_of("change"), way_out, row.place_of(field)
            )


def _names_an_instant(amount: Amount, calendar: str, place: Place, cx: Context) -> bool:
    """Whether an amount is no length, so that time that does not count cannot move its end."""
    if amount.kind == "business days":
        return cx.business_days(amount, calendar, place) not in ("", "hours")
    return amount.kind != "time"


def _tell_late_at_once(row: TextRow, rule: ClockRule, cx: Context) -> None:
    """A reopened ticket goes on as if the time since had not been, and an instant cannot wait for it."""
    is_resolved = any(match.types & _RESOLVING for match in rule.stops)
    # An alternative that is not taken judges nothing, so what is seldom meant in it is not told.
    if row.broken or cx.is_alternative or rule.reopening != "continue" or not is_resolved:
        return
    place = row.place_of("within")
    for amount, calendar, *_ in counted(rule):
        if _names_an_instant(amount, calendar, place, cx):
            message = f"{amount} on `{calendar}` names an instant: a ticket reopened after it is late at once"
            way_out = "choose `reopening: new cycle` or `reopening: ignore`"
            cx.report.warn("reopening-without-axis", message, place, way_out)
            return


def _tell_gaps(row: TextRow, rule: ClockRule, field: str, cx: Context) -> None:
    """Values of a scale for which a decision says nothing."""
    for tree, name in ((rule.within, field), (rule.on, "on")):
        for branch in branches(tree):
            if branch.has_other or not cx.vocabulary.is_scale(branch.attribute, cx.of):
                continue
            every = cx.types[branch.attribute].choices
            gaps = [
                value for value in every if value not in branch.rows and _promised(rule, branch, name, value)
            ]
            if gaps:
                words = ", ".join(f"`{value}`" for value in gaps)
                what = "target" if name == field else "calendar"
                message = f"`{row.name}` has no {what} for {words}"
                way_out = f"add them, or `other: …`; `{gaps[0]}: none` if nothing is promised"
                way_out = way_out if what == "target" else "add them, or `other: …`"
                cx.report.warn("severity-without-target", message, row.place_of(name), way_out)


def _promised(rule: ClockRule, branch: Branch[Any], name: str, value: str) -> bool:
    """Whether a value needs a row: in a tree of calendars only if there is a target for it."""
    tree = rule.within
    if name != "on" or not isinstance(tree, Branch) or tree.attribute != branch.attribute:
        return True
    return tree.rows.get(value, tree.other) is not None
