"""A notebook's dataflow and its pipeline → findings about what the notebook's results are worth: hidden state, evaluation, environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.pipeline import Pipeline


def review(graph: DataflowGraph, pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report what is worth knowing; a part is loaded only when the notebook has what it is about."""
    if graph.notebook.python and any(step.image for step in pipeline.steps):
        from nb2pipe.review.images import find_mismatches

        yield from find_mismatches(graph.notebook, pipeline)
    counts = [cell.execution_count for cell in graph.notebook.cells if cell.execution_count is not None]
    if counts != sorted(counts):
        from nb2pipe.review.history import find_turned

        yield from find_turned(graph)
