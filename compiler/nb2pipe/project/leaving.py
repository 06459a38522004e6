"""A definition and its step → whether a function that it makes may live on after the step, in a value that the step hands on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nb2pipe.ir.dataflow import DataflowGraph, Location
    from nb2pipe.ir.pipeline import Step
    from nb2pipe.project.pieces import Piece


def leaves(piece: Piece, step: Step, graph: DataflowGraph) -> bool:
    """Tell whether an output, or a definition with a life beyond the step, may hold a function that the piece makes."""
    own = {each.id for each in piece.statements}
    if any(isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) for node in ast.walk(piece.tree)):
        return True
    last = max((each.id for each in graph.statements if each.cell in step.cells), default=-1)
    names = {name for port in step.outputs for name in port.names}
    waiting = [value for name in names for value in _values(graph, name, last)]
    seen: set[Location] = set()
    while waiting:
        location = waiting.pop()
        if location not in seen:
            seen.add(location)
            waiting += graph.objects.holds.get(location, ())
    return any(graph.objects.defined_by.get(location) in own for location in seen)


def _values(graph: DataflowGraph, name: str, last: int) -> tuple[Location, ...]:
    versions = [each for each in graph.versions.get(name, ()) if each.statement <= last]
    return versions[-1].values if versions else ()
