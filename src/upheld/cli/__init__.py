"""The command `upheld`: parses words, asks the book, prints. It may read the clock."""

from __future__ import annotations

from upheld.cli.main import main

__all__ = ["main"]
