"""A provider's ledger as files: what a folder needs to give every answer that the server gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from django.db import transaction

from upheld.core.facts.fact import Fact
from upheld.files.facts_file import write_facts
from upheld.lake.writing import lines_of_rows
from upheld.store.book import recorded_facts
from upheld.store.locking import locked
from upheld.store.models import Provider
from upheld.store.observations import rows_told
from upheld.store.sealed import lake_home
from upheld.store.texts import texts_in_force
from upheld.store.walls import between

FACTS = "facts.jsonl"


def export(provider_id: int, folder: Path, lake: Path | None = None) -> None:
    """Writes agreements, contracts, every fact as it was recorded and every observation into a folder.

    `lake` is the folder of what is sealed, if not the server's. OSError if it cannot be written, or there is
    something in it already.
    """
    with between(provider_id), transaction.atomic():
        provider = locked(provider_id)
        texts, facts = texts_in_force(provider_id), recorded_facts(provider_id)
        _write(provider, folder, texts, facts, lake or lake_home())


def _write(
    provider: Provider, folder: Path, texts: Mapping[str, bytes], facts: Sequence[Fact], lake: Path
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "there is something in it already", str(folder))
    for name, body in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (folder / FACTS).write_text(write_facts(facts), encoding="utf-8")
    tables = (table for table in rows_told(provider, lake) if len(table))
    first = next(tables, None)
    if first is not None:
        with (folder / f"{provider.key}.observations.jsonl").open("w", encoding="utf-8") as file:
            for table in chain([first], tables):
                file.writelines(f"{line}\n" for line in lines_of_rows(table))
