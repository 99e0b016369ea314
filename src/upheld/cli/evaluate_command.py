"""`upheld evaluate`: what was promised, kept and broken."""

from __future__ import annotations

import argparse
import sys

from upheld.book.answers import report_answer
from upheld.book.claims import claims
from upheld.book.due import due
from upheld.book.evaluate import Report
from upheld.cli.book_arguments import add_book, findings_of, numbered, report_of, tell_findings
from upheld.cli.drawing import add_colour, sheet_of
from upheld.cli.output import DOES_NOT_HOLD, DONE, WRONG_USE, OnlyOnce, Stop, add_format, named_target, show
from upheld.core.readings.dependence import Dependence
from upheld.core.timeline.instant import format_instant
from upheld.core.values.finding import has_errors
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict
from upheld.files.folder import Folder
from upheld.render.blocks import Block, TextLine, lines_of
from upheld.render.claims import claims_block
from upheld.render.credits import NumberedCredit
from upheld.render.lives import life_lines
from upheld.render.naming import zone_of
from upheld.render.records import dumps
from upheld.render.summary import Coming, heading, in_full, summary

FAIL_ON = {
    "breach": {"breached"},
    "miss": {"breached", "missed"},
    "risk": {"breached", "missed", "at risk"},
    "undetermined": {"undetermined"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    parser.add_argument(
        "--summary", action="store_true", help="only the first screen, not each contract in full"
    )
    parser.add_argument(
        "--readings",
        action="store_true",
        help="also what every verdict and amount would be if a clause were read otherwise",
    )
    parser.add_argument(
        "--html",
        type=named_target,
        action=OnlyOnce,
        metavar="FILE|FOLDER",
        help="write a page for each contract and month: FILE.html for one, a folder with an index for many",
    )
    parser.add_argument("--month", metavar="2026-06", help="only the pages of this month (with --html)")
    parser.add_argument("--fail-on", choices=tuple(FAIL_ON), help="exit with 1 if a verdict is so")
    add_format(parser)
    add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the report, or writes its pages."""
    if options.month is not None and options.html is None:
        raise Stop("upheld: --month picks pages: give --html, too")
    if options.html is not None and options.format == "json":
        raise Stop("upheld: --html writes pages, --format json prints records: give one of them")
    for name in ("summary", "readings"):
        if options.html is not None and getattr(options, name):
            raise Stop(f"upheld: --html writes pages, --{name} changes what is printed: give one of them")
    book, report = report_of(options, options.paths)
    if options.format == "json":
        found = findings_of(book, report)
        record = report_answer(book, report, found, options.contract)
        if options.readings:
            from upheld.render.readings import dependence_record, sensitive
            from upheld.render.records import findings_record

            dependences = _dependences(options, book, report)
            notes = (note for note in map(sensitive, dependences) if note is not None)
            record["findings"] = findings_record([*found, *notes])
            record["readings"] = [dependence_record(one) for one in dependences]
        print(dumps(record), end="")
        return _code(options, report, has_errors(found))
    left_out = tell_findings(book, report)
    if options.html is not None:
        from upheld.cli.page_files import write_pages

        show(write_pages(options, book, report))
        return _code(options, report, left_out)
    blocks = report_blocks(options, book, report)
    if (sheet := sheet_of(options)) is not None:
        from upheld.render.terminal.report import report_page

        sys.stdout.write(report_page(sheet, blocks))
    else:
        show(lines_of(blocks))
    return _code(options, report, left_out)


def report_blocks(options: argparse.Namespace, book: Folder, report: Report) -> list[Block]:
    """The first screen, then each contract in full."""
    verdicts = list(numbered(options, report))
    coming = [Coming(d.wake, d.key, d.terms, d.remaining_us) for d in due(report)]
    coming = [c for c in coming if options.contract in (None, c.key.contract)]
    told = heading(format_instant(report.at), report.facts, len(verdicts), report.known, len(book.log))
    owing = _credits(options, report)
    blocks = [TextLine(told), TextLine(""), *summary(verdicts, coming, report.at, owing)]
    if options.readings:
        from upheld.render.readings import readings_in_full, readings_summary

        found = _dependences(options, book, report)
        blocks += [TextLine(""), *readings_summary(found)]
        blocks += [] if options.summary else readings_in_full(found)
    if options.summary:
        return blocks
    filed = claims(book, report, options.contract)
    for terms in report.terms:
        assert terms.contract is not None
        if options.contract not in (None, terms.contract.id):
            continue
        life = report.evaluation.lives[terms.contract.id]
        notes = list(life_lines(life, zone_of(terms), report.at))
        for under in map(terms.under, dict.fromkeys(held.plan for held in life.plans)):
            own = [one for one in verdicts if one.terms is under]
            due_to_it = [one for one in owing if one.terms is under]
            blocks += [TextLine(""), TextLine(""), *in_full(under, own, report.at, due_to_it, notes)]
            notes = []  # they are of the contract: told once
        blocks += claims_block([one for one in filed if one.terms is terms])
    return blocks


def _credits(options: argparse.Namespace, report: Report) -> list[NumberedCredit]:
    """The credits asked for, with their numbers in the whole report."""
    found = (NumberedCredit(*one) for one in report.numbered_credits())
    return [one for one in found if options.contract in (None, one.credit.key.contract)]


def _dependences(
    options: argparse.Namespace, book: Folder, report: Report
) -> list[Dependence[Verdict] | Dependence[Credit]]:
    """On which readings each verdict and credit asked for depends."""
    from upheld.book.readings import sensitivity

    found = sensitivity(book, report, lambda key: options.contract in (None, key.contract))
    return [*found.verdicts, *found.credits]


def _code(options: argparse.Namespace, report: Report, left_out: bool) -> int:
    if left_out:
        return WRONG_USE
    states = FAIL_ON.get(options.fail_on, set())
    return DOES_NOT_HOLD if any(one.verdict.state in states for one in numbered(options, report)) else DONE
