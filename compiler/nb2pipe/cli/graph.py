"""`nb2pipe graph NB`: the pipeline for people and tools."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import checked, parser, write_json


def run(words: list[str]) -> int:
    """Print the pipeline of a notebook."""
    from nb2pipe.ir import text

    options = parser("graph", ("text", "json", "mermaid"))
    options.add_argument("notebook")
    given = options.parse_args(words)
    pipeline = checked(given.notebook).pipeline
    if pipeline is None:
        return 1
    if given.format == "json":
        write_json(text.pipeline_data(pipeline))
    else:
        sys.stdout.write(text.pipeline_text(pipeline) if given.format == "text" else text.pipeline_mermaid(pipeline))
    return 0
