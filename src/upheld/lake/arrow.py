"""Columns of Arrow as this layer uses them: as numbers, as plain texts, as codes of texts, and back.

Arrow's own `to_numpy`, `array`, `empty_table` and `scalar` (of every value of Python, too) load pandas
where it is installed, which takes longer than most questions and fifty megabytes; so the buffers are taken
and made as they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def in_one_piece(column: Any) -> Any:
    """A column of a table as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if not column.num_chunks:  # Arrow's own way from none to one loads pandas
        return pa.nulls(0, column.type)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def numbers(column: Any) -> Any:
    """The values of a column of numbers or truths without gaps, as an array of NumPy that is not written to.

    ValueError if there are gaps.
    """
    column = in_one_piece(column)
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
    return numbers(pc.fill_null(column, constant(value, column.type)) if column.null_count else column)


def integers(array: Any) -> pa.Array:
    """An array of whole numbers as a column."""
    array = np.ascontiguousarray(array, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(array), [None, pa.py_buffer(array)])


def column_of(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """Whole numbers, truths, texts or doubles of Python as a column of that type; None is a gap.

    OverflowError for a number that is too large, UnicodeEncodeError for a text that cannot be UTF-8.
    """
    there = np.array([value is not None for value in values], bool)
    gaps = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    if type_ == pa.string():
        texts = [b"" if value is None else value.encode() for value in values]
        ends = np.zeros(len(texts) + 1, np.int32)
        np.cumsum([len(text) for text in texts], out=ends[1:])
        return pa.Array.from_buffers(
            type_, len(texts), [gaps, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
        )
    dtype: Any = np.float64 if type_ == pa.float64() else np.int64
    array = np.array([0 if value is None else value for value in values], dtype)
    into = type_ if type_ == pa.float64() else pa.int64()
    return pa.Array.from_buffers(into, len(values), [gaps, pa.py_buffer(array)]).cast(type_)


def empty(schema: pa.Schema) -> pa.Table:
    """A table without rows."""
    return pa.Table.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)


@lru_cache(maxsize=512)
def constant(value: float | str | None, type_: pa.DataType) -> pa.Scalar:
    """One value of a type, for a computation with a column of it."""
    return column_of([value], type_)[0]


def chosen(which: Any) -> pa.Array:
    """The places where an array of truths holds, for `take`."""
    return integers(np.flatnonzero(which))


def strings(column: Any) -> Any:
    """A column of texts, whatever its make, as plain strings in one piece."""
    column = in_one_piece(column)
    return pc.cast(column, pa.string()) if column.type != pa.string() else column


def codes(column: Any) -> tuple[Any, list[str | None]]:
    """A number for each value of a column of texts, and the texts by number; nothing is a text too."""
    column = in_one_piece(column)
    if not pa.types.is_dictionary(column.type) or column.null_count:
        column = strings(column).dictionary_encode(null_encoding="encode")
    return numbers(column.indices), column.dictionary.to_pylist()
