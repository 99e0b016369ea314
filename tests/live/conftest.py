"""A database for each test: migrated once, then copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.live.api_desk import World, standing
from tests.live.databases import Postgres, Sqlite


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """What is logged where nobody has said how: the library would colour every line of a traceback."""
    told = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, told])


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """Files of SQLite."""
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A cluster of PostgreSQL."""
    cluster = Postgres()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def databases(request: pytest.FixtureRequest) -> Sqlite | Postgres:
    """Each kind of database in turn."""
    found: Sqlite | Postgres = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def address(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[str]:
    """A database of its own, by its address."""
    with databases.fresh(tmp_path) as found:
        yield found


@pytest.fixture
def world(databases: Sqlite | Postgres, tmp_path: Path) -> Iterator[World]:
    """Two providers with their customers, and the API before them."""
    with standing(databases, tmp_path) as found:
        yield found
