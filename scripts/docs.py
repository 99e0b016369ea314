"""What is generated: reference, JSON Schemas, findings, the client. `python -m scripts.docs [--check]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from scripts.client import client_modules
from scripts.finding_pages.page import finding_pages
from scripts.record_page import record_page

from upheld.core.stating.record_schema import record_schema
from upheld.language.reference import language_reference
from upheld.language.schema import Schema, agreement_schema, clauses_schema, contract_schema

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "reference"
FINDINGS = DOCS / "findings"
CLIENT = DOCS.parent / "src" / "upheld" / "client"


def pages() -> dict[Path, str]:
    """Every generated file with what it must hold."""
    return {
        FOLDER / "language.md": language_reference(),
        FOLDER / "agreement.schema.json": _json(agreement_schema()),
        FOLDER / "contract.schema.json": _json(contract_schema()),
        FOLDER / "clauses.schema.json": _json(clauses_schema()),
        FOLDER / "statement.schema.json": _json(record_schema()),
        FOLDER / "statement-record.md": record_page(),
        **{CLIENT / name: text for name, text in client_modules().items()},
        **finding_pages(FINDINGS),
    }


def stale() -> list[Path]:
    """The generated files that do not hold what they must, and pages of findings that nothing tells."""
    made = pages()
    old = [
        path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return old + [path for path in sorted(FINDINGS.glob("*.md")) if path not in made]


def main(arguments: list[str]) -> int:
    """Write the pages; with `--check` only say which are out of date (exit code 1)."""
    if "--check" in arguments:
        old = stale()
        for path in old:
            print(f"{path} is out of date: run `make docs`")
        return 1 if old else 0
    for folder in (FOLDER, FINDINGS):
        folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    for path in FINDINGS.glob("*.md"):
        if path not in made:
            path.unlink()
    return 0


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
