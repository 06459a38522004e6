"""Steps whose cells stand between another step's → the inputs that must be copies.

Values are handed on as they are: as a rule the steps run in the order of the cells, so that each sees what the notebook's cells saw. Where a
step is split, a step that changes a value may run before one that reads it as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nb2pipe.ir.pipeline import Pipeline, Port, Step
    from nb2pipe.project.pieces import Piece


def copied_inputs(pipeline: Pipeline, pieces: dict[str, list[Piece]]) -> list[tuple[Step, Port]]:
    """List the inputs that a step changes although a step which runs later reads them as they were before."""
    cells = {name: [piece.chunk.number for piece in each if not piece.repeated] for name, each in pieces.items()}
    order = {step.name: index for index, step in enumerate(pipeline.steps)}
    found = []
    for step in pipeline.steps:
        changed = {name for piece in pieces[step.name] for statement in piece.statements for name in statement.mutates}
        for port in step.inputs:
            source = next(edge.producer for edge in pipeline.edges if (edge.consumer.step, edge.consumer.port) == (step.name, port.name))
            later = [
                edge.consumer.step for edge in pipeline.edges if edge.producer == source and order[edge.consumer.step] > order[step.name]
            ]
            if changed & set(port.names) and any(min(cells[other], default=0) < max(cells[step.name], default=0) for other in later):
                found.append((step, port))
    return found
