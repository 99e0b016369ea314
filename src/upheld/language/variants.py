"""The terms of a checked agreement under other readings: only rows that consult them are compiled anew."""

from __future__ import annotations

from collections.abc import Mapping

from upheld.core.terms.agreement import Contract, Terms
from upheld.language.layers import laid, plans_of
from upheld.language.node import Mapping as MapNode
from upheld.language.report import Report
from upheld.language.row_memory import RowMemory
from upheld.language.terms import Pass
from upheld.language.world import World


class Variants:
    """One agreement as it holds for one contract, ready to be compiled under any options of its readings."""

    def __init__(self, agreement: MapNode, contract: MapNode, bound: Contract, world: World) -> None:
        self._plans = tuple(plans_of(agreement))
        self._text = laid(agreement, bound.plan, contract, Report())
        self._contract = contract
        self._bound = bound
        self._world = world
        self._memory = RowMemory()

    def terms(self, taking: Mapping[str, str]) -> Terms | None:
        """The terms where assumptions take these options; None if that leaves something that cannot be."""
        report = Report(errors_only=True)
        whole = Pass(self._text, self._plans, self._bound, self._world, report, self._memory, taking)
        whole.run(self._bound.plan, self._contract)
        return None if report.errors else whole.result.terms
