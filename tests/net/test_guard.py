"""The guard of outgoing requests: nothing goes where it must not, and every end is one value."""

from __future__ import annotations

import pytest

from tests.net.checks import CHECKS
from tests.net.lab import REAL


@pytest.mark.parametrize("name", CHECKS)
def test_the_guard_holds(name: str) -> None:
    """Each check, whose docstring says what holds, is passed by the guard as it is."""
    CHECKS[name](REAL)
