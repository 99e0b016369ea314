"""`upheld words`: which texts come out of which options, and how wrong ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from upheld.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SIVO = str(ROOT / "agreements" / "sivo.yaml")
OVERRIDDEN = ROOT / "examples" / "overridden"


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["words", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_without_a_plan_every_plan_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other under one title; with a plan only that one."""
    code, text, _ = _run(capsys, SIVO, "--format", "markdown")
    assert code == 0
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Plan starter",
        "## Plan pro",
        "## Plan enterprise",
    ]
    code, text, _ = _run(capsys, SIVO, "--plan", "pro", "--format", "markdown")
    assert code == 0
    assert text.startswith("# Service levels of SIVO\n\n- **Provider:** Cloudtree\n")
    assert "- **Plan:** pro\n" in text


def test_a_contract_is_written_with_what_it_overrides(capsys: pytest.CaptureFixture[str]) -> None:
    """Its plan, its days and its own times; nothing of what it removes."""
    words = (str(OVERRIDDEN / "agreement.yaml"), "--contract", str(OVERRIDDEN / "contract.yaml"))
    code, text, _ = _run(capsys, *words, "--format", "markdown")
    assert code == 0
    assert "- **Contract:** contoso-gold\n" in text
    assert "It holds from 1 February 2026 on. It ends on 31 January 2027." in text
    assert "30 minutes" in text
    assert "### Resolution" not in text


def test_a_page_goes_into_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whole, and nothing is printed; in the language that is asked for."""
    page = tmp_path / "sivo.html"
    words = (SIVO, "--plan", "starter", "--lang", "nl", "--format", "html", "--output", str(page))
    assert _run(capsys, *words) == (0, "", "")
    text = page.read_text("utf-8")
    assert text.startswith('<!doctype html>\n<html lang="nl">')
    assert text.endswith("</html>\n")


def test_lines_have_no_blank_that_a_terminal_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    """Money of a language is written with blanks that do not break; lines are broken already."""
    code, text, _ = _run(capsys, SIVO, "--plan", "pro", "--lang", "nl")
    assert code == 0
    assert "€ 1.000,00" in text
    assert "\\x" not in text


@pytest.mark.parametrize("name", [".", "/", "missing/sivo.md"])
def test_a_file_that_cannot_be_written_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, or a file in a folder that is not there, by the name that was given."""
    code, text, told = _run(capsys, SIVO, "--plan", "starter", "--output", name)
    assert (code, text) == (2, "")
    assert told.startswith(f"upheld: {name}: ")


def test_what_is_wrong_is_told_with_the_way_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An unknown plan, an agreement with errors, a file that is not there: nothing is written."""
    code, text, told = _run(capsys, SIVO, "--plan", "premium")
    assert (code, text) == (2, "")
    assert "there is no plan `premium`" in told
    assert "upheld: 1 error; nothing was written" in told, "what a plan would give is not missing"
    broken = tmp_path / "broken.yaml"
    broken.write_text("document: {agreement: a, version: 1, provider: Northwind, zone: UTC}\nnonsense: {}\n")
    code, text, told = _run(capsys, str(broken))
    assert (code, text) == (2, "")
    assert "unknown-concept" in told
    code, _, told = _run(capsys, str(tmp_path / "missing.yaml"))
    assert code == 2
    assert "there is no file or folder" in told
    assert _run(capsys, SIVO, "--lang", "fr")[0] == 2


def test_the_last_day_of_a_contract_is_told_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    """The day itself, and not the one after it."""
    words = (str(OVERRIDDEN / "agreement.yaml"), "--contract", str(OVERRIDDEN / "contract.yaml"))
    code, text, _ = _run(capsys, *words, "--format", "markdown", "--lang", "nl")
    assert code == 0
    assert "De laatste dag is 31 januari 2027." in text


def test_a_contract_of_another_agreement_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    """What it overrides there is no error of its own."""
    code, text, told = _run(capsys, SIVO, "--contract", str(OVERRIDDEN / "contract.yaml"))
    assert (code, text) == (2, "")
    assert told.count("error[") == 1
    assert "error[agreement-mismatch]: the contract names agreement `desk`, and this is `sivo`" in told


def test_a_plan_that_is_not_the_contracts_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Both are named, with the way out; its own plan may stand beside it."""
    contract = tmp_path / "contract.yaml"
    contract.write_text(
        "contract: {id: c-1, customer: Contoso, agreement: sivo, version: 2026-01, plan: pro,"
        " from: 2026-02-01, fees: {month: 100.00 EUR}}\n"
    )
    code, text, told = _run(capsys, SIVO, "--contract", str(contract), "--plan", "starter")
    assert (code, text) == (2, "")
    assert "is a contract for the plan `pro`, not `starter`: leave out --plan" in told
    code, text, told = _run(capsys, SIVO, "--contract", str(contract), "--plan", "pro")
    assert (code, "Contoso" in text) == (0, True), told


@pytest.mark.parametrize("command", ["words", "plans"])
def test_a_folder_is_refused_with_what_to_give_instead(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The words are those of one agreement: its file is asked for."""
    assert main([command, str(tmp_path)]) == 2
    told = capsys.readouterr().err
    wanted = f"{tmp_path} is a folder: give the file of one agreement, as in {tmp_path / 'NAME.yaml'}"
    assert told == f"upheld: {wanted}\n"
