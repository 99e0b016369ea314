"""The five agreements say everything that their pages say: every term and every reading, by number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from upheld.core.values.finding import has_errors
from upheld.language.node import Mapping, Node, Scalar
from upheld.language.reader import read_yaml

ROOT = Path(__file__).parents[2]

TERMS = {
    "rous": "1.1 1.2 2.1 2.2 2.3 3.1 3.2 4 5.1 5.2 5.3 6.1 6.2 6.3 6.4 7.1 7.2 7.3 8.1 8.2 8.3 9",
    "intg": "1 P R1 R2 R3 R4 S1 S2 S3 E1 E2 E3 G1 G2 G3 X1 X2 X3",
    "ceng": "1.1 1.2 1.3 1.4 1.5 2 3.1 3.2 3.3 3.4 4 5.1 5.2 5.3 5.4 6 7.1 7.2 7.3 8",
    "sivo": "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 3 4.1 4.2 4.3 5.1 5.2 6.1 6.2 6.3 6.4 7 8 9.1 "
    "9.2 10",
    "just": "1 2 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 4.1 4.2 5 6.1 6.2 6.3 7",
}
"""Every operative term of each page."""

READINGS = {"rous": ("R", 22), "intg": ("I", 13), "ceng": ("C", 21), "sivo": ("S", 33), "just": ("J", 16)}
"""The letter and the number of each page's own readings; G1 to G4 hold for every page."""

INFORMATIVE = {"rous": {"5.3", "9"}, "ceng": {"3.3"}, "sivo": {"4.3"}}
"""The only terms of which nothing has to be executed."""

LATER_TERMS: dict[str, set[str]] = {}
"""The terms of which nothing is executed yet: none."""

LATER = {"status"}
"""The parts that are not built yet. Clocks, measurement, amounts, amendments and messages are."""

Tree = str | list["Tree"] | dict[str, "Tree"]


def _plain(node: Node) -> Tree:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: _plain(child) for key, child in node.entries}
    return [_plain(item) for item in node.items]


def _read(path: Path) -> dict[str, Tree]:
    node, findings = read_yaml(path.read_bytes(), str(path))
    assert node is not None
    assert not has_errors(findings), findings
    tree = _plain(node)
    assert isinstance(tree, dict)
    return tree


def _agreement(name: str) -> dict[str, Tree]:
    return _read(ROOT / "agreements" / f"{name}.yaml")


def _rows(tree: Tree) -> dict[str, dict[str, Tree]]:
    assert isinstance(tree, dict)
    return {key: row for key, row in tree.items() if isinstance(row, dict)}


def _clauses(name: str) -> dict[str, dict[str, Tree]]:
    return _rows(_read(ROOT / "agreements" / "clauses" / f"{name}.yaml")["clauses"])


def _assumptions(name: str) -> dict[str, dict[str, Tree]]:
    return _rows(_agreement(name)["assume"])


def _below(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Every key with its value, at every depth."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            yield from _below(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _below(item)


def _cited(name: str) -> set[str]:
    found: set[str] = set()
    for key, value in _below(_agreement(name)):
        if key == "clause":
            found |= {value} if isinstance(value, str) else {str(item) for item in value}
    return found


def _refs(row: dict[str, Tree]) -> list[str]:
    return str(row["ref"]).split(", ")


def _consulted(name: str) -> dict[str, list[dict[str, Tree]]]:
    found: dict[str, list[dict[str, Tree]]] = {}
    for key, value in _below(_agreement(name)):
        if key.startswith("by ") and key not in ("by customer", "by provider"):
            assert isinstance(value, dict)
            found.setdefault(key.removeprefix("by "), []).append(value)
    return found


@pytest.mark.parametrize("name", TERMS)
def test_the_clause_list_holds_every_term_and_nothing_else(name: str) -> None:
    """A page's terms and the clause list of its agreement are the same set."""
    assert set(_clauses(name)) == set(TERMS[name].split())


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_encoded_informative_or_left_to_a_later_part(name: str) -> None:
    """No term is passed over in silence, and only those that may be are informative."""
    cited = _cited(name)
    for number, clause in _clauses(name).items():
        assert number in cited or "informative" in clause or clause.get("later") in LATER, number
        if "informative" in clause:
            assert number in INFORMATIVE.get(name, set()), number
            assert number not in cited, number


@pytest.mark.parametrize("name", TERMS)
def test_what_can_be_executed_is_encoded_now(name: str) -> None:
    """Every term is cited by a row, but what is informative and what a later part executes."""
    later = LATER_TERMS.get(name, set())
    assert _cited(name) == set(TERMS[name].split()) - INFORMATIVE.get(name, set()) - later
    clauses = _clauses(name)
    assert {number for number in later if clauses[number]["later"] not in LATER} == set()


@pytest.mark.parametrize("name", TERMS)
def test_rows_cite_only_clauses_of_the_list(name: str) -> None:
    """A row cannot cite what the page does not have."""
    assert _cited(name) <= set(_clauses(name))


@pytest.mark.parametrize("name", TERMS)
def test_every_clause_has_the_hash_of_its_paragraph(name: str) -> None:
    """Each clause says what it is about and names its paragraph by SHA-256."""
    for number, clause in _clauses(name).items():
        assert clause["says"], number
        assert re.fullmatch(r"[0-9a-f]{64}", str(clause["paragraph"])), number


@pytest.mark.parametrize("name", TERMS)
def test_every_reading_is_a_named_assumption(name: str) -> None:
    """The readings of a page, the general ones included, are those that its agreement assumes."""
    letter, count = READINGS[name]
    page = name.upper()
    own = {f"{page}/{letter}{number}" for number in range(1, count + 1)}
    general = {f"{page}/G{number}" for number in range(1, 5)}
    stated = {ref for row in _assumptions(name).values() for ref in _refs(row)}
    assert stated == own | general


@pytest.mark.parametrize("name", TERMS)
def test_every_assumption_takes_one_of_its_options(name: str) -> None:
    """An assumption has at least two different options, takes one of them and says why."""
    for key, row in _assumptions(name).items():
        options = row["options"]
        assert isinstance(options, list), key
        assert len(options) == len({str(option) for option in options}) >= 2, key
        assert row["take"] in options, key
        assert row["issue"], key
        assert row["because"], key


def _named_only(row: dict[str, Tree]) -> set[str]:
    options = row.get("named only", [])
    assert isinstance(options, list)
    return {str(option) for option in options}


def _defects(name: str) -> dict[str, dict[str, Tree]]:
    return _rows(_read(ROOT / "agreements" / "clauses" / f"{name}.yaml")["defects"])


IDLE = {"intg": {"rounding", "unknown-time"}}
"""The readings that nothing rests on; the agreement acknowledges that and says why."""


@pytest.mark.parametrize("name", TERMS)
def test_an_assumption_is_consulted_or_says_who_will(name: str) -> None:
    """A reading decides a value or a defect of the page, or it names the later part that executes it."""
    consulted = set(_consulted(name))
    resolving = {str(row["resolved by"]) for row in _defects(name).values()}
    idle = IDLE.get(name, set())
    for key, row in _assumptions(name).items():
        if "executed by" in row:
            assert row["executed by"] in LATER, key
            assert key not in consulted, key
        else:
            assert (key in consulted | resolving) != (key in idle), key
    acknowledged = [row["of"] for row in _rows(_agreement(name).get("acknowledge", {})).values()]
    assert acknowledged == ([sorted(idle)] if idle else [])


@pytest.mark.parametrize("name", TERMS)
def test_every_defect_is_read_by_an_assumption(name: str) -> None:
    """What is wrong with a page names clauses that it has, and the assumption that says how it is read."""
    for key, row in _defects(name).items():
        clauses = row.get("clause", [])
        assert set(clauses if isinstance(clauses, list) else [clauses]) <= set(_clauses(name)), key
        assert row["resolved by"] in _assumptions(name), key


@pytest.mark.parametrize("name", TERMS)
def test_a_consulted_value_has_every_option_that_can_be_taken(name: str) -> None:
    """What consults an assumption gives values for its options; a plan may replace some of them."""
    assumptions = _assumptions(name)
    for key, places in _consulted(name).items():
        options = {str(option) for option in assumptions[key]["options"]}
        options -= _named_only(assumptions[key])
        assert any(set(place) == options for place in places), key
        for place in places:
            assert set(place) <= options, key


NAMED_ONLY = {
    "CENG/C7": {"contract quarter"},
    "SIVO/S4": {"from the second"},
    "SIVO/S7": {"sliding"},
    "SIVO/S26": {"each customer"},
    "JUST/J1": {"share of time", "each task with 90 % confidence"},
}
"""The options that are written down and that the language cannot say."""


def test_only_these_options_cannot_be_taken() -> None:
    """No other option of the five is only a name, and none of them is the one that holds."""
    rows = [row for name in TERMS for row in _assumptions(name).values() if "named only" in row]
    assert {str(row["ref"]): _named_only(row) for row in rows} == NAMED_ONLY
    assert [row["ref"] for row in rows if row["take"] in _named_only(row)] == []


def _is_tested(name: str, number: str) -> bool:
    """Whether a test of an agreement has the number in its name, or among its parameters."""
    word = f"_{number.lower().replace('.', '_')}_"
    for path in (ROOT / "tests" / "terms").glob(f"test_{name}*.py"):
        text = path.read_text("utf-8")
        if f'("{number}",' in text or f'"{number}" in' in text:
            return True
        if any(word in f"_{test}_" for test in re.findall(rf"def test_{name}_(\w+)", text)):
            return True
    return False


@pytest.mark.parametrize("name", TERMS)
def test_every_term_that_is_executed_has_a_test_that_names_it(name: str) -> None:
    """A test carries the number of its term."""
    now = set(TERMS[name].split()) - INFORMATIVE.get(name, set()) - LATER_TERMS.get(name, set())
    assert sorted(number for number in now if not _is_tested(name, number)) == []


@pytest.mark.parametrize("name", TERMS)
def test_every_reading_that_is_consulted_has_a_test_that_names_it(name: str) -> None:
    """A test carries the number of its reading."""
    rows = [row for row in _assumptions(name).values() if "executed by" not in row]
    readings = {ref.partition("/")[2] for row in rows for ref in _refs(row)}
    assert sorted(reading for reading in readings if not _is_tested(name, reading)) == []


@pytest.mark.parametrize("name", ["follow-the-sun", "field-service", "overridden"])
def test_an_example_has_an_agreement_a_contract_and_facts(name: str) -> None:
    """Each example can be read: its contract names its agreement, its facts are of 2026 and unique."""
    folder = ROOT / "examples" / name
    document = _read(folder / "agreement.yaml")["document"]
    contract = _read(folder / "contract.yaml")["contract"]
    assert isinstance(document, dict)
    assert isinstance(contract, dict)
    assert contract["agreement"] == document["agreement"]
    facts = [json.loads(line) for line in (folder / "facts.jsonl").read_text("utf-8").splitlines()]
    assert 10 <= len(facts) <= 25
    assert len({(fact["source"], fact["id"]) for fact in facts}) == len(facts)
    assert all(fact["time"].startswith("2026-") for fact in facts)
    assert {fact["data"]["contract"] for fact in facts if fact["type"] == "ticket.opened"} == {contract["id"]}
    assert (folder / "expected.md").read_text("utf-8").count("|") > 50
