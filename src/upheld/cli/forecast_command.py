"""`upheld forecast`: where running periods are going, and which open deadlines may be missed."""

from __future__ import annotations

import argparse

from upheld.book.forecast import forecasts
from upheld.cli.book_arguments import add_book, report_of, tell_findings
from upheld.cli.output import DONE, WRONG_USE, Stop, add_format, show
from upheld.core.forecasting.forecast import RESAMPLES, SEED
from upheld.render.forecast import (
    NumberedForecast,
    NumberedLateness,
    forecast_lines,
    forecast_record,
    in_order,
    lateness_record,
)
from upheld.render.records import dumps, instant

MOST_RESAMPLES = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    add_book(parser)
    add_drawing(parser)
    add_format(parser)


def add_drawing(parser: argparse.ArgumentParser) -> None:
    """How chances are drawn."""
    parser.add_argument(
        "--seed", metavar="N", default=str(SEED), help=f"the seed of what is drawn (default: {SEED})"
    )
    parser.add_argument(
        "--draws",
        metavar="N",
        default=str(RESAMPLES),
        help=f"how many continuations are drawn (default: {RESAMPLES})",
    )


def drawing(options: argparse.Namespace) -> tuple[int, int]:
    """How many continuations, and the seed."""
    draws, seed = _whole(options.draws, "--draws"), _whole(options.seed, "--seed")
    if not 1 <= draws <= MOST_RESAMPLES:
        raise Stop(f"upheld: --draws {draws}: give a number from 1 to {MOST_RESAMPLES:,}")
    return draws, seed


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Stop(f"upheld: {name} {text}: give a whole number, such as 1")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Prints the forecasts."""
    draws, seed = drawing(options)
    book, report = report_of(options, options.paths)
    code = WRONG_USE if tell_findings(book, report) else DONE
    found = forecasts(report, book.observations, options.contract, draws, seed)
    measured = [NumberedForecast(*one) for one in found.measured]
    deadlines = [NumberedLateness(*one) for one in found.deadlines]
    if options.format == "json":
        record = {
            "at": instant(report.at),
            "known": report.known,
            "measured": [forecast_record(one) for one in in_order(measured)],
            "deadlines": [lateness_record(one) for one in deadlines],
        }
        print(dumps(record), end="")
        return code
    show(forecast_lines(report.at, measured, deadlines))
    return code
