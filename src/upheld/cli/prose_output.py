"""Where prose goes: text, Markdown or HTML, to standard output or to a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from upheld.cli.output import NARROWEST, named_target, show, width, write_whole
from upheld.render.prose.document import Prose
from upheld.render.prose.tongue import LANGUAGES

FORMS: Final = ("text", "markdown", "html")
_USUAL_WIDTH: Final = 80


def add_prose(parser: argparse.ArgumentParser, *more: str) -> None:
    """`--lang`, `--format` with `more` forms than prose has, and `--output`."""
    forms = (*FORMS, *more)
    named = f"{', '.join(forms[1:-1])} or {forms[-1]}"
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="the language (default: en)")
    parser.add_argument("--format", choices=forms, default="text", help=f"text (default), {named}")
    parser.add_argument("--output", type=named_target, metavar="FILE", help="write it to a file instead")


def written(texts: Sequence[Prose], form: str, widest: int | None = None) -> str:
    """The texts in a form; lines of plain text are as wide as the terminal, up to `widest`."""
    if form == "html":
        from upheld.render.prose.html import page

        return page(texts)
    if form == "markdown":
        from upheld.render.prose.markdown import markdown

        return markdown(texts)
    from upheld.render.prose.plain import plain

    columns = width() or _USUAL_WIDTH
    columns = columns if widest is None else min(columns, widest)
    return "\n".join(plain(texts, max(NARROWEST, columns))) + "\n"


def give(options: argparse.Namespace, text: str) -> None:
    """Writes what was written to the file asked for, or to standard output."""
    if options.output:
        write_whole(Path(options.output), text)
    elif options.format == "text":
        show(text.splitlines())
    else:
        sys.stdout.write(text)
