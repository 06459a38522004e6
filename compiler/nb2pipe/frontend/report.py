"""A notebook → what the renderers of findings show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.place import CellText, FileText
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId


def file_text(notebook: Notebook) -> FileText:
    """Take from a notebook what messages show of it."""
    cells: dict[CellId, CellText] = {}
    step: str | None = None
    for cell in notebook.cells:
        step = _step(cell, step)
        own = step if cell.kind is CellKind.CODE and not any(tag.verb == "skip" for tag in cell.tags) else None
        cells[cell.id] = CellText(number=cell.number, source=cell.source, step=own)
    return FileText(path=notebook.path, cells=cells)


def _step(cell: Cell, above: str | None) -> str | None:
    """Follow the steps down the notebook, as far as tags alone tell."""
    for tag in cell.tags:
        if tag.verb == "step":
            return tag.argument
        if tag.verb in {"setup", "parameters"}:
            return None
    return above
