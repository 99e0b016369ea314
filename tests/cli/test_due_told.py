"""`upheld due --told`: who is told of what, and when, beside what is due."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import AGREEMENT, OPENED, World

LADDER = (
    AGREEMENT + "escalate:\n  late: {of: response, at: [75 %, limit], tell: [lead, director], how: page}\n"
)
AT = ("--at", "2026-06-01T10:30:00Z")


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    """A ticket of ten o'clock with two hours, and a ladder."""
    return World(tmp_path, capsys).write("acme.yaml", LADDER).facts(OPENED)


def test_the_stages_ahead_are_listed_with_roles_and_urgency(world: World) -> None:
    """What is late is shown at the instant until which it was in time."""
    lines = world.run("due", "HOME", *AT, "--told").out.partition("who is told:\n")[2].splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "Mon 2026-06-01 11:30 UTC c1 late T-1 response 75 % page to lead, director (provider)",
        "Mon 2026-06-01 12:00 UTC c1 late T-1 response limit page to lead, director (provider)",
    ]


def test_a_horizon_and_a_contract_narrow_the_list(world: World) -> None:
    """Up to then, and of that contract; where nobody is told, it says so."""
    soon = world.run("due", "HOME", *AT, "--told", "--horizon", "1h", "--format", "json").record["told"]
    assert [(one["stage"], one["to"], one["how"]) for one in soon] == [("75 %", ["lead", "director"], "page")]
    assert soon[0]["cause"] == "c1/response/T-1/1"
    assert world.run("due", "HOME", *AT, "--told", "--contract", "c2").out.endswith(
        "who is told:\n  nobody\n"
    )


def test_without_being_asked_nobody_is_listed(world: World) -> None:
    """The command is as it was."""
    assert "told" not in world.run("due", "HOME", *AT, "--format", "json").record
    assert "who is told" not in world.run("due", "HOME", *AT).out
