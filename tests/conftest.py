"""What all tests share: the option that rewrites expected texts, and how properties are searched."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# A change is judged by the same examples on every machine; new ones are looked for on purpose.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("brisk", derandomize=True, deadline=None, max_examples=15)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

LONG = (
    "live/test_fortnight", "live/test_api_schema", "e2e/test_ways", "tests/test_benchmarks",
    "notify/test_mutants", "live/test_kills", "live/test_endpoints", "live/test_api_answers",
    "live/test_serve", "live/test_answers", "judge/test_worlds", "live/test_pages", "test_contract_page",
    "test_months_and_versions", "live/test_api_walls", "render/test_same_bytes", "cli/test_claim_command",
    "live/test_observe", "live/test_watchdog", "book/test_readings", "cli/test_credit_command",
    "live/test_migrations", "judge/test_measured", "live/test_floods", "live/test_seal", "book/test_diff",
    "test_mutation_campaign", "accounting/", "golden/", "book/test_restatements", "live/test_filters",
)  # fmt: skip
"""Files of tests, the longest first."""


SELDOM = 100_000
"""So many objects more than before are made until Python looks for some that nobody holds."""
gc.disable()  # what is imported stays


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept`, asked for by `make accept`."""
    parser.addoption("--accept", action="store_true", help="rewrite the expected texts with what comes out")


def pytest_configure(config: pytest.Config) -> None:
    """The marker of the tests that `--accept` concerns."""
    config.addinivalue_line("markers", "accepts: compares with a text that `make accept` rewrites")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first: no processor waits for another one at the end."""
    items.sort(key=lambda item: next((i for i, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


def pytest_collection_finish() -> None:
    """What is there by now is not looked through for garbage again: it was a seventh of the time."""
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expected texts are rewritten instead of compared."""
    return bool(request.config.getoption("--accept"))
