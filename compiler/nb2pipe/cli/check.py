"""`nb2pipe check NB…`: all findings of notebooks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nb2pipe.cli.options import parser, write_json
from nb2pipe.diagnostics.model import Severity

if TYPE_CHECKING:
    from nb2pipe.api import Checked
    from nb2pipe.diagnostics.place import FileText


def run(words: list[str]) -> int:
    """Print the findings; exit status 1 when there are warnings or errors."""
    from nb2pipe.api import check_file

    options = parser("check", ("text", "json", "sarif", "github"))
    options.add_argument("notebook", nargs="+")
    options.add_argument("--backend", default="kfp", help="check for this backend (default: kfp)")
    options.add_argument(
        "--fix",
        action="store_true",
        help="apply the safe fixes: Kale's tags become ours, installs get the version that ran, idle `ignore:` tags go",
    )
    given = options.parse_args(words)
    if given.fix:
        from nb2pipe.cli.fix import fix_findings, fix_tags

        for path in given.notebook:
            changed = fix_tags(path)
            if changed:
                sys.stderr.write(f"fixed the tags of {changed} cell{'s' if changed != 1 else ''} in {path}\n")
            fixed = fix_findings(path, given.backend)
            if fixed:
                sys.stderr.write(f"fixed {fixed} finding{'s' if fixed != 1 else ''} in {path}\n")
    results = [check_file(path, backend=given.backend) for path in given.notebook]
    found = [(_file(result, lines=given.format in ("sarif", "github")), result.diagnostics) for result in results]
    if given.format == "text":
        from nb2pipe.diagnostics.as_text import as_text, summary

        for file, diagnostics in found:
            sys.stdout.write(as_text(diagnostics, file, colour=sys.stdout.isatty()))
        sys.stdout.flush()
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


def _file(result: Checked, *, lines: bool) -> FileText:
    """Return what messages show of a notebook, with lines of the file itself where code hosts point into it."""
    if not lines or result.notebook is None:
        return result.file
    from nb2pipe.frontend.report import file_text

    with open(result.path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - pathlib costs start-up
        return file_text(result.notebook, file.read())
