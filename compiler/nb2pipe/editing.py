"""A notebook that an editor has open: an edit of one cell → the cells whose facts are now others, without reading the rest again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nb2pipe.analysis.incremental.session import Session
from nb2pipe.frontend.build import RawCell, build_notebook
from nb2pipe.frontend.magics import translate
from nb2pipe.ir.notebook import CellKind
from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.analysis.incremental.facts import CellFacts
    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId


@record(kw_only=True)
class Affected:
    """The cells whose facts an edit has changed, in order, and why the edited cell's text is not understood, where it is not."""

    facts: Mapping[CellId, CellFacts]
    diagnostics: tuple[Diagnostic, ...] = ()


class OpenNotebook:
    """The facts of a notebook under edit; the trees of the notebook given are taken over.

    Every answer is what reading and analysing the whole notebook would give.
    """

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._session = Session(notebook.cells, os.path.dirname(notebook.path))  # noqa: PTH120 - pathlib costs start-up
        self._askers = {cell.id for cell in notebook.cells if _asks(cell.source)}

    @property
    def notebook(self) -> Notebook:
        """The notebook as it is now."""
        cells = (cell if cell.index == index else replace(cell, index=index) for index, cell in enumerate(self._session.cells))
        return replace(self._notebook, cells=tuple(cells))

    def facts(self, cell: CellId) -> CellFacts:
        """Return what is known of a cell."""
        return self._session.facts(cell)

    def findings(self) -> tuple[Diagnostic, ...]:
        """Return what the front end reports of the cells as they are now, from the trees that are kept."""
        from nb2pipe.diagnostics.suppress import apply_suppressions
        from nb2pipe.frontend.lint import lint

        notebook = self.notebook
        return tuple(apply_suppressions(notebook, dict.fromkeys(lint(notebook))))

    def edit(self, cell: CellId, source: str) -> Affected:
        """Give a cell another text."""
        old = self._session.cell(cell)
        new, diagnostics = self._read(replace(old, source=source))
        return self._affected(self._session.change(new), new, diagnostics)

    def insert(self, cell: CellId, source: str, at: int) -> Affected:
        """Put a new code cell at a position from 0."""
        new, diagnostics = self._read(_blank(cell, source))
        return self._affected(self._session.insert(new, at), new, diagnostics)

    def remove(self, cell: CellId) -> Affected:
        """Take a cell out."""
        changed = self._session.remove(cell)
        self._askers.discard(cell)
        return self._affected(changed, None, ())

    def move(self, cell: CellId, at: int) -> Affected:
        """Let a cell stand at another position, counted without it."""
        return self._affected(self._session.move(cell, at), None, ())

    def _affected(self, changed: list[CellId], new: Cell | None, diagnostics: Iterable[Diagnostic]) -> Affected:
        """Collect the facts; a shell line reads only names that some cell binds, so such cells are translated again."""
        if new is not None:
            (self._askers.add if _asks(new.source) else self._askers.discard)(new.id)
        for cell in sorted(self._askers):
            old = self._session.cell(cell)
            again, _ = self._read(old)
            if again.analysed != old.analysed:
                changed += self._session.change(again)
        return Affected(facts={cell: self._session.facts(cell) for cell in dict.fromkeys(changed)}, diagnostics=tuple(diagnostics))

    def _read(self, cell: Cell) -> tuple[Cell, tuple[Diagnostic, ...]]:
        """Translate a cell's text; where it asks for names, beside the cells that may bind them."""
        if cell.kind is not CellKind.CODE:
            return cell, ()
        asked = translate(cell.source).asks if _asks(cell.source) else frozenset()
        others = (
            [each for each in self._session.cells if each.id != cell.id and any(name in each.source for name in asked)] if asked else []
        )
        raw = [RawCell(kind=each.kind, source=each.source, id=each.id) for each in (cell, *others)]
        built = build_notebook(raw, {}, self._notebook.path)
        assert built.value is not None  # what is built from raw cells is always a notebook
        new = built.value.cells[0]
        parts = {name: getattr(new, name) for name in ("analysed", "executed", "magic", "parses", "tree")}
        return replace(cell, **parts), tuple(each for each in built.diagnostics if each.span is not None and each.span.cell == cell.id)


def _asks(source: str) -> bool:
    """Tell whether a text may have lines that are not Python, in which names stand."""
    return "!" in source or "%" in source


def _blank(cell: CellId, source: str) -> Cell:
    from nb2pipe.ir.notebook import Cell

    return Cell(id=cell, index=-1, kind=CellKind.CODE, source=source)
