"""What a step runs: the statements of other cells that it repeats, then its own cells, each with its place in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import Chunk, ChunkKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from nb2pipe.ir.dataflow import DataflowGraph, Statement, StatementId
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.source import CellId


def chunks_of(
    graph: DataflowGraph, cells: Iterable[Cell], repeated: Iterable[StatementId], derived: Container[StatementId]
) -> tuple[Chunk, ...]:
    """Lay out the body of a step: shared statements, those that need an input, the step's cells."""
    by_id: Mapping[CellId, Cell] = {cell.id: cell for cell in graph.notebook.cells}
    shared: list[Chunk] = []
    late: list[Chunk] = []
    for identity in sorted(repeated):
        statement = graph.statements[identity]
        is_late = identity in derived
        chunk = _statement_chunk(statement, by_id[statement.cell], ChunkKind.DERIVED if is_late else ChunkKind.SHARED)
        _append(late if is_late else shared, chunk)
    own = [
        Chunk(
            kind=ChunkKind.CELL, cell=cell.id, number=cell.number, line=1, text=_ended(cell.executed), magic=cell.magic or _survives(cell)
        )
        for cell in cells
        if cell.executed.strip()
    ]
    return (*shared, *late, *own)


def _survives(cell: Cell) -> tuple[str, str] | None:
    """Give the magic, ours alone, that goes on when a cell raises: what Jupyter's tag says of it."""
    return ("raises-exception", "") if any(tag.verb == "raises-exception" for tag in cell.tags) else None


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _statement_chunk(statement: Statement, cell: Cell, kind: ChunkKind) -> Chunk:
    span = statement.span
    lines = cell.executed.split("\n")
    taken = lines[span.start.line - 1 : span.end.line]
    analysed = cell.analysed.split("\n")
    if taken and analysed[span.end.line - 1] == taken[-1]:  # cut off other statements on the same line, and comments
        taken[-1] = taken[-1][: span.end.column]
    if taken and analysed[span.start.line - 1] == lines[span.start.line - 1]:
        taken[0] = taken[0][span.start.column :]
    return Chunk(kind=kind, cell=cell.id, number=cell.number, line=span.start.line, text=_ended("\n".join(taken)))


def _append(chunks: list[Chunk], chunk: Chunk) -> None:
    """Add a chunk, as part of the one before when it goes on where that ends."""
    if chunks:
        last = chunks[-1]
        if last.cell == chunk.cell and last.line + last.text.count("\n") == chunk.line:
            chunks[-1] = Chunk(kind=last.kind, cell=last.cell, number=last.number, line=last.line, text=last.text + chunk.text)
            return
    chunks.append(chunk)
