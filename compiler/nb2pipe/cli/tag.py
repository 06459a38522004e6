"""`nb2pipe tag NB`: propose tags, and write them when asked to."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import parser, write_json


def run(words: list[str]) -> int:
    """Print the proposal for a notebook; `--write` writes its tags into the file. Exit status 1 when there is no notebook to read."""
    from nb2pipe.api import propose_tags

    options = parser("tag", ("text", "json"))
    options.add_argument("notebook")
    options.add_argument("--write", action="store_true", help="write the proposed tags into the notebook; tags that it has stay")
    given = options.parse_args(words)
    proposed = propose_tags(given.notebook)
    if proposed.proposal is None:
        from nb2pipe.diagnostics.as_text import as_text

        sys.stderr.write(as_text(proposed.checked.diagnostics, proposed.checked.file, colour=sys.stderr.isatty()))
        return 1
    from nb2pipe.propose.shown import proposal_data, proposal_text

    pipeline = proposed.checked.pipeline
    if given.write:
        from nb2pipe.frontend.write import add_tags

        tags = proposed.proposal.draft.tags
        if tags:
            add_tags(given.notebook, tags)
        written = len(tags)
        sys.stderr.write(f"wrote the tags of {written} cell{'s' if written != 1 else ''} in {given.notebook}\n")
    if given.format == "json":
        write_json(proposal_data(proposed.proposal, pipeline, given.notebook))
    else:
        sys.stdout.write(proposal_text(proposed.proposal, pipeline, given.notebook, written=given.write))
    return 0
