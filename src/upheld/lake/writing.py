"""Rows written as text, one JSON object a line, as `upheld.lake.text_rows` reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa

from upheld.core.timeline.instant import format_instant

_INSTANTS = ("at", "until")
_WRITTEN = {"latency": "latency_us"}


def lines_of_rows(table: pa.Table) -> Iterator[str]:
    """The lines of rows, without their ends. What a row does not say is not in it."""
    names = [name for name in table.column_names if table[name].null_count < len(table)]
    written = [_WRITTEN.get(name, name) for name in names]
    for values in zip(*(table[name].to_pylist() for name in names), strict=True):
        row = {
            name: format_instant(value) if name in _INSTANTS else value
            for name, value in zip(written, values, strict=True)
            if value is not None and value != ""
        }
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))
