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
from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Container

    from nb2pipe.analysis.machine import Record
    from nb2pipe.ir.notebook import Cell, Notebook
    from nb2pipe.source import CellId

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
        statements = tuple(_statement(index, record, *places[index], run.heap, run) for index, record in enumerate(run.records))
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


def _statement(index: int, record: Record, cell: Cell, lines: list[str], heap: Heap, run: Statements) -> Statement:
    return Statement(
        id=StatementId(index),
        cell=cell.id,
        span=_statement_span(record.node, cell.id, lines),
        kind=_kind(record, run),
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
        changes=tuple(Location(each) for each in record.changes if heap.things[each].kind != Kind.CONSTANT),
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


def _pos(lines: list[str], line: int, offset: int) -> Pos:
    return Pos(line, column_of_utf8(lines[line - 1], offset))


def _statement_span(node: ast.stmt, cell: CellId, lines: list[str]) -> Span:
    first: ast.stmt | ast.expr = node
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        return Span(cell, Pos(decorators[0].lineno, 0), _pos(lines, node.end_lineno or node.lineno, node.end_col_offset or 0))
    return Span(cell, _pos(lines, first.lineno, first.col_offset), _pos(lines, node.end_lineno or node.lineno, node.end_col_offset or 0))


def name_span(node: ast.AST, name: str, statement: ast.stmt, cell: CellId, lines: list[str]) -> Span:
    """Return where `name` is written in the node that reads or binds it.

    A function of another cell may be what reads the name: then the place is the statement that runs it.
    """
    line, offset = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
    inside = statement.lineno <= line <= (statement.end_lineno or statement.lineno) or isinstance(node, ast.alias)
    if not inside or line > len(lines):
        return _statement_span(statement, cell, lines)
    start = column_of_utf8(lines[line - 1], offset)
    last = getattr(node, "end_lineno", line) or line
    for number in range(line, min(last, len(lines)) + 1):
        begin = start if number == line else 0
        found = _word(lines[number - 1], name, begin, last_one=isinstance(node, ast.alias))
        if found >= 0:
            return Span(cell, Pos(number, found), Pos(number, found + len(name)))
    return _statement_span(statement, cell, lines)


def _word(line: str, word: str, begin: int, *, last_one: bool) -> int:
    """Find a whole word in a line from `begin`; for ``import a as b`` the one after ``as``."""
    at = begin
    if last_one:
        marker = line.find(" as ", begin)
        comma = line.find(",", begin)
        if marker >= 0 and (comma < 0 or marker < comma):
            at = marker + 4
    while True:
        at = line.find(word, at)
        if at < 0:
            return -1
        before, after = line[at - 1 : at], line[at + len(word) : at + len(word) + 1]
        if not (before.isidentifier() or before.isdigit()) and not (after.isidentifier() or after.isdigit()):
            return at
        at += 1
