"""`upheld explain`: why a verdict is what it is."""

from __future__ import annotations

import argparse

from upheld.book.explain import Explanation, UnknownVerdict, explain
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.render.explanation import explanation, explanation_record
from upheld.render.records import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="agreements, contracts, facts; or folders of them"
    )
    parser.add_argument(
        "asked", metavar="NUMBER|SUBJECT", help="a verdict's number in the report (12), or a subject (T-1001)"
    )
    parser.add_argument(
        "--commitment", default="", metavar="NAME", help="only this commitment of the subject"
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
        text = explanation(
            one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.measured
        )
        show([""] * bool(n) + text)
    return code


def _record(one: Explanation) -> dict[str, object]:
    return explanation_record(one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.at)
