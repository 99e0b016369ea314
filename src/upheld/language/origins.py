"""What the terms of contracts were made of: hashes of the texts, by what they say."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from upheld.core.book import Origin
from upheld.core.stating.canonical import Json, hash_of
from upheld.core.terms.agreement import Terms
from upheld.language.library import AgreementFile, ContractFile
from upheld.language.lock import Lock, dump
from upheld.language.node import Mapping, Node, Scalar


def origins(
    agreements: Iterable[AgreementFile], contracts: Iterable[ContractFile], terms: Iterable[Terms]
) -> dict[str, Origin]:
    """The origin of every contract whose files are there, by contract id."""
    texts = {(one.name, one.version): (hash_of(_plain(one.node)), _of_lock(one.lock)) for one in agreements}
    bound = {one.id: hash_of(_plain(one.node)) for one in contracts}
    return {
        one.contract.id: Origin(
            *texts.get((one.agreement, one.version), ("", "")), bound.get(one.contract.id, "")
        )
        for one in terms
        if one.contract is not None
    }


def _of_lock(lock: Lock | None) -> str:
    return "" if lock is None else sha256(dump(lock).encode()).hexdigest()


def _plain(node: Node) -> Json:
    """What a text says, in the order written: names need not be ASCII, so a map is a list of pairs."""
    if isinstance(node, Scalar):
        return [node.text, node.quoted]
    if isinstance(node, Mapping):
        return {"map": [[key.text, _plain(one)] for key, one in node.entries]}
    return {"list": [_plain(one) for one in node.items]}
