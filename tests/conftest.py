"""What all tests share: the option that rewrites expected texts."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept`, asked for by `make accept`."""
    parser.addoption("--accept", action="store_true", help="rewrite the expected texts with what comes out")


def pytest_configure(config: pytest.Config) -> None:
    """The marker of the tests that `--accept` concerns."""
    config.addinivalue_line("markers", "accepts: compares with a text that `make accept` rewrites")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are rewritten instead of compared."""
    return bool(request.config.getoption("--accept"))
