"""A notebook → what the renderers of findings show of it, and the findings that its cells do not silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.place import CellText, FileText
from nb2pipe.ir.notebook import CellKind
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.diagnostics.model import Diagnostic
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


def silence(diagnostics: Iterable[Diagnostic], notebook: Notebook) -> tuple[Diagnostic, ...]:
    """Leave out what cells, or the notebook's defaults, ignore, and add NB109 for tags that silence nothing.

    Call it once, when every pass has reported.
    """
    from nb2pipe.diagnostics.suppress import suppress

    defaults = notebook.settings.get("defaults")
    everywhere = _codes(defaults.get("ignore")) if isinstance(defaults, dict) else ()
    ignored = {cell.id: codes for cell in notebook.cells if (codes := _ignored_by(cell))}
    if not ignored and not everywhere:
        return tuple(diagnostics)
    kept, unused = suppress(diagnostics, ignored, everywhere)
    if not unused:
        return kept
    from nb2pipe.rules.nb109 import UnusedSuppression

    return (*kept, *(UnusedSuppression(suppressed=code).at(Span(cell, Pos(1, 0), Pos(1, 0))) for cell, code in unused))


def _ignored_by(cell: Cell) -> tuple[str, ...]:
    tagged = tuple(tag.argument.upper() for tag in cell.tags if tag.verb == "ignore")
    return tagged + _codes(cell.settings.get("ignore"))


def _codes(value: object) -> tuple[str, ...]:
    """Read one code or a list of them; anything else is NB116 elsewhere."""
    if isinstance(value, str):
        return (value.upper(),)
    return tuple(code.upper() for code in value if isinstance(code, str)) if isinstance(value, list) else ()


def _step(cell: Cell, above: str | None) -> str | None:
    """Follow the steps down the notebook, as far as tags alone tell."""
    for tag in cell.tags:
        if tag.verb == "step":
            return tag.argument
        if tag.verb in {"setup", "parameters"}:
            return None
    return above
