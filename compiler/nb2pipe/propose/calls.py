"""Statements of a notebook → the calls that they make, with full dotted paths, through the notebook's own functions too."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.notebook import Cell

Function = ast.FunctionDef | ast.AsyncFunctionDef
BUILTINS = frozenset(dir(builtins))
RUNS_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

WRITING = "builtins.open_to_write"
"""The path of `open` with a mode that writes."""


@record()
class Call:
    """One call: `path` is empty when the callee is no name of a library, `types` are those that the receiver may have."""

    path: str
    name: str
    types: tuple[str, ...] = ()


class Calls:
    """Resolves calls with the imports, functions and classes of one notebook."""

    def __init__(self, graph: DataflowGraph, cells: list[Cell]) -> None:
        self.graph = graph
        self.nodes: list[ast.stmt] = [node for cell in cells for node in tree_of(cell).body]
        self.aliases: dict[str, str] = {}
        self.functions: dict[str, list[Function]] = {}
        self._known: dict[int, tuple[Call, ...]] = {}
        for node in self.nodes:
            self._read(node)

    def _read(self, node: ast.AST) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Import):
                for alias in inner.names:
                    whole = alias.asname or alias.name.partition(".")[0]
                    self.aliases[whole] = alias.name if alias.asname else whole
            elif isinstance(inner, ast.ImportFrom) and inner.module:
                self.aliases.update({alias.asname or alias.name: f"{inner.module}.{alias.name}" for alias in inner.names})
            elif isinstance(inner, Function):
                self.functions.setdefault(inner.name, []).append(inner)

    def of(self, statement: Statement) -> tuple[Call, ...]:
        """List the calls that a statement makes when it runs, those of the notebook functions that it calls included."""
        node = self.nodes[statement.id]
        if isinstance(node, RUNS_LATER):
            return tuple(self._in(ast.Tuple(elts=list(node.decorator_list)), statement))
        return tuple(self._in(node, statement))

    def _in(self, node: ast.AST, statement: Statement) -> Iterator[Call]:
        for call in _running(node):
            made = self._call(call, statement)
            yield made
            if not made.path:
                for function in self.functions.get(made.name, ()):
                    yield from self._inside(function)

    def _inside(self, function: Function) -> tuple[Call, ...]:
        if id(function) not in self._known:
            self._known[id(function)] = ()  # a recursive call adds nothing
            found: dict[Call, None] = {}
            for call in (each for part in function.body for each in _running(part)):
                made = self._call(call, None)
                found[made] = None
                if not made.path:
                    found.update((inner, None) for other in self.functions.get(made.name, ()) for inner in self._inside(other))
            self._known[id(function)] = tuple(found)
        return self._known[id(function)]

    def _call(self, call: ast.Call, statement: Statement | None) -> Call:
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        receiver = func.value if isinstance(func, ast.Attribute) else None
        types = self._types(receiver.id, statement) if isinstance(receiver, ast.Name) and statement is not None else ()
        if isinstance(receiver, ast.Constant | ast.JoinedStr):
            types = ("str",)
        path = self.path(func)
        return Call(WRITING if path == "builtins.open" and _writes(call) else path, name, types)

    def path(self, node: ast.expr) -> str:
        """Write where an expression comes from, as in ``sklearn.svm.SVC().fit``; empty when it begins with a variable."""
        parts: list[str] = []
        while not isinstance(node, ast.Name):
            match node:
                case ast.Attribute():
                    parts.append(f".{node.attr}")
                    node = node.value
                case ast.Call():
                    parts.append("()")
                    node = node.func
                case ast.Subscript():
                    node = node.value
                case _:
                    return ""
        own = node.id in self.graph.versions or node.id in self.functions
        start = self.aliases.get(node.id) or (f"builtins.{node.id}" if node.id in BUILTINS and not own else "")
        return start + "".join(reversed(parts)) if start else ""

    def is_drawing(self, name: str, statement: Statement) -> bool:
        """Tell whether what a statement changes by this name is a figure or a part of one."""
        values = next((each.values for each in self.graph.versions.get(name, ()) if each.statement == statement.id), ())
        return any(self.graph.objects.types.get(value, "").startswith(("matplotlib.", "plotly.")) for value in values)

    def _types(self, name: str, statement: Statement) -> tuple[str, ...]:
        producers = next((use.producers for use in statement.uses if use.name == name), ())
        history = {version.statement: version.values for version in self.graph.versions.get(name, ())}
        found = {self.graph.objects.types.get(value, "") for each in producers for value in history.get(each, ())}
        return tuple(sorted(found - {""}))


def _running(node: ast.AST) -> Iterator[ast.Call]:
    """List the calls below a node, in order, without those in the bodies of functions and classes."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Call):
            yield each
        stack += [child for child in reversed(list(ast.iter_child_nodes(each))) if not isinstance(child, RUNS_LATER)]


def _writes(call: ast.Call) -> bool:
    mode = call.args[1] if len(call.args) > 1 else next((each.value for each in call.keywords if each.arg == "mode"), None)
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set(mode.value) & set("wax+"))
