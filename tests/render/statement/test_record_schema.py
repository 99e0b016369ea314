"""The schema of a record: every record keeps it, and the reference tells every name."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.render.statement.test_pages import june, restated
from upheld.core.stating.record_fields import OBJECTS, OPEN
from upheld.core.stating.record_schema import record_schema
from upheld.core.stating.statement import Statement

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = sorted((ROOT / "tests" / "golden" / "statements").glob("*.json"))


def faults(text: str) -> list[str]:
    """What the schema says against a file of a statement."""
    found = jsonschema.Draft202012Validator(record_schema()).iter_errors(json.loads(text))
    return [f"{fault.json_path}: {fault.message}" for fault in found]


@pytest.mark.parametrize("found", [june(), restated()], ids=["first", "restated"])
def test_a_record_keeps_the_schema(found: Statement) -> None:
    """Every name is there, none is strange, every value is of its kind."""
    assert faults(found.text) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_golden_records_keep_the_schema(path: Path) -> None:
    """Those of the shipped month, and whatever was kept since."""
    assert faults(path.read_text(encoding="utf-8")) == []


def test_a_strange_name_or_a_float_is_none() -> None:
    """The schema is closed."""
    for changed in ({"more": 1}, {"at": 1.5}, {"known": "3"}):
        assert faults(json.dumps({"record": {**june().record, **changed}, "sha256": ""}))


def test_every_object_is_reached() -> None:
    """No table tells of something that no record has."""
    whole = json.dumps(record_schema()["$defs"])
    for name in (*OBJECTS, *OPEN):
        key = name.replace(" ", "-")
        assert name == "envelope" or f'"#/$defs/{key}"' in whole, name
