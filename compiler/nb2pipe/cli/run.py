"""`nb2pipe run NB`: runs the compiled pipeline here, each step in a fresh process."""

from __future__ import annotations

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import checked, parameter_values, parser

BACKENDS = {"local": "local", "kfp": "kfp"}
"""The engine → what the notebook is compiled for."""


def run(words: list[str]) -> int:
    """Compile and run; the exit status is 1 when the notebook has errors or a step fails."""
    from nb2pipe.api import compile_pipeline

    options = parser("run", ("text", "json"))
    options.add_argument("notebook")
    options.add_argument(
        "-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="value of a pipeline parameter (JSON, else text)"
    )
    options.add_argument("--engine", choices=tuple(BACKENDS), default="local", help="local: our runner; kfp: the KFP SDK's local runner")
    options.add_argument("--workers", type=int, help="how many steps run at once (default: the processors)")
    options.add_argument("--state", help="where runs and the cache are kept (default: .nb2pipe beside the notebook)")
    options.add_argument("--fresh", action="store_true", help="run every step anew, without cache and without resuming")
    options.add_argument("--verbose", action="store_true", help="stream the output of all steps")
    given = options.parse_args(words)
    backend = BACKENDS[given.engine]
    pipeline = checked(given.notebook, backend="kfp" if backend == "kfp" else None).pipeline
    if pipeline is None:
        return 1
    bundle = compile_pipeline(pipeline, backend=backend)
    text = bundle.entry_text
    command = load_command("nb2pipe.runners", given.engine)
    code: int = command(
        text,
        notebook=given.notebook,
        parameters=parameter_values(given.parameter, pipeline),
        state=given.state,
        workers=given.workers,
        fresh=given.fresh,
        verbose=given.verbose,
        form=given.format,
    )
    return code
