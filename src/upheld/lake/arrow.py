"""Columns of Arrow as this layer uses them: texts of any make, and codes of texts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def strings(column: Any) -> Any:
    """A column of texts, whatever its make, as plain strings in one piece."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return pc.cast(column, pa.string()) if column.type != pa.string() else column


def codes(column: Any) -> tuple[Any, list[str | None]]:
    """A number for each value of a column of texts, and the texts by number; nothing is a text too."""
    coded = strings(column).dictionary_encode(null_encoding="encode")
    return coded.indices.to_numpy(zero_copy_only=False), coded.dictionary.to_pylist()
