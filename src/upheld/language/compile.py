"""The compiler: from the text of an agreement to the values that every pure function reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from upheld.core.terms.agreement import Contract, Terms
from upheld.core.values.finding import MOST_TOLD, EnoughError, Finding, in_order
from upheld.core.values.frozen import replace
from upheld.core.values.value import Money
from upheld.language.concepts import concept
from upheld.language.contracts import read_contract
from upheld.language.layers import laid, plans_of, tell_strangers
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node
from upheld.language.report import Report
from upheld.language.row_pass import Compiled
from upheld.language.suggestion import did_you_mean
from upheld.language.terms import Pass
from upheld.language.world import YEARS, World

if TYPE_CHECKING:
    from upheld.language.lock import Lock


def compile_terms(
    agreement: Node,
    *,
    contract: MapNode | None = None,
    plan: str = "",
    lock: Lock | None = None,
    years: tuple[int, int] = YEARS,
    world: World | None = None,
) -> tuple[Terms | None, tuple[Finding, ...]]:
    """The terms of an agreement file for one contract file, or for one plan; and everything wrong with them.

    `agreement` and `contract` are the trees of whole files; a plan given here takes the place of the
    contract's. The terms are None if any finding is an error. With a lock its zones, holidays and years are
    used, else those of the installed packages for `years`; a `world` stands for both, and one that is used
    for several compilations compiles each calendar once. Nothing that a text can hold raises.
    Source: design 5.
    """
    report = Report(most=MOST_TOLD)
    try:
        compiled = compile_text(agreement, contract, plan, world or World(lock, years), report)
    except EnoughError:
        return None, in_order(report.findings)
    return (None if report.errors else compiled.terms), in_order(report.findings)


def compile_plan(
    terms: Terms,
    agreement: MapNode,
    contract: MapNode,
    plan: str,
    fees: Mapping[str, Money],
    world: World,
) -> tuple[Terms | None, tuple[Finding, ...]]:
    """The terms of a contract under another plan that it changes to, and every error in them.

    `terms` are those of the contract's own file, of which the errors are told already; `fees` are those that
    facts tell for the plan: a remedy may name them, or those that the contract file says for it. None also if
    the agreement has no such plan, or it is the contract's own.
    """
    if plan == terms.plan or plan not in plans_of(agreement) or terms.contract is None:
        return None, ()
    report = Report()
    known = {**terms.contract.fees, **terms.contract.plan_fees.get(plan, {}), **fees}
    compiled = compile_text(agreement, contract, plan, world, report, known)
    errors = tuple(one for one in report.findings if one.severity == "error")
    return (None if errors else compiled.terms), in_order(errors)


def compile_text(
    agreement: Node,
    contract: MapNode | None,
    plan: str,
    world: World,
    report: Report,
    fees: Mapping[str, Money] | None = None,
) -> Compiled:
    """As `compile_terms`, with what the terms rest on; findings go to the report.

    `fees` take the place of those of the contract.
    """
    if not isinstance(agreement, MapNode):
        way_out = f"begin with `{concept('document').example}`"
        report.error("wrong-shape", "an agreement is a map of concepts", agreement.place, way_out)
        return Compiled()
    tell_strangers(agreement, False, report)
    bound = read_contract(contract, report, world) if contract is not None else None
    chosen = _chosen_plan(agreement, contract, bound, plan, report)
    if contract is not None and bound is not None:
        _tell_fees_by_plan(agreement, contract, bound, report)
    text = laid(agreement, chosen, contract, report)
    if bound is not None and chosen:
        bound = replace(bound, plan=chosen, fees=bound.fees if fees is None else fees)
    whole = Pass(text, tuple(plans_of(agreement)), bound, world, report)
    whole.run(chosen, contract)
    return whole.result


def _tell_fees_by_plan(agreement: MapNode, contract: MapNode, bound: Contract, report: Report) -> None:
    """Fees of a plan that there is not, or of the one that was bought, whose fees stand elsewhere."""
    row, plans = contract.get("contract"), plans_of(agreement)
    given = row.get("fees by plan") if isinstance(row, MapNode) else None
    for key, _ in given.entries if isinstance(given, MapNode) else ():
        if key.text not in plans:
            way_out = did_you_mean(key.text, plans) or f"the plans are {', '.join(plans) or 'none'}"
            report.error("unknown-plan", f"there is no plan `{key.text}`", key.place, way_out)
        elif key.text == bound.plan:
            message = f"`{key.text}` is the plan of the contract, so what it pays stands in `fees`"
            report.warn("without-effect", message, key.place, "name the plans that it may change to")


def _chosen_plan(
    agreement: MapNode, contract: MapNode | None, bound: Contract | None, plan: str, report: Report
) -> str:
    """The plan asked for or bought; that it is missing or does not exist is told.

    Then the text is read as that of the first plan, for without any a text with plans is not whole: what
    plans give would be found missing in it, one error after the other.
    """
    plans = plans_of(agreement)
    wanted = plan or (bound.plan if bound else "")
    place = agreement.place
    if contract is not None:
        row = contract.get("contract")
        place = contract.place
        if isinstance(row, MapNode):
            key, node = row.key("contract"), row.get("plan")
            place = node.place if node is not None and not plan else (key or row).place
    if wanted and wanted not in plans:
        way_out = did_you_mean(wanted, plans) or (
            f"the plans are {', '.join(plans)}" if plans else "leave it out: the agreement has no plans"
        )
        report.error("unknown-plan", f"there is no plan `{wanted}`", place, way_out)
        return next(iter(plans), "")
    if plans and not wanted and not (contract is not None and bound is None):
        where = "" if contract is not None else " by --plan, or give a contract that does"
        way_out = f"name one of {', '.join(plans)}{where}"
        report.error("plan-missing", "the agreement has plans, and none is chosen", place, way_out)
        return next(iter(plans))
    return wanted
