"""Contracts with the terms under the plans that facts say they change to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from upheld.core.terms.agreement import Terms
from upheld.core.values.finding import Finding
from upheld.core.values.frozen import replace
from upheld.core.values.value import Money
from upheld.language.compile import compile_plan
from upheld.language.node import Mapping as MapNode
from upheld.language.variants import Variants
from upheld.language.world import World


class Resolved(NamedTuple):
    """The terms of a contract, what they were made of, and how they would be under other readings, by plan.

    The plan of the contract's own file is the empty one.
    """

    terms: Terms
    agreement: MapNode
    contract: MapNode
    world: World
    variants: Mapping[str, Variants]

    @property
    def contract_id(self) -> str:
        """The id of the contract."""
        assert self.terms.contract is not None
        return self.terms.contract.id


def with_plans(
    resolved: Sequence[Resolved], named: Mapping[str, Mapping[str, Mapping[str, Money]]]
) -> tuple[list[Resolved], list[Finding]]:
    """The contracts with the terms under the plans that are named for each, and what is wrong with these.

    A plan that an agreement does not have is left out: whoever names it is told where the fact stands.
    Contracts whose texts say the same share how they are under other readings.
    """
    found: list[Resolved] = []
    findings: list[Finding] = []
    shared: dict[Hashable, Variants] = {}
    for one in resolved:
        terms, variants = one.terms, dict(one.variants)
        assert terms.contract is not None
        plans: dict[str, Terms] = {}
        for plan, fees in named.get(terms.contract.id, {}).items():
            own, told = compile_plan(terms, one.agreement, one.contract, plan, fees, one.world)
            findings += told
            if own is None or own.contract is None:
                continue
            bound = own.contract
            key = variants[""], plan, frozenset((name, fee.currency) for name, fee in bound.fees.items())
            if key not in shared:
                shared[key] = Variants(one.agreement, one.contract, bound, one.world)
            variants[plan] = shared[key]
            own_fees = bound.plan_fees.get(plan, {})
            plans[plan] = replace(own, contract=replace(bound, fees=own_fees))
        found.append(one._replace(terms=replace(terms, plans=plans) if plans else terms, variants=variants))
    return found, findings
