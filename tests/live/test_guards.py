"""What refuses in a database is there, or it is told which is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.live.databases import BEYOND, Postgres
from upheld.server.guards import guards, missing_guards, wanted_guards


def test_what_the_steps_make_is_what_is_looked_for(address: str) -> None:
    """A step that makes another one, or takes one away, has to say so."""
    assert guards() == wanted_guards()
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON store_ownentry"
        name = "store_ownentry_no_update" if connection.vendor == "sqlite" else "store_ownentry_append_only"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert missing_guards() == [f"trigger {name}"]


def _refusal(part: str, address: str, folder: Path) -> str:
    """Why a part of a server does not start."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("upheld")), "serve", part, "--data", str(folder)],
        env={**os.environ, "DATABASE_URL": address, "UPHELD_SECRET_KEY": settings.SECRET_KEY},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    return done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("part", "act"),
    [
        ("web", "ALTER TABLE store_token DISABLE ROW LEVEL SECURITY"),
        ("worker", "ALTER TABLE store_token NO FORCE ROW LEVEL SECURITY"),
    ],
)
def test_no_part_of_a_server_starts_without_walls(address: str, tmp_path: Path, part: str, act: str) -> None:
    """Switched off they keep nobody apart, and nothing else would show it."""
    with connection.cursor() as cursor:
        cursor.execute(act)
    told = _refusal(part, address, tmp_path / "data")
    assert "the policy walls of store_token is gone, or switched off, and 1 more" in told
    assert "ENABLE and FORCE ROW LEVEL SECURITY" in told


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_a_role_that_may_pass_the_walls_is_refused(address: str, postgres: Postgres, tmp_path: Path) -> None:
    """It need not be such a role: to be a member of one, by whatever way, is enough."""
    for statement in (
        "CREATE ROLE upheld_between",
        f"GRANT {BEYOND} TO upheld_between",
        "CREATE ROLE upheld_member LOGIN NOINHERIT",
        "GRANT upheld_between TO upheld_member",
    ):
        postgres._sql(statement)
    try:
        there = postgres.address(connection.settings_dict["NAME"], "upheld_member")
        told = _refusal("web", there, tmp_path / "data")
    finally:
        postgres._sql("DROP ROLE upheld_member, upheld_between")
    assert f"the role upheld_member of the database may become {BEYOND}, which passes row-level" in told
    assert f"REVOKE {BEYOND} FROM upheld_member" in told
