"""`upheld diff` and `upheld amend`: what they print, how they end, and what they say of wrong input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from upheld.cli.main import main

OLD = """document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
deadline: {response: {from: opened, until: answered, within: 4h, clause: "2"}}
amend: {notice: 30d, never below: commitments at signature}
"""
NEW = OLD.replace("version: '1'", "version: '2'").replace("within: 4h", "within: 8h")
CONTRACT = (
    "contract: {id: c1, customer: Acme, agreement: acme, version: '1', from: 2026-01-01, term: 1 year}\n"
)


class Folder:
    """A folder with two versions and a contract, in which commands run."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = path, capsys
        for name, text in (("old", OLD), ("new", NEW), ("contract", CONTRACT)):
            self.write(f"{name}.yaml", text)

    def write(self, name: str, text: str) -> None:
        """A file of the folder."""
        (self.path / name).write_text(text, encoding="utf-8")

    def run(self, *words: str) -> tuple[int, str, str]:
        """The exit code, and what was printed."""
        code = main(list(words))
        printed = self.capsys.readouterr()
        return code, printed.out, printed.err

    def record(self, *words: str) -> Any:
        """What is printed as JSON."""
        return json.loads(self.run(*words, "--format", "json")[1])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """The folder of a test."""
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capsys)


def test_diff_says_how_every_commitment_compares_and_what_the_texts_change(folder: Folder) -> None:
    """The order, the parts with both values, the clause, the places, then the changed values."""
    code, out, err = folder.run("diff", "old.yaml", "new.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "acme 1 (old.yaml) -> acme 2 (new.yaml): worse",
        "",
        "the agreement: worse (1 commitment worse)",
        "  response (deadline): worse [2]",
        "      target    4h -> 8h",
        out.splitlines()[5],
        "      old.yaml:2:12 -> new.yaml:2:12",
        "",
        "what the texts change",
        "  document.version          1 -> 2    line 1 -> 1",
        "  deadline.response.within  4h -> 8h  line 2 -> 2",
    ]
    assert out.splitlines()[5].startswith("      such as from ")


@pytest.mark.parametrize(("asked", "code"), [("worse", 1), ("incomparable", 1)])
def test_diff_fails_on_what_is_asked(folder: Folder, asked: str, code: int) -> None:
    """A worse commitment is 1 for both words; the other way round it is 0."""
    assert folder.run("diff", "old.yaml", "new.yaml", "--fail-on", asked)[0] == code
    assert folder.run("diff", "new.yaml", "old.yaml", "--fail-on", asked)[0] == 0


def test_diff_of_a_version_with_itself_says_that_it_is_equal(folder: Folder) -> None:
    """And nothing of the texts."""
    lines = folder.run("diff", "old.yaml", "old.yaml")[1].splitlines()
    assert lines == ["acme 1 (old.yaml) -> acme 1 (old.yaml): equal", "", "the agreement: equal"]


def test_diff_for_a_contract_and_without_the_text(folder: Folder) -> None:
    """What a contract overrides is not changed by what lies beneath it."""
    folder.write("own.yaml", CONTRACT + "override: {deadline: {response: {within: 1h}}}\n")
    record = folder.record("diff", "old.yaml", "new.yaml", "--contract", "own.yaml", "--no-text")
    assert (record["order"], record["plans"][0]["changes"], "text" in record) == ("equal", [], False)
    assert folder.record("diff", "old.yaml", "new.yaml", "--contract", "contract.yaml")["order"] == "worse"


def test_diff_tells_what_is_wrong_with_a_file(folder: Folder) -> None:
    """Nothing is compared, and the exit code is that of wrong input."""
    folder.write("new.yaml", NEW.replace("answered", "answred"))
    code, out, err = folder.run("diff", "old.yaml", "new.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("new.yaml:2:")
    assert folder.run("diff", "old.yaml", "nowhere.yaml")[0] == 2
    assert "unknown-plan" in folder.run("diff", "old.yaml", "new.yaml", "--plan", "gold".replace("g", "c"))[2]


def test_diff_shows_no_raw_control_characters(folder: Folder) -> None:
    """A name that would clear the screen is shown as its code."""
    name = '"re\\u001b[2Jsponse"'
    for file, text in (("old.yaml", OLD), ("new.yaml", NEW)):
        folder.write(file, text.replace("{response:", f"{{{name}:"))
    code, out, err = folder.run("diff", "old.yaml", "new.yaml")
    assert "\x1b" not in out + err
    assert code in (0, 2)


def test_amend_says_from_when_it_holds_for_whom(folder: Folder) -> None:
    """Each contract with its dates, each commitment with its versions."""
    words = ["new.yaml", "--against", "old.yaml", "--contracts", "contract.yaml", "--published", "2026-07-01"]
    code, out, err = folder.run("amend", *words)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "acme 2 after 1",
        "  30 days of notice, never below the commitments at signature until the contract period ends",
        "  published 2026-07-01: whoever signs from then on gets 2",
        "",
        "c1 (Acme), signed under 1",
        "  told 2026-07-01, new version from 2026-07-31, contract period until 2027-01-01",
        "    response  worse  1, 2 from 2027-01-01  never below at signature: worse",
        "    everything else: 2 from 2026-07-31",
    ]


def test_amend_names_the_first_valid_day_and_ends_with_one(folder: Folder) -> None:
    """A notice that is too short is an error on standard error; the dates are those of the valid day."""
    words = ["new.yaml", "--against", "old.yaml", "--contracts", "contract.yaml", "--published", "2026-07-01"]
    code, out, err = folder.run("amend", *words, "--from", "2026-07-15")
    assert code == 1
    message = "version 2 cannot begin on 2026-07-15 for `c1`: version 1 promises a notice of 30 days"
    assert err.splitlines() == [
        f"contract.yaml:1:1: error[notice-too-short]: {message}",
        "    see also old.yaml:3:1",
        "    way out: the first day that is possible is 2026-07-31",
    ]
    assert "new version from 2026-07-31" in out


def test_amend_tells_the_version_at_an_instant(folder: Folder) -> None:
    """With `--at` each commitment says which version holds then."""
    words = ["new.yaml", "--against", "old.yaml", "--contracts", "contract.yaml", "--published", "2026-07-01"]
    for at, version in (("2026-12-31T00:00:00Z", "1"), ("2027-01-01T00:00:00Z", "2")):
        (contract,) = folder.record("amend", *words, "--at", at)["contracts"]
        assert [step["version_at"] for step in contract["commitments"]] == [version]


def test_amend_without_notice_or_contract(folder: Folder) -> None:
    """Without a contract only the rule is told; without any date a contract cannot be."""
    assert folder.run("amend", "new.yaml", "--against", "old.yaml", "--published", "2026-07-01")[0] == 0
    code, out, err = folder.run("amend", "new.yaml", "--against", "old.yaml", "--contracts", "contract.yaml")
    assert (code, out) == (2, "")
    assert "error[notice-unknown]" in err
    assert folder.run("amend", "new.yaml", "--against", "old.yaml", "--published", "July")[0] == 2


def test_amend_outside_the_years_of_a_calendar_is_wrong_use(folder: Folder) -> None:
    """A day beyond the years that are known is told, not a fault of ours."""
    words = ["new.yaml", "--against", "old.yaml", "--contracts", "contract.yaml", "--published", "2036-07-01"]
    code, _, err = folder.run("amend", *words)
    assert code == 2
    assert "outside the years" in err
