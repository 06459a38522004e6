"""Cells → what each one reads from which earlier cell, and what it would cost to hand that over at a step border.

Costs are in one unit with the gains in `cuts`: about 1 for a clear change of subject. They rank what travels: a frame, an array or a model is a
file to write and read, a number is next to nothing, and what cannot be stored all but forbids the border. A value that the reader changes
in place costs half as much again: it has to travel on.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.functions import UNPICKLABLE_TYPES
from nb2pipe.frontend.lintcalls import files_written
from nb2pipe.ir.dataflow import StatementKind, is_state
from nb2pipe.propose.roles import Role
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from nb2pipe.ir.dataflow import DataflowGraph, Location, Statement, StatementId
    from nb2pipe.propose.facts import Facts

FORBIDDEN = 50.0
DRAWING = 4.0
OWN_CLASS = 0.6
DATA = 0.25
UNKNOWN = 0.2
COLLECTION = 0.1
SCALAR = 0.02
FILES = 3.0
STATE = 0.3
CHANGED = 1.5

SCALARS = frozenset("int float str bool NoneType".split())
COLLECTIONS = frozenset("list dict tuple set range".split())
DEPTH = 3
"""How far into a value to look for what cannot be stored: a list of dicts of files."""


@record()
class Read:
    """A value that a cell reads: its name, the place of the cell that made this version, and what handing it over costs."""

    name: str
    producer: int
    cost: float


def reads_of(graph: DataflowGraph, cells: Sequence[Facts], forbidden: AbstractSet[str] = frozenset()) -> list[list[Read]]:
    """List what each of some cells reads from the ones before it; `forbidden` names must not cross a border."""
    made_by: dict[StatementId, int] = {each.id: at for at, one in enumerate(cells) for each in one.statements}
    files = _files(cells)
    found: list[list[Read]] = []
    for at, one in enumerate(cells):
        reads: dict[str, Read] = {}
        for statement in one.statements:
            _read_names(graph, statement, at, made_by, forbidden, reads)
        reads.update(files[at])
        found.append(list(reads.values()))
    return found


def _read_names(
    graph: DataflowGraph,
    statement: Statement,
    at: int,
    made_by: dict[StatementId, int],
    forbidden: AbstractSet[str],
    reads: dict[str, Read],
) -> None:
    for use in statement.uses:
        last = max((each for each in use.producers if made_by.get(each, at) != at), default=None)
        if last is None or use.name in reads:
            continue
        source = graph.statements[last]
        if source.kind in (StatementKind.IMPORT, StatementKind.DEFINITION):
            continue
        cost = FORBIDDEN if use.name in forbidden else _cost(graph, use.name, last)
        reads[use.name] = Read(use.name, made_by[last], cost * (CHANGED if use.name in statement.mutates else 1))


def _cost(graph: DataflowGraph, name: str, version: StatementId) -> float:
    if is_state(name):
        return STATE
    values = next((each.values for each in graph.versions.get(name, ()) if each.statement == version), ())
    types = {graph.objects.types.get(each, "") for each in _inside(graph, values)}
    own = {graph.objects.types.get(each, "") for each in values} or {""}
    if types & UNPICKLABLE_TYPES.keys():
        return FORBIDDEN
    if any(each.startswith(("matplotlib.", "plotly.")) for each in types):
        return DRAWING
    if "function" in own:
        return FORBIDDEN
    if own & {"class", "module"}:
        return SCALAR
    if any(each.startswith("notebook.") for each in types):
        return OWN_CLASS
    if own <= SCALARS:
        return SCALAR
    if own <= SCALARS | COLLECTIONS:
        return COLLECTION
    return UNKNOWN if "" in own else DATA


def _inside(graph: DataflowGraph, values: Iterable[Location]) -> set[Location]:
    found = set(values)
    edge = found
    for _ in range(DEPTH):
        edge = {inner for each in edge for inner in graph.objects.holds.get(each, ())} - found
        found = found | edge
    return found


def _files(cells: Sequence[Facts]) -> list[dict[str, Read]]:
    """Find files that one cell writes and another names, and what shell commands leave for those who load: steps share no folder."""
    written: dict[str, int] = {}
    shell: int | None = None
    found: list[dict[str, Read]] = []
    for at, one in enumerate(cells):
        reads: dict[str, Read] = {}
        tree = one.cell.tree
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)} if tree else set()
        for path in sorted(texts & written.keys()):
            reads[f"file {path}"] = Read(f"file {path}", written[path], FILES)
        if shell is not None and (one.shell or one.role == Role.LOAD):
            reads["files of the shell"] = Read("files of the shell", shell, FILES)
        if one.shell:
            shell = at
        if tree:
            written.update(dict.fromkeys((path for path in files_written(tree) if path.strip("./")), at))
        found.append(reads)
    return found
