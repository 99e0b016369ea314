"""Documents that were issued by an earlier version are read as they were, for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from upheld.core.accounting.ledger import ledger_of
from upheld.core.accounting.record import record_of
from upheld.files.facts_file import read_facts

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.jsonl"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_document_of_an_earlier_version_is_read_as_it_was(path: Path) -> None:
    """No finding, and every word of it comes back. These files are never rewritten; new ones are added."""
    facts, findings = read_facts([path])
    assert findings == ()
    ledger = ledger_of(facts)
    assert ledger.findings == ()
    documents = [json.loads(line)["data"]["document"] for line in path.read_text("utf-8").splitlines()]
    assert [record_of(memo) for memo in ledger.memos.values()] == documents


def test_there_are_golden_documents() -> None:
    """A credit note and the debit note that corrects it, of 0.1."""
    assert [path.stem for path in GOLDEN] == ["issued-0.1"]
    assert len(GOLDEN[0].read_text("utf-8").splitlines()) == 2
