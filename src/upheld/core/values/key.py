"""How facts and cells are known."""

from __future__ import annotations

from typing import NamedTuple


class FactRef(NamedTuple):
    """A fact by its identity in the ledger."""

    source: str
    id: str


class CellKey(NamedTuple):
    """What a verdict is about: one commitment of one contract on one subject or period."""

    contract: str
    commitment: str
    subject: str
