"""`nb2pipe compile NB -o OUT`: writes the pipeline. The same notebook gives the same bytes."""

from __future__ import annotations

import os
import sys

from nb2pipe.cli.options import checked, parser, write_file, write_json


def run(words: list[str]) -> int:
    """Compile a notebook; nothing is written when it has errors."""
    from nb2pipe.api import compile_pipeline

    options = parser("compile", ("text", "json"))
    options.add_argument("notebook")
    options.add_argument("-o", "--output", help="the file to write, or - for standard output (default: the pipeline's name here)")
    options.add_argument("--backend", default="kfp", help="what to compile for (default: kfp); see nb2pipe backends")
    options.add_argument(
        "--runtime", choices=("embed", "image"), help="where the step runtime comes from: the pipeline (default), or the image"
    )
    given = options.parse_args(words)
    pipeline = checked(given.notebook, backend=given.backend, runtime=given.runtime).pipeline
    if pipeline is None:
        return 1
    bundle = compile_pipeline(pipeline, backend=given.backend)
    if given.output == "-":
        sys.stdout.write(bundle.entry_text)
        return 0
    target = given.output or os.path.basename(bundle.entry)  # noqa: PTH119 - pathlib costs start-up
    if os.path.isdir(target):  # noqa: PTH112 - pathlib costs start-up
        target = os.path.join(target, os.path.basename(bundle.entry))  # noqa: PTH118, PTH119
    write_file(target, bundle.entry_text)
    for file in bundle.files:
        if file.path != bundle.entry:
            write_file(os.path.join(os.path.dirname(target), file.path), file.text)  # noqa: PTH118, PTH120
    if given.format == "json":
        write_json({"backend": given.backend, "output": target, "steps": [step.name for step in pipeline.steps]})
    else:
        steps = len(pipeline.steps)
        sys.stderr.write(f"compiled {given.notebook} for {given.backend}: {steps} step{'s' if steps != 1 else ''} → {target}\n")
    return 0
