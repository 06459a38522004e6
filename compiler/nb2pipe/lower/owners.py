"""Statements → the step that runs them; the pipeline parameters; what stands before the first step."""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.catalogue import make
from nb2pipe.ir.dataflow import StatementKind
from nb2pipe.lower.parameters import read_parameters
from nb2pipe.lower.placement import LEADING, PARAMETERS, STEP, Place, Placement, whole

if TYPE_CHECKING:
    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph, Statement, StatementId
    from nb2pipe.ir.notebook import Cell
    from nb2pipe.ir.pipeline import Parameter
    from nb2pipe.source import CellId


class Owners:
    """Who runs what.

    Attributes
    ----------
    of : list of str or None
        For each statement its step; None when all steps share it.
    parameters, parameter_statements : dict
        The pipeline parameters and the statement that binds each, by name.
    begins : dict of str to int
        All steps in order, and the statement at or after which each begins.
    """

    def __init__(self, graph: DataflowGraph, placement: Placement) -> None:
        self.placement = placement
        self.diagnostics: list[Diagnostic] = []
        self.parameters: dict[str, Parameter] = {}
        self.parameter_statements: dict[str, StatementId] = {}
        by_cell: dict[CellId, list[Statement]] = {}
        for statement in graph.statements:
            by_cell.setdefault(statement.cell, []).append(statement)
        cells = {cell.id: cell for cell in graph.notebook.cells}
        self._read_parameters(cells, by_cell)
        self._place_leading(cells, by_cell)
        self._drop_empty()
        places = placement.places
        self.of: list[str | None] = [places[each.cell].step if places[each.cell].kind == STEP else None for each in graph.statements]
        index = {cell.id: cell.index for cell in graph.notebook.cells}
        starts = [index[statement.cell] for statement in graph.statements]
        self.begins = {step: bisect_left(starts, own[0].index) for step, own in placement.steps.items()}

    def _read_parameters(self, cells: dict[CellId, Cell], by_cell: dict[CellId, list[Statement]]) -> None:
        from nb2pipe.analysis.spans import name_span

        for identity, place in self.placement.places.items():
            if place.kind != PARAMETERS:
                continue
            cell = cells[identity]
            literal, others = read_parameters(cell)
            for index, parameter in literal.items():
                self.parameters[parameter.name] = parameter
                self.parameter_statements[parameter.name] = by_cell[identity][index].id
            lines = cell.analysed.split("\n")
            for node in others:
                name = next((part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)), "")
                if name:
                    self.diagnostics.append(make("NB107", name=name).at(name_span(node, name, node, identity, lines)))

    def _place_leading(self, cells: dict[CellId, Cell], by_cell: dict[CellId, list[Statement]]) -> None:
        """Share what stands before the first step when repeating it costs nothing, else make it a step of its own."""
        leading = [identity for identity, place in self.placement.places.items() if place.kind == LEADING]
        acting = [identity for identity in leading if any(not is_cheap(each, cells[identity]) for each in by_cell.get(identity, ()))]
        if not acting:
            return
        name = "main" if not self.placement.steps else "start"
        while name in self.placement.steps:
            name += "_"
        for identity in leading:
            self.placement.places[identity] = Place(STEP, name)
        self.placement.steps = {name: [cells[identity] for identity in leading], **self.placement.steps}
        if name != "main":
            self.diagnostics += [make("NB106").at(whole(cells[identity])) for identity in acting]

    def _drop_empty(self) -> None:
        for step, cells in list(self.placement.steps.items()):
            if not any(_has_code(cell) for cell in cells):
                del self.placement.steps[step]
                self.diagnostics.append(make("NB108", step=step).at(whole(cells[0])))


def _has_code(cell: Cell) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in cell.executed.split("\n"))


def is_cheap(statement: Statement, cell: Cell) -> bool:
    """Tell whether a statement can be repeated by every step that uses it: imports, definitions, settings, plain constants, doc text."""
    if statement.kind != StatementKind.ACTION:
        return True
    lines = cell.analysed.split("\n")
    source = "\n".join(lines[statement.span.start.line - 1 : statement.span.end.line])
    try:
        node = ast.parse(source).body[0]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            ast.literal_eval(node.value)
            return True
    except (ValueError, SyntaxError, IndexError, TypeError, RecursionError, MemoryError):
        return False
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
