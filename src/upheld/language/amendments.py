"""How the terms may change, from the row of an agreement."""

from __future__ import annotations

from typing import Any

from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.amendment import AmendRule, Floor
from upheld.core.values.rule import Citation
from upheld.language.rows import Row
from upheld.language.vocabulary import Context

_FLOOR_ONLY = ("until", "incomparable")


def amend_rule(row: Row, values: dict[str, Any], cited: Citation, cx: Context) -> AmendRule:
    """The rule; fields that say something of a promise that is not made are told."""
    counted = values.get("notice")
    amount = counted.amount if counted is not None else None
    on = (counted.calendar if counted is not None else None) or ALWAYS
    if amount is not None and amount.kind == "business days":
        cx.business_days(amount, on, row.place_of("notice"))
    never_below: Floor = values.get("never below") or "nothing"
    for name in _FLOOR_ONLY:
        if name in row.nodes and never_below == "nothing" and "never below" not in row.broken:
            message = f"`{name}` says how long or for what, and nothing is kept"
            way_out = "say what is kept in `never below: …`, or leave it out"
            cx.report.error("floor-missing", message, row.place_of(name), way_out)
    return AmendRule(
        notice=amount,
        on=on,
        never_below=never_below,
        until=values.get("until") or "contract period ends",
        incomparable=values.get("incomparable") or "signature version",
        applies_from=values.get("applies from") or "end of the notice",
        clocks=values.get("clocks") or "version at opening",
        periods=values.get("periods") or "version at start",
        published=values.get("published") or "",
        accepted_by=values.get("accepted by") or "",
        doc=values.get("doc") or "",
        cited=cited,
    )
