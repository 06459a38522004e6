"""`nb2pipe verify NB`: shows that the notebook run whole and its pipeline agree, or which value differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import add_parameters, checked, parameter_values, parser

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Pipeline


def run(words: list[str]) -> int:
    """Compile, run both ways and compare; the exit status is 1 when they differ or the notebook has errors."""
    from nb2pipe.api import compile_pipeline

    options = parser("verify", ("text", "json"))
    options.add_argument("notebook")
    add_parameters(options)
    options.add_argument("--state", help="where the step-by-step run is kept (default: .nb2pipe beside the notebook)")
    given = options.parse_args(words)
    result = checked(given.notebook)
    if result.pipeline is None or result.notebook is None:
        return 1
    bundle = compile_pipeline(result.pipeline, backend="local")
    text = bundle.entry_text
    command = load_command("nb2pipe.verifiers", "papermill")
    code: int = command(
        text,
        cells_that_run(result.notebook, result.pipeline),
        notebook=given.notebook,
        parameters=parameter_values(given.parameter, result.pipeline),
        state=given.state,
        form=given.format,
    )
    return code


def cells_that_run(notebook: Notebook, pipeline: Pipeline) -> list[dict[str, object]]:
    """List the cells of the whole run in order, and the steps whose last cell each is."""
    from nb2pipe.lower.placement import METRICS, PARAMETERS, SKIP, place_cells

    places = place_cells(notebook)[0].places
    ends: dict[str, list[str]] = {}
    for step in pipeline.steps:
        ends.setdefault(step.cells[-1], []).append(step.name)
    return [
        {"number": cell.number, "source": cell.source, "parameters": places[cell.id].kind == PARAMETERS, "ends": ends.get(cell.id, [])}
        for cell in notebook.cells
        if cell.id in places and places[cell.id].kind not in (SKIP, METRICS)
    ]
