"""The chunks of a step's body → pieces: a statement each, with the comments above it and what the analysis knows of it.

Statements that share a line stay together. The code that carries states between processes is left out: in one process they carry themselves.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import ChunkKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.ir.pipeline import Chunk, Pipeline, Step
    from nb2pipe.project.plainpython import PlainPython
    from nb2pipe.source import CellId

Place = tuple["CellId", int]
"""A cell, and the line where something begins in it."""


class Piece:
    """Code of a step; `above` are the comments and empty lines before it. A piece without code ends a cell.

    Attributes
    ----------
    place : tuple of CellId and int
        Where it stands in the notebook.
    statements : tuple of Statement
        What the analysis knows; one, unless statements share a line.
    last : bool
        It ends its cell, which displays its value.
    """

    def __init__(self, chunk: Chunk, line: int, above: list[str], code: str, statements: tuple[Statement, ...]) -> None:
        self.chunk = chunk
        self.place: Place = (chunk.cell, line)
        self.above = above
        self.code = code
        self.tree = ast.parse(self.code)
        self.statements = statements
        self.last = False

    @property
    def repeated(self) -> bool:
        """Tell whether it belongs to another cell."""
        return self.chunk.kind is not ChunkKind.CELL

    @property
    def node(self) -> ast.stmt | None:
        """Return the statement, if it is just one."""
        return self.tree.body[0] if len(self.tree.body) == 1 else None


def pieces_of(pipeline: Pipeline, graph: DataflowGraph, plain: PlainPython) -> dict[str, list[Piece]]:
    """Take the bodies of all steps apart, written without IPython."""
    cells: Mapping[CellId, Cell] = {cell.id: cell for cell in graph.notebook.cells}
    known: dict[Place, list[Statement]] = {}
    for statement in graph.statements:
        known.setdefault((statement.cell, statement.span.start.line), []).append(statement)
    return {step.name: _pieces(step, cells, known, plain) for step in pipeline.steps}


def _pieces(step: Step, cells: Mapping[CellId, Cell], known: Mapping[Place, list[Statement]], plain: PlainPython) -> list[Piece]:
    found: list[Piece] = []
    for chunk in step.body:
        if not _carries_state(chunk, cells[chunk.cell]):
            found += _split(chunk, known, plain)
    for piece, following in zip(found, [*found[1:], None], strict=True):
        piece.last = (
            not piece.repeated and bool(piece.code) and (following is None or following.chunk is not piece.chunk or not following.code)
        )
    return found


def _carries_state(chunk: Chunk, cell: Cell) -> bool:
    made = chunk.line > cell.executed.rstrip("\n").count("\n") + 1
    return chunk.kind is ChunkKind.STATE or (chunk.kind is ChunkKind.DERIVED and made)


def _split(chunk: Chunk, known: Mapping[Place, list[Statement]], plain: PlainPython) -> Iterator[Piece]:
    lines = chunk.text.removesuffix("\n").split("\n")
    groups: list[tuple[int, int]] = []
    for node in ast.parse(chunk.text).body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        if groups and first <= groups[-1][1]:
            groups[-1] = (groups[-1][0], max(groups[-1][1], node.end_lineno or first))
        else:
            groups.append((first, node.end_lineno or first))
    at = 0
    for first, last in groups:
        line = chunk.line + first - 1
        inside = [each for row in range(line, chunk.line + last) for each in known.get((chunk.cell, row), ())]
        code = _named(plain.write("\n".join(lines[first - 1 : last])), inside, plain.words)
        yield Piece(chunk, line, lines[at : first - 1], code, tuple(inside))
        at = last
    rest = lines[at:]
    if any(line.strip() for line in rest) and not any(line.lstrip().startswith("%%") for line in rest):
        yield Piece(chunk, chunk.line + at, rest, "", ())


def _named(code: str, statements: list[Statement], words: Container[str]) -> str:
    """Name what ``from module import *`` gives and the notebook mentions, where the analysis knows what it gives."""
    tree = ast.parse(code)
    node = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(node, ast.ImportFrom) or node.names[0].name != "*":
        return code
    given = {binding.name for statement in statements for binding in statement.binds}
    names = sorted(name for name in given if name in words)
    return f"from {'.' * node.level}{node.module or ''} import {', '.join(names)}" if names else code
