"""`upheld forecast`, `due --horizon` and `backtest`: what they print, their exit codes, what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import ANSWERED, OPENED, World, fact

MEASURED = """document: {agreement: acme, version: '1', provider: Northwind, zone: UTC}
component:
  service: {doc: all of it}
indicator:
  uptime: {count: incidents of service}
deadline:
  response: {from: opened, until: answered, on: always, within: 2h}
commit:
  uptime: {level: ">= 99 %", per: calendar month}
"""
DOWN = (
    fact(3, "incident.declared", "03T06:00", "I-1", components=["service"], severity="S1"),
    fact(4, "incident.resolved", "03T12:00", "I-1"),
)
AT = ("--at", "2026-06-11T00:00:00Z")


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """A measured service that was down for six hours of June, and a ticket."""
    return World(tmp_path, capsys).write("acme.yaml", MEASURED).facts(OPENED, ANSWERED, *DOWN)


def test_a_forecast_tells_budget_ends_and_chance(world: World) -> None:
    """Six of 7.2 hours are used in a third of the month; the text and the record say the same."""
    ran = world.run("forecast", "HOME", *AT)
    assert (ran.code, ran.err) == (0, "")
    for expected in ("83.3 % of 432 min", "2.5 ×", "99.16666 %", "32.5 %", ">= 99 %", "seed 1"):
        assert expected in ran.out
    record = world.run("forecast", "HOME", *AT, "--format", "json").record
    first, _ = record["measured"]
    assert (first["contract"], first["subject"], first["state"]) == ("c1", "2026-06", "at risk")
    assert first["budget"]["whole"] == 25_920
    assert first["budget"]["left"]["numerator"] == 4_320
    assert 0 < first["chance"] < 1
    assert first["chance_at_least"] == first["chance"] == first["chance_at_most"]
    assert first["method"]["id"] == "forecast.urn/1"
    assert record["deadlines"] == []


def test_seed_and_draws_are_arguments(world: World) -> None:
    """The same seed prints the same text; another number of draws is named."""
    first = world.run("forecast", "HOME", *AT, "--seed", "7", "--draws", "100")
    assert first.out == world.run("forecast", "HOME", *AT, "--seed", "7", "--draws", "100").out
    assert "100 continuations, seed 7" in first.out
    assert world.run("forecast", "HOME", *AT, "--contract", "c2").out.count("uptime") == 1


@pytest.mark.parametrize(
    "words",
    [("--seed", "-1"), ("--seed", "x"), ("--draws", "0"), ("--draws", "100001"), ("--draws", "9" * 30)],
)
def test_what_cannot_be_drawn_is_refused(world: World, words: tuple[str, str]) -> None:
    """Numbers out of range, and what is none: wrong use, in one line."""
    ran = world.run("forecast", "HOME", *AT, *words)
    assert ran.code == 2
    assert ran.err.startswith(f"upheld: {words[0]} ")


def test_a_horizon_mixes_deadlines_and_risks(world: World) -> None:
    """A ticket that is due, then the level that may be lost, then the end of the month."""
    world.facts(*DOWN, fact(5, "ticket.opened", "10T23:00", "T-9", contract="c1"))
    rows = world.run("due", "HOME", *AT, "--contract", "c1", "--horizon", "20d", "--format", "json").record[
        "due"
    ]
    assert [(row["commitment"], row["what"]) for row in rows] == [
        ("response", "limit"),
        ("uptime", "risk"),
        ("uptime", "period end"),
    ]
    assert all(0 < row["chance"] < 1 for row in rows)
    assert rows[1]["until_at"] == "2026-07-01T00:00:00Z"
    text = world.run("due", "HOME", *AT, "--contract", "c1", "--horizon", "20d").out
    assert [line.split("  ")[-1].split(" ")[0] for line in text.splitlines()][1:] == ["at", "period"]
    plain = world.run("due", "HOME", *AT, "--contract", "c1", "--format", "json").record["due"]
    assert [(row["what"], row["chance"]) for row in plain] == [("limit", None), ("period end", None)]


# -- backtest ----------------------------------------------------------------------------------------------


def _draft(world: World, level: str = "99.9 %", name: str = "draft.yml.txt") -> str:
    """A draft of another version beside the folder, so that it is not read with it."""
    path = world.home.parent / f"{world.home.name}-{name}.yaml"
    text = MEASURED.replace("version: '1'", "version: '2'").replace(">= 99 %", f">= {level}")
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_backtest_tells_what_flips(world: World) -> None:
    """99.9 % was lost with six hours down; both ways to name the facts print the same."""
    end = ("--at", "2026-07-02T00:00:00Z", "--contract", "c1")
    ran = world.run("backtest", _draft(world), "HOME", *end)
    assert (ran.code, ran.err) == (0, "")
    assert "before  c1: acme 1" in ran.out
    assert "after   c1: acme 2" in ran.out
    assert "met -> breached" in ran.out
    facts = world.run(
        "backtest", _draft(world), "--facts", "HOME", *end, "--against", str(world.home / "acme.yaml")
    )
    assert facts.out == ran.out
    record = world.run("backtest", _draft(world), "HOME", *end, "--format", "json").record
    (flip,) = record["flips"]
    assert (flip["subject"], flip["before"]["state"], flip["after"]["state"]) == (
        "2026-06",
        "met",
        "breached",
    )
    assert record["counts"] == [{"kind": "measurement", "before": "met", "after": "breached", "verdicts": 1}]
    assert record["owed"] == []


def test_a_backtest_without_a_difference_says_so(world: World) -> None:
    """The agreement against itself."""
    ran = world.run("backtest", str(world.home / "acme.yaml"), "HOME", *AT)
    assert "Nothing flips" in ran.out
    assert "->" not in ran.out


def test_contracts_need_not_have_their_version_if_another_is_compared(world: World) -> None:
    """A contract of a version that is not there is judged under NEW and OLD."""
    folder = world.home.parent / f"{world.home.name}-facts"
    folder.mkdir()
    contract = "contract: {id: c1, customer: Acme, agreement: acme, version: '0', from: 2026-01-01}\n"
    (folder / "c1.yaml").write_text(contract, encoding="utf-8")
    lines = "".join(json.dumps(one) + "\n" for one in DOWN)
    (folder / "facts.jsonl").write_text(lines, encoding="utf-8")
    old = str(world.home / "acme.yaml")
    end = ("--at", "2026-07-02T00:00:00Z")
    ran = world.run("backtest", _draft(world), str(folder), "--against", old, *end)
    assert (ran.code, ran.err) == (0, "")
    assert "met -> breached" in ran.out
    missing = world.run("backtest", _draft(world), str(folder), *end)
    assert missing.code == 2
    assert "unknown-agreement" in missing.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("NEW",), "give the contracts and facts too"),
        (("NEW", "HOME", "--take", "grace"), "write a name and a value"),
        (("NEW", "HOME", "--level", "=99%"), "write a name and a value"),
        (("NEW", "HOME", "--level", "uptim=99%"), "did you mean `uptime`?"),
        (("NEW", "HOME", "--take", "grace=x"), "there is no such assumption"),
        (("NEW", "HOME", "--plan", "gold"), "there is no plan `gold`"),
        (("NEW", "HOME", "--contract", "c9"), "there is no contract c9"),
        (("HOME", "HOME"), "is a folder"),
        (("CONTRACT", "HOME"), "is no agreement"),
    ],
)
def test_what_cannot_be_tried_is_refused(world: World, words: tuple[str, ...], message: str) -> None:
    """Wrong use, with what is wrong and the way out."""
    files = {"NEW": _draft(world), "CONTRACT": str(world.home / "c1.yaml")}
    ran = world.run("backtest", *(files.get(word, word) for word in words))
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""


def test_an_agreement_of_another_name_needs_the_contract_named(world: World) -> None:
    """Contracts are those under an agreement of its name, or the one that is named."""
    path = Path(_draft(world))
    path.write_text(path.read_text("utf-8").replace("agreement: acme", "agreement: other"), encoding="utf-8")
    ran = world.run("backtest", str(path), "HOME", *AT)
    assert ran.code == 2
    assert "name one under another agreement with --contract" in ran.err
    named = world.run("backtest", str(path), "HOME", *AT, "--contract", "c1")
    assert named.code == 0
    assert "after   c1: other 2" in named.out


def test_the_start_of_other_commands_loads_nothing_of_forecasts() -> None:
    """`check` imports neither forecasts nor backtests."""
    code = (
        "import sys; from upheld.cli.main import main; main(['check', 'examples/first']);"
        "assert not [name for name in sys.modules if 'forecast' in name or 'backtest' in name]"
    )
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True)
    assert ran.returncode == 0, ran.stderr
