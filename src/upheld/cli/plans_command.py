"""`upheld plans`: a provider's plans side by side, as a customer compares them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from upheld.book.diff import Version
from upheld.book.plans import plans
from upheld.cli.diff_command import agreement_at
from upheld.cli.output import DONE, NARROWEST, refuse, show, tell, width, write_whole
from upheld.core.agreement import Terms
from upheld.render.prose.plans import plan_rows, plans_prose
from upheld.render.prose.tongue import LANGUAGES, Tongue

_USUAL_WIDTH = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("agreement", metavar="AGREEMENT", help="an agreement's file")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="the language (default: en)")
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "html", "json"),
        default="text",
        help="text (default), markdown, html or json",
    )
    parser.add_argument("--output", metavar="FILE", help="write it to a file instead")


def run(options: argparse.Namespace) -> int:
    """Prints the plans."""
    agreement = agreement_at(options.agreement)
    found, findings = plans(Version(agreement.node, agreement.lock))
    refuse(findings, "compared")
    tell(finding for finding in findings if finding.severity == "warning")
    written = _written(found, Tongue(options.lang), options.format)
    if options.output:
        write_whole(Path(options.output), written)
    elif options.format == "text":
        show(written.splitlines())
    else:
        sys.stdout.write(written)
    return DONE


def _written(found: Sequence[Terms], tongue: Tongue, form: str) -> str:
    if form == "json":
        from upheld.render.record_values import dumps

        return dumps(_record(found, tongue))
    if form == "html":
        from upheld.render.prose.html import page

        return page([plans_prose(found, tongue)])
    if form == "markdown":
        from upheld.render.prose.markdown import markdown

        return markdown([plans_prose(found, tongue)])
    from upheld.render.prose.plain import plain

    columns = max(NARROWEST, width() or _USUAL_WIDTH)
    return "\n".join(plain([plans_prose(found, tongue)], columns)) + "\n"


def _record(found: Sequence[Terms], tongue: Tongue) -> dict[str, object]:
    names = [terms.plan or terms.agreement for terms in found]
    return {
        "agreement": found[0].agreement,
        "version": found[0].version,
        "provider": found[0].provider,
        "language": tongue.language,
        "plans": names,
        "rows": [
            {
                "group": row.group,
                "promise": row.name,
                "cells": {name: cell or None for name, cell in zip(names, row.cells, strict=True)},
                "differs": row.differs,
                "clauses": list(row.clauses),
            }
            for row in plan_rows(found, tongue)
        ],
    }
