"""`nb2pipe run NB`: runs the compiled pipeline here, each step in a fresh process."""

from __future__ import annotations

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import add_parameters, checked, parameter_values, parser

ENGINES = ("local", "kfp")
"""What runs the pipeline; each is also the backend that the notebook is compiled for."""


def run(words: list[str]) -> int:
    """Compile and run; the exit status is 1 when the notebook has errors or a step fails."""
    from nb2pipe.api import compile_pipeline

    options = parser("run", ("text", "json"))
    options.add_argument("notebook")
    add_parameters(options)
    options.add_argument("--engine", choices=ENGINES, default="local", help="local: our runner; kfp: the KFP SDK's local runner")
    options.add_argument("--workers", type=int, help="how many steps run at once (default: the processors)")
    options.add_argument("--state", help="where runs and the cache are kept (default: .nb2pipe beside the notebook)")
    options.add_argument("--fresh", action="store_true", help="run every step anew, without cache and without resuming")
    options.add_argument("--verbose", action="store_true", help="stream the output of all steps")
    given = options.parse_args(words)
    pipeline = checked(given.notebook, backend="kfp" if given.engine == "kfp" else None).pipeline
    if pipeline is None:
        return 1
    bundle = compile_pipeline(pipeline, backend=given.engine)
    command = load_command("nb2pipe.runners", given.engine)
    code: int = command(
        bundle.entry_text,
        notebook=given.notebook,
        parameters=parameter_values(given.parameter, pipeline),
        state=given.state,
        workers=given.workers,
        fresh=given.fresh,
        verbose=given.verbose,
        form=given.format,
    )
    return code
