"""What can be told of an agreement before any fact: the faults of every plan, the coverage of its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from upheld.core.terms.agreement import Assumption, Clause
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import dataclass
from upheld.language.assumed import tell_readings
from upheld.language.compile import compile_text
from upheld.language.coverage import Coverage, coverage_of, read_clauses
from upheld.language.defects import tell_defects
from upheld.language.layers import plans_of
from upheld.language.lint.order import lints_for
from upheld.language.node import Mapping as MapNode
from upheld.language.node import Node
from upheld.language.report import Report
from upheld.language.whole import PlanText, Whole
from upheld.language.world import YEARS, World

if TYPE_CHECKING:
    from upheld.language.lock import HolidaySpec, Lock


@dataclass(slots=True)
class _Gathered:
    """What the compilations for all plans rest on together."""

    cited: dict[str, Place]
    consulted: set[str]
    assumptions: dict[str, Assumption]
    plans: list[PlanText]


def check_agreement(
    agreement: Node,
    *,
    clauses: Node | None = None,
    lock: Lock | None = None,
    years: tuple[int, int] = YEARS,
    page: tuple[str, str] | None = None,
) -> tuple[tuple[Finding, ...], Coverage]:
    """Every finding about an agreement file, each once, and its coverage of the clause list given.

    The agreement is compiled for each of its plans, or once if it has none. `clauses` is the tree of the file
    that the document names; whoever reads files tells if there is none. `page` is the text of the provider's
    page and the name of its file. Findings that the agreement acknowledges are among them, with the reason.
    """
    report, world = Report(), World(lock, years)
    gathered = _compiled_for_all(agreement, world, report)
    coverage = Coverage()
    listed: dict[str, Clause] = {}
    if clauses is not None:
        listed = read_clauses(clauses, report)
        coverage = coverage_of(listed, gathered.cited, report)
        known = gathered.assumptions
        gathered.consulted |= tell_defects(clauses, listed, known, _declared(agreement), report)
        if page is not None:
            from upheld.language.page import check_page  # here: hashes are for those who give a page

            report.take(check_page(clauses, *page))
    tell_readings(gathered.assumptions.values(), gathered.consulted, report)
    if not isinstance(agreement, MapNode):
        return in_order(report.findings), coverage
    if not report.errors:
        plans = tuple(gathered.plans)
        whole = Whole(agreement, plans, world.years, lock, listed, clauses, gathered.cited)
        for lint in lints_for(whole):
            report.take(lint(whole))
    if agreement.get("acknowledge") is None:
        return in_order(report.findings), coverage
    from upheld.language.acknowledge import acknowledged  # here: most agreements acknowledge nothing

    others = () if clauses is None else (clauses,)
    told = Report()
    told.errors = report.errors
    findings = acknowledged(in_order(report.findings), agreement, others, told)
    return in_order((*findings, *told.findings)), coverage


def lock_needs(
    agreement: Node, contracts: Iterable[MapNode] = (), years: tuple[int, int] = YEARS
) -> tuple[frozenset[str], dict[str, HolidaySpec], tuple[Finding, ...]]:
    """The zones, and the holidays by the name that the lock gives them, that an agreement can ask for.

    Over all its plans, under every reading, and with what these contract files override. The findings tell
    what of it there is not, so that a lock cannot hold it.
    """
    from upheld.language.lock import HolidaySpec

    world, report = World(None, years), Report()
    zones: set[str] = set()
    holidays: dict[str, HolidaySpec] = {}
    asked = [(None, plan) for plan in _plans(agreement)] + [(contract, "") for contract in contracts]
    for contract, plan in asked:
        compiled = compile_text(agreement, contract, plan, world, report)
        zones |= compiled.zones
        for key, wanted in compiled.holidays.items():
            holidays[key] = HolidaySpec(wanted.country, wanted.subdivision or None, wanted.categories)
    return frozenset(zones), holidays, tuple(report.findings)


def _plans(agreement: Node) -> tuple[str, ...]:
    return (tuple(plans_of(agreement)) if isinstance(agreement, MapNode) else ()) or ("",)


def _compiled_for_all(agreement: Node, world: World, report: Report) -> _Gathered:
    gathered = _Gathered({}, set(), {}, [])
    own = plans_of(agreement) if isinstance(agreement, MapNode) else {}
    for plan in _plans(agreement):
        compiled = compile_text(agreement, None, plan, world, report)
        for clause, place in compiled.cited.items():
            gathered.cited.setdefault(clause, place)
        gathered.consulted |= compiled.consulted
        gathered.assumptions |= compiled.assumptions
        if compiled.terms is not None and compiled.text is not None:
            gathered.plans.append(PlanText(plan, compiled.terms, compiled.text, own.get(plan)))
    return gathered


def _declared(agreement: Node) -> frozenset[str]:
    """The names of all assumptions as written, broken ones too."""
    section = agreement.get("assume") if isinstance(agreement, MapNode) else None
    return frozenset(key.text for key, _ in section.entries) if isinstance(section, MapNode) else frozenset()
