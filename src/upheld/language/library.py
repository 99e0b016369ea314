"""Agreements and contracts as texts, by the names of their files: read, and bound to each other.

Where the texts are (in a folder, in a database) is for others to know: they are asked for by name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from upheld.core.facts.fact_types import FactType, Field, FieldKind
from upheld.core.terms.agreement import ObligationRule, QuotaRule, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.timeline.words import count
from upheld.core.values.finding import MOST_TOLD, Finding, Place, are_enough, stopped
from upheld.core.values.frozen import dataclass, replace
from upheld.language.compile import compile_terms
from upheld.language.layers import MOST_PLANS, plans_of
from upheld.language.lock import Lock, LockError, load
from upheld.language.node import Mapping, Scalar
from upheld.language.other_plans import Resolved
from upheld.language.reader import read_yaml
from upheld.language.suggestion import did_you_mean
from upheld.language.variants import Variants
from upheld.language.world import World

if TYPE_CHECKING:
    from upheld.core.readings.exploration import Selection  # a check loads nothing that only explores

Read: TypeAlias = Callable[[Path], "bytes | None"]
"""What stands in a file, or None if there is none of that name."""
MOST_COMPILED: Final = 20
"""Contracts that are compiled where something is wrong already: each takes a millisecond."""


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """An agreement as it stands in its file, with the lock beside it and the list of its clauses."""

    path: Path
    node: Mapping
    lock: Lock | None = None
    clauses: Mapping | None = None

    @property
    def name(self) -> str:
        """The name by which contracts bind to it."""
        return _text(self.node, "document", "agreement")

    @property
    def version(self) -> str:
        """Its version."""
        return _text(self.node, "document", "version")

    @property
    def provider(self) -> str:
        """Who promises."""
        return _text(self.node, "document", "provider")

    @property
    def clauses_path(self) -> Path | None:
        """Where it says that the list of its clauses stands."""
        named = self.node.at("document", "clauses")
        return self.path.parent / named.text if isinstance(named, Scalar) else None

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans it offers, in the order of the page."""
        plans = self.node.get("plan")
        return tuple(key.text for key, _ in plans.entries) if isinstance(plans, Mapping) else ()


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract as it stands in its file."""

    path: Path
    node: Mapping

    @property
    def id(self) -> str:
        """The id by which it is known."""
        return _text(self.node, "contract", "id")

    @property
    def agreement(self) -> str:
        """The name of the agreement that it binds to."""
        return _text(self.node, "contract", "agreement")

    @property
    def plan(self) -> str:
        """The plan that it takes."""
        return _text(self.node, "contract", "plan")


def map_of(data: bytes, name: str) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The map that a YAML text holds, and what is wrong with it. `name` is that of its file."""
    node, findings = read_yaml(data, name)
    if node is not None and not isinstance(node, Mapping):
        message = "this file holds no map of names to values"
        return None, (*findings, Finding("not-a-map", message, (node.place,), "begin with `document:`"))
    if node is not None and len(plans := plans_of(node)) > MOST_PLANS:
        message = f"these are {len(plans):,} plans, and {MOST_PLANS} are read at most"
        place = next(islice(plans.values(), MOST_PLANS, None))[0].place
        way_out = "keep those that are sold; what was agreed with one customer is an `override`"
        return None, (*findings, Finding("too-many-nodes", message, (place,), way_out))
    return node, findings


def with_neighbours(path: Path, node: Mapping, read: Read) -> tuple[AgreementFile, list[Finding]]:
    """The agreement with its lock and its clause list, where they are, and what is wrong with these."""
    findings: list[Finding] = []
    lock: Lock | None = None
    lock_path = lock_path_of(path)
    data = read(lock_path)
    if data is not None:
        try:
            lock = load(data.decode("utf-8"))
        except (LockError, UnicodeDecodeError) as fault:
            way_out = f"make it anew: upheld lock {path}"
            findings.append(Finding("bad-lock", str(fault), (Place(str(lock_path)),), way_out))
    clauses: Mapping | None = None
    named = node.at("document", "clauses")
    if isinstance(named, Scalar):
        data = read(path.parent / named.text) if _stays_beside(path, named.text) else None
        if data is None:
            message = f"there is no file `{named.text}` beside the agreement"
            findings.append(Finding("missing-file", message, (named.place,), "write the clause list there"))
        else:
            clauses, more = map_of(data, str(path.parent / named.text))
            findings += more
    return AgreementFile(path, node, lock, clauses), findings


def _stays_beside(path: Path, named: str) -> bool:
    """Whether a name leads to nothing outside the folder of a file, links followed."""
    return (path.parent / named).resolve().is_relative_to(path.parent.resolve())


def lock_path_of(path: Path) -> Path:
    """Where the lock of an agreement stands: sivo.lock.json beside sivo.yaml."""
    return path.with_name(f"{path.stem}.lock.json")


def terms_under(
    variants: Table[tuple[str, str], Variants], selection: Selection, terms: Sequence[Terms]
) -> tuple[Terms, ...] | None:
    """Some terms, compiled anew where readings are taken otherwise. See `upheld.core.book.Book`.

    `variants` are by contract and plan; contracts whose texts say the same share what is compiled.
    """
    taking = dict(selection)
    compiled: dict[Hashable, Terms | None] = {}
    found: list[Terms] = []
    for one in terms:
        plans: dict[str, Terms] = {}
        for plan, own in {"": one, **one.plans}.items():
            assert own.contract is not None
            variant = variants[own.contract.id, plan]
            if variant not in compiled:
                compiled[variant] = variant.terms(taking)
            anew = compiled[variant]
            if anew is None:
                return None
            plans[plan] = replace(anew, contract=own.contract)
        own = plans.pop("")
        found.append(replace(own, plans=plans) if plans else own)
    return tuple(found)


def resolve(
    agreements: Sequence[AgreementFile],
    contracts: Sequence[ContractFile],
    unread: bool = False,
    *,
    whole: bool = True,
) -> tuple[list[Resolved], list[Finding]]:
    """Every contract with its terms, by its id, and what is wrong.

    Where a file could not be read (`unread`), an agreement that is not there may be in it. What somebody
    sends need not be looked at as a `whole`: not behind as many errors as are told at once, and only the
    first contracts (`MOST_COMPILED`) are compiled if something is wrong before.
    """
    findings: list[Finding] = []
    by_id: dict[str, Resolved] = {}
    worlds: dict[Path, World] = {}
    alike: dict[tuple[Hashable, ...], Variants] = {}
    bound = list(_bound(agreements, contracts, unread, findings, whole=whole))
    for contract, agreement in bound if whole or not (unread or findings) else bound[:MOST_COMPILED]:
        if not whole and are_enough(findings):
            findings.append(stopped(MOST_TOLD, findings[-1].place))
            break
        world = worlds.setdefault(agreement.path, World(agreement.lock))
        terms, found = compile_terms(agreement.node, contract=contract.node, world=world)
        findings += found
        if terms is None or terms.contract is None:
            continue
        key = _alike(terms, agreement, contract)
        if key not in alike:
            alike[key] = Variants(agreement.node, contract.node, terms.contract, world)
        by_id[terms.contract.id] = Resolved(terms, agreement.node, contract.node, world, {"": alike[key]})
    return [by_id[name] for name in sorted(by_id)], findings


def _bound(
    agreements: Sequence[AgreementFile],
    contracts: Iterable[ContractFile],
    unread: bool,
    findings: list[Finding],
    *,
    whole: bool,
) -> Iterator[tuple[ContractFile, AgreementFile]]:
    """Each contract with the agreement that it names, unless another contract has its id."""
    places: dict[str, Place] = {}
    for contract in contracts:
        if not whole and are_enough(findings):
            return
        agreement = _agreement_of(contract, agreements, findings, unread)
        if agreement is None:
            continue
        name, place = contract.id, contract.node.place
        if name in places:
            message = f"contract `{name}` is there twice"
            findings.append(
                Finding("duplicate-contract", message, (place, places[name]), "rename one of them")
            )
            continue
        if name:  # whose has none is told so where it is compiled
            places[name] = place
        yield contract, agreement


def _id(terms: Terms) -> str:
    assert terms.contract is not None
    return terms.contract.id


def _alike(terms: Terms, agreement: AgreementFile, contract: ContractFile) -> tuple[Hashable, ...]:
    """What its texts say to the terms of a contract; its own id where it overrides something."""
    assert terms.contract is not None
    bound = terms.contract
    if contract.node.get("override") is not None:
        return (bound.id,)
    fees = frozenset((name, fee.currency) for name, fee in bound.fees.items())
    rules: list[QuotaRule | ObligationRule | CommitRule] = [*terms.quotas, *terms.obligations, *terms.commits]
    kinds = {rule.period.kind for rule in rules}
    begins_on = (bound.from_on, bound.billing_day) if kinds & {"contract year", "billing cycle"} else None
    return agreement.path, terms.plan, bound.zone, fees, begins_on


def _agreement_of(
    contract: ContractFile, agreements: Sequence[AgreementFile], findings: list[Finding], unread: bool
) -> AgreementFile | None:
    """The agreement that a contract names, in the version it names (or the only one there is)."""
    name, version = (_text(contract.node, "contract", key) for key in ("agreement", "version"))
    place = (contract.node.at("contract", "agreement") or contract.node).place
    named = [one for one in agreements if one.name == name]
    matching = [one for one in named if not version or one.version == version]
    if len(matching) == 1:
        return matching[0]
    if not named and unread:
        return None  # what is wrong with that file was told
    if not named:
        known = [one.name for one in agreements]
        message = f"there is no agreement `{name}` among the files"
        way_out = did_you_mean(name, known) or "give its file too: upheld evaluate AGREEMENT CONTRACT FACTS"
        findings.append(Finding("unknown-agreement", message, (place,), way_out))
    elif not matching:
        there = ", ".join(sorted(one.version for one in named))
        message = f"there is no version `{version}` of agreement `{name}`; there is {there}"
        findings.append(Finding("unknown-version", message, (place,), "name a version that is there"))
    else:
        message = f"agreement `{name}` is there {count(len(matching), 'time')}"
        places = (place, *(Place(str(one.path)) for one in matching))
        findings.append(Finding("ambiguous-agreement", message, places, "name its version, or give one file"))
    return None


_KINDS: Final[dict[str, FieldKind]] = {"truth": "truth", "number": "number", "instant": "instant"}
"""How fields of declared types are checked; all others (durations too) are texts."""


def declared_types(terms: Iterable[Terms]) -> dict[str, FactType]:
    """The event types that agreements declare. Where two disagree about a field, it is not checked."""
    found: dict[str, FactType] = {}
    fields: dict[str, dict[str, set[str]]] = {}
    for event in (event for one in terms for event in one.events.values()):
        found[event.name] = FactType(event.name, event.of, event.doc)
        for name, kind in event.fields.items():
            fields.setdefault(event.name, {}).setdefault(name, set()).add(kind)
    return {
        name: replace(type_, fields=tuple(_fields(fields.get(name, {})))) for name, type_ in found.items()
    }


def _fields(declared: dict[str, set[str]]) -> Iterator[Field]:
    for name, (kind, *others) in declared.items():
        if not others:
            yield Field(
                name, _KINDS.get(kind, "text"), f"the agreement declares it as a value of type {kind}"
            )


def _text(node: Mapping, *path: str) -> str:
    found = node.at(*path)
    return found.text if isinstance(found, Scalar) else ""
