"""The sections of what was measured: each figure with its pictures, and the last days of each component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from upheld.render import measures, words
from upheld.render.drawings.axis import day_name
from upheld.render.drawings.days import day_id, day_partition, days_told, outcome_of
from upheld.render.naming import cited
from upheld.render.pages.markup import Content, Html, element, table
from upheld.render.pages.month import ContractPage
from upheld.render.pages.page import figure, figures
from upheld.render.pages.tables import IN_FULL, MOST_ROWS, left_out, section, state_mark, verdict_table
from upheld.render.summary import Numbered


def measured(told: ContractPage) -> Iterator[Content]:
    """Each measured commitment with its value, its pictures, and the partition of its period."""
    own = [one for one in told.verdicts if one.verdict.measurement is not None]
    first = sorted(own, key=lambda one: not told.drawings.get(one.number))[:IN_FULL]
    numbers = {one.number for one in first}
    drawn = [
        (f"v{one.number}-{n}", drawing)
        for one in own
        for n, drawing in enumerate(told.drawings.get(one.number, ()))
        if one.number in numbers
    ]
    pictures = dict(zip((prefix for prefix, _ in drawn), figures(drawn), strict=True))
    blocks: list[Content] = [
        _one_measured(
            one, [html for prefix, html in pictures.items() if prefix.startswith(f"v{one.number}-")]
        )
        for one in own
        if one.number in numbers
    ]
    if rest := [one for one in own if one.number not in numbers]:
        caption = f"{words.count(len(rest), 'more measured commitment')}"
        blocks += [verdict_table(told, caption, rest[:MOST_ROWS], with_commitment=True), *left_out(len(rest))]
    if own:
        yield section("measured", "What was measured", blocks)


def _one_measured(one: Numbered, pictures: Sequence[Html]) -> Content:
    number, terms, verdict = one
    found = verdict.measurement
    assert found is not None
    value, promise, why = measures.cells(terms, verdict)
    rule = terms.rule(verdict.key.commitment)
    heading = f"{verdict.key.commitment}, {verdict.key.subject}"
    # What is only measured is judged against nothing.
    state = state_mark(verdict) if verdict.level is not None else []
    return element(
        "article",
        element("h3", heading),
        element("p", state, " ", element("strong", value), f", {promise}{f'; {why}' if why else ''}"),
        element("p", f"{rule.modality}{cited(terms, rule.cited)}; number {number}", class_="note"),
        pictures,
        element(
            "details",
            element("summary", "The parts of the period"),
            table(
                f"Parts of {heading}",
                ("part", "amount"),
                measures.partition(terms, found),
                frozenset({1}),
            ),
            element("p", f"Measured by {measures.method(found)}", class_="note"),
            [element("p", note, class_="note") for note in found.notes],
        ),
    )


def days(told: ContractPage) -> Iterator[Content]:
    """The last days of each component; a day leads to its parts."""
    blocks = []
    for one in told.days:
        if one.drawing is None:
            continue
        rows = [
            [
                element("span", day_name(day.on), id=day_id(one.name, day.on)),
                ", ".join(day_partition(told.terms, day)),
            ]
            for day in one.days
        ]
        blocks.append(figure(one.drawing, one.name, most=0))
        grid = table(one.drawing.title, ("day", "parts"), rows)
        blocks.append(element("details", element("summary", f"{one.drawing.title}, in words"), grid))
    calm = [[one.of, days_told(one.days), outcome_of(one.days)] for one in told.days if one.drawing is None]
    if calm:
        caption = "Components with less trouble" if blocks else "No component had any trouble"
        blocks.append(table(caption, ("what", "days", "how they were"), calm[:MOST_ROWS]))
        blocks += left_out(len(calm))
    if blocks:
        most = max(len(one.days) for one in told.days)
        yield section("days", f"The last {words.count(most, 'day')}", blocks)
