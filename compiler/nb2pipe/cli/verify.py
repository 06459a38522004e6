"""`nb2pipe verify NB`: shows that the notebook run whole and its pipeline agree, or where they differ and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nb2pipe.cli.installed import load_command
from nb2pipe.cli.options import add_parameters, checked, parameter_values, parser

if TYPE_CHECKING:
    from nb2pipe.api import Checked
    from nb2pipe.lower.division import Merged


def run(words: list[str]) -> int:
    """Compile, run both ways and compare; the exit status is 1 when they differ or the notebook has errors."""
    from nb2pipe.api import compile_pipeline, verification_task

    options = parser("verify", ("text", "json"))
    options.add_argument("notebook")
    add_parameters(options)
    division = options.add_mutually_exclusive_group()
    division.add_argument("--each-cell", action="store_true", help="make each cell a step of its own, whatever the tags say")
    division.add_argument("--steps", type=_count, metavar="K", help="make K steps of about equal length, whatever the tags say")
    options.add_argument("--twice", action="store_true", help="run the whole notebook twice in any case, not only when something differs")
    options.add_argument(
        "--allow-errors", action="store_true", help="go on behind cells that raise, as if they were tagged raises-exception"
    )
    options.add_argument("--state", help="where the step-by-step run is kept (default: .nb2pipe beside the notebook)")
    given = options.parse_args(words)
    if given.each_cell or given.steps:
        result, merged = _divided(given.notebook, given.steps, allow_errors=given.allow_errors)
    else:
        result, merged = checked(given.notebook, allow_errors=given.allow_errors), ()
    if result.pipeline is None or result.notebook is None:
        return 1
    command = load_command("nb2pipe.verifiers", "papermill")
    mode = "each-cell" if given.each_cell else f"steps:{given.steps}" if given.steps else "tags"
    code: int = command(
        compile_pipeline(result.pipeline, backend="local").entry_text,
        {"mode": mode, **verification_task(result, merged)},
        notebook=given.notebook,
        parameters=parameter_values(given.parameter, result.pipeline),
        state=given.state,
        form=given.format,
        twice=given.twice,
    )
    return code


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _divided(path: str, steps: int | None, *, allow_errors: bool) -> tuple[Checked, tuple[Merged, ...]]:
    """Check a notebook in other steps; errors are printed only when they leave nothing to run."""
    from nb2pipe.api import divide_file
    from nb2pipe.diagnostics.as_text import as_text

    result, merged = divide_file(path, steps=steps, allow_errors=allow_errors)
    if result.pipeline is None:
        sys.stderr.write(as_text(result.diagnostics, result.file, colour=sys.stderr.isatty()))
    return result, merged
