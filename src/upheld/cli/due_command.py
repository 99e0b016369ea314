"""`upheld due`: what is due next."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from fractions import Fraction

from upheld.book.claims import claimable, to_file
from upheld.book.due import Due, Risk, ahead, due, merged, shares_used
from upheld.book.duties import duties_ahead, owed_without_limit
from upheld.book.forecast import forecasts
from upheld.cli.book_arguments import OF_THE_WHOLE, add_book, report_of, tell_findings
from upheld.cli.drawing import add_colour, sheet_of
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.timeline.instant import DAY
from upheld.core.values.amount import parse_amount
from upheld.render.claims import claimable_record, claimable_rows
from upheld.render.forecast import Ahead, ahead_record, ahead_rows, owed_record, owed_rows
from upheld.render.records import dumps, instant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    parser.add_argument(
        "--horizon",
        metavar="AMOUNT",
        help="what is due or may be lost within this time, such as 8h or 7d (default: all that is due)",
    )
    add_format(parser)
    add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what changes if no fact comes, the next one first; within a horizon also what may be lost."""
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report, OF_THE_WHOLE) else DONE
    until_at = _until(options, report.at)
    found: Sequence[Due | Risk] = due(report)
    if until_at is not None:
        found = ahead(report, forecasts(report, book.observations, options.contract), until_at)
    found = merged(found, duties_ahead(book, report, until_at))
    owed = [one for one in owed_without_limit(book, report) if options.contract in (None, one.key.contract)]
    open_claims = to_file(claimable(book, report, options.contract), until_at)
    used = shares_used(report, found)
    shown = (_shown(one, share) for one, share in zip(found, used, strict=True))
    rows = [one for one in shown if options.contract in (None, one.key.contract)]
    if options.format == "json":
        record = {
            "at": instant(report.at),
            "due": [ahead_record(one) for one in rows],
            "owed": [owed_record(one) for one in owed],
            "claimable": [claimable_record(one) for one in open_claims],
        }
        print(dumps(record), end="")
        return code
    if (sheet := sheet_of(options)) is not None:
        from upheld.render.terminal.due import due_page

        sys.stdout.write(due_page(sheet, report.at, rows))
    else:
        show(ahead_rows(rows) or ["nothing is due"])
    lines = ["", "owed, without a limit:", *owed_rows(owed)] if owed else []
    lines += ["", "can be claimed:", *claimable_rows(open_claims)] if open_claims else []
    if sheet is None:
        show(lines)
    else:
        from upheld.render.terminal.report import lines_page

        sys.stdout.write(lines_page(sheet, lines))
    return code


def _shown(one: Due | Risk, used: Fraction | None) -> Ahead:
    if isinstance(one, Risk):
        return Ahead(one.at, one.key, one.terms, one.remaining_us, None, one.chance, one.until_at, used)
    return Ahead(one.wake.due_at, one.key, one.terms, one.remaining_us, one.wake, one.chance, used=used)


def _until(options: argparse.Namespace, at: int) -> int | None:
    if options.horizon is None:
        return None
    try:
        amount = parse_amount(options.horizon)
    except ValueError as fault:
        raise Stop(f"upheld: --horizon {options.horizon}: {fault}") from None
    length_us = {"time": 1, "days": DAY, "weeks": 7 * DAY}.get(amount.kind)
    if length_us is None:
        raise Stop(f"upheld: --horizon {options.horizon}: give hours, days or weeks")
    return at + int(amount.count) * length_us
