"""A provider's ledger as files: what a folder needs to give every answer that the server gives."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from upheld.files.facts_file import write_facts
from upheld.store.book import recorded_facts
from upheld.store.texts import texts_in_force

FACTS = "facts.jsonl"


def export(provider_id: int, folder: Path) -> None:
    """Writes agreements, contracts and every fact as it was recorded into a folder.

    OSError if it cannot be written, or there is something in it already.
    """
    with transaction.atomic():
        texts, facts = texts_in_force(provider_id), recorded_facts(provider_id)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "there is something in it already", str(folder))
    for name, body in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (folder / FACTS).write_text(write_facts(facts), encoding="utf-8")
