"""Every lint, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from upheld.core.finding import Finding
from upheld.language.whole import Whole

Lint: TypeAlias = Callable[[Whole], Iterator[Finding]]

LINTS: tuple[Lint, ...] = ()
