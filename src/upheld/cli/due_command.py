"""`upheld due`: what is due next."""

from __future__ import annotations

import argparse

from upheld.book.due import Due, ahead, due
from upheld.book.evaluate import Report
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.amount import parse_amount
from upheld.core.instant import DAY
from upheld.files.folder import Folder
from upheld.render.records import dumps, instant, seconds, wake_record
from upheld.render.summary import Coming, due_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    parser.add_argument(
        "--horizon",
        metavar="AMOUNT",
        help="what is due or may be lost within this time, such as 8h or 7d (default: all that is due)",
    )
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what changes if no fact comes, the next one first; within a horizon also what may be lost."""
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report) else DONE
    until_at = _until(options, report.at)
    if until_at is not None:
        return _ahead(options, book, report, until_at, code)
    found = [one for one in due(report) if options.contract in (None, one.key.contract)]
    if options.format == "json":
        rows = [{**wake_record(one.wake, one.key), "remaining_s": seconds(one.remaining_us)} for one in found]
        print(dumps({"at": instant(report.at), "due": rows}), end="")
        return code
    show(due_rows([Coming(d.wake, d.key, d.terms, d.remaining_us) for d in found]) or ["nothing is due"])
    return code


def _ahead(options: argparse.Namespace, book: Folder, report: Report, until_at: int, code: int) -> int:
    """Deadlines and risks in one order."""
    from upheld.book.forecast import forecasts  # only a horizon asks for what may be lost
    from upheld.render.forecast import Ahead, ahead_record, ahead_rows

    found = forecasts(report, book.observations, options.contract)
    rows = [
        Ahead(one.wake.due_at, one.key, one.terms, one.remaining_us, one.wake, one.chance)
        if isinstance(one, Due)
        else Ahead(one.at, one.key, one.terms, one.remaining_us, None, one.chance, one.until_at)
        for one in ahead(report, found, until_at)
        if options.contract in (None, one.key.contract)
    ]
    if options.format == "json":
        print(dumps({"at": instant(report.at), "due": [ahead_record(one) for one in rows]}), end="")
        return code
    show(ahead_rows(rows) or ["nothing is due"])
    return code


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
