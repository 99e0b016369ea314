"""What a page leaves out: what follows a breach, and how long before a change it is told."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.terms.indicator import Indicator
from upheld.core.values.amount import AmountError, parse_amount
from upheld.core.values.finding import Finding, Place
from upheld.language.lint.fields import field_of, finding
from upheld.language.lint.promises import has_page, promised
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Scalar
from upheld.language.whole import PlanText, Whole


def remedy_missing(whole: Whole) -> Iterator[Finding]:
    """Guarantees after whose breach nothing is owed."""
    way_out = "add a `remedy` of it, or promise it as an objective"
    told = False
    for plan in whole.plans:
        remedied = [_measured(plan, remedy.of) for remedy in plan.terms.remedies]
        for commit, _, indicator in promised(plan):
            if commit.modality != "guarantee" or (indicator.basis, indicator.of) in remedied:
                continue
            message = f"`{commit.name}` is guaranteed, and nothing is owed for a period that misses it"
            places = [field_of(plan, "commit", commit.name).place]
            told = True
            yield finding("note", "remedy-missing", message, places, way_out)
    guaranteed = [
        clock.name for plan in whole.plans for clock in plan.terms.clocks if clock.modality == "guarantee"
    ]
    has_remedy = any(plan.terms.remedies for plan in whole.plans)
    if has_page(whole) and guaranteed and not has_remedy and not told:
        message = (
            f"the page guarantees ({', '.join(dict.fromkeys(guaranteed))}), and nothing follows a breach"
        )
        way_out = "ask for what is owed, and add it as a `remedy`"
        yield finding("note", "remedy-missing", message, [_document(whole)], way_out)


def _measured(plan: PlanText, commit: str) -> tuple[str, str]:
    """What a commitment measures: two that measure the same share one remedy."""
    named = next(one.indicator for one in plan.terms.commits if one.name == commit)
    indicator: Indicator = plan.terms.indicators[named]
    return indicator.basis, indicator.of


def amendment_notice_missing(whole: Whole) -> Iterator[Finding]:
    """Pages that can change from one day to the next."""
    if not has_page(whole):
        return
    amend = whole.agreement.get("amend")
    key = amend.key("notice") if isinstance(amend, MapNode) else None
    node = amend.get("notice") if isinstance(amend, MapNode) else None
    way_out = "have a notice period written into the terms, and say `amend: {notice: 30d}`"
    message = "nothing says how long before a new version its customers are told"
    if key is None or not isinstance(node, Scalar):
        place = whole.agreement.key("amend")
        places = [place.place if place else _document(whole)]
        yield finding("warning", "amendment-notice-missing", message, places, way_out)
        return
    try:
        parse_amount(node.text)
    except AmountError:
        message = "a new version needs no notice, so it can hold from the day it is published"
        yield finding("note", "amendment-notice-missing", message, [key.place], way_out)


def _document(whole: Whole) -> Place:
    key = whole.agreement.key("document")
    return key.place if key is not None else whole.agreement.place
