"""A notebook → what the renderers of findings show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.place import CellText, FileText
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId


def file_text(notebook: Notebook, text: str | None = None) -> FileText:
    """Take from a notebook what messages show of it; with the file's text, also where in the file each line stands."""
    lines: dict[CellId, tuple[int, ...]] = {}
    if text is not None:
        from nb2pipe.frontend.filelines import file_lines

        lines = file_lines(notebook, text)
    cells: dict[CellId, CellText] = {}
    step: str | None = None
    for cell in notebook.cells:
        step = _step(cell, step)
        own = step if cell.kind is CellKind.CODE and not any(tag.verb == "skip" for tag in cell.tags) else None
        cells[cell.id] = CellText(number=cell.number, source=cell.source, step=own, file_lines=lines.get(cell.id, ()))
    return FileText(path=notebook.path, cells=cells)


def _step(cell: Cell, above: str | None) -> str | None:
    """Follow the steps down the notebook, as far as tags alone tell."""
    for tag in cell.tags:
        if tag.verb == "step":
            return tag.argument
        if tag.verb in {"setup", "parameters"}:
            return None
    return above
