"""`upheld explain`: why a verdict or a credit is what it is."""

from __future__ import annotations

import argparse

from upheld.book.explain import CreditExplanation, Explanation, UnknownVerdict, explain
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.indicator import CommitRule
from upheld.render.credit_explanation import credit_explanation, credit_explanation_record
from upheld.render.explanation import explanation, explanation_record
from upheld.render.figure_explanation import figure_explanation, figure_explanation_record
from upheld.render.records import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="agreements, contracts, facts; or folders of them"
    )
    parser.add_argument(
        "asked",
        metavar="NUMBER|SUBJECT",
        help="a number in the report (12), a subject or period (T-1001, 2026-06), or a commitment (uptime)",
    )
    parser.add_argument(
        "--commitment", default="", metavar="NAME", help="only this commitment of the subject"
    )
    parser.add_argument(
        "--all", action="store_true", help="every stretch and item of a measured figure, however many"
    )
    add_book(parser, positional=False)
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the explanations."""
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report) else DONE
    try:
        found = explain(book, report, options.asked, options.commitment)
    except UnknownVerdict as unknown:
        raise Stop(f"upheld: {unknown}") from None
    if options.format == "json":
        print(dumps([_record(one) for one in found]), end="")
        return code
    for n, one in enumerate(found):
        show([""] * bool(n) + _text(one, options.all))
    return code


def _text(one: Explanation | CreditExplanation, tell_all: bool) -> list[str]:
    if isinstance(one, CreditExplanation):
        return credit_explanation(
            one.number, one.terms, one.rule, one.credit, one.readings, one.verdict, one.facts
        )
    if isinstance(one.rule, CommitRule):
        return figure_explanation(
            one.number, one.terms, one.rule, one.verdict, one.readings, one.trace, tell_all
        )
    return explanation(one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.measured)


def _record(one: Explanation | CreditExplanation) -> dict[str, object]:
    if isinstance(one, CreditExplanation):
        return credit_explanation_record(
            one.number, one.terms, one.credit, one.readings, one.verdict, one.facts
        )
    if isinstance(one.rule, CommitRule):
        return figure_explanation_record(
            one.number, one.terms, one.rule, one.verdict, one.readings, one.trace, one.at
        )
    return explanation_record(one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.at)
