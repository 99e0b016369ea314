"""The share of a deadline's cycles that were in time. Source: JUST/J1 to J4, J13, J16."""

from __future__ import annotations

from collections.abc import Sequence

from upheld.core.measuring.partition import in_order, items_of
from upheld.core.measuring.question import concerns
from upheld.core.measuring.share import ALL, NOTHING, Share, Shares, lost
from upheld.core.measuring.taken import Item, Taken
from upheld.core.terms.indicator import Indicator
from upheld.core.timeline.instant import Instant
from upheld.core.timeline.period import Period
from upheld.core.timeline.spans import Spans, union
from upheld.core.verdicts.measurement import Bounds, Measurement, PartName
from upheld.core.verdicts.verdict import LATE, OPEN


def measure_items(
    indicator: Indicator, period: Period, at: Instant, items: Sequence[Item], taken: Sequence[Taken]
) -> Measurement:
    """The items of a period: in time, late, excluded, unknown, or not yet decided.

    An exclusion takes the items that start in its stretches (of all components) or that it names; one that
    takes what is bad only late ones. `out of total` removes them, without it they count as in time.
    While the period runs more items can come, so nothing is out of reach before its end.
    """
    concerning = [one for one in taken if concerns(one, indicator)]
    stretches = [union(list(one.spans.values())) for one in concerning]
    found: dict[tuple[PartName, str], list[str]] = {}
    spared = 0
    for item in items:
        if item.state == "not applicable" or not is_counted_in(item, indicator, period):
            continue
        takers = [
            one
            for one, spans in zip(concerning, stretches, strict=True)
            if item.state not in OPEN and _takes(one, spans, item)
        ]
        name: PartName = "excluded" if takers else _part_of(item, indicator)
        found.setdefault((name, takers[0].rule.name if takers else ""), []).append(item.subject)
        spared += bool(takers) and not any("out of total" in one.rule.effects for one in takers)
    parts = in_order(items_of(name, subjects, by) for (name, by), subjects in found.items())
    amount = {name: sum(part.amount for part in parts if part.name == name) for name in _COUNTED}
    shares = _shares(indicator, amount["up"] + spared, amount["down"], amount["unknown"])
    running, is_over = amount["not yet"], at >= period.end_at
    final = shares.plus(running)
    low = shares.low
    bounds = final.bounds(indicator.empty_met)
    worst = Share(low.kept if is_over else 0, low.of + running)
    return Measurement(
        indicator=indicator.name,
        component="",
        period=period,
        at=at,
        unit="count",
        parts=parts,
        total=shares.value.of,
        bad=shares.value.of - int(shares.value.kept),
        to_date=shares.bounds(indicator.empty_met),
        final=bounds if is_over else Bounds(bounds.value, bounds.low, ALL),
        worst_final=worst.ratio(bounds.low if is_over else NOTHING),
        is_settled=is_over and not running,
        method=_method(indicator, concerning),
        final_total=final.value.of,
        lost=lost((*final[:3], worst)),
    )


_COUNTED: tuple[PartName, ...] = ("up", "down", "unknown", "not yet")


def is_counted_in(item: Item, indicator: Indicator, period: Period) -> bool:
    """Whether an item belongs to a period, by its start or by its end. Source: JUST/J2."""
    counted_at = item.started_at if indicator.counted_at == "start" else item.ended_at
    return counted_at is not None and period.start_at <= counted_at < period.end_at


def _takes(one: Taken, spans: Spans, item: Item) -> bool:
    if not one.rule.effects & {"not bad", "out of total"}:
        return False
    if one.rule.takes == "bad" and item.state not in LATE:
        return False
    return item.subject in one.subjects or item.started_at in spans


def _part_of(item: Item, indicator: Indicator) -> PartName:
    if item.state in OPEN:
        return "not yet"
    if item.state in LATE:
        is_unknown = indicator.unattributed == "unknown" and not item.is_attributed
        return "unknown" if is_unknown else "down"
    return "unknown" if item.state == "undetermined" else "up"


def _shares(indicator: Indicator, good: int, bad: int, unknown: int) -> Shares:
    total = good + bad + unknown
    low, high = Share(good, total), Share(good + unknown, total)
    value = {"down": low, "out of total": Share(good, good + bad)}.get(indicator.gaps, high)
    return Shares(value, low, high)


def _method(indicator: Indicator, taken: Sequence[Taken]) -> tuple[tuple[str, str], ...]:
    names = ", ".join(one.rule.name for one in taken if "out of total" in one.rule.effects)
    steps = (
        ("basis", f"outcomes of {indicator.of}"),
        ("combination", "items in time of items"),
        ("counted by", indicator.counted_at),
        ("out of total", names),
        ("unattributed", indicator.unattributed),
    )
    return tuple((name, text) for name, text in steps if text)
