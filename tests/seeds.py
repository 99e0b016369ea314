"""How many random worlds a test looks at: the same few in `make test`, ten times as many in `make sim`."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("UPHELD_TIMES", "1"))
IS_BRISK = os.environ.get("HYPOTHESIS_PROFILE") == "brisk"


def seeds(first: int, count: int) -> range:
    """So many seeds from the first one on, or as many times that as is asked for."""
    return range(first, first + count * TIMES)


def tried(examples: int) -> int:
    """So many examples of a property before a change lands; a quarter while somebody works on it."""
    return examples // 4 if IS_BRISK else examples
