"""`nb2pipe check NB…`: all findings of notebooks."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import parser, write_json
from nb2pipe.diagnostics.model import Severity


def run(words: list[str]) -> int:
    """Print the findings; exit status 1 when there are warnings or errors."""
    from nb2pipe.api import check_file

    options = parser("check", ("text", "json", "sarif", "github"))
    options.add_argument("notebook", nargs="+")
    options.add_argument("--backend", default="kfp", help="check for this backend (default: kfp)")
    given = options.parse_args(words)
    results = [check_file(path, backend=given.backend) for path in given.notebook]
    found = [(result.file, result.diagnostics) for result in results]
    if given.format == "text":
        from nb2pipe.diagnostics.as_text import as_text, summary

        for file, diagnostics in found:
            sys.stdout.write(as_text(diagnostics, file, colour=sys.stdout.isatty()))
        sys.stderr.write(summary([each for _, diagnostics in found for each in diagnostics]) + "\n")
    elif given.format == "json":
        from nb2pipe.diagnostics.as_json import as_json

        write_json(as_json(found))
    elif given.format == "sarif":
        from nb2pipe.diagnostics.as_sarif import as_sarif

        write_json(as_sarif(found))
    else:
        from nb2pipe.diagnostics.as_github import as_github

        sys.stdout.write("".join(as_github(diagnostics, file) for file, diagnostics in found))
    return 1 if any(each.severity != Severity.NOTE for _, diagnostics in found for each in diagnostics) else 0
