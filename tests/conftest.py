"""What all tests share: the option that rewrites expected texts, and how properties are searched."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A change is judged by the same examples on every machine; new ones are looked for on purpose.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("brisk", derandomize=True, deadline=None, max_examples=15)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


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
