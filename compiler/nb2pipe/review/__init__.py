"""A notebook's dataflow and its pipeline → findings about what the notebook's results are worth: hidden state, evaluation, environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.pipeline import Pipeline

LEARNING = r"train_test_split|\.score\(|_score\b|_error\(|classification_report|\.evaluate\(|fit_transform|fit_resample|Fold\b|ShuffleSplit|\bdump\("
"""A notebook without any of these neither splits, scores nor saves anything."""


def review(graph: DataflowGraph, pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report what is worth knowing; a part is loaded only when the notebook has what it is about."""
    if graph.notebook.python and any(step.image for step in pipeline.steps):
        from nb2pipe.review.images import find_mismatches

        yield from find_mismatches(graph.notebook, pipeline)
    counts = [cell.execution_count for cell in graph.notebook.cells if cell.execution_count is not None]
    if counts != sorted(counts):
        from nb2pipe.review.history import find_turned

        yield from find_turned(graph)
    if any(tag.verb == "step" for cell in graph.notebook.cells for tag in cell.tags):
        from nb2pipe.review.borders import find_at_borders

        yield from find_at_borders(graph, pipeline)
    if any(re.search(LEARNING, cell.source) for cell in graph.notebook.cells):
        from nb2pipe.review.evaluation import find_doubtful

        yield from find_doubtful(graph.notebook)
