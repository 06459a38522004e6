"""Notebook → what each cell reads, writes and changes: the contract of `nb2pipe analyze` (`product.md`)."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

from nb2pipe.collector import Resting
from nb2pipe.ir.dataflow import Certainty, is_state
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.source import CellId


class Seen(Protocol):
    """What a statement has been seen to do; the machine's records have more."""

    @property
    def uses(self) -> Mapping[str, tuple[object, Collection[int], bool]]:
        """Names it reads, with the statements whose versions may be current."""

    @property
    def binds(self) -> Mapping[str, tuple[object, bool]]:
        """Names it binds, and whether it surely does."""

    @property
    def mutates(self) -> Iterable[str]:
        """Names whose object it changes."""

    @property
    def deletes(self) -> Iterable[str]:
        """Names it deletes."""


class Facts(NamedTuple):
    """What the statements of a cell do together."""

    reads: list[str]
    writes: list[str]
    mutates: list[str]


def cell_summaries(source: DataflowGraph | Notebook, *, unknown_stars: bool = False) -> list[dict[str, object]]:
    """Summarise every code cell, empty ones and those that do not parse included.

    Parameters
    ----------
    source : DataflowGraph or Notebook
        The facts, or what to find them of.
    unknown_stars : bool
        Count a name that nothing else binds as written by the last star import of an unknown module above. This looks at all cells at once.

    Returns
    -------
    list of dict
        ``{"index", "reads", "writes", "mutates"}`` with sorted names; `index` counts code cells from 0.
    """
    from nb2pipe.ir.dataflow import DataflowGraph

    with Resting():
        notebook, by_cell, versions = _of_graph(source) if isinstance(source, DataflowGraph) else _of_run(source)
        cells = [cell for cell in notebook.cells if cell.kind == CellKind.CODE]
        brought = _brought_by_stars(by_cell, versions) if unknown_stars else {}
        facts = [unite(by_cell.get(cell.id, {}), versions) for cell in cells]
        if brought:
            facts = [
                each._replace(writes=sorted({*each.writes, *brought.get(cell.id, ())})) for cell, each in zip(cells, facts, strict=True)
            ]
        return [{"index": index, **each._asdict()} for index, each in enumerate(facts)]


def _brought_by_stars(by_cell: Mapping[CellId, Mapping[int, Seen]], versions: Mapping[str, Sequence[int]]) -> dict[CellId, set[str]]:
    """Find the names that only an unknown module's star import can have brought, and the cell of the last such import above."""
    home = {statement: cell for cell, own in by_cell.items() for statement in own}
    found: dict[CellId, set[str]] = {}
    for own in by_cell.values():
        for seen in own.values():
            for name, (_, producers, _) in seen.uses.items():
                if producers and name not in versions:
                    found.setdefault(home[max(producers)], set()).add(name)
    return found


def unite(own: Mapping[int, Seen], versions: Mapping[str, Sequence[int]]) -> Facts:
    """Unite what a cell's statements do; `versions` are the statements that bind, change or delete each name, in order."""
    reads: set[str] = set()
    writes: set[str] = set()
    mutates: set[str] = set()
    for seen in own.values():
        for name, (_, producers, _) in seen.uses.items():
            if name not in reads and _enters(name, producers, own, versions):
                reads.add(name)
        mutates.update(name for name in seen.mutates if name not in writes)
        writes.update(seen.binds)
        writes.difference_update(seen.deletes)
    return Facts(_shown(reads), _shown(writes), _shown(mutates - writes))


def _shown(names: Iterable[str]) -> list[str]:
    return sorted([name for name in names if not is_state(name)])


def _enters(name: str, producers: Collection[int], own: Mapping[int, Seen], versions: Mapping[str, Sequence[int]]) -> bool:
    """Tell whether one of the versions of a name comes from another cell, perhaps changed in this one."""
    return any(version not in own or _began_outside(name, version, own, versions) for version in producers)


def _began_outside(name: str, version: int, own: Mapping[int, Seen], versions: Mapping[str, Sequence[int]]) -> bool:
    """Tell whether a version that a statement of the cell made by a change or on some path has one of another cell below it."""
    statements = versions.get(name, ())
    for at in range(bisect_right(statements, version) - 1, -1, -1):
        seen = own.get(statements[at])
        if seen is None:
            return True
        if name in seen.binds and seen.binds[name][1]:
            return False
    return False


class _Statement(NamedTuple):
    uses: dict[str, tuple[object, Collection[int], bool]]
    binds: dict[str, tuple[object, bool]]
    mutates: tuple[str, ...]
    deletes: tuple[str, ...]


Parts = tuple["Notebook", "dict[CellId, dict[int, Seen]]", "dict[str, list[int]]"]


def _of_graph(graph: DataflowGraph) -> Parts:
    by_cell: dict[CellId, dict[int, Seen]] = {}
    for statement in graph.statements:
        by_cell.setdefault(statement.cell, {})[statement.id] = _of_statement(statement)
    return graph.notebook, by_cell, {name: [each.statement for each in versions] for name, versions in graph.versions.items()}


def _of_statement(statement: Statement) -> _Statement:
    uses: dict[str, tuple[object, Collection[int], bool]] = {use.name: (None, use.producers, True) for use in statement.uses}
    binds: dict[str, tuple[object, bool]] = {each.name: (None, each.certainty is Certainty.SURE) for each in statement.binds}
    return _Statement(uses, binds, statement.mutates, statement.deletes)


def _of_run(notebook: Notebook) -> Parts:
    """Run the cells and take the machine's own records: the graph, with a place for each fact, is not needed."""
    from nb2pipe.analysis.analyse import run_cells

    run, places = run_cells(notebook)
    by_cell: dict[CellId, dict[int, Seen]] = {}
    for index, (record, (cell, _)) in enumerate(zip(run.records, places, strict=True)):
        by_cell.setdefault(cell.id, {})[index] = record
    return notebook, by_cell, {name: [at for at, _ in history] for name, history in run.history.items()}
