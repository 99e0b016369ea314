"""`upheld plans`: a provider's plans side by side, as a customer compares them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from upheld.book.diff import Version
from upheld.book.plans import plans
from upheld.cli.diff_command import agreement_at
from upheld.cli.output import DONE, refuse, tell
from upheld.cli.prose_output import add_prose, give, written
from upheld.core.terms.agreement import Terms
from upheld.render.prose.plans import plan_rows, plans_prose
from upheld.render.prose.tongue import Tongue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("agreement", metavar="AGREEMENT", help="an agreement's file")
    add_prose(parser, "json")


def run(options: argparse.Namespace) -> int:
    """Prints the plans."""
    agreement = agreement_at(options.agreement)
    found, findings = plans(Version(agreement.node, agreement.lock))
    refuse(findings, "compared")
    tell(finding for finding in findings if finding.severity == "warning")
    tongue = Tongue(options.lang)
    if options.format == "json":
        from upheld.render.record_values import dumps

        give(options, dumps(_record(found, tongue)))
    else:
        give(options, written([plans_prose(found, tongue)], options.format))
    return DONE


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
