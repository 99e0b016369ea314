"""Whether results are drawn, as wide and as colourful as whoever reads them can see; plain text if not.

Drawn is for terminals: into a file or a pipe goes plain text, unless colour is asked for. Nothing here loads
a library for drawing unless something is drawn.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from upheld.cli.output import NARROWEST, width

if TYPE_CHECKING:
    from upheld.render.terminal.sheet import Sheet

USUAL_WIDTH: Final = 80
"""How many columns are drawn where no terminal says."""


def add_colour(parser: argparse.ArgumentParser) -> None:
    """`--color auto|always|never`, as git and ripgrep have it."""
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours: on a terminal (auto, the default), also into a pipe (always), or never",
    )


def sheet_of(options: argparse.Namespace) -> Sheet | None:
    """What to draw on; None if plain text is asked for by where it goes.

    `--color` decides before NO_COLOR and a dumb terminal do. What has no colour is drawn all the same.
    """
    if not sys.stdout.isatty() and options.color != "always":
        return None
    from upheld.render.terminal.sheet import Sheet  # what is not drawn should not load a library for it

    return Sheet(max(columns(), NARROWEST), has_colour(options.color), encoding())


def has_colour(asked: str) -> bool:
    """Whether colours are wanted: by what is asked for, else by the terminal and NO_COLOR."""
    if asked != "auto":
        return asked == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def encoding() -> str:
    """In what bytes the output is written."""
    return sys.stdout.encoding or "utf-8"


def columns() -> int:
    """How wide it is: COLUMNS, or the terminal before which the command runs, whatever goes into a pipe."""
    if (told := width()) is not None:
        return told
    for stream in (sys.stderr, sys.stdin):
        try:
            if found := os.get_terminal_size(stream.fileno()).columns:
                return found
        except (OSError, ValueError):  # no terminal, or no file at all
            continue
    return USUAL_WIDTH
