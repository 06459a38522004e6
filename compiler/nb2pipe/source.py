"""Every position in the product: cells, points in a cell, spans.

The only conversions between `ast` columns (UTF-8 bytes), the editor's columns (UTF-16 units) and ours (code points) live here.
"""

from __future__ import annotations

from typing import NewType

from nb2pipe.record import record

CellId = NewType("CellId", str)
"""The nbformat id of a cell, or ``cell-<index>`` when the file has none."""


@record(order=True)
class Pos:
    """A point in a cell: `line` is 1-based, `column` is 0-based in code points."""

    line: int
    column: int


@record()
class Span:
    """A half-open range of one cell's source."""

    cell: CellId
    start: Pos
    end: Pos


def column_of_utf8(line: str, offset: int) -> int:
    """Turn an `ast` column (UTF-8 bytes into `line`) into code points."""
    if line.isascii():
        return offset
    return len(line.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))


def column_of_utf16(line: str, offset: int) -> int:
    """Turn an editor column (UTF-16 units into `line`) into code points."""
    if line.isascii():
        return offset
    return len(line.encode("utf-16-le", "surrogatepass")[: 2 * offset].decode("utf-16-le", "replace"))


def utf16_of_column(line: str, column: int) -> int:
    """Turn a column in code points into the editor's UTF-16 units."""
    if line.isascii():
        return column
    return len(line[:column].encode("utf-16-le", "surrogatepass")) // 2
