"""Columns of Arrow as this layer uses them: as numbers, as plain texts, as codes of texts, and back.

Arrow's own `to_numpy` and `array` load pandas where it is installed, which takes longer than most questions
and fifty megabytes; so the buffers are taken as they lie.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def numbers(column: Any) -> Any:
    """The values of a column of numbers or truths without gaps, as an array of NumPy that is not written to.

    ValueError if there are gaps.
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if column.null_count:
        raise ValueError("there are gaps in this column")
    if column.type == pa.bool_():
        return numbers(pc.cast(column, pa.uint8())).view(np.bool_)
    letter = "f" if pa.types.is_floating(column.type) else "u" if str(column.type)[0] == "u" else "i"
    dtype = np.dtype(f"{letter}{column.type.bit_width // 8}")
    if not len(column):
        return np.empty(0, dtype)
    return np.frombuffer(column.buffers()[1], dtype, len(column), column.offset * dtype.itemsize)


def filled(column: Any, value: int) -> Any:
    """As `numbers`, with a value in the gaps."""
    return numbers(pc.fill_null(column, value) if column.null_count else column)


def integers(array: Any) -> pa.Array:
    """An array of whole numbers as a column."""
    array = np.ascontiguousarray(array, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(array), [None, pa.py_buffer(array)])


def chosen(which: Any) -> pa.Array:
    """The places where an array of truths holds, for `take`."""
    return integers(np.flatnonzero(which))


def strings(column: Any) -> Any:
    """A column of texts, whatever its make, as plain strings in one piece."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return pc.cast(column, pa.string()) if column.type != pa.string() else column


def codes(column: Any) -> tuple[Any, list[str | None]]:
    """A number for each value of a column of texts, and the texts by number; nothing is a text too."""
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if not pa.types.is_dictionary(column.type) or column.null_count:
        column = strings(column).dictionary_encode(null_encoding="encode")
    return numbers(column.indices), column.dictionary.to_pylist()
