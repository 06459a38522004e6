"""Notebook → DataflowGraph: runs the cells abstractly in order and freezes what was seen.

Cells that do not parse contribute nothing; `cells` leaves others out (exploration cells are not in the pipeline).
"""

from __future__ import annotations

import ast
import os
from types import MappingProxyType
from typing import TYPE_CHECKING

from nb2pipe.analysis.heap import Heap, Kind
from nb2pipe.analysis.nesting import run_statement
from nb2pipe.analysis.spans import name_span, statement_span
from nb2pipe.analysis.statements import Statements
from nb2pipe.collector import Resting
from nb2pipe.ir.dataflow import (
    Binding,
    Certainty,
    DataflowGraph,
    Location,
    Objects,
    Statement,
    StatementId,
    StatementKind,
    Use,
    Version,
    is_state,
)
from nb2pipe.ir.notebook import CellKind

if TYPE_CHECKING:
    from collections.abc import Container

    from nb2pipe.analysis.machine import Record
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

KNOWN = "_nb2pipe_statement"
"""Where a statement's tree keeps what it was last frozen as, and of what."""

CLASS_MAKERS = frozenset(("namedtuple", "NamedTuple", "TypedDict", "NewType", "TypeVar", "make_dataclass", "Enum", "IntEnum", "type"))
STATED = {"jupyter_mlops": None}.keys()
"""What is set by saying something once and for all, as a problem card is: naming the result does not make it a value to hand on."""


def analyse(notebook: Notebook, *, cells: Container[CellId] | None = None) -> DataflowGraph:
    """Find what each statement reads, binds and changes.

    Parameters
    ----------
    notebook : Notebook
        As read by the front end.
    cells : container of CellId, optional
        The cells that run; all code cells by default.
    """
    with Resting():
        run, places = run_cells(notebook, cells)
        statements = tuple(_frozen(index, record, *places[index], run) for index, record in enumerate(run.records))
        versions = {
            name: tuple(Version(statement=StatementId(at), values=_locations(value)) for at, value in history)
            for name, history in sorted(run.history.items())
        }
        objects = _objects(run.heap)
    return DataflowGraph(notebook=notebook, statements=statements, versions=MappingProxyType(versions), objects=objects)


def run_cells(notebook: Notebook, cells: Container[CellId] | None = None) -> tuple[Statements, list[tuple[Cell, list[str]]]]:
    """Run the cells; return the machine, and for each of its records the cell with its lines."""
    run = Statements()
    run.folder = os.path.dirname(notebook.path)  # noqa: PTH120 - pathlib costs start-up
    places: list[tuple[Cell, list[str]]] = []
    with Resting():
        for cell in notebook.cells:
            if cell.kind != CellKind.CODE or not cell.parses or (cells is not None and cell.id not in cells):
                continue
            lines = cell.analysed.split("\n")
            body = tree_of(cell).body
            run.shown = body[-1] if body else None
            run.cell = cell.index
            for node in body:
                run.begin(node)
                run_statement(run, node)
                run.finish()
                places.append((cell, lines))
    return run, places


def tree_of(cell: Cell) -> ast.Module:
    """Return the syntax tree of a code cell that parses."""
    return cell.tree if cell.tree is not None else ast.parse(cell.analysed)


def _locations(values: object) -> tuple[Location, ...]:
    return tuple(Location(each) for each in sorted(values))  # type: ignore[call-overload]


def _frozen(index: int, record: Record, cell: Cell, lines: list[str], run: Statements) -> Statement:
    """Freeze what was seen of a statement; a tree that is analysed again, as an editor's are, knows what came of it last time.

    Making the frozen values takes longer than the run itself, and after an edit nearly all of them are what they were.
    """
    changes = tuple(Location(each) for each in record.changes if run.heap.things[each].kind != Kind.CONSTANT)
    said = (record.uses, record.binds, record.deletes, record.mutates, record.imports, record.settings, record.draws)
    kind = _kind(record, run)
    seen = (
        index,
        cell.id,
        kind,
        changes,
        cell.analysed,
        *said,
        *(tuple(each) for each in said),
    )  # dicts that are equal may differ in order
    known = getattr(record.node, KNOWN, None)
    if known is not None and known[0] == seen:
        made: Statement = known[1]
        return made
    made = _statement(index, record, cell, lines, changes, kind)
    setattr(record.node, KNOWN, (seen, made))
    return made


def _statement(index: int, record: Record, cell: Cell, lines: list[str], changes: tuple[Location, ...], kind: StatementKind) -> Statement:
    return Statement(
        id=StatementId(index),
        cell=cell.id,
        span=statement_span(record.node, cell.id, lines),
        kind=kind,
        uses=tuple(
            Use(
                name=name,
                span=name_span(node, name, record.node, cell.id, lines),
                producers=tuple(StatementId(each) for each in sorted(producers)),
                certainty=Certainty.SURE if sure else Certainty.MAYBE,
            )
            for name, (node, producers, sure) in record.uses.items()
        ),
        binds=tuple(
            Binding(
                name=name, span=name_span(node, name, record.node, cell.id, lines), certainty=Certainty.SURE if sure else Certainty.MAYBE
            )
            for name, (node, sure) in record.binds.items()
        ),
        deletes=tuple(record.deletes),
        mutates=tuple(record.mutates),
        changes=changes,
        imports=tuple(record.imports),
        settings=tuple(record.settings),
        draws=tuple(record.draws),
    )


def _kind(record: Record, run: Statements) -> StatementKind:
    node = record.node
    if _only_imports(node):
        return StatementKind.IMPORT
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or _chooses_definitions(node, record):
        return StatementKind.DEFINITION
    if _gives_attributes(node, record, run):
        return StatementKind.DEFINITION
    if record.changes or record.deletes:
        return StatementKind.ACTION
    if record.settings and all(map(is_state, record.binds)):
        return StatementKind.SETTING
    if isinstance(node, ast.Assign) and record.settings.keys() == STATED:
        return StatementKind.DEFINITION
    if isinstance(node, ast.Assign) and not record.settings and _makes_code(node, record, run):
        return StatementKind.DEFINITION
    return StatementKind.ACTION


def _only_imports(node: ast.stmt) -> bool:
    """Tell whether a statement only imports, perhaps with a fallback (``try: import a`` … ``except ImportError: a = None``)."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Try):
        inner = [*node.body, *(each for handler in node.handlers for each in handler.body), *node.orelse, *node.finalbody]
        simple = all(_only_imports(each) or isinstance(each, ast.Pass) or _is_flag(each) for each in inner)
        return simple and any(_only_imports(each) for each in node.body)
    return False


def _chooses_definitions(node: ast.stmt, record: Record) -> bool:
    """Tell whether an `if` or a `try` only decides which functions, classes and modules there are."""
    if not isinstance(node, ast.If | ast.Try) or record.effects or record.changes or record.settings:
        return False
    defines = False
    stack: list[ast.stmt] = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            defines = True
        elif _only_imports(each) or _is_flag(each) or isinstance(each, ast.Pass):
            continue
        elif isinstance(each, ast.If | ast.Try):
            stack += [*each.body, *each.orelse]
            if isinstance(each, ast.Try):
                stack += [*(inner for handler in each.handlers for inner in handler.body), *each.finalbody]
        else:
            return False
    return defines


def _is_flag(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and all(isinstance(each, ast.Name) for each in node.targets)
    )


def _gives_attributes(node: ast.stmt, record: Record, run: Statements) -> bool:
    """Tell whether a statement only sets attributes of functions or classes (``Config.size = 3``)."""
    if not isinstance(node, ast.Assign) or not all(isinstance(target, ast.Attribute) for target in node.targets) or record.effects:
        return False
    return bool(record.changes) and all(run.heap.things[each].kind in (Kind.FUNCTION, Kind.CLASS) for each in record.changes)


def _makes_code(node: ast.Assign, record: Record, run: Statements) -> bool:
    """Tell whether an assignment gives names to functions or classes only, so that it can be repeated in any step."""
    flat = [each for target in node.targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
    if not all(isinstance(target, ast.Name) for target in flat):
        return False
    if isinstance(node.value, ast.Lambda):
        return True
    if record.effects and not isinstance(node.value, ast.Name | ast.Attribute):  # what else it does must not be done again in each step
        return False
    if isinstance(node.value, ast.Call):
        called = node.value.func
        if (called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else "") in CLASS_MAKERS:
            return not record.mutates
    values = [run.history[name][-1][1] for name in record.binds if name in run.history]
    code = (Kind.FUNCTION, Kind.CLASS, Kind.LIBRARY)
    return bool(values) and all(value and all(run.heap.things[each].kind in code for each in value) for value in values)


def _objects(heap: Heap) -> Objects:
    holds, types, defined = {}, {}, {}
    for index, thing in enumerate(heap.things):
        location = Location(index)
        held = sorted({each for values in thing.fields.values() for each in values} | thing.receiver | thing.classes)
        if thing.kind == Kind.INSTANCE:
            held.append(thing.owner)  # an instance needs its class
        elif thing.kind == Kind.BOUND:
            held.append(thing.owner)
        elif thing.kind == Kind.CLASS:
            held = list(thing.bases)  # methods and class attributes come with the class's source
        elif thing.kind == Kind.FUNCTION:
            held = []
        if held:
            holds[location] = tuple(Location(each) for each in held)
        if thing.kind in (Kind.FUNCTION, Kind.CLASS):
            defined[location] = StatementId(thing.statement)
            types[location] = "function" if thing.kind == Kind.FUNCTION else "class"
        elif thing.kind == Kind.LIBRARY:
            types[location] = "module"
        elif thing.kind == Kind.INSTANCE:
            types[location] = "notebook." + thing.type
        elif thing.type:
            types[location] = thing.type
    hooks = ("__getstate__", "__reduce__", "__reduce_ex__")
    custom = frozenset(
        Location(index)
        for index, thing in enumerate(heap.things)
        if thing.kind == Kind.INSTANCE and any(hook in heap.things[thing.owner].fields for hook in hooks)
    )
    return Objects(
        holds=MappingProxyType(holds), types=MappingProxyType(types), defined_by=MappingProxyType(defined), custom_pickling=custom
    )
