"""A set of files and folders as a book: agreements with their locks, contracts, and facts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from pathlib import Path
from typing import TYPE_CHECKING, Final

from upheld.core.book import Origin
from upheld.core.facts.fact_types import FactType, Field, FieldKind
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import ObligationRule, QuotaRule, Terms
from upheld.core.terms.indicator import CommitRule
from upheld.core.terms.plans_named import plans_named
from upheld.core.timeline.words import count
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import dataclass, field, replace
from upheld.files.origins import origins
from upheld.files.other_plans import Resolved, with_plans
from upheld.language.compile import compile_terms
from upheld.language.lock import Lock, LockError, load
from upheld.language.node import Mapping, Scalar
from upheld.language.reader import MAX_BYTES, read_yaml
from upheld.language.suggestion import did_you_mean
from upheld.language.variants import Variants
from upheld.language.world import World

if TYPE_CHECKING:
    from upheld.core.readings.exploration import Selection  # a check loads nothing that only explores

OBSERVATIONS: Final = (".observations.csv", ".observations.jsonl", ".observations.parquet")
"""How the names of files of observations end."""
_OBSERVED: Final = ".observations."
MANIFEST: Final = "manifest.json"
LAKE_FORMAT: Final = b'"upheld lake 1"'
_TABLES: Final = (".csv", ".tsv", ".parquet")
_ENDINGS: Final = (".yaml", ".yml", ".jsonl", *OBSERVATIONS, MANIFEST)


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
    def clauses_path(self) -> Path | None:
        """Where it says that the list of its clauses stands."""
        document = self.node.get("document")
        named = document.get("clauses") if isinstance(document, Mapping) else None
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


@dataclass(frozen=True, slots=True)
class Folder:
    """A book made of files. What is wrong with them is in `findings`; what is not, is there.

    What facts make wrong of each other (conflicts, corrections) is for the log to say, as of a position.
    `observed` are the files of observations and the sealed lakes, which are not read here; what shows to be
    wrong with them only when something is asked is in `meanwhile`.
    """

    agreements: tuple[AgreementFile, ...] = ()
    contracts: tuple[ContractFile, ...] = ()
    terms: tuple[Terms, ...] = ()
    log: FactLog = field(default_factory=FactLog)
    observed: tuple[Path, ...] = ()
    observations: Observations = NO_OBSERVATIONS
    findings: tuple[Finding, ...] = ()
    meanwhile: list[Finding] = field(default_factory=list)
    variants: Table[tuple[str, str], Variants] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict, repr=False, compare=False)

    def terms_under(self, selection: Selection, terms: Sequence[Terms]) -> tuple[Terms, ...] | None:
        """Some of the terms, compiled anew where readings are taken otherwise. See `Book`.

        Contracts whose texts say the same share what is compiled.
        """
        taking = dict(selection)
        compiled: dict[Hashable, Terms | None] = {}
        found: list[Terms] = []
        for one in terms:
            plans: dict[str, Terms] = {}
            for plan, own in {"": one, **one.plans}.items():
                assert own.contract is not None
                variants = self.variants[own.contract.id, plan]
                if variants not in compiled:
                    compiled[variants] = variants.terms(taking)
                anew = compiled[variants]
                if anew is None:
                    return None
                plans[plan] = replace(anew, contract=own.contract)
            own = plans.pop("")
            found.append(replace(own, plans=plans) if plans else own)
        return tuple(found)

    def origin(self, contract: str) -> Origin:
        """What the terms of a contract were made of. See `Book`."""
        if contract not in self.origins:
            self.origins.update(origins(self.agreements, self.contracts, self.terms))
        return self.origins.get(contract, Origin())


Locks = dict[Path, Lock]
"""Locks to use instead of those beside the agreements (to see what an update would move)."""


def read_agreement_file(path: Path) -> tuple[AgreementFile | None, tuple[Finding, ...]]:
    """One agreement with its lock and clause list. OSError if the file itself cannot be read."""
    node, findings = read_map(path)
    if node is None:
        return None, findings
    return _with_neighbours(path, node, list(findings))


def read_book(paths: Iterable[Path], facts: bool = True, locks: Locks | None = None) -> Folder:
    """Every agreement, contract and fact in the files and folders given, and where there are observations.

    A folder is searched with all that is in it; of its YAML files only those count that begin with `document`
    or `contract`, hidden ones never. OSError if a path cannot be read.
    """
    agreements: list[AgreementFile] = []
    contracts: list[ContractFile] = []
    fact_paths: list[Path] = []
    observed: list[Path] = []
    findings: list[Finding] = []
    unread = False
    asked_for = list(paths)
    findings += _unnamed_tables(asked_for) if facts else ()
    for path, asked in _files(asked_for):
        told = _unreadable(path)
        if told is not None:
            findings.append(told)
            continue
        if path.is_dir() or path.name.endswith(OBSERVATIONS):
            observed.append(path)
            continue
        if path.suffix == ".jsonl":
            fact_paths.append(path)
            continue
        node, found = read_map(path)
        if node is None:
            findings += found
            unread = True
        elif node.get("document") is not None:
            agreement, more = _with_neighbours(path, node, list(found))
            findings += more
            instead = (locks or {}).get(path.resolve())
            agreements.append(replace(agreement, lock=instead) if instead else agreement)
        elif node.get("contract") is not None:
            findings += found
            contracts.append(ContractFile(path, node))
        elif asked:
            findings.append(_neither(path))
    resolved = _resolved(agreements, contracts, findings, unread)
    log = FactLog()
    if facts:
        from upheld.files.facts_file import read_facts

        declared = _declared(one.terms for one in resolved)
        read, found = read_facts(fact_paths, declared)
        log = FactLog(read, declared)
        findings += found
        resolved, of_plans = with_plans(resolved, plans_named(log))
        findings += of_plans
    terms = tuple(one.terms for one in resolved)
    variants = {(_id(one.terms), plan): own for one in resolved for plan, own in one.variants.items()}
    return Folder(
        tuple(agreements),
        tuple(contracts),
        terms,
        log,
        tuple(observed),
        findings=in_order(findings),
        variants=variants,
    )


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was asked for by name; a sealed lake is one folder, not its files."""
    seen: set[Path] = set()
    for path in paths:
        inside = path.is_dir()
        for found in sorted(path.rglob("*")) if inside else [path]:
            hidden = inside and any(part.startswith(".") for part in found.relative_to(path).parts)
            wanted = not inside or (_is_of_a_book(found.name) and (found.is_file() or not found.exists()))
            if not wanted or hidden:
                continue
            if inside and found.name == MANIFEST and not _is_lake(found):
                continue
            one = found.parent if inside and found.name == MANIFEST else found
            if one.resolve() not in seen:
                seen.add(one.resolve())
                yield one, not inside


def _unnamed_tables(paths: Iterable[Path]) -> Iterator[Finding]:
    """Tables in folders whose name does not say what they are, and no mapping beside them does either."""
    for folder in paths:
        tables = [
            found
            for found in (sorted(folder.rglob("*")) if folder.is_dir() else ())
            if found.suffix in _TABLES
            and _OBSERVED not in found.name
            and not any(part.startswith(".") for part in found.relative_to(folder).parts)
            and found.is_file()
        ]
        lakes = {found.parent for found in folder.rglob(MANIFEST)} if tables else set()
        mapped = {found.parent: _has_mapping(found.parent) for found in tables}
        for table in tables:
            if not mapped[table.parent] and lakes.isdisjoint(table.parents):
                message = "nothing reads this table: its name does not say that it holds observations"
                ending = OBSERVATIONS[-1] if table.suffix == ".parquet" else OBSERVATIONS[0]
                way_out = f"name it {table.stem}{ending} if it does, or import it by a mapping"
                yield Finding("unknown-file", message, (Place(str(table)),), way_out, "warning")


def _has_mapping(folder: Path) -> bool:
    """Whether a YAML file of the folder says how a table is read."""
    for path in (*folder.glob("*.yaml"), *folder.glob("*.yml")):
        node, _ = read_map(path)
        if node is not None and all(node.get(name) is not None for name in ("source", "subject", "at")):
            return True
    return False


def _is_of_a_book(name: str) -> bool:
    """Whether a file of this name is looked into, or told: observations in any form are meant to be read."""
    return name.endswith(_ENDINGS) or _OBSERVED in name


def _unreadable(path: Path) -> Finding | None:
    """What is wrong with a file that is meant to be read and cannot be."""
    if path.is_symlink() and not path.exists():
        message = "this is a link to what is not there"
        return Finding("missing-file", message, (Place(str(path)),), "restore what it leads to, or remove it")
    if _OBSERVED in path.name and not path.name.endswith(OBSERVATIONS) and path.is_file():
        message = f"observations are not read in this form: {path.name.partition(_OBSERVED)[2]}"
        way_out = f"unpack or write them as {', '.join(OBSERVATIONS)}"
        return Finding("unknown-file", message, (Place(str(path)),), way_out)
    return None


def _is_lake(manifest: Path) -> bool:
    """Whether a manifest says that it is one of a lake; other programs write files of this name too."""
    with manifest.open("rb") as file:
        return LAKE_FORMAT in file.read(64)


def read_map(path: Path) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The map that a YAML file holds, and what is wrong with it. OSError if the file cannot be read."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    node, findings = read_yaml(data, str(path))
    if node is not None and not isinstance(node, Mapping):
        message = "this file holds no map of names to values"
        return None, (*findings, Finding("not-a-map", message, (node.place,), "begin with `document:`"))
    return node, findings


def _neither(path: Path) -> Finding:
    message = "this is neither an agreement (it has no `document`) nor a contract (it has no `contract`)"
    return Finding(
        "unknown-file", message, (Place(str(path)),), "name agreements, contracts, .jsonl files of facts"
    )


def _with_neighbours(
    path: Path, node: Mapping, findings: list[Finding]
) -> tuple[AgreementFile, tuple[Finding, ...]]:
    """The agreement with its lock and its clause list, where they are."""
    lock: Lock | None = None
    lock_path = lock_path_of(path)
    if lock_path.is_file():
        try:
            lock = load(lock_path.read_text(encoding="utf-8"))
        except (LockError, UnicodeDecodeError) as fault:
            way_out = f"make it anew: upheld lock {path}"
            findings.append(Finding("bad-lock", str(fault), (Place(str(lock_path)),), way_out))
    clauses: Mapping | None = None
    document = node.get("document")
    named = document.get("clauses") if isinstance(document, Mapping) else None
    if isinstance(named, Scalar):
        clauses_path = path.parent / named.text
        if not clauses_path.is_file() or not clauses_path.resolve().is_relative_to(path.parent.resolve()):
            message = f"there is no file `{named.text}` beside the agreement"
            findings.append(Finding("missing-file", message, (named.place,), "write the clause list there"))
        else:
            clauses, more = read_map(clauses_path)
            findings += more
    return AgreementFile(path, node, lock, clauses), tuple(findings)


def lock_path_of(path: Path) -> Path:
    """Where the lock of an agreement stands: sivo.lock.json beside sivo.yaml."""
    return path.with_name(f"{path.stem}.lock.json")


def _resolved(
    agreements: Sequence[AgreementFile],
    contracts: Sequence[ContractFile],
    findings: list[Finding],
    unread: bool,
) -> list[Resolved]:
    """Every contract, by its id.

    An agreement may be in a file that is `unread`.
    """
    by_id: dict[str, Resolved] = {}
    places: dict[str, Place] = {}
    worlds: dict[Path, World] = {}
    alike: dict[tuple[Hashable, ...], Variants] = {}
    for contract in contracts:
        agreement = _agreement_of(contract, agreements, findings, unread)
        if agreement is None:
            continue
        world = worlds.setdefault(agreement.path, World(agreement.lock))
        terms, found = compile_terms(agreement.node, contract=contract.node, world=world)
        findings += found
        if terms is None or terms.contract is None:
            continue
        name, place = terms.contract.id, contract.node.place
        if name in by_id:
            message = f"contract `{name}` is there twice"
            findings.append(
                Finding("duplicate-contract", message, (place, places[name]), "rename one of them")
            )
            continue
        key = _alike(terms, agreement, contract)
        if key not in alike:
            alike[key] = Variants(agreement.node, contract.node, terms.contract, world)
        by_id[name] = Resolved(terms, agreement.node, contract.node, world, {"": alike[key]})
        places[name] = place
    return [by_id[name] for name in sorted(by_id)]


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
    body = contract.node.get("contract")
    at = body.get("agreement") if isinstance(body, Mapping) else None
    place = (at or contract.node).place
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


def _declared(terms: Iterable[Terms]) -> dict[str, FactType]:
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
    found: object = node
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found.text if isinstance(found, Scalar) else ""
