"""The pages of `explain` drawn: the time on a line, then promise, readings, steps and result as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from upheld.core.facts.fact import Fact
from upheld.core.measuring.trace import Trace
from upheld.core.owing.termination import Right
from upheld.core.terms.agreement import Assumption, Rule, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.remedy import RemedyRule
from upheld.core.timeline.instant import Duration, Instant
from upheld.core.values.key import FactRef
from upheld.core.values.rule import Citation, Modality
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict
from upheld.render import credit_explanation, explanation, figure_explanation, measures
from upheld.render import credits as owing
from upheld.render.explanation import Step
from upheld.render.figure_explanation import SHOWN
from upheld.render.naming import cited, name_of, reading_lines, zone_of
from upheld.render.terminal.clock import clock_line
from upheld.render.terminal.layout import Entry, entries, flow
from upheld.render.terminal.report import parts
from upheld.render.terminal.sheet import Fitted, Sheet
from upheld.render.terminal.signs import NO_SIGN, STATES
from upheld.render.terminal.strip import strips


def derivation(
    sheet: Sheet,
    number: int,
    terms: Terms,
    rule: Rule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    steps: Sequence[Step],
    measured: tuple[Duration | None, Duration | None],
    at: Instant,
) -> str:
    """One verdict: its time on a line if a clock ran, the promise, the steps, and what follows."""
    subject = verdict.key.subject + (f", cycle {verdict.cycle}" if verdict.cycle > 1 else "")
    things = [_title(sheet, f"#{number}  {verdict.key.commitment} of {subject}", verdict.state)]
    line = clock_line(sheet, terms, verdict, at)
    things += [line] if line else []
    tree = _tree(sheet, terms)
    _promise(sheet, tree, explanation.promised(rule, verdict), rule.modality, terms, rule.cited, readings)
    rows = []
    for step in steps:
        cells = explanation.step_cells(step, zone_of(terms))
        rows.append([*zip(cells, ("", "cyan", "", "", "dim"), strict=True)])
    if rows:
        _rows(sheet, tree, "what happened", rows, 3, frozenset({1, 2}))
    _result(sheet, tree, explanation.conclusion(verdict, terms, measured), verdict.state)
    return sheet.printed([*things, tree])


def figure_derivation(
    sheet: Sheet,
    number: int,
    terms: Terms,
    rule: CommitRule,
    verdict: Verdict,
    readings: Sequence[Assumption],
    trace: Trace,
    tell_all: bool = False,
) -> str:
    """One measured figure: its period on a line, the promise, the value, and what it is made of."""
    found = verdict.measurement
    assert found is not None
    told = figure_explanation
    zone = zone_of(terms)
    things = [_title(sheet, f"#{number}  {verdict.key.commitment} of {verdict.key.subject}", verdict.state)]
    things += strips(sheet, found)
    tree = _tree(sheet, terms)
    _promise(sheet, tree, told.promised(rule), rule.modality, terms, rule.cited, readings)
    value = tree.add(_flow(sheet, told.of_period(found, zone)))
    for line in told.computed(terms, verdict):
        value.add(_flow(sheet, line))
    if components := told.component_rows(terms, verdict):
        value.add(_entries(sheet, [[(cell, "") for cell in row] for row in components], 1))
    if found.method:
        value.add(_flow(sheet, f"measured by {measures.method(found)}", "dim"))
    for note in found.notes:
        value.add(_flow(sheet, f"note: {note}", "dim"))
    tree.add(parts(sheet, measures.parts(terms, found, 0)))
    _stretches(sheet, tree, terms, trace, tell_all)
    if trace.items:
        rows = [[(cell, "") for cell in row] for row in told.item_rows(terms, trace.items)]
        _rows(sheet, tree, "items", _first(rows, tell_all), 4, frozenset({0}), _left_out(rows, tell_all))
    if trace.left_in:
        rows = [[(cell, "") for cell in row] for row in told.left_in_rows(trace.left_in, zone_of(terms))]
        more = _left_out(rows, tell_all)
        _rows(sheet, tree, told.LEFT_IN, _first(rows, tell_all), 4, frozenset(), more)
    result = _result(sheet, tree, told.conclusion(terms, verdict), verdict.state)
    if trace.credits:
        result.add(_flow(sheet, f"followed by {', '.join(f'#{one}' for one in trace.credits)}"))
    return sheet.printed([*things, tree])


def credit_derivation(
    sheet: Sheet,
    number: int,
    terms: Terms,
    rule: RemedyRule,
    credit: Credit,
    readings: Sequence[Assumption],
    verdict: tuple[int, Verdict] | None,
    facts: Mapping[FactRef, Fact],
    numbers: Mapping[str, int],
    right: Right | None = None,
) -> str:
    """One credit: the remedy, the verdict that it follows, the steps to the amount, and how it is paid."""
    told = credit_explanation
    title = _title(sheet, f"#{number}  {credit.key.commitment} of {credit.key.subject}", credit.state)
    tree = _tree(sheet, terms)
    remedy = tree.add(_flow(sheet, f"remedy of {rule.of} ({credit.rule_id}{cited(terms, rule.cited)})"))
    for line in [*[rule.doc] * bool(rule.doc), *reading_lines(readings)]:
        remedy.add(_flow(sheet, line))
    if verdict is not None:
        tree.add(_flow(sheet, told.behind(terms, verdict)))
    rows = [
        [(what, ""), (value, "bold"), (source, "dim")]
        for what, value, source in told.step_rows(terms, credit, facts, numbers)
    ]
    if rows:
        _rows(sheet, tree, "steps", rows, 2, frozenset({1}))
    rest = [*told.other_facts(terms, credit, facts), *owing.instalments(terms, credit)]
    for line in [*rest, *told.right_lines(terms, right)]:
        tree.add(_flow(sheet, line))
    _result(sheet, tree, f"=> {told.outcome(terms, credit)}", credit.state)
    return sheet.printed([title, tree])


# -- the parts of a tree -----------------------------------------------------------------------------------

_Cell: TypeAlias = tuple[str, str]
"""A text and its style."""
_T = TypeVar("_T")


def _flow(sheet: Sheet, told: str, style: str = "") -> Fitted:
    text = sheet.text(told, style)
    return Fitted(lambda width: flow(sheet, [text], width, 0, 2))


def _cells(sheet: Sheet, cells: Sequence[Text]) -> Fitted:
    return Fitted(lambda width: flow(sheet, cells, width, 0, 2))


def _title(sheet: Sheet, told: str, state: str) -> RenderableType:
    sign = STATES.get(state, NO_SIGN)
    text = sheet.signed(sign, "").append(" ").append_text(sheet.text(f"{told}: ", "bold"))
    text.append_text(sheet.text(state, sign.style))
    return Fitted(lambda width: flow(sheet, [text], width, 0, 2))


def _tree(sheet: Sheet, terms: Terms) -> Tree:
    label = f"{name_of(terms)}, times are {zone_of(terms).name}"
    return Tree(_flow(sheet, label, "dim"), guide_style="dim")


def _promise(
    sheet: Sheet,
    tree: Tree,
    promised: str,
    modality: Modality,
    terms: Terms,
    citation: Citation,
    readings: Sequence[Assumption],
) -> None:
    text = sheet.text("promised: ").append_text(sheet.text(promised, "bold"))
    promise = tree.add(Fitted(lambda width: flow(sheet, [text], width, 0, 2)))
    promise.add(_flow(sheet, f"{modality}{cited(terms, citation)}"))
    for line in reading_lines(readings):
        promise.add(_flow(sheet, line))


def _entries(
    sheet: Sheet, rows: Iterable[Sequence[_Cell]], lead: int, right: frozenset[int] = frozenset()
) -> Fitted:
    made = [Entry([sheet.text(told, style) for told, style in row]) for row in rows]
    return entries(sheet, made, lead, right, 0, each=True)


def _rows(
    sheet: Sheet,
    tree: Tree,
    title: str,
    rows: Sequence[Sequence[_Cell]],
    lead: int,
    right: frozenset[int],
    more: str = "",
) -> None:
    node = tree.add(_flow(sheet, title))
    node.add(_entries(sheet, rows, lead, right))
    if more:
        node.add(_flow(sheet, more, "dim"))


def _stretches(sheet: Sheet, tree: Tree, terms: Terms, trace: Trace, tell_all: bool) -> None:
    """A node for each stretch, with what was observed or told of it."""
    if not trace.stretches:
        return
    zone = zone_of(terms)
    node = tree.add(_flow(sheet, "what it is made of"))
    shown = list(_first(trace.stretches, tell_all))
    for row, one in zip(figure_explanation.stretch_rows(terms, shown, zone), shown, strict=True):
        styles = ["", "", "bold", "", ""]
        cells = [sheet.text(told, style) for told, style in zip(row, styles, strict=True)]
        made = node.add(_cells(sheet, cells))
        for line in figure_explanation.observed_lines(one, zone):
            made.add(_flow(sheet, line, "dim"))
    if more := _left_out(trace.stretches, tell_all):
        node.add(_flow(sheet, more, "dim"))


def _first(told: Sequence[_T], tell_all: bool) -> Sequence[_T]:
    return told if tell_all else told[:SHOWN]


def _left_out(told: Sequence[object], tell_all: bool) -> str:
    more = len(told) - len(_first(told, tell_all))
    return f"and {more:,} more (--all)" if more else ""


def _result(sheet: Sheet, tree: Tree, conclusion: str, state: str) -> Tree:
    """The last branch: what it came to."""
    sign = STATES.get(state, NO_SIGN)
    text = sheet.text("=> ").append_text(sheet.text(conclusion.removeprefix("=> "), sign.style or "bold"))
    return tree.add(Fitted(lambda width: flow(sheet, [text], width, 0, 3)))
