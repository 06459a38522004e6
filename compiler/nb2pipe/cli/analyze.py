"""`nb2pipe analyze NB…`: what each cell reads, writes and changes. The JSON is a stable contract."""

from __future__ import annotations

import json
import sys
import time

from nb2pipe.cli.options import parser


def run(words: list[str]) -> int:
    """Print one JSON object a notebook; with `--stdin`, read one path a line and answer each with one line."""
    from nb2pipe.api import analyse_file

    options = parser("analyze", ("json",))
    options.add_argument("notebook", nargs="*")
    options.add_argument("--stdin", action="store_true", help="read one path a line from standard input, answer with one line each")
    given = options.parse_args(words)
    if given.stdin == bool(given.notebook):
        options.error("give notebooks, or --stdin")
    if not given.stdin:
        for path in given.notebook:
            answer = analyse_file(path)
            named = {"notebook": path, **answer} if len(given.notebook) > 1 else answer
            sys.stdout.write(json.dumps(named, ensure_ascii=False) + "\n")
        return 0
    for line in sys.stdin:
        path = line.rstrip("\n")
        if path:
            sys.stdout.write(json.dumps(_timed(path), ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return 0


def _timed(path: str) -> dict[str, object]:
    """Analyse one notebook of many: one that cannot be read is an answer too, so that the rest goes on."""
    from nb2pipe.api import analyse_file
    from nb2pipe.errors import Nb2PipeError

    before = time.process_time()
    try:
        answer = analyse_file(path)
    except Nb2PipeError as error:
        answer = {"cells": [], "error": str(error)}
    return {**answer, "notebook": path, "seconds": round(time.process_time() - before, 6)}
