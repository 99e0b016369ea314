"""The ledger of a provider: entries appended to its logs, and facts found by what they are known by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from upheld.core.book import Origin
from upheld.core.facts.fact import Data, Fact, Key
from upheld.core.facts.fact_check import latest_told_at
from upheld.core.facts.fact_types import REPLACED, WITHDRAWN
from upheld.core.timeline.instant import Instant
from upheld.core.values.frozen import replace
from upheld.evidence.checkpoint import LogName
from upheld.evidence.entry import Entry, entry_bytes
from upheld.evidence.told import told
from upheld.evidence.tree import Tree, leaf_hash
from upheld.store.inserting import insert, new_ids
from upheld.store.mapping import fact_of, is_erased, personal_text
from upheld.store.models import Log, Provider, RecordedFact
from upheld.store.updating import update

CORRECTIONS: Final = frozenset({REPLACED, WITHDRAWN})
_COLUMNS: Final = (
    "id", "provider_id", "position", "log_id", "index", "source", "fact_id", "type", "recorded_at", "actor",
    "entry", "leaf", "personal", "salt", "corrects_source", "corrects_id",
)  # fmt: skip
Salts: TypeAlias = Callable[[], bytes]
"""Gives 32 random bytes, other ones each time."""


class Known(NamedTuple):
    """A fact that is recorded, and where. `is_erased`: its personal text was taken away."""

    id: int
    position: int
    fact: Fact
    is_erased: bool = False


class Entering(NamedTuple):
    """A fact that is to be recorded: in which log, under which texts."""

    fact: Fact
    log_id: int
    terms: Origin


def known_facts(provider: Provider, keys: Iterable[Key]) -> dict[Key, Known]:
    """Those of the facts that are recorded, as they were told."""
    found: dict[Key, Known] = {}
    for source, of_source in groupby(sorted(set(keys)), key=lambda key: key[0]):
        rows = RecordedFact.objects.filter(provider=provider, source=source)
        rows = rows.filter(fact_id__among=[one for _, one in of_source])
        for pk, position, entry, personal in rows.values_list("pk", "position", "entry", "personal"):
            fact = fact_of(entry, personal)
            found[fact.key] = Known(pk, position, fact, is_erased(entry, personal))
    return found


def log_of(provider: Provider, customer_id: int | None, kind: str) -> Log:
    """A log of a provider, which is begun if there is none yet."""
    about = f"customer/{customer_id}" if customer_id is not None else kind
    rows = Log.objects.filter(provider=provider, kind=kind)
    rows = rows.filter(customer=None) if customer_id is None else rows.filter(customer_id=customer_id)
    for found in rows:
        return found
    return Log.objects.create(
        provider=provider, customer_id=customer_id, kind=kind, name=f"{provider.key}/{about}"
    )


def numbered(provider: Provider, facts: Sequence[Fact], at: Instant) -> list[Known]:
    """Facts as they are to be recorded; the provider's row is changed, too, and not yet saved.

    Each is recorded a microsecond after the one before, at the earliest: so the rank of a fact among the
    facts of an exported file is its position, always.
    """
    entered: list[Known] = []
    for pk, fact in zip(new_ids(RecordedFact, len(facts)), facts, strict=True):
        provider.position += 1
        provider.recorded_at = max(at, provider.recorded_at + 1)
        provider.ahead_at = max(provider.ahead_at, latest_told_at(fact))
        now = replace(fact, recorded_at=provider.recorded_at, place=None)
        entered.append(Known(pk, provider.position, now))
    return entered


def append(
    provider: Provider, entering: Sequence[Entering], entered: Sequence[Known], actor: str, salt: Salts
) -> None:
    """Appends facts to their logs, in this order, as they are numbered."""
    logs = {log.pk: log for log in Log.objects.filter(pk__in={one.log_id for one in entering})}
    trees = {pk: Tree.unpacked(log.size, bytes(log.peaks)) for pk, log in logs.items()}
    leaves: dict[int, list[bytes]] = {pk: [] for pk in logs}

    def rows() -> Iterator[tuple[object, ...]]:
        for one, (pk, position, fact, _) in zip(entering, entered, strict=True):
            log, index = logs[one.log_id], trees[one.log_id].size + len(leaves[one.log_id])
            salted = salt() if fact.private else None
            name = LogName(log.name, log.epoch)
            said = told(fact, salted or b"")
            data = entry_bytes(Entry(name, index, fact.recorded_at, actor, said, one.terms))
            leaves[one.log_id].append(leaf_hash(data))
            corrected = target_of(fact) or ("", "")
            yield (
                pk, provider.pk, position, log.pk, index, fact.source, fact.id, fact.type,
                fact.recorded_at, actor, data, leaves[one.log_id][-1], personal_text(fact), salted,
                *corrected,
            )  # fmt: skip

    insert(RecordedFact, _COLUMNS, rows())
    for pk, log in logs.items():
        tree = trees[pk].appended(leaves[pk])
        log.size, log.peaks = tree.size, tree.packed
    update(logs.values(), ("size", "peaks"))


def family(provider: Provider, keys: Iterable[Key]) -> Mapping[Key, Known]:
    """The facts, with all that corrects them or is corrected by them, directly or through others."""
    found: dict[Key, Known] = {}
    asked: set[Key] = set()
    waiting = set(keys)
    while waiting:
        asked |= waiting
        found |= known_facts(provider, waiting)
        near = {target_of(found[key].fact) for key in waiting if key in found}
        for source, of_source in groupby(sorted(waiting), key=lambda key: key[0]):
            rows = RecordedFact.objects.filter(provider=provider, corrects_source=source)
            rows = rows.filter(corrects_id__among=[one for _, one in of_source])
            near |= set(rows.values_list("source", "fact_id"))
        waiting = {key for key in near if key is not None} - asked
    return found


def target_of(fact: Fact) -> Key | None:
    """What a correction corrects; None for any other fact."""
    corrects = fact.data.get("corrects") if fact.type in CORRECTIONS else None
    return (str(corrects["source"]), str(corrects["id"])) if isinstance(corrects, Data) else None
