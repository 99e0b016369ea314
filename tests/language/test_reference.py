"""The reference names everything there is, and is what the tables say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.language.texts import HEAD, findings_of, tree
from upheld.core.facts.fact_types import FACT_TYPES
from upheld.language.codes import CODES
from upheld.language.concepts import AGREEMENT, CLAUSES, CONTRACT, PARTS, Concept
from upheld.language.expression import EBNF
from upheld.language.names import DERIVED_EVENTS, SUBJECT_KINDS, attributes_of, verbs_of
from upheld.language.node import Mapping
from upheld.language.reference import language_reference
from upheld.language.report import Report
from upheld.language.rows import read_row

ROOT = Path(__file__).resolve().parents[2]
PAGE = language_reference()
EVERY_CONCEPT = (*AGREEMENT, *CONTRACT, *CLAUSES, *PARTS)


@pytest.mark.parametrize("concept", EVERY_CONCEPT, ids=lambda concept: concept.name)
def test_every_concept_and_field_is_there(concept: Concept) -> None:
    """Every concept has its section, with every field, its words and its default."""
    section = PAGE.partition(f"\n### {concept.name}\n")[2].partition("\n#")[0]
    assert concept.doc in section
    assert concept.example in section
    rows = section.splitlines()
    for field in concept.fields:
        starts = (f"| `{field.name}`", f"| **`{field.name}`") if field.name else ("| any name",)
        row = next(line for line in rows if line.startswith(starts))
        assert all(f"`{word}`" in row for word in field.choices if field.kind == "choice")
        assert f"(`{field.default}`)" in row or not field.default


def test_every_event_name_amount_and_fact_is_there() -> None:
    """Every verb, derived event, expression name, symbol of the grammar and type of fact is in the page."""
    for kind in SUBJECT_KINDS:
        for word in (*verbs_of(kind), *DERIVED_EVENTS[kind], *attributes_of(kind)):
            assert f"| {kind} | `{word}` |" in PAGE
    assert EBNF in PAGE
    for fact in FACT_TYPES.values():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{fact.name}` |"))
        assert all(f"`{field.name}`" in row for field in fact.fields)


def _codes_in(path: Path) -> set[str]:
    """The codes that a module gives to findings: first texts of calls that tell of a fault."""
    tellers = {
        "error",
        "warn",
        "note",
        "warning",
        "_warning",
        "stop",
        "add",
        "say",
        "fault",
        "Finding",
        "Fault",
    }
    tellers |= {"_broken", "_Refused", "_CellError", "_error"}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            code = node.args[0].value
            if name in tellers and isinstance(code, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", code):
                found.add(code)
    return found


@pytest.mark.slow
def test_every_code_has_its_meaning() -> None:
    """Every code that any module of Upheld gives to a finding is listed in `upheld.language.codes`."""
    given = {code for path in (ROOT / "src" / "upheld").rglob("*.py") for code in _codes_in(path)}
    assert given - set(CODES) == set()
    assert len(given) > 60
    assert all(f"| `{code}` | {meaning} |" in PAGE for code, meaning in CODES.items())


@pytest.mark.parametrize("concept", [*AGREEMENT, *CONTRACT, *CLAUSES], ids=lambda concept: concept.name)
def test_every_example_has_the_structure_it_shows(concept: Concept) -> None:
    """The example of a concept is read without a fault of structure."""
    node = tree(concept.example)
    assert isinstance(node, Mapping)
    (key, section), *rest = node.entries
    assert (key.text, rest) == (concept.name, [])
    if concept.name in ("plan", "override"):
        return
    report = Report()
    assert isinstance(section, Mapping)
    for name, row in section.entries if concept.named else [(key, section)]:
        read_row(concept, name, row, report)
    assert report.findings == []


_API = "component: {api: {}}\nsignal: {http: {of: api, checks: requests}}\n"
_UPTIME = _API + "indicator: {uptime: {count: checks of api, per: {slice: 5m}}}\n"
_BESIDE = {
    "signal": "component: {api: {}}\n",
    "indicator": _API,
    "commit": _UPTIME,
    "escalate": "deadline: {response: {from: opened, until: answered, within: 8h}}\n",
    "remedy": _UPTIME + "commit: {uptime: '>= 99.95 % per calendar month'}\n",
}
"""What the example of a concept names."""


@pytest.mark.parametrize("concept", AGREEMENT, ids=lambda concept: concept.name)
def test_examples_compile(concept: Concept) -> None:
    """The example of a concept compiles in an agreement that declares what it names."""
    lines = [line for line in HEAD.splitlines() if not line.startswith(f"{concept.name}:")]
    text = "\n".join([*lines, _BESIDE.get(concept.name, "") + concept.example])
    if concept.name == "plan":
        text += "\ndeadline: {response: {from: opened, until: answered, within: 2h}}"
    findings = findings_of(text, plan="premium" if concept.name == "plan" else "")
    assert [finding for finding in findings if finding.severity == "error"] == []
