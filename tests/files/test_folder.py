"""A book made of files: what is found, what goes together, and what is told of the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from upheld.files.folder import Folder, read_agreement_file, read_book
from upheld.language.library import lock_path_of

AGREEMENT = """document: {{agreement: {name}, version: '{version}', provider: Northwind, zone: UTC}}
event:
  visit.arrived: {{of: ticket}}
deadline:
  response: {{from: opened, until: answered, within: 2h}}
"""
CONTRACT = "contract: {{id: {id}, customer: Acme, agreement: {name}{more}, from: 2026-01-01}}\n"
FACT = {
    "specversion": "1.0",
    "id": "1",
    "source": "desk",
    "type": "ticket.opened",
    "time": "2026-06-01T10:00:00Z",
    "subject": "T-1",
    "data": {"contract": "c1"},
}


def agreement(name: str = "acme", version: str = "1") -> str:
    """The text of an agreement."""
    return AGREEMENT.format(name=name, version=version)


def contract(id_: str = "c1", name: str = "acme", more: str = "") -> str:
    """The text of a contract."""
    return CONTRACT.format(id=id_, name=name, more=more)


def line(**changes: object) -> str:
    """A fact on a line."""
    return json.dumps({**FACT, **changes}) + "\n"


def book(home: Path, files: dict[str, str], *asked: str) -> Folder:
    """The book of a folder with these files, or of those asked for."""
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    return read_book([home / name for name in asked] or [home])


def codes(found: Folder) -> list[str]:
    """What is wrong, by code."""
    return [finding.code for finding in found.findings]


def test_a_folder_is_searched_with_all_that_is_in_it(tmp_path: Path) -> None:
    """Agreements, contracts and facts wherever they lie; other YAML, hidden and other files do not count."""
    found = book(
        tmp_path,
        {
            "deep/er/acme.yaml": agreement(),
            "contracts/c1.yml": contract(),
            "facts/june.jsonl": line(),
            "facts/july.jsonl": line(id="2", subject="T-2"),
            "mapping.yaml": "columns: {a: b}\n",
            ".hidden/other.yaml": agreement("other"),
            "notes.txt": "nothing",
            "clauses/acme.yaml": "clauses: {'1': {says: something}}\n",
        },
    )
    assert (codes(found), len(found.agreements), len(found.contracts)) == ([], 1, 1)
    assert [terms.contract.id for terms in found.terms if terms.contract] == ["c1"]
    assert [fact.subject for fact in found.log] == ["T-1", "T-2"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """By name, by folder, and by another name of the same file."""
    (tmp_path / "other.yaml").symlink_to(tmp_path / "acme.yaml")
    found = book(tmp_path, {"acme.yaml": agreement(), "c1.yaml": contract()}, ".", "acme.yaml", "c1.yaml")
    assert (codes(found), len(found.agreements), len(found.contracts)) == ([], 1, 1)


def test_what_was_asked_for_by_name_has_to_be_something(tmp_path: Path) -> None:
    """In a folder it is passed over, as an argument it is a fault."""
    assert codes(book(tmp_path, {"mapping.yaml": "columns: {a: b}\n"})) == []
    assert codes(book(tmp_path, {}, "mapping.yaml")) == ["unknown-file"]
    assert codes(book(tmp_path, {"list.yaml": "[1]\n"}, "list.yaml")) == ["not-a-map"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"c1.yaml": contract()}, "unknown-agreement"),
        ({"a.yaml": agreement("acne"), "c1.yaml": contract()}, "unknown-agreement"),
        ({"a.yaml": agreement(), "c1.yaml": contract(more=", version: '2'")}, "unknown-version"),
        ({"a.yaml": agreement(), "b.yaml": agreement(), "c1.yaml": contract()}, "ambiguous-agreement"),
        (
            {"a.yaml": agreement(), "b.yaml": agreement(version="2"), "c.yaml": contract()},
            "ambiguous-agreement",
        ),
        ({"a.yaml": agreement(), "b.yaml": contract(), "c.yaml": contract()}, "duplicate-contract"),
        ({"a.yaml": agreement(), "a.lock.json": "nonsense", "c.yaml": contract()}, "bad-lock"),
        ({"a.yaml": "document: [\n"}, "bad-yaml"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path: Path, files: dict[str, str], code: str) -> None:
    """With a place and a way out."""
    found = book(tmp_path, files)
    assert codes(found) == [code]
    (finding,) = found.findings
    assert finding.way_out
    assert finding.place.file.startswith(str(tmp_path))


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    """acne for acme."""
    found = book(tmp_path, {"a.yaml": agreement("acne"), "c1.yaml": contract()})
    assert "acne" in found.findings[0].way_out


def test_a_contract_takes_the_version_that_it_names(tmp_path: Path) -> None:
    """Of two that are there."""
    files = {
        "a.yaml": agreement(),
        "b.yaml": agreement(version="2"),
        "c.yaml": contract(more=", version: '2'"),
    }
    (terms,) = book(tmp_path, files).terms
    assert terms.version == "2"


def test_contracts_are_in_the_order_of_their_ids(tmp_path: Path) -> None:
    """Whatever their files are called."""
    files = {"a.yaml": agreement(), "1.yaml": contract("z"), "2.yaml": contract("b")}
    assert [terms.contract.id for terms in book(tmp_path, files).terms if terms.contract] == ["b", "z"]


def test_one_broken_file_leaves_the_others(tmp_path: Path) -> None:
    """What is right is there, what is wrong is told."""
    files = {
        "a.yaml": agreement(),
        "c.yaml": contract(),
        "d.yaml": contract("c2", "none"),
        "f.jsonl": "{\n" + line(),
    }
    found = book(tmp_path, files)
    assert codes(found) == ["unknown-agreement", "bad-json"]
    assert (len(found.terms), len(found.log)) == (1, 1)


def test_facts_may_be_of_types_that_the_agreement_declares(tmp_path: Path) -> None:
    """Only where a contract has such an agreement."""
    visit = line(id="2", type="visit.arrived", data={})
    files = {"a.yaml": agreement(), "c.yaml": contract(), "f.jsonl": visit}
    assert codes(book(tmp_path, files)) == []
    (tmp_path / "c.yaml").unlink()
    assert codes(read_book([tmp_path])) == ["unknown-fact-type"]  # type: ignore[arg-type]


def test_conflicting_facts_in_two_files_are_told_with_both_places(tmp_path: Path) -> None:
    """The same source and id, another body."""
    files = {"1.jsonl": line(), "2.jsonl": line(subject="T-2")}
    (conflict,) = book(tmp_path, files).log.findings
    assert conflict.code == "conflicting-facts"
    assert [Path(place.file).name for place in conflict.places] == ["1.jsonl", "2.jsonl"]


def test_facts_can_be_left_alone(tmp_path: Path) -> None:
    """Checking an agreement needs none."""
    (tmp_path / "f.jsonl").write_text("{", encoding="utf-8")
    assert read_book([tmp_path], facts=False) == Folder()


def test_the_clause_list_lies_beside_the_agreement_and_nowhere_else(tmp_path: Path) -> None:
    """A path out of the folder is refused, and so is one that leads nowhere."""
    home = tmp_path / "inside"
    (tmp_path / "outside.yaml").write_text("clauses: {}\n", encoding="utf-8")
    for name, wrong in (("c.yaml", []), ("../outside.yaml", ["missing-file"]), ("no.yaml", ["missing-file"])):
        text = agreement().replace("zone: UTC}", f"zone: UTC, clauses: {name}}}")
        book(home, {"acme.yaml": text, "c.yaml": "clauses: {'1': {says: a}}\n"})
        found, findings = read_agreement_file(home / "acme.yaml")
        assert found is not None
        assert [finding.code for finding in findings] == wrong
        assert (found.clauses is None) == bool(wrong)


def test_an_agreement_file_knows_its_name_version_and_plans(tmp_path: Path) -> None:
    """From its text, before anything is compiled."""
    text = agreement() + "plan:\n  basic: {}\n  gold: {}\n"
    (tmp_path / "acme.yaml").write_text(text, encoding="utf-8")
    found, findings = read_agreement_file(tmp_path / "acme.yaml")
    assert found is not None
    assert (found.name, found.version, found.plans, findings) == ("acme", "1", ("basic", "gold"), ())
    assert lock_path_of(found.path).name == "acme.lock.json"


def test_what_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    """For the caller to tell."""
    with pytest.raises(OSError, match="nothing"):
        read_book([tmp_path / "nothing.yaml"])


ARRIVED = {"type": "visit.arrived", "id": "2"}
FIELDS = "{engineer: text, alone: truth, seats: number, left_at: instant, travel: duration}"


def test_the_fields_of_a_declared_event_are_checked(tmp_path: Path) -> None:
    """As those of the known types: a value of the wrong type is an error at its place."""
    files = {
        "a.yaml": agreement().replace("{of: ticket}", "{of: ticket, fields: " + FIELDS + "}"),
        "c.yaml": contract(),
    }
    good = {
        "engineer": "Ada",
        "alone": True,
        "seats": 2.5,
        "left_at": "2026-06-01T12:00:00Z",
        "travel": "2h",
        "note": 1,
    }
    wrong = {"engineer": 7, "alone": "yes", "seats": "two", "left_at": "noon", "travel": 2}
    assert codes(book(tmp_path, {**files, "f.jsonl": line(**ARRIVED, data=good)})) == []
    for name, value in wrong.items():
        (finding,) = book(tmp_path, {"f.jsonl": line(**ARRIVED, data={name: value})}, ".").findings
        assert (finding.code, finding.severity) == ("bad-field", "error")
        assert f"`{name}`" in finding.message


def test_a_field_that_two_agreements_declare_differently_is_not_checked(tmp_path: Path) -> None:
    """A fact does not say whose it is; what they agree on is checked."""
    files = {
        f"{name}.yaml": agreement(name).replace(
            "{of: ticket}", "{of: ticket, fields: {seats: " + type_ + ", alone: truth}}"
        )
        for name, type_ in (("acme", "number"), ("brand", "text"))
    }
    files |= {"1.yaml": contract(), "2.yaml": contract("c2", "brand")}
    assert codes(book(tmp_path, {**files, "f.jsonl": line(**ARRIVED, data={"seats": "x"})})) == []
    assert codes(book(tmp_path, {"f.jsonl": line(**ARRIVED, data={"alone": "x"})}, ".")) == ["bad-field"]


@pytest.mark.parametrize(
    "name", ["x.observations.csv.gz", "x.observations.json", "in/x.observations.parquet.zst"]
)
def test_observations_in_a_form_that_is_not_read_are_told(tmp_path: Path, name: str) -> None:
    """Whoever names a file so means it to count."""
    found = book(tmp_path, {"a.yaml": agreement(), name: "?"})
    assert codes(found) == ["unknown-file"]
    assert found.findings[0].place.file == str(tmp_path / name)
    assert ".observations.csv" in found.findings[0].way_out
    assert found.observed == ()


@pytest.mark.parametrize("name", ["x.observations.csv", "facts.jsonl", "c.yaml"])
def test_a_link_to_nowhere_is_told(tmp_path: Path, name: str) -> None:
    """It stands for what is missing."""
    (tmp_path / name).symlink_to(tmp_path / "gone")
    assert codes(book(tmp_path, {"a.yaml": agreement()})) == ["missing-file"]


def test_a_table_that_nothing_reads_is_told(tmp_path: Path) -> None:
    """Its name does not say that it holds observations, and no mapping beside it says what it is."""
    mapping = "source: desk\nzone: UTC\ntimes: RFC 3339\nsubject: No\nat: When\n"
    found = book(
        tmp_path,
        {
            "acme.yaml": agreement(),
            "probes.csv": "at,component,ok\n",
            "more/probes.parquet": "",
            "import/mapping.yaml": mapping,
            "import/tickets.csv": "No,When\n",
            "lake/manifest.json": '{"format": "upheld lake 1"}',
            "lake/2026/part.parquet": "",
            ".cache/probes.csv": "",
        },
    )
    told = [(one.code, one.severity, Path(one.place.file).name, one.way_out) for one in found.findings]
    assert told == [
        (
            "unknown-file", "warning", "probes.parquet",
            "name it probes.observations.parquet if it does, or import it by a mapping",
        ),
        (
            "unknown-file", "warning", "probes.csv",
            "name it probes.observations.csv if it does, or import it by a mapping",
        ),
    ]  # fmt: skip
    assert read_book([tmp_path], facts=False).findings == ()
