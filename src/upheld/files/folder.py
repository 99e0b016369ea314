"""A set of files and folders as a book: agreements with their locks, contracts, and facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Table
from pathlib import Path
from typing import TYPE_CHECKING, Final

from upheld.core.book import Origin
from upheld.core.facts.facts import FactLog
from upheld.core.measuring.observation import NO_OBSERVATIONS, Observations
from upheld.core.terms.agreement import Terms
from upheld.core.terms.plans_named import plans_named
from upheld.core.values.finding import Finding, Place, in_order
from upheld.core.values.frozen import dataclass, field, replace
from upheld.language.library import (
    AgreementFile,
    ContractFile,
    declared_types,
    map_of,
    resolve,
    terms_under,
    with_neighbours,
)
from upheld.language.lock import Lock
from upheld.language.node import Mapping
from upheld.language.origins import origins
from upheld.language.other_plans import with_plans
from upheld.language.reader import MAX_BYTES
from upheld.language.variants import Variants

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
        """Some of the terms, compiled anew where readings are taken otherwise. See `Book`."""
        return terms_under(self.variants, selection, terms)

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
    agreement, more = with_neighbours(path, node, _bytes_of)
    return agreement, (*findings, *more)


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
            agreement, more = with_neighbours(path, node, _bytes_of)
            findings += (*found, *more)
            instead = (locks or {}).get(path.resolve())
            agreements.append(replace(agreement, lock=instead) if instead else agreement)
        elif node.get("contract") is not None:
            findings += found
            contracts.append(ContractFile(path, node))
        elif asked:
            findings.append(_neither(path))
    resolved, found_in_texts = resolve(agreements, contracts, unread)
    findings += found_in_texts
    log = FactLog()
    if facts:
        from upheld.files.facts_file import read_facts

        declared = declared_types(one.terms for one in resolved)
        read, found = read_facts(fact_paths, declared)
        log = FactLog(read, declared)
        findings += found
        resolved, of_plans = with_plans(resolved, plans_named(log))
        findings += of_plans
    terms = tuple(one.terms for one in resolved)
    variants = {(one.contract_id, plan): own for one in resolved for plan, own in one.variants.items()}
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
    return map_of(data, str(path))


def _bytes_of(path: Path) -> bytes | None:
    """What stands in a file, as far as one may reach; None if there is none. OSError as for `read_map`."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _neither(path: Path) -> Finding:
    message = "this is neither an agreement (it has no `document`) nor a contract (it has no `contract`)"
    return Finding(
        "unknown-file", message, (Place(str(path)),), "name agreements, contracts, .jsonl files of facts"
    )
