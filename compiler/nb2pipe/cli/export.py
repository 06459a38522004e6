"""`nb2pipe export NB -o DIR`: writes a plain Python project. The same notebook gives the same bytes."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import parser, write_json


def run(words: list[str]) -> int:
    """Export a notebook; nothing is written when it has errors or cannot be said in plain Python."""
    from nb2pipe.api import export_file
    from nb2pipe.diagnostics.as_text import as_text
    from nb2pipe.diagnostics.model import Severity

    options = parser("export", ("text", "json"))
    options.add_argument("notebook")
    options.add_argument("-o", "--output", required=True, metavar="DIR", help="the folder to write: a new one, or one of an earlier export")
    given = options.parse_args(words)
    exported, files = export_file(given.notebook, given.output)
    shown = tuple(each for each in exported.diagnostics if each.severity != Severity.NOTE)
    if shown:
        sys.stderr.write(as_text(shown, exported.file, colour=sys.stderr.isatty()))
    if not files:
        return 1
    if given.format == "json":
        write_json({"output": given.output, "files": list(files)})
    else:
        sys.stderr.write(f"exported {given.notebook}: {len(files)} files → {given.output}\n  next: cd {given.output} && python -m pytest\n")
    return 0
