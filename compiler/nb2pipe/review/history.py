"""Execution counts and dataflow → where the saved results do not come from running the notebook from top to bottom.

A run in another order than the cells stand in gives the same results as long as no flow between two cells is turned round. So an order
is reported only with the name that makes the difference. A count proves little else: it says when a cell ran last, not how often.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Label
from nb2pipe.ir.dataflow import Certainty, StatementKind
from nb2pipe.ir.notebook import CellKind
from nb2pipe.record import replace
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph, Statement, Use
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

BLIND = r"(?m)^\s*%(?:run|pylab|load|loadpy|store|macro|recall|rerun|rep)\b|import \*|\b(?:exec|globals|locals)\("
"""What may define a name without writing it."""

GIVEN = frozenset(
    """sc spark sqlContext sqlCtx dbutils displayHTML table sql exit quit In Out
    basestring cmp execfile file long raw_input reduce reload unichr unicode xrange""".split()
)
"""Names that the kernels of other systems have from their start, and those of Python 2."""

MORE = 3
"""So many further cells are named with the first one."""


def find_turned(graph: DataflowGraph) -> Iterator[Diagnostic]:
    """Report results that come from another order, each kind once: a cell that read a value of later, and one that read a value of before."""
    runs = Runs(graph)
    later: dict[CellId, Diagnostic] = {}
    for statement in graph.statements:
        found = runs.later_value(statement) if statement.cell not in later else None
        if found:
            later[statement.cell] = found
    if later:
        first, *more = later.values()
        labels = [Label(each.span, f"so here: {each.message}") for each in more[:MORE] if each.span]
        yield replace(first, labels=(*first.labels, *labels))
    earlier = {}
    for statement in graph.statements:
        if statement.cell not in earlier and (reason := runs.earlier_value(statement, later)):
            earlier[statement.cell] = reason
    if earlier:
        from nb2pipe.rules.nb203 import OutOfOrderExecution

        (cell, (name, producer)), *others = earlier.items()
        violation = OutOfOrderExecution(
            count=runs.counts[cell], other=runs.cells[producer].number, name=name, other_count=runs.counts[producer]
        )
        labels = [Label(_whole(each), f"so did this cell, before cell {runs.cells[above].number}") for each, (_, above) in others[:MORE]]
        yield violation.at(_whole(cell), *labels)


class Runs:
    """When the cells of a notebook ran last."""

    def __init__(self, graph: DataflowGraph) -> None:
        self.graph = graph
        self.cells: dict[CellId, Cell] = {cell.id: cell for cell in graph.notebook.cells}
        self.counts = {cell.id: cell.execution_count for cell in graph.notebook.cells if cell.execution_count is not None}

    def earlier_value(self, statement: Statement, explained: dict[CellId, Diagnostic]) -> tuple[str, CellId] | None:
        """Find a name that a statement read before the cell that makes it ran for the last time; re-run cells are explained already."""
        own = self.counts.get(statement.cell)
        for use in statement.uses if own is not None else ():
            made = [self.graph.statements[each] for each in use.producers if use.name.isidentifier()]
            if not made or any(each.kind in (StatementKind.IMPORT, StatementKind.SETTING) for each in made):
                continue
            producer = made[-1].cell
            ran = self.counts.get(producer)
            if own is not None and ran is not None and ran > own and producer not in explained:
                return use.name, producer
        return None

    def later_value(self, statement: Statement) -> Diagnostic | None:
        """Find a name that a statement read when it had its value of a cell below, or when the cell had changed it once already."""
        own = self.counts.get(statement.cell)
        if own is None or statement.kind in (StatementKind.IMPORT, StatementKind.DEFINITION):
            return None
        for use in statement.uses:
            made = [self.counts.get(self.graph.statements[each].cell) for each in use.producers]
            if not made or not use.name.isidentifier() or statement.cell in {self.graph.statements[each].cell for each in use.producers}:
                continue
            since = max((each for each in made if each is not None), default=None)
            if since is None or None in made or since > own:
                continue
            found = self._overwritten(use, statement, since, own) or self._twice(use, statement, since, own)
            if found:
                return found
        return None

    def _overwritten(self, use: Use, statement: Statement, since: int, own: int) -> Diagnostic | None:
        """Find a cell below that gave the name another value between the producer's last run and this one."""
        for version in self.graph.versions.get(use.name, ()):
            below = self.graph.statements[version.statement]
            ran = self.counts.get(below.cell)
            if (
                version.statement <= statement.id
                or below.kind == StatementKind.IMPORT
                or below.cell == statement.cell
                or ran is None
                or not since < ran < own
            ):
                continue
            what = f"`{use.name}` had the value that cell {self.cells[below.cell].number} below gives it"
            return _again(own, what, use.span, Label(below.span, f"`{use.name}` is changed here, in a cell that ran as number {ran}"))
        return None

    def _twice(self, use: Use, statement: Statement, since: int, own: int) -> Diagnostic | None:
        """Find proof that the cell, which changes what it reads, ran before: a cell below needed what only it binds."""
        if use.name not in statement.mutates and not any(binding.name == use.name for binding in statement.binds):
            return None
        binds = {binding.name for each in self.graph.statements if each.cell == statement.cell for binding in each.binds} - {use.name}
        for below in self.graph.statements[statement.id + 1 :]:
            ran = self.counts.get(below.cell)
            if below.cell == statement.cell or ran is None or not since < ran < own:
                continue
            needed = [each for each in below.uses if each.name in binds and self._only_from(each, statement.cell)]
            if needed:
                what = f"it had changed `{use.name}` once already"
                label = Label(needed[0].span, f"`{needed[0].name}` of this cell was needed here, in a cell that ran as number {ran}")
                return _again(own, what, use.span, label)
        return None

    def _only_from(self, use: Use, cell: CellId) -> bool:
        """Tell whether a name is bound nowhere but in one cell."""
        versions = self.graph.versions.get(use.name, ())
        binders = {
            statement.cell
            for statement in (self.graph.statements[version.statement] for version in versions)
            if any(binding.name == use.name for binding in statement.binds)
        }
        return binders == {cell} and use.certainty == Certainty.SURE


def _again(count: int, what: str, span: Span, label: Label) -> Diagnostic:
    from nb2pipe.rules.nb214 import CellRunAgain

    return CellRunAgain(count=count, what=what).at(span, label)


def _whole(cell: CellId) -> Span:
    return Span(cell, Pos(1, 0), Pos(1, 0))


def count_when_defined(notebook: Notebook, use: Use) -> int | None:
    """Return the count with which a cell ran and had a name that no cell of the notebook defines any more."""
    cell = next(each for each in notebook.cells if each.id == use.span.cell)
    if cell.execution_count is None or cell.raised or use.certainty != Certainty.SURE or use.name in GIVEN:
        return None
    word = rf"\b{re.escape(use.name)}\b"
    for other in notebook.cells:
        if other.kind is not CellKind.CODE:
            continue
        if re.search(BLIND, other.source) or (not other.parses and re.search(word, other.source)):
            return None
        if other.tree is not None and use.name in other.source and _binds(other.tree, use.name):
            return None
    return cell.execution_count


def _binds(tree: ast.Module, name: str) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            return True
        if name in (getattr(node, "name", None), getattr(node, "asname", None)) or (isinstance(node, ast.Global) and name in node.names):
            return True
    return False
