"""`nb2pipe explain CODE`: the page of one diagnostic."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import parser


def run(words: list[str]) -> int:
    """Print the page that belongs to a code."""
    from nb2pipe.diagnostics.catalogue import CATALOGUE, page, rule
    from nb2pipe.errors import Nb2PipeError

    options = parser("explain")
    options.add_argument("code", nargs="?", help="such as NB201; without it, all codes are listed")
    given = options.parse_args(words)
    if given.code is None:
        for each in CATALOGUE:
            sys.stdout.write(f"{each}  {rule(each).slug}\n")
        return 0
    code = given.code.upper()
    if code not in CATALOGUE:
        import difflib

        near = difflib.get_close_matches(code, CATALOGUE, n=3)
        raise Nb2PipeError(f"there is no diagnostic `{given.code}`", hint=f"near: {', '.join(near)}" if near else "nb2pipe explain")
    sys.stdout.write(page(code))
    return 0
