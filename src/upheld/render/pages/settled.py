"""The sections of what is owed, and of what was claimed or can be."""

from __future__ import annotations

from collections.abc import Iterator

from upheld.core.owing.entitlement import NOT_SO, NOT_TOLD
from upheld.core.terms.agreement import Terms
from upheld.core.verdicts.credit import Credit
from upheld.render import credits as money
from upheld.render import words
from upheld.render.claims import claimable_cells, filed_cells, step_cells
from upheld.render.naming import zone_of
from upheld.render.pages.markup import Content, element, table
from upheld.render.pages.month import ContractPage
from upheld.render.pages.tables import IN_FULL, MOST_ROWS, dated, left_out, listed, section


def owed(told: ContractPage) -> Iterator[Content]:
    own = [one for one in told.owing if one.credit.state != "not owed" or one.credit.lines]
    if not own:
        return
    rows = [
        [
            f"#{number}",
            credit.key.commitment,
            credit.key.subject,
            credit.state,
            money.owed(terms, credit),
            "; ".join([*_reasons(terms, credit), *filter(None, [money.payment(terms, credit)])]),
        ]
        for number, terms, credit in own[:MOST_ROWS]
    ]
    headers = ("number", "remedy", "for", "state", "amount", "how")
    grid = table("Credits", headers, rows, frozenset({4}))
    steps = [
        element(
            "details",
            element("summary", f"#{number}: how {money.owed(terms, credit)} comes about"),
            table(f"Steps of #{number}", ("step", "value"), money.steps(credit), frozenset({1})),
        )
        for number, terms, credit in own[:IN_FULL]
        if credit.lines
    ]
    untold = sum(bool(one.credit.lines) for one in own[IN_FULL:])
    how = (
        f"How {words.count(untold, 'more amount')} came about is not told here: upheld explain #number does."
    )
    more = element("p", how, class_="note") if untold else []
    yield section("credits", "What is owed", grid, *left_out(len(own)), steps, more)


def claims(told: ContractPage) -> Iterator[Content]:
    """What can still be claimed until when, what was claimed and how far it has come, what no more can be."""
    grids: list[Content] = []
    for caption, standing in (
        ("What can still be claimed", "open"),
        ("What can be claimed no more", "forfeited"),
    ):
        cells = [claimable_cells(one) for one in told.claimable if one.standing == standing]
        if cells:
            rows = [[about, remedy, why, much, dated(by)] for about, _, remedy, why, much, by in cells]
            grids.append(listed(caption, ("for", "remedy", "why", "amount", "until"), rows))
    if told.filed:
        rows = []
        for one in told.filed:
            name, _, about, filed, admissible, state, after = filed_cells(one)
            why = "; ".join(check.reason for check in one.claim.checks if check.holds is not True)
            admissible += f": {why}" if why else ""
            rows.append([name, about, dated(filed), admissible, state, dated(after)])
        columns = ("claim", "for", "filed", "may it be made", "state", "what comes next")
        grids.append(listed("What was claimed", columns, rows))
        steps = [
            [one.claim.id, *map(dated, step_cells(step, zone_of(one.terms)))]
            for one in told.filed
            for step in one.claim.steps
        ]
        if steps:
            grid = listed(
                "Deadlines of claims", ("claim", "deadline", "state", "due", "done", "clause"), steps
            )
            grids.append(element("details", element("summary", "Their deadlines"), grid))
    if grids:
        yield section("claims", "Claims", *grids)


def _reasons(terms: Terms, credit: Credit) -> Iterator[str]:
    """Why no more is owed; the condition of a remedy in the words of the agreement's prose."""
    rule = next((one for one in terms.remedies if one.name == credit.key.commitment), None)
    for reason in credit.reasons:
        before = next((one for one in (NOT_SO, NOT_TOLD) if rule and reason == f"{one}{rule.when}"), None)
        if rule is None or rule.when is None or before is None:
            yield reason
            continue
        from upheld.render.prose.amounts import Owing  # few pages have such a remedy, and prose loads Babel
        from upheld.render.prose.tongue import Tongue

        condition = Owing(rule, terms, Tongue("en")).phrases.condition(rule.when)
        yield f"owed only if {condition}" if before == NOT_SO else f"{NOT_TOLD}{condition}"
