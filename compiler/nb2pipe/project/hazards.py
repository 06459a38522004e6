"""Code that would do something else inside a function than at the top of a notebook → findings NB706, so that no export is wrong.

A name of the notebook becomes a local name of its step, and a function of the notebook a function inside it. That differs where code asks
for names by text, where a class body reads a name that it binds itself, and where a function outlives its step and a later step binds its names anew.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import CLASS_MAKERS
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.ir.pipeline import ChunkKind
from nb2pipe.project.apart import copied_inputs
from nb2pipe.project.leaving import leaves
from nb2pipe.project.placing import Home, given_names, is_import
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.pipeline import Step
    from nb2pipe.project.pieces import Piece
    from nb2pipe.project.placing import Placing

BY_TEXT = frozenset(("globals", "exec", "eval", "dir"))
PLAIN = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
"""Statements after which what they bind can be told to another module in time."""


def find_hazards(placing: Placing, graph: DataflowGraph) -> list[Diagnostic]:
    """Report each piece that cannot be exported, with the reason."""
    found = [*_private(placing), *_mixed(placing)]
    for index, step in enumerate(placing.pipeline.steps):
        later = placing.pipeline.steps[index + 1 :]
        for piece in placing.pieces[step.name]:
            if placing.homes[piece] is Home.STEP:
                received = sorted(placing.scopes[piece].binds & given_names(step)) if piece.chunk.kind is ChunkKind.SHARED else []
                if received and not (is_import(piece) and isinstance(piece.node, ast.Import | ast.ImportFrom)):
                    found.append(_finding(piece, step, f"a statement that it repeats binds `{received[0]}`, which it also receives"))
                reasons = [*_of_piece(piece, placing), *_of_later(piece, step, later, placing, graph)]
                found += [_finding(piece, step, reason) for reason in reasons]
    return found


def _private(placing: Placing) -> list[Diagnostic]:
    """Report names of outputs that Python changes inside a class."""
    steps = {step.name: step for step in placing.pipeline.steps}
    crossing = {(name, step.name) for step in steps.values() for port in step.outputs for name in port.names}
    return [
        _finding(piece, steps[step], f"`{name}` is a name that Python keeps private to a class, so it cannot be an output")
        for name, step in sorted(crossing)
        if name.startswith("__") and not name.endswith("__")
        for piece in placing.pieces[step]
        if name in placing.scopes[piece].binds
    ]


def _mixed(placing: Placing) -> list[Diagnostic]:
    """Report values that share parts, are changed, and are read later as they were: a copy of each would share nothing."""
    copied = copied_inputs(placing.pipeline, dict(placing.pieces))
    reason = "it changes {}, which share parts, before a step that reads them as they were: its cells stand between those of that step"
    return [
        _finding(placing.pieces[step.name][0], step, reason.format(" and ".join(f"`{name}`" for name in port.names)))
        for step, port in copied
        if len(port.names) > 1
    ]


def names_of(step: Step, placing: Placing) -> set[str]:
    """Return the names that are local to the function of a step."""
    given = given_names(step)
    inside = (placing.scopes[piece] for piece in placing.pieces[step.name] if placing.homes[piece] is Home.STEP)
    return given.union(*(scope.binds | scope.rebinds for scope in inside))


def _finding(piece: Piece, step: Step, reason: str) -> Diagnostic:
    start = Pos(piece.place[1], 0)
    return make("NB706", step=step.name, reason=reason).at(Span(piece.chunk.cell, start, start))


def _of_piece(piece: Piece, placing: Placing) -> Iterator[str]:
    scope = placing.scopes[piece]
    for node in ast.walk(piece.tree):
        called = _asks_by_text(node)
        if called and called not in placing.binders:
            yield f"`{called}()` asks for names of the notebook, which are local to a function in the project"
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield f"`from {node.module} import *` cannot stand in a function"
    if "get_ipython" in scope.reads:
        yield "what it asks of IPython has no counterpart in plain Python"
    if "__annotations__" in scope.reads:
        yield "a function keeps no `__annotations__` of its names"
    yield from (
        f"a class reads and binds `{name}`; in a function it would not see the `{name}` around it" for name in _own_reads(piece, placing)
    )
    yield from (f"`global {name}` stands in a function whose own outer function binds `{name}`" for name in sorted(scope.hidden))
    gone = {node.id for node in ast.walk(piece.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    yield from (
        f"`del {name}` brings the built-in `{name}` back, which it does not do in a function" for name in sorted(gone & set(dir(builtins)))
    )
    if piece.repeated and _makes_class(piece):
        yield "several steps use the class, but making it needs or changes values that only its step has, so that it cannot be one class for all"
    simple = isinstance(piece.node, PLAIN)
    late = scope.rebinds | (set() if simple else scope.binds)
    yield from (
        f"a class that several steps use reads `{name}`, which is bound inside a block or function"
        for name in sorted(late & placing.published)
    )


def _asks_by_text(node: ast.AST) -> str:
    """Return the built-in function by which a call asks for names; ``dir`` of an object does not."""
    match node:
        case ast.Call(func=ast.Name(id="dir"), args=[_]):
            return ""
        case ast.Call(func=ast.Name(id=called)) if called in BY_TEXT:
            return called
        case _:
            return ""


def _own_reads(piece: Piece, placing: Placing) -> list[str]:
    return sorted(placing.scopes[piece].own_reads & placing.binders.keys())


def _makes_class(piece: Piece) -> bool:
    classes = any(isinstance(node, ast.ClassDef) for node in ast.walk(piece.tree))
    called = piece.node.value.func if isinstance(piece.node, ast.Assign) and isinstance(piece.node.value, ast.Call) else None
    return classes or (called is not None and ast.unparse(called).rpartition(".")[2] in CLASS_MAKERS)


def _of_later(piece: Piece, step: Step, later: tuple[Step, ...], placing: Placing, graph: DataflowGraph) -> Iterator[str]:
    """Find names of a function that leaves its step which a later step binds anew: the notebook's function would see that."""
    captured = placing.scopes[piece].captured & placing.binders.keys() - placing.at_top.keys()
    if not captured or not leaves(piece, step, graph):
        return
    here = names_of(step, placing)
    for name in sorted(captured):
        anew = [
            other.name
            for other in later
            for each in placing.pieces[other.name]
            if not each.repeated and name in placing.scopes[each].binds | placing.scopes[each].rebinds
        ]
        if anew or name not in here:
            where = f"step `{anew[0]}`" if anew else "another step"
            yield f"a function that leaves the step reads `{name}`, which {where} binds"
