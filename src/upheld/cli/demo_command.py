"""`upheld demo`: the shipped agreements on the shipped month of facts."""

from __future__ import annotations

import argparse
from pathlib import Path

from upheld.cli import evaluate_command
from upheld.cli.drawing import add_colour
from upheld.cli.output import Stop, add_format

AT = "2026-07-01T00:00:00Z"
"""The shipped facts are those of June 2026."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument(
        "--summary", action="store_true", help="only the first screen, not each contract in full"
    )
    parser.add_argument(
        "--readings", action="store_true", help="also on which readings of the agreements it depends"
    )
    add_format(parser)
    add_colour(parser)


def run(options: argparse.Namespace) -> int:
    """What `upheld evaluate agreements demo --at 2026-07-01T00:00:00Z` prints."""
    here = Path(__file__).resolve().parents[1]
    shipped = [here / "shipped", here.parents[1]]  # an installed package; a checkout
    for folder in shipped:
        if (folder / "agreements").is_dir() and (folder / "demo").is_dir():
            # Asked as `evaluate` is, so that each of its options has the value that it has there.
            parser = argparse.ArgumentParser()
            evaluate_command.add_arguments(parser)
            asked = parser.parse_args([str(folder / "agreements"), str(folder / "demo"), "--at", AT])
            return evaluate_command.run(argparse.Namespace(**{**vars(asked), **vars(options)}))
    raise Stop("upheld: this installation ships no demo; in a checkout: upheld evaluate agreements demo")
