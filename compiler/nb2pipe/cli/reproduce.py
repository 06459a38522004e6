"""`nb2pipe reproduce RUN [NB]`: makes a tracked run again, from the same code and data, and compares."""

from __future__ import annotations

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import add_parameters, checked, parameter_values, parser


def run(words: list[str]) -> int:
    """Run the stored code, or the notebook's pipeline, once more; the exit status is 1 when a metric differs."""
    options = parser("reproduce", ("text", "json"))
    options.add_argument("run", help="a run of ml.track: its id, or its name for the latest")
    options.add_argument("notebook", nargs="?", help="the notebook, for a run that came from a pipeline's step")
    add_parameters(options)
    options.add_argument("--uri", help="the MLflow tracking address (default: MLFLOW_TRACKING_URI, else .nb2pipe/mlflow.db)")
    options.add_argument("--tolerance", type=float, default=1e-9, help="how far metrics may differ, relative to their size (default: 1e-9)")
    given = options.parse_args(words)
    plan, values = None, {}
    if given.notebook:
        from nb2pipe.api import compile_pipeline

        pipeline = checked(given.notebook).pipeline
        if pipeline is None:
            return 1
        plan, values = compile_pipeline(pipeline, backend="local").entry_text, parameter_values(given.parameter, pipeline)
    command = load_command("nb2pipe.reproducers", "mlflow")
    code: int = command(
        given.run, plan, notebook=given.notebook, parameters=values, uri=given.uri, tolerance=given.tolerance, form=given.format
    )
    return code
