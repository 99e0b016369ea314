"""The generated pages: the language reference and the JSON Schemas. `python -m scripts.docs [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from upheld.language.reference import language_reference
from upheld.language.schema import Schema, agreement_schema, clauses_schema, contract_schema

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[Path, str]:
    """Every generated file with what it must hold."""
    return {
        FOLDER / "language.md": language_reference(),
        FOLDER / "agreement.schema.json": _json(agreement_schema()),
        FOLDER / "contract.schema.json": _json(contract_schema()),
        FOLDER / "clauses.schema.json": _json(clauses_schema()),
    }


def stale() -> list[Path]:
    """The generated files that do not hold what they must."""
    return [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the pages; with `--check` only say which are out of date (exit code 1)."""
    if "--check" in arguments:
        old = stale()
        for path in old:
            print(f"{path} is out of date: run `make docs`")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
