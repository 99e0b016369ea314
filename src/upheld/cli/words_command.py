"""`upheld words`: an agreement in plain words, for the customer who has to live with it."""

from __future__ import annotations

import argparse

from upheld.book.diff import Version
from upheld.book.words import words
from upheld.cli.diff_command import agreement_at, contract_at
from upheld.cli.output import DONE, Stop, refuse, tell
from upheld.cli.prose_output import add_prose, give, written
from upheld.language.node import Mapping, Scalar
from upheld.render.prose.tongue import Tongue

_WIDEST = 100
"""Lines that are longer are hard to read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("agreement", metavar="AGREEMENT", help="an agreement's file")
    parser.add_argument(
        "--plan", default="", help="only this plan (default: every plan, one after the other)"
    )
    parser.add_argument("--contract", metavar="FILE", help="for a contract's file, with what it overrides")
    add_prose(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the agreement in words."""
    agreement = agreement_at(options.agreement)
    contract = contract_at(options.contract)
    _refuse_another_plan(contract, options)
    texts, findings = words(
        Version(agreement.node, agreement.lock),
        Tongue(options.lang),
        plan=options.plan,
        contract=contract,
        clauses=agreement.clauses,
    )
    refuse(findings, "written")
    tell(finding for finding in findings if finding.severity == "warning")
    give(options, written(texts, options.format, _WIDEST))
    return DONE


def _refuse_another_plan(contract: Mapping | None, options: argparse.Namespace) -> None:
    """A contract has the plan that it names: with another one its text would not be that of the contract."""
    row = None if contract is None else contract.get("contract")
    plan = row.get("plan") if isinstance(row, Mapping) else None
    if options.plan and isinstance(plan, Scalar) and plan.text != options.plan:
        raise Stop(
            f"{options.contract} is a contract for the plan `{plan.text}`, not `{options.plan}`: leave out "
            "--plan, or leave out --contract to read the plan alone"
        )
