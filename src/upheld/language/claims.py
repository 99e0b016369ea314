"""How what is owed is claimed, from the row of an agreement."""

from __future__ import annotations

from typing import Any

from upheld.core.terms.claim import ClaimRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.values.rule import Citation
from upheld.core.values.value import Money
from upheld.language.rows import Row
from upheld.language.vocabulary import Context


def claim_rule(
    row: Row, values: dict[str, Any], cited: Citation, remedies: dict[str, RemedyRule], cx: Context
) -> ClaimRule:
    """The rule; remedies that are not there or not claimed, and an amount that is no money, are told."""
    cx.rows("remedy", row, "for")
    named: tuple[str, ...] = values.get("for") or ()
    for name in named:
        if name in remedies and remedies[name].unit == "termination":
            message = f"`{name}` gives the right to terminate, which nobody claims"
            cx.report.error("unit-mismatch", message, row.place_of("for"), "leave it out")
    above = values.get("two decide above")
    if above is not None and not isinstance(above, Money):
        way_out = "write an amount of money, such as 500.00 EUR"
        message = "what two people decide on is an amount of money"
        cx.report.error("unit-mismatch", message, row.place_of("two decide above"), way_out)
        above = None
    return ClaimRule(
        needed=values.get("needed") is not False,
        remedies=named,
        about=values.get("about") or "either",
        counts_from=values.get("counts from") or "earliest",
        channels=values.get("channel") or (),
        to=values.get("to") or "",
        include=values.get("include") or (),
        protective=values.get("protective") is not False,
        decision=values.get("decision") or "beside the verdict",
        two_above=above,
        decided_on=values.get("decided on") or "",
        doc=values.get("doc") or "",
        cited=cited,
    )
