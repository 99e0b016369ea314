"""The checks of the guard are worth something: each planted hole is noticed by one of them."""

from __future__ import annotations

import pytest

from tests.net.checks import CHECKS
from tests.net.lab import mutated
from tests.net.mutants import MUTANTS, Mutant

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_every_mutant_of_the_guard_is_caught(mutant: Mutant) -> None:
    """With one line of the guard changed, at least one check fails."""
    with mutated(mutant.module, mutant.before, mutant.after) as net:
        for check in CHECKS.values():
            try:
                check(net)
            except (Exception, pytest.fail.Exception):
                return
    pytest.fail(f"nobody notices: {mutant.name}")
