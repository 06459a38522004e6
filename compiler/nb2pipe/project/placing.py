"""The pieces of all steps → where each stands in the project: at a module's top, in the module that steps share, in its step, or nowhere.

A definition or import leaves its step only where that changes nothing: each name that it binds is bound nowhere else, each name that it
reads stands at a module's top too, and making it does nothing but that. All others stay in the function of their step, in order.
What changes the process (a seed, an option of a library) is done once, where the notebook does it: steps share one process here.
"""

from __future__ import annotations

import ast
from enum import Enum
from typing import TYPE_CHECKING

from nb2pipe.ir.dataflow import StatementKind, is_state
from nb2pipe.ir.pipeline import ChunkKind
from nb2pipe.project.leaving import leaves
from nb2pipe.project.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.pipeline import Pipeline, Step
    from nb2pipe.project.pieces import Piece, Place

OF_MODULE = frozenset("__name__ __file__ __doc__ __annotations__ get_ipython globals exec eval locals vars dir".split())
"""Names that mean something else at another place."""

PREPARES = (
    "sys.path",
    "environ",
    "putenv",
    "chdir",
    "importlib",
    ".shell(",
    ".script(",
    ".write_file(",
    ".set_variable(",
    ".change_folder(",
)
"""Words in a statement that may decide what a later import finds."""


class Home(Enum):
    """Where a piece stands."""

    STEP = "step"
    MODULE = "module"
    SHARED = "shared"
    NOWHERE = "nowhere"


class Placing:
    """Where everything stands.

    Attributes
    ----------
    scopes : dict of Piece to Scope
        What each piece does with names.
    binders : dict of str to set of Place
        The statements that bind each name of the notebook.
    at_top : dict of str to Piece
        The names that stand at a module's top, imports too, with one piece that binds each.
    published : frozenset of str
        Names of steps that a shared definition reads: each step tells the shared module what they are, as soon as it binds them.
    """

    def __init__(self, pipeline: Pipeline, graph: DataflowGraph, pieces: Mapping[str, list[Piece]]) -> None:
        self.pipeline = pipeline
        self.pieces = pieces
        self._graph = graph
        self.scopes = {piece: Scope(piece.code) for each in pieces.values() for piece in each}
        self.binders: dict[str, set[Place]] = {}
        self._touched: set[str] = set()
        self._owned = {cell for step in pipeline.steps for cell in step.cells}
        for statement in graph.statements:
            self._see(statement)
        self._steps: dict[Place, list[str]] = {}
        for name, each in pieces.items():
            for piece in each:
                self._steps.setdefault(piece.place, []).append(name)
        self._prepared = self._first_preparation()
        self._movable = self._find_movable()
        self.at_top = {name: piece for piece in self._movable.values() for name in self._bound(piece)}
        self.shared = self._find_shared()
        read = set().union(*(self.scopes[piece].captured for piece in self.shared.values()))
        self.published = frozenset(read & self.binders.keys() - self.at_top.keys())
        self._done: dict[Place, Step] = {}
        self.homes: dict[Piece, Home] = {}
        for step in pipeline.steps:
            for piece in pieces[step.name]:
                self.homes[piece] = self._home(piece, step)

    def _see(self, statement: Statement) -> None:
        place = (statement.cell, statement.span.start.line)
        for binding in statement.binds:
            if not is_state(binding.name):
                self.binders.setdefault(binding.name, set()).add(place)
        self._touched.update(statement.deletes)
        if statement.kind is not StatementKind.DEFINITION:
            self._touched.update(statement.mutates)

    def _bound(self, piece: Piece) -> list[str]:
        told = {binding.name for each in piece.statements for binding in each.binds if not is_state(binding.name)}
        return sorted(told | self.scopes[piece].binds)

    def _first_preparation(self) -> tuple[int, int]:
        """Find the first statement that may decide what an import finds; imports below it stay where they are."""
        found = [
            (piece.chunk.number, piece.place[1])
            for each in self.pieces.values()
            for piece in each
            if not is_import(piece) and any(word in piece.code for word in PREPARES)
        ]
        return min(found, default=(1 << 30, 0))

    def _find_movable(self) -> dict[Place, Piece]:
        first: dict[Place, Piece] = {}
        for each in self.pieces.values():
            for piece in each:
                if self._can_move(piece):
                    first.setdefault(piece.place, piece)
        while True:
            fixed = {name for name, places in self.binders.items() if not places <= first.keys()}
            stuck = [place for place, piece in first.items() if fixed & (self._must_stand(piece) | set(self._bound(piece)))]
            if not stuck:
                return first
            for place in stuck:
                del first[place]

    def _must_stand(self, piece: Piece) -> set[str]:
        """Return the names that must stand at a module's top for a piece to.

        A class of several steps, or a function that lives on in a value, may read the others when it is called.
        """
        scope = self.scopes[piece]
        several = len(set(self._steps[piece.place])) > 1
        return scope.now if several and (isinstance(piece.node, ast.ClassDef) or self._lives_on(piece)) else scope.reads

    def _lives_on(self, piece: Piece) -> bool:
        owner = next((step for step in self.pipeline.steps if piece.chunk.cell in step.cells), None)
        return isinstance(piece.node, ast.FunctionDef) and owner is not None and leaves(piece, owner, self._graph)

    def _can_move(self, piece: Piece) -> bool:
        scope, node = self.scopes[piece], piece.node
        if node is None or len(piece.statements) != 1 or scope.rebinds or (scope.reads | scope.binds) & OF_MODULE:
            return False
        if is_import(piece):
            alone = all(self._same_import(piece, name) for name in self._bound(piece))
            return alone and not self._touched & scope.binds and (piece.chunk.number, piece.place[1]) < self._prepared
        statement = piece.statements[0]
        is_class = isinstance(node, ast.ClassDef)
        quiet = not (statement.changes or statement.mutates or statement.draws or statement.settings or awaits(piece.tree))
        single = all(len(self.binders.get(name, ())) == 1 for name in self._bound(piece))
        defines = statement.kind is StatementKind.DEFINITION or (piece.chunk.cell not in self._owned and _is_constant(node))
        return bool(scope.binds) and quiet and single and defines and (is_class or not self._touched & scope.binds)

    def _same_import(self, piece: Piece, name: str) -> bool:
        """Tell whether all that bind a name import the same thing."""
        meant = {_import_of(each, name) for pieces in self.pieces.values() for each in pieces if name in self._bound(each)}
        return meant == {_import_of(piece, name)} and self.binders.get(name, set()) <= self._steps.keys()

    def _find_shared(self) -> dict[Place, Piece]:
        """Find the definitions for the module that steps share: those of several steps, and what they read."""
        chosen: dict[Place, Piece] = {}
        waiting = [piece for place, piece in self._movable.items() if len(self._steps[place]) > 1]
        for step, each in self.pieces.items():
            reads = set().union(*(self.scopes[piece].reads for piece in each))
            waiting += [
                self.at_top[name] for name in sorted(reads & self.at_top.keys()) if step not in self._steps[self.at_top[name].place]
            ]
        while waiting:
            piece = waiting.pop()
            if piece.place not in chosen and not is_import(piece):
                chosen[piece.place] = piece
                waiting += [self.at_top[name] for name in sorted(self.scopes[piece].reads & self.at_top.keys())]
        return dict(sorted(chosen.items(), key=lambda item: (item[1].chunk.number, item[1].place[1])))

    def _home(self, piece: Piece, step: Step) -> Home:
        if piece.place in self._movable and piece.code:
            return Home.SHARED if piece.place in self.shared else Home.MODULE
        if piece.chunk.kind is ChunkKind.SHARED and self._bound(piece) and set(self._bound(piece)) <= given_names(step):
            return Home.NOWHERE  # what the step receives replaces it
        if piece.repeated and not self._bound(piece):
            if self._once(piece) and (done := self._doer(piece)) and done.control.when in (None, step.control.when) and done is not step:
                return Home.NOWHERE
            self._done.setdefault(piece.place, step)
        return Home.STEP

    def _doer(self, piece: Piece) -> Step | None:
        """Return the step that does what a repeated piece says: the one whose cell it stands in, or the first that repeats it."""
        owner = next((step for step in self.pipeline.steps if piece.chunk.cell in step.cells and not step.control.on_exit), None)
        return owner or self._done.get(piece.place)

    def _once(self, piece: Piece) -> bool:
        """Tell whether doing it once is enough: not if it changes a definition that each step makes anew."""
        names = {part.id for part in ast.walk(piece.tree) if isinstance(part, ast.Name)} & self.binders.keys()
        setting = all(each.kind is StatementKind.SETTING for each in piece.statements)
        targets = {_root(part) for part in ast.walk(piece.tree) if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)}
        return setting or (targets & names) <= self.at_top.keys()

    def needed(self, names: Iterable[str]) -> tuple[list[Piece], list[str]]:
        """Say which imports and which shared definitions give the names that a module reads."""
        pieces = {name: self.at_top[name] for name in sorted(set(names) & self.at_top.keys())}
        imports = {piece.place: piece for piece in pieces.values() if is_import(piece)}
        ordered = sorted(imports.values(), key=lambda piece: (piece.chunk.number, piece.place[1]))
        return ordered, [name for name, piece in pieces.items() if piece.place in self.shared]


def given_names(step: Step) -> set[str]:
    """Return the names that a step receives: values of other steps, and parameters."""
    return {name for port in step.inputs for name in port.names} | set(step.parameters)


def is_import(piece: Piece) -> bool:
    """Tell whether a piece only imports."""
    return bool(piece.statements) and all(each.kind is StatementKind.IMPORT for each in piece.statements)


def awaits(tree: ast.AST) -> bool:
    """Tell whether top-level code waits for something, as only a notebook's may."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or (isinstance(node, ast.comprehension) and node.is_async):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda) and awaits(node):
            return True
    return False


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError):
        return False
    return True


def _import_of(piece: Piece, name: str) -> str:
    """Return what an import means by a name; ``import a.b`` and ``import a`` mean the same by ``a``."""
    node = piece.node
    for alias in getattr(node, "names", []) if isinstance(node, ast.Import | ast.ImportFrom) else []:
        if (alias.asname or alias.name.partition(".")[0]) == name:
            inside = f"{'.' * node.level}{node.module or ''}:" if isinstance(node, ast.ImportFrom) else ""
            return inside + (alias.name if alias.asname or inside else name)
    return piece.code


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
