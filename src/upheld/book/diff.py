"""What a version of an agreement changes against another: in meaning by plan or contract, and in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upheld.core.comparing.comparison import Change, How, Order, TextChange, both, order_of_changes
from upheld.core.comparing.terms import compare_terms
from upheld.core.terms.agreement import Terms
from upheld.core.values.finding import Finding, in_order
from upheld.core.values.frozen import dataclass
from upheld.language.compile import compile_terms
from upheld.language.contracts import of_any_version
from upheld.language.layers import plans_of
from upheld.language.node import Mapping
from upheld.language.text_changes import text_changes

if TYPE_CHECKING:
    from upheld.language.lock import Lock


@dataclass(frozen=True, slots=True)
class Version:
    """An agreement file as it was read: its tree, and the lock beside it."""

    node: Mapping
    lock: Lock | None = None

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans it offers, in the order of the page."""
        return tuple(plans_of(self.node))


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """How one plan (or one contract) of the second version compares with that of the first.

    `before` and `after` are the terms that were compared; None where that version has no such plan.
    """

    plan: str
    how: How
    order: Order
    changes: tuple[Change, ...] = ()
    before: Terms | None = None
    after: Terms | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """Every plan compared, and what differs in the texts."""

    plans: tuple[PlanDiff, ...]
    texts: tuple[TextChange, ...]

    @property
    def order(self) -> Order:
        """The order of the whole."""
        return both(plan.order for plan in self.plans)


def diff(
    before: Version, after: Version, *, plan: str = "", contract: Mapping | None = None
) -> tuple[Diff | None, tuple[Finding, ...]]:
    """Two versions compared for every plan, for one, or for one contract; and what is wrong with either.

    The contract counts as bound to both, whichever version it names. None beside errors. Source: design 5.
    """
    findings: list[Finding] = []
    found: list[PlanDiff] = []
    for name in [plan] if plan or contract is not None else _plans(before, after):
        sides = []
        for version in (before, after):
            terms, told = _terms(version, name, contract, plan)
            findings += told
            sides.append(terms)
        found.append(_compared(name, sides[0], sides[1]))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        return None, in_order(errors)
    return Diff(tuple(found), text_changes(before.node, after.node)), in_order(findings)


def _plans(before: Version, after: Version) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*after.plans, *before.plans])) or ("",)


def _terms(
    version: Version, name: str, contract: Mapping | None, plan: str
) -> tuple[Terms | None, tuple[Finding, ...]]:
    """The terms of a version for a plan that it has; one without plans has the same terms for all."""
    if contract is not None:
        bound = of_any_version(contract)
        return compile_terms(version.node, contract=bound, plan=plan, lock=version.lock)
    if version.plans and name not in version.plans and not plan:
        return None, ()
    return compile_terms(version.node, plan=name if version.plans or plan else "", lock=version.lock)


def _compared(name: str, before: Terms | None, after: Terms | None) -> PlanDiff:
    if before is None or after is None:
        how: How = "added" if before is None else "removed"
        return PlanDiff(name, how, "better" if before is None else "worse", (), before, after)
    changes = compare_terms(before, after)
    shown = (before.plan or after.plan) if before.contract is not None else name
    return PlanDiff(shown, "changed", order_of_changes(changes), changes, before, after)
