"""`upheld explain`: why a verdict or a credit is what it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from upheld.book.claims import claims
from upheld.book.evaluate import Report
from upheld.book.explain import CreditExplanation, Explanation, UnknownVerdict, explain
from upheld.book.explained import explained_record
from upheld.cli.book_arguments import OF_THE_WHOLE, add_book, report_of, tell_findings
from upheld.cli.drawing import add_colour, sheet_of
from upheld.cli.output import DONE, WRONG_USE, OnlyOnce, Stop, add_format, named_target, show, width
from upheld.core.terms.indicator import CommitRule
from upheld.files.folder import Folder
from upheld.render.claims import claim_in_full
from upheld.render.credit_explanation import credit_explanation
from upheld.render.explanation import explanation
from upheld.render.figure_explanation import figure_explanation
from upheld.render.lives import life_lines
from upheld.render.naming import zone_of
from upheld.render.records import dumps

if TYPE_CHECKING:
    from upheld.render.terminal.sheet import Sheet

Explained: TypeAlias = Explanation | CreditExplanation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="agreements, contracts, facts, observations; or folders"
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
    parser.add_argument(
        "--readings",
        action="store_true",
        help="beside it, why it would be otherwise if a clause were read otherwise",
    )
    parser.add_argument(
        "--svg",
        type=named_target,
        action=OnlyOnce,
        metavar="FILE",
        help="also write the picture of one verdict to a file",
    )
    parser.add_argument(
        "--width", metavar="PX", help="how wide the picture of --svg is, 320 to 1440 (default: 960)"
    )
    add_book(parser, positional=False)
    add_format(parser)
    add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the explanations; with `--readings`, each beside those under readings that would change it."""
    if options.width is not None and options.svg is None:
        raise Stop("upheld: --width is that of a picture: give --svg, too")
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report, OF_THE_WHOLE) else DONE
    filed = [one for one in claims(book, report, options.contract) if one.claim.id == options.asked]
    if filed and options.svg is None and not options.commitment and options.format == "text":
        show([*claim_in_full(filed[0]), ""])
    try:
        found = explain(book, report, options.asked, options.commitment, options.contract)
    except UnknownVerdict as unknown:
        raise Stop(f"upheld: {unknown}") from None
    if options.svg is not None:
        from upheld.cli.pictures import write_picture  # who asks for text needs none of it

        write_picture(found, options.asked, options.svg, options.width)
    if options.format == "json":
        print(dumps([_whole_record(options, book, report, one) for one in found]), end="")
        return code
    sheet = sheet_of(options)
    for n, one in enumerate(found):
        otherwise = _otherwise(options, book, report, one, sheet) if options.readings else []
        if sheet is None:
            show([""] * bool(n) + _text(one, options.all) + otherwise)
            continue
        from upheld.render.terminal.report import lines_page

        sys.stdout.write("\n" * bool(n) + _drawn(sheet, one, options.all) + lines_page(sheet, otherwise))
    if lives := list(_lives(report, found)):
        if sheet is None:
            show(["", *lives])
        else:
            from upheld.render.terminal.report import lines_page

            sys.stdout.write("\n" + lines_page(sheet, lives))
    return code


def _lives(report: Report, found: Sequence[Explained]) -> Iterator[str]:
    """What became of the contracts of what is explained, as facts tell it, each once."""
    for terms in {id(one.terms.contract): one.terms for one in found}.values():
        assert terms.contract is not None, "what is explained is of a contract"
        name = terms.contract.id
        for line in life_lines(report.evaluation.lives[name], zone_of(terms), report.at):
            yield f"contract {name}: {line}"


def _whole_record(
    options: argparse.Namespace, book: Folder, report: Report, one: Explained
) -> dict[str, object]:
    if not options.readings:
        return explained_record(one)
    from upheld.book.readings import contrast
    from upheld.render.readings import dependence_record

    told = contrast(book, report, one)
    under = [None if other is None else explained_record(other) for _, other in told.others]
    return {**explained_record(one), "dependence": dependence_record(told.dependence), "under": under}


def _otherwise(
    options: argparse.Namespace, book: Folder, report: Report, one: Explained, sheet: Sheet | None
) -> list[str]:
    """The derivation beside those under the readings that would change it, as wide as the page."""
    from upheld.book.readings import contrast
    from upheld.render.readings import compared
    from upheld.render.side_by_side import side_by_side

    told = contrast(book, report, one)
    lines: list[str] = []
    for alternative, other in told.others:
        lines += ["", f"or {compared(told.dependence, alternative)}:"]
        if other is not None:
            left, right = (_derivation(two, options.all) for two in (one, other))
            if sheet is not None:  # what is made visible is wider, which must be known before it is broken
                left, right = ([sheet.text(line).plain for line in lines] for lines in (left, right))
            lines += side_by_side(left, right, width() if sheet is None else sheet.columns)
    return lines + ["", "no reading changes it"] * (not told.others)


def _derivation(one: Explained, tell_all: bool) -> list[str]:
    """An explanation without its title and the readings, of which the line above says what matters."""
    return [line for line in _text(one, tell_all)[2:] if not line.startswith("reading ")]


def _text(one: Explained, tell_all: bool) -> list[str]:
    if isinstance(one, CreditExplanation):
        return credit_explanation(
            one.number,
            one.terms,
            one.rule,
            one.credit,
            one.readings,
            one.verdict,
            one.facts,
            one.numbers,
            one.right,
        )
    if isinstance(one.rule, CommitRule):
        return figure_explanation(
            one.number, one.terms, one.rule, one.verdict, one.readings, one.trace, tell_all
        )
    return explanation(one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.measured)


def _drawn(sheet: Sheet, one: Explained, tell_all: bool) -> str:
    from upheld.render.terminal.derivation import credit_derivation, derivation, figure_derivation

    if isinstance(one, CreditExplanation):
        return credit_derivation(
            sheet,
            one.number,
            one.terms,
            one.rule,
            one.credit,
            one.readings,
            one.verdict,
            one.facts,
            one.numbers,
            one.right,
        )
    if isinstance(one.rule, CommitRule):
        return figure_derivation(
            sheet, one.number, one.terms, one.rule, one.verdict, one.readings, one.trace, tell_all
        )
    return derivation(
        sheet, one.number, one.terms, one.rule, one.verdict, one.readings, one.steps, one.measured, one.at
    )
