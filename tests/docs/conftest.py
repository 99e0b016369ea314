"""The documentation is rewritten instead of compared if `--accept` or UPHELD_ACCEPT=1 asks for it."""

from __future__ import annotations

import pytest

from tests.docs.pages import is_accepting


def pytest_configure(config: pytest.Config) -> None:
    """The mark of tests whose expected texts can be rewritten."""
    config.addinivalue_line("markers", "accepts: rewrites its expected text with `make accept`")


@pytest.fixture
def accepting(request: pytest.FixtureRequest) -> bool:
    """Whether pages are to be rewritten."""
    return is_accepting(request.config.getoption("--accept", default=False))
