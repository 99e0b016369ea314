"""`upheld due`: what is due next."""

from __future__ import annotations

import argparse

from upheld.book.due import due
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.amount import parse_amount
from upheld.render.records import dumps, instant, seconds, wake_record
from upheld.render.summary import Coming, due_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    parser.add_argument(
        "--horizon", metavar="AMOUNT", help="only what is due within this time, such as 8h (default: all)"
    )
    add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints what changes if no fact comes, the next one first."""
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report) else DONE
    found = [
        one for one in due(report, _until(options, report.at)) if options.contract in (None, one.key.contract)
    ]
    if options.format == "json":
        rows = [{**wake_record(one.wake, one.key), "remaining_s": seconds(one.remaining_us)} for one in found]
        print(dumps({"at": instant(report.at), "due": rows}), end="")
        return code
    show(due_rows([Coming(d.wake, d.key, d.terms, d.remaining_us) for d in found]) or ["nothing is due"])
    return code


def _until(options: argparse.Namespace, at: int) -> int | None:
    if options.horizon is None:
        return None
    try:
        amount = parse_amount(options.horizon)
    except ValueError as fault:
        raise Stop(f"upheld: --horizon {options.horizon}: {fault}") from None
    hours = {"time": 1, "days": 86_400_000_000, "weeks": 7 * 86_400_000_000}.get(amount.kind)
    if hours is None:
        raise Stop(f"upheld: --horizon {options.horizon}: give hours, days or weeks")
    return at + int(amount.count) * hours
