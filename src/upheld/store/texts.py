"""The agreements and contracts of a provider as its database has them, bound to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from upheld.core.book import Origin
from upheld.core.facts.fact_types import FactType
from upheld.core.terms.agreement import Terms
from upheld.core.values.finding import MOST_TOLD, Finding, are_enough, in_order, stopped
from upheld.core.values.frozen import dataclass
from upheld.core.values.value import Money
from upheld.language.library import (
    AgreementFile,
    ContractFile,
    declared_types,
    map_of,
    resolve,
    terms_under,
    with_neighbours,
)
from upheld.language.origins import origins
from upheld.language.other_plans import Resolved, with_plans
from upheld.store.models import Text
from upheld.store.walls import of_one_provider

if TYPE_CHECKING:
    from upheld.core.readings.exploration import Selection

YAML: Final = (".yaml", ".yml")
Named = Mapping[str, Mapping[str, Mapping[str, Money]]]
"""The plans that facts name for contracts, with the fees that they give: see `core.terms.plans_named`."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Contracts bound to the agreements that they name. What is wrong with the texts is in `findings`."""

    agreements: tuple[AgreementFile, ...]
    contracts: tuple[ContractFile, ...]
    resolved: tuple[Resolved, ...]
    findings: tuple[Finding, ...]

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The terms of each contract, by its id."""
        return tuple(one.terms for one in self.resolved)

    @property
    def declared(self) -> Mapping[str, FactType]:
        """The types of facts that the agreements add."""
        return declared_types(self.terms)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """What the terms of each contract were made of."""
        return origins(self.agreements, self.contracts, self.terms)

    def under(self, named: Named) -> Bound:
        """The same, with the terms under the plans that facts name."""
        resolved, more = with_plans(self.resolved, named)
        findings = in_order([*self.findings, *more])
        return Bound(self.agreements, self.contracts, tuple(resolved), findings)

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        """Some of the terms, compiled anew where readings are taken otherwise. See `Book`."""
        variants = {
            (one.contract_id, plan): own for one in self.resolved for plan, own in one.variants.items()
        }
        return terms_under(variants, selection, terms)


def bind(texts: Mapping[str, bytes], *, sent_by: str = "") -> Bound:
    """Agreements and contracts by the paths of their files, with locks and clause lists beside them.

    What is sent by a provider are its own agreements; if as much is wrong as is told at once, the rest of it
    is not looked at.
    """
    whole = not sent_by
    agreements: list[AgreementFile] = []
    contracts: list[ContractFile] = []
    findings: list[Finding] = []
    unread = False
    for name in sorted(texts):
        if not name.endswith(YAML):
            continue
        if not whole and are_enough(findings):
            return Bound((), (), (), (*in_order(findings), stopped(MOST_TOLD, findings[-1].place)))
        node, found = map_of(texts[name], name)
        if node is None:
            findings += found
            unread = True
        elif node.get("document") is not None:
            agreement, more = with_neighbours(Path(name), node, lambda path: texts.get(path.as_posix()))
            findings += (*found, *more)
            if sent_by and agreement.provider not in ("", sent_by):
                findings.append(_foreign(agreement, sent_by))
            agreements.append(agreement)
        elif node.get("contract") is not None:
            findings += found
            contracts.append(ContractFile(Path(name), node))
    resolved, more = resolve(agreements, contracts, unread, whole=whole)
    return Bound(tuple(agreements), tuple(contracts), tuple(resolved), in_order([*findings, *more]))


def _foreign(agreement: AgreementFile, provider: str) -> Finding:
    """That an agreement is one of others than the provider."""
    message = f"this is an agreement of {agreement.provider[:80]}, not of {provider}"
    place = (agreement.node.at("document", "provider") or agreement.node).place
    return Finding("unknown-provider", message, (place,), "apply it for that provider")


@of_one_provider
def texts_in_force(provider_id: int) -> dict[str, bytes]:
    """The files of a provider as the last revision has them."""
    rows = Text.objects.filter(provider_id=provider_id, gone=None)
    return {path: bytes(body) for path, body in rows.values_list("path", "body")}
