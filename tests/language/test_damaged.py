"""Agreements that somebody has damaged: whatever is wrong is told, and nothing ever breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.damage import damaged
from upheld.language.compile import compile_terms
from upheld.language.node import Mapping
from upheld.language.reader import read_yaml

TEXTS = {path.name: path.read_bytes() for path in sorted(Path("agreements").glob("*.yaml"))}


@pytest.mark.parametrize("name", ["just.yaml", pytest.param("sivo.yaml", marks=pytest.mark.slow)])
def test_a_damaged_agreement_is_compiled_or_told(name: str) -> None:
    """Each finding has its code and its message; without one there are terms."""
    for text in damaged(name, TEXTS[name]):
        node, findings = read_yaml(text, name)
        terms = node  # of a text that is no map the whole is told by who reads the file
        if isinstance(node, Mapping):
            terms, more = compile_terms(node)
            findings = [*findings, *more]
        assert all(one.code and one.message for one in findings)
        assert terms is not None or any(one.severity == "error" for one in findings), text
