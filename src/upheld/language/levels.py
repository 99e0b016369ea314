"""An indicator promised at a level, from its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upheld.core.terms.indicator import CommitRule, Indicator, Level
from upheld.core.timeline.period import PeriodRule
from upheld.core.values.finding import Place
from upheld.core.values.rule import Citation
from upheld.language.node import Scalar
from upheld.language.report import inside
from upheld.language.rows import Row
from upheld.language.vocabulary import Context


def commit(
    row: Row,
    values: dict[str, Any],
    cited: Citation,
    period: PeriodRule | None,
    indicators: Mapping[str, Indicator],
    cx: Context,
) -> CommitRule | None:
    """A level for every period; one whose unit is not that of the indicator is told."""
    named: str = values.get("indicator") or row.name
    if "indicator" in row.nodes:
        cx.rows("indicator", row, "indicator")
    elif "indicator" not in row.broken:
        way_out = f"say what is measured: `indicator: …`, or declare an indicator `{row.name}`"
        cx.row("indicator", named, row.place, way_out)
    level: Level | None = values.get("level")
    if level is not None and named in indicators:
        _tell_unit(row, level, indicators[named], cx)
    if period is None:
        return None
    return CommitRule(
        name=row.name,
        indicator=named,
        period=period,
        level=level,
        modality=values.get("modality") or "guarantee",
        compare=values.get("compare") or "exact",
        unknown=values.get("unknown") or "bounds",
        doc=values.get("doc") or "",
        cited=cited,
    )


def _tell_unit(row: Row, level: Level, indicator: Indicator, cx: Context) -> None:
    wanted = "duration" if indicator.basis == "latency" else "ratio"
    node = row.node("level")
    place = inside(node, 0) if isinstance(node, Scalar) else row.place_of("level")
    if level.unit == wanted:
        _tell_direction(level, indicator, place, cx)
        return
    way_out = (
        "write a length of time, such as <= 0.5s"
        if wanted == "duration"
        else "write a ratio, such as >= 99.9 %"
    )
    is_, has = ("durations", "a ratio") if wanted == "duration" else ("a ratio", "a length of time")
    message = f"`{indicator.name}` measures {is_}, and the level is {has}"
    cx.report.error("unit-mismatch", message, place, way_out)


def _tell_direction(level: Level, indicator: Indicator, place: Place, cx: Context) -> None:
    """What is measured is a share of what is good, or a latency: one from the other side is seldom meant."""
    is_floor = level.relation in (">=", ">")
    if level.unit == "ratio" and not is_floor:
        message = f"`{indicator.name}` measures the share that is good, and this is the most it may be"
        way_out = "write the least it may be: an error rate `<= 0.1 %` is `>= 99.9 %`"
    elif level.unit == "duration" and is_floor:
        message = f"`{indicator.name}` measures latencies, and this is the least they may be"
        way_out = "write the most they may be, such as <= 0.5s"
    else:
        if level.unit == "ratio" and level.relation == ">" and level.value == 1:
            cx.report.error("bad-level", "no share is more than 100 %", place, "write >= 100 %")
        return
    cx.report.warn("bad-level", message, place, way_out)
