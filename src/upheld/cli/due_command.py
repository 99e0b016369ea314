"""`upheld due`: what is due next."""

from __future__ import annotations

import argparse
import sys

from upheld.book.alarms import alarms
from upheld.book.due_answer import due_answer, horizon_end, lying_ahead
from upheld.book.evaluate import Report
from upheld.cli.book_arguments import OF_THE_WHOLE, add_book, report_of, tell_findings
from upheld.cli.drawing import add_colour, sheet_of
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.alerting.stage import Stage
from upheld.core.book import Book
from upheld.render.alarms import stage_record, stage_rows
from upheld.render.claims import claimable_rows
from upheld.render.forecast import ahead_rows, owed_rows
from upheld.render.naming import zone_of
from upheld.render.records import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    parser.add_argument(
        "--horizon",
        metavar="AMOUNT",
        help="what is due or may be lost within this time, such as 8h or 7d (default: all that is due)",
    )
    parser.add_argument("--told", action="store_true", help="also who is told of what, and when")
    add_format(parser)
    add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what changes if no fact comes, the next one first; within a horizon also what may be lost."""
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report, OF_THE_WHOLE) else DONE
    until_at = _until(options, report.at)
    lying = lying_ahead(book, report, until_at, options.contract)
    rows, owed, open_claims = lying.rows, lying.owed, lying.claimable
    told = _told(book, report, options, until_at) if options.told else ()
    if options.format == "json":
        record = due_answer(lying)
        if options.told:
            record["told"] = [stage_record(one) for one in told]
        print(dumps(record), end="")
        return code
    if (sheet := sheet_of(options)) is not None:
        from upheld.render.terminal.due import due_page

        sys.stdout.write(due_page(sheet, report.at, rows))
    else:
        show(ahead_rows(rows) or ["nothing is due"])
    lines = ["", "owed, without a limit:", *owed_rows(owed)] if owed else []
    lines += ["", "can be claimed:", *claimable_rows(open_claims)] if open_claims else []
    zones = {one.contract.id: zone_of(one) for one in report.terms if one.contract is not None}
    lines += ["", "who is told:", *(stage_rows(told, zones) or ["  nobody"])] if options.told else []
    if sheet is None:
        show(lines)
    else:
        from upheld.render.terminal.report import lines_page

        sys.stdout.write(lines_page(sheet, lines))
    return code


def _told(book: Book, report: Report, options: argparse.Namespace, until_at: int | None) -> tuple[Stage, ...]:
    """The stages that lie ahead, up to an instant if one is given."""
    if options.contract is not None and all(
        one.contract is None or one.contract.id != options.contract for one in report.terms
    ):
        return ()
    return tuple(
        one
        for one in alarms(book, report, options.contract)
        if one.at > report.at and (until_at is None or one.at <= until_at)
    )


def _until(options: argparse.Namespace, at: int) -> int | None:
    if options.horizon is None:
        return None
    try:
        return horizon_end(options.horizon, at)
    except ValueError as fault:
        raise Stop(f"upheld: --horizon {options.horizon}: {fault}") from None
