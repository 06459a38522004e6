"""DataflowGraph → what each cell reads, writes and changes: the contract of `nb2pipe analyze` (`product.md`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.dataflow import Certainty, is_state
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from nb2pipe.ir.dataflow import DataflowGraph, Statement, StatementId
    from nb2pipe.source import CellId


def cell_summaries(graph: DataflowGraph) -> list[dict[str, object]]:
    """Summarise every code cell, empty ones and those that do not parse included.

    Returns
    -------
    list of dict
        ``{"index", "reads", "writes", "mutates"}`` with sorted names; `index` counts code cells from 0.
    """
    by_cell: dict[CellId, list[Statement]] = {}
    for statement in graph.statements:
        by_cell.setdefault(statement.cell, []).append(statement)
    cells = [cell for cell in graph.notebook.cells if cell.kind == CellKind.CODE]
    return [{"index": index, **_summary(by_cell.get(cell.id, []), graph)} for index, cell in enumerate(cells)]


def _enters(name: str, version: StatementId, own: set[StatementId], graph: DataflowGraph) -> bool:
    """Tell whether a version of a name comes from another cell, perhaps changed in this one."""
    for each in reversed(graph.versions.get(name, ())):
        if each.statement > version:
            continue
        if each.statement not in own:
            return True
        if any(binding.name == name and binding.certainty == Certainty.SURE for binding in graph.statements[each.statement].binds):
            return False
    return version not in own


def _summary(statements: list[Statement], graph: DataflowGraph) -> dict[str, object]:
    own = {statement.id for statement in statements}
    reads: set[str] = set()
    writes: set[str] = set()
    mutates: set[str] = set()
    for statement in statements:
        reads.update(use.name for use in statement.uses if any(_enters(use.name, each, own, graph) for each in use.producers))
        mutates.update(name for name in statement.mutates if name not in writes)
        writes.update(binding.name for binding in statement.binds)
        writes.difference_update(statement.deletes)
    facts = {"reads": reads, "writes": writes, "mutates": mutates - writes}
    return {key: sorted(name for name in names if not is_state(name)) for key, names in facts.items()}
